"""Roles: one that owns and builds, and ``readonly``, which sees what is meant for readers and nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from psycopg2 import sql
from psycopg2.errors import DuplicateDatabase, DuplicateObject

from brewhouse.warehouse.postgres.connection import connect
from brewhouse.warehouse.postgres.home import OWNER, READER

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

READABLE: Final = ("mart", "marts", "analytics", "entity", "metrics", "dynamic_tables")
"""Schemas that are meant for readers: not raw, staging, quarantine, audit or truth."""


def set_up(superuser: str, superuser_there: str, database: str, passwords: Mapping[str, str]) -> None:
    """Make the roles and the database of an embedded server; may be repeated.

    ``superuser`` is the superuser's URL in the database that is always there, ``superuser_there`` the one in ours.
    """
    with contextlib.closing(connect(superuser)) as connection, connection.cursor() as cursor:
        _role(cursor, OWNER, passwords[OWNER], "login createrole")
        _reader(cursor, passwords[READER])
        cursor.execute(sql.SQL("grant {} to {} with admin option").format(*_names(READER, OWNER)))
        with contextlib.suppress(DuplicateDatabase):
            cursor.execute(sql.SQL("create database {} owner {}").format(*_names(database, OWNER)))
        cursor.execute(sql.SQL("revoke all on database {} from public").format(*_names(database)))
        cursor.execute(sql.SQL("grant connect on database {} to {}").format(*_names(database, READER)))
    with contextlib.closing(connect(superuser_there)) as connection, connection.cursor() as cursor:
        cursor.execute("revoke all on schema public from public")


def grant_readers(connection: Connection, schemas: Iterable[str], *, reader: str = READER) -> list[str]:
    """Let ``reader`` select from all tables and views of those of ``schemas`` that are for readers and there.

    Also from those that will be made in them by the role of this session, so that a table built anew keeps its readers.
    Gives the schemas. Nothing happens on a server without that role. Part of the caller's transaction, if there is one.
    """
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [reader])
        if cursor.fetchone() is None:
            return []
        cursor.execute("select nspname from pg_namespace where nspname = any(%s)", [list(schemas)])
        there = {row[0] for row in cursor.fetchall()}
        granted = [schema for schema in dict.fromkeys(schemas) if schema in there and schema in READABLE]
        for schema in granted:
            for statement in (
                "grant usage on schema {} to {}",
                "grant select on all tables in schema {} to {}",
                "alter default privileges in schema {} grant select on tables to {}",
            ):
                cursor.execute(sql.SQL(statement).format(*_names(schema, reader)))
    return granted


def create_reader(connection: Connection, password: str) -> None:
    """Make the role that reads, on any server."""
    with connection.cursor() as cursor:
        _reader(cursor, password)


def _reader(cursor: Cursor, password: str) -> None:
    _role(cursor, READER, password, "login")
    cursor.execute(sql.SQL("alter role {} set default_transaction_read_only = on").format(*_names(READER)))


def _role(cursor: Cursor, name: str, password: str, rights: str) -> None:
    with contextlib.suppress(DuplicateObject):
        cursor.execute(sql.SQL("create role {}").format(*_names(name)))
    statement = sql.SQL("alter role {} {} password {}")
    cursor.execute(statement.format(*_names(name), sql.SQL(rights), sql.Literal(password)))


def _names(*names: str) -> tuple[sql.Identifier, ...]:
    return tuple(sql.Identifier(name) for name in names)
