"""The causes in the sandbox company's world: every parameter, and the tables drawn from them.

A small product sells a subscription with renewals, add-ons, hardware and services. People arrive along a
growing curve through channels of different quality; a latent propensity drives how often they come, what
they buy and how long they stay awake.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.limits import require, require_settings
from brewhouse.simulate.engine.streams import Stream
from brewhouse.simulate.engine.tables import Q12, categories
from brewhouse.simulate.sandbox.vocabulary import vocabulary

Ints = NDArray[np.int64]

USERS_AT_SCALE_1: Final = 10_000
EVENTS_PER_USER: Final = 5
ORDERS_PER_USER: Final = 2
BLOCK_USERS: Final = 16_384
"""Users per block: part of the data set's identity."""

DEFAULT_DAYS: Final = 365
MIN_DAYS: Final = 30
MAX_DAYS: Final = 3_650
MAX_SCALE: Final = 1_000_000

COUNTRY_WEIGHTS: Final = {
    "US": 38, "GB": 11, "DE": 10, "FR": 8, "CA": 7, "AU": 6, "NL": 6, "SE": 5, "ES": 5, "BR": 4,
}  # fmt: skip
UTC_OFFSET_HOURS: Final = {
    "US": -6, "GB": 0, "DE": 1, "FR": 1, "CA": -5, "AU": 10, "NL": 1, "SE": 1, "ES": 1, "BR": -3,
}  # fmt: skip
CHANNEL_WEIGHTS: Final = {
    "organic": 30, "google": 22, "facebook": 16, "linkedin": 8, "email": 10, "referral": 6, "direct": 8,
}  # fmt: skip
CHANNEL_QUALITY_PCT: Final = {
    "organic": 105, "google": 95, "facebook": 60, "linkedin": 125, "email": 90, "referral": 170,
    "direct": 110,
}  # fmt: skip
"""Multiplies propensity: referred people come and buy most, social traffic least."""

RETURN_WEIGHTS: Final = {
    "organic": 14, "google": 12, "facebook": 8, "linkedin": 3, "email": 28, "referral": 3, "direct": 32,
}  # fmt: skip
"""By which channel a user comes back."""

BROWSING_WEIGHTS: Final = {"pageview": 52, "click": 26, "login": 12, "add_to_cart": 10}
"""What events other than sign-up and purchase are."""

FIRST_ORDER_WEIGHTS: Final = {
    "subscription": 58, "renewal": 0, "addon": 6, "hardware": 24, "service": 12,
}  # fmt: skip
LATER_ORDER_WEIGHTS: Final = {
    "subscription": 8, "renewal": 40, "addon": 26, "hardware": 18, "service": 8,
}  # fmt: skip
PRICE_CENTS: Final = {
    "subscription": 4_900, "renewal": 4_900, "addon": 1_900, "hardware": 15_900, "service": 9_900,
}  # fmt: skip
PRICE_SIGMA_PCT: Final = 50
PAYMENT_WEIGHTS: Final = {"credit_card": 61, "paypal": 27, "wire": 12}
UNTRACKED_CATEGORY: Final = "renewal"
"""Renewals are charged by the system: no browser is there to send an event."""

TRACKED_PCT: Final = 62
"""Of all other orders; the rest come by phone or from browsers that block tracking."""

NON_BUYER_PCT: Final = 34
PROPENSITY_SIGMA_PCT: Final = 90
SPEND_SIGMA_PCT: Final = 60
LIFETIME_DAYS: Final = 75
LIFETIME_SIGMA_PCT: Final = 120
GAP_MS: Final = 80_000
GAP_SIGMA_PCT: Final = 110
MAX_GAP_MS: Final = 600_000
MAX_SESSION_MS: Final = 4 * 3_600_000
FIRST_HOUR: Final = 5
"""Local hours of the day begin here: with sessions of at most 4 hours, two days never touch."""

WEEKDAY_HOURS: Final = (2, 4, 7, 9, 10, 10, 9, 8, 9, 9, 8, 8, 9, 10, 11, 10, 8, 5, 3)
WEEKEND_HOURS: Final = (1, 1, 2, 4, 7, 9, 10, 10, 10, 9, 9, 9, 9, 10, 11, 11, 9, 6, 4)
WEEKEND_SIGNUP_PCT: Final = 55
WEEKEND_SHIFT_PCT: Final = 60
"""Of visits that fall on a weekend, how many look for another day of their stretch."""

GROWTH: Final = 2.0
"""Sign-ups per day grow over the window from 1 to 1 + GROWTH."""


@dataclass(frozen=True)
class World:
    """Configuration of one sandbox company; a pure function of its fields."""

    seed: int = 42
    scale: float = 1.0
    end: dt.date = dt.date(2026, 6, 30)
    days: int = DEFAULT_DAYS
    dirt: float = 1.0

    def __post_init__(self) -> None:
        require_settings(self, MAX_SCALE, range(1910, 2099))
        require("days", self.days, MIN_DAYS <= self.days <= MAX_DAYS, f"{MIN_DAYS} to {MAX_DAYS}")

    @property
    def users(self) -> int:
        """How many users there are in all."""
        return max(1, round(USERS_AT_SCALE_1 * self.scale))

    @property
    def first_day(self) -> int:
        """The day before the first sign-ups, in days since 1970."""
        return (self.end - dt.date(1970, 1, 1)).days - self.days

    @property
    def last_visit_day(self) -> int:
        """Last day of the window on which a visit may begin: it still ends within the window."""
        return self.days - 2

    def stream(self, purpose: str) -> Stream:
        """The random stream for one purpose of this company."""
        return Stream(self.seed, f"sandbox.{purpose}@v1")

    def is_weekend(self, day: Ints) -> NDArray[np.bool_]:
        """Whether a day of the window is Saturday or Sunday (1970-01-01 was a Thursday)."""
        return (day + self.first_day + 3) % 7 >= 5

    @cached_property
    def signup_day(self) -> Ints:
        """Table: day of the window on which a user signs up."""
        day = np.arange(self.last_visit_day + 1)
        weight = 1 + GROWTH * day / self.days
        weight[self.is_weekend(day)] *= WEEKEND_SIGNUP_PCT / 100
        weight[0] = 0
        return categories(weight.tolist())

    @cached_property
    def hours(self) -> tuple[Ints, Ints]:
        """Tables: local hour of a visit on a weekday, and on a weekend."""
        return categories(WEEKDAY_HOURS) + FIRST_HOUR, categories(WEEKEND_HOURS) + FIRST_HOUR


def weights_of(values: tuple[str, ...], weights: dict[str, int]) -> list[float]:
    """Weights in the order of the vocabulary; raises ``KeyError`` for a value without a weight."""
    return [float(weights[value]) for value in values]


def quality_q12() -> Ints:
    """Channel quality in Q12, in the order of the vocabulary."""
    percent = weights_of(vocabulary().channels, CHANNEL_QUALITY_PCT)
    return np.array([round(value * Q12 / 100) for value in percent], np.int64)
