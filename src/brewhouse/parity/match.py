"""The promise joined with the fact, by hash: each rule then only reads its part."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from brewhouse.parity.adapters.base import Dialect
from brewhouse.parity.expected import Absent, Expected, ExpectedColumn, ExpectedRelation
from brewhouse.parity.findings import Waiver
from brewhouse.parity.ignore import Pattern, ignored_by
from brewhouse.parity.names import Key
from brewhouse.parity.observed import Observed, ObservedColumn, ObservedRelation
from brewhouse.parity.types import Answer, Fact, Type, differences


class Pair(NamedTuple):
    """A relation that is promised and there."""

    expected: ExpectedRelation
    observed: ObservedRelation


class ColumnPair(NamedTuple):
    """A column that is named and there, and its place in the relation."""

    expected: ExpectedColumn
    observed: ObservedColumn
    position: int


@dataclass(frozen=True, slots=True)
class Joined:
    """The columns of a pair."""

    pair: Pair
    found: tuple[ColumnPair, ...]
    """In the order of the yml."""
    absent: tuple[ExpectedColumn, ...]
    undeclared: tuple[ObservedColumn, ...]


class Drifted(NamedTuple):
    """A column of another type than declared, and fact by fact how."""

    pair: Pair
    column: ColumnPair
    declared: Type
    found: Type
    answers: Mapping[Fact, Answer]


@dataclass(frozen=True, slots=True)
class Staleness:
    """How the files of a project differ from those that its manifest was made of."""

    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    """Files without a checksum in the manifest that were written after it."""

    @property
    def is_stale(self) -> bool:
        """Whether the manifest is surely not that of these files."""
        return bool(self.changed or self.removed or self.added)


@dataclass(frozen=True)
class Case:
    """All that rules judge by."""

    dialect: Dialect
    expected: Expected
    observed: Observed
    now: dt.datetime
    pairs: tuple[Pair, ...]
    missing: tuple[ExpectedRelation, ...]
    """Neither there nor misplaced, and it would be seen if it were there."""
    unseen: tuple[ExpectedRelation, ...]
    """Whether they are there can't be told."""
    misplaced: tuple[Pair, ...]
    """Not where it is promised, but one relation of the name is elsewhere, and nobody else wants it."""
    leftovers: tuple[tuple[Absent, ObservedRelation], ...]
    orphans: tuple[ObservedRelation, ...]
    unclaimed: tuple[ObservedRelation, ...]
    ignored: Mapping[Pattern, int]
    tolerated: int
    """Stored failures of tests that are there."""
    staleness: Staleness = field(default_factory=Staleness)
    counted: bool = False
    """Whether rows were asked for."""
    timed: bool = False
    """Whether moments were asked for."""
    waivers: tuple[Waiver, ...] = ()
    idle_waivers: tuple[Waiver, ...] = ()
    """Those that cover nothing: known once all else is judged."""
    partial: bool = False
    """Whether only a selection is judged, so that nothing is said of relations outside the project."""

    @cached_property
    def joined(self) -> tuple[Joined, ...]:
        """The columns of all pairs whose columns are known and named."""
        return tuple(
            join_columns(pair, self.dialect)
            for pair in self.pairs
            if pair.expected.columns and pair.observed.columns_known
        )

    @cached_property
    def drifted(self) -> tuple[Drifted, ...]:
        """Columns of all pairs whose type differs in some fact from the declared one."""
        return tuple(drifted(self.joined, self.dialect))

    @cached_property
    def by_id(self) -> Mapping[str, Pair]:
        """Pairs by the node's id."""
        return {pair.expected.id: pair for pair in self.pairs}

    def place(self, expected: ExpectedRelation) -> str:
        """Where a relation should be, for people."""
        return str(expected.place)

    def sql_name(self, observed: ObservedRelation) -> str:
        """As SQL has it."""
        return self.dialect.quoted(observed.database, observed.schema, observed.name)


@dataclass(frozen=True)
class Settings:
    """What a user can choose about the judgement."""

    ignore: Sequence[Pattern] = ()
    selected: Collection[str] | None = None
    """Ids of nodes; None: all."""
    counts: bool = False
    freshness: bool = False
    waivers: tuple[Waiver, ...] = ()


