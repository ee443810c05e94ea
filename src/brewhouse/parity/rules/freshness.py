"""P5xx: rows that are too old. Moments are read only if asked for (``--freshness``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from brewhouse.parity.findings import Finding, Level, rule
from brewhouse.parity.match import Case


@rule("P501", "older than its parent", Level.WARNING)
def older_than_parent(case: Case) -> Iterator[Finding]:
    """A table's newest row is older than the newest row of something that it is made of. Judged with `--freshness`.

    The moment is the greatest value of the column that the node names (`meta: {loaded_at_field: ...}`, or
    `loaded_at_field` of a source), else what the catalogue says of the last change (Snowflake). Where one of the two
    has no moment, nothing is said. What has none among the parents (a view, an ephemeral model) is looked through.

    Why it matters: The parent was loaded or built, and the child was not: a run that stopped half-way, a model that
    no job selects. Its figures do not agree with those of its siblings.

    How to mend: `dbt build --select NAME`; then see which job should have built it.
    """
    moments = _moments(case)
    for one, found in case.pairs:
        own = moments.get(one.id)
        if one.is_source or own is None or found.kind == "view":
            continue
        newer = {
            parent: moment for parent in _parents(case, one.id, moments) if (moment := moments[parent]) > own
        }
        if newer:
            parent = max(newer, key=lambda name: newer[name])
            yield Finding(
                "P501",
                Level.WARNING,
                f"{one.resource} {one.name} is older than {parent}: {_say(own)} against {_say(newer[parent])}",
                relation=str(found),
                node=one.id,
                file=one.file,
                expected=f"{_say(newer[parent])} or later",
                found=_say(own),
                statement=f"-- dbt build --select {one.name}",
            )


@rule("P502", "stale", Level.WARNING)
def stale(case: Case) -> Iterator[Finding]:
    """The newest row of a source is older than its declared freshness allows. Judged with `--freshness`.

    An error beyond `error_after`, a warning beyond `warn_after`, by the engine's clock. A source without rows is
    stale too.

    Why it matters: The models are built from what is there: they will be right about the past, and silent about today.

    How to mend: Look at the load of that source. If it comes less often now, change its `freshness`.
    """
    for one, found in case.pairs:
        declared = one.freshness
        if declared is None or found.key not in case.observed.statistics.latest:
            continue
        latest = case.observed.statistics.latest[found.key]
        limits = ((declared.error_after, Level.ERROR), (declared.warn_after, Level.WARNING))
        for limit, level in limits:
            if limit is not None and (latest is None or case.now - latest > limit):
                found_age = "no rows" if latest is None else f"{_age(case.now - latest)} old"
                yield Finding(
                    "P502",
                    level,
                    f"{one.resource} {one.name} is stale: {found_age}, at most {_age(limit)} is declared",
                    relation=str(found),
                    node=one.id,
                    file=one.file,
                    expected=f"at most {_age(limit)} old",
                    found=found_age,
                )
                break


def _moments(case: Case) -> Mapping[str, dt.datetime]:
    """By node, of those whose moment is known."""
    if not case.timed:
        return {}
    latest = case.observed.statistics.latest
    found = {}
    for one, observed in case.pairs:
        moment = latest.get(observed.key)
        if moment is None and observed.kind != "view":
            moment = observed.modified_at
        if moment is not None:
            found[one.id] = moment
    return found


def _parents(case: Case, node: str, moments: Mapping[str, dt.datetime]) -> set[str]:
    """The nearest ancestors that have a moment of their own."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(case.expected.parents.get(node, ()))
    while waiting:
        parent = waiting.pop()
        if parent in seen:
            continue
        seen.add(parent)
        if parent in moments:
            found.add(parent)
        else:
            waiting += case.expected.parents.get(parent, ())
    return found


def _say(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _age(age: dt.timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
