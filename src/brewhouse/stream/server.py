"""A stream into PostgreSQL: a transaction a batch, into the tables themselves; triggers log it for dynamic tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final

import duckdb
import psycopg2
from psycopg2.errors import LockNotAvailable

from brewhouse.errors import LockedError, PostgresUnreachableError
from brewhouse.load.pg_copy import copy_rows
from brewhouse.project import STREAM, Project
from brewhouse.simulate.engine.company import Streaming
from brewhouse.stream.batch import Batch
from brewhouse.stream.position import Position, position
from brewhouse.warehouse.duckdb import trusted
from brewhouse.warehouse.engine import quoted
from brewhouse.warehouse.postgres.connection import shown, translate
from brewhouse.warehouse.postgres.engine import Postgres

_LOCK: Final = 0x7374_726D  # "strm": the advisory lock of whoever streams
_PATIENCE: Final = "3s"
"""So long the session of a stream that was killed may take to end."""
_TURN: Final = "500ms"
"""Then the tables that are locked already are let go: less than deadlock_timeout, so that no load fails of a stream."""


class ServerOutlet:
    """One session with the server, which holds the lock."""

    def __init__(self, url: str, project: Project, command: str) -> None:
        self._url = url
        self._project = project
        self._command = command
        self._engine = Postgres(url, command=command)
        self._reader = trusted(duckdb.connect())
        self._reader.execute(f"set memory_limit = '{project.settings.engine.memory_limit}'")
        self._reader.execute(f"set threads = {project.threads}")

    def __enter__(self) -> ServerOutlet:
        try:
            with self._our_errors():
                self._lock()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._reader.close()
        self._engine.close()

    @property
    def shown(self) -> str:
        """The address."""
        return shown(self._url)

    def position(self, company: Streaming) -> Position:
        """By the tables."""
        with self._our_errors():
            return position(self._engine, company, self.shown)

    def send(self, batch: Batch) -> str:
        """One transaction, tried again while a load holds the tables."""
        with self._our_errors():
            while not self._sent(batch):
                pass  # it has waited for the locks
        return f"{STREAM}{batch.first}-{batch.last}"

    def _sent(self, batch: Batch) -> bool:
        engine = self._engine
        try:
            with engine.transaction(), engine.session.cursor() as cursor:
                names = ", ".join(quoted(*place) for place in batch.tables)
                engine.run(f"set local lock_timeout = '{_TURN}'; lock table {names} in row exclusive mode")
                engine.run("set local lock_timeout = 0")
                for place, rows in batch.tables.items():
                    if rows.num_rows:
                        self._reader.register("batch", rows)
                        copy_rows(
                            self._reader, "select * from batch", cursor, quoted(*place), rows.column_names
                        )
        except LockNotAvailable:
            return False
        return True

    def waiting_since(self) -> dt.datetime | None:
        """Nobody has to take anything in: it is in the tables."""
        return None

    def _lock(self) -> None:
        self._engine.run(f"set lock_timeout = '{_PATIENCE}'")
        try:
            self._engine.run(f"select pg_advisory_lock({_LOCK})")
        except LockNotAvailable:
            raise LockedError(path=self.shown, holder="another stream", command=self._command) from None
        self._engine.run("set lock_timeout = 0")

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg2.Error as error:
            # A lost session shows in errors of many kinds: a statement was ended, or none was running.
            if not self._engine.session.closed:
                raise translate(error, self._url, self._command) from error
            problem = (str(error).strip() or "the connection was lost").splitlines()[0]
            raise PostgresUnreachableError(url=self.shown, problem=problem, command=self._command) from error
