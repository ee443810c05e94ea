"""Dynamic tables: increments against rebuilds, a steady stream, an idle watch, and PostgreSQL's own way.

Orders of about 3.5 lines each are made by DuckDB from hashes of their numbers. The tables are the six of commerce.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import psutil

from bench.measure import Cost, of_call
from bench.table import Line, Report
from bench.tools import BREWHOUSE, brewhouse
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

_ORDERS = """
    select
        cast(cast(md5(cast(i as varchar)) as uuid) as varchar) as order_id,
        cast(hash(i) % 50000 as integer) as customer_id,
        timestamp '2025-01-01' + to_seconds(cast(hash(i + 7) % 31536000 as bigint)) as order_date,
        ['Completed', 'Shipped', 'Pending'][1 + cast(hash(i + 1) % 3 as integer)] as order_status,
        cast(cast(hash(i + 2) % 200000 as decimal(10, 2)) * 0.01 as decimal(10, 2)) as total_amount,
        cast(hash(i + 3) % 4 * 5 as decimal(5, 2)) as discount_percent,
        cast(5 as decimal(8, 2)) as shipping_cost
    from range({}, {}) as r(i)
"""
_ITEMS = """
    select
        cast(cast(md5(cast(i as varchar) || '-' || j) as uuid) as varchar) as order_item_id,
        cast(cast(md5(cast(i as varchar)) as uuid) as varchar) as order_id,
        cast(1000 + hash(i * 7 + j) % 200 as integer) as product_id,
        'Product ' || (hash(i * 7 + j) % 200) as product_name,
        'Category ' || (hash(i * 7 + j) % 8) as product_category,
        cast(hash(i + j) % 4 + 1 as integer) as quantity,
        cast(cast(hash(i * 3 + j) % 20000 as decimal(10, 2)) * 0.01 as decimal(10, 2)) as unit_price,
        cast(cast(hash(i * 5 + j) % 40000 as decimal(12, 2)) * 0.01 as decimal(12, 2)) as line_total
    from range({}, {}) as r(i), range(6) as q(j)
    where j <= hash(i) % 6
"""
_TABLES = {"orders": _ORDERS, "order_items": _ITEMS}


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
    lines += _postgres(ORDERS // 50 if quick else ORDERS // 10)
    note = (
        "CPU seconds of all threads; bounds on ratios are of CPU, since other work on the machine stretches wall time. "
        f"A published refresh copies the warehouse file{'' if not quick else '; with --quick a tenth of the orders'}."
    )
    return Report("dynamic: tables with a declared lag", lines, note)


def _fill(root: Path, orders: int) -> None:
    """Rows in raw, and all tables filled; in the published file."""
    with duckdb.connect(root / "warehouse.duckdb") as connection:
        for table, query in _TABLES.items():
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
        for table, query in _TABLES.items():
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
            for table, query in _TABLES.items()
        }
    inbox.send(tables)


@contextmanager
def _watching(root: Path) -> Iterator[psutil.Process]:
    command = [*BREWHOUSE, "refresh", "--watch", "--quiet"]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(10)
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(120)


def _stream(root: Path, orders: int, seconds: int) -> list[Line]:
    """2,000 orders each second, sent once a second; every table's real lag, as readers saw it."""
    inbox = inbox_of(open_project(root))
    seen: dict[str, float] = {}
    with _watching(root) as watcher:
        before = _cpu(watcher)
        start = time.monotonic()
        ended = threading.Event()
        thread = threading.Thread(target=_look, args=(root, start, ended, seen))
        thread.start()
        for n in range(seconds):
            _send(inbox, orders + 100 * STEP + n * PER_SECOND, PER_SECOND)
            time.sleep(max(0.0, start + n + 1 - time.monotonic()))
        took = time.monotonic() - start
        _until(lambda: not inbox.waiting(), 180)
        cost = Cost(time.monotonic() - start, _cpu(watcher) - before)
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
    with _watching(root) as watcher:
        _until(lambda: _is_quiet(watcher), 120)
        before = _cpu(watcher)
        time.sleep(seconds)
        used = _cpu(watcher) - before
    share = used / seconds
    return [
        Line(
            f"an idle watch for {seconds} s", Cost(seconds, used), f"{100 * share:.2f} % of a core",
            f"<= {100 * MOST_IDLE:.0f} %", share <= MOST_IDLE,
        )
    ]  # fmt: skip


def _postgres(orders: int) -> list[Line]:
    """fact_orders as a materialized view, refreshed as PostgreSQL does it, beside ours."""
    from brewhouse.dynamic.triggers import TriggerCapture
    from brewhouse.load.pg_copy import copy_rows
    from brewhouse.warehouse.postgres.engine import Postgres
    from tests.support.dynamic_project import create_raw
    from tests.support.postgres import server_for_tests

    with server_for_tests() as server, server.database() as name, tempfile.TemporaryDirectory() as folder:
        url = server.url(database=name)
        engine = Postgres(url)
        engine.run("create schema raw")
        for table in ("orders", "order_items", "customers", "products"):
            engine.run(create_raw(table))
        root = make_project(Path(folder, "shop"), target="postgres")
        with _variable("BREWHOUSE_POSTGRES_URL", url):
            done = subprocess.run(
                [*BREWHOUSE, "build", "--json"], cwd=root, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr + done.stdout
        store = Store(engine)

        def fill(begin: int, end: int) -> None:
            with duckdb.connect() as reader, engine.session.cursor() as cursor:
                for table, query in _TABLES.items():
                    names = [row[0] for row in reader.execute(f"describe {query.format(0, 1)}").fetchall()]
                    copy_rows(reader, query.format(begin, end), cursor, f"raw.{table}", names)

        fill(0, orders)
        refresher = Refresher(store, TriggerCapture(store), Control(store).declared())
        refresher.refresh()
        fill(orders, orders + STEP)
        refresher.refresh()
        query = refresher.graph.tables[Name("dynamic_tables", "fact_orders")].sql
        engine.run(f"create schema mv; create materialized view mv.fact_orders as {query}")
        fill(orders + STEP, orders + 2 * STEP)
        ours = of_call(refresher.refresh)
        fact = next(one for one in refresher.control.history() if one.name.table == "fact_orders")
        theirs = of_call(lambda: engine.run("refresh materialized view mv.fact_orders"))
        engine.close()
    ratio = theirs.wall / float(fact.seconds)
    return [
        Line(f"PostgreSQL, {orders:,} orders: REFRESH MATERIALIZED VIEW fact_orders", Cost(theirs.wall, 0.0)),
        Line(
            "  the same table by an increment of 1,000 orders",
            Cost(float(fact.seconds), 0.0),
            f"{ratio:.1f} x",
        ),
        Line("  all six tables by one wave", Cost(ours.wall, 0.0)),
    ]


@contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        with contextlib.suppress(KeyError):
            del os.environ[name]
        if before is not None:
            os.environ[name] = before


def _cpu(process: psutil.Process) -> float:
    found: Any = process.cpu_times()
    return float(found.user + found.system)


def _is_quiet(process: psutil.Process) -> bool:
    """Whether it did next to nothing for three seconds: it has begun, and found nothing to do."""
    before = _cpu(process)
    time.sleep(3)
    return _cpu(process) - before < 0.1


def _until(what: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.5)
