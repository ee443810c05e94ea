"""Invariants of the sandbox company, for any seed, size, window and dirt."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from brewhouse.simulate.sandbox.company import Sandbox
from brewhouse.simulate.sandbox.dirt import DESTRUCTIVE
from brewhouse.simulate.sandbox.world import World

worlds = st.builds(
    World,
    seed=st.integers(0, 2**63 - 1),
    scale=st.sampled_from([0.0001, 0.001, 0.01, 0.05]),
    end=st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)),
    days=st.integers(30, 1000),
    dirt=st.sampled_from([0.0, 1.0, 10.0]),
)


class Chunk:
    """The tables of block 0 in a DuckDB of their own."""

    def __init__(self, world: World) -> None:
        self.connection = duckdb.connect()
        for name, table in Sandbox(world).chunk(0).items():
            self.connection.register(name.replace("truth/", "truth_"), table)

    def count(self, sql: str) -> int:
        row = self.connection.execute(f"select count(*) from ({sql})").fetchone()
        assert row is not None
        return int(row[0])

    def one(self, sql: str) -> tuple[Any, ...]:
        row = self.connection.execute(sql).fetchone()
        assert row is not None
        return row


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_sizes_are_known_in_advance(world: World) -> None:
    chunk = Chunk(world)
    users = max(1, round(10_000 * world.scale))
    added = "kind in ('exact_duplicate', 'near_duplicate')"
    for table, size in (("users", users), ("events", 5 * users), ("orders", 2 * users)):
        copies = added if table != "users" else f"({added} or kind in ('missing_id', 'unparsable_time'))"
        extra = chunk.count(f"select 1 from truth_dirt where table_name = '{table}' and {copies}")
        assert chunk.count(f"select 1 from raw_{table}") == size + extra
    assert chunk.one("select sum(true_events), sum(true_orders) from truth_users") == (5 * users, 2 * users)


@settings(max_examples=40, deadline=None)
@given(worlds.filter(lambda world: world.dirt == 0))
def test_nothing_happens_before_its_cause(world: World) -> None:
    chunk = Chunk(world)
    assert chunk.count("select 1 from truth_dirt") == 0
    first = (
        "select user_id, min(timestamp) as at, arg_min(event_type, event_id) as kind "
        "from raw_events group by 1"
    )
    assert (
        chunk.count(
            f"select 1 from raw_users u left join ({first}) f using (user_id) "
            "where f.at is distinct from u.created_at or f.kind is distinct from 'signup'"
        )
        == 0
    )
    early = "select 1 from raw_orders o join raw_users u using (user_id) where o.created_at < u.created_at"
    assert chunk.count(early) == 0
    assert chunk.count("select 1 from raw_orders anti join raw_users using (user_id)") == 0
    assert chunk.count("select 1 from raw_events where received_at <= timestamp") == 0


@settings(max_examples=40, deadline=None)
@given(worlds.filter(lambda world: world.dirt == 0))
def test_each_purchase_has_its_order_and_tracked_orders_are_counted(world: World) -> None:
    chunk = Chunk(world)
    purchases = "select user_id, timestamp as at from raw_events where event_type = 'purchase'"
    orders = "select user_id, created_at as at from raw_orders"
    assert chunk.count(f"{purchases} except all {orders}") == 0
    tracked = chunk.one("select sum(tracked_orders)::bigint from truth_users")[0]
    assert chunk.count(purchases) == tracked


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_sessions_are_apart_and_their_events_are_close(world: World) -> None:
    chunk = Chunk(world)
    gaps = (
        "select started_at - lag(ended_at) over (partition by user_id order by session_number) as gap "
        "from truth_sessions"
    )
    assert chunk.count(f"select 1 from ({gaps}) where gap <= interval 1 hour") == 0
    assert chunk.count("select 1 from truth_sessions where ended_at - started_at > interval 4 hours") == 0
    assert chunk.one("select sum(events)::bigint from truth_sessions") == chunk.one(
        "select sum(true_events)::bigint from truth_users"
    )


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_everything_lies_within_the_window(world: World) -> None:
    chunk = Chunk(world)
    start = world.end - dt.timedelta(days=world.days)
    first, last = chunk.one(
        "select min(created_at), max(greatest(last_activity_at, created_at)) from truth_users"
    )
    assert first.date() >= start
    assert last.date() <= world.end
    for table in ("raw_events", "raw_orders"):
        last_text = chunk.one(f"select max(received_at) from {table}")[0]
        assert dt.date.fromisoformat(last_text[:10]) <= world.end


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_keys_are_unique_and_dirt_is_logged(world: World) -> None:
    chunk = Chunk(world)
    emails = "select lower(trim(email)) as email, user_id from raw_users where user_id is not null"
    assert chunk.count(f"select email from ({emails}) group by 1 having count(distinct user_id) > 1") == 0
    places = "select source_file, source_row from truth_dirt group by all having count(*) > 1"
    assert chunk.count(places) == 0
    for table, key in (("events", "event_id"), ("orders", "order_id"), ("users", "user_id")):
        lost = chunk.count(f"select 1 from raw_{table} where {key} is null")
        logged = chunk.count(f"select 1 from truth_dirt where table_name = '{table}' and kind = 'missing_id'")
        assert lost == logged
    lost_signups = chunk.connection.execute(
        "select distinct kind from truth_dirt where table_name = 'events' and label = 'signup'"
    ).fetchall()
    assert {kind for (kind,) in lost_signups}.isdisjoint(DESTRUCTIVE)


def test_a_chunk_does_not_depend_on_the_others() -> None:
    small, large = Sandbox(World(scale=1.6384)), Sandbox(World(scale=4))
    for name, table in small.chunk(0).items():
        if name != "truth/parameters":
            assert table.equals(large.chunk(0)[name]), name
    assert large.chunk(2)["raw_users"]["user_id"][0].as_py() == 2 * 16_384 + 1


def test_dirt_leaves_the_clean_rows_as_they_were() -> None:
    clean = Sandbox(World(scale=0.1, dirt=0)).chunk(0)["raw_orders"].to_pylist()
    dirty = Sandbox(World(scale=0.1, dirt=3)).chunk(0)
    touched = set(
        dirty["truth/dirt"]
        .filter(pa.compute.equal(dirty["truth/dirt"]["table_name"], "orders"))["source_row"]
        .to_pylist()
    )
    found = dirty["raw_orders"].to_pylist()
    assert touched
    for place, row in enumerate(clean):
        if place not in touched:
            assert found[place] == row
