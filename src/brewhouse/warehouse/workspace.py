"""Where a build happens, unseen by readers, whatever the engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from brewhouse.errors import BrewhouseError
from brewhouse.warehouse.duckdb import Table
from brewhouse.warehouse.engine import Engine, quoted

QUARANTINE: Final = "quarantine"
NEXT: Final = "__next"
"""Ends the names of the schemas of a build, where an engine has no file that can be copied."""


@dataclass(frozen=True)
class Scope:
    """What a build is going to write."""

    relations: frozenset[str]
    """By name, with quotes."""
    kept: frozenset[str] = frozenset()
    """Those of them that it goes on with, if they are tables."""
    schemas: frozenset[str] = frozenset()
    """Of ``relations``."""


class Site(Protocol):
    """One build's own state of the warehouse, to be published or kept aside."""

    @property
    def engine(self) -> Engine:
        """What executes on it."""
        ...

    @property
    def file(self) -> Path | None:
        """What dbt has to open, if it is a file."""
        ...

    @property
    def folder(self) -> Path:
        """For files that are needed on the way."""
        ...

    def is_empty(self) -> bool:
        """Whether nothing was ever loaded."""
        ...

    def tables(self) -> list[Table]:
        """What is in it, under the names that it has once it is published."""
        ...

    def quarantined(self) -> list[tuple[str, str, int]]:
        """Rows per table of the schema quarantine and reason, most first."""
        ...

    def publish(self) -> str:
        """Show it to readers, in one atomic step; returns where it is."""
        ...

    def keep_failed(self) -> str:
        """Keep it for a look instead of the last failed one; returns where it is."""
        ...

    def prepare(self, scope: Scope) -> Mapping[str, str]:
        """Take over what the build needs of the published state.

        Returns which of the schemas in its SQL are to be called otherwise, as they are not built.
        """
        ...

    def shown(self, schemas: Collection[str], *, failed: bool) -> Mapping[str, str]:
        """How the schemas of the build are called once it is published, or kept aside."""
        ...

    def translate(self, error: Exception, command: str) -> BrewhouseError:
        """The error of ours that says what an engine's error means."""
        ...


def count_quarantined(engine: Engine, tables: Collection[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Rows per table (schema, name) and reason, most first."""
    parts = [
        f"select '{name}' as name, reason, count(*) as n from {quoted(schema, name)} group by reason"
        for schema, name in tables
    ]
    if not parts:
        return []
    found = engine.rows(" union all ".join(parts))
    return sorted(
        ((name, reason, int(n)) for name, reason, n in found), key=lambda row: (row[0], -row[2], row[1])
    )
