"""Where a build happens, unseen by readers, whatever the engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from brewhouse.errors import BrewhouseError
from brewhouse.warehouse.engine import Engine

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
