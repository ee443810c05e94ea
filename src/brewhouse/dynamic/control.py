"""What is kept about dynamic tables in the warehouse itself: declarations, where each stands, and what was done."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from brewhouse.dynamic.store import SCHEMA, Store, literal
from brewhouse.dynamic.table import DynamicTable, Lag, Mode, Name
from brewhouse.errors import DynamicTableError
from brewhouse.warehouse.engine import quoted

SUSPENDED_AFTER: Final = 5
"""Failures in a row after which a table is left alone until it is resumed."""

LETTER: Final = "__declared"
"""Ends the name of the table in which dbt leaves a declaration, beside the model's own table."""

_TABLES: Final = {
    "tables": "schema_name text, table_name text, query text, key_columns text, target_lag text, "
    "refresh_mode text, initialize text, scheduler text, registered_at timestamp",
    "state": "schema_name text, table_name text, digest text, stale text, failures integer, "
    "is_suspended boolean, data_at timestamp",
    "refresh_history": "wave text, schema_name text, table_name text, action text, reason text, "
    "rows_in bigint, rows_out bigint, changed_rows bigint, input_rows bigint, seconds decimal(12,3), "
    "oldest_change_at timestamp, data_at timestamp, finished_at timestamp, asked_lag_seconds bigint, "
    "real_lag_seconds decimal(12,3), is_late boolean",
    "sources": "schema_name text, table_name text, columns text, row_count bigint, digest text, whole text",
    "batches": "batch_id text, source text, applied_at timestamp",
}


@dataclass(frozen=True)
class Standing:
    """Where a table stands."""

    digest: str = ""
    """Of the declaration that its content is of; empty: it was never filled."""
    stale: str = ""
    """Why it has to be made anew at its next refresh; empty if it hasn't."""
    failures: int = 0
    suspended: bool = False
    data_at: dt.datetime | None = None
    """The moment whose raw tables it shows."""


@dataclass(frozen=True)
class Refresh:
    """What one refresh did to one table."""

    wave: str
    name: Name
    action: str
    reason: str
    rows_in: int = 0
    rows_out: int = 0
    changed_rows: int = 0
    """Of its inputs."""
    input_rows: int = 0
    seconds: Decimal = Decimal(0)
    oldest_change_at: dt.datetime | None = None
    data_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    asked_lag_seconds: int | None = None
    real_lag_seconds: Decimal | None = None
    is_late: bool | None = None

    @property
    def refresh(self) -> str:
        """What is common to the waves of one refresh."""
        return self.wave.split("-")[0]

    def seen(self, moment: dt.datetime) -> Refresh:
        """The same, seen by readers only at ``moment``."""
        if self.oldest_change_at is None or self.finished_at is None or self.finished_at >= moment:
            return self
        lag = Decimal(f"{(moment - self.oldest_change_at).total_seconds():.3f}")
        late = None if self.asked_lag_seconds is None else lag > self.asked_lag_seconds
        return replace(self, finished_at=moment, real_lag_seconds=lag, is_late=late)


