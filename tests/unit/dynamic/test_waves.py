"""What a wave does to each table and why: choices, waiting, failures, and drift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from brewhouse.dynamic.choose import choose
from brewhouse.dynamic.control import Refresh
from brewhouse.dynamic.refresh import Outcome
from brewhouse.dynamic.table import DOWNSTREAM, DynamicTable, Lag, Mode, Name
from brewhouse.warehouse.duckdb import trusted
from brewhouse.warehouse.duckdb_engine import DuckDB
from tests.support.shop import Shop, dynamic, order

Make = Callable[..., Shop]
COPY = dynamic("copied", "select * from raw.orders", ["order_id"], DOWNSTREAM)
COUNTED = dynamic("counted", "select customer_id, count(*) as n from dynamic.copied group by customer_id")


@pytest.fixture
def make() -> Iterator[Make]:
    engine = DuckDB(lambda: trusted(duckdb.connect(config={"threads": 1})))

    def shop(*tables: DynamicTable) -> Shop:
        made = Shop(engine, tables)
        made.insert("orders", *(order(n) for n in range(5)))
        return made

    yield shop
    engine.close()


def actions(outcome: Outcome) -> dict[str, str]:
    return {one.name.table: one.action for one in outcome.done}


def past(action: str, seconds: float, changed: int) -> Refresh:
    return Refresh(
        "w", COPY.name, action, "", changed_rows=changed, input_rows=1_000_000, seconds=Decimal(str(seconds))
    )


@pytest.mark.parametrize(
    ("changed", "inputs", "history", "incremental"),
    [
        (5, 10_000, [], False),
        (5, 10_001, [], True),
        (150_000, 1_000_000, [], True),
        (150_001, 1_000_000, [], False),
        (1_000, 1_000_000, [past("incremental", 0.5, 1_000), past("full", 10, 0)], True),
        (60_000, 1_000_000, [past("incremental", 0.5, 1_000), past("full", 10, 0)], True),
        (600_000, 1_000_000, [past("incremental", 0.5, 1_000), past("full", 10, 0)], False),
        (1_000, 1_000_000, [past("incremental", 12, 1_000), past("full", 10, 0)], False),
    ],
)
def test_auto_chooses_by_what_both_have_cost(
    changed: int, inputs: int, history: list[Refresh], incremental: bool
) -> None:
    found = choose(changed, inputs, history)
    assert found.incremental is incremental
    assert f"{changed:,}" in found.reason or f"{inputs:,}" in found.reason


def test_who_reads_a_small_table_that_was_rebuilt_gets_the_difference(make: Make) -> None:
    narrow = dynamic("copied", "select order_id, customer_id from raw.orders", ["order_id"], DOWNSTREAM)
    shop = make(replace(narrow, mode=Mode.AUTO), replace(COUNTED, mode=Mode.INCREMENTAL))
    shop.refresher.refresh()
    shop.insert("orders", order(7), order(8))
    done = {one.name.table: one for one in shop.refresher.refresh().done}
    assert done["copied"].action == "full"
    assert (done["counted"].action, done["counted"].changed_rows) == ("incremental", 2)
    shop.change("orders", updates=[order(7, total_amount=Decimal(1))])
    assert actions(shop.refresher.refresh()) == {"copied": "full", "counted": "no_data"}
    assert shop.differences() == {}


def test_a_rebuild_waits_for_its_own_lag_in_a_watch(make: Make) -> None:
    shop = make(replace(COPY, mode=Mode.FULL, lag=Lag(3600)))
    assert actions(shop.refresher.refresh(scheduled=True)) == {"copied": "initial"}
    shop.insert("orders", order(9))
    assert actions(shop.refresher.refresh(scheduled=True)) == {}
    assert shop.differences(), "it shows an older moment, as it may"
    assert actions(shop.refresher.refresh(scheduled=True)) == {}, "what it has not seen is not forgotten"
    shop.now += dt.timedelta(hours=1)
    assert actions(shop.refresher.refresh(scheduled=True)) == {"copied": "full"}
    assert shop.differences() == {}


def test_by_command_it_does_not_wait(make: Make) -> None:
    shop = make(replace(COPY, mode=Mode.FULL, lag=Lag(3600)))
    shop.refresher.refresh()
    shop.insert("orders", order(9))
    assert actions(shop.refresher.refresh()) == {"copied": "full"}


def test_what_has_no_lag_is_left_to_the_command(make: Make) -> None:
    shop = make(replace(COPY, lag=None))
    outcome = shop.refresher.refresh(scheduled=True)
    assert outcome.skipped == {COPY.name: "it has no target_lag"}
    assert actions(shop.refresher.refresh()) == {"copied": "initial"}


def test_on_schedule_is_not_filled_by_a_build(make: Make) -> None:
    shop = make(COPY, replace(COUNTED, waits=True))
    first = shop.refresher.refresh(begin=False)
    assert actions(first) == {"copied": "initial"}
    assert list(first.skipped) == [COUNTED.name]
    assert actions(shop.refresher.refresh(scheduled=True)) == {"copied": "no_data", "counted": "initial"}
    shop.insert("orders", order(9))
    assert actions(shop.refresher.refresh(begin=False)) == {"copied": "incremental", "counted": "incremental"}


def test_a_failure_keeps_the_others_going_and_suspends_at_the_fifth(make: Make) -> None:
    bad = dynamic(
        "bad", "select order_id, 1 / cast(order_status as integer) as x from dynamic.copied", ["order_id"]
    )
    below = dynamic("below", "select order_id from dynamic.bad", ["order_id"])
    shop = make(COPY, COUNTED, bad, below)
    for n in range(5):
        shop.insert("orders", order(10 + n))
        outcome = shop.another().refresh()
        assert list(outcome.failed) == [bad.name]
        assert "Could not convert" in outcome.failed[bad.name]
        assert set(outcome.skipped) == {bad.name, below.name}
        assert set(actions(outcome)) == {"copied", "counted"}
    standing = shop.refresher.control.standings()[bad.name]
    assert (standing.failures, standing.suspended) == (5, True)
    again = shop.another().refresh()
    assert again.failed == {}
    assert "brewhouse refresh --resume bad" in again.skipped[bad.name]
    mended = [
        COPY,
        COUNTED,
        dynamic("bad", "select order_id, 1 as x from dynamic.copied", ["order_id"]),
        below,
    ]
    shop.tables = tuple(mended)
    shop.refresher.control.resume(bad.name)
    assert actions(shop.another().refresh())["bad"] == "initial"
    assert shop.differences() == {}


def test_a_log_that_does_not_go_with_the_table_is_noticed_and_mended(make: Make) -> None:
    shop = make(COPY, COUNTED)
    shop.refresher.refresh()
    shop.engine.run("delete from dynamic.copied where order_id = 'o3'")
    shop.change("orders", deletes=["o3"])
    outcome = shop.another().refresh()
    assert outcome.failed == {COPY.name: "a row is to be deleted that isn't there"}
    assert actions(shop.another().refresh()) == {"copied": "full", "counted": "full"}
    assert shop.differences() == {}


def test_the_history_tells_the_lag(make: Make) -> None:
    shop = make(COPY, COUNTED)
    shop.refresher.refresh()
    shop.insert("orders", order(9))
    shop.now += dt.timedelta(seconds=61)
    shop.refresher.refresh()
    last = {one.name.table: one for one in shop.refresher.control.history(2)}
    assert last["counted"].is_late
    assert last["counted"].real_lag_seconds is not None
    assert 61 <= last["counted"].real_lag_seconds < 62
    assert last["copied"].asked_lag_seconds == 60
    shop.refresher.control.seen(shop.now + dt.timedelta(seconds=10))
    [seen] = [one for one in shop.refresher.control.history(2) if one.name == Name("dynamic", "counted")]
    assert seen.real_lag_seconds is not None
    assert 71 <= seen.real_lag_seconds < 72
