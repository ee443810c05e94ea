"""Laws of the simulated web shop: what it is a function of, and what holds for any seed, size, window and dirt."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brewhouse.errors import SimulationSettingsError
from brewhouse.simulate.commerce.catalog import ADD_RATES_PCT, AFFINITIES, LEVELS, subcategories
from brewhouse.simulate.commerce.company import Commerce, sales
from brewhouse.simulate.commerce.dirt import TABLES
from brewhouse.simulate.commerce.orders import STEPS
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.dataset import encode, read_manifest
from brewhouse.simulate.engine.weak import DESTRUCTIVE
from brewhouse.simulate.engine.work import make_dataset
from tests.support.dirt import assert_undone

GOLDEN = Path(__file__).parents[1] / "golden" / "commerce.json"
MOMENTS = {
    "orders": "order_date", "product_reviews": "review_date", "support_tickets": "ticket_date",
    "truth/orders": "ordered_at", "customers": "registration_date",
}  # fmt: skip
STATE = {
    "orders": ("order_status",),
    "support_tickets": ("status", "resolution"),
    "truth/orders": ("order_status",),
}
"""Columns that tell how a row stands at the end of the window."""

worlds = st.builds(
    World,
    seed=st.integers(0, 2**63 - 1),
    scale=st.sampled_from([0.0002, 0.002, 0.02]),
    end=st.dates(dt.date(1995, 1, 1), dt.date(2089, 1, 1)),
    days=st.integers(60, 1096),
    dirt=st.sampled_from([0.0, 1.0, 10.0]),
)


class Chunk:
    """The tables of block 0 in a DuckDB of their own."""

    def __init__(self, world: World) -> None:
        self.connection = duckdb.connect()
        for name, table in Commerce(world).chunk(0).items():
            self.connection.register(name.replace("truth/", "truth_"), table)

    def count(self, sql: str) -> int:
        return int(self.one(f"select count(*) from ({sql})")[0])

    def one(self, sql: str) -> tuple[Any, ...]:
        row = self.connection.execute(sql).fetchone()
        assert row is not None
        return row


def rows(table: pa.Table) -> list[str]:
    return sorted(map(repr, table.to_pylist()))


@settings(max_examples=25, deadline=None)
@given(worlds.filter(lambda world: world.dirt == 0))
def test_orders_are_what_customers_can_have_placed(world: World) -> None:
    """Nobody orders before signing up, after leaving, or with a total that is not the sum of the lines."""
    chunk = Chunk(world)
    assert chunk.count("from truth_dirt") == 0
    assert chunk.count("from orders anti join customers using (customer_id)") == 0
    assert (
        chunk.count(
            "from orders o join customers c using (customer_id) where o.order_date::date < c.registration_date"
        )
        == 0
    )
    assert (
        chunk.count(
            "from orders o join truth_customers c using (customer_id) "
            "where o.order_date < c.registered_at or o.order_date >= c.leaves_at or not c.ever_buys"
        )
        == 0
    )
    totals = "select order_id, sum(line_total) as total from order_items group by 1"
    assert (
        chunk.count(
            f"from orders o full join ({totals}) t using (order_id) where o.total_amount is distinct from t.total"
        )
        == 0
    )
    assert chunk.count("from order_items where line_total <> quantity * unit_price or quantity < 1") == 0
    assert chunk.count("select order_id, product_id from order_items group by all having count(*) > 1") == 0
    assert chunk.count("from order_items anti join product_catalog using (product_id, product_name)") == 0
    once = "select customer_id from orders group by 1 having count(*) > 1"
    assert chunk.count(f"from ({once}) join truth_customers using (customer_id) where not ever_repeats") == 0


@settings(max_examples=25, deadline=None)
@given(worlds)
def test_truth_and_keys_hold_at_any_dirt(world: World) -> None:
    chunk = Chunk(world)
    assert chunk.count("from truth_customers") <= max(1, round(5_000 * world.scale))
    assert (
        chunk.count("from truth_orders")
        == chunk.one("select coalesce(sum(true_orders), 0) from truth_customers")[0]
    )
    assert chunk.count("select order_key from truth_orders group by 1 having count(*) > 1") == 0
    assert chunk.count("select order_id from truth_orders group by 1 having count(*) > 1") == 0
    places = "select source_file, source_row from truth_dirt group by all having count(*) > 1"
    assert chunk.count(places) == 0
    for table, weak in TABLES.items():
        lost = chunk.count(f"select 1 from {table} where {weak.key} is null")
        logged = chunk.count(f"from truth_dirt where table_name = '{table}' and kind = 'missing_id'")
        assert lost == logged
    start = world.end - dt.timedelta(days=world.days - 1)
    first, last = chunk.one("select min(registered_at), max(registered_at) from truth_customers")
    if first is not None:
        assert start <= first.date()
        assert last.date() <= world.end
    last_order = chunk.one("select max(ordered_at) from truth_orders")[0]
    assert last_order is None or last_order.date() <= world.end


@pytest.fixture(scope="module")
def whole() -> Chunk:
    """Everybody of scale 0.8: 4,000 customers."""
    return Chunk(World(scale=0.8, dirt=0))


def test_sizes_are_as_stated(whole: Chunk) -> None:
    """At scale 1: 5,000 customers, about 91,000 orders, 456,000 lines; 200 products."""
    assert whole.count("from customers") == 4_000
    assert 0.95 < whole.count("from orders") / (0.8 * 91_000) < 1.05
    assert 0.95 < whole.count("from order_items") / (0.8 * 456_000) < 1.05
    tree = whole.one(
        "select count(*), count(distinct product_id), count(distinct product_name), "
        "count(distinct product_category), count(distinct product_subcategory) from product_catalog"
    )
    assert tree == (200, 200, 200, 8, 40)


def test_partners_are_added_as_often_as_planted(whole: Chunk) -> None:
    """At least as often: the partner may have been looked for anyway."""
    found = whole.connection.execute(
        "select product_id, add_rate, pair_orders / product_orders, product_orders from truth_affinities order by 1"
    ).fetchall()
    assert len(found) == len(AFFINITIES)
    assert {round(float(rate), 2) for _, rate, *_ in found} == {rate / 100 for rate in ADD_RATES_PCT}
    for _, rate, share, count in found:
        error = (0.25 / count) ** 0.5
        assert float(rate) - 4 * error < share < float(rate) + 0.1 + 4 * error


def test_planted_pairs_have_the_highest_lift_of_all(whole: Chunk) -> None:
    pairs = whole.connection.execute(
        """
        with baskets as (select distinct order_id, product_id from order_items),
        counts as (select product_id, count(*) as n from baskets group by 1),
        pairs as (
            select a.product_id as a, b.product_id as b, count(*) as n
            from baskets a join baskets b on a.order_id = b.order_id and a.product_id < b.product_id
            group by 1, 2
        )
        select pairs.a, pairs.b from pairs
        join counts ca on ca.product_id = a join counts cb on cb.product_id = b
        where pairs.n >= 40
        order by pairs.n / (ca.n * cb.n) desc
        """
    ).fetchall()
    place = {name: number * len(LEVELS) for number, name in enumerate(subcategories())}
    planted = {
        frozenset((f"PROD_{place[one] + 1:03d}", f"PROD_{place[other] + 2:03d}")) for one, other in AFFINITIES
    }
    assert {frozenset(pair) for pair in pairs[: len(planted)]} == planted


def test_the_segment_drives_what_customers_do(whole: Chunk) -> None:
    orders = dict(
        whole.connection.execute(
            "select customer_segment, avg(true_orders) from truth_customers group by 1"
        ).fetchall()
    )
    value = dict(
        whole.connection.execute(
            "select c.customer_segment, avg(o.total_amount) from truth_orders o "
            "join truth_customers c using (customer_id) group by 1"
        ).fetchall()
    )
    assert orders["premium"] > 1.5 * orders["standard"] > 2 * orders["basic"]
    assert value["premium"] > 1.3 * value["standard"] > 1.6 * value["basic"]
    both = "from customers c join truth_customers t using (customer_id)"
    assert whole.count(f"{both} where lower(c.customer_segment) <> t.customer_segment") == 0


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three blocks made by one worker."""
    root = tmp_path_factory.mktemp("alone")
    make_dataset(Commerce(World(scale=1.7)), root, workers=1)
    return root


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_writes_the_same_files(alone: Path, tmp_path: Path, workers: int) -> None:
    make_dataset(Commerce(World(scale=1.7)), tmp_path, workers=workers)
    assert (tmp_path / "manifest.json").read_text() == (alone / "manifest.json").read_text()


