"""``refresh --watch``: sleep until a change has waited a third of its lag, then refresh; idle, look and do nothing.

A wave begins when the oldest change has waited for a third of the tightest lag, or earlier if the waves have lately
taken so long that it would end too late. Changes in between are taken together, which is cheaper than one by one.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Final

from brewhouse.dynamic.place import Look, inbox_of, is_ours, look, open_place
from brewhouse.dynamic.refresh import Outcome, utc_clock
from brewhouse.errors import BrewhouseError, LockedError, NoDynamicTableError
from brewhouse.project import Project

COMMAND: Final = "brewhouse refresh --watch"
_TICK: Final = 1.0
"""Seconds between two looks whether anything changed."""
_MARGIN: Final = 2.0
"""Seconds that are kept free for what takes longer than usual."""


class Watching:
    """One watch over one project."""

    def __init__(
        self, project: Project, *, on_problem: Callable[[BrewhouseError], None] = lambda _: None
    ) -> None:
        self.project = project
        self._on_problem = on_problem
        self._ended = threading.Event()
        self._took = 0.0
        self.look: Look | None = None
        """Where the tables stood after the last wave."""
        self.oldest: dt.datetime | None = None
        """When the oldest change was made that no table shows yet."""

    def stop(self) -> None:
        """End ``waves`` soon, from another thread."""
        self._ended.set()

    def waves(self) -> Iterator[Outcome]:
        """What each wave did; the first comes at once if there is anything to do."""
        with _signal(self.project) as signal:
            self.oldest = signal.oldest()
            if self.oldest is not None or self.project.on_server:
                yield from self._wave()
            else:
                self.look = look(self.project, command=COMMAND)
            while not self._ended.wait(_TICK):
                self.oldest = signal.oldest()
                if self.oldest is not None and self._is_due(self.oldest):
                    yield from self._wave()

    def _wave(self) -> Iterator[Outcome]:
        start = time.monotonic()
        try:
            with open_place(self.project, command=COMMAND) as place:
                outcome = place.refresh(scheduled=True)
        except LockedError:
            return  # a build is at work: what waits is taken in after it
        except NoDynamicTableError:
            raise
        except BrewhouseError as problem:
            self._on_problem(problem)
            self._ended.wait(30 * _TICK)
            return
        self._took = max(time.monotonic() - start, self._took / 2)
        self.look = look(self.project, command=COMMAND)
        if outcome.changed:
            yield outcome

    def _is_due(self, oldest: dt.datetime) -> bool:
        lags = (
            [lag for name in self.look.graph.order if (lag := self.look.graph.lag(name))] if self.look else []
        )
        lag = min(lags, default=60)
        waits = min(lag / 3, lag - 2 * self._took - _MARGIN)
        return (utc_clock() - oldest).total_seconds() >= waits


class _FileSignal:
    """A batch in the inbox, or a file that somebody else has published."""

    def __init__(self, project: Project) -> None:
        self._inbox = inbox_of(project)
        self._project = project

    def __enter__(self) -> _FileSignal:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""

    def oldest(self) -> dt.datetime | None:
        """By the names of the batches: no file is opened."""
        waiting = self._inbox.waiting()
        if waiting:
            return waiting[0].at
        return None if is_ours(self._project) else utc_clock() - dt.timedelta(days=1)


class _ServerSignal:
    """The logs of a server, asked through a session that stays open."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def __enter__(self) -> _ServerSignal:
        from brewhouse.dynamic.store import Store
        from brewhouse.warehouse.postgres.engine import Postgres
        from brewhouse.warehouse.postgres.place import reachable

        self._stack = ExitStack()
        server = self._stack.enter_context(reachable(self._project))
        engine = Postgres(server.url, command=COMMAND)
        self._stack.callback(engine.close)
        self._store = Store(engine)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def oldest(self) -> dt.datetime | None:
        """The oldest line of the logs."""
        from brewhouse.dynamic.triggers import oldest_pending

        return oldest_pending(self._store)


def _signal(project: Project) -> _FileSignal | _ServerSignal:
    return _ServerSignal(project) if project.on_server else _FileSignal(project)
