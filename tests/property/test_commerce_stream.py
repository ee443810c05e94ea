"""Laws of the web shop's stream: orders after the window, for any seed, size, window, dirt and cut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brewhouse.errors import NoStreamError, SimulationSettingsError
from brewhouse.settings import SimulateSettings
from brewhouse.simulate.commerce import parameters
from brewhouse.simulate.commerce.company import Commerce
from brewhouse.simulate.commerce.orders import KEYS_PER_CUSTOMER, STREAM_BASE
from brewhouse.simulate.commerce.stream import STAY_DAYS, regulars
from brewhouse.simulate.commerce.world import MAX_SCALE, World
from brewhouse.simulate.companies import streaming_company
from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.delivery import stream_file
from tests.support.dirt import assert_undone

ORDERS = 60
MOMENTS = {"order_date", "received_at", "ordered_at"}

worlds = st.builds(
    World,
    seed=st.integers(0, 2**63 - 1),
    scale=st.sampled_from([0.02, 0.05]),
    end=st.dates(dt.date(1995, 1, 1), dt.date(2089, 1, 1)),
    days=st.integers(300, 1096),
    dirt=st.sampled_from([0.0, 1.0, 10.0]),
)


def moments(company: Commerce, first: int, count: int, step_ms: int = 250) -> np.ndarray[Any, Any]:
    """Of a stream that began with number 0."""
    return company.end_ms + (first + 1 + np.arange(count)) * step_ms


def streamed(world: World, first: int = 0, count: int = ORDERS, step_ms: int = 250) -> Mapping[str, pa.Table]:
    company = Commerce(world)
    return company.streamed(first, moments(company, first, count, step_ms))


def rows(tables: Sequence[Mapping[str, pa.Table]], name: str, leave_out: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Of several batches, in one order."""
    found = [row for one in tables for row in one[name].to_pylist()]
    return sorted(repr([value for key, value in row.items() if key not in leave_out]) for row in found)