def test_blocks_may_be_made_in_any_order(alone: Path) -> None:
    company = Commerce(World(scale=1.7))
    dataset = read_manifest(alone)
    assert dataset is not None
    by_path = {file.path: file.digest for file in dataset.files}
    for block in reversed(range(company.blocks())):
        for name, table in company.chunk(block).items():
            digest = hashlib.blake2b(memoryview(encode(table)), digest_size=16).hexdigest()
            assert by_path[f"{name}/part-{block:05d}.parquet"] == digest


def test_another_seed_gives_other_rows() -> None:
    one, two = (Commerce(World(seed=seed, scale=0.02)).chunk(0) for seed in (1, 2))
    assert all(not one[name].equals(two[name]) for name in one)


def test_a_chunk_does_not_depend_on_the_others() -> None:
    small, large = (Commerce(World(scale=scale)).chunk(0) for scale in (0.8192, 2))
    for name, table in small.items():
        if name != "truth/parameters":
            assert table.equals(large[name]), name


@pytest.mark.parametrize("step", [0, 1, 17, 33])
def test_a_month_made_alone_is_the_same(step: int) -> None:
    """A month of the customers' membership; its orders, lines, reviews and tickets."""
    company = Commerce(World(scale=0.2, dirt=0))
    together = company.activity(sales(company.world, 0))
    part = company.activity(sales(company.world, 0, [step]))
    assert len(part["orders"].key) > 0
    for name, one in part.items():
        order = np.argsort(together[name].key)
        place = order[np.searchsorted(together[name].key[order], one.key)]
        assert one.table.equals(together[name].table.take(pa.array(place)).combine_chunks()), name


