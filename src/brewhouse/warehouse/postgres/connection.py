"""PostgreSQL as the warehouse: connections, what is in it, and its errors in our words.

The driver is psycopg2, which dlt and dbt-postgres bring along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import psycopg2
from psycopg2 import errors as pg
from psycopg2.extensions import make_dsn, parse_dsn

from brewhouse.errors import (
    BrewhouseError,
    PostgresDatabaseError,
    PostgresError,
    PostgresLoginError,
    PostgresRightsError,
    PostgresUnreachableError,
    PostgresUrlError,
    PostgresVersionError,
)
from brewhouse.warehouse.duckdb import Table, quoted

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

OLDEST: Final = 14
"""The first major version of PostgreSQL that is supported."""

_SCHEMES: Final = ("postgresql://", "postgres://")
_SESSION: Final = "-c timezone=UTC -c datestyle=ISO -c client_min_messages=warning -c extra_float_digits=1"
_numbers: Final = count(1)
_CONNECT_SECONDS: Final = 15
_NO_DATABASE: Final = re.compile(r'database "(?P<name>[^"]*)" does not exist')
_NO_LOGIN: Final = re.compile(
    r"password authentication failed|no password supplied|role \"[^\"]*\" does not exist|"
    r"no pg_hba.conf entry|is not permitted to log in|authentication failed"
)


def connect(
    url: str, *, read_only: bool = False, autocommit: bool = True, command: str = "brewhouse run"
) -> Connection:
    """Open a session with the server at ``url``; times are in UTC.

    Raises ``PostgresUrlError``, ``PostgresUnreachableError``, ``PostgresLoginError``, ``PostgresDatabaseError`` or
    ``PostgresVersionError``; ``command`` is what the user should type again once the way is free.
    """
    given = facts(url)
    options = f"{given.get('options', '')} {_SESSION}".strip()
    if read_only:
        options += " -c default_transaction_read_only=on"
    timeout = given.get("connect_timeout", _CONNECT_SECONDS)
    dsn = make_dsn(url, options=options, connect_timeout=timeout, application_name="brewhouse")
    try:
        connection = psycopg2.connect(dsn)
    except (psycopg2.Error, UnicodeError) as error:
        raise refused(error, url, command) from error
    if connection.server_version < OLDEST * 10_000:
        found = connection.server_version // 10_000
        connection.close()
        raise PostgresVersionError(url=shown(url), found=found, oldest=OLDEST)
    connection.autocommit = autocommit
    return connection


def execute(connection: Connection, sql: str, *, name: str | None = None) -> Cursor:
    """Execute ``sql`` so that Ctrl-C ends it at once: the driver itself does not listen while the server works.

    ``name``: the server keeps the rows, and hands out those that are fetched.
    """
    cursor = connection.cursor(name)
    future = _worker().submit(cursor.execute, sql)
    try:
        future.result()
    except KeyboardInterrupt:
        connection.cancel()
        future.exception()
        raise
    return cursor


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """What fails within is undone, and the transaction around it goes on."""
    name = f"s{next(_numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(f"savepoint {name}")
    try:
        yield
    except BaseException:
        with suppress(psycopg2.Error), connection.cursor() as cursor:
            cursor.execute(f"rollback to savepoint {name}")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"release savepoint {name}")


@cache
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


def facts(url: str) -> dict[str, str]:
    """The parts of a URL by libpq's names (host, port, user, password, dbname …); raises ``PostgresUrlError``."""
    try:
        if not url.startswith(_SCHEMES):
            raise PostgresUrlError(url=shown(url), problem="it does not begin with postgresql://")
        parts = {name: str(value) for name, value in parse_dsn(url).items()}
    except psycopg2.Error as error:
        problem = str(error).strip().splitlines()[0].replace(url, "it")
        raise PostgresUrlError(url=shown(url), problem=problem) from error
    if not all(port.isdigit() for port in parts.get("port", "0").split(",")):
        raise PostgresUrlError(url=shown(url), problem="its port is no number")
    if not parts.get("dbname"):
        raise PostgresUrlError(url=shown(url), problem="it names no database")
    return parts


