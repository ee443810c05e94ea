"""The saas company's world: its configuration, its calendar, and the tables that blocks look things up in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.limits import require, require_settings
from brewhouse.simulate.engine.streams import Stream
from brewhouse.simulate.engine.tables import Q12, categories
from brewhouse.simulate.saas import parameters as p

Ints = NDArray[np.int64]

DEFAULT_DAYS: Final = 1_096
MIN_DAYS: Final = 60
MAX_SCALE: Final = 1_000
NEVER: Final = 1 << 60
"""A moment later than any other."""

CAUSES: Final = {"outage": 1.0, "experiment": 1.0}
"""Causes that can be turned off (0) or strengthened, each with its usual strength."""

_EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class World:
    """Configuration of one saas company; everything else is a pure function of its fields.

    The company begins on the first day of the month in which ``days`` before ``end`` fall, and is simulated in whole
    months; what would happen after ``end`` is cut off.
    """

    seed: int = 42
    scale: float = 1.0
    end: dt.date = dt.date(2026, 6, 30)
    days: int = DEFAULT_DAYS
    dirt: float = 1.0
    causes: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        require_settings(self, MAX_SCALE, range(1990, 2090))
        require("days", self.days, self.days >= MIN_DAYS, f"at least {MIN_DAYS}")
        require("days", self.days, self.months <= p.MAX_MONTHS, f"at most {p.MAX_MONTHS} months")
        for name, strength in self.causes:
            require("causes", name, name in CAUSES, " or ".join(CAUSES))
            require(f"causes.{name}", strength, 0 <= strength <= 2, "0 (off) to 2 (twice as strong)")

    def strength(self, cause: str) -> float:
        """How strong a cause of CAUSES is."""
        return dict(self.causes).get(cause, CAUSES[cause])

    @property
    def prospects(self) -> int:
        """Leads in all, over MAX_MONTHS; most of them come after the end of a shorter window."""
        return max(1, round(p.PROSPECTS_AT_SCALE_1 * self.scale))

    @property
    def first(self) -> dt.date:
        """The company's first day, the first of a month."""
        return (self.end - dt.timedelta(days=self.days - 1)).replace(day=1)

    @property
    def months(self) -> int:
        """Months of the window, the last one perhaps not whole."""
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month + 1

    @property
    def end_ms(self) -> int:
        """The first moment after the window."""
        return ((self.end - _EPOCH).days + 1) * DAY_MS

    @cached_property
    def month_days(self) -> Ints:
        """First day (since 1970) of each month of MAX_MONTHS, and of three more."""
        first = self.first
        starts = [
            dt.date(first.year + (first.month - 1 + month) // 12, (first.month - 1 + month) % 12 + 1, 1)
            for month in range(p.MAX_MONTHS + 4)
        ]
        return np.array([(start - _EPOCH).days for start in starts], np.int64)

    @cached_property
    def season_q12(self) -> Ints:
        """Interest in each month of MAX_MONTHS, about 4096."""
        months = (self.first.month - 1 + np.arange(p.MAX_MONTHS + 4)) % 12
        return np.array(p.SEASON_PCT, np.int64)[months] * Q12 // 100

    @cached_property
    def arrival_month(self) -> Ints:
        """Table: month in which a lead first hears of the product; the same for every length of the window."""
        weight, growth = [], 1.0
        for month in range(p.MAX_MONTHS):
            weight.append(growth * float(self.season_q12[month]))
            growth *= 1 + p.GROWTH_PER_MONTH_PCT / 100
        return categories(weight)

    @cached_property
    def app_hours(self) -> Ints:
        """Table: hour of the day at which people use the application."""
        return categories(p.APP_HOURS)

    @cached_property
    def bar_hours(self) -> Ints:
        """Table: hour of the day at which beer is poured."""
        return categories(p.BAR_HOURS)

    def stream(self, purpose: str) -> Stream:
        """The random stream for one purpose of this company."""
        return Stream(self.seed, f"saas.{purpose}@v1")

    def rows_of(self, block: int) -> Ints:
        """Numbers of the prospects of one block, over all blocks."""
        first = block * p.BLOCK_PROSPECTS
        return np.arange(first, min(first + p.BLOCK_PROSPECTS, self.prospects))

    def month_of(self, ms: Ints) -> Ints:
        """Month of the window, from 0, in which a moment falls."""
        return np.asarray(np.searchsorted(self.month_days, ms // DAY_MS, side="right") - 1)

    @staticmethod
    def weekday(day: Ints) -> Ints:
        """0 for Monday to 6 for Sunday, of days since 1970 (a Thursday)."""
        return (day + 3) % 7
