"""Dynamic tables: increments against rebuilds, a steady stream, an idle watch, and PostgreSQL's own way.

The tables are the six of commerce.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import duckdb

from bench.dynamic_server import on_postgres
from bench.measure import Cost, of_call
from bench.shop_rows import TABLES
from bench.table import Line, Report
from bench.tools import brewhouse
from bench.watching import cpu, is_quiet, until, watching
from brewhouse.dynamic.capture import WriterCapture
from brewhouse.dynamic.control import Control
from brewhouse.dynamic.inbox import Inbox
from brewhouse.dynamic.ingest import Changes, apply
from brewhouse.dynamic.place import inbox_of, open_place
from brewhouse.dynamic.refresh import Refresher, utc_clock
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.table import DynamicTable, Name
from brewhouse.project import open_project
from brewhouse.warehouse.duckdb import connect
from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.engine import Engine
from tests.support.dynamic_project import fill_file, make_project

ORDERS = 1_000_000
STEP = 1_000
PER_SECOND = 2_000
LEAST_RATIO = 20.0
MOST_LAG = 60.0
MOST_IDLE = 0.02
"""Of one core."""


def measure(quick: bool) -> Report:
    """Increments and rebuilds on a file of 1 million orders; a stream of five minutes; an idle minute."""
    orders = ORDERS // 10 if quick else ORDERS
    with tempfile.TemporaryDirectory() as folder:
        root = make_project(Path(folder, "shop"))
        fill_file(root / "warehouse.duckdb", {})
        brewhouse(root, "build")
        _fill(root, orders)
        lines = [
            *_steps(root, orders),
            *_stream(root, orders, 30 if quick else 300),
            *_idle(root, 20 if quick else 60),
        ]
    lines += on_postgres(ORDERS // 50 if quick else ORDERS // 10, PER_SECOND, 30 if quick else 300, MOST_LAG)
    note = (
        "CPU seconds of all threads; bounds on ratios are of CPU, since other work on the machine stretches wall time. "
        f"A published refresh copies the warehouse file{'' if not quick else '; with --quick a tenth of the orders'}."
    )
    return Report("dynamic: tables with a declared lag", lines, note)


def _fill(root: Path, orders: int) -> None:
    """Rows in raw, and all tables filled; in the published file."""
    with duckdb.connect(root / "warehouse.duckdb") as connection:
        for table, query in TABLES.items():
            connection.execute(f"insert into raw.{table} {query.format(0, orders)}")
    brewhouse(root, "refresh")


@contextmanager
def _opened(root: Path) -> Iterator[tuple[Store, tuple[DynamicTable, ...]]]:
    engine = DuckDB(lambda: connect(root / "warehouse.duckdb", memory_limit="1GB"))
    try:
        store = Store(engine)
        yield store, Control(store).declared()
    finally:
        engine.close()


def _steps(root: Path, orders: int) -> list[Line]:
    """1,000 new orders, in the open file and with all that a published refresh takes, against a rebuild."""
    with _opened(root) as (store, tables):
        refresher = Refresher(store, WriterCapture(store), tables)
        refresher.refresh()
        trusting = Refresher(store, WriterCapture(store, trusted=True), tables)
        costs = []
        for n in range(6):
            _apply(store, orders + n * STEP)
            costs.append(of_call(trusting.refresh))
        rebuilt = of_call(lambda: _rebuild(store.engine, refresher))
    step = Cost(median(one.wall for one in costs[1:]), median(one.cpu for one in costs[1:]))
    project = open_project(root)
    published = []
    for n in range(3):
        _send(inbox_of(project), orders + (20 + n) * STEP, STEP)
        published.append(of_call(lambda: _refresh_published(root)))
    whole = Cost(median(one.wall for one in published[1:]), median(one.cpu for one in published[1:]))
    ratio = rebuilt.cpu / step.cpu
    return [
        Line(f"rebuild of the six tables, {orders:,} orders", rebuilt),
        Line(
            f"refresh of {STEP:,} new orders", step, f"{ratio:.1f} x cheaper (wall {rebuilt.wall / step.wall:.1f} x)",
            f">= {LEAST_RATIO:.0f} x" if orders >= ORDERS else "", ratio >= LEAST_RATIO if orders >= ORDERS else None,
        ),
        Line("  with reading the inbox, copying the file and publishing", whole, f"{rebuilt.wall / whole.wall:.1f} x"),
    ]  # fmt: skip


def _apply(store: Store, begin: int) -> None:
    with store.engine.transaction():
        for table, query in TABLES.items():
            rows = f"({query.format(begin, begin + STEP)})"
            apply(store, Changes(Name("raw", table), inserts=rows), utc_clock())
        store.forget()


def _rebuild(engine: Engine, refresher: Refresher) -> None:
    """Each table from its query, one after the other, as a batch build would."""
    engine.run("create schema rebuilt")
    for name in refresher.graph.order:
        query = refresher.graph.tables[name].sql.replace('"dynamic_tables".', '"rebuilt".')
        engine.run(f"create table rebuilt.{name.table} as {query}")
    engine.run("drop schema rebuilt cascade")


def _refresh_published(root: Path) -> None:
    with open_place(open_project(root), command="brewhouse refresh") as place:
        assert not place.refresh().failed


def _send(inbox: Inbox, begin: int, count: int) -> None:
    with duckdb.connect() as connection:
        tables = {
            f"raw.{table}": {"inserts": connection.sql(query.format(begin, begin + count)).to_arrow_table()}
            for table, query in TABLES.items()
        }
    inbox.send(tables)


def _stream(root: Path, orders: int, seconds: int) -> list[Line]:
    """2,000 orders each second, sent once a second; every table's real lag, as readers saw it."""
    inbox = inbox_of(open_project(root))
    seen: dict[str, float] = {}
    with watching(root) as watcher:
        before = cpu(watcher)
        start = time.monotonic()
        ended = threading.Event()
        thread = threading.Thread(target=_look, args=(root, start, ended, seen))
        thread.start()
        for n in range(seconds):
            _send(inbox, orders + 100 * STEP + n * PER_SECOND, PER_SECOND)
            time.sleep(max(0.0, start + n + 1 - time.monotonic()))
        took = time.monotonic() - start
        until(lambda: not inbox.waiting(), 180)
        cost = Cost(time.monotonic() - start, cpu(watcher) - before)
        ended.set()
        thread.join()
    with duckdb.connect(root / "warehouse.duckdb", read_only=True) as connection:
        history = connection.execute(
            "select max(real_lag_seconds), count(distinct wave), count(distinct table_name) "
            "from brewhouse_dynamic.refresh_history where real_lag_seconds is not null "
            "and wave in (select wave from brewhouse_dynamic.refresh_history order by finished_at desc limit 500)"
        ).fetchone()
    assert history is not None
    worst = max(float(history[0]), seen["worst"])
    return [
        Line(
            f"{PER_SECOND:,} orders a second for {took:.0f} s: {seconds * PER_SECOND:,} more", cost,
            f"worst real lag {worst:.1f} s (by the records {float(history[0]):.1f} s)", f"<= {MOST_LAG:.0f} s",
            worst <= MOST_LAG,
        ),
        Line(f"  waves in all {history[1]}", figure=f"a reader looked {seen['looks']:.0f} times"),
    ]  # fmt: skip


