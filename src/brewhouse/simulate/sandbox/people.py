"""Who signs up, when, through which channel, and how long they stay awake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS, choices, integers, iso_texts
from brewhouse.simulate.engine.names import FAMILY, GIVEN
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import Q12, categories, lognormal_q12
from brewhouse.simulate.sandbox.vocabulary import vocabulary
from brewhouse.simulate.sandbox.world import (
    BLOCK_USERS,
    CHANNEL_WEIGHTS,
    COUNTRY_WEIGHTS,
    LIFETIME_DAYS,
    LIFETIME_SIGMA_PCT,
    NON_BUYER_PCT,
    PROPENSITY_SIGMA_PCT,
    SPEND_SIGMA_PCT,
    UTC_OFFSET_HOURS,
    World,
    quality_q12,
    weights_of,
)

Ints = NDArray[np.int64]

GIVEN_NAMES: Final = tuple(name.lower() for name in GIVEN)
FAMILY_NAMES: Final = tuple(name.lower() for name in FAMILY)
MAIL_HOSTS: Final = ("example.com", "example.org", "example.net", "mail.example")


@dataclass(frozen=True)
class People:
    """One block of users, a row each."""

    first: int
    """Row number of the first user over all blocks; ids begin at ``first + 1``."""
    country: Ints
    channel: Ints
    offset_ms: Ints
    """Local time minus UTC."""
    signup_day: Ints
    awake_days: Ints
    """Days after sign-up during which a user may come back."""
    created_ms: Ints
    propensity: Ints
    """Q12; mean about 1 times the channel's quality."""
    spend: Ints
    """Q12; 0 for those who never buy."""
    visits: Ints
    """Q16 share of a user's events that begin a new visit."""
    names: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.country)

    @property
    def ids(self) -> Ints:
        """user_id of each row."""
        return self.first + 1 + np.arange(len(self))


def people(world: World, block: int) -> People:
    """Draw the users of one block."""
    first = block * BLOCK_USERS
    count = min(BLOCK_USERS, world.users - first)
    draw = world.stream("people").lanes16(count, block=block)
    words = vocabulary()
    country = categories(weights_of(words.countries, COUNTRY_WEIGHTS))[draw[:, 0]]
    channel = categories(weights_of(words.channels, CHANNEL_WEIGHTS))[draw[:, 1]]
    propensity = lognormal_q12(PROPENSITY_SIGMA_PCT)[draw[:, 2]] * quality_q12()[channel] // Q12
    day = world.signup_day[draw[:, 4]]
    stamina = np.minimum(propensity, 3 * Q12) + Q12 // 2
    lifetime = LIFETIME_DAYS * lognormal_q12(LIFETIME_SIGMA_PCT)[draw[:, 3]] // Q12 * stamina // Q12
    weekday_hour, weekend_hour = world.hours
    hour = np.where(world.is_weekend(day), weekend_hour[draw[:, 5]], weekday_hour[draw[:, 5]])
    moment = below(world.stream("people.moment").draw32(count, block=block), HOUR_MS)
    offsets = np.array([UTC_OFFSET_HOURS[value] * HOUR_MS for value in words.countries], np.int64)
    local = (world.first_day + day) * DAY_MS + hour * HOUR_MS + moment
    buys = draw[:, 6] >= NON_BUYER_PCT * 65_536 // 100
    return People(
        first=first,
        country=country,
        channel=channel,
        offset_ms=offsets[country],
        signup_day=day,
        awake_days=np.minimum(lifetime, world.last_visit_day - day),
        created_ms=local - offsets[country],
        propensity=propensity,
        spend=np.where(buys, lognormal_q12(SPEND_SIGMA_PCT)[draw[:, 7]], 0),
        visits=6_554 + (draw[:, 8].astype(np.int64) >> 1),
        names=draw[:, 9:12],
    )


def users_table(group: People) -> pa.Table:
    """The table raw_users of one block, clean."""
    words = vocabulary()
    return pa.table(
        {
            "user_id": integers(group.ids),
            "email": _emails(group),
            "country": choices(group.country, words.countries),
            "referrer": choices(group.channel, words.channels),
            "created_at": iso_texts(group.created_ms),
        }
    )


def _emails(group: People) -> pa.Array:
    """Unique by construction: the user's number is part of it."""
    given = pa.array(GIVEN_NAMES).take(pa.array(group.names[:, 0] % len(GIVEN_NAMES)))
    family = pa.array(FAMILY_NAMES).take(pa.array(group.names[:, 1] % len(FAMILY_NAMES)))
    host = pa.array(MAIL_HOSTS).take(pa.array(group.names[:, 2] % len(MAIL_HOSTS)))
    number = pa.array(group.ids).cast(pa.string())
    local = pc.binary_join_element_wise(given, family, number, ".")
    return pc.binary_join_element_wise(local, host, "@")
