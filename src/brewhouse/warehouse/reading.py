"""Looking into the warehouse of a project, whatever it is, without being able to change it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

import duckdb
import yaml

from brewhouse.errors import QueryError
from brewhouse.project import Project
from brewhouse.warehouse.duckdb import Table, connect, execute, tables
from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.engine import Engine
from brewhouse.warehouse.snapshots import failed_warehouse

Rows = list[tuple[Any, ...]]
_SELECTS: Final = ("select", "with", "table", "values", "(")


def in_this_database(project: Project, sql: str) -> str:
    """The query without the database before a schema, where it is called as the dbt project is.

    Queries written for a warehouse of several databases then run here, where there is one; texts in quotes stay.
    """
    try:
        name = yaml.safe_load((project.root / "dbt_project.yml").read_text())["name"]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return sql
    parts = re.split(r"('(?:[^']|'')*')", sql)
    before_schema = re.compile(rf"(?<![\w.\"]){re.escape(str(name))}\.(?=\w+\.\w)", re.IGNORECASE)
    return "".join(part if number % 2 else before_schema.sub("", part) for number, part in enumerate(parts))


class Reader(Protocol):
    """One open session."""

    def tables(self) -> list[Table]:
        """The tables and views that may be read, and their rows."""
        ...

    def ask(self, sql: str, most: int | None) -> tuple[list[str], Rows]:
        """Names of the columns and the first ``most`` rows, or all; raises ``QueryError``."""
        ...


@contextmanager
def open_reader(project: Project, *, failed: bool) -> Iterator[Reader]:
    """The published warehouse; ``failed``: what the last failed build left."""
    command = "brewhouse build" if failed else "brewhouse run"
    if project.on_server:
        from brewhouse.warehouse.postgres.place import read_session

        with read_session(project, command=command, as_owner=failed) as session:
            yield _PostgresReader(session)
        return
    path = failed_warehouse(project) if failed else project.warehouse
    connection = connect(path, read_only=True, command=command)
    try:
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        yield _DuckDBReader(connection)
    finally:
        connection.close()


@contextmanager
def open_engine(project: Project, *, command: str) -> Iterator[Engine]:
    """The published warehouse as whoever built it sees it, for reports: nothing may be changed."""
    if project.on_server:
        from brewhouse.warehouse.postgres.engine import Postgres
        from brewhouse.warehouse.postgres.place import reachable

        with reachable(project) as server:
            engine = Postgres(server.url)
            try:
                engine.run("set default_transaction_read_only = on")
                yield engine
            finally:
                engine.close()
        return
    file = DuckDB(lambda: connect(project.warehouse, read_only=True, command=command))
    try:
        yield file
    finally:
        file.close()


class _DuckDBReader:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def tables(self) -> list[Table]:
        return tables(self._connection)

    def ask(self, sql: str, most: int | None) -> tuple[list[str], Rows]:
        try:
            cursor = execute(self._connection, sql)
            names = [column[0] for column in cursor.description or []]
            if not names:
                return [], []
            return names, cursor.fetchall() if most is None else cursor.fetchmany(most)
        except duckdb.Error as error:
            raise QueryError(problem=str(error).strip()) from error


class _PostgresReader:
    def __init__(self, session: Any) -> None:
        self._session = session

    def tables(self) -> list[Table]:
        from brewhouse.warehouse.postgres.connection import tables as found

        return found(self._session)

    def ask(self, sql: str, most: int | None) -> tuple[list[str], Rows]:
        import psycopg2
        from psycopg2.errors import InsufficientPrivilege

        from brewhouse.warehouse.postgres.connection import execute as run

        few = most is not None and sql.lstrip().lower().startswith(_SELECTS)
        try:
            self._session.autocommit = not few  # the server hands out part of the rows only in a transaction
            cursor = run(self._session, sql, name="brewhouse" if few else None)
            rows = [] if cursor.description is None and not few else _fetch(cursor, most)
        except psycopg2.Error as error:
            problem = error.diag.message_primary or str(error).strip()
            if error.diag.message_hint:
                problem += f"\n{error.diag.message_hint}"
            if isinstance(error, InsufficientPrivilege):
                problem += (
                    "\nReaders see marts, entity tables and metrics; `brewhouse query --failed` sees all."
                )
            raise QueryError(problem=problem) from error
        return [column[0] for column in cursor.description or []], rows


def _fetch(cursor: Any, most: int | None) -> Rows:
    rows: Rows = cursor.fetchall() if most is None else cursor.fetchmany(most)
    return rows
