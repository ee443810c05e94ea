"""A project with dynamic tables, as its user types it, on DuckDB and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pyarrow as pa
import pytest

from brewhouse.dynamic.place import inbox_of
from brewhouse.project import open_project
from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.engine import Engine
from brewhouse.warehouse.fingerprint import Fingerprint, fingerprint
from brewhouse.warehouse.postgres.engine import Postgres
from tests.conftest import Place
from tests.integration.test_mistakes import is_clear
from tests.support.dynamic_project import NAMES, create_raw, differing, fill_file, make_project
from tests.support.postgres import Server, rows
from tests.support.shop import RAW, Row, item, order

ORDERS = [*(order(n) for n in range(30)), order(3)]
ITEMS = [item(n) for n in range(80)]


@pytest.fixture(scope="module")
def built_shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Built once on DuckDB; look, but do not touch."""
    root = make_project(tmp_path_factory.mktemp("shop") / "shop")
    fill_file(root / "warehouse.duckdb", {"orders": ORDERS, "order_items": ITEMS})
    place = Place(root)
    done = place.brewhouse("build")
    assert done.code == 0, done.err + done.out
    return place


@pytest.fixture
def shop(built_shop: Place, tmp_path: Path) -> Place:
    """A copy to do with as the test likes."""
    shutil.copytree(built_shop.root, tmp_path / "shop", symlinks=True)
    return Place(tmp_path / "shop")


