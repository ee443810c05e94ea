"""Refresh dynamic tables: waves, again without the table that failed, until the others are done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from brewhouse.dynamic.capture import Capture
from brewhouse.dynamic.control import Control, Refresh, Standing
from brewhouse.dynamic.graph import Graph
from brewhouse.dynamic.shape import Shape, describe, shape_of
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.table import DynamicTable, Name
from brewhouse.dynamic.wave import FailedError, Wave, check_mode

Clock = Callable[[], dt.datetime]


def utc_clock() -> dt.datetime:
    """Now, in UTC, as the warehouse keeps moments."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Outcome:
    """What a refresh did, table by table; ``failed``: what went wrong, by table; ``skipped``: why."""

    done: tuple[Refresh, ...] = ()
    failed: dict[Name, str] = field(default_factory=dict)
    skipped: dict[Name, str] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether anything in the warehouse is other than before."""
        return bool(self.failed) or any(one.action != "no_data" for one in self.done)


@dataclass(frozen=True)
class Explained:
    """How a table would be refreshed."""

    table: DynamicTable
    shape: Shape
    asked_seconds: int | None
    way: str


class Refresher:
    """Declared tables in one warehouse; needs nothing of dbt."""

    def __init__(
        self,
        store: Store,
        capture: Capture,
        tables: Iterable[DynamicTable],
        *,
        now: Clock = utc_clock,
        strict: bool = True,
    ) -> None:
        """Raises ``DynamicTableError`` for what can't be kept; not ``strict``: more tables will be declared."""
        self.store = store
        self.control = Control(store)
        self.graph = Graph.of(tables, store.dialect, strict=strict)
        self._capture = capture
        self.now = now

    def refresh(self, *, scheduled: bool = False, begin: bool = True, only: Collection[Name] = ()) -> Outcome:
        """Bring all tables (``only``: these, and what shares an input with them) to one moment.

        ``scheduled``: those without a lag are left out, and a rebuild may wait until its lag is due. Not ``begin``:
        so are those that declare to be filled by their schedule, and never were.
        """
        self.control.prepare()
        outcome, begun = Outcome(), self.now()
        for number, pipeline in enumerate(self.graph.pipelines()):
            if only and not pipeline & set(only):
                continue
            left = self._left_out(pipeline, scheduled=scheduled, begin=begin)
            reads = {one for name in pipeline for one in self.graph.inputs[name]}
            self._capture.prepare(sorted(reads - pipeline))
            outcome = self._pipeline(pipeline, number, left, outcome, begun, scheduled=scheduled)
        return outcome

    def explain(self) -> tuple[Explained, ...]:
        """How each table would be refreshed, and why not in a cheaper way; changes nothing."""
        wave = Wave(self.store, self.control, self._capture, self.graph, self.graph.order, self.now)
        found = []
        aggregates = self.store.aggregates()
        for name in self.graph.order:
            table = self.graph.tables[name]
            wave._aggregates = aggregates  # noqa: SLF001
            shape = shape_of(self.store, wave.query(table))
            check_mode(table, shape)
            found.append(Explained(table, shape, self.graph.lag(name), describe(shape)))
        self.store.forget()
        return tuple(found)

    def _left_out(self, pipeline: Collection[Name], *, scheduled: bool, begin: bool) -> dict[Name, str]:
        """Suspended tables, those that nothing schedules, and what reads them."""
        standings = self.control.standings()
        left: dict[Name, str] = {}
        for name in self.graph.order:
            if name in pipeline and standings.get(name, Standing()).suspended:
                left[name] = f"it is suspended: brewhouse refresh --resume {name.table}"
            elif name in pipeline and scheduled and self.graph.lag(name) is None:
                left[name] = "it has no target_lag"
            elif name in pipeline and not begin and self._waits(name, standings):
                left[name] = "it is filled by its schedule: initialize is ON_SCHEDULE"
            else:
                continue
            for reader in self.graph.below(name):
                left.setdefault(reader, f"it reads {name}, which is left out")
        return left

    def _waits(self, name: Name, standings: Mapping[Name, Standing]) -> bool:
        return self.graph.tables[name].waits and not standings.get(name, Standing()).digest

    def _pipeline(
        self,
        pipeline: frozenset[Name],
        number: int,
        left: dict[Name, str],
        before: Outcome,
        begun: dt.datetime,
        *,
        scheduled: bool,
    ) -> Outcome:
        failed = dict(before.failed)
        while True:
            label = f"{begun:%Y%m%dT%H%M%S%f}-{number}"
            wave = Wave(
                self.store,
                self.control,
                self._capture,
                self.graph,
                pipeline,
                self.now,
                left,
                scheduled,
                label,
            )
            try:
                done = wave.run()
            except FailedError as error:
                failed[error.name] = _first_line(error.__cause__)
                with self.store.engine.transaction():
                    self.control.failed(error.name, failed[error.name], self.now(), label)
                left = {**left, error.name: "its last refresh failed"}
                for reader in self.graph.below(error.name):
                    left.setdefault(reader, f"{error.name}, which it reads, was not refreshed")
            else:
                return Outcome((*before.done, *done), failed, {**before.skipped, **left})


def _first_line(error: BaseException | None) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
