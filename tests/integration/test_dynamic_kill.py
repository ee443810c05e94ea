"""Refreshes that are killed at any moment lose nothing and double nothing, and readers never see half of one."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest

from tests.conftest import Place
from tests.integration.test_dynamic_project import send
from tests.support.dynamic_project import create_raw, differing, fill_file, make_project
from tests.support.postgres import Server, rows
from tests.support.shop import RAW, item, order

FIRST = {"orders": [order(n) for n in range(30)], "order_items": [item(n) for n in range(80)]}
KILLS = 6

ONE_ORDER = "select count(*) from dynamic_tables.fact_orders where order_id = 'o{}'"
ONE_MOMENT = """
    select
        (select count(*) from dynamic_tables.enriched_orders) as orders,
        (select count(*) from dynamic_tables.fact_orders) as facts,
        (select sum(total_orders) from dynamic_tables.daily_business_metrics) as counted,
        (select sum(items_per_order) from dynamic_tables.fact_orders) as items,
        (select sum(total_items) from dynamic_tables.daily_business_metrics) as items_counted,
        (select sum(items_sold) from dynamic_tables.product_performance_metrics) as sold,
        (select count(*) from dynamic_tables.fact_order_items) as lines
"""


class World:
    """A project, and ways to write to its raw tables and to ask it."""

    def __init__(self, place: Place, url: str = "") -> None:
        self.place, self.url = place, url

    def write(self, number: int) -> None:
        """Orders with items, and one order that changes; all of it at once."""
        new = [order(number), order(number + 1)]
        lines = [item(number * 3 + n) for n in range(6)]
        if not self.url:
            send(self.place, "orders", "inserts", new, batch=f"orders-{number}")
            send(self.place, "order_items", "inserts", lines)
            send(self.place, "orders", "updates", [order(number % 30, total_amount=number)])
            return
        with psycopg2.connect(self.url) as connection, connection.cursor() as cursor:
            for table, given in (("orders", new), ("order_items", lines)):
                cursor.executemany(
                    f"insert into raw.{table} values ({', '.join(['%s'] * len(RAW[table]))})", given
                )
            cursor.execute(
                "update raw.orders set total_amount = %s where order_id = %s", [number, f"o{number % 30}"]
            )

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        if self.url:
            return rows(self.url, sql)
        return self.place.ask(sql)

    def start(self, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "brewhouse", "refresh", *options], cwd=self.place.root, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


@pytest.fixture(scope="module")
def on_file(tmp_path_factory: pytest.TempPathFactory) -> Place:
    root = make_project(tmp_path_factory.mktemp("killed") / "shop")
    fill_file(root / "warehouse.duckdb", FIRST)
    done = Place(root).brewhouse("build")
    assert done.code == 0, done.err + done.out
    return Place(root)


@pytest.fixture(params=["duckdb", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    if request.param == "duckdb":
        built: Place = request.getfixturevalue("on_file")
        shutil.copytree(built.root, tmp_path / "shop", symlinks=True)
        yield World(Place(tmp_path / "shop"))
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as name:
        url = server.url(database=name)
        monkeypatch.setenv("BREWHOUSE_POSTGRES_URL", url)
        rows(url, "create schema raw")
        for table in RAW:
            rows(url, create_raw(table))
        made = World(Place(make_project(tmp_path / "shop", target="postgres")), url)
        made.write(0)
        done = made.place.brewhouse("build")
        assert done.code == 0, done.err + done.out
        yield made


@pytest.mark.slow
def test_killed_at_any_moment_it_resumes(world: World) -> None:
    chance = random.Random(7)
    world.write(90)
    begin = time.monotonic()
    assert world.start().wait() == 0
    took = time.monotonic() - begin
    [(before,)] = world.ask("select count(*) from raw.orders")
    reached = set()
    for n in range(KILLS):
        world.write(100 + 10 * n)
        process = world.start()
        time.sleep(chance.uniform(0.1, 0.95) * took)
        reached.add(process.poll() is None)
        process.send_signal(signal.SIGKILL)
        process.wait()
        [moment] = world.ask(ONE_MOMENT)
        assert_one_moment(moment)
    assert True in reached, "no refresh was killed while it ran"
    done = world.place.brewhouse("refresh")
    assert done.code == 0, done.err
    assert differing(world.ask) == {}
    assert world.ask("select count(*), count(distinct order_id) from raw.orders") == [
        (before + 2 * KILLS,) * 2
    ]
    assert world.ask("select count(*) from dynamic_tables.fact_orders") == [(before + 2 * KILLS,)]


@pytest.mark.slow
def test_a_reader_never_sees_half_a_refresh(world: World) -> None:
    ended, seen, wrong = threading.Event(), set(), list[Any]()

    def read() -> None:
        while not ended.is_set():
            [moment] = world.ask(ONE_MOMENT)
            seen.add(moment)
            try:
                assert_one_moment(moment)
            except AssertionError:
                wrong.append(moment)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for n in range(4):
            world.write(200 + 10 * n)
            assert world.place.brewhouse("refresh").code == 0
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(seen) >= 4, "the readers did not see the refreshes come"


def assert_one_moment(moment: tuple[Any, ...]) -> None:
    orders, facts, counted, items, items_counted, sold, lines = moment
    assert orders == facts == counted
    assert items == items_counted == sold == lines


@pytest.mark.slow
def test_watch_keeps_the_lag(world: World) -> None:
    hurry = "update brewhouse_dynamic.tables set target_lag = '30 seconds' where target_lag = '1 minute'"
    if world.url:
        rows(world.url, hurry)
    else:
        with duckdb.connect(world.place.warehouse) as connection:
            connection.execute(hurry)
    process = world.start("--watch")
    assert process.stdout is not None
    assert "Watching" in process.stdout.readline()
    try:
        for number in (300, 310):
            world.write(number)
            wait_for(lambda: world.ask(ONE_ORDER.format(number)) == [(1,)])  # noqa: B023  # called at once
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
    assert process.returncode == 130
    counts = "count(oldest_change_at), count(case when is_late then 1 end)"
    [(done, late)] = world.ask(f"select {counts} from brewhouse_dynamic.refresh_history")
    assert done > 0
    assert late == 0
    assert differing(world.ask) == {}


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.3)
