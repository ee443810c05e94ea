"""Who may see what, tried on a real server; and what is said of servers that can't be used."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from brewhouse.errors import (
    BrewhouseError,
    PostgresDatabaseError,
    PostgresLoginError,
    PostgresRightsError,
    PostgresUnreachableError,
    PostgresUrlError,
    PostgresVersionError,
)
from brewhouse.warehouse.postgres import connection as under_test
from brewhouse.warehouse.postgres.access import READABLE, grant_readers
from brewhouse.warehouse.postgres.connection import connect, environment, facts, make_url, shown, tables
from brewhouse.warehouse.postgres.home import READER
from brewhouse.warehouse.postgres.place import require_rights
from tests.support.postgres import Server, refusal, rows

ALL = ("raw", "staging", "truth", "quarantine", "audit", "intermediate", *READABLE)


@pytest.fixture(scope="module")
def database(postgres: Server) -> Iterator[str]:
    with postgres.database() as name:
        yield name


@pytest.fixture(scope="module")
def owner(postgres: Server, database: str) -> str:
    return postgres.url(database=database)


@pytest.fixture
def reader(postgres: Server, owner: str, database: str) -> str:
    """The role ``readonly``, after a build was published."""
    build(owner)
    return postgres.url(READER, database)


def build(owner: str) -> None:
    """As a build does: schemas and tables anew, then readers let in."""
    for schema in ALL:
        rows(owner, f"drop schema if exists {schema} cascade")
        rows(owner, f"create schema {schema}")
        rows(owner, f"create table {schema}.t as select '{schema}' as name")
        rows(owner, f"create view {schema}.v as select * from raw.t")
    with contextlib.closing(connect(owner)) as connection:
        assert grant_readers(connection, ALL) == list(READABLE)


@pytest.mark.parametrize("schema", READABLE)
def test_readers_read_what_is_for_them(reader: str, schema: str) -> None:
    assert rows(reader, f"select name from {schema}.t") == [(schema,)]
    assert rows(reader, f"select name from {schema}.v") == [("raw",)]


@pytest.mark.parametrize("schema", [name for name in ALL if name not in READABLE])
def test_readers_do_not_see_the_rest(reader: str, schema: str) -> None:
    assert "permission denied for schema" in refusal(reader, f"select * from {schema}.t")


@pytest.mark.parametrize(
    "statement",
    [
        "insert into mart.t values ('x')",
        "delete from mart.t",
        "drop table mart.t",
        "create table mart.mine (n int)",
        "create table public.mine (n int)",
        "create temporary table mine (n int)",
        "create schema mine",
        "select pg_read_file('postgresql.conf')",
        "set role brewhouse",
        "alter role readonly superuser",
    ],
)
def test_readers_change_nothing(reader: str, statement: str) -> None:
    for opening in ("", "set default_transaction_read_only = off; "):
        said = refusal(reader, opening + statement)
        assert "denied" in said or "read-only" in said or "must be owner" in said, said


def test_readers_keep_their_rights_when_tables_are_built_anew(owner: str, reader: str) -> None:
    rows(owner, "drop table mart.t cascade")
    rows(owner, "create table mart.t as select 'again' as name")
    rows(owner, "create table mart.more as select 1 as n")
    assert rows(reader, "select name from mart.t") == [("again",)]
    assert rows(reader, "select n from mart.more") == [(1,)]
    build(owner)
    assert rows(reader, "select name from mart.t") == [("mart",)]


def test_readers_are_let_in_with_the_publication_or_not_at_all(owner: str, reader: str) -> None:
    with contextlib.closing(connect(owner, autocommit=False)) as connection:
        connection.cursor().execute(
            "drop schema mart cascade; create schema mart; create table mart.t as select 1"
        )
        grant_readers(connection, ["mart"])
        connection.rollback()
    assert rows(reader, "select name from mart.t") == [("mart",)]


def test_without_the_role_nothing_is_granted(owner: str) -> None:
    rows(owner, "create schema if not exists mart")
    with contextlib.closing(connect(owner)) as connection:
        assert grant_readers(connection, ["mart"], reader="nobody") == []


def test_the_tables_that_a_role_sees(owner: str, reader: str) -> None:
    for url, schemas in ((owner, ALL), (reader, READABLE)):
        with contextlib.closing(connect(url, read_only=True)) as connection:
            found = tables(connection)
        assert {table.schema for table in found} == set(schemas)
        assert {(table.name, table.kind, table.rows) for table in found} == {
            ("t", "table", 1),
            ("v", "view", 1),
        }


def test_a_session_for_reading_changes_nothing(owner: str) -> None:
    with contextlib.closing(connect(owner, read_only=True)) as connection, connection.cursor() as cursor:
        cursor.execute("select current_setting('timezone'), current_setting('transaction_read_only')")
        assert cursor.fetchall() == [("UTC", "on")]


@pytest.mark.parametrize(
    "url",
    [
        "localhost/db", "mysql://me@here/db", "postgresql://me@here:port/db", "postgresql://me:secret@here",
        "postgresql://me:secret@here:1:2/db", "postgresql://me:se@cret@here/db?x=1", "secret",
    ],
)  # fmt: skip
def test_a_malformed_url(url: str) -> None:
    with pytest.raises(PostgresUrlError) as caught:
        connect(url)
    is_clear(caught.value, "BREWHOUSE_POSTGRES_URL")


def is_clear(error: BrewhouseError, *names: str) -> None:
    text = f"{error.text()} Next: {error.next_command()}"
    assert "secret" not in text
    assert "cret" not in text.replace("secret", "")
    assert "\n" not in text
    for name in names:
        assert name in text


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        number = port.getsockname()[1]
    with pytest.raises(PostgresUnreachableError) as caught:
        connect(f"postgresql://me:secret@127.0.0.1:{number}/db", command="brewhouse load")
    is_clear(caught.value, f"127.0.0.1:{number}", "refused", "brewhouse load")
    with pytest.raises(PostgresUnreachableError) as caught:
        connect("postgresql://me:secret@no-such-host.invalid/db")
    is_clear(caught.value, "no-such-host.invalid")


def test_a_wrong_password(postgres: Server) -> None:
    with pytest.raises(PostgresLoginError) as caught:
        connect(postgres.login("brewhouse", "secret"))
    is_clear(caught.value, "'brewhouse'", "password authentication failed")
    with pytest.raises(PostgresLoginError) as caught:
        connect(postgres.login("somebody", "secret"))
    is_clear(caught.value, "'somebody'")


def test_a_database_that_is_not_there(postgres: Server) -> None:
    with pytest.raises(PostgresDatabaseError) as caught:
        connect(postgres.url(database="nowhere"))
    is_clear(caught.value, "createdb nowhere")


def test_a_role_that_may_not_create_schemas(postgres: Server, database: str) -> None:
    postgres.super(
        "create role guest login password 'secret'", f'grant connect on database "{database}" to guest'
    )
    try:
        url = postgres.login("guest", "secret", database)
        with contextlib.closing(connect(url)) as connection, pytest.raises(PostgresRightsError) as caught:
            require_rights(connection, url)
        is_clear(caught.value, "'guest'", f'grant create on database "{database}" to "guest"')
    finally:
        postgres.super(f'revoke connect on database "{database}" from guest', "drop role guest")


def test_a_server_that_is_too_old(owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "OLDEST", 99)
    with pytest.raises(PostgresVersionError, match="expected 99 or newer"):
        connect(owner)


@pytest.mark.parametrize("host", ["db.example.com", "/run/a b", "::1", "127.0.0.1"])
def test_a_url_keeps_its_parts(host: str) -> None:
    url = make_url(user="m e", password="a:b/c@d?e", host=host, database="d/b", port=5433)
    assert facts(url) == {
        "user": "m e",
        "password": "a:b/c@d?e",
        "host": host,
        "dbname": "d/b",
        "port": "5433",
    }
    assert environment(url)["BREWHOUSE_PG_PASSWORD"] == "a:b/c@d?e"
    assert environment(url)["BREWHOUSE_PG_HOST"] == host
    assert "a:b" not in shown(url)
    assert "a%3Ab" not in shown(url)
