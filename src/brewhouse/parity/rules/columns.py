"""P2xx: columns that are missing, not declared, out of order, or spoken of and not there."""

from __future__ import annotations

from collections.abc import Iterator

from brewhouse.parity.expected import ExpectedColumn
from brewhouse.parity.findings import Finding, Level, rule
from brewhouse.parity.match import Case, Joined


@rule("P201", "missing column", Level.ERROR)
def missing_column(case: Case) -> Iterator[Finding]:
    """A column that is promised is not in the relation.

    Promised is a column of a model whose contract is enforced, one with a `data_type`, and one of a source. Of other
    columns see P204. A view over something that is gone may show no columns at all; then nothing is said.

    Why it matters: A contract is checked when dbt builds, and never again: whatever happens to the table afterwards
    passes `dbt test` and `dbt docs generate`. Of a source, the loader has stopped to deliver the column.

    How to mend: Build the model again; of a source, mend the load or take the column out of its yml.
    """
    for joined in case.joined:
        for column in joined.absent:
            if _is_promised(joined, column):
                yield _absent("P201", Level.ERROR, joined, column, "is promised and not there")


@rule("P202", "undeclared column", Level.INFO)
def undeclared_column(case: Case) -> Iterator[Finding]:
    """A column is in the relation and not in its yml.

    If the contract is enforced this is an error: the contract names all columns. Else the yml is a promise of a
    subset, and this is for information (`--show info`). Of relations whose yml names no column nothing is said, nor
    of the columns that dbt adds to snapshots.

    Why it matters: Under a contract, somebody changed the table outside of dbt, or the contract after the build.
    Elsewhere it is an undocumented column.

    How to mend: Under a contract, build the model again or add the column to it. Elsewhere document it, if you like.
    """
    for joined in case.joined:
        expected, found = joined.pair
        level = Level.ERROR if expected.contract else Level.INFO
        for column in joined.undeclared:
            if column.name.lower() in expected.added:
                continue
            yield Finding(
                "P202",
                level,
                f"column {column.name} is not declared" + (" in the contract" if expected.contract else ""),
                relation=str(found),
                column=column.name,
                node=expected.id,
                file=expected.file,
                expected="nothing",
                found=column.data_type,
            )


@rule("P203", "column order", Level.ERROR)
def column_order(case: Case) -> Iterator[Finding]:
    """The columns of a table are in another order than its enforced contract has them.

    Columns that only one side has do not count. Views are not judged: dbt orders the columns of tables only.

    Why it matters: `insert` without names, `union all`, exports to files: they go by position, and give wrong values
    without an error if two columns of the same type have changed places.

    How to mend: `dbt run --full-refresh --select NAME`: the table gets the order of the contract. Or write the yml
    in the order of the table.
    """
    for joined in case.joined:
        expected, found = joined.pair
        if not expected.contract or expected.kind != "table" or found.kind != "table":
            continue
        positions = [one.position for one in joined.found]
        if positions != sorted(positions):
            names = [one.expected.name for one in joined.found]
            there = [one.observed.name for one in sorted(joined.found, key=lambda one: one.position)]
            yield Finding(
                "P203",
                Level.ERROR,
                f"the columns of {expected.name} are not in the order of its contract",
                relation=str(found),
                node=expected.id,
                file=expected.file,
                expected=", ".join(names),
                found=", ".join(there),
            )


@rule("P204", "column spoken of and not there", Level.WARNING)
def column_only_in_words(case: Case) -> Iterator[Finding]:
    """A yml documents or tests a column that the relation does not have.

    An error if there is a data test of the column, for the test can't run; else a warning. Which column was meant is
    never guessed.

    Why it matters: Documentation of a column that does not exist misleads, and is the most common drift of all: a
    typing error, a column that was renamed in the SQL only.

    How to mend: Correct the name in the yml, or delete the entry; if the SQL has the column, build the model again.
    """
    for joined in case.joined:
        for column in joined.absent:
            if _is_promised(joined, column):
                continue
            tests = ", ".join(column.tests)
            level = Level.ERROR if tests else Level.WARNING
            says = f"is tested ({tests}) and not there" if tests else "is documented and not there"
            yield _absent("P204", level, joined, column, says)


def _is_promised(joined: Joined, column: ExpectedColumn) -> bool:
    expected = joined.pair.expected
    return expected.contract or expected.is_source or bool(column.data_type)


def _absent(code: str, level: Level, joined: Joined, column: ExpectedColumn, says: str) -> Finding:
    expected, found = joined.pair
    return Finding(
        code,
        level,
        f"column {column.name} {says}",
        relation=str(found),
        column=column.name,
        node=expected.id,
        file=expected.file,
        expected=column.data_type or "a column",
        found="nothing",
    )
