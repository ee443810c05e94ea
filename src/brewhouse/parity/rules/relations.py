"""P1xx: relations that are missing, too many, in the wrong place or of the wrong kind."""

from __future__ import annotations

from collections.abc import Iterator

from brewhouse.parity.expected import ExpectedRelation
from brewhouse.parity.findings import Finding, Level, rule
from brewhouse.parity.match import Case
from brewhouse.parity.names import one_line
from brewhouse.parity.observed import ObservedRelation


@rule("P101", "missing relation", Level.ERROR)
def missing_relation(case: Case) -> Iterator[Finding]:
    """A model, seed or snapshot is in the project, and its relation is not in the warehouse.

    It is looked for by the name that dbt gives it (alias, custom schema and database, in the engine's case), never by
    the model's own name. Where this role may not look, the answer is P901 and not this.

    Why it matters: Whoever reads it gets an error, and dbt itself says nothing: `dbt docs generate` leaves it out
    silently, and state-aware runs do not build again what somebody has dropped outside of dbt.

    How to mend: Build it (`dbt build --select NAME`), or take the model out of the project (`enabled: false`, or
    delete the file) if nobody needs it.
    """
    for one in case.missing:
        if not one.is_source:
            yield Finding(
                "P101",
                Level.ERROR,
                f"{one.resource} {one.name} is not in the warehouse",
                relation=str(one.place),
                node=one.id,
                file=one.file,
                expected=_kind(one),
                found="nothing",
                statement=one_line(f"-- dbt build --select {one.name}"),
            )


@rule("P102", "orphan", Level.WARNING)
def orphan(case: Case) -> Iterator[Finding]:
    """A relation lies in a schema that the project writes to, and no node of the project is it.

    Stored failures of tests are known and no orphans. Relations that a pattern leaves out are counted in the report,
    with the pattern. Nothing is said if only a selection is judged.

    Why it matters: Nobody refreshes it any more, and it looks like all the others: people go on reading old figures.
    It also costs storage.

    How to mend: Find out who reads it. Then drop it: the statement is printed as a comment, and never executed. If
    it belongs to another tool, name it in an ignore pattern; if it has to stay for a while, waive it until a day.
    """
    for one in case.orphans:
        yield Finding(
            "P102",
            Level.WARNING,
            f"{one.kind} {one.name} is in a schema of the project, and nothing in the project makes it",
            relation=str(one),
            expected="nothing",
            found=one.kind,
            statement=_drop(case, one),
        )


@rule("P103", "unclaimed", Level.INFO)
def unclaimed(case: Case) -> Iterator[Finding]:
    """A relation lies in a schema that the project does not write to, and the project does not speak of it.

    Why it matters: It may be nobody's, another project's, or a source that is not declared yet. The project has no
    claim to such a schema, so this is for information only and not shown unless asked for (`--show info`).

    How to mend: Declare it as a source if models read it. Else nothing: an ignore pattern makes it quiet.
    """
    for one in case.unclaimed:
        yield Finding(
            "P103",
            Level.INFO,
            f"{one.kind} {one.name} is in a schema that the project does not write to",
            relation=str(one),
            expected="nothing",
            found=one.kind,
        )


@rule("P104", "wrong schema or database", Level.ERROR)
def wrong_place(case: Case) -> Iterator[Finding]:
    """A relation is not where the project has it, and exactly one of that name is elsewhere, where nobody wants it.

    If two have the name, which of them it is would be a guess: then it is missing (P101) and they are what they are.

    Why it matters: Readers of the right place get an error; readers of the other one get figures that nobody
    refreshes. It happens when a custom schema or a target is changed after the first build.

    How to mend: Build it again in its right place and drop the other one, or set `schema`, `database` or the target
    back to what they were.
    """
    for one, other in case.misplaced:
        yield Finding(
            "P104",
            Level.ERROR,
            f"{one.resource} {one.name} is not where the project has it; one of that name is in "
            f"{'.'.join(filter(None, (other.database, other.schema)))}",
            relation=str(one.place),
            node=one.id,
            file=one.file,
            expected=str(one.place),
            found=str(other),
            statement=_drop(case, other),
        )


@rule("P105", "wrong kind", Level.ERROR)
def wrong_kind(case: Case) -> Iterator[Finding]:
    """A view is where a table should be, or the other way round.

    Materializations whose result isn't known (custom ones) are judged by nothing.

    Why it matters: The materialization was changed and not built since, or somebody made the relation by hand. A
    table in place of a view shows old rows; a view in place of a table is computed for each reader. Some adapters
    can't replace one by the other and fail in the next run.

    How to mend: `dbt run --full-refresh --select NAME`; if that fails, drop the relation first.
    """
    for one, found in case.pairs:
        if one.kind != "any" and found.kind not in ("other", one.kind):
            yield Finding(
                "P105",
                Level.ERROR,
                f"{one.resource} {one.name} should be a {one.kind} ({one.materialized}) and is a {found.kind}",
                relation=str(found),
                node=one.id,
                file=one.file,
                expected=one.kind,
                found=found.kind,
                statement=_drop(case, found),
            )


@rule("P106", "leftover", Level.WARNING)
def leftover(case: Case) -> Iterator[Finding]:
    """A relation is there whose model has become ephemeral, or is disabled.

    Why it matters: dbt neither refreshes nor drops it. It keeps the rows of the day on which the model was changed.

    How to mend: Drop it, once nobody reads it. The statement is printed as a comment, and never executed.
    """
    for absent, found in case.leftovers:
        yield Finding(
            "P106",
            Level.WARNING,
            f"{found.kind} {found.name} is left over: the model {absent.name} is {absent.why}",
            relation=str(found),
            node=absent.id,
            file=absent.file,
            expected=f"nothing ({absent.why})",
            found=found.kind,
            statement=_drop(case, found),
        )


@rule("P107", "source absent", Level.ERROR)
def source_absent(case: Case) -> Iterator[Finding]:
    """A declared source is not in the warehouse.

    Sources that are files outside the warehouse (`external_location`) are skipped, and counted as such.

    Why it matters: Each model that reads it fails in the next run, and its freshness can't be checked. The loader
    stopped, renamed its table, or writes elsewhere.

    How to mend: Mend the load, or the declaration (`schema`, `database`, `identifier`); delete it if nothing reads it.
    """
    for one in case.missing:
        if one.is_source:
            yield Finding(
                "P107",
                Level.ERROR,
                f"source {one.name} is not in the warehouse",
                relation=str(one.place),
                node=one.id,
                file=one.file,
                expected="a table or a view",
                found="nothing",
            )


def _kind(one: ExpectedRelation) -> str:
    return one.materialized if one.kind == "any" else one.kind


def _drop(case: Case, found: ObservedRelation) -> str:
    kind = found.kind if found.kind != "other" else "table"
    return one_line(f"-- drop {kind} {case.sql_name(found)};")
