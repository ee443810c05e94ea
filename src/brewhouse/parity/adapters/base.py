"""What parity needs of an engine. The same questions to each; the contract suite asks them of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from brewhouse.parity.names import Folding, Key
from brewhouse.parity.observed import FoundKind
from brewhouse.parity.types import Grammar, Type, parse

BATCH: Final = 200
"""Relations whose rows are counted by one query."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is to be known of an engine without asking it."""

    name: str
    folding: Folding
    grammar: Grammar

    def declared(self, text: str) -> Type:
        """The type that a yml file spells."""
        return parse(text, self.grammar)

    def found(self, text: str) -> Type:
        """The type that the catalogue spells."""
        return parse(text, self.grammar, observed=True)

    def quoted(self, *parts: str) -> str:
        """A name as SQL has it, whatever is in it."""
        return ".".join('"' + part.replace('"', '""') + '"' for part in parts if part)


class Listed(NamedTuple):
    """One relation of the catalogue."""

    database: str
    schema: str
    name: str
    kind: FoundKind
    readable: bool
    modified_at: dt.datetime | None


class Columns(NamedTuple):
    """The columns of one relation, in their order."""

    database: str
    schema: str
    name: str
    names: Sequence[str]
    types: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sight:
    """Who asks, and what is out of his sight."""

    role: str
    databases: frozenset[str]
    """As the engine stores their names."""
    schemas: frozenset[tuple[str, str]]
    hidden: frozenset[tuple[str, str]]
    """Schemas that are there, but whose relations this role is not shown."""
    complete: bool
    """Whether a schema that is not listed is surely not there."""
    now: dt.datetime


class Moment(NamedTuple):
    """Where the moment of a relation's newest row is to be found."""

    key: Key
    relation: str
    """With quotes."""
    column: str
    """An expression; empty if there is ``query``."""
    query: str = ""
    filter: str = ""


class Adapter(Protocol):
    """One open warehouse, of which nothing can be changed through this."""

    @property
    def dialect(self) -> Dialect:
        """How it spells and compares."""
        ...

    def sight(self) -> Sight:
        """Who asks, and what he can see."""
        ...

    def relations(self) -> Iterable[Listed]:
        """All tables and views, by one query."""
        ...

    def columns(self) -> Iterable[Columns]:
        """Of all of them, by one query."""
        ...

    def counts(self, relations: Mapping[Key, str]) -> tuple[dict[Key, int], dict[Key, str]]:
        """Rows of relations (given with quotes), many by one query; and why some can't be counted."""
        ...

    def latest(self, moments: Sequence[Moment]) -> tuple[dict[Key, dt.datetime | None], dict[Key, str]]:
        """The newest rows' moments, many by one query; and why some can't be told."""
        ...
