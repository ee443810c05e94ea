"""Campaigns on four platforms: when they run, what they may spend, and how well they truly work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.tables import Q12
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.vocabulary import code, values, weights
from brewhouse.simulate.saas.world import World

Ints = NDArray[np.int64]

PLATFORMS: Final = ("google", "facebook", "linkedin", "iterable")
PLATFORM_CHANNEL: Final = ("google_ads", "facebook_ads", "linkedin_ads", "email")
FIRST_ID: Final = (700_000_001, 800_000_001, 900_000_001, 600_000_001)
"""Identifier of each platform's first campaign: no two platforms share one."""

QUARTER: Final = 3
CELLS: Final = 256
_THEMES: Final = (
    "Pour perfect",
    "Know your kegs",
    "Less waste",
    "Cold chain",
    "Every tap online",
    "Game day",
)
_ALWAYS: Final = ("Brand search", "Retargeting", "Decision makers", "Welcome series")


@dataclass(frozen=True)
class Campaigns:
    """All campaigns of MAX_MONTHS, a row each; those that begin after the window are not delivered."""

    platform: Ints
    number: Ints
    """Place among the campaigns of the platform."""
    first_month: Ints
    last_month: Ints
    budget_usd: Ints
    """A month."""
    effect_q12: Ints
    """What a touch truly adds to the logit of becoming a customer."""
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.platform)

    @property
    def ids(self) -> Ints:
        """Identifiers, unique over all platforms."""
        return np.array(FIRST_ID)[self.platform] + self.number

    @cached_property
    def cells(self) -> Ints:
        """Which campaign a touch belongs to: by month and platform, CELLS cells as wide as budgets are high."""
        cells = np.zeros((p.MAX_MONTHS, len(PLATFORMS), CELLS), np.int64)
        for month in range(p.MAX_MONTHS):
            for platform in range(len(PLATFORMS)):
                runs = (self.platform == platform) & (self.first_month <= month) & (month < self.last_month)
                rows = np.flatnonzero(runs)
                bounds = np.cumsum(self.budget_usd[rows] + 1_000) * CELLS
                edges = np.concatenate([[0], bounds // (bounds[-1] // CELLS)])
                cells[month, platform] = np.repeat(rows, np.diff(edges))
        return cells

    @cached_property
    def platform_of_channel(self) -> Ints:
        """The platform on which a channel's campaigns run, -1 for a channel without any."""
        found = np.full(len(values("channels")), -1)
        found[_platform_channels()] = np.arange(len(PLATFORMS))
        return found


def _platform_channels() -> Ints:
    """The channel of each platform, as a code of the vocabulary."""
    return np.array([code("channels", name) for name in PLATFORM_CHANNEL])


@lru_cache(maxsize=4)
def campaigns(world: World) -> Campaigns:
    """The catalogue: one campaign a platform that always runs, and one a quarter (e-mail: a month)."""
    rows: list[tuple[int, int, int, int, str]] = []
    for platform, name in enumerate(PLATFORMS):
        rows.append((platform, 0, 0, p.MAX_MONTHS, _ALWAYS[platform]))
        step = 1 if name == "iterable" else QUARTER
        for number, month in enumerate(range(0, p.MAX_MONTHS, step), start=1):
            theme = _THEMES[(number + platform) % len(_THEMES)]
            rows.append((platform, number, month, month + step, f"{theme} {number}"))
    platform_of, numbers, first, last = (
        np.array([row[field] for row in rows], np.int64) for field in range(4)
    )
    draw = world.stream("campaigns").lanes16(len(rows)).astype(np.int64)
    base = np.array([p.CAMPAIGN_MONTHLY_USD[name] for name in PLATFORMS])[platform_of]
    effects = np.array(weights("channels", p.CHANNEL_EFFECT_Q12), np.int64)
    spread = (draw[:, 1] - 32_768) * p.CAMPAIGN_EFFECT_SPREAD_Q12 // 32_768
    channel = _platform_channels()[platform_of]
    return Campaigns(
        platform=platform_of,
        number=numbers,
        first_month=first,
        last_month=last,
        budget_usd=base * (Q12 // 2 + draw[:, 0] // 16) // Q12,
        effect_q12=np.maximum(0, effects[channel] + spread),
        names=tuple(row[4] for row in rows),
    )
