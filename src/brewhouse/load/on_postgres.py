"""A PostgreSQL database as what a load fills, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import psycopg2
from psycopg2.errors import InsufficientPrivilege

from brewhouse.errors import BrewhouseError, InputFileError, PostgresRightsError, PostgresUnreachableError
from brewhouse.load.files import literal_path
from brewhouse.load.pg_copy import copy_rows, storable
from brewhouse.load.target import Columns, Relations
from brewhouse.warehouse.duckdb import quoted
from brewhouse.warehouse.postgres.connection import savepoint, translate
from brewhouse.warehouse.postgres.types import duckdb_type, postgres_type

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

ASIDE: Final = "_before"
"""Ends the name of the schema that keeps replaced relations for the views upon them, until the next publication."""

_FITS: Final = """
create or replace function pg_temp.brewhouse_fits(value text, kind text, number boolean) returns boolean
language plpgsql as $$
declare got text;
begin
    execute format('select cast(cast($1 as %s) as text)', kind) into got using value;
    return not number or cast(got as numeric) = cast(value as numeric);
exception when others then
    return false;
end $$
"""


class PostgresTarget:
    """A load through one session, which the caller commits."""

    def __init__(self, url: str, session: Connection, reader: duckdb.DuckDBPyConnection) -> None:
        self.reader = reader
        self._url = url
        self._session = session
        self._checks = False

    @property
    def destination(self) -> Any:
        """dlt's, bound to the session."""
        from brewhouse.load.pg_destination import OneSession

        return OneSession(self._session, self.reader)

    def run(self, sql: str) -> None:
        """Execute one statement."""
        with self._session.cursor() as cursor:
            cursor.execute(sql)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._session.cursor() as cursor:
            if values:
                cursor.execute(sql.replace("%", "%%").replace("?", "%s"), values)
            else:
                cursor.execute(sql)
            return cursor.fetchall()

    def relations(self, schema: str) -> Relations:
        """The tables and views of a schema."""
        found = self.rows(
            "select c.relname, c.relkind in ('v', 'm', 'f'), a.attname, "
            "case when t.typtype = 'c' then 'struct' else format_type(a.atttypid, a.atttypmod) end "
            "from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid "
            "inner join pg_attribute as a on a.attrelid = c.oid inner join pg_type as t on a.atttypid = t.oid "
            "where n.nspname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped "
            'order by c.relname collate "C", a.attnum',
            schema,
        )
        there: Relations = {}
        for table, is_view, column, kind in found:
            there.setdefault(table, (is_view, {}))[1][column] = duckdb_type(kind)
        return there

    def drop(self, schema: str, name: str) -> None:
        """Remove a table or a view; where views are built upon it, they keep it, in a schema aside."""
        found = self.rows(
            "select c.oid, case when c.relkind = 'v' then 'view' else 'table' end, "
            "exists (select 1 from pg_depend as d where d.refobjid = c.oid and d.deptype = 'n' "
            "and d.classid = cast('pg_rewrite' as regclass)) "
            "from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid "
            "where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p', 'v')",
            schema,
            name,
        )
        for _, kind, used in found:
            aside = schema + ASIDE
            if used and name not in self.relations(aside):
                self.run(f"create schema if not exists {quoted(aside)}")
                self.run(f"alter {kind} {quoted(schema, name)} set schema {quoted(aside)}")
            else:  # if there is one aside, what was built upon this one has not been published
                self.run(f"drop {kind} {quoted(schema, name)} cascade")

    def fill(self, schema: str, table: str, files: Sequence[Path]) -> int:
        """A table of the files' content."""
        paths = ", ".join("'" + literal_path(path).replace("'", "''") + "'" for path in files)
        query = f"select * from read_parquet([{paths}])"
        self.drop(schema, table)
        name = quoted(schema, table)
        try:
            columns = storable(self.reader, query)
            self.run(f"create table {name} ({', '.join(f'{quoted(c)} {kind}' for c, kind in columns)})")
            with self._session.cursor() as cursor:
                copy_rows(self.reader, query, cursor, name, [column for column, _ in columns])
        except duckdb.Error as error:
            raise InputFileError(path=files[0].parent, problem=str(error).splitlines()[0]) from error
        self.run(f"analyze {name}")
        return int(self.rows(f"select count(*) from {name}")[0][0])

    def views(self, schema: str) -> dict[str, str]:
        """The views of a schema and a digest of how each was made."""
        found = self.rows(
            "select c.relname, coalesce(obj_description(c.oid, 'pg_class'), '') from pg_class as c "
            "inner join pg_namespace as n on c.relnamespace = n.oid where n.nspname = ? and c.relkind = 'v'",
            schema,
        )
        return dict(found)

    def put_view(self, schema: str, name: str, query: str) -> None:
        """Make a view, if it isn't there just so."""
        digest = hashlib.blake2b(query.encode(), digest_size=16).hexdigest()
        if self.views(schema).get(name) == digest:
            return
        self.drop(schema, name)
        self.run(f"create view {quoted(schema, name)} as {query}")
        self.run(f"comment on view {quoted(schema, name)} is '{digest}'")

    def type_name(self, stored: str) -> str:
        """As PostgreSQL calls it."""
        return postgres_type(stored)

    def accepts(self, query: str) -> bool:
        """Whether it can be planned."""
        try:
            with savepoint(self._session):
                self.run(f"explain {query}")
        except InsufficientPrivilege:
            raise
        except psycopg2.ProgrammingError:
            return False
        return True

    def differs(self, column: str, value: str, stored: str, *, number: bool) -> str:
        """Text that is none of the type, or another number."""
        if not self._checks:
            self.run(_FITS)
            self._checks = True
        if not value.startswith(f"cast({column} as "):
            return "false"  # a cast between times, or to JSON, which can't fail
        kind = postgres_type(stored)
        fits = f"pg_temp.brewhouse_fits(cast({column} as text), '{kind}', {str(number).lower()})"
        return f"{column} is not null and not {fits}"

    def row_number(self, columns: Columns, *, is_view: bool) -> str:
        """The row's place in the table; a view has none: its rows are numbered in the order of their content."""
        if is_view:
            return f"row_number() over (order by {_all(columns)})"
        place = "cast(cast(ctid as text) as point)"
        return f"(cast(({place})[0] as bigint) << 16) + cast(({place})[1] as bigint)"

    def digest(self, relation: str, columns: Columns, *, is_view: bool) -> str:
        """Of all rows and their places."""
        identity = "" if is_view else "ctid, "
        return (
            f"(select md5(concat(count(*), '-', bit_xor(hash_record_extended(row({identity}{_all(columns)}), 0)))) "
            f"from {relation})"
        )

    def logged(self, schema: str, tables: Mapping[str, bool]) -> AbstractContextManager[None]:  # noqa: ARG002
        """Nothing: triggers do that, whoever writes."""
        return nullcontext()

    def meaning(self, error: BaseException) -> BrewhouseError | None:
        """The connection was lost, or the role has no right to do that."""
        if isinstance(error, psycopg2.Error):
            meant = translate(error, self._url, "brewhouse load")
            if isinstance(meant, PostgresRightsError | PostgresUnreachableError):
                return meant
        return None

    def finish(self, tables: Sequence[str]) -> None:
        """Look at what is in the new tables, so that the first queries are planned well."""
        for name, (is_view, _) in self.relations("raw").items():
            if name in tables and not is_view:
                self.run(f"analyze {quoted('raw', name)}")


def drop_aside(session: Connection) -> None:
    """Drop what a load has replaced: what is published now is built upon the new tables."""
    with session.cursor() as cursor:
        cursor.execute("select nspname from pg_namespace where nspname in ('raw_before', 'truth_before')")
        for (schema,) in cursor.fetchall():
            cursor.execute(f"drop schema {quoted(schema)} cascade")


def _all(columns: Columns) -> str:
    """All columns; JSON as text, which can be sorted and hashed."""
    return ", ".join(
        f"cast({quoted(column)} as text)" if kind in ("JSON", "XML", "POINT") else quoted(column)
        for column, kind in columns.items()
    )
