"""Where a stream goes: the inbox of a DuckDB file, or the tables of a server."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from brewhouse.dynamic.inbox import Inbox
from brewhouse.dynamic.place import inbox_of
from brewhouse.errors import NoWarehouseError
from brewhouse.project import STREAM, Project
from brewhouse.simulate.engine.company import Streaming
from brewhouse.stream.batch import Batch
from brewhouse.stream.position import Position, position
from brewhouse.warehouse.reading import open_engine
from brewhouse.warehouse.snapshots import disk_errors, named_lock

if TYPE_CHECKING:
    from brewhouse.stream.server import ServerOutlet

_LABEL: Final = re.compile(rf"{STREAM}(\d+)-(\d+)-(\d+)-\w+")
"""First and last number, the moment of the last, and what tells this process from one before a load."""


class Outlet(Protocol):
    """One warehouse, held by one stream."""

    @property
    def shown(self) -> str:
        """What it is, in words for people."""
        ...

    def position(self, company: Streaming) -> Position:
        """Where the company's stream goes on; raises ``NoWarehouseError`` or ``StreamTargetError``."""
        ...

    def send(self, batch: Batch) -> str:
        """Let a batch in, as a whole; returns what it is called."""
        ...

    def waiting_since(self) -> dt.datetime | None:
        """When the oldest batch was sent that nobody has taken in yet, where somebody has to."""
        ...


@contextmanager
def open_outlet(project: Project, *, command: str) -> Iterator[Outlet]:
    """Where the stream of a project goes; raises ``LockedError`` if there is another one at work."""
    if project.on_server:
        with _open_server(project, command) as outlet:
            yield outlet
        return
    with named_lock(project, "stream.lock", "another stream", command=command):
        yield FileOutlet(project, command)


class FileOutlet:
    """The inbox of a project on DuckDB: refreshes take in what waits there."""

    def __init__(self, project: Project, command: str) -> None:
        self._project = project
        self._command = command
        self._inbox: Inbox = inbox_of(project)
        self._session = f"{time.time_ns() // 1_000_000:x}"
        self._inbox.sweep(STREAM)

    @property
    def shown(self) -> str:
        """The inbox."""
        return f"the inbox of {self._project.warehouse}"

    def position(self, company: Streaming) -> Position:
        """By what waits and what is published; in this order, so that a batch on its way is in one of them."""
        file = self._project.warehouse
        if not file.exists():
            raise NoWarehouseError(path=file, command="brewhouse run")
        names = [_LABEL.fullmatch(batch.id) for batch in self._inbox.waiting()]
        waiting = [Position(int(name[2]) + 1, int(name[3])) for name in names if name]
        with open_engine(self._project, command=self._command) as engine:
            return max([position(engine, company, file), *waiting])

    def send(self, batch: Batch) -> str:
        """Leave it in the inbox."""
        label = f"{STREAM}{batch.first}-{batch.last}-{batch.last_ms}-{self._session}"
        tables = {".".join(place): {"inserts": rows} for place, rows in batch.tables.items() if rows.num_rows}
        with disk_errors(self._project.state / "inbox"):
            return self._inbox.send(tables, batch=label)

    def waiting_since(self) -> dt.datetime | None:
        """By the name of the first that waits."""
        waiting = self._inbox.waiting()
        return waiting[0].at if waiting else None


@contextmanager
def _open_server(project: Project, command: str) -> Iterator[ServerOutlet]:
    from brewhouse.stream.server import ServerOutlet
    from brewhouse.warehouse.postgres.place import reachable

    with reachable(project) as server, ServerOutlet(server.url, project, command) as outlet:
        yield outlet
