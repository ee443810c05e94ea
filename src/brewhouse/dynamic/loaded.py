"""What a load changes in raw tables is logged for the dynamic tables that read them (DuckDB).

A loader inserts and deletes rows and never changes one in place, and each row says by which load it came. So the rows
of loads that were not there before are those that came, and of the older ones, those that are missing have gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from brewhouse.dynamic.capture import OWN, log_of
from brewhouse.dynamic.ingest import log_rows
from brewhouse.dynamic.refresh import utc_clock
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.table import Name
from brewhouse.warehouse.engine import quoted

LOAD_ID: Final = "_dlt_load_id"


@dataclass(frozen=True)
class _Before:
    """A table before a load; ``rows``: a copy of it, or empty if the load only adds rows."""

    table: Name
    columns: Mapping[str, str]
    loads: str
    rows: str


@contextmanager
def logged(store: Store, schema: str, tables: Mapping[str, bool]) -> Iterator[None]:
    """Log what changes within in ``tables``, by name; the value says whether rows of it may go.

    Only tables that a dynamic table reads have a log. One that comes to have other columns is left to the next
    refresh, which takes it whole.
    """
    moment = utc_clock()
    found = [_before(store, Name(schema, name), keeps=not may_lose) for name, may_lose in tables.items()]
    yield
    for before in filter(None, found):
        if store.columns(before.table) == before.columns:
            names = ", ".join(quoted(name) for name in before.columns)
            old = f"coalesce({LOAD_ID}, '') in (select load_id from {before.loads})"
            table = before.table.sql
            log_rows(
                store, before.table, names, f"(select {names} from {table} where not {old}) as s", 1, moment
            )
            if before.rows:
                kept = f"select {names} from {table} where {old}"
                gone = f"(select {names} from {before.rows} except all {kept}) as s"
                log_rows(store, before.table, names, gone, -1, moment)
    store.forget()


def _before(store: Store, table: Name, *, keeps: bool) -> _Before | None:
    log, columns = store.columns(log_of(table)), store.columns(table)
    if LOAD_ID not in columns or {name: kind for name, kind in log.items() if name not in OWN} != columns:
        return None
    loads = store.temporary(f"select distinct coalesce({LOAD_ID}, '') as load_id from {table.sql}")
    return _Before(table, columns, loads, "" if keeps else store.temporary(f"select * from {table.sql}"))
