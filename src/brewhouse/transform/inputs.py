"""The columns of the tables that a plan reads but does not build: its declared sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol

import duckdb

from brewhouse.errors import InputFileError
from brewhouse.warehouse.engine import Engine, quoted

Columns = list[list[str]]
"""Per column its schema, table, name and DuckDB type, in the order of the tables and of their columns."""

LOAD_COLUMNS: Final = (
    ("_source_file", "VARCHAR"),
    ("_source_row", "BIGINT"),
    ("_loaded_at", "TIMESTAMP"),
    ("_dlt_load_id", "VARCHAR"),
)
"""What ``load`` adds to every raw table, after the columns of the files."""


def loaded_columns(engine: Engine, sources: Iterable[tuple[str, str]]) -> Columns:
    """The columns that the sources have in the warehouse."""
    wanted = set(sources)
    return [list(row) for row in engine.all_columns() if (row[0], row[1]) in wanted]


class DeclaredColumn(Protocol):
    """A column that a raw table has whoever fills it."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def stored(self) -> str:
        """Its type in DuckDB, empty if none is declared."""
        ...


class DeclaredTable(Protocol):
    """A raw table as the project declares it."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def columns(self) -> Sequence[DeclaredColumn]:
        """Its columns, without those that a load adds."""
        ...


class DeclaredSource(Protocol):
    """A source system as the project declares it."""

    @property
    def kind(self) -> str:
        """``simulated``: its tables are what the files are; else they are as declared."""
        ...

    @property
    def tables(self) -> Sequence[DeclaredTable]:
        """Its raw tables."""
        ...


def expected_columns(data: Path, sources: Sequence[DeclaredSource] = ()) -> Columns:
    """The columns that the sources will have once all is loaded: as the files have them, else as declared."""
    declared = {table.name: (source.kind, table) for source in sources for table in source.tables}
    columns: Columns = [
        ["raw", name, column, kind]
        for name, (source_kind, table) in declared.items()
        if source_kind != "simulated"
        for column, kind in (*((column.name, column.stored) for column in table.columns), *LOAD_COLUMNS)
    ]
    there = {column[1] for column in columns}
    stored = {
        (name, column.name): column.stored
        for name, (_, table) in declared.items()
        for column in table.columns
        if column.stored
    }
    columns += [
        [schema, table, name, stored.get((table, name), kind) if schema == "raw" else kind]
        for schema, table, name, kind in _file_columns(data, leave_out=there)
    ]
    return sorted(columns, key=lambda column: (column[0], column[1]))


def _file_columns(data: Path, *, leave_out: Collection[str]) -> Columns:
    if not data.is_dir():
        return []
    tables = [
        ("raw", path)
        for path in data.iterdir()
        if path.is_dir() and path.name != "truth" and path.name not in leave_out
    ]
    tables += [("truth", path) for path in data.glob("truth/*") if path.is_dir()]
    columns: Columns = []
    with duckdb.connect() as connection:
        for schema, folder in sorted(tables, key=lambda entry: (entry[0], entry[1].name)):
            first = min(folder.glob("[!.]*.parquet"), default=None)
            if first is None:
                continue
            try:
                described = connection.execute(
                    "select column_name, column_type from (describe select * from read_parquet($1))",
                    [str(first)],
                ).fetchall()
            except duckdb.Error as error:
                raise InputFileError(path=first, problem=str(error).splitlines()[0]) from error
            added = LOAD_COLUMNS if schema == "raw" else ()
            columns += [[schema, folder.name, name, kind] for name, kind in (*described, *added)]
    return columns


def create_empty(engine: Engine, columns: Sequence[Sequence[str]]) -> None:
    """Create the tables that ``columns`` describe, without rows."""
    tables: dict[tuple[str, str], list[str]] = {}
    for schema, table, name, kind in columns:
        tables.setdefault((schema, table), []).append(f"{quoted(name)} {engine.type_name(kind)}")
    for schema in dict.fromkeys(schema for schema, _ in tables):
        engine.create_schema(schema)
    for (schema, table), parts in tables.items():
        engine.run(f"create table {quoted(schema, table)} ({', '.join(parts)})")