class Control:
    """The schema ``brewhouse_dynamic`` of one warehouse."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def prepare(self) -> None:
        """Make what is not there yet."""
        self._store.run(f"create schema if not exists {quoted(SCHEMA)}")
        for name, columns in _TABLES.items():
            self._store.run(f"create table if not exists {table(name)} ({columns})")

    def is_there(self) -> bool:
        """Whether any dynamic table was ever declared."""
        return self._store.exists(Name(SCHEMA, "tables")) and self._store.exists(Name(SCHEMA, "state"))

    def declared(self) -> tuple[DynamicTable, ...]:
        """The declarations on record, by name; raises ``DynamicTableError``."""
        found = self._store.rows(
            "select schema_name, table_name, query, key_columns, target_lag, refresh_mode, initialize, "
            f"scheduler from {table('tables')} order by schema_name, table_name"
        )
        return tuple(_declared(*row) for row in found)

    def declare(self, tables: Sequence[DynamicTable], now: dt.datetime) -> None:
        """Put declarations on record, instead of those of the same names."""
        for one in tables:
            self.forget(one.name)
            lag = "" if one.lag is None else str(one.lag)
            values = (
                one.sql, json.dumps(one.key), lag, str(one.mode), "ON_SCHEDULE" if one.waits else "ON_CREATE",
                "DISABLE" if one.lag is None else "ENABLE", now,
            )  # fmt: skip
            self._insert("tables", (*one.name, *values))

    def letters(self) -> dict[Name, Name]:
        """Declarations that dbt has left and nobody has read, by the table that they are of."""
        found = self._store.rows(
            "select table_schema, table_name from information_schema.columns "
            f"where column_name = 'is_filled' and table_name like '%{LETTER}' order by 1, 2"
        )
        return {Name(schema, name.removesuffix(LETTER)): Name(schema, name) for schema, name in found}

    def collect(self, now: dt.datetime) -> None:
        """Put what dbt has left on record. A table that dbt has filled is out of step with what is kept beside it."""
        names = ("query", "key_columns", "target_lag", "refresh_mode", "initialize", "scheduler")
        for name, letter in self.letters().items():
            with self._store.engine.transaction():
                [row] = self._store.rows(f"select {', '.join(names)}, is_filled from {letter.sql}")
                self.forget(name)
                self._insert("tables", (*name, *row[:6], now))
                before = self.standings().get(name)
                if before and row[6]:
                    self.stand(name, replace(before, stale="dbt has filled it"))
                self._store.run(f"drop table {letter.sql}")

    def forget(self, name: Name) -> None:
        """Take a declaration off record; the table stays."""
        self._store.run(f"delete from {table('tables')} where {_is(name)}")

    def standings(self) -> dict[Name, Standing]:
        """Where each table stands that was ever refreshed."""
        found = self._store.rows(
            "select schema_name, table_name, digest, stale, failures, is_suspended, data_at "
            f"from {table('state')}"
        )
        return {Name(*row[:2]): Standing(*row[2:]) for row in found}

    def stand(self, name: Name, standing: Standing) -> None:
        """Note where a table stands."""
        self._store.run(f"delete from {table('state')} where {_is(name)}")
        values = (standing.digest, standing.stale, standing.failures, standing.suspended, standing.data_at)
        self._insert("state", (*name, *values))

    def failed(self, name: Name, why: str, now: dt.datetime, wave: str) -> Standing:
        """Note a failure; the fifth in a row suspends the table."""
        before = self.standings().get(name, Standing())
        failures = before.failures + 1
        after = replace(
            before, failures=failures, suspended=failures >= SUSPENDED_AFTER, stale="its last refresh failed"
        )
        self.stand(name, after)
        self.add(Refresh(wave, name, "failed", why, finished_at=now))
        return after

    def resume(self, name: Name) -> None:
        """Let a suspended table be refreshed again."""
        before = self.standings().get(name, Standing())
        self.stand(name, replace(before, failures=0, suspended=False, stale="it was resumed"))

    def add(self, refresh: Refresh) -> None:
        """Add to the history."""
        values = (
            refresh.wave, *refresh.name, refresh.action, refresh.reason, refresh.rows_in, refresh.rows_out,
            refresh.changed_rows, refresh.input_rows, refresh.seconds, refresh.oldest_change_at,
            refresh.data_at, refresh.finished_at, refresh.asked_lag_seconds, refresh.real_lag_seconds,
            refresh.is_late,
        )  # fmt: skip
        self._insert("refresh_history", values)

    def history(self, most: int = 200) -> tuple[Refresh, ...]:
        """The last refreshes, the newest first."""
        found = self._store.rows(
            f"select * from {table('refresh_history')} order by finished_at desc, wave desc, schema_name, "
            f"table_name limit {most}"
        )
        return tuple(Refresh(row[0], Name(row[1], row[2]), *row[3:]) for row in found)

    def seen(self, moment: dt.datetime) -> None:
        """Readers saw the last refresh only at ``moment``, when it was published: so long was its real lag."""
        last = self.history(1)
        if not last:
            return
        late = f"extract(epoch from (timestamp {literal(str(moment))} - oldest_change_at))"
        self._store.run(
            f"update {table('refresh_history')} set finished_at = timestamp {literal(str(moment))}, "
            f"real_lag_seconds = cast({late} as decimal(12,3)), is_late = {late} > asked_lag_seconds "
            f"where split_part(wave, '-', 1) = {literal(last[0].refresh)} and oldest_change_at is not null "
            f"and finished_at < timestamp {literal(str(moment))}"
        )

    def trim(self, before: dt.datetime) -> None:
        """Drop history and batch numbers that are older."""
        moment = f"timestamp {literal(str(before))}"
        self._store.run(f"delete from {table('refresh_history')} where finished_at < {moment}")
        self._store.run(f"delete from {table('batches')} where applied_at < {moment}")

    def _insert(self, name: str, values: Sequence[object]) -> None:
        self._store.run(f"insert into {table(name)} values ({', '.join(map(value, values))})")


def table(name: str) -> str:
    """One of our tables, with quotes."""
    return quoted(SCHEMA, name)


def value(given: object) -> str:
    """A value as SQL."""
    match given:
        case None:
            return "null"
        case bool():
            return str(given).lower()
        case int() | Decimal():
            return str(given)
        case dt.datetime():
            return f"timestamp {literal(str(given))}"
    return literal(str(given))


def _is(name: Name) -> str:
    return f"schema_name = {literal(name.schema)} and table_name = {literal(name.table)}"


def _declared(  # the columns of the record
    schema: str, name: str, query: str, key: str, lag: str, mode: str, initialize: str, scheduler: str
) -> DynamicTable:
    known = {"ADAPTIVE": Mode.AUTO, **{str(one): one for one in Mode}}
    asked = (mode or "AUTO").upper()
    label = f"{schema}.{name}"
    if asked not in known:
        raise DynamicTableError(
            table=label, problem=f"refresh_mode is {mode!r}: expected AUTO, INCREMENTAL or FULL"
        )
    enabled = (scheduler or ("ENABLE" if lag else "DISABLE")).upper()
    if enabled not in ("ENABLE", "DISABLE") or (enabled == "ENABLE") != bool(lag):
        problem = (
            f"scheduler is {scheduler!r} with target_lag {lag!r}: expected ENABLE with a lag, else DISABLE"
        )
        raise DynamicTableError(table=label, problem=problem)
    when = (initialize or "ON_CREATE").upper()
    if when not in ("ON_CREATE", "ON_SCHEDULE"):
        problem = f"initialize is {initialize!r}: expected ON_CREATE or ON_SCHEDULE"
        raise DynamicTableError(table=label, problem=problem)
    keys: Any = json.loads(key or "[]")
    return DynamicTable(
        Name(schema, name),
        query,
        Lag.parse(lag, label) if lag else None,
        known[asked],
        tuple([keys] if isinstance(keys, str) else keys),
        when == "ON_SCHEDULE",
    )
