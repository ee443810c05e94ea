"""The companies behind the blueprints, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from brewhouse.errors import UnknownBlueprintError
from brewhouse.settings import SimulateSettings
from brewhouse.simulate.engine.company import Company


def _sandbox(settings: SimulateSettings) -> Company:
    from brewhouse.simulate.sandbox.company import Sandbox
    from brewhouse.simulate.sandbox.world import World

    return Sandbox(World(settings.seed, settings.scale, settings.end, settings.days, settings.dirt))


_COMPANIES: Final[dict[str, Callable[[SimulateSettings], Company]]] = {"sandbox": _sandbox}


def company(blueprint: str, settings: SimulateSettings) -> Company:
    """The company of a blueprint; raises ``UnknownBlueprintError`` or ``SimulationSettingsError``."""
    try:
        make = _COMPANIES[blueprint]
    except KeyError:
        known = ", ".join(_COMPANIES)
        raise UnknownBlueprintError(kind="blueprint", name=blueprint, known=known) from None
    return make(settings)
