"""Batches: taken once, in order, whole or not at all; what can't be taken is put aside and says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from brewhouse.dynamic.inbox import Inbox
from brewhouse.errors import IngestError
from brewhouse.warehouse.duckdb import trusted
from brewhouse.warehouse.duckdb_engine import DuckDB
from tests.support.shop import Shop, order

KEY = {"raw.customers": ["customer_id"]}


@pytest.fixture
def shop() -> Iterator[Shop]:
    engine = DuckDB(lambda: trusted(duckdb.connect(config={"threads": 1})))
    made = Shop(engine)
    made.insert("orders", order(1))
    made.refresher.refresh()
    yield made
    engine.close()


def customers(*rows: tuple[int, str]) -> pa.Table:
    return pa.table({"customer_id": [one for one, _ in rows], "customer_segment": [two for _, two in rows]})


def segments(shop: Shop) -> list[tuple[object, ...]]:
    return shop.engine.rows("select customer_id, customer_segment from raw.customers order by all")


def test_a_batch_counts_once_however_often_it_is_sent(shop: Shop, tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "inbox")
    for _ in range(2):
        inbox.send({"raw.customers": {"inserts": customers((1, "Basic"))}}, batch="one")
        inbox.clear(inbox.take(shop.store))
    assert segments(shop) == [(1, "Basic")]
    assert inbox.waiting() == []


def test_batches_are_taken_in_the_order_of_their_moments(shop: Shop, tmp_path: Path) -> None:
    inbox, day = Inbox(tmp_path), dt.datetime(2026, 1, 1)  # noqa: DTZ001  # as the warehouse keeps moments
    inbox.send(
        {"raw.customers": {"updates": customers((1, "late"))}}, KEY, batch="b", at=day + dt.timedelta(1)
    )
    inbox.send({"raw.customers": {"updates": customers((1, "early"), (2, "new"))}}, KEY, batch="c", at=day)
    assert [one.at.day for one in inbox.take(shop.store)] == [1, 2]
    assert segments(shop) == [(1, "late"), (2, "new")]
    shop.refresher.refresh()
    assert shop.differences() == {}


@pytest.mark.parametrize(
    ("tables", "keys", "reason"),
    [
        (
            {"raw.customers": {"inserts": pa.table({"shoe_size": [1]})}},
            {},
            "the table has no column shoe_size",
        ),
        ({"raw.nobody": {"inserts": customers((1, "x"))}}, {}, "there is no such table"),
        ({"raw.customers": {"deletes": customers((1, "x"))}}, {}, "updates and deletes need a key"),
        (
            {"raw.customers": {"deletes": pa.table({"state": ["WA"]})}},
            KEY,
            "the rows lack customer_id of the key",
        ),
        ({"raw.customers": {"inserts": pa.table({"customer_id": ["many"]})}}, {}, "Could not convert"),
    ],
)
def test_what_cannot_be_taken_is_put_aside_with_its_error(
    shop: Shop,
    tmp_path: Path,
    tables: dict[str, dict[str, pa.Table]],
    keys: dict[str, list[str]],
    reason: str,
) -> None:
    inbox = Inbox(tmp_path)
    inbox.send({"raw.orders": {"inserts": pa.table({"order_id": ["lost"]})}, **tables}, keys, batch="bad")
    inbox.send({"raw.customers": {"inserts": customers((5, "Basic"))}}, batch="good")
    assert [one.id for one in inbox.take(shop.store)] == ["good"]
    assert segments(shop) == [(5, "Basic")]
    assert shop.engine.rows("select * from raw.orders where order_id = 'lost'") == [], (
        "a batch is taken whole"
    )
    [(folder, why)] = inbox.refused()
    assert folder.endswith("-bad")
    assert reason in why


@pytest.mark.parametrize(
    ("tables", "batch"),
    [
        ({"customers": {}}, ""),
        ({"raw.customers": {"upserts": customers()}}, ""),
        ({"raw.customers": {}}, "a/b"),
    ],
)
def test_what_is_no_batch_is_refused_at_once(
    tmp_path: Path, tables: dict[str, dict[str, pa.Table]], batch: str
) -> None:
    inbox = Inbox(tmp_path)
    with pytest.raises(IngestError):
        inbox.send(tables, batch=batch)
    assert inbox.waiting() == []
