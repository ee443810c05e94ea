"""Names, addresses and identifiers of companies and people: the same in every system that knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import HOUR_MS
from brewhouse.simulate.engine.names import FAMILY, GIVEN, STREETS
from brewhouse.simulate.engine.texts import Texts, digits, pieces, words
from brewhouse.simulate.saas.market import Prospects
from brewhouse.simulate.saas.vocabulary import values
from brewhouse.simulate.saas.world import World

Ints = NDArray[np.int64]

_FIRST: Final = (
    "Copper", "Golden", "Iron", "Silver", "Amber", "Black", "Blue", "Crooked", "Hidden", "Jolly", "King's", "Lucky",
    "Old", "Red", "Rusty", "Salty", "Twin", "Velvet", "Wandering", "Wild",
)  # fmt: skip
_SECOND: Final = (
    "Anchor", "Barrel", "Bell", "Crown", "Fox", "Goat", "Hare", "Hop", "Kettle", "Lantern", "Mash", "Oak", "Otter",
    "Pike", "Raven", "Rooster", "Stag", "Tankard", "Wolf", "Yard",
)  # fmt: skip
_THIRD: Final = (
    "Taproom",
    "Tavern",
    "Bar & Grill",
    "Kitchen",
    "Alehouse",
    "Brewing",
    "Social",
    "Public House",
)

_CITIES: Final = (
    ("US", "Chicago", "IL", 41.88, -87.63, "America/Chicago"),
    ("US", "Denver", "CO", 39.74, -104.99, "America/Denver"),
    ("US", "Portland", "OR", 45.52, -122.68, "America/Los_Angeles"),
    ("US", "Austin", "TX", 30.27, -97.74, "America/Chicago"),
    ("US", "Boston", "MA", 42.36, -71.06, "America/New_York"),
    ("US", "Atlanta", "GA", 33.75, -84.39, "America/New_York"),
    ("US", "San Diego", "CA", 32.72, -117.16, "America/Los_Angeles"),
    ("US", "Milwaukee", "WI", 43.04, -87.91, "America/Chicago"),
    ("CA", "Toronto", "ON", 43.65, -79.38, "America/Toronto"),
    ("CA", "Vancouver", "BC", 49.28, -123.12, "America/Vancouver"),
    ("GB", "London", "ENG", 51.51, -0.13, "Europe/London"),
    ("GB", "Leeds", "ENG", 53.80, -1.55, "Europe/London"),
    ("DE", "Berlin", "BE", 52.52, 13.41, "Europe/Berlin"),
    ("DE", "Munich", "BY", 48.14, 11.58, "Europe/Berlin"),
    ("AU", "Melbourne", "VIC", -37.81, 144.96, "Australia/Melbourne"),
    ("AU", "Sydney", "NSW", -33.87, 151.21, "Australia/Sydney"),
)
"""By country; each country's cities stand together."""

_COUNTRY: Final = [row[0] for row in _CITIES]
CITY: Final = words([row[1] for row in _CITIES])
STATE: Final = words([row[2] for row in _CITIES])
LATITUDE: Final = np.array([round(row[3] * 1_000_000) for row in _CITIES], np.int64)
LONGITUDE: Final = np.array([round(row[4] * 1_000_000) for row in _CITIES], np.int64)
TIMEZONE: Final = words([row[5] for row in _CITIES])


UTC_OFFSET_HOURS: Final = {
    "America/Chicago": -6, "America/Denver": -7, "America/Los_Angeles": -8, "America/New_York": -5,
    "America/Toronto": -5, "America/Vancouver": -8, "Europe/London": 0, "Europe/Berlin": 1,
    "Australia/Melbourne": 10, "Australia/Sydney": 10,
}  # fmt: skip
"""Standard time of each zone: the simulator knows no summer time."""

OFFSET_MS: Final = np.array([UTC_OFFSET_HOURS[row[5]] * HOUR_MS for row in _CITIES], np.int64)


def city_of(country: Ints, draw: Ints) -> Ints:
    """Row of the tables of cities, by country and a draw below 2**16."""
    first = np.array([_COUNTRY.index(name) for name in values("countries")])
    count = np.array([_COUNTRY.count(name) for name in values("countries")])
    return np.asarray(first[country] + (draw * count[country] >> 16))


@dataclass(frozen=True)
class Names:
    """What the companies of a block and their first contacts are called, a row a lead."""

    company: Texts
    domain: Texts
    given: Texts
    family: Texts
    email: Texts
    phone: Texts
    street: Texts
    city: Ints
    postal: Texts


def names(world: World, group: Prospects) -> Names:
    """Draw names by the number of the prospect; domains are unique."""
    draw = world.stream("names").keyed16(group.row).astype(np.int64)
    count = len(group)
    first, second, third = draw[:, 0] % len(_FIRST), draw[:, 1] % len(_SECOND), draw[:, 2] % len(_THIRD)
    given, family = words(GIVEN)[draw[:, 3] % len(GIVEN)], words(FAMILY)[draw[:, 4] % len(FAMILY)]
    company = pieces(count, words(_FIRST)[first], b" ", words(_SECOND)[second], b" ", words(_THIRD)[third])
    slug = words([word.lower().replace("'", "") for word in _FIRST])[first]
    domain = pieces(
        count, slug, words([word.lower() for word in _SECOND])[second], digits(group.row, 9), b".example"
    )
    email = pieces(count, np.char.lower(given), b".", np.char.lower(family), b"@", domain)
    phone = pieces(count, b"+1-555-", digits(draw[:, 6] % 1000, 3), b"-", digits(draw[:, 7] % 10_000, 4))
    street = pieces(count, digits(1 + draw[:, 8] % 899, 3), b" ", words(STREETS)[draw[:, 9] % len(STREETS)])
    postal = digits(10_000 + draw[:, 10], 5)
    city = city_of(group.country, group.place)
    return Names(company, domain, given, family, email, phone, street, city, postal)
