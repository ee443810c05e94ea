"""When customers order: chances evenly spread over their membership, each taken or not by a draw of its own.

An order depends on its customer and its chance alone, so that a month made alone is the same as within the whole, and
a shorter window is the beginning of a longer one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.commerce import parameters as p
from brewhouse.simulate.commerce.customers import Customers
from brewhouse.simulate.commerce.vocabulary import code, values
from brewhouse.simulate.commerce.world import DEFAULT_DAYS, World, by_segment
from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS
from brewhouse.simulate.engine.shares import in_order
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import Q12, lognormal_q12
from brewhouse.simulate.engine.texts import public_ids, strings

Ints = NDArray[np.int64]

STEPS: Final = -(-DEFAULT_DAYS // p.STEP_DAYS)
KEYS_PER_CUSTOMER: Final = 1_024
"""Orders are numbered by customer and chance; the first order has number 0."""
STREAM_BASE: Final = 1 << 40
"""From here on they are numbered one after the other: those that are placed after the window."""

_STEP_MS: Final = p.STEP_DAYS * DAY_MS
_SLOT_MS: Final = _STEP_MS // p.SLOTS


@dataclass(frozen=True)
class Orders:
    """Orders of one block, in the order of their moments."""

    customer: Ints
    """Row of the customer in the block."""
    key: Ints
    order_ms: Ints
    status: Ints
    """Code of ``order_statuses``, as of the end of the window."""
    discount: Ints
    """Percent."""
    shipping: Ints
    """Cents, where it is not free."""

    def __len__(self) -> int:
        return len(self.key)


def orders(world: World, block: int, group: Customers, steps: Iterable[int] = range(STEPS)) -> Orders:
    """The orders of one block that fall into the window; of the given steps of membership."""
    customer, key, moment = _moments(world, block, group, steps)
    inside = moment < world.end_ms
    customer, key, moment = customer[inside], key[inside], moment[inside]
    row = in_order(moment)
    return placed(world, group, customer[row], key[row], moment[row])


def placed(world: World, group: Customers, customer: Ints, key: Ints, moment: Ints) -> Orders:
    """Orders of these customers (rows of ``group``) at these moments; all else follows from the key."""
    draw = world.stream("orders").keyed32(key, 4)
    return Orders(
        customer=customer,
        key=key,
        order_ms=moment,
        status=_statuses(world, moment, draw),
        discount=_discounts(group.segment[customer], draw),
        shipping=p.SHIPPING_CENTS[0] + below(draw[:, 3], p.SHIPPING_CENTS[1] - p.SHIPPING_CENTS[0]),
    )


def _moments(world: World, block: int, group: Customers, steps: Iterable[int]) -> tuple[Ints, Ints, Ints]:
    """Customer, key and moment of each order, also of those after the end of the window."""
    known = group.row * KEYS_PER_CUSTOMER
    chance = world.stream("orders.chance")
    found: list[tuple[Ints, Ints, Ints]] = []
    for step in steps:
        if step == 0:
            first = np.flatnonzero(group.buys)
            found.append((first, known[first], group.first_ms[first]))
        draw = chance.lanes16(len(group), step=step, block=block)
        taken = draw < (group.rate[:, None] * (65_536 // p.SLOTS) // Q12)
        customer, slot = np.nonzero(taken & group.repeats[:, None])
        key = known[customer] + 1 + step * p.SLOTS + slot
        wide = world.stream("orders.moment").keyed32(key, 4)
        begin = group.joined_ms[customer] + step * _STEP_MS + slot * _SLOT_MS
        day = (begin + below(wide[:, 0], _SLOT_MS)) // DAY_MS
        moment = day * DAY_MS + world.hours[wide[:, 1] >> 16] * HOUR_MS + below(wide[:, 2], HOUR_MS)
        place = np.clip(day - world.first_day, 0, DEFAULT_DAYS)
        real = (wide[:, 3] >> 16) < world.interest_q16[place]
        real &= (moment > group.first_ms[customer]) & (moment < group.leaves_ms[customer])
        found.append((customer[real], key[real], moment[real]))
    customer, key, moment = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return customer, key, moment


def _statuses(world: World, moment: Ints, draw: NDArray[np.uint32]) -> Ints:
    """How far each order has come by the end of the window; an order that is called off is so within hours."""
    age = world.end_ms - moment
    pace = lognormal_q12(50)[draw[:, 0] >> 16]
    names = ("pending", "processing", "shipped", "completed")
    pending, processing, shipped, completed = (code("order_statuses", name) for name in names)
    status = np.full(len(moment), completed)
    for limit, name in (
        (p.SHIPPED_HOURS, shipped), (p.PROCESSING_HOURS, processing), (p.PENDING_HOURS, pending),
    ):  # fmt: skip
        status = np.where(age < limit * HOUR_MS * pace // Q12, name, status)
    off = ((draw[:, 0] & 0xFFFF) < p.CANCELLED_PCT * 65_536 // 100) & (status != pending)
    return np.where(off, code("order_statuses", "cancelled"), status)


def _discounts(segment: Ints, draw: NDArray[np.uint32]) -> Ints:
    names = values("customer_segments")
    low, high = (np.array([p.DISCOUNT_PCT[name][end] for name in names])[segment] for end in (0, 1))
    given = (draw[:, 1] >> 16) < by_segment(names, p.DISCOUNTED_PCT)[segment] * 65_536 // 100
    return np.where(given, low + below(draw[:, 2], high - low + 1), 0)


def order_ids(key: Ints) -> pa.Array:
    """Identifiers as the shop gives them: nothing can be read from them."""
    return strings(public_ids("ord_", key))
