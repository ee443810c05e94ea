"""PostgreSQL: its own catalogue, which shows every role what there is, and says what the role may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg2
from psycopg2.errors import InsufficientPrivilege

from brewhouse.errors import CatalogueRightsError
from brewhouse.parity.adapters import statistics
from brewhouse.parity.adapters.base import Columns, Dialect, Listed, Moment, Sight
from brewhouse.parity.adapters.grammars import POSTGRES
from brewhouse.warehouse.postgres.connection import connect, execute, facts, shown, translate

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

    from brewhouse.parity.names import Key

COMMAND: Final = "brewhouse parity"
_OURS: Final = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'"
_KIND: Final = "case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end"
_WHAT: Final = f"c.relkind in ('r', 'p', 'v', 'm', 'f') and {_OURS}"
_RELATIONS: Final = f"""
select current_database()::text, n.nspname::text, c.relname::text, {_KIND},
    has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
from pg_catalog.pg_class as c inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where {_WHAT}
"""
_COLUMNS: Final = f"""
select current_database()::text, n.nspname::text, c.relname::text,
    array_agg(a.attname::text order by a.attnum),
    array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum)
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where {_WHAT}
group by c.oid, n.nspname, c.relname
"""
_SCHEMAS: Final = (
    f"select current_database()::text, n.nspname::text from pg_catalog.pg_namespace as n where {_OURS}"
)
_POLITE: Final = (
    "set lock_timeout = '2s'",  # who waits for a lock lets others wait behind him
    "set statement_timeout = '10min'",
)


class Postgres:
    """An open session that can change nothing."""

    dialect: Dialect = POSTGRES

    def __init__(self, session: Connection) -> None:
        self._session = session

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        with execute(self._session, sql) as cursor:
            return cursor.fetchall()

    def sight(self) -> Sight:
        """One database; every role sees its catalogue, whatever it may read."""
        [(role, database, now)] = self._ask("select current_user::text, current_database()::text, now()")
        return Sight(
            role=role,
            databases=frozenset({database}),
            schemas=frozenset((one, schema) for one, schema in self._ask(_SCHEMAS)),
            hidden=frozenset(),
            complete=True,
            now=now.astimezone(dt.UTC),
        )

    def relations(self) -> Iterator[Listed]:
        """Tables (partitioned and foreign ones too), views and materialized views."""
        for database, schema, name, kind, readable in self._ask(_RELATIONS):
            yield Listed(database, schema, name, kind, readable, None)

    def columns(self) -> Iterator[Columns]:
        """In the order of their numbers."""
        for row in self._ask(_COLUMNS):
            yield Columns(*row)

    def counts(self, relations: Mapping[Key, str]) -> tuple[dict[Key, int], dict[Key, str]]:
        """Rows by relation."""
        return statistics.counts(self._ask, (psycopg2.Error,), relations)

    def latest(self, moments: Sequence[Moment]) -> tuple[dict[Key, dt.datetime | None], dict[Key, str]]:
        """Moments by relation, in UTC."""
        return statistics.latest(self._ask, (psycopg2.Error,), moments)


@contextmanager
def open_postgres(url: str) -> Iterator[Postgres]:
    """A session that reads only; an error of the server that leaves this becomes one of ours.

    Raises what ``connect`` raises, ``CatalogueRightsError``, ``PostgresUnreachableError`` or ``PostgresError``.
    """
    session = connect(url, read_only=True, command=COMMAND)
    try:
        for setting in _POLITE:
            execute(session, setting).close()
        yield Postgres(session)
    except InsufficientPrivilege as error:
        user, problem = facts(url).get("user", ""), str(error).strip().splitlines()[0]
        raise CatalogueRightsError(url=shown(url), user=user, problem=problem) from error
    except psycopg2.Error as error:
        raise translate(error, url, COMMAND) from error
    finally:
        session.close()
