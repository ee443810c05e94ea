"""Which way a query is refreshed in, and why not in a cheaper one."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from brewhouse.dynamic.capture import WriterCapture
from brewhouse.dynamic.graph import Graph
from brewhouse.dynamic.query import read
from brewhouse.dynamic.shape import Shape, Whole, describe, shape_of
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.table import DOWNSTREAM, DynamicTable, Lag, Mode, Name
from brewhouse.errors import DynamicTableError
from brewhouse.warehouse.duckdb import trusted
from brewhouse.warehouse.duckdb_engine import DuckDB
from tests.support.shop import RAW, Shop, dynamic, order

ROWS, GROUPS = "row by row", "adds to sums per "


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    engine = DuckDB(lambda: trusted(duckdb.connect(config={"threads": 1})))
    Shop(engine)
    engine.run("create table raw.readings (device integer, value double)")
    yield Store(engine)
    engine.close()


def shape(store: Store, sql: str, *key: str) -> Shape:
    names = [Name("raw", table) for table in (*RAW, "readings")]
    columns = {name: store.columns(name) for name in names}
    return shape_of(store, read(dynamic("t", sql, key), "duckdb", columns, store.aggregates()))


@pytest.mark.parametrize(
    ("sql", "key", "way"),
    [
        (
            "select order_id, total_amount * 2 as double from raw.orders where total_amount > 1",
            "order_id",
            ROWS,
        ),
        ("select order_id from raw.orders union all select order_id from raw.order_items", "order_id", ROWS),
        ("with o as (select * from raw.orders) select * from (select * from o) as p", "order_id", ROWS),
        (
            "select customer_id, count(*) as n from raw.orders group by customer_id",
            "",
            GROUPS + "customer_id",
        ),
        (
            "select customer_id, sum(total_amount) as s from raw.orders group by 1 having sum(total_amount) > 5",
            "",
            GROUPS + "customer_id",
        ),
        ("select distinct order_id, customer_id from raw.orders", "order_id", "order_id"),
        (
            "select *, sum(total_amount) over (partition by customer_id) as s from raw.orders",
            "customer_id",
            "customer_id",
        ),
        (
            "select o.order_id, i.quantity from raw.orders as o inner join raw.order_items as i using (order_id)",
            "order_id",
            "order_id",
        ),
        (
            (
                "select o.order_id, c.state from raw.orders as o "
                "left join raw.customers as c on c.customer_id = o.customer_id"
            ),
            "order_id",
            "order_id",
        ),
        ("select device, sum(value) as s from raw.readings group by device", "", "device"),
        (
            "select customer_id, avg(total_amount) as a from raw.orders group by customer_id",
            "",
            "customer_id",
        ),
        (
            "select customer_id, median(total_amount) as m from raw.orders group by customer_id",
            "",
            "customer_id",
        ),
    ],
)
def test_what_can_be_done_by_parts(store: Store, sql: str, key: str, way: str) -> None:
    found = shape(store, sql, *filter(None, [key]))
    expected = way if way.startswith((ROWS, GROUPS)) else f"remakes the rows of each {way} that changed"
    assert describe(found) == expected


@pytest.mark.parametrize(
    ("sql", "key", "reason"),
    [
        (
            "select order_id, current_date as today from raw.orders",
            "order_id",
            "current_date() gives another value",
        ),
        ("select order_id, random() as r from raw.orders", "order_id", "gives another value each time"),
        ("select order_id from raw.orders", "", "it declares no key"),
        ("select order_id from raw.orders", "customer_id", "its key customer_id is no column of it"),
        (
            "select trim(order_id) as order_id, count(*) over (partition by order_id) as n from raw.orders",
            "order_id",
            "its key order_id is computed",
        ),
        (
            "select order_id, row_number() over (order by total_amount) as n from raw.orders",
            "order_id",
            "a window is not partitioned by its key",
        ),
        ("select order_id from raw.orders limit 5", "order_id", "limit depends on all rows"),
        ("select count(*) as n from raw.orders", "n", "count() aggregates rows"),
        (
            "select o.order_id from raw.orders as o full join raw.order_items as i on o.order_id = i.order_id",
            "order_id",
            "a full join",
        ),
        (
            "select i.order_id from raw.orders as o left join raw.order_items as i on o.order_id = i.order_id",
            "order_id",
            "optional side of a join",
        ),
        (
            "select order_id from raw.orders where customer_id in (select customer_id from raw.customers)",
            "order_id",
            "a subquery outside of from",
        ),
        (
            "select order_id from raw.orders except select order_id from raw.order_items",
            "order_id",
            "except compares rows",
        ),
        (
            (
                "select o.order_id, sum(i.quantity) over (partition by i.order_id) as q from raw.orders as o "
                "left join raw.order_items as i on o.order_id = i.order_id"
            ),
            "order_id",
            "a window is not partitioned by its key",
        ),
        (
            "select o.order_id, p.price from raw.orders as o inner join raw.products as p on p.price > o.total_amount",
            "order_id",
            "joined neither by its key nor looked up",
        ),
        (
            "select order_id, fsum(total_amount) as s from raw.orders group by order_id",
            "order_id",
            "only the engine knows",
        ),
    ],
)
def test_what_can_only_be_rebuilt_says_why(store: Store, sql: str, key: str, reason: str) -> None:
    found = shape(store, sql, *filter(None, [key]))
    assert isinstance(found, Whole)
    assert reason in found.reason


def test_a_join_that_may_miss_gives_no_equality_between_others(store: Store) -> None:
    """c.customer_id equals o.customer_id only where the optional p is there."""
    sql = """
        select o.customer_id, c.state from raw.orders as o
        inner join raw.customers as c on c.state = o.order_status
        left join raw.products as p on p.product_id = o.customer_id and p.product_id = c.customer_id
    """
    found = shape(store, sql, "customer_id")
    assert describe(found) == "remakes the rows of each customer_id that changed"
    assert {lookup.columns for lookup in getattr(found, "lookups")} == {("state",)}  # noqa: B009


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [
        ("1 minute", 60, "1 minute"),
        ("90 seconds", 90, "90 seconds"),
        ("2 HOURS", 7200, "2 hours"),
        ("downstream", None, "DOWNSTREAM"),
    ],
)
def test_lags(text: str, seconds: int | None, shown: str) -> None:
    lag = Lag.parse(text, "t")
    assert (lag.seconds, str(lag)) == (seconds, shown)


@pytest.mark.parametrize("text", ["", "1", "minute", "0 minutes", "1 week", "-1 hours"])
def test_what_is_no_lag(text: str) -> None:
    with pytest.raises(DynamicTableError, match="such as '1 minute'"):
        Lag.parse(text, "t")


def graph(*tables: DynamicTable) -> Graph:
    return Graph.of(tables, "duckdb")


def test_the_tightest_reader_pulls() -> None:
    found = graph(
        dynamic("a", "select * from raw.orders", lag=DOWNSTREAM),
        dynamic("b", "select * from dynamic.a", lag=DOWNSTREAM),
        dynamic("c", "select * from dynamic.b", lag=Lag(3600)),
        dynamic("d", "select * from dynamic.b", lag=Lag(60)),
        dynamic("e", "select * from raw.products", lag=Lag(120)),
    )
    assert {name.table: found.lag(name) for name in found.order} == {
        "a": 60,
        "b": 60,
        "c": 3600,
        "d": 60,
        "e": 120,
    }
    assert [sorted(name.table for name in one) for one in found.pipelines()] == [["e"], ["a", "b", "c", "d"]]
    assert {name.table for name in found.below(Name("dynamic", "a"))} == {"b", "c", "d"}


@pytest.mark.parametrize("lag", [DOWNSTREAM, None])
def test_downstream_needs_somebody_who_pulls(lag: Lag | None) -> None:
    with pytest.raises(DynamicTableError, match="no table with a lag of its own reads it"):
        graph(
            dynamic("a", "select * from raw.orders", lag=DOWNSTREAM),
            dynamic("b", "select * from dynamic.a", lag=lag),
        )


def test_a_circle_is_named() -> None:
    with pytest.raises(DynamicTableError, match=r"it reads itself: dynamic\.\w reads dynamic\.\w"):
        graph(dynamic("a", "select * from dynamic.b"), dynamic("b", "select * from dynamic.a"))


def test_incremental_that_cannot_be_fails_with_its_reason() -> None:
    engine = DuckDB(lambda: trusted(duckdb.connect(config={"threads": 1})))
    shop = Shop(
        engine,
        [
            dynamic(
                "t",
                "select order_id, row_number() over (order by order_id) as n from raw.orders",
                ["order_id"],
            )
        ],
    )
    shop.insert("orders", order(1))
    failed = shop.refresher.refresh().failed
    assert "its refresh_mode is INCREMENTAL, but its query can't be" in failed[Name("dynamic", "t")]
    assert "a window is not partitioned by its key" in failed[Name("dynamic", "t")]


def test_auto_rebuilds_what_is_small_and_says_so() -> None:
    engine = DuckDB(lambda: trusted(duckdb.connect(config={"threads": 1})))
    shop = Shop(engine, [dynamic("t", "select order_id from raw.orders", ["order_id"], mode=Mode.AUTO)])
    shop.insert("orders", order(1))
    shop.refresher.refresh()
    shop.insert("orders", order(2))
    [done] = shop.refresher.refresh().done
    assert (done.action, done.reason) == ("full", "its inputs have 2 rows: up to 10,000 a rebuild is cheaper")
    assert isinstance(shop.capture(), WriterCapture)