@pytest.fixture
def url(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with postgres.database() as name:
        given = postgres.url(database=name)
        monkeypatch.setenv("BREWHOUSE_POSTGRES_URL", given)
        rows(given, "create schema raw")
        for table in RAW:
            rows(given, create_raw(table))
        yield given


def send(place: Place, table: str, kind: str, given: Sequence[Row], batch: str = "") -> None:
    """Leave rows in the project's inbox."""
    columns = list(RAW[table])
    content = pa.table({name: [row[n] for row in given] for n, name in enumerate(columns)})
    key = columns[:1]
    inbox_of(open_project(place.root)).send(
        {f"raw.{table}": {kind: content}}, {f"raw.{table}": key}, batch=batch
    )


def prints_on_duckdb(place: Place) -> dict[str, Fingerprint]:
    engine = DuckDB(lambda: duckdb.connect(place.warehouse, read_only=True))
    try:
        return prints(engine)
    finally:
        engine.close()


def prints_on_postgres(url: str) -> dict[str, Fingerprint]:
    engine = Postgres(url)
    try:
        return prints(engine)
    finally:
        engine.close()


def prints(engine: Engine) -> dict[str, Fingerprint]:
    """What the six tables hold, and of which types, in words of no engine."""
    return {name: fingerprint(engine, f'"dynamic_tables"."{name}"') for name in NAMES}


def actions(document: Any) -> dict[str, str]:
    return {one["table"].split(".")[1]: one["action"] for one in document["refreshed"]}


def test_a_build_fills_all_tables_and_a_refresh_has_nothing_to_do(built_shop: Place) -> None:
    assert differing(built_shop.ask) == {}
    assert dict(
        built_shop.ask("select table_name, 1 from duckdb_tables() where schema_name = 'dynamic_tables'")
    ) == (dict.fromkeys(NAMES, 1))
    [(orders, total)] = built_shop.ask(
        "select sum(total_orders), sum(total_revenue) from dynamic_tables.daily_business_metrics"
    )
    assert (orders, total) == (30, sum(row[4] for row in ORDERS[:30]))  # type: ignore[misc]  # the copy counts once
    before = built_shop.warehouse.resolve()
    assert set(actions(built_shop.brewhouse("refresh", "--json").json).values()) == {"no_data"}
    assert built_shop.warehouse.resolve() == before, "nothing changed, nothing is published"


def test_changes_from_the_inbox_show_up_once(shop: Place) -> None:
    send(shop, "orders", "inserts", [order(100), order(101)], batch="a")
    send(shop, "order_items", "inserts", [item(300), item(301), item(302)])
    send(shop, "orders", "inserts", [order(100), order(101)], batch="a")
    send(shop, "orders", "deletes", [order(5)])
    send(shop, "orders", "updates", [order(7, total_amount=None)])
    done = shop.brewhouse("refresh", "--json")
    assert done.code == 0, done.err
    assert differing(shop.ask) == {}
    assert shop.ask("select count(*) from raw.orders where order_id in ('o100', 'o101')") == [(2,)]
    assert shop.ask("select count(*), count(total_amount) from dynamic_tables.fact_orders") == [(31, 30)]
    assert inbox_of(open_project(shop.root)).waiting() == []
    lags = shop.ask(
        "select distinct real_lag_seconds > 0, asked_lag_seconds, is_late "
        "from brewhouse_dynamic.refresh_history where oldest_change_at is not null"
    )
    assert lags == [(True, 60, False)]


def test_a_build_keeps_what_the_refreshes_know(shop: Place) -> None:
    send(shop, "orders", "inserts", [order(100)])
    assert shop.brewhouse("refresh").code == 0
    before = shop.ask("select * from brewhouse_dynamic.state order by all")
    assert shop.brewhouse("build").code == 0
    assert shop.ask("select * exclude data_at from brewhouse_dynamic.state order by all") == [
        row[:-1] for row in before
    ]
    assert differing(shop.ask) == {}
    assert set(actions(shop.brewhouse("refresh", "--json").json).values()) == {"no_data"}


def test_rows_that_somebody_else_has_written_are_noticed(shop: Place) -> None:
    with duckdb.connect(shop.warehouse) as connection:
        connection.execute("delete from raw.orders where order_id = 'o4'")
    done = shop.brewhouse("refresh", "--json").json
    assert actions(done)["enriched_orders"] == "full"
    assert "raw.orders was written to by another writer" in {one["reason"] for one in done["refreshed"]}
    assert differing(shop.ask) == {}


def test_a_changed_select_begins_anew(shop: Place) -> None:
    shop.change(
        "models/dynamic/fact_orders.sql",
        "coalesce(order_sums.items_per_order, 0)",
        "coalesce(order_sums.items_per_order, -1)",
    )
    assert shop.brewhouse("build").code == 0
    assert differing(shop.ask) == {}
    [(fewest,)] = shop.ask("select min(items_per_order) from dynamic_tables.fact_orders")
    assert fewest == -1
    [(reason,)] = shop.ask(
        "select reason from brewhouse_dynamic.refresh_history "
        "where table_name = 'fact_orders' order by finished_at desc limit 1"
    )
    assert reason == "its query has changed"


def test_a_lag_that_nothing_gives_is_an_error(shop: Place) -> None:
    for name in ("daily_business_metrics", "product_performance_metrics"):
        shop.change(f"models/dynamic/{name}.sql", "target_lag='1 minute'", "target_lag='DOWNSTREAM'")
    failed = shop.brewhouse("build")
    assert failed.code == 1
    assert "no table with a lag of its own reads it" in failed.out


def test_an_increment_that_cannot_be_is_an_error_with_its_reason(shop: Place) -> None:
    shop.change("models/dynamic/fact_orders.sql", "refresh_mode='AUTO'", "refresh_mode='INCREMENTAL'")
    shop.change(
        "models/dynamic/fact_orders.sql",
        "select * from orders_with_sums",
        "select *, row_number() over (order by order_id) as place from orders_with_sums",
    )
    failed = shop.brewhouse("build")
    assert failed.code == 1
    assert "a window is not partitioned by its key" in failed.out


def test_plain_dbt_builds_and_the_engine_takes_over(tmp_path: Path) -> None:
    place = Place(make_project(tmp_path / "shop"))
    fill_file(place.warehouse, {"orders": ORDERS, "order_items": ITEMS})
    done = place.dbt("build", "--profiles-dir", ".", "--threads", "4")
    assert done.code == 0, done.out
    told = place.brewhouse("refresh", "--status")
    assert "BH132" in told.err
    is_clear(told, "BH132")
    assert set(actions(place.brewhouse("refresh", "--json").json).values()) == {"initial"}
    assert differing(place.ask) == {}
    again = place.dbt("run", "--profiles-dir", ".")
    assert "left to its refreshes" in again.out


def test_a_failing_table_is_suspended_and_resumed(shop: Place) -> None:
    with duckdb.connect(shop.warehouse) as connection:
        connection.execute(
            "update brewhouse_dynamic.tables set query = query || ' where 1 / 0 > cast(''x'' as int)' "
            "where table_name = 'daily_business_metrics'"
        )
    for _ in range(5):
        failed = shop.brewhouse("refresh")
        assert failed.code == 1
        is_clear(failed, "BH202", exit_code=1)
        assert "1 of 6 dynamic tables were not refreshed" in failed.err
    send(shop, "orders", "inserts", [order(100)])
    left = shop.brewhouse("refresh", "--json")
    assert left.code == 0
    assert "suspended" in left.json["skipped"]["dynamic_tables.daily_business_metrics"]
    assert shop.ask("select count(*) from dynamic_tables.fact_orders where order_id = 'o100'") == [(1,)]
    states = {
        one["table"]: one["state"] for one in shop.brewhouse("refresh", "--status", "--json").json["tables"]
    }
    assert states["dynamic_tables.daily_business_metrics"] == "suspended"
    with duckdb.connect(shop.warehouse) as connection:
        connection.execute(
            "update brewhouse_dynamic.tables set query = replace(query, ' where 1 / 0 > cast(''x'' as int)', '')"
        )
    assert shop.brewhouse("refresh", "--resume", "daily_business_metrics").code == 0
    assert differing(shop.ask) == {}
    wrong = shop.brewhouse("refresh", "--resume", "daily")
    assert wrong.code == 2
    is_clear(wrong, "BH132")


def only_a_view(place: Place) -> None:
    """Take all dynamic models out of the project, and build what is left."""
    shutil.rmtree(place.root / "models" / "dynamic")
    (place.root / "models" / "one.sql").write_text("select 1 as one\n")
    done = place.brewhouse("build")
    assert done.code == 0, done.err + done.out
    none_is_left = place.brewhouse("refresh")
    assert none_is_left.code == 2
    is_clear(none_is_left, "BH132")


def test_tables_that_are_no_longer_declared_are_no_longer_followed(shop: Place) -> None:
    only_a_view(shop)
    assert shop.ask("select schema_name from brewhouse_dynamic.sources") == []
    assert shop.ask("select table_name from duckdb_tables() where table_name like 'log__%'") == []


def test_how_each_table_is_refreshed(built_shop: Place) -> None:
    ways = {
        one["table"].split(".")[1]: one for one in built_shop.brewhouse("refresh", "--explain", "--json").json
    }
    assert {name for name, one in ways.items() if one["incremental"]} == set(NAMES)
    assert ways["daily_business_metrics"]["way"].startswith("adds to sums per order_date_only")
    assert ways["fact_orders"]["way"] == "remakes the rows of each order_id that changed"
    assert {one["asked_seconds"] for one in ways.values()} == {60}


@pytest.mark.slow
def test_on_postgres(url: str, tmp_path: Path, built_shop: Place) -> None:
    """Anyone writes to raw, also while the build is published; a late commit is not lost."""
    place = Place(make_project(tmp_path / "shop", target="postgres"))

    def ask(sql: str) -> list[tuple[Any, ...]]:
        return rows(url, sql)

    def insert(connection: Any, table: str, given: Sequence[Row]) -> None:
        marks = ", ".join(["%s"] * len(RAW[table]))
        with connection.cursor() as cursor:
            cursor.executemany(f"insert into raw.{table} values ({marks})", given)

    writer, late = psycopg2.connect(url), psycopg2.connect(url)
    insert(writer, "orders", ORDERS)
    insert(writer, "order_items", ITEMS)
    writer.commit()
    done = place.brewhouse("build")
    assert done.code == 0, done.err + done.out
    assert differing(ask) == {}
    assert prints_on_postgres(url) == prints_on_duckdb(built_shop), "each engine gives the same"
    insert(late, "orders", [order(200)])
    insert(writer, "orders", [order(100)])
    writer.commit()
    waiting = place.brewhouse("refresh", "--status", "--json")
    assert all(one["behind_seconds"] > 0 for one in waiting.json["tables"]), waiting.err
    assert all(one["incremental"] for one in place.brewhouse("refresh", "--explain", "--json").json)
    assert place.brewhouse("refresh").code == 0
    assert differing(ask) == {}
    assert place.brewhouse(
        "query", "select count(*) as n from dynamic_tables.fact_orders", "--json"
    ).json == [{"n": 31}]
    late.commit()
    assert place.brewhouse("refresh").code == 0
    assert differing(ask) == {}
    assert ask("select count(*) from dynamic_tables.fact_orders where order_id in ('o100', 'o200')") == [(2,)]
    assert place.brewhouse("build").code == 0
    assert differing(ask) == {}
    assert set(actions(place.brewhouse("refresh", "--json").json).values()) == {"no_data"}
    writer.close()
    late.close()
    only_a_view(place)
    assert ask("select tgname from pg_trigger where tgname like 'brewhouse_capture%'") == []
    assert ask("select relname from pg_class where relname like 'log\\_\\_%'") == []
