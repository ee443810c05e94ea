"""What changed in raw tables since the last refresh: a log per table, written in the transaction of the change.

A row of a log is a row of the table that came (``_sign`` 1) or went (-1), and when. A row with ``_sign`` 0 says that
the log doesn't tell all: the table has to be taken whole.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from brewhouse.dynamic.control import table
from brewhouse.dynamic.store import SCHEMA, Delta, Store, literal
from brewhouse.dynamic.table import Name
from brewhouse.errors import DynamicTableError
from brewhouse.warehouse.engine import quoted

SIGN: Final = "_brewhouse_sign"
AT: Final = "_brewhouse_at"
OWN: Final = frozenset({SIGN, AT})


@dataclass(frozen=True)
class Change:
    """What changed in one source; ``whole``: why the log doesn't tell, and the table has to be taken anew."""

    delta: Delta | None = None
    whole: str = ""
    oldest_at: dt.datetime | None = None
    """When the first of these changes was made."""


class Capture(Protocol):
    """How changes get into the logs on one engine."""

    def prepare(self, sources: Iterable[Name]) -> None:
        """See that the changes of ``sources`` are captured from now on; in transactions of its own."""
        ...

    def changes(self, sources: Iterable[Name]) -> Mapping[Name, Change]:
        """What the logs tell at this moment, of the sources that changed; in the refresh's transaction."""
        ...

    def consume(self, sources: Iterable[Name]) -> None:
        """Forget what ``changes`` has told; in the refresh's transaction."""
        ...

    def keep_to(self, sources: Iterable[Name]) -> None:
        """Stop following whatever else was followed: no table reads it any longer."""
        ...


def log_of(source: Name) -> Name:
    """The log of a source."""
    return Name(SCHEMA, f"log__{source.schema}__{source.table}")


