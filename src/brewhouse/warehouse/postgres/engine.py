"""A PostgreSQL database as the warehouse that a plan is executed on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Literal

import psycopg2

from brewhouse.warehouse.engine import Kind, quoted
from brewhouse.warehouse.postgres.connection import connect, execute
from brewhouse.warehouse.postgres.types import duckdb_type, postgres_type

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

_BUILDING: Final = (
    "set client_min_messages = error",
    "set client_connection_check_interval = '2s'",  # the statement of a killed build ends soon
)
_FATAL: Final = ("53100", "53200", "53300", "57P", "58", "XX001", "XX002", "25006")
"""Beginnings of SQLSTATEs of the server itself: disk, memory, connections, shutdown, files, damage, read-only."""
_KINDS: Final = "case when c.relkind in ('v', 'm') then 'view' else 'table' end"
_PLANNING: Final = "set local enable_nestloop = off;\n"
"""For a statement that makes a table, see brewhouse_utils.create_and_analyze: nothing is known yet of what it
reads in CTEs, and the server would loop over the other side for each of a million rows where it expects one."""
_OURS: Final = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'"


class Postgres:
    """The database at ``url``; ``on_change`` is told when relations may have been made, ``command`` is what runs."""

    dialect: Literal["postgres"] = "postgres"
    errors = (psycopg2.Error,)

    def __init__(
        self, url: str, on_change: Callable[[], None] = lambda: None, command: str = "brewhouse run"
    ) -> None:
        self._url = url
        self._command = command
        self._on_change = on_change
        self._session: Connection | None = None

    @property
    def session(self) -> Connection:
        """The open connection; each statement is a transaction of its own."""
        if self._session is None:
            self._session = connect(self._url, command=self._command)
            for setting in _BUILDING:
                self.run(setting)
        return self._session

    def open(self) -> None:
        """Connect."""
        _ = self.session
        self._on_change()

    def close(self) -> None:
        """Disconnect."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def run(self, sql: str) -> None:
        """Execute one statement or several."""
        execute(self.session, sql).close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with execute(self.session, sql) as cursor:
            return cursor.fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction."""
        self.run("begin")
        try:
            yield
            self.run("commit")
        except BaseException:
            with suppress(psycopg2.Error):  # the connection may be gone
                self.run("rollback")
            raise

    def stops(self, error: Exception) -> bool:
        """The server can't go on, or the connection was lost."""
        code = error.pgcode if isinstance(error, psycopg2.Error) else None
        return code.startswith(_FATAL) if code else isinstance(error, psycopg2.OperationalError)

    def relations(self) -> dict[str, Kind]:
        """All tables and views of the database."""
        found = self.rows(
            f"select current_database(), n.nspname, c.relname, {_KINDS} from pg_class as c "
            f"inner join pg_namespace as n on c.relnamespace = n.oid where c.relkind in ('r', 'p', 'v', 'm') "
            f"and {_OURS}"
        )
        return {quoted(*row[:3]): row[3] for row in found}

    def create_schema(self, name: str) -> None:
        """Make a schema."""
        self.run(f"create schema if not exists {quoted(name)}")

    def replace(self, kind: Kind, relation: str, sql: str, existing: Kind | None) -> None:
        """Build a table or view."""
        before = f"drop {existing} {relation};\n" if existing else ""
        if kind == "table":
            before += _PLANNING
        self.run(f"{before}create {kind} {relation} as (\n{sql}\n)")
        self._on_change()

    def create_index(self, relation: str, columns: Sequence[str], *, unique: bool, kind: str) -> None:
        """Make an index, whose name is the server's choice."""
        how = f" using {kind}" if kind else ""
        self.run(f"create {'unique ' if unique else ''}index on {relation}{how} ({', '.join(columns)})")

    def built(self, relation: str) -> None:
        """Look at its values, so that queries are planned well."""
        self.run(f"analyze {relation}")

    def columns(self, relation: str) -> list[tuple[str, str]]:
        """Names and types."""
        text = relation.replace("'", "''")
        found = self.rows(
            "select attname, format_type(atttypid, atttypmod) from pg_attribute "
            f"where attrelid = cast('{text}' as regclass) and attnum > 0 and not attisdropped order by attnum"
        )
        return [(row[0], row[1]) for row in found]

    def all_columns(self) -> list[tuple[str, str, str, str]]:
        """Of all tables and views."""
        found = self.rows(
            "select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod) from pg_class as c "
            "inner join pg_namespace as n on c.relnamespace = n.oid "
            "inner join pg_attribute as a on a.attrelid = c.oid "
            f"where c.relkind in ('r', 'p', 'v', 'm') and {_OURS} and a.attnum > 0 and not a.attisdropped "
            'order by n.nspname collate "C", c.relname collate "C", a.attnum'
        )
        return [(schema, table, name, duckdb_type(kind)) for schema, table, name, kind in found]

    def type_name(self, stored: str) -> str:
        """As PostgreSQL calls it."""
        return postgres_type(stored)

    def temporary(self, name: str, sql: str) -> str:
        """A temporary table, looked at."""
        table = quoted("pg_temp", name)
        self.run(
            f"drop table if exists {table}; {_PLANNING}create temporary table {quoted(name)} as (\n{sql}\n)"
        )
        self.run(f"analyze {table}")
        return table

    def widen(self, relation: str, source: str) -> None:
        """Texts of a stated length become as long as the source's."""
        there = dict(self.columns(relation))
        for name, kind in self.columns(source):
            old, new = _length(there.get(name, "")), _length(kind)
            if old and new and old < new:
                self.run(f"alter table {relation} alter column {quoted(name)} type character varying({new})")

    def delete_matching(
        self, relation: str, source: str, key: str | Sequence[str], predicates: Sequence[str]
    ) -> None:
        """Delete as dbt-postgres does, so that predicates mean the same."""
        columns = key if isinstance(key, str) else ", ".join(key)
        also = "".join(f" and {predicate}" for predicate in predicates)
        self.run(
            f"delete from {relation} as DBT_INTERNAL_DEST where ({columns}) in "
            f"(select distinct {columns} from {source} as DBT_INTERNAL_SOURCE){also}"
        )


def _length(kind: str) -> int:
    return int(kind.split("(")[1].rstrip(")")) if kind.startswith("character varying(") else 0
