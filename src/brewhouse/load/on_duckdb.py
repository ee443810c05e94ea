"""A DuckDB file as what a load fills: it reads the files itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import duckdb

from brewhouse.errors import BrewhouseError, InputFileError
from brewhouse.load.files import literal_path
from brewhouse.load.target import Columns, Relations
from brewhouse.warehouse.duckdb import quoted
from brewhouse.warehouse.duckdb_engine import DuckDB


class DuckDBTarget:
    """A load through one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.reader = connection

    @property
    def destination(self) -> Any:
        """The connection itself."""
        import dlt

        return dlt.destinations.duckdb(self.reader)

    def run(self, sql: str) -> None:
        """Execute one statement."""
        self.reader.execute(sql)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.reader.execute(sql, list(values)).fetchall()

    def relations(self, schema: str) -> Relations:
        """The tables and views of a schema."""
        found = self.rows(
            "select c.table_name, v.view_name is not null, c.column_name, c.data_type from duckdb_columns() as c "
            "left join duckdb_views() as v on v.database_oid = c.database_oid and v.schema_oid = c.schema_oid "
            "and v.view_name = c.table_name "
            "where c.database_name = current_database() and c.schema_name = ? order by c.table_name, c.column_index",
            schema,
        )
        there: Relations = {}
        for table, is_view, column, kind in found:
            there.setdefault(table, (is_view, {}))[1][column] = kind
        return there

    def drop(self, schema: str, name: str) -> None:
        """Remove a table or a view."""
        for kind in ("view", "table"):
            try:
                self.run(f"drop {kind} if exists {quoted(schema, name)}")
            except duckdb.CatalogException:
                continue  # it is of the other kind

    def fill(self, schema: str, table: str, files: Sequence[Path]) -> int:
        """A table of the files' content."""
        name = quoted(schema, table)
        try:
            self.rows(
                f"create or replace table {name} as select * from read_parquet(?)",
                [literal_path(path) for path in files],
            )
        except (duckdb.InvalidInputException, duckdb.SerializationException) as error:
            raise InputFileError(path=files[0].parent, problem=str(error).splitlines()[0]) from error
        return int(self.rows(f"select count(*) from {name}")[0][0])

    def views(self, schema: str) -> dict[str, str]:
        """The views of a schema and their SQL."""
        found = self.rows(
            "select view_name, sql from duckdb_views() where schema_name = ? and not internal", schema
        )
        return dict(found)

    def put_view(self, schema: str, name: str, query: str) -> None:
        """Make a view."""
        self.run(f"create or replace view {quoted(schema, name)} as {query}")

    def type_name(self, stored: str) -> str:
        """Its own."""
        return stored

    def accepts(self, query: str) -> bool:
        """Whether it can be bound."""
        try:
            self.run(query)
        except duckdb.BinderException:
            return False
        return True

    def differs(self, column: str, value: str, stored: str, *, number: bool) -> str:  # noqa: ARG002
        """Null where the column is not, or another number."""
        trial = value.replace("cast(", "try_cast(", 1)
        lost = f"{column} is not null and {trial} is null"
        if number:
            return f"({lost}) or try_cast({column} as DOUBLE) is distinct from cast({trial} as DOUBLE)"
        return lost

    def row_number(self, columns: Columns, *, is_view: bool) -> str:
        """The row's own number; a view has none: its rows are numbered in the order of their content."""
        return f"row_number() over (order by {_all(columns)})" if is_view else "rowid"

    def digest(self, relation: str, columns: Columns, *, is_view: bool) -> str:
        """Of all rows and their numbers: DuckDB may renumber rows after a delete."""
        identity = "" if is_view else "rowid, "
        return (
            f"(select md5(concat(count(*), '-', bit_xor(hash({identity}{_all(columns)})))) from {relation})"
        )

    def logged(self, schema: str, tables: Mapping[str, bool]) -> AbstractContextManager[None]:
        """Into the logs of changes, where there are any."""
        from brewhouse.dynamic.loaded import logged
        from brewhouse.dynamic.store import Store

        return logged(Store(DuckDB(lambda: self.reader)), schema, tables)

    def meaning(self, error: BaseException) -> BrewhouseError | None:  # noqa: ARG002
        """Nothing: DuckDB's errors say what they are."""
        return None

    def finish(self, tables: Sequence[str]) -> None:
        """Nothing: DuckDB knows its tables."""


def _all(columns: Columns) -> str:
    return ", ".join(quoted(column) for column in columns)