def test_all_months_alone_are_the_whole() -> None:
    company = Commerce(World(scale=0.05, dirt=0))
    together = company.activity(sales(company.world, 0))
    parts = [company.activity(sales(company.world, 0, [step])) for step in range(STEPS)]
    for name, one in together.items():
        assert rows(one.table) == rows(pa.concat_tables([part[name].table for part in parts])), name


@pytest.mark.parametrize("end", [dt.date(2024, 2, 29), dt.date(2026, 5, 14)], ids=str)
def test_a_shorter_window_is_the_beginning_of_a_longer_one(end: dt.date) -> None:
    days = (end - dt.date(2023, 7, 1)).days + 1
    short = Commerce(World(scale=0.05, dirt=0, end=end, days=days)).chunk(0)
    long = Commerce(World(scale=0.05, dirt=0)).chunk(0)
    for name, moment in MOMENTS.items():
        until = pa.scalar(end + dt.timedelta(days=1)).cast(long[name].schema.field(moment).type)
        early = long[name].filter(pc.less(long[name].column(moment), until))
        columns = [column for column in early.column_names if column not in STATE.get(name, ())]
        assert early.num_rows > 0
        assert rows(short[name].select(columns)) == rows(early.select(columns)), name


def test_dirt_can_be_undone_to_the_byte() -> None:
    clean, dirty = (Commerce(World(scale=0.05, dirt=dirt)).chunk(0) for dirt in (0, 3))
    assert_undone(clean, dirty, TABLES)


def test_every_table_and_kind_of_dirt_occurs() -> None:
    log = Commerce(World(scale=0.5, dirt=3)).chunk(0)["truth/dirt"].to_pylist()
    assert {row["table_name"] for row in log} == set(TABLES)
    kinds = {*DESTRUCTIVE, "exact_duplicate", "near_duplicate", "late", "messy_text"} - {"broken_json"}
    assert {row["kind"] for row in log} == kinds


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"scale": 0}, "scale"), ({"days": 59}, "60 to 1096"), ({"days": 1_097}, "60 to 1096"), ({"dirt": 11}, "dirt"),
     ({"seed": -1}, "seed"), ({"end": dt.date(1980, 1, 1)}, "1990")],
)  # fmt: skip
def test_wrong_settings_are_named(wrong: Mapping[str, Any], said: str) -> None:
    with pytest.raises(SimulationSettingsError, match=said):
        World(**wrong)


def test_the_content_is_the_one_on_record() -> None:
    """Whoever changes it on purpose raises ``Commerce.version`` and writes the new digests."""
    company = Commerce(World(scale=0.01))
    found = {name: _digest(table) for name, table in company.chunk(0).items() if name != "truth/parameters"}
    assert json.loads(GOLDEN.read_text()) == {"version": company.version, "digests": found}


def _digest(table: pa.Table) -> str:
    content = hashlib.blake2b(digest_size=16)
    for row in table.to_pylist():
        content.update(repr(list(row.values())).encode())
    return content.hexdigest()
