"""Which engine dbt compiles for, and how it finds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from brewhouse.warehouse.workspace import NEXT

EMPTY: Final = "__empty"
"""Ends the names of the schemas on which unit tests run there."""
URL_VARIABLE: Final = "BREWHOUSE_PG_URL"
"""Where a server's address stands in the environment of dbt's process."""


@dataclass(frozen=True)
class Target:
    """One of the outputs of the project's profiles.yml."""

    name: str = "duckdb"
    database: str = ""
    """Its name, which compiled SQL holds."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What profiles.yml reads."""

    @property
    def key(self) -> str:
        """What is other in plans for another target."""
        return " ".join(filter(None, (self.name, self.database)))

    @property
    def suffix(self) -> str:
        """Ends the names of all schemas that a build writes to."""
        return "" if self.name == "duckdb" else NEXT


DUCKDB: Final = Target()
