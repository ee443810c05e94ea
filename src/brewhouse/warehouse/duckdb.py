"""DuckDB as the embedded warehouse: connections, and its errors in our words."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import duckdb

from brewhouse.errors import (
    BrewhouseError,
    DiskError,
    EngineError,
    LockedError,
    NoWarehouseError,
    WarehouseDamagedError,
)
from brewhouse.warehouse import engine

quoted: Final = engine.quoted

_HOLDER: Final = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")

_DAMAGE_SIGNS: Final = (
    "not a valid DuckDB database",
    "Corrupt",
    "corrupt",
    "Serialization Error",
    "checksum",
)
_DISK_SIGNS: Final = (
    "No space left on device",
    "Permission denied",
    "Read-only file system",
    "Disk quota exceeded",
    "File too large",
)


@dataclass(frozen=True)
class Table:
    """One relation of the warehouse and its number of rows."""

    schema: str
    name: str
    kind: str
    rows: int | None
    """None: a view that can't be read, as what it selects from is gone."""


def connect(
    path: Path,
    *,
    read_only: bool = False,
    memory_limit: str | None = None,
    threads: int | None = None,
    command: str = "brewhouse run",
) -> duckdb.DuckDBPyConnection:
    """Open the warehouse file at ``path``.

    Raises ``NoWarehouseError``, ``LockedError``, ``WarehouseDamagedError`` or ``DiskError``; ``command`` is
    what the user should type again once the way is free.
    """
    if read_only and not path.exists():
        raise NoWarehouseError(path=path, command=command)
    config: dict[str, str | bool | int | float | list[str]] = {"preserve_insertion_order": "false"}
    if memory_limit:
        config["memory_limit"] = memory_limit
    if threads:
        config["threads"] = str(threads)
    try:
        return trusted(duckdb.connect(path, read_only=read_only, config=config))
    except duckdb.Error as error:
        raise translate(error, path, command) from error


def trusted(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The connection without the optimizer that loses rows in DuckDB 2.0.

    It filters one side of a join by the values of the other. Rows are lost beside rows of one's own transaction (our
    test of kept rows), when the other side doesn't fit into memory (duckdb issue 25702), and in parallel under a
    grouping (issue 22075).
    """
    connection.execute("set disabled_optimizers = 'join_filter_pushdown'")
    return connection


def execute(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    """Execute ``sql`` so that Ctrl-C ends it at once: DuckDB itself does not listen while it works."""
    future = _worker().submit(connection.execute, sql)
    try:
        return future.result()
    except KeyboardInterrupt:
        connection.interrupt()
        future.exception()
        raise


@cache
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


def translate(error: Exception, path: Path, command: str) -> BrewhouseError:
    """The error of ours that says what DuckDB's error means for the file at ``path``."""
    text = str(error)
    if "Could not set lock" in text:
        holder = _HOLDER.search(text)
        who = f"{Path(holder['program']).name} (process {holder['pid']})" if holder else "a process"
        return LockedError(path=path, holder=who, command=command)
    if problem := disk_problem(text):
        return DiskError(path=path, folder=path.parent, problem=problem)
    if any(sign in text for sign in _DAMAGE_SIGNS):
        return WarehouseDamagedError(path=path, problem=_first_line(text))
    return EngineError(path=path, problem=_first_line(text))


def disk_problem(text: str) -> str:
    """What the disk refused, if an error's text says that it did, else nothing."""
    return next((sign for sign in _DISK_SIGNS if sign in text), "")


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0].removeprefix("IO Error: ")


def tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    """All tables and views that belong to the project, with exact row counts, by schema and name."""
    found = connection.execute(
        """
        select schema_name, table_name, 'table' from duckdb_tables() where not internal
        union all
        select schema_name, view_name, 'view' from duckdb_views() where not internal
        order by 1, 2
        """
    ).fetchall()
    listed = [row for row in found if not row[1].startswith("_dlt_")]
    return [
        Table(schema, name, kind, _count(connection, quoted(schema, name))) for schema, name, kind in listed
    ]


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int | None:
    try:
        row = connection.execute(f"select count(*) from {relation}").fetchone()
    except (duckdb.BinderException, duckdb.CatalogException):
        return None
    return int(row[0]) if row else None
