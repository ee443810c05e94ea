"""One refresh of a pipeline: one transaction, in which all its tables come to show one moment."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from brewhouse.dynamic.capture import Capture, Change
from brewhouse.dynamic.choose import SMALL, Choice, choose
from brewhouse.dynamic.control import Control, Refresh, Standing
from brewhouse.dynamic.graph import Graph
from brewhouse.dynamic.grouped import Grouped
from brewhouse.dynamic.keyed import Keyed
from brewhouse.dynamic.query import Query, read
from brewhouse.dynamic.shape import Shape, Whole, shape_of
from brewhouse.dynamic.steps import by_key, by_rows
from brewhouse.dynamic.store import Delta, DriftError, Store
from brewhouse.dynamic.sums import Sums
from brewhouse.dynamic.table import DynamicTable, Mode, Name
from brewhouse.errors import BrewhouseError, DynamicTableError

NEW: Final = "initial"
FULL: Final = "full"
STEP: Final = "incremental"
NOTHING: Final = "no_data"


@dataclass(frozen=True)
class Plan:
    """What a wave does to a table, and why; ``action`` empty: its changes wait until its own lag is due."""

    action: str
    reason: str
    compared: bool = False
    """Of a rebuild: whether those that read the table get the difference, as they know what it held before."""


class FailedError(Exception):
    """One table of a wave failed; ``__cause__`` says how."""

    def __init__(self, name: Name) -> None:
        self.name = name
        super().__init__(str(name))


@dataclass
class Wave:
    """One transaction over one pipeline; ``left_out``: tables that can't be refreshed in it, and why."""

    store: Store
    control: Control
    capture: Capture
    graph: Graph
    pipeline: Collection[Name]
    now: Callable[[], dt.datetime]
    left_out: Mapping[Name, str] = field(default_factory=dict)
    scheduled: bool = False
    """Whether a table that is rebuilt may wait until its own lag is due."""
    label: str = ""
    _data_at: dt.datetime = dt.datetime.min  # noqa: DTZ901  # set when it begins
    _oldest: dt.datetime | None = None
    _changes: dict[Name, Change] = field(default_factory=dict)
    _aggregates: frozenset[str] = frozenset()

    def run(self) -> tuple[Refresh, ...]:
        """Refresh; raises ``FailedError``, with nothing done, if a table can't be."""
        with self.store.wave():
            self._data_at = self.now()
            self._aggregates = self.store.aggregates()
            order = [name for name in self.graph.order if name in self.pipeline]
            sources = sorted({one for name in order for one in self.graph.inputs[name]} - set(order))
            self._changes = dict(self.capture.changes(sources))
            moments = [change.oldest_at for change in self._changes.values() if change.oldest_at]
            self._oldest = min(moments, default=None)
            standings, past = self.control.standings(), self.control.history(1000)
            done = [self._table(name, standings.get(name, Standing()), past) for name in order]
            self.capture.consume(sources)
            finished = self.now()
            found = tuple(self._finished(refresh, finished) for refresh in done if refresh)
            for refresh in found:
                if refresh.action != NOTHING:
                    self.control.add(refresh)
        return found

    def _table(self, name: Name, standing: Standing, past: Collection[Refresh]) -> Refresh | None:
        if name in self.left_out:
            if not standing.stale and any(one in self._changes for one in self.graph.inputs[name]):
                self.control.stand(name, replace(standing, stale=self.left_out[name]))
            return None
        start = time.perf_counter()
        try:
            refresh = self._do(name, standing, [one for one in past if one.name == name])
        except (DriftError, BrewhouseError) as error:
            raise FailedError(name) from error
        except self.store.engine.errors as error:
            if self.store.engine.stops(error):
                raise
            raise FailedError(name) from error
        if refresh is None:
            return None
        seconds = Decimal(f"{time.perf_counter() - start:.3f}")
        return replace(refresh, seconds=seconds)

    def _do(self, name: Name, standing: Standing, past: Collection[Refresh]) -> Refresh | None:
        table = self.graph.tables[name]
        inputs = {one: self._changes[one] for one in self.graph.inputs[name] if one in self._changes}
        if not inputs and not standing.stale and standing.digest == table.digest and self.store.exists(name):
            self.control.stand(name, replace(standing, data_at=self._data_at))
            return Refresh(self.label, name, NOTHING, "nothing changed")
        query = self.query(table)
        deltas = {one: change.delta for one, change in inputs.items() if change.delta}
        changed = sum(delta.rows for delta in deltas.values())
        rows = sum(self.store.estimate(one) for one in query.inputs)
        shape = shape_of(self.store, query)
        check_mode(table, shape)
        plan = self._plan(table, standing, inputs, shape, changed, rows, past)
        if not plan.action:
            self.control.stand(name, replace(standing, stale="its changes waited for its lag"))
            return None
        delta = self._execute(plan, query, shape, deltas)
        self.control.stand(name, Standing(table.digest, "", 0, False, self._data_at))
        return Refresh(
            self.label, name, plan.action, plan.reason,
            rows_in=delta.plus_rows if delta else self.store.count(name.sql),
            rows_out=delta.minus_rows if delta else 0,
            changed_rows=changed, input_rows=rows,
        )  # fmt: skip

    def query(self, table: DynamicTable) -> Query:
        """A table's query, resolved by what its inputs look like now."""
        columns = {one: self.store.columns(one) for one in self.graph.inputs[table.name]}
        missing = [str(one) for one, found in columns.items() if not found]
        if missing:
            raise DynamicTableError(table=table.name, problem=f"it reads {missing[0]}, which doesn't exist")
        return read(table, self.store.dialect, columns, self._aggregates)

    def _plan(
        self,
        table: DynamicTable,
        standing: Standing,
        inputs: Mapping[Name, Change],
        shape: Shape,
        changed: int,
        rows: int,
        past: Collection[Refresh],
    ) -> Plan:
        if not standing.digest or not self.store.exists(table.name):
            return Plan(NEW, "it was never filled")
        if standing.digest != table.digest:
            return Plan(NEW, "its query has changed")
        always = isinstance(shape, Whole) or table.mode is Mode.FULL
        if always and self.scheduled and self._may_wait(table, standing):
            return Plan("", "its lag is not due")
        whole = next((change.whole for change in inputs.values() if change.whole), "")
        if exception := standing.stale or whole:
            return Plan(FULL, exception)
        if always or table.mode is Mode.INCREMENTAL:
            return Plan(FULL if always else STEP, _always(table, shape), compared=always)
        choice: Choice = choose(changed, rows, past)
        return Plan(STEP if choice.incremental else FULL, choice.reason, compared=rows <= SMALL)

    def _may_wait(self, table: DynamicTable, standing: Standing) -> bool:
        """Whether a rebuild may be put off: half of its lag is left."""
        lag = self.graph.lag(table.name)
        if lag is None or standing.data_at is None:
            return False
        return (self._data_at - standing.data_at).total_seconds() < lag / 2

    def _execute(self, plan: Plan, query: Query, shape: Shape, deltas: Mapping[Name, Delta]) -> Delta | None:
        """Bring the table to this moment, and note for those that read it what changed; None: it was remade."""
        name = query.table.name
        if plan.action in (NEW, FULL):
            change = self._rebuild(plan, query, shape)
            if change.delta is None or change.delta.rows:
                self._changes[name] = change
            return change.delta
        if isinstance(shape, Grouped):
            delta = Sums(self.store, query, shape).refresh(deltas)
        elif isinstance(shape, Keyed):
            delta = by_key(self.store, query, shape, deltas)
        else:
            delta = by_rows(self.store, query, deltas)
        if delta.rows:
            self._changes[name] = Change(delta)
        return delta

    def _rebuild(self, plan: Plan, query: Query, shape: Shape) -> Change:
        """Make the table anew; tables that read it get the difference, if the plan says so."""
        name, table = query.table.name, query.table
        compared = plan.compared and self.graph.readers(name)
        listed = ", ".join(f'"{column}"' for column in query.outputs)
        old = self.store.temporary(f"select {listed} from {name.sql}") if compared else ""
        self.store.run(f'create schema if not exists "{name.schema}"')
        self.store.create(name, f"(\n{table.sql}\n)")
        for columns in self._looked_up(query, shape):
            self.store.index(name, columns)
        self.store.looked_at(name)
        if isinstance(shape, Grouped) and table.mode is not Mode.FULL:
            Sums(self.store, query, shape).begin()
        if not compared:
            return Change(whole=f"{name} was made anew")
        fresh = self.store.temporary(f"select {listed} from {name.sql}")
        return Change(self.store.delta(fresh, old))

    def _looked_up(self, query: Query, shape: Shape) -> list[tuple[str, ...]]:
        """The columns by which rows of a table are found in later refreshes, by itself and by those that read it."""
        found = [shape.key] if isinstance(shape, Keyed) else []
        if isinstance(shape, Grouped):
            found.append(shape.outputs)
        found += [query.table.key] if query.table.key else []
        for reader in self.graph.readers(query.table.name):
            found += [self.graph.tables[reader].key] if self.graph.tables[reader].key else []
        return [one for one in dict.fromkeys(found) if set(one) <= set(query.outputs)]

    def _finished(self, refresh: Refresh, finished: dt.datetime) -> Refresh:
        asked = self.graph.lag(refresh.name)
        oldest = self._oldest if refresh.action != NOTHING else None
        real = Decimal(f"{(finished - oldest).total_seconds():.3f}") if oldest else None
        late = real > asked if real is not None and asked is not None else None
        return replace(
            refresh, oldest_change_at=oldest, data_at=self._data_at, finished_at=finished,
            asked_lag_seconds=asked, real_lag_seconds=real, is_late=late,
        )  # fmt: skip


def check_mode(table: DynamicTable, shape: Shape) -> None:
    """Raise ``DynamicTableError`` if INCREMENTAL was asked for and can't be."""
    if table.mode is Mode.INCREMENTAL and isinstance(shape, Whole):
        raise DynamicTableError(
            table=table.name,
            problem=f"its refresh_mode is INCREMENTAL, but its query can't be: {shape.reason}",
        )


def _always(table: DynamicTable, shape: Shape) -> str:
    """The reason of a rebuild that is no exception."""
    return shape.reason if isinstance(shape, Whole) else f"its refresh_mode is {table.mode}"
