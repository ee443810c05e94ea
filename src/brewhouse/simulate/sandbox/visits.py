"""How users come and what they do: sessions with inactivity between them, and the events in each.

A user visits at most once a local day. Days begin at 5 o'clock and a session lasts at most 4 hours, so
two sessions lie more than an hour apart, while events within one are at most 10 minutes apart: what a
session is does not depend on the timeout that a model chooses between those two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS, choices, integers, iso_texts, timestamps
from brewhouse.simulate.engine.shares import apportion, in_order, positions, running_within
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import Q12, categories, lognormal_q12
from brewhouse.simulate.sandbox.people import People
from brewhouse.simulate.sandbox.purchases import Orders
from brewhouse.simulate.sandbox.vocabulary import vocabulary
from brewhouse.simulate.sandbox.world import (
    BROWSING_WEIGHTS,
    EVENTS_PER_USER,
    GAP_MS,
    GAP_SIGMA_PCT,
    MAX_GAP_MS,
    MAX_SESSION_MS,
    RETURN_WEIGHTS,
    WEEKEND_SHIFT_PCT,
    World,
    weights_of,
)

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STAGES = ("signup", "login", "pageview", "click", "add_to_cart", "purchase")
"""Order of events within a session; pageview and click share a stage."""


@dataclass(frozen=True)
class Events:
    """One block of events, by user, session and time."""

    user: Ints
    session: Ints
    """Number of the session in the block (not the user's)."""
    position: Ints
    """Number of the event under its user; 0 is the sign-up."""
    kind: Ints
    channel: Ints
    event_ms: Ints
    purchase_ms: Ints
    """Moments of the purchase events, in the order of the tracked orders."""

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True)
class _Plan:
    """Events before they have a time: sorted by user, visit and stage."""

    user: Ints
    visit: Ints
    kind: Ints
    source: Ints
    """Row before sorting: the users' events one after the other, sign-up first, then purchases."""
    opens: Flags
    """First event of its session."""
    buys: Ints
    """Purchases per user."""
    visits: Ints
    """Visits after the first, per user."""


