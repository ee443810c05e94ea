"""Which sources have a connector, and the name of the secret that each needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from brewhouse.errors import SecretMissingError, SettingsError
from brewhouse.load.sources import Source

if TYPE_CHECKING:
    from brewhouse.load.connectors.fetch import Fetch

KIND: Final = "dlt"


@dataclass(frozen=True)
class Connector:
    """A system that can be fetched: its public address, and the environment variable that holds its key."""

    base_url: str
    variable: str
    fetch: Callable[[Fetch], None]

    def secret(self, source: str) -> str:
        """The key, which is nowhere but in the environment; raises ``SecretMissingError``."""
        value = os.environ.get(self.variable, "").strip()
        if not value:
            raise SecretMissingError(source=source, variable=self.variable)
        return value


def _stripe(fetch: Fetch) -> None:
    from brewhouse.load.connectors.stripe import fetch_stripe

    fetch_stripe(fetch)


def _hubspot(fetch: Fetch) -> None:
    from brewhouse.load.connectors.hubspot import fetch_hubspot

    fetch_hubspot(fetch)


CONNECTORS: Final = {
    "stripe": Connector("https://api.stripe.com/v1", "BREWHOUSE_STRIPE_API_KEY", _stripe),
    "hubspot": Connector("https://api.hubapi.com", "BREWHOUSE_HUBSPOT_TOKEN", _hubspot),
}


def connector(source: Source) -> Connector:
    """The connector of a source; raises ``SettingsError`` if there is none."""
    if source.name not in CONNECTORS:
        raise SettingsError(
            path="brewhouse.toml",
            problem=f"sources.{source.name}.kind = 'dlt': expected 'simulated' or 'existing', since connectors "
            f"are shipped for {' and '.join(CONNECTORS)}",
        )
    return CONNECTORS[source.name]


def check_connectors(sources: Sequence[Source]) -> None:
    """See that each fetched source has a connector and its key; raises ``SettingsError`` or ``SecretMissingError``."""
    for source in sources:
        if source.kind == KIND:
            connector(source).secret(source.name)
