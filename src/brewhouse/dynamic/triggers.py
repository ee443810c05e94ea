"""Capture on PostgreSQL: statement triggers write the log in the transaction of the change, whoever makes it.

A refresh reads and empties the logs at ``repeatable read``. So what it takes is exactly what its snapshot shows of the
sources: a change that commits later, however early it began, is neither in the sources that it reads nor in the rows
that it deletes, and stays for the next one. No sequence and no clock decides what was seen.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Final

from brewhouse.dynamic.capture import AT, OWN, SIGN, Change, Logs, log_of
from brewhouse.dynamic.store import SCHEMA, Store, literal
from brewhouse.dynamic.table import Name
from brewhouse.warehouse.engine import quoted

TRIGGER: Final = "brewhouse_capture"
_EVENTS: Final = {
    "insert": "referencing new table as came",
    "update": "referencing old table as went new table as came",
    "delete": "referencing old table as went",
    "truncate": "",
}


def oldest_pending(store: Store) -> dt.datetime | None:
    """When the oldest change was made that no table shows yet; None if there is none."""
    logs = [log_of(source) for source in Logs(store).recorded()]
    parts = [f"select min({AT}) as at from {log.sql}" for log in logs if store.exists(log)]
    if not parts:
        return None
    found: dt.datetime | None = store.value(f"select min(at) from ({' union all '.join(parts)}) as l")
    return found


class TriggerCapture:
    """Logs that triggers write; what can't have them (a view) is compared by a digest."""

    def __init__(self, store: Store) -> None:
        self._logs = Logs(store)
        self._store = store

    def prepare(self, sources: Iterable[Name]) -> None:
        """Make logs and triggers where they are missing, as on a table that was replaced."""
        recorded = self._logs.recorded()
        for source in sources:
            columns = self._logs.columns(source)
            text, known = json.dumps(columns), recorded.get(source)
            if known and known[3]:
                continue
            if not self._is_table(source):
                self._compare(source, text, known)
            elif not known:
                self._begin(source, columns, "was not followed before")
            elif known[0] != text:
                self._begin(source, columns, "has other columns than before")
            elif not self._has_triggers(source):
                self._begin(source, columns, "was replaced")

    def changes(self, sources: Iterable[Name]) -> Mapping[Name, Change]:
        """What the logs tell."""
        return self._logs.changes(sources)

    def consume(self, sources: Iterable[Name]) -> None:
        """Empty the logs of what this transaction sees."""
        recorded = self._logs.recorded()
        for source in sources:
            if self._store.exists(log_of(source)):
                self._store.run(f"delete from {log_of(source).sql}")
            columns, rows, digest, whole = recorded[source]
            if whole:
                self._logs.record(source, columns, rows, digest, "")

    def keep_to(self, sources: Iterable[Name]) -> None:
        """Drop the other logs, and the triggers that write them."""
        for source in self._logs.drop_others(sources):
            self._store.run(f"drop function if exists {_function_of(source)}() cascade")

    def _begin(self, source: Name, columns: dict[str, str], whole: str) -> None:
        """One transaction: the triggers wait for those who write to the table, so that no row escapes."""
        log = log_of(source)
        listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items() if name not in OWN)
        function = _function_of(source)
        with self._store.engine.transaction():
            self._store.run(f"drop table if exists {log.sql}")
            self._store.run(
                f"create table {log.sql} ({listed}, {SIGN} smallint not null, "
                f"{AT} timestamp not null default (clock_timestamp() at time zone 'UTC'))"
            )
            self._store.run(_function(function, log, tuple(columns)))
            for event, tables in _EVENTS.items():
                name = quoted(f"{TRIGGER}_{event}")
                self._store.run(f"drop trigger if exists {name} on {source.sql}")
                self._store.run(
                    f"create trigger {name} after {event} on {source.sql} {tables} "
                    f"for each statement execute function {function}()"
                )
            self._logs.record(source, json.dumps(columns), 0, "", whole)

    def _compare(self, source: Name, text: str, known: tuple[str, int, str, str] | None) -> None:
        [(rows, digest)] = self._store.rows(
            f"select count(*), coalesce(sum(hashtextextended(cast(t as text), 0)), 0) from {source.sql} as t"
        )
        if not known or known[:3] != (text, int(rows), str(digest)):
            self._logs.record(
                source, text, int(rows), str(digest), "is no table, and has other rows than before"
            )

    def _is_table(self, source: Name) -> bool:
        kind = self._store.value(
            f"select relkind from pg_class where oid = cast({literal(source.sql)} as regclass)"
        )
        return str(kind) in ("r", "p")

    def _has_triggers(self, source: Name) -> bool:
        found = self._store.value(
            f"select count(*) from pg_trigger where tgrelid = cast({literal(source.sql)} as regclass) "
            f"and tgname like {literal(TRIGGER + '%')} and tgenabled in ('O', 'A')"
        )
        return int(found) == len(_EVENTS)


def _function_of(source: Name) -> str:
    return quoted(SCHEMA, f"capture__{source.schema}__{source.table}")


def _function(name: str, log: Name, columns: tuple[str, ...]) -> str:
    """What the triggers call; with the rights of its owner, as a writer need not see our schema."""
    names = ", ".join(map(quoted, columns))

    def write(rows: str, sign: int) -> str:
        return f"insert into {log.sql} ({names}, {SIGN}) select {names}, {sign} from {rows};"

    return f"""
        create or replace function {name}() returns trigger language plpgsql security definer
        set search_path = pg_catalog, pg_temp as $brewhouse$
        begin
            if tg_op = 'INSERT' then
                {write("came", 1)}
            elsif tg_op = 'DELETE' then
                {write("went", -1)}
            elsif tg_op = 'UPDATE' then
                {write("went", -1)}
                {write("came", 1)}
            else
                insert into {log.sql} ({SIGN}) values (0);
            end if;
            return null;
        end
        $brewhouse$
    """