def events(world: World, block: int, group: People, block_orders: Orders) -> Events:
    """Draw the events of one block: five per user in all, sign-ups and purchases among them."""
    plan = _plan(world, block, group, block_orders)
    session = np.cumsum(plan.opens) - 1
    starts, channel = _session_starts(world, block, group, plan)
    sizes = np.bincount(session)
    draw = world.stream("events.gap").draw16(len(session), block=block)
    most = np.minimum(MAX_GAP_MS, MAX_SESSION_MS // sizes)[session]
    gap = np.clip(GAP_MS * lognormal_q12(GAP_SIGMA_PCT)[draw] // Q12, 1000, most)
    moment = starts[session] + running_within(np.where(plan.opens, 0, gap), plan.opens)
    new_user = np.diff(plan.user, prepend=-1) != 0
    return Events(
        user=plan.user,
        session=session,
        position=running_within(np.ones(len(session), np.int64), new_user) - 1,
        kind=plan.kind,
        channel=channel[session],
        event_ms=moment,
        purchase_ms=_purchase_moments(plan, moment),
    )


def _plan(world: World, block: int, group: People, block_orders: Orders) -> _Plan:
    people = len(group)
    buys = np.bincount(block_orders.user[block_orders.tracked], minlength=people)
    rest = (EVENTS_PER_USER - 1) * people - int(buys.sum())
    start = int(world.stream("events.start").lanes32(1, block=block)[0, 0])
    other = apportion(rest, group.propensity * (group.awake_days + 6), start)
    user, ordinal = positions(1 + buys + other)
    draw = world.stream("events").draw16(len(user), block=block)
    wide = world.stream("events.visit").draw32(len(user), block=block)
    after = buys + other
    visits = np.minimum(group.awake_days, (after * group.visits >> 16) + (after > 0))
    visit = np.where(ordinal == 0, 0, below(wide, visits[user] + 1))
    kind = _kinds(ordinal, buys[user], visit, draw)
    row = np.arange(len(user))
    key = (((user << 12 | visit) << 4 | _stage_of(kind)) << 24) | row
    source = np.sort(key) & ((1 << 24) - 1)
    user, visit, kind = user[source], visit[source], kind[source]
    opens = (np.diff(user, prepend=-1) != 0) | (np.diff(visit, prepend=-1) != 0)
    return _Plan(user, visit, kind, source, opens, buys, visits)


def _kinds(ordinal: Ints, buys: Ints, visit: Ints, draw: NDArray[np.uint16]) -> Ints:
    names = vocabulary().event_types
    code = {name: names.index(name) for name in names}
    browsing = tuple(name for name in names if name in BROWSING_WEIGHTS)
    table = np.array([code[name] for name in browsing])[categories(weights_of(browsing, BROWSING_WEIGHTS))]
    kind = table[draw]
    kind = np.where((kind == code["login"]) & (visit == 0), code["click"], kind)
    kind = np.where(ordinal <= buys, code["purchase"], kind)
    return np.where(ordinal == 0, code["signup"], kind)


def _stage_of(kind: Ints) -> Ints:
    stage = {name: max(0, STAGES.index(name) - (name == "click")) for name in STAGES}
    stages: Ints = np.array([stage[name] for name in vocabulary().event_types], np.int64)
    return np.asarray(stages[kind], np.int64)


def _session_starts(world: World, block: int, group: People, plan: _Plan) -> tuple[Ints, Ints]:
    """Moment (UTC) and channel of each session: sign-up's own, else a day of its own stretch."""
    user, visit = plan.user[plan.opens], plan.visit[plan.opens]
    draw = world.stream("sessions").lanes32(len(user), block=block)
    lanes = world.stream("sessions.rhythm").lanes16(len(user), block=block)
    awake, visits = group.awake_days[user], np.maximum(1, plan.visits[user])
    low = np.maximum(0, visit - 1) * awake // visits
    width = np.maximum(1, visit * awake // visits - low)
    base = group.signup_day[user] + 1 + low
    day, other = base + below(draw[:, 0], width), base + below(draw[:, 1], width)
    moves = world.is_weekend(day) & (lanes[:, 0] < WEEKEND_SHIFT_PCT * 65_536 // 100)
    day = np.where(moves, other, day)
    weekday_hour, weekend_hour = world.hours
    hour = np.where(world.is_weekend(day), weekend_hour[lanes[:, 1]], weekday_hour[lanes[:, 1]])
    local = (world.first_day + day) * DAY_MS + hour * HOUR_MS + below(draw[:, 2], HOUR_MS)
    start = np.where(visit == 0, group.created_ms[user], local - group.offset_ms[user])
    back = categories(weights_of(vocabulary().channels, RETURN_WEIGHTS))[lanes[:, 2]]
    return start, np.where(visit == 0, group.channel[user], back)


def _purchase_moments(plan: _Plan, moment: Ints) -> Ints:
    """Back in the order before sorting, where a user's purchases stand one after the other."""
    is_purchase = plan.kind == vocabulary().event_types.index("purchase")
    order = in_order(plan.source[is_purchase])
    return np.asarray(moment[is_purchase][order], np.int64)


def events_table(group: People, block_events: Events, received_ms: Ints, order: Ints) -> pa.Table:
    """The table raw_events of one block, clean, its rows in the given (time) order."""
    words = vocabulary()
    ids = EVENTS_PER_USER * group.first + 1 + np.arange(len(block_events))
    return pa.table(
        {
            "event_id": integers(ids),
            "user_id": integers(group.ids[block_events.user[order]]),
            "event_type": choices(block_events.kind[order], words.event_types),
            "timestamp": iso_texts(block_events.event_ms[order]),
            "utm_source": choices(block_events.channel[order], words.channels),
            "received_at": iso_texts(received_ms),
        }
    )


def sessions_table(group: People, block_events: Events) -> pa.Table:
    """The table truth.sessions of one block."""
    opens = np.diff(block_events.session, prepend=-1) != 0
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(block_events)) - 1
    user = block_events.user[first]
    is_purchase = block_events.kind == vocabulary().event_types.index("purchase")
    new_user = np.diff(user, prepend=-1) != 0
    return pa.table(
        {
            "user_id": integers(group.ids[user]),
            "session_number": integers(running_within(np.ones(len(user), np.int64), new_user) - 1),
            "started_at": timestamps(block_events.event_ms[first]),
            "ended_at": timestamps(block_events.event_ms[last]),
            "events": integers(last - first + 1),
            "purchases": integers(np.add.reduceat(is_purchase.astype(np.int64), first)),
        }
    )
