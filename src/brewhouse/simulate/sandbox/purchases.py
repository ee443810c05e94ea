"""What users buy: orders, of which some leave a purchase event and some do not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS, choices, integers, iso_texts, money
from brewhouse.simulate.engine.shares import apportion, in_order, positions
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import Q12, categories, lognormal_q12
from brewhouse.simulate.sandbox.people import People
from brewhouse.simulate.sandbox.vocabulary import vocabulary
from brewhouse.simulate.sandbox.world import (
    FIRST_ORDER_WEIGHTS,
    LATER_ORDER_WEIGHTS,
    ORDERS_PER_USER,
    PAYMENT_WEIGHTS,
    PRICE_CENTS,
    PRICE_SIGMA_PCT,
    TRACKED_PCT,
    UNTRACKED_CATEGORY,
    World,
    weights_of,
)

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Orders:
    """One block of orders, grouped by user; ``order_ms`` of tracked ones is set by their event."""

    user: Ints
    """Row of the buyer in the block."""
    category: Ints
    payment: Ints
    cents: Ints
    tracked: NDArray[np.bool_]
    order_ms: Ints

    def __len__(self) -> int:
        return len(self.user)

    def at(self, event_ms: Ints) -> Orders:
        """The same orders, the tracked ones at the moments of their purchase events, in time order."""
        moments = self.order_ms.copy()
        moments[self.tracked] = event_ms
        order = in_order(moments)
        return replace(
            self,
            user=self.user[order],
            category=self.category[order],
            payment=self.payment[order],
            cents=self.cents[order],
            tracked=self.tracked[order],
            order_ms=moments[order],
        )


def orders(world: World, block: int, group: People) -> Orders:
    """Draw the orders of one block: two per user on average, most by few."""
    total = ORDERS_PER_USER * len(group)
    weight = group.propensity * group.spend // Q12 * (group.awake_days + 30)
    counts = apportion(total, weight, start=_start(world, block))
    user, ordinal = positions(counts)
    draw = world.stream("orders").lanes16(total, block=block)
    words = vocabulary()
    first = categories(weights_of(words.product_categories, FIRST_ORDER_WEIGHTS))
    later = categories(weights_of(words.product_categories, LATER_ORDER_WEIGHTS))
    category = np.where(ordinal == 0, first[draw[:, 0]], later[draw[:, 0]])
    price = np.array(weights_of(words.product_categories, PRICE_CENTS), np.int64)
    cents = np.maximum(1, price[category] * lognormal_q12(PRICE_SIGMA_PCT)[draw[:, 1]] // Q12)
    charged = category == words.product_categories.index(UNTRACKED_CATEGORY)
    return Orders(
        user=user,
        category=category,
        payment=categories(weights_of(words.payment_methods, PAYMENT_WEIGHTS))[draw[:, 2]],
        cents=cents,
        tracked=~charged & (draw[:, 3] < TRACKED_PCT * 65_536 // 100),
        order_ms=_untracked_moments(world, block, group, user),
    )


def _start(world: World, block: int) -> int:
    return int(world.stream("orders.start").lanes32(1, block=block)[0, 0])


def _untracked_moments(world: World, block: int, group: People, user: Ints) -> Ints:
    """At any hour of a day while the buyer is awake, never before sign-up."""
    draw = world.stream("orders.moment").lanes32(len(user), block=block)
    awake = group.awake_days[user]
    later = group.signup_day[user] + 1 + below(draw[:, 0], awake)
    on_a_day = (world.first_day + later) * DAY_MS + below(draw[:, 1], DAY_MS) - group.offset_ms[user]
    at_once = group.created_ms[user] + 1000 + below(draw[:, 1], 4 * HOUR_MS)
    return np.where(awake > 0, on_a_day, at_once)


def orders_table(group: People, block_orders: Orders, received_ms: Ints) -> pa.Table:
    """The table raw_orders of one block, clean."""
    words = vocabulary()
    ids = ORDERS_PER_USER * group.first + 1 + np.arange(len(block_orders))
    return pa.table(
        {
            "order_id": integers(ids),
            "user_id": integers(group.ids[block_orders.user]),
            "amount": money(block_orders.cents),
            "product_category": choices(block_orders.category, words.product_categories),
            "payment_method": choices(block_orders.payment, words.payment_methods),
            "created_at": iso_texts(block_orders.order_ms),
            "received_at": iso_texts(received_ms),
        }
    )
