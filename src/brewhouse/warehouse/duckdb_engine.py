"""A DuckDB file as the warehouse that a plan is executed on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Literal

import duckdb

from brewhouse.warehouse.duckdb import disk_problem, execute
from brewhouse.warehouse.engine import Kind, quoted


class DuckDB:
    """The file that ``connect`` opens."""

    dialect: Literal["duckdb"] = "duckdb"
    errors = (duckdb.Error,)

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._connect = connect
        self._connection: duckdb.DuckDBPyConnection | None = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection."""
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def open(self) -> None:
        """Open the file."""
        _ = self.connection

    def close(self) -> None:
        """Close the file: DuckDB lets one process at a time write to it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def run(self, sql: str) -> None:
        """Execute one statement or several."""
        execute(self.connection, sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return execute(self.connection, sql).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction."""
        self.run("begin")
        try:
            yield
            self.run("commit")
        except BaseException:
            with suppress(duckdb.Error):  # it may have done so itself
                self.run("rollback")
            raise

    def stops(self, error: Exception) -> bool:
        """The disk refuses."""
        return bool(disk_problem(str(error)))

    def relations(self) -> dict[str, Kind]:
        """All tables and views of the file and of attached ones."""
        found = self.rows(
            "select database_name, schema_name, table_name, 'table' from duckdb_tables() where not temporary "
            "union all "
            "select database_name, schema_name, view_name, 'view' from duckdb_views() where not internal"
        )
        return {quoted(*row[:3]): row[3] for row in found}

    def create_schema(self, name: str) -> None:
        """Make a schema."""
        self.run(f"create schema if not exists {quoted(name)}")

    def replace(self, kind: Kind, relation: str, sql: str, existing: Kind | None) -> None:
        """Build a table or view."""
        if existing not in (None, kind):
            self.run(f"drop {existing} {relation}")
        self.run(create_statement(kind, relation, sql))

    def create_index(self, relation: str, columns: Sequence[str], *, unique: bool, kind: str) -> None:
        """Nothing: scans are fast here, and an index costs memory."""

    def built(self, relation: str) -> None:
        """Nothing: DuckDB knows its tables."""

    def columns(self, relation: str) -> list[tuple[str, str]]:
        """Names and types."""
        return [(row[0], row[1]) for row in self.rows(f"describe {relation}")]

    def all_columns(self) -> list[tuple[str, str, str, str]]:
        """Of all tables and views."""
        found = self.rows(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where not internal order by schema_name, table_name, column_index"
        )
        return [(row[0], row[1], row[2], row[3]) for row in found]

    def type_name(self, stored: str) -> str:
        """The same."""
        return stored

    def temporary(self, name: str, sql: str) -> str:
        """A temporary table."""
        self.run(f"create or replace temporary table {quoted(name)} as (\n{sql}\n)")
        return quoted(name)

    def widen(self, relation: str, source: str) -> None:
        """Nothing: texts have no length."""

    def delete_matching(
        self, relation: str, source: str, key: str | Sequence[str], predicates: Sequence[str]
    ) -> None:
        """Delete as dbt-duckdb does, so that predicates mean the same."""
        if isinstance(key, str):
            also = "".join(f" and {predicate}" for predicate in predicates)
            self.run(f"delete from {relation} where ({key}) in (select ({key}) from {source}){also}")
            return
        parts = [f"{source}.{column} = DBT_INCREMENTAL_TARGET.{column}" for column in key]
        where = " and ".join([*parts, *predicates])
        self.run(f"delete from {relation} as DBT_INCREMENTAL_TARGET using {source} where ({where})")


def create_statement(kind: Kind, relation: str, sql: str) -> str:
    """The statement that builds a table or view, whatever of that kind there is."""
    return f"create or replace {kind} {relation} as (\n{sql}\n)"
