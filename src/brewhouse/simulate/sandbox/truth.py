"""What no real company can know of its users."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, choices, dates, integers, money, timestamps
from brewhouse.simulate.sandbox.people import People
from brewhouse.simulate.sandbox.purchases import Orders
from brewhouse.simulate.sandbox.visits import Events
from brewhouse.simulate.sandbox.vocabulary import vocabulary
from brewhouse.simulate.sandbox.world import World

Ints = NDArray[np.int64]


def truth_users(world: World, group: People, bought: Orders, seen: Events) -> pa.Table:
    """The table truth.users of one block: one row per user, before any dirt."""
    words = vocabulary()
    people = len(group)
    first_event = np.flatnonzero(np.diff(seen.user, prepend=-1) != 0)
    last_event = np.append(first_event[1:], len(seen)) - 1
    opens = np.diff(seen.session, prepend=-1) != 0
    revenue = np.zeros(people, np.int64)
    np.add.at(revenue, bought.user, bought.cents)
    created_day = group.created_ms // DAY_MS
    return pa.table(
        {
            "user_id": integers(group.ids),
            "created_at": timestamps(group.created_ms),
            "country": choices(group.country, words.countries),
            "referrer": choices(group.channel, words.channels),
            "cohort_month": dates(_month_start(created_day)),
            "asleep_on": dates(world.first_day + group.signup_day + group.awake_days),
            "propensity_q12": integers(group.propensity),
            "true_sessions": integers(np.bincount(seen.user[opens], minlength=people)),
            "true_events": integers(np.bincount(seen.user, minlength=people)),
            "true_orders": integers(np.bincount(bought.user, minlength=people)),
            "tracked_orders": integers(np.bincount(bought.user[bought.tracked], minlength=people)),
            "true_revenue": money(revenue, 14),
            "first_activity_at": timestamps(seen.event_ms[first_event]),
            "last_activity_at": timestamps(seen.event_ms[last_event]),
        }
    )


def _month_start(days: Ints) -> Ints:
    """First day of the month of each day, both in days since 1970."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)
