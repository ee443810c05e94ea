"""A real PostgreSQL server for tests, and databases of one's own in it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from brewhouse.warehouse.postgres.connection import connect, make_url
from brewhouse.warehouse.postgres.home import OWNER, READER, SUPERUSER, Home, make_home
from brewhouse.warehouse.postgres.server import running, url_of

_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """The server, and URLs into it."""

    home: Home

    def url(self, role: str = OWNER, database: str = "brewhouse") -> str:
        return url_of(self.home, role, database)

    def login(self, user: str, password: str, database: str = "brewhouse") -> str:
        """The URL of any role."""
        return make_url(user=user, password=password, host=str(self.home.sockets), database=database)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A fresh database, or a copy of one that nobody uses now; gives its name."""
        name = f"test_{next(_numbers)}"
        self.super(
            f'create database "{name}" owner "{OWNER}" template "{template}"',
            f'grant connect on database "{name}" to {READER}',
        )
        try:
            yield name
        finally:
            self.super(f'drop database "{name}" with (force)')

    def super(self, *statements: str) -> None:
        """As the superuser."""
        with contextlib.closing(connect(self.url(SUPERUSER, "postgres"))) as connection:
            for statement in statements:
                with connection.cursor() as cursor:
                    cursor.execute(sql.SQL(statement))


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A short path that the server's own user can reach too, unlike pytest's folders under root."""
    folder = Path(tempfile.mkdtemp(prefix="brewhouse-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server_for_tests() -> Iterator[Server]:
    with reachable_folder() as folder, running(folder / "postgres"):
        yield Server(make_home(folder / "postgres"))


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """What a query gives to the role of the URL."""
    with contextlib.closing(connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def refusal(url: str, statement: str) -> str:
    """What the server says against a statement; empty if it takes it."""
    try:
        rows(url, statement)
    except psycopg2.Error as error:
        return str(error).splitlines()[0]
    return ""
