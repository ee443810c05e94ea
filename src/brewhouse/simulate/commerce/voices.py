"""What customers say: reviews of products they bought, and tickets about orders."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.commerce import parameters as p
from brewhouse.simulate.commerce.baskets import Lines, received
from brewhouse.simulate.commerce.catalog import catalog, product_ids
from brewhouse.simulate.commerce.customers import Customers
from brewhouse.simulate.commerce.orders import Orders
from brewhouse.simulate.commerce.vocabulary import code, values
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS, choices, dates, integers, timestamps
from brewhouse.simulate.engine.schema import Columns
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import categories
from brewhouse.simulate.engine.texts import public_ids, strings, where

Ints = NDArray[np.int64]

TITLES: Final = ("Do not buy", "Disappointing", "It does its job", "Very good", "Could not be better")
TEXTS: Final = (
    "It broke on the first brew day.",
    "Not what the picture shows.",
    "Fair for the price, nothing special.",
    "Works well, I would buy it again.",
    "I use it every week and love it.",
)
STARS_AT: Final = (8_000, 17_000, 27_000, 41_000)
"""Half a product's quality and half luck, of 65,536: below the first one star, below the second two …"""

PRIORITY_WEIGHTS: Final = {"low": 38, "medium": 37, "high": 17, "urgent": 8}
CATEGORY_WEIGHTS: Final = {
    "delivery": 30, "returns": 20, "product_question": 16, "damaged_item": 12, "payment": 10, "account": 8,
    "praise": 4,
}  # fmt: skip
SUBJECTS: Final = {
    "delivery": "Where is my order?", "returns": "I want to send something back",
    "product_question": "A question about a product", "damaged_item": "It arrived broken",
    "payment": "I was charged twice", "account": "I cannot log in", "praise": "Thank you",
}  # fmt: skip
RESOLUTIONS: Final = ("Refunded", "Sent again", "Explained", "Forwarded")
REPLY_HOURS: Final = 160


def reviews_table(world: World, group: Customers, bought: Orders, found: Lines) -> Columns:
    """The table product_reviews of one block, clean: some weeks after an order that was not cancelled."""
    draw = world.stream("reviews").keyed32(found.key, 6)
    chosen = draw[:, 0] < (p.REVIEW_PER_MILLE << 32) // 1_000
    chosen &= bought.status[found.order] != code("order_statuses", "cancelled")
    moment = bought.order_ms[found.order] + 3 * DAY_MS + below(draw[:, 1], p.REVIEW_DAYS * DAY_MS)
    rows = np.flatnonzero(chosen & (moment < world.end_ms))
    draw, moment, product = draw[rows], moment[rows], found.product[rows]
    liking = (catalog(world).quality[product] + (draw[:, 2] >> 16)) // 2
    stars = np.searchsorted(np.array(STARS_AT), liking, side="right")
    return found.key[rows], {
        "review_id": strings(public_ids("rev_", found.key[rows])),
        "product_id": product_ids(product),
        "customer_id": integers(group.ids[bought.customer[found.order[rows]]]),
        "review_date": dates(moment // DAY_MS),
        "rating": integers(stars + 1),
        "review_title": choices(stars, TITLES),
        "review_text": choices(stars, TEXTS),
        "verified_purchase": pa.array(draw[:, 3] < (p.VERIFIED_PCT << 32) // 100),
        "received_at": timestamps(received(world, found.key[rows], moment)),
    }


def tickets_table(world: World, group: Customers, bought: Orders) -> Columns:
    """The table support_tickets of one block, clean."""
    draw = world.stream("tickets").keyed32(bought.key, 8)
    moment = bought.order_ms + HOUR_MS + below(draw[:, 1], 12 * DAY_MS)
    rows = np.flatnonzero((draw[:, 0] < (p.TICKET_PER_MILLE << 32) // 1_000) & (moment < world.end_ms))
    draw, moment = draw[rows], moment[rows]
    names, statuses = values("ticket_categories"), values("ticket_statuses")
    category = categories([CATEGORY_WEIGHTS[name] for name in names])[draw[:, 2] >> 16]
    priorities = values("ticket_priorities")
    priority = categories([PRIORITY_WEIGHTS[name] for name in priorities])[draw[:, 3] >> 16]
    progress = (world.end_ms - moment) // HOUR_MS * 2 // (1 + below(draw[:, 4], REPLY_HOURS))
    status = np.minimum(progress, len(statuses) - 1)
    solved = status >= statuses.index("resolved")
    return bought.key[rows], {
        "ticket_id": strings(public_ids("tic_", bought.key[rows])),
        "customer_id": integers(group.ids[bought.customer[rows]]),
        "ticket_date": timestamps(moment),
        "category": choices(category, names),
        "priority": choices(priority, [name.capitalize() for name in priorities]),
        "subject": choices(category, [SUBJECTS[name] for name in names]),
        "description": choices(category, [f"{SUBJECTS[name]} Please help." for name in names]),
        "resolution": where(
            choices(below(draw[:, 5], len(RESOLUTIONS)), RESOLUTIONS).dictionary_decode(), solved
        ),
        "status": choices(status, [name.replace("_", " ").title() for name in statuses]),
        "received_at": timestamps(received(world, bought.key[rows], moment)),
    }