def match(
    expected: Expected,
    observed: Observed,
    dialect: Dialect,
    settings: Settings,
    *,
    now: dt.datetime | None = None,
    staleness: Staleness | None = None,
) -> Case:
    """Join a promise with what is there; the work grows with the number of relations."""
    keys = {one.id: dialect.folding.place(one.place) for one in expected.relations}
    chosen = [one for one in expected.relations if settings.selected is None or one.id in settings.selected]
    pairs = [Pair(one, found) for one in chosen if (found := observed.relations.get(keys[one.id]))]
    absent = [one for one in chosen if keys[one.id] not in observed.relations]
    extra = _Extra(expected, observed, dialect, settings, set(keys.values()))
    seen = [one for one in absent if observed.sees(keys[one.id])]
    misplaced = extra.take_misplaced(seen)
    elsewhere = {pair.expected.id for pair in misplaced}
    return Case(
        dialect=dialect,
        expected=expected,
        observed=observed,
        now=now or observed.asked_at,
        pairs=tuple(pairs),
        missing=tuple(one for one in seen if one.id not in elsewhere),
        unseen=tuple(one for one in absent if not observed.sees(keys[one.id])),
        misplaced=tuple(misplaced),
        leftovers=tuple(extra.leftovers),
        orphans=tuple(one for one in extra.rest() if extra.is_claimed(one)),
        unclaimed=tuple(one for one in extra.rest() if not extra.is_claimed(one)),
        ignored=extra.ignored,
        tolerated=extra.tolerated,
        staleness=staleness or Staleness(),
        counted=settings.counts,
        timed=settings.freshness,
        waivers=settings.waivers,
        partial=settings.selected is not None,
    )


class _Extra:
    """Relations that are there and that no node is."""

    def __init__(
        self,
        expected: Expected,
        observed: Observed,
        dialect: Dialect,
        settings: Settings,
        promised: set[Key],
    ) -> None:
        folding = dialect.folding
        self._folding = folding
        self._claims = {folding.place(one.place)[:2] for one in expected.relations if not one.is_source}
        absent = {folding.place(one.place): one for one in expected.absent}
        may_be = {folding.place(place) for place in expected.tolerated} - promised
        self.leftovers: list[tuple[Absent, ObservedRelation]] = []
        self.ignored: Counter[Pattern] = Counter()
        self.tolerated = 0
        self._left: dict[Key, ObservedRelation] = {}
        for key, relation in observed.relations.items():
            if key in promised:
                continue
            if key in absent:
                if settings.selected is None or absent[key].id in settings.selected:
                    self.leftovers.append((absent[key], relation))
            elif key in may_be:
                self.tolerated += 1
            elif pattern := ignored_by(str(relation), settings.ignore):
                self.ignored[pattern] += 1
            else:
                self._left[key] = relation
        self._partial = settings.selected is not None

    def is_claimed(self, relation: ObservedRelation) -> bool:
        """Whether it lies in a schema that the project writes to."""
        return relation.key[:2] in self._claims

    def take_misplaced(self, absent: Sequence[ExpectedRelation]) -> list[Pair]:
        """Those of ``absent`` of whose name there is one relation elsewhere, and that alone want it."""
        by_name: dict[str, list[Key]] = defaultdict(list)
        for key in self._left:
            by_name[key.name].append(key)
        wanted = Counter(self._folding.place(one.place).name for one in absent)
        pairs = []
        for one in absent:
            name = self._folding.place(one.place).name
            found = by_name.get(name, [])
            if len(found) == 1 and wanted[name] == 1:
                pairs.append(Pair(one, self._left.pop(found[0])))
        return pairs

    def rest(self) -> list[ObservedRelation]:
        """What then is left; nothing if only a selection is judged."""
        return [] if self._partial else list(self._left.values())


def join_columns(pair: Pair, dialect: Dialect) -> Joined:
    """By the very name, else by what the engine makes of it."""
    folding = dialect.folding
    positions = {column.name: number for number, column in enumerate(pair.observed.columns)}
    folded: dict[str, int] | None = None
    found: list[ColumnPair] = []
    absent: list[ExpectedColumn] = []
    for column in pair.expected.columns:
        position = positions.get(column.name)
        if position is None:
            if folded is None:
                folded = {folding.stored(name): number for name, number in positions.items()}
            position = folded.get(folding.key(column.name, quoted=column.quoted))
        if position is None:
            absent.append(column)
        else:
            found.append(ColumnPair(column, pair.observed.columns[position], position))
    taken = {one.position for one in found}
    undeclared = tuple(column for number, column in enumerate(pair.observed.columns) if number not in taken)
    return Joined(pair, tuple(found), tuple(absent), undeclared)


def drifted(joined: Iterable[Joined], dialect: Dialect) -> Iterator[Drifted]:
    """Types are few and columns many: each two texts are compared once."""
    known: dict[tuple[str, str], tuple[Type, Type, Mapping[Fact, Answer]] | None] = {}
    for one in joined:
        for column in one.found:
            texts = column.expected.data_type, column.observed.data_type
            if not texts[0]:
                continue
            if texts not in known:
                declared, found = dialect.declared(texts[0]), dialect.found(texts[1])
                answers = differences(declared, found)
                known[texts] = (declared, found, answers) if "differs" in answers.values() else None
            if compared := known[texts]:
                yield Drifted(one.pair, column, *compared)
