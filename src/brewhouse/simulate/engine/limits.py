"""What every company asks of its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

from brewhouse.errors import SimulationSettingsError


def require(setting: str, value: object, holds: bool, expected: str) -> None:
    """Raise ``SimulationSettingsError`` unless ``holds``."""
    if not holds:
        raise SimulationSettingsError(setting=setting, value=value, expected=expected)


class Settings(Protocol):
    """What every company is configured by."""

    @property
    def seed(self) -> int:
        """Of all chance."""
        ...

    @property
    def scale(self) -> float:
        """Size of the company."""
        ...

    @property
    def end(self) -> dt.date:
        """Last day of the window."""
        ...

    @property
    def days(self) -> int:
        """Length of the window."""
        ...

    @property
    def dirt(self) -> float:
        """0 is clean, 1 the stated rates."""
        ...


def require_settings(given: Settings, max_scale: int, years: range) -> None:
    """Raise ``SimulationSettingsError`` for what this company does not take; ``years``: in which the window may end."""
    require("scale", given.scale, 0 < given.scale <= max_scale, f"0 < scale <= {max_scale:,}")
    require("dirt", given.dirt, 0 <= given.dirt <= 10, "0 (clean) to 10")
    require("seed", given.seed, 0 <= given.seed < 2**63, "0 to 2**63 - 1")
    require("end", given.end, given.end.year in years, f"a date from {years[0]} to {years[-1]}")


def configuration(given: Settings) -> Mapping[str, str]:
    """The settings as text."""
    return {
        "seed": str(given.seed),
        "scale": str(float(given.scale)),
        "end": given.end.isoformat(),
        "days": str(given.days),
        "dirt": str(float(given.dirt)),
    }