def _look(root: Path, start: float, ended: threading.Event, seen: dict[str, float]) -> None:
    """How long ago what a reader misses was sent: each second one batch is, so the orders that are there tell."""
    seen.update(worst=0.0, looks=0.0)
    with duckdb.connect(root / "warehouse.duckdb", read_only=True) as connection:
        [(base,)] = connection.execute(
            "select sum(total_orders) from dynamic_tables.daily_business_metrics"
        ).fetchall()
    while not ended.wait(1.0):
        now = time.monotonic() - start
        with duckdb.connect(root / "warehouse.duckdb", read_only=True) as connection:
            [(there,)] = connection.execute(
                "select sum(total_orders) from dynamic_tables.daily_business_metrics"
            ).fetchall()
        shown = (int(there) - int(base)) / PER_SECOND  # the second up to which all batches are there
        inbox_is_empty = not any((root / ".brewhouse" / "inbox").glob("2*"))
        if not inbox_is_empty:
            seen["worst"] = max(seen["worst"], now - shown)
        seen["looks"] += 1


def _idle(root: Path, seconds: int) -> list[Line]:
    with watching(root) as watcher:
        until(lambda: is_quiet(watcher), 120)
        before = cpu(watcher)
        time.sleep(seconds)
        used = cpu(watcher) - before
    share = used / seconds
    return [
        Line(
            f"an idle watch for {seconds} s", Cost(seconds, used), f"{100 * share:.2f} % of a core",
            f"<= {100 * MOST_IDLE:.0f} %", share <= MOST_IDLE,
        )
    ]  # fmt: skip
