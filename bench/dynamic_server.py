"""Dynamic tables on PostgreSQL: beside its own REFRESH MATERIALIZED VIEW, and under a steady stream."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bench.measure import BrokenBenchmarkError, Cost, of_call
from bench.shop_rows import TABLES
from bench.table import Line
from bench.tools import BREWHOUSE
from bench.watching import cpu, until, watching
from brewhouse.dynamic.control import Control
from brewhouse.dynamic.refresh import Refresher
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.table import Name
from brewhouse.dynamic.triggers import TriggerCapture, oldest_pending
from brewhouse.load.pg_copy import copy_rows
from brewhouse.warehouse.postgres.engine import Postgres
from tests.support.dynamic_project import create_raw, make_project
from tests.support.postgres import server_for_tests

STEP = 1_000

Fill = Callable[[int, int], None]
"""Inserts the orders from a number to another one, and their lines, in one transaction."""


def on_postgres(orders: int, per_second: int, seconds: int, most_lag: float) -> list[Line]:
    """``orders`` in raw; then an increment beside a materialized view; then ``per_second`` orders a second."""
    with _shop() as (engine, root):
        store = Store(engine)

        def fill(begin: int, end: int) -> None:
            with engine.transaction(), duckdb.connect() as reader, engine.session.cursor() as cursor:
                for table, query in TABLES.items():
                    names = [row[0] for row in reader.execute(f"describe {query.format(0, 1)}").fetchall()]
                    copy_rows(reader, query.format(begin, end), cursor, f"raw.{table}", names)

        fill(0, orders)
        refresher = Refresher(store, TriggerCapture(store), Control(store).declared())
        refresher.refresh()
        fill(orders, orders + STEP)
        refresher.refresh()
        lines = _beside_a_view(refresher, fill, orders)
        return lines + _stream(root, store, fill, orders + 3 * STEP, per_second, seconds, most_lag)


@contextmanager
def _shop() -> Iterator[tuple[Postgres, Path]]:
    """A built project on a server of its own."""
    with server_for_tests() as server, server.database() as name, tempfile.TemporaryDirectory() as folder:
        url = server.url(database=name)
        engine = Postgres(url)
        engine.run("create schema raw")
        for table in ("orders", "order_items", "customers", "products"):
            engine.run(create_raw(table))
        root = make_project(Path(folder, "shop"), target="postgres")
        os.environ["BREWHOUSE_POSTGRES_URL"] = url
        try:
            done = subprocess.run(
                [*BREWHOUSE, "build"], cwd=root, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise BrokenBenchmarkError(done.stderr + done.stdout)
            yield engine, root
        finally:
            del os.environ["BREWHOUSE_POSTGRES_URL"]
            engine.close()


def _beside_a_view(refresher: Refresher, fill: Fill, orders: int) -> list[Line]:
    """fact_orders as a materialized view, refreshed as PostgreSQL does it, beside ours."""
    engine = refresher.store.engine
    query = refresher.graph.tables[Name("dynamic_tables", "fact_orders")].sql
    engine.run(f"create schema mv; create materialized view mv.fact_orders as {query}")
    fill(orders + STEP, orders + 2 * STEP)
    ours = of_call(refresher.refresh)
    fact = next(one for one in refresher.control.history() if one.name.table == "fact_orders")
    theirs = of_call(lambda: engine.run("refresh materialized view mv.fact_orders"))
    engine.run("drop schema mv cascade")
    seconds = float(fact.seconds)
    return [
        Line(f"PostgreSQL, {orders:,} orders: REFRESH MATERIALIZED VIEW fact_orders", Cost(theirs.wall, 0.0)),
        Line(
            "  that table by an increment of 1,000 orders",
            Cost(seconds, 0.0),
            f"{theirs.wall / seconds:.1f} x",
        ),
        Line("  all six tables by one wave", Cost(ours.wall, 0.0)),
    ]


def _stream(
    root: Path, store: Store, fill: Fill, first: int, per_second: int, seconds: int, most_lag: float
) -> list[Line]:
    """So many orders each second, committed once a second; the worst lag that is on record."""
    with watching(root) as watcher:
        [(before,)] = store.rows("select clock_timestamp() at time zone 'UTC'")
        used, start = cpu(watcher), time.monotonic()
        for n in range(seconds):
            fill(first + n * per_second, first + (n + 1) * per_second)
            time.sleep(max(0.0, start + n + 1 - time.monotonic()))
        took = time.monotonic() - start
        until(lambda: oldest_pending(store) is None, 180)
        cost = Cost(time.monotonic() - start, cpu(watcher) - used)
    [(worst, waves, late)] = store.rows(
        "select max(real_lag_seconds), count(distinct wave), count(distinct wave) filter (where is_late) "
        f"from brewhouse_dynamic.refresh_history where finished_at > timestamp '{before}'"
    )
    [(there,)] = store.rows("select count(*) from dynamic_tables.fact_orders")
    [(sent,)] = store.rows("select count(*) from raw.orders")
    assert there == sent, f"{there} of {sent} orders arrived"
    return [
        Line(
            f"  {per_second:,} orders a second for {took:.0f} s: {seconds * per_second:,} more", cost,
            f"worst real lag {float(worst):.1f} s, {late} of {waves} waves late", f"<= {most_lag:.0f} s",
            float(worst) <= most_lag,
        )
    ]  # fmt: skip
