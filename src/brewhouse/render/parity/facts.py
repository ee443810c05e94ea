"""What all renderings of a verdict say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from brewhouse.parity.findings import RULES, Finding, Level
from brewhouse.parity.judge import Verdict, percent


@dataclass(frozen=True, slots=True)
class Options:
    """How a verdict is shown."""

    show: Level = Level.WARNING
    """Findings of a lower level are counted and not listed."""
    fail_on: Level | None = Level.ERROR
    statements: bool = False
    """Whether text shows what might mend a finding."""
    warehouse: str = ""
    """Where it is, without a password."""
    project: str = ""
    version: str = ""
    """Of Brewhouse."""


def title(verdict: Verdict, options: Options) -> str:
    """Which project and which warehouse."""
    facts = verdict.case.expected.facts
    name = options.project or facts.project or "the project"
    made = f"dbt {facts.dbt_version}, {verdict.case.observed.engine}"
    return f"Parity of {name} ({made}) with {options.warehouse or 'its warehouse'}"


def figures(verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    """Name, value and remark of each overall figure."""
    case = verdict.case
    yield "models in the project", f"{verdict.models:,}", ""
    yield "relations in the warehouse", f"{verdict.relations:,}", ""
    yield "matching", f"{verdict.matching:,}", ""
    yield "missing", f"{verdict.missing:,}", _unseen(verdict)
    yield "extra", f"{verdict.extra:,}", _extra(verdict)
    declared = sum(one.is_source for one in case.missing)
    if declared:
        yield "sources absent", f"{declared:,}", ""
    yield "coverage", percent(verdict.coverage), "of what the project promises could be seen"
    if case.tolerated:
        yield "stored failures", f"{case.tolerated:,}", "of tests, no findings"
    for pattern, count in sorted(verdict.ignored.items(), key=lambda one: one[0].text):
        yield "ignored", f"{count:,}", f"{pattern.text}: {pattern.owner}"
    for reason, count in sorted(_skipped(verdict).items()):
        yield "skipped", f"{count:,}", reason
    if case.partial:
        yield (
            "selected",
            f"{len(case.pairs) + len(case.missing) + len(case.unseen):,}",
            "nothing else is judged",
        )


def _unseen(verdict: Verdict) -> str:
    unseen = sum(not one.is_source for one in verdict.case.unseen)
    return f"{unseen:,} of them can't be seen" if unseen else ""


def _extra(verdict: Verdict) -> str:
    if not verdict.extra:
        return ""
    others = verdict.extra - verdict.sources
    return f"{verdict.sources:,} declared sources, {others:,} other{'s' * (others != 1)}"


def _skipped(verdict: Verdict) -> dict[str, int]:
    reasons: dict[str, int] = defaultdict(int)
    for reason in verdict.case.expected.skipped.values():
        reasons[reason] += 1
    return reasons


def shown(verdict: Verdict, options: Options) -> list[Finding]:
    """The findings to list: nobody has waived them, and they weigh enough."""
    return verdict.counted(options.show)


def hidden(verdict: Verdict, options: Options) -> str:
    """What is not listed, in one sentence; empty: all is."""
    codes: dict[str, int] = defaultdict(int)
    for one in verdict.counted():
        if one.level < options.show:
            codes[one.code] += 1
    if not codes:
        return ""
    parts = ", ".join(f"{code} {RULES[code].title}: {count:,}" for code, count in sorted(codes.items()))
    return f"Not listed ({parts}): --show info lists all."


def by_code(findings: list[Finding]) -> Iterator[tuple[Level, str, list[Finding]]]:
    """Groups of findings, the worst first."""
    groups: dict[tuple[Level, str], list[Finding]] = defaultdict(list)
    for one in findings:
        groups[one.level, one.code].append(one)
    for (level, code), found in sorted(groups.items(), key=lambda group: (-group[0][0], group[0][1])):
        yield level, code, found
