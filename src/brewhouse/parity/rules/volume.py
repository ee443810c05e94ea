"""P4xx: rows. They are counted only if asked for (``--counts``)."""

from __future__ import annotations

from collections.abc import Iterator

from brewhouse.parity.findings import Finding, Level, rule
from brewhouse.parity.match import Case


@rule("P401", "no rows", Level.WARNING)
def no_rows(case: Case) -> Iterator[Finding]:
    """A relation of the project has no rows. Judged with `--counts` only.

    Why it matters: An empty table passes `unique`, `not_null` and most other tests. The load may have stopped, or a
    filter or a join may have lost everything.

    How to mend: Look at what it reads. If it may be empty (a quarantine, a table of exceptions), waive it.
    """
    for one, found in case.pairs:
        if case.observed.statistics.rows.get(found.key) == 0:
            yield Finding(
                "P401",
                Level.WARNING,
                f"{one.resource} {one.name} has no rows",
                relation=str(found),
                node=one.id,
                file=one.file,
                expected="rows",
                found="0 rows",
            )


@rule("P402", "unreadable", Level.ERROR)
def unreadable(case: Case) -> Iterator[Finding]:
    """A relation is there, this role may read it, and a query of it fails. Judged with `--counts` or `--freshness`.

    Most often a view whose tables are gone, or an expression of `loaded_at_field` that the engine does not know.

    Why it matters: Whoever reads it gets the same error; a catalogue shows such a view as if it were whole.

    How to mend: The engine's own words are in the finding. Build the view and what it reads again.
    """
    for one, found in case.pairs:
        problem = case.observed.statistics.problems.get(found.key)
        if problem and found.readable:
            yield Finding(
                "P402",
                Level.ERROR,
                f"{one.resource} {one.name} can't be read: {problem}",
                relation=str(found),
                node=one.id,
                file=one.file,
                expected="rows",
                found=problem,
            )
