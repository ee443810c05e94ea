"""What every company asks of its settings."""

from __future__ import annotations

from brewhouse.errors import SimulationSettingsError


def require(setting: str, value: object, holds: bool, expected: str) -> None:
    """Raise ``SimulationSettingsError`` unless ``holds``."""
    if not holds:
        raise SimulationSettingsError(setting=setting, value=value, expected=expected)
