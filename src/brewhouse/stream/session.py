"""The pace of a stream: once a second all things that have become due leave as one batch.

Thing k of a session becomes due k + 1 steps of 1 / rate seconds after the session's begin, and so much later than the
last thing of the session before by the company's clock. So the clock stands still while nobody streams.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from brewhouse.dynamic.refresh import utc_clock
from brewhouse.simulate.engine.company import Streaming
from brewhouse.stream.batch import Batch, Ints, make_batch
from brewhouse.stream.outlet import Outlet

MOST: Final = 50_000
"""Things in a batch, if the pace can't be held: what memory and a transaction take without harm."""
UNREAD_SECONDS: Final = 60.0
_TICK: Final = 1.0
_NAP: Final = 0.2
"""Seconds after which ``stop`` is heard of."""


@dataclass
class Tally:
    """What a session has done so far."""

    asked_rate: float
    things: int = 0
    seconds: float = 0.0
    rows: Counter[str] = field(default_factory=Counter)
    """By raw table."""

    @property
    def rate(self) -> float:
        """Things a second, as reached."""
        return self.things / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Sent:
    """A batch that has left, and what it is called."""

    label: str
    batch: Batch


class Session:
    """A stream of ``rate`` things a second (more than 0), for ``seconds`` or until ``stop``.

    ``on_unread`` is called once, when a batch has waited for a minute.
    """

    def __init__(
        self,
        company: Streaming,
        outlet: Outlet,
        rate: float,
        seconds: float = math.inf,
        *,
        on_unread: Callable[[], None] = lambda: None,
    ) -> None:
        self._company = company
        self._outlet = outlet
        self._seconds = seconds
        self._on_unread = on_unread
        self._told = False
        self._ended = False
        self.begin = outlet.position(company)
        self.tally = Tally(rate)
        self.what = company.mark.table

    def stop(self) -> None:
        """End ``batches`` once the one at hand has left; may be called by a signal's handler."""
        self._ended = True

    def batches(self) -> Iterator[Sent]:
        """Send batches as they become due, and tell of each."""
        start, tally = time.monotonic(), self.tally
        while not self._ended:
            elapsed = time.monotonic() - start
            left = self._due(elapsed) - tally.things
            if count := min(left, MOST):
                yield self._send(count)
                tally.seconds = time.monotonic() - start
                self._look()
            if elapsed >= self._seconds:
                break
            if left <= MOST:
                self._sleep(start + min(math.floor(elapsed) + _TICK, self._seconds))
        tally.seconds = time.monotonic() - start

    def _due(self, elapsed: float) -> int:
        return math.floor(min(elapsed, self._seconds) * self.tally.asked_rate + 1e-9)

    def _send(self, count: int) -> Sent:
        tally = self.tally
        number = np.arange(tally.things + 1, tally.things + count + 1)
        moments: Ints = self.begin.clock_ms + np.floor(number * (1_000 / tally.asked_rate)).astype(np.int64)
        batch = make_batch(self._company, self.begin.number + tally.things, moments, utc_clock())
        label = self._outlet.send(batch)
        tally.things += count
        tally.rows.update(batch.rows)
        return Sent(label, batch)

    def _look(self) -> None:
        if not self._told:
            since = self._outlet.waiting_since()
            if since is not None and (utc_clock() - since).total_seconds() > UNREAD_SECONDS:
                self._told = True
                self._on_unread()

    def _sleep(self, until: float) -> None:
        while not self._ended and (rest := until - time.monotonic()) > 0:
            time.sleep(min(rest, _NAP))
