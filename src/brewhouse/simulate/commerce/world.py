"""The web shop's world: its configuration, its calendar, and the tables that blocks look things up in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.commerce import parameters as p
from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.limits import require, require_settings
from brewhouse.simulate.engine.streams import Stream
from brewhouse.simulate.engine.tables import categories

Ints = NDArray[np.int64]

DEFAULT_DAYS: Final = 1_096
"""The longest window; a shorter one with the same first day is its beginning."""
MIN_DAYS: Final = 60
MAX_SCALE: Final = 10_000
_EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class World:
    """Configuration of one web shop; a pure function of its fields."""

    seed: int = 42
    scale: float = 1.0
    end: dt.date = dt.date(2026, 6, 30)
    days: int = DEFAULT_DAYS
    dirt: float = 1.0

    def __post_init__(self) -> None:
        require_settings(self, MAX_SCALE, range(1990, 2090))
        require("days", self.days, MIN_DAYS <= self.days <= DEFAULT_DAYS, f"{MIN_DAYS} to {DEFAULT_DAYS}")

    @property
    def customers(self) -> int:
        """Customers of the longest window; in a shorter one some of them have not signed up yet."""
        return max(1, round(p.CUSTOMERS_AT_SCALE_1 * self.scale))

    @property
    def first_day(self) -> int:
        """The shop's first day, in days since 1970."""
        return (self.end - _EPOCH).days - self.days + 1

    @property
    def end_ms(self) -> int:
        """The first moment after the window."""
        return (self.first_day + self.days) * DAY_MS

    def stream(self, purpose: str) -> Stream:
        """The random stream for one purpose of this company."""
        return Stream(self.seed, f"commerce.{purpose}@v1")

    def rows_of(self, block: int) -> Ints:
        """Numbers of the customers of one block, over all blocks."""
        first = block * p.BLOCK_CUSTOMERS
        return np.arange(first, min(first + p.BLOCK_CUSTOMERS, self.customers))

    @cached_property
    def signup_day(self) -> Ints:
        """Table: day of the longest window on which a customer signs up."""
        day = np.arange(DEFAULT_DAYS)
        weight = 1 + p.GROWTH * day / DEFAULT_DAYS
        weight[(day + self.first_day + 3) % 7 >= 5] *= p.WEEKEND_SIGNUP_PCT / 100
        return categories(weight.tolist())

    @cached_property
    def interest_q16(self) -> Ints:
        """Share of the chances to order that are taken on each day of the longest window, of 65,536 at the most."""
        days = np.arange(self.first_day, self.first_day + DEFAULT_DAYS + 1)
        month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
        percent = np.array(p.MONTH_PCT)[month] * np.array(p.WEEKDAY_PCT)[(days + 3) % 7]
        return np.asarray(percent * 65_536 // (max(p.MONTH_PCT) * max(p.WEEKDAY_PCT)), np.int64)

    @cached_property
    def hours(self) -> Ints:
        """Table: hour of the day, UTC, at which people order."""
        return categories(p.HOURS)


def by_segment(segments: tuple[str, ...], values: dict[str, int]) -> Ints:
    """A number per code of ``segments``."""
    return np.array([values[name] for name in segments], np.int64)
