"""What is in a warehouse: relations, columns, and how much of it could be seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from brewhouse.parity.names import Key

FoundKind = Literal["table", "view", "materialized view", "other"]


class ObservedColumn(NamedTuple):
    """One column, as the catalogue has it."""

    name: str
    data_type: str


@dataclass(frozen=True, slots=True)
class ObservedRelation:
    """One table or view, as the catalogue has it."""

    key: Key
    database: str
    schema: str
    name: str
    kind: FoundKind
    columns: tuple[ObservedColumn, ...] = ()
    """In their order."""
    readable: bool = True
    """Whether this role may select from it."""
    modified_at: dt.datetime | None = None
    """When its rows last changed, where the catalogue says so; UTC."""

    @property
    def columns_known(self) -> bool:
        """Whether its columns could be told: a view over something that is gone may have none to show."""
        return bool(self.columns) or self.kind == "table"

    def __str__(self) -> str:
        return ".".join(filter(None, (self.database, self.schema, self.name)))


@dataclass(frozen=True, slots=True)
class Statistics:
    """What had to be read from the tables themselves, where it was asked for; by relation."""

    rows: Mapping[Key, int] = field(default_factory=dict)
    latest: Mapping[Key, dt.datetime | None] = field(default_factory=dict)
    """The moment of the newest row, UTC; None: there is no row."""
    problems: Mapping[Key, str] = field(default_factory=dict)
    """Why one of them could not be read."""


@dataclass(frozen=True)
class Observed:
    """All that could be seen of a warehouse."""

    engine: str
    role: str
    databases: frozenset[str]
    """Those that were asked, as keys."""
    hidden: frozenset[tuple[str, str]]
    """Schemas (database, name, as keys) that are there, or may be, without this role seeing into them."""
    relations: Mapping[Key, ObservedRelation]
    asked_at: dt.datetime
    """By the engine's clock, UTC."""
    schemas_complete: bool = True
    """Whether a schema that is not listed is surely not there."""
    schemas: frozenset[tuple[str, str]] = frozenset()
    """Those that are listed, as keys."""
    statistics: Statistics = field(default_factory=Statistics)
    seconds: Mapping[str, float] = field(default_factory=dict)
    """How long each query took."""

    def sees(self, key: Key) -> bool:
        """Whether the absence of a relation at ``key`` would be known."""
        place = (key.database, key.schema)
        if key.database not in self.databases or place in self.hidden:
            return False
        return self.schemas_complete or place in self.schemas
