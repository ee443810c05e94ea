"""Orders after the window: one after the other, by customers who were there at its end.

Who orders and what depends on the order's number alone; only its moment is given by whoever wants it.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.errors import SimulationSettingsError
from brewhouse.simulate.commerce import parameters as p
from brewhouse.simulate.commerce.customers import Customers, customers
from brewhouse.simulate.commerce.orders import STREAM_BASE, Orders, placed
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.company import Mark

Ints = NDArray[np.int64]

STAY_DAYS: Final = 30
"""Who orders stays at least so long after the window, so that nobody orders who has left."""

MARK: Final = Mark("orders", "order_key", "ordered_at", STREAM_BASE)


@cache
def regulars(world: World) -> Customers:
    """Those who have ordered, come back, and stay for STAY_DAYS after the window; by number."""
    blocks = range(-(-world.customers // p.BLOCK_CUSTOMERS))
    parts = [_staying(world, customers(world, block)) for block in blocks]
    found = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Customers)
    }
    return Customers(**found)


def _staying(world: World, group: Customers) -> Customers:
    stay = group.repeats & (group.first_ms < world.end_ms)
    stay &= group.leaves_ms >= world.end_ms + STAY_DAYS * DAY_MS
    return Customers(**{field.name: getattr(group, field.name)[stay] for field in fields(Customers)})


@cache
def _running_rates(world: World) -> Ints:
    rates = np.cumsum(regulars(world).rate)
    if not len(rates):
        raise SimulationSettingsError(
            setting="simulate.scale",
            value=world.scale,
            expected="a shop that has customers at the end of its window, to go on ordering",
        )
    return rates


def orders_after(world: World, first: int, moments: Ints) -> Orders:
    """Orders number ``first`` and following, at ``moments``; ``customer`` is a row of ``regulars``.

    A customer is chosen in proportion to how often he orders. Raises ``SimulationSettingsError`` if there is nobody.
    """
    rates = _running_rates(world)
    key = STREAM_BASE + first + np.arange(len(moments))
    word = np.ascontiguousarray(world.stream("stream.customer").keyed16(key, 4)).view("<u8").reshape(-1)
    place = (word % np.uint64(rates[-1])).astype(np.int64)
    customer = np.searchsorted(rates, place, side="right")
    return placed(world, regulars(world), customer, key, moments)
