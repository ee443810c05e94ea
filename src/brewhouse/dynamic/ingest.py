"""Let changes of a raw table in, so that dynamic tables hear of them: rows and log in one transaction.

On DuckDB this is the way in. On PostgreSQL anyone may write to the table, since triggers write the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from brewhouse.dynamic.capture import AT, OWN, SIGN, log_of
from brewhouse.dynamic.control import value
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.table import Name
from brewhouse.errors import IngestError
from brewhouse.warehouse.engine import quoted


@dataclass(frozen=True)
class Changes:
    """Changes of one raw table, each a relation or ``(select …)`` in the warehouse; empty if there are none.

    ``updates`` replace the rows of the same ``key`` (all copies of them; where there is none they are inserts);
    ``deletes`` need the columns of the key alone. Columns that are not given are null.
    """

    table: Name
    inserts: str = ""
    updates: str = ""
    deletes: str = ""
    key: tuple[str, ...] = ()


def apply(store: Store, changes: Changes, at: dt.datetime) -> None:
    """Delete, then insert, and log both with the moment ``at``; within the transaction that is open.

    Raises ``IngestError``; the caller's transaction is then to be rolled back.
    """
    columns = [name for name in store.columns(changes.table) if name not in OWN]
    if not columns:
        raise IngestError(table=changes.table, problem="there is no such table")
    if (changes.updates or changes.deletes) and not changes.key:
        raise IngestError(table=changes.table, problem="updates and deletes need a key")
    logged = store.dialect == "duckdb" and store.exists(log_of(changes.table))
    for relation in filter(None, (changes.updates, changes.deletes)):
        _delete(store, changes, relation, columns, at if logged else None)
    for relation in filter(None, (changes.inserts, changes.updates)):
        _insert(store, changes, relation, columns, at if logged else None)


def _delete(
    store: Store, changes: Changes, relation: str, columns: Sequence[str], at: dt.datetime | None
) -> None:
    given = _columns(store, changes, relation, columns)
    missing = [name for name in changes.key if name not in given]
    if missing:
        raise IngestError(table=changes.table, problem=f"the rows lack {', '.join(missing)} of the key")
    listed = ", ".join(map(quoted, changes.key))
    keys = store.keys(f"select {listed} from {relation} as s", changes.key)
    found = store.find(changes.table, changes.key, keys)
    if at:
        names = ", ".join(quoted(name) for name in columns)
        log_rows(store, changes.table, names, f"{found.rows} as r", -1, at)
    store.delete(found)


def _insert(
    store: Store, changes: Changes, relation: str, columns: Sequence[str], at: dt.datetime | None
) -> None:
    names = ", ".join(map(quoted, _columns(store, changes, relation, columns)))
    store.run(f"insert into {changes.table.sql} ({names}) select {names} from {relation} as s")
    if at:
        log_rows(store, changes.table, names, f"{relation} as s", 1, at)


def log_rows(store: Store, table: Name, names: str, source: str, sign: int, at: dt.datetime) -> None:
    """Log rows of a table that came (``sign`` 1) or went (-1) at a moment; ``source`` has its columns ``names``."""
    store.run(
        f"insert into {log_of(table).sql} ({names}, {SIGN}, {AT}) "
        f"select {names}, {sign}, {value(at)} from {source}"
    )


def _columns(store: Store, changes: Changes, relation: str, known: Sequence[str]) -> list[str]:
    """The columns of the rows that come; raises ``IngestError`` for one that the table hasn't."""
    given = [
        name for name, _ in store.engine.columns(store.temporary(f"select * from {relation} as s limit 0"))
    ]
    if strange := [name for name in given if name not in known]:
        raise IngestError(table=changes.table, problem=f"the table has no column {', '.join(strange)}")
    return given