class Logs:
    """The logs and what is on record of the sources: the same on both engines."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def recorded(self) -> dict[Name, tuple[str, int, str, str]]:
        """Columns, rows, digest and why it is to be taken whole, of each source on record."""
        found = self.store.rows(
            f"select schema_name, table_name, columns, row_count, digest, whole from {table('sources')}"
        )
        return {Name(*row[:2]): (row[2], int(row[3]), row[4], row[5]) for row in found}

    def record(self, source: Name, columns: str, rows: int, digest: str, whole: str) -> None:
        """Note what a source is like."""
        self.forget(source)
        values = (
            ", ".join(map(literal, (source.schema, source.table, columns)))
            + f", {rows}, {literal(digest)}, {literal(whole)}"
        )
        self.store.run(f"insert into {table('sources')} values ({values})")

    def forget(self, source: Name) -> None:
        """Take a source off record."""
        self.store.run(
            f"delete from {table('sources')} where schema_name = {literal(source.schema)} "
            f"and table_name = {literal(source.table)}"
        )

    def drop_others(self, sources: Iterable[Name]) -> list[Name]:
        """Drop the logs of what is on record and not among ``sources``; returns whose logs they were."""
        others = sorted(self.recorded().keys() - set(sources))
        for source in others:
            self.store.run(f"drop table if exists {log_of(source).sql}")
            self.forget(source)
        return others

    def columns(self, source: Name) -> dict[str, str]:
        """Of a source that has to be there; raises ``DynamicTableError``."""
        found = self.store.columns(source)
        if not found:
            problem = "it doesn't exist: expected a table that was loaded, or declared as a dynamic table"
            raise DynamicTableError(table=f"that reads {source}", problem=problem)
        return found

    def changes(self, sources: Iterable[Name]) -> Mapping[Name, Change]:
        """What the logs tell of sources that are on record; of those that changed."""
        recorded = self.recorded()
        found = {source: self.change(source, recorded[source][3]) for source in sources}
        return {source: change for source, change in found.items() if change}

    def change(self, source: Name, whole: str) -> Change | None:
        """What the log of a source tells, or None if nothing changed."""
        if whole:
            return Change(whole=f"{source} {whole}")
        log = log_of(source)
        if not self.store.exists(log):
            return None
        [(rows, gone, marks, oldest)] = self.store.rows(
            f"select count(*), count(case when {SIGN} < 0 then 1 end), count(case when {SIGN} = 0 then 1 end), "
            f"min({AT}) from {log.sql}"
        )
        if not rows:
            return None
        if marks:
            return Change(whole=f"{source} was emptied", oldest_at=oldest)
        delta = self._delta(log, gone=bool(gone))
        return Change(delta, oldest_at=oldest) if delta.rows else None

    def _delta(self, log: Name, *, gone: bool) -> Delta:
        """The log as what came and what went; what did both is no change."""
        store = self.store
        names = ", ".join(quoted(name) for name in store.columns(log) if name not in OWN)
        if not gone:
            plus = store.temporary(f"select {names} from {log.sql}")
            minus = store.temporary(f"select {names} from {log.sql} where false")
            return Delta(plus, minus, store.count(plus), 0)
        net = store.temporary(
            f"select {names}, sum({SIGN}) as {SIGN} from {log.sql} group by {names} having sum({SIGN}) <> 0"
        )
        most = store.value(f"select coalesce(max(abs({SIGN})), 0) from {net}")
        copies = f"(select * from generate_series(1, {most}) as g(i)) as g"
        plus, minus = (
            store.temporary(f"select {names} from {net} as n inner join {copies} on g.i <= {sign}n.{SIGN}")
            for sign in ("", "-")
        )
        return Delta(plus, minus, store.count(plus), store.count(minus))


class WriterCapture:
    """DuckDB: who writes through ``ingest`` writes the log. Other writers are noticed by a digest of the table.

    ``trusted``: nobody else can have written since the last refresh, so that no digest is needed.
    """

    def __init__(self, store: Store, *, trusted: bool = False) -> None:
        self._logs = Logs(store)
        self._store = store
        self._trusted = trusted

    def prepare(self, sources: Iterable[Name]) -> None:
        """Make logs, and compare each source with what it has to be like by its log."""
        recorded = self._logs.recorded()
        for source in sources:
            columns = self._logs.columns(source)
            text = json.dumps(columns)
            known = recorded.get(source)
            if known and known[3]:
                continue
            if not known:
                self._begin(source, columns, "was not followed before")
            elif known[0] != text:
                self._begin(source, columns, "has other columns than before")
            elif not self._trusted or not self._is_table(source):
                rows, digest = self._seen(source.sql, columns)
                more, change = self._logged(source, columns)
                if (rows, digest) != (known[1] + more, int(known[2]) + change):
                    self._begin(source, columns, "was written to by another writer")

    def changes(self, sources: Iterable[Name]) -> Mapping[Name, Change]:
        """What the logs tell."""
        return self._logs.changes(sources)

    def consume(self, sources: Iterable[Name]) -> None:
        """Empty the logs, and note what the sources are like now."""
        recorded = self._logs.recorded()
        for source in sources:
            columns, rows, digest, whole = recorded[source]
            more, change = self._logged(source, json.loads(columns))
            if more or change or whole:
                self._logs.record(source, columns, rows + more, str(int(digest) + change), "")
            self._store.run(f"delete from {log_of(source).sql}")

    def keep_to(self, sources: Iterable[Name]) -> None:
        """Drop the other logs."""
        self._logs.drop_others(sources)

    def _begin(self, source: Name, columns: dict[str, str], whole: str) -> None:
        rows, digest = self._seen(source.sql, columns)
        listed = ", ".join(map(quoted, columns))
        with self._store.engine.transaction():
            self._store.run(
                f"create or replace table {log_of(source).sql} as select {listed}, cast(0 as bigint) as {SIGN}, "
                f"cast(null as timestamp) as {AT} from {source.sql} where false"
            )
            self._logs.record(source, json.dumps(columns), rows, str(digest), whole)

    def _is_table(self, source: Name) -> bool:
        kinds = self._store.engine.relations()
        return any(kind == "table" for name, kind in kinds.items() if name.endswith(f".{source.sql}"))

    def _seen(self, relation: str, columns: Mapping[str, str]) -> tuple[int, int]:
        listed = ", ".join(map(quoted, columns))
        [(rows, digest)] = self._store.rows(
            f"select count(*), coalesce(sum(cast(hash({listed}) as hugeint)), 0) from {relation}"
        )
        return int(rows), int(digest)

    def _logged(self, source: Name, columns: Mapping[str, str]) -> tuple[int, int]:
        """What the log adds to rows and digest."""
        listed = ", ".join(map(quoted, columns))
        [(rows, digest)] = self._store.rows(
            f"select coalesce(sum({SIGN}), 0), coalesce(sum({SIGN} * cast(hash({listed}) as hugeint)), 0) "
            f"from {log_of(source).sql}"
        )
        return int(rows), int(digest)
