"""One warehouse of either engine, filled by loads in a test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from brewhouse.load.on_duckdb import DuckDBTarget
from brewhouse.load.on_postgres import PostgresTarget
from brewhouse.load.target import Target
from brewhouse.warehouse.postgres.connection import connect
from tests.support.postgres import Server


class Opened:
    """A warehouse that is open for loading; a load that fails is undone, as the commands do it."""

    def __init__(self, target: Target, session: Any = None, url: str = "", database: str = "") -> None:
        self.target = target
        self.session = session
        self.url = url
        self.database = database

    @contextmanager
    def loading(self) -> Iterator[Target]:
        """As ``open_target``: committed unless an error leaves it."""
        try:
            yield self.target
        except BaseException:
            if self.session is not None:
                self.session.rollback()
            raise
        if self.session is not None:
            self.session.commit()

    def run(self, *statements: str) -> None:
        for statement in statements:
            with self.loading() as target:
                target.run(statement)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.target.rows(sql)

    def sorted(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows in the order of their values, nulls last."""
        return sorted(self.ask(sql), key=lambda row: [(value is None, value) for value in row])

    def columns(self, table: str, schema: str = "raw") -> list[tuple[str, str]]:
        return list(self.target.relations(schema)[table][1].items())


def open_duckdb(file: Path) -> Opened:
    return Opened(DuckDBTarget(duckdb.connect(file)))


@contextmanager
def open_postgres(server: Server) -> Iterator[Opened]:
    """A database of its own."""
    with server.database() as name:
        url = server.url(database=name)
        with contextlib.closing(connect(url, autocommit=False)) as session, duckdb.connect() as reader:
            yield Opened(PostgresTarget(url, session, reader), session, url, name)
