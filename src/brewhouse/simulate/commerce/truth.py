"""What no real shop can know of its customers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.commerce.baskets import Lines
from brewhouse.simulate.commerce.catalog import partners, product_ids
from brewhouse.simulate.commerce.customers import Customers
from brewhouse.simulate.commerce.orders import Orders, order_ids
from brewhouse.simulate.commerce.vocabulary import values
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.columns import choices, integers, money, timestamps
from brewhouse.simulate.engine.texts import where

Ints = NDArray[np.int64]


def truth_customers(world: World, group: Customers, bought: Orders) -> pa.Table:
    """The table truth.customers of one block: who they are, and when they come and go."""
    here = np.flatnonzero(group.joined_ms < world.end_ms)
    count = np.bincount(bought.customer, minlength=len(group))[here]
    return pa.table(
        {
            "customer_id": integers(group.ids[here]),
            "registered_at": timestamps(group.joined_ms[here]),
            "customer_segment": choices(group.segment[here], values("customer_segments")),
            "ever_buys": pa.array(group.buys[here]),
            "ever_repeats": pa.array(group.repeats[here]),
            "orders_per_30_days_q12": integers(group.rate[here]),
            "leaves_at": where(timestamps(group.leaves_ms[here]), group.buys[here]),
            "true_orders": integers(count),
        }
    )


def truth_orders(group: Customers, bought: Orders, total: Ints) -> pa.Table:
    """The table truth.orders of one block, before any dirt."""
    return pa.table(
        {
            "order_key": integers(bought.key),
            "order_id": order_ids(bought.key),
            "customer_id": integers(group.ids[bought.customer]),
            "ordered_at": timestamps(bought.order_ms),
            "order_status": choices(bought.status, values("order_statuses")),
            "total_amount": money(total, 10),
            "discount_percent": money(bought.discount * 100, 5),
        }
    )


def truth_affinities(orders: int, found: Lines) -> pa.Table:
    """The table truth.affinities of one block: which product makes people add which, and how often it was so."""
    partner, rate = partners()
    leader = np.flatnonzero(partner >= 0)
    bought = np.zeros((len(partner), orders), bool)
    bought[found.product, found.order] = True
    return pa.table(
        {
            "product_id": product_ids(leader),
            "partner_product_id": product_ids(partner[leader]),
            "add_rate": money(rate[leader] * 10_000 >> 16, 6, 4),
            "product_orders": integers(bought[leader].sum(axis=1)),
            "pair_orders": integers((bought[leader] & bought[partner[leader]]).sum(axis=1)),
        }
    )
