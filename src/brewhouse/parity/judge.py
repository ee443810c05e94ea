"""All rules on one case, and what follows: findings, figures, how much could be seen, and whether to trust it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from brewhouse.parity import rules
from brewhouse.parity.findings import RULES, Finding, Level
from brewhouse.parity.ignore import Pattern
from brewhouse.parity.match import Case
from brewhouse.parity.names import Key
from brewhouse.parity.observed import ObservedRelation
from brewhouse.parity.waivers import apply_waivers

__all__ = ["SchemaLine", "Verdict", "judge", "rules"]

CLEAN: Final = 0
FOUND: Final = 1
UNTRUSTED: Final = 2
_TRUST: Final = frozenset({"P901", "P902"})
"""Codes of which an error that nobody has waived makes the whole judgement doubtful."""


@dataclass(frozen=True, slots=True)
class SchemaLine:
    """One line of the summary by schema."""

    schema: str
    models: int
    """Models, seeds and snapshots that the project has there."""
    relations: int
    """Tables and views that are there, without those that a pattern leaves out."""
    matching: int
    sources: int
    """Declared sources that are there."""

    @property
    def missing(self) -> int:
        """Models that are not there."""
        return self.models - self.matching

    @property
    def extra(self) -> int:
        """Relations that are no model."""
        return self.relations - self.matching

    @property
    def status(self) -> str:
        """In words."""
        if not self.models:
            return "Source data only" if self.sources == self.relations else "Not in the project"
        if not self.matching:
            return "Not built"
        if self.missing:
            return "Major gap" if self.matching * 2 < self.models else "Gap"
        return "Extra relations" if self.extra > self.sources else "Complete"


@dataclass(frozen=True)
class Verdict:
    """What parity has to say of a project and its warehouse."""

    case: Case
    findings: tuple[Finding, ...]
    """The worst first; waived ones too."""
    schemas: tuple[SchemaLine, ...]
    min_coverage: float = 1.0
    seconds: Mapping[str, float] | None = None

    @cached_property
    def models(self) -> int:
        """Models, seeds and snapshots of the project that are relations."""
        return sum(line.models for line in self.schemas)

    @cached_property
    def relations(self) -> int:
        """Tables and views of the warehouse, without those that a pattern leaves out."""
        return sum(line.relations for line in self.schemas)

    @cached_property
    def matching(self) -> int:
        """Models that are there."""
        return sum(line.matching for line in self.schemas)

    @property
    def missing(self) -> int:
        """Models that are not there, or not seen."""
        return self.models - self.matching

    @property
    def extra(self) -> int:
        """Relations that are no model: sources among them."""
        return self.relations - self.matching

    @cached_property
    def sources(self) -> int:
        """Relations that are declared sources."""
        return sum(line.sources for line in self.schemas)

    @property
    def ignored(self) -> Mapping[Pattern, int]:
        """Relations that a pattern leaves out, by pattern."""
        return self.case.ignored

    @cached_property
    def coverage(self) -> float:
        """The share of what the project promises of which it could be told what is there."""
        case = self.case
        asked = case.counted or case.timed
        blind = sum(not pair.observed.readable for pair in case.pairs) if asked else 0
        total = len(case.pairs) + len(case.missing) + len(case.misplaced) + len(case.unseen)
        return (total - len(case.unseen) - blind) / total if total else 1.0

    def counted(self, least: Level = Level.INFO) -> list[Finding]:
        """Findings of that level or above which nobody has waived."""
        return [one for one in self.findings if one.level >= least and one.waiver is None]

    @cached_property
    def waived(self) -> list[Finding]:
        """Findings that somebody answers for."""
        return [one for one in self.findings if one.waiver is not None]

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """Why the judgement is not to be trusted; empty: it is."""
        doubts = []
        if self.case.expected.relations and not self.case.observed.relations:
            doubts.append("nothing is visible in the warehouse")
        by_code = Counter(one.code for one in self.counted(Level.ERROR) if one.code in _TRUST)
        if by_code["P901"] and self.coverage < self.min_coverage:
            doubts.append(
                f"{by_code['P901']} relations are not visible to this role: coverage is {percent(self.coverage)}"
            )
        if by_code["P902"]:
            doubts.append("the manifest is not that of the project's files")
        return tuple(doubts)

    def exit_code(self, fail_on: Level | None = Level.ERROR) -> int:
        """0 clean, 1 findings of that level or above (None: never), 2 not to be trusted."""
        if self.doubts:
            return UNTRUSTED
        return FOUND if fail_on is not None and self.counted(fail_on) else CLEAN

    @property
    def line(self) -> str:
        """The verdict in one sentence."""
        case = self.case
        judged = len(case.pairs) + len(case.missing) + len(case.misplaced) + len(case.unseen)
        found, informational = (
            len(self.counted(Level.WARNING)),
            len(self.counted()) - len(self.counted(Level.WARNING)),
        )
        parts = [f"parity: {judged:,} relations, {found:,} finding{'s' * (found != 1)}"]
        if informational:
            parts.append(f"{informational:,} for information")
        if self.waived:
            parts.append(f"{len(self.waived):,} waived")
        if self.doubts:
            parts.append("not to be trusted: " + "; ".join(self.doubts))
        return ", ".join(parts)


def percent(share: float) -> str:
    """Rounded down, so that 100 % means all."""
    return f"{int(share * 1000) / 10:g} %"


def judge(case: Case, *, min_coverage: float = 1.0) -> Verdict:
    """All rules on a case."""
    start = time.perf_counter()
    found = sorted(_findings(case), key=lambda one: one.sorting)
    judged, idle = apply_waivers(found, case.waivers, case.now.date())
    if idle:
        case = replace(case, idle_waivers=idle)
        judged += RULES["P904"].judge(case)
    seconds = {**case.observed.seconds, "rules": time.perf_counter() - start}
    return Verdict(case, tuple(judged), tuple(_schemas(case)), min_coverage, seconds)


def _findings(case: Case) -> Iterator[Finding]:
    for one in RULES.values():
        yield from one.judge(case)


def _schemas(case: Case) -> Iterator[SchemaLine]:
    """By schema; with the database before it if there are several."""
    tally = _Tally()
    for one in (*case.missing, *case.unseen, *(pair.expected for pair in case.misplaced)):
        key = case.dialect.folding.place(one.place)
        tally.see(key, one.place.database.text, one.place.schema.text)
        tally.models[key[:2]] += not one.is_source
    built = {pair.observed.key for pair in case.pairs if not pair.expected.is_source}
    declared = {pair.observed.key for pair in case.pairs} - built
    tally.models.update(pair.observed.key[:2] for pair in case.pairs if not pair.expected.is_source)
    for observed in _there(case).values():
        key = observed.key
        tally.see(key, observed.database, observed.schema)
        tally.relations[key[:2]] += 1
        tally.matching[key[:2]] += key in built
        tally.sources[key[:2]] += key in declared
    yield from tally.lines()


class _Tally:
    """Figures by database and schema."""

    def __init__(self) -> None:
        self.models = Counter[tuple[str, str]]()
        self.relations = Counter[tuple[str, str]]()
        self.matching = Counter[tuple[str, str]]()
        self.sources = Counter[tuple[str, str]]()
        self._shown: dict[tuple[str, str], tuple[str, str]] = {}

    def see(self, key: Key, database: str, schema: str) -> None:
        """How a schema is called, for people."""
        self._shown.setdefault(key[:2], (database, schema))

    def lines(self) -> Iterator[SchemaLine]:
        """In order of their names."""
        several = len({database for database, _ in self._shown}) > 1
        for key, (database, schema) in sorted(self._shown.items(), key=lambda one: one[1]):
            name = f"{database}.{schema}" if several else schema
            yield SchemaLine(
                name, self.models[key], self.relations[key], self.matching[key], self.sources[key]
            )


def _there(case: Case) -> dict[Key, ObservedRelation]:
    """What is in the warehouse, without what a pattern leaves out and the stored failures of tests."""
    found = (
        *(pair.observed for pair in case.pairs),
        *(pair.observed for pair in case.misplaced),
        *(relation for _, relation in case.leftovers),
        *case.orphans,
        *case.unclaimed,
    )
    return {one.key: one for one in found}