def opened(world: World, **more: Mapping[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    """The company's block, and streams by the beginning of their tables' names."""
    connection = duckdb.connect()
    for prefix, tables in {"": Commerce(world).chunk(0), **more}.items():
        for name, table in tables.items():
            connection.register(prefix + name.replace("truth/", "truth_"), table)
    return connection


def count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(f"select count(*) from ({sql})").fetchone()
    assert row is not None
    return int(row[0])


@settings(max_examples=20, deadline=None)
@given(worlds, st.lists(st.integers(1, ORDERS - 1), max_size=4, unique=True))
def test_any_cut_gives_the_same_rows(world: World, cuts: list[int]) -> None:
    whole = streamed(world)
    edges = [0, *sorted(cuts), ORDERS]
    parts = [streamed(world, begin, end - begin) for begin, end in pairwise(edges)]
    assert rows([whole], "truth/orders") == rows(parts, "truth/orders")
    for name in ("orders", "order_items"):
        assert rows([whole], name) == rows(parts, name), name
    place = {"source_file", "source_row"}
    assert rows([whole], "truth/dirt", place) == rows(parts, "truth/dirt", place)


@settings(max_examples=10, deadline=None)
@given(worlds, st.integers(0, 2**30), st.integers(1, 100_000))
def test_nothing_but_moments_depends_on_the_pace(world: World, first: int, step_ms: int) -> None:
    clean = replace(world, dirt=0)
    slow, fast = streamed(clean, first, 20, step_ms), streamed(clean, first, 20, 1)
    for name in ("orders", "order_items", "truth/orders"):
        assert rows([slow], name, MOMENTS) == rows([fast], name, MOMENTS), name


@settings(max_examples=15, deadline=None)
@given(worlds.map(lambda world: replace(world, dirt=0)))
def test_orders_are_what_customers_can_have_placed(world: World) -> None:
    """By customers who are there, with totals that are the sums of their lines, and under ids that no other has."""
    db = opened(world, new_=streamed(world))
    assert count(db, "from new_orders") == count(db, "from new_truth_orders") == ORDERS
    assert count(db, "from new_truth_dirt") == 0
    there = (
        "from new_orders o join truth_customers c using (customer_id) where c.ever_repeats "
        "and c.registered_at < o.order_date and c.leaves_at > o.order_date"
    )
    assert count(db, there) == ORDERS
    assert count(db, "from new_orders semi join customers using (customer_id)") == ORDERS
    totals = "select order_id, sum(line_total) as total from new_order_items group by 1"
    assert count(db, f"from new_orders join ({totals}) using (order_id) where total_amount = total") == ORDERS
    truth = "from new_orders o join new_truth_orders t using (order_id, customer_id, total_amount)"
    assert (
        count(db, f"{truth} where t.ordered_at = o.order_date and t.order_status = lower(o.order_status)")
        == ORDERS
    )
    for table, key in {
        "orders": "order_id",
        "truth_orders": "order_key",
        "order_items": "order_item_id",
    }.items():
        assert count(db, f"select {key} from {table} union all select {key} from new_{table}") == count(
            db, f"select {key} from {table} union select {key} from new_{table}"
        )
    assert db.execute("select distinct order_status from new_orders").fetchall() == [("Pending",)]


def test_no_company_is_so_large_that_its_keys_reach_the_stream() -> None:
    customers = parameters.CUSTOMERS_AT_SCALE_1 * MAX_SCALE
    assert customers * KEYS_PER_CUSTOMER < STREAM_BASE
    assert (
        min(row["order_key"] for row in streamed(World(scale=0.02))["truth/orders"].to_pylist())
        == STREAM_BASE
    )


def test_dirt_can_be_undone_and_is_logged_where_it_stands() -> None:
    clean, dirty = (streamed(World(scale=0.05, dirt=dirt), 700, 3_000) for dirt in (0, 3))
    assert_undone(clean, dirty, ("orders", "order_items"))
    log = dirty["truth/dirt"].to_pylist()
    assert {row["kind"] for row in log} == {
        "missing_id", "missing_parent", "invalid_value", "clock_skew", "unknown_parent", "exact_duplicate",
        "near_duplicate", "messy_text",
    }  # fmt: skip
    assert {row["source_file"] for row in log} == {
        stream_file("orders", 700),
        stream_file("order_items", 700),
    }
    ids = dirty["orders"].column("order_id").to_pylist()
    lost = {row["source_row"] for row in log if (row["table_name"], row["kind"]) == ("orders", "missing_id")}
    assert lost == {place for place, name in enumerate(ids) if name is None} != set()


def test_who_orders_more_often_is_chosen_more_often() -> None:
    world = World(scale=0.2, dirt=0)
    group = regulars(world)
    assert 100 < len(group) < 1_000
    assert (group.leaves_ms >= world.end_ms + STAY_DAYS * DAY_MS).all()
    total = 100 * len(group)
    ids = np.asarray(streamed(world, 0, total, 1)["truth/orders"].column("customer_id"))
    found = np.bincount(ids, minlength=world.customers + 1)[group.ids]
    expected = total * group.rate / group.rate.sum()
    assert found.sum() == total, "nobody else orders"
    chi = float(((found - expected) ** 2 / expected).sum())
    assert chi < len(group) + 6 * (2 * len(group)) ** 0.5


def test_planted_affinities_hold_in_the_stream() -> None:
    world = World(scale=0.05, dirt=0)
    db = opened(world, new_=streamed(world, 0, 30_000, 1))
    found = db.execute(
        "select a.add_rate, count(*), count(p.order_id) from truth_affinities a "
        "join new_order_items i using (product_id) left join new_order_items p "
        "on p.order_id = i.order_id and p.product_id = a.partner_product_id group by a.product_id, a.add_rate"
    ).fetchall()
    assert len(found) == 24
    for rate, leaders, pairs in found:
        error = (0.25 / leaders) ** 0.5
        assert float(rate) - 4 * error < pairs / leaders < float(rate) + 0.1 + 4 * error


def test_an_empty_batch_has_all_tables_and_no_row() -> None:
    assert {name: table.num_rows for name, table in streamed(World(scale=0.02), 5, 0).items()} == {
        "orders": 0, "order_items": 0, "truth/dirt": 0, "truth/orders": 0,
    }  # fmt: skip


def test_a_shop_without_customers_says_so() -> None:
    with pytest.raises(SimulationSettingsError, match=r"scale = 0.0002.*customers at the end"):
        streamed(World(scale=0.0002, seed=3))


@pytest.mark.parametrize("blueprint", ["saas", "sandbox"])
def test_other_companies_have_no_stream(blueprint: str) -> None:
    with pytest.raises(NoStreamError, match=f"{blueprint} has no stream.*commerce"):
        streaming_company(blueprint, SimulateSettings())