def shown(url: str) -> str:
    """The URL as it may be printed: without the password, however malformed the rest is."""
    hidden = re.sub(r"(?<=://)([^/@?#]*?):[^/?#]*@", r"\1@", url)
    hidden = re.sub(r"(?i)([?&]password=)[^&#]*", r"\1…", hidden)
    return hidden if hidden.startswith(_SCHEMES) and hidden.count("@") <= 1 else "the given address"


def make_url(*, user: str, password: str, host: str, database: str, port: int = 5432) -> str:
    """A URL from its parts; ``host`` may be the folder of a unix socket."""
    who = f"{quote(user, safe='')}:{quote(password, safe='')}"
    if host.startswith("/"):
        return f"postgresql://{who}@/{quote(database, safe='')}?host={quote(host, safe='')}&port={port}"
    place = f"[{host}]" if ":" in host else host
    return f"postgresql://{who}@{place}:{port}/{quote(database, safe='')}"


def with_parts(rest: Mapping[str, str], *, user: str, password: str) -> str:
    """A URL from libpq's parts, with this user and password."""
    named = {"user": user, "password": password, **rest}
    return "postgresql:///?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in named.items())


def environment(url: str) -> dict[str, str]:
    """What profiles.yml reads: the parts of a URL as BREWHOUSE_PG_ variables."""
    parts = facts(url)
    names = {"host": "localhost", "port": "5432", "user": "", "password": "", "dbname": ""}
    found = {f"BREWHOUSE_PG_{name.upper()}": parts.get(name, default) for name, default in names.items()}
    return found | {"BREWHOUSE_PG_SSLMODE": parts.get("sslmode", "prefer")}


def refused(error: Exception, url: str, command: str) -> BrewhouseError:
    """The error of ours that says why there is no session."""
    text = " ".join(str(error).split())
    parts = facts(url)
    if found := _NO_DATABASE.search(text):
        return PostgresDatabaseError(url=shown(url), database=found["name"], command=command)
    if _NO_LOGIN.search(text):
        return PostgresLoginError(
            url=shown(url), user=parts.get("user", ""), problem=_brief(text), command=command
        )
    return PostgresUnreachableError(url=shown(url), problem=_brief(text), command=command)


def translate(error: psycopg2.Error, url: str, command: str) -> BrewhouseError:
    """The error of ours that says what a statement's failure means."""
    text = str(error).strip() or "the connection was lost"
    first = text.splitlines()[0]
    if isinstance(error, pg.InsufficientPrivilege):
        return PostgresRightsError(
            url=shown(url), user=facts(url).get("user", ""), problem=first, database=facts(url)["dbname"]
        )
    if isinstance(error, psycopg2.OperationalError) and not error.pgcode:
        return PostgresUnreachableError(url=shown(url), problem=_brief(text), command=command)
    return PostgresError(url=shown(url), problem=first, command=command)


def _brief(text: str) -> str:
    """libpq's sentence without the address, which our message names already."""
    return text.rsplit(" failed: ", 1)[-1].removeprefix("FATAL: ").strip()


def tables(connection: Connection) -> list[Table]:
    """All tables and views that the role may see, with exact row counts, by schema and name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select n.nspname, c.relname, case when c.relkind in ('v', 'm') then 'view' else 'table' end
            from pg_catalog.pg_class as c
            inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
            where
                c.relkind in ('r', 'p', 'v', 'm')
                and n.nspname not in ('pg_catalog', 'information_schema')
                and n.nspname not like 'pg\\_%%'
                and c.relname not like '\\_dlt\\_%%'
                and has_schema_privilege(n.oid, 'usage')
                and has_table_privilege(c.oid, 'select')
            order by n.nspname collate "C", c.relname collate "C"
            """.replace("%%", "%")
        )
        found = cursor.fetchall()
    return [
        Table(schema, name, kind, _count(connection, quoted(schema, name))) for schema, name, kind in found
    ]


def _count(connection: Connection, relation: str) -> int | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {relation}")
            row = cursor.fetchone()
    except psycopg2.ProgrammingError:
        return None
    return int(row[0]) if row else None
