"""Who signs up and when, how often they buy, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.commerce import parameters as p
from brewhouse.simulate.commerce.vocabulary import values, weights
from brewhouse.simulate.commerce.world import World, by_segment
from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS, choices, dates, integers, timestamps
from brewhouse.simulate.engine.names import FAMILY, GIVEN, STREETS
from brewhouse.simulate.engine.schema import Columns
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import Q12, categories, lognormal_q12
from brewhouse.simulate.engine.texts import digits, text, words

Ints = NDArray[np.int64]

MINUTE_MS: Final = 60_000
PLACES: Final = (
    ("Denver", "CO", 80_000), ("Boulder", "CO", 80_300), ("Salt Lake City", "UT", 84_100), ("Jackson", "WY", 83_000),
    ("San Diego", "CA", 92_100), ("Sacramento", "CA", 95_800), ("Seattle", "WA", 98_100), ("Spokane", "WA", 99_200),
    ("Portland", "OR", 97_200), ("Bozeman", "MT", 59_700), ("Boise", "ID", 83_700), ("Reno", "NV", 89_500),
)  # fmt: skip
"""City, its state, and where its zip codes begin."""


@dataclass(frozen=True)
class Customers:
    """One block of customers, a row each, also those who sign up after the end of a shorter window."""

    row: Ints
    """Number over all blocks; ids are one higher."""
    segment: Ints
    place: Ints
    joined_ms: Ints
    first_ms: Ints
    """When the first order is placed, if ``buys``."""
    leaves_ms: Ints
    """From then on there are no more orders."""
    buys: NDArray[np.bool_]
    repeats: NDArray[np.bool_]
    rate: Ints
    """Orders per STEP_DAYS days while active, Q12."""
    names: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.row)

    @property
    def ids(self) -> Ints:
        """customer_id of each row."""
        return self.row + 1


def customers(world: World, block: int) -> Customers:
    """Draw the customers of one block."""
    row = world.rows_of(block)
    count = len(row)
    draw = world.stream("customers").lanes16(count, block=block)
    wide = world.stream("customers.moment").lanes32(count, block=block)
    segments = values("customer_segments")
    segment = categories(weights("customer_segments", p.SEGMENT_WEIGHTS))[draw[:, 0]]
    day = world.first_day + world.signup_day[draw[:, 1]]
    joined = day * DAY_MS + world.hours[draw[:, 2]] * HOUR_MS + below(wide[:, 0], HOUR_MS)
    minutes = p.FIRST_ORDER_MINUTES * lognormal_q12(p.FIRST_ORDER_SIGMA_PCT)[draw[:, 3]]
    later = draw[:, 4] < p.LATER_FIRST_ORDER_PCT * 65_536 // 100
    first = joined + np.where(
        later, below(wide[:, 1], p.LATER_FIRST_ORDER_DAYS * DAY_MS), minutes * MINUTE_MS // Q12
    )
    lifetime = (
        by_segment(segments, p.LIFETIME_DAYS)[segment] * lognormal_q12(p.LIFETIME_SIGMA_PCT)[draw[:, 5]]
    )
    rate = (
        by_segment(segments, p.ORDERS_PER_30_DAYS_PCT)[segment] * lognormal_q12(p.RATE_SIGMA_PCT)[draw[:, 6]]
    )
    buys = draw[:, 7] >= by_segment(segments, p.NEVER_BUYER_PCT)[segment] * 65_536 // 100
    repeats = buys & (draw[:, 8] >= by_segment(segments, p.ONE_TIME_PCT)[segment] * 65_536 // 100)
    return Customers(
        row=row,
        segment=segment,
        place=draw[:, 9].astype(np.int64) % len(PLACES),
        joined_ms=joined,
        first_ms=first,
        leaves_ms=first + np.where(repeats, lifetime * (DAY_MS // Q12), 1),
        buys=buys,
        repeats=repeats,
        rate=np.minimum(rate, p.MAX_RATE_PCT * Q12) // 100,
        names=draw[:, 10:16],
    )


def customers_table(world: World, group: Customers) -> Columns:
    """The table customers of one block, clean: those who have signed up within the window."""
    here = np.flatnonzero(group.joined_ms < world.end_ms)
    count, draw = len(here), group.names[here].astype(np.int64)
    ids = group.ids[here]
    given, family = words(GIVEN)[draw[:, 0] % len(GIVEN)], words(FAMILY)[draw[:, 1] % len(FAMILY)]
    place = group.place[here]
    zip_codes = np.array([first for _, _, first in PLACES], np.int64)[place] + draw[:, 2] % 100
    return group.row[here], {
        "customer_id": integers(ids),
        "first_name": text(count, given),
        "last_name": text(count, family),
        "email": text(
            count, np.char.lower(given), b".", np.char.lower(family), digits(ids, 9), b"@example.com"
        ),
        "phone": text(count, b"555-", digits(draw[:, 3] % 1_000, 3), b"-", digits(draw[:, 4] % 10_000, 4)),
        "address": text(
            count, digits(1 + draw[:, 5] % 899, 3), b" ", words(STREETS)[draw[:, 2] % len(STREETS)]
        ),
        "city": choices(place, [city for city, _, _ in PLACES]),
        "state": text(count, words([state for _, state, _ in PLACES])[place]),
        "zip_code": text(count, digits(zip_codes, 5)),
        "registration_date": dates(group.joined_ms[here] // DAY_MS),
        "customer_segment": choices(
            group.segment[here], [name.capitalize() for name in values("customer_segments")]
        ),
        "updated_at": timestamps(group.joined_ms[here]),
    }
