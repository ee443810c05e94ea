"""What a project promises: relations and columns, as its manifest has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from brewhouse.parity.names import Place

Resource = Literal["model", "seed", "snapshot", "source"]
Kind = Literal["table", "view", "materialized view", "any"]
Absence = Literal["ephemeral", "disabled"]


class ExpectedColumn(NamedTuple):
    """One column that a yml file names."""

    name: str
    quoted: bool
    data_type: str
    """As declared; empty: not."""
    documented: bool
    tests: tuple[str, ...] = ()
    """Names of data tests of the column."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the rows of a relation may be, and how their moment is found."""

    loaded_at: str = ""
    """A column or an expression; empty: none is declared."""
    query: str = ""
    """Instead, a query that gives the moment."""
    warn_after: dt.timedelta | None = None
    error_after: dt.timedelta | None = None
    filter: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedRelation:
    """One node of a project that is a relation once it is built."""

    id: str
    resource: Resource
    name: str
    """The node's own name; its relation may have another."""
    package: str
    place: Place
    kind: Kind
    materialized: str
    contract: bool
    columns: tuple[ExpectedColumn, ...]
    parents: tuple[str, ...]
    file: str
    """Where it is declared, from the project's root."""
    freshness: Freshness | None = None
    tags: tuple[str, ...] = ()
    fqn: tuple[str, ...] = ()
    added: frozenset[str] = frozenset()
    """Columns that dbt itself adds, in lower case."""

    @property
    def is_source(self) -> bool:
        """Whether somebody else makes it."""
        return self.resource == "source"


@dataclass(frozen=True, slots=True)
class Absent:
    """A node that is no relation: where it would be, whatever is there is a leftover."""

    id: str
    name: str
    place: Place
    why: Absence
    file: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a manifest says of itself."""

    project: str
    adapter: str
    dbt_version: str
    generated_at: dt.datetime | None
    schema_version: int


@dataclass(frozen=True)
class Expected:
    """All that a project promises."""

    facts: Facts
    relations: tuple[ExpectedRelation, ...]
    absent: tuple[Absent, ...] = ()
    tolerated: tuple[Place, ...] = ()
    """Relations that may be there: stored failures of tests."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Nodes that are no relation of the warehouse, and why."""
    checksums: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the files that the manifest was made of, as far as it tells."""
    files: frozenset[str] = frozenset()
    """All files of models, seeds and snapshots that the manifest knows of."""
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each node, ephemeral ones too."""

    def databases(self) -> tuple[str, ...]:
        """Names of the databases that are spoken of."""
        return tuple(sorted({one.place.database.text for one in self.relations}))
