"""The companies behind the blueprints, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from brewhouse.errors import NoStreamError, UnknownBlueprintError
from brewhouse.settings import SimulateSettings
from brewhouse.simulate.engine.company import Company, Streaming


def _sandbox(settings: SimulateSettings) -> Company:
    from brewhouse.simulate.sandbox.company import Sandbox
    from brewhouse.simulate.sandbox.world import DEFAULT_DAYS, World

    days = settings.days or DEFAULT_DAYS
    return Sandbox(World(settings.seed, settings.scale, settings.end, days, settings.dirt))


def _saas(settings: SimulateSettings) -> Company:
    from brewhouse.simulate.saas.company import Saas
    from brewhouse.simulate.saas.world import DEFAULT_DAYS, World

    causes = tuple(sorted(settings.causes.items()))
    days = settings.days or DEFAULT_DAYS
    return Saas(World(settings.seed, settings.scale, settings.end, days, settings.dirt, causes))


def _commerce(settings: SimulateSettings) -> Company:
    from brewhouse.simulate.commerce.company import Commerce
    from brewhouse.simulate.commerce.world import DEFAULT_DAYS, World

    days = settings.days or DEFAULT_DAYS
    return Commerce(World(settings.seed, settings.scale, settings.end, days, settings.dirt))


_COMPANIES: Final[dict[str, Callable[[SimulateSettings], Company]]] = {
    "commerce": _commerce,
    "saas": _saas,
    "sandbox": _sandbox,
}


def company(blueprint: str, settings: SimulateSettings) -> Company:
    """The company of a blueprint; raises ``UnknownBlueprintError`` or ``SimulationSettingsError``."""
    try:
        make = _COMPANIES[blueprint]
    except KeyError:
        known = ", ".join(_COMPANIES)
        raise UnknownBlueprintError(kind="blueprint", name=blueprint, known=known) from None
    return make(settings)


def streaming_company(blueprint: str, settings: SimulateSettings) -> Streaming:
    """The same, of a company that goes on after its window; raises ``NoStreamError`` for one that does not."""
    found = company(blueprint, settings)
    if not isinstance(found, Streaming):
        able = [name for name, make in _COMPANIES.items() if isinstance(make(SimulateSettings()), Streaming)]
        raise NoStreamError(blueprint=blueprint, known=", ".join(able), first=able[0])
    return found
