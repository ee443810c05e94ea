"""Whatever happens to the raw tables, after a refresh each dynamic table is what its query gives at that moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brewhouse.warehouse.duckdb import trusted
from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.engine import Engine
from brewhouse.warehouse.postgres.engine import Postgres
from tests.support.postgres import Server
from tests.support.shop import Shop, item, order

_DAYS = st.integers(1, 4).map(lambda day: dt.datetime(2026, 1, day))  # noqa: DTZ001
_MONEY = st.sampled_from([Decimal("0.01"), Decimal(50), Decimal("99.99"), Decimal(500), None])
_FEW = st.integers(0, 5)


@st.composite
def _orders(draw: Any) -> tuple[object, ...]:
    return order(
        draw(_FEW),
        customer_id=draw(st.sampled_from([1, 2, 3, None])),
        order_date=draw(st.one_of(_DAYS, st.none())),
        order_status=draw(st.sampled_from(["Completed", "Draft", None])),
        total_amount=draw(_MONEY),
        discount_percent=draw(st.sampled_from([Decimal(0), Decimal("12.5"), None])),
    )


@st.composite
def _items(draw: Any) -> tuple[object, ...]:
    return item(
        draw(_FEW),
        order_id=draw(st.sampled_from(["o0", "o1", "o2", "o3", None])),
        product_category=draw(st.sampled_from(["Skis", "Boots", None])),
        product_id=draw(st.sampled_from([1, 2, None])),
        quantity=draw(st.sampled_from([0, 1, 2, None])),
        unit_price=draw(_MONEY),
    )


_CUSTOMERS = st.tuples(
    st.integers(1, 3), st.sampled_from(["Premium", "Basic", None]), st.sampled_from(["WA", "CO", None])
)
_ROWS = {"orders": _orders(), "order_items": _items(), "customers": _CUSTOMERS}


@st.composite
def _batch(draw: Any) -> tuple[str, list[Any], list[Any], list[Any]]:
    """Inserts (also of rows that are there already), updates and deletes of one table."""
    table = draw(st.sampled_from(sorted(_ROWS)))
    inserts = draw(st.lists(_ROWS[table], max_size=4))
    if draw(st.booleans()):
        inserts += inserts[:1]
    updates = draw(st.lists(_ROWS[table], max_size=2, unique_by=lambda row: row[0]))
    keys = {"orders": "o{}", "order_items": "i{}"}.get(table)
    numbers = draw(st.lists(_FEW, max_size=2))
    return table, inserts, updates, [keys.format(n) if keys else n for n in numbers]


_Story = list[list[tuple[str, list[Any], list[Any], list[Any]]]]
_STORY = st.lists(st.lists(_batch(), max_size=4), min_size=1, max_size=4)
"""Waves of batches, with a refresh after each wave."""


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "duckdb":
        file = DuckDB(lambda: trusted(duckdb.connect(config={"threads": 1})))
        yield file
        file.close()
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as name:
        session = Postgres(server.url(database=name))
        yield session
        session.close()


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=_STORY)
def test_each_table_equals_its_query_after_every_refresh(engine: Engine, story: _Story) -> None:
    _follow(engine, story)


@pytest.mark.exhaustive
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=_STORY)
def test_the_same_for_many_more_stories(engine: Engine, story: _Story) -> None:
    _follow(engine, story)


def _follow(engine: Engine, story: _Story) -> None:
    shop = Shop(engine)
    shop.insert("customers", (1, "Premium", "WA"), (2, "Basic", "CO"))
    shop.insert("orders", *(order(n) for n in range(4)))
    shop.insert("order_items", *(item(n) for n in range(5)))
    assert not shop.refresher.refresh().failed
    assert shop.differences() == {}
    for batches in story:
        for table, inserts, updates, deletes in batches:
            shop.change(table, inserts=inserts, updates=updates, deletes=deletes)
        outcome = shop.another().refresh()
        assert outcome.failed == {}
        assert {one.action for one in outcome.done if one.name.table != "ranked"} <= {
            "incremental",
            "no_data",
        }
        assert shop.differences() == {}
