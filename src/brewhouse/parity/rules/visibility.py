"""P9xx: what could not be seen, and on what the judgement stands. An unwaived error here means exit 2."""

from __future__ import annotations

from collections.abc import Iterator

from brewhouse.parity.findings import Finding, Level, rule
from brewhouse.parity.match import Case


@rule("P901", "not visible", Level.ERROR)
def not_visible(case: Case) -> Iterator[Finding]:
    """Whether a relation is there, or what is in it, can't be told: this role is not shown it.

    An error if its existence can't be told (another database than the one that was asked, a schema that this role may
    not see into), or if its rows were asked for and may not be read. For information if the role may not read the
    rows and nobody asked for them: PostgreSQL's catalogue shows the structure to everybody.

    Why it matters: Absent and not visible are two answers. A report that is green because nothing could be seen is
    worse than none, so the command ends with 2 and not with 0.

    How to mend: Ask as a role that may see it, grant `usage` on the schema and `select` on the tables, or choose the
    right `--target` or `--url`.
    """
    role = f"the role {case.observed.role}" if case.observed.role else "this connection"
    for one in case.unseen:
        yield Finding(
            "P901",
            Level.ERROR,
            f"{one.resource} {one.name}: whether it is there can't be told, "
            f"{role} does not see that schema or database",
            relation=str(one.place),
            node=one.id,
            file=one.file,
            expected=one.kind,
            found="not visible",
        )
    asked = case.counted or case.timed
    for one, found in case.pairs:
        if not found.readable:
            yield Finding(
                "P901",
                Level.ERROR if asked else Level.INFO,
                f"{one.resource} {one.name} is there, and {role} may not read its rows",
                relation=str(found),
                node=one.id,
                file=one.file,
                expected="readable",
                found="no right to select",
            )


@rule("P902", "stale manifest", Level.ERROR)
def stale_manifest(case: Case) -> Iterator[Finding]:
    """The manifest is not that of the project's files: some were changed, added or removed since.

    The files' SHA-256 are compared with those in the manifest, so a fresh checkout is no reason. For yml and other
    files the manifest has none: if they were written after it, that is said for information.

    Why it matters: The promise that is compared is an old one. Each finding may be wrong, and each absence of one.

    How to mend: `dbt parse` in the project's folder, or `brewhouse parity --parse`.
    """
    state = case.staleness
    for files, what in ((state.changed, "changed"), (state.added, "added"), (state.removed, "removed")):
        for file in files:
            yield Finding(
                "P902",
                Level.ERROR,
                f"{file} was {what} since the manifest was made",
                relation="manifest.json",
                column=file,
                file=file,
                expected="the file that the manifest was made of",
                found=what,
                statement="-- dbt parse",
            )
    for file in state.maybe:
        yield Finding(
            "P902",
            Level.INFO,
            f"{file} was written after the manifest was made",
            relation="manifest.json",
            column=file,
            file=file,
            expected="older than the manifest",
            found="newer",
        )


@rule("P903", "waiver expired", Level.ERROR)
def waiver_expired(case: Case) -> Iterator[Finding]:
    """The last day of a waiver is over. What it covered counts again.

    Why it matters: A known difference was to be gone by a day that its owner named. Without an end, a list of
    exceptions only grows.

    How to mend: Mend the difference and delete the waiver, or agree on a new day with its owner.
    """
    for one in case.waivers:
        if one.expires < case.now.date():
            yield Finding(
                "P903",
                Level.ERROR,
                f"the waiver of {one.code} by {one.owner} expired on {one.expires}: {one.reason}",
                relation=one.relation,
                column=one.column,
                expected=f"until {one.expires}",
                found="expired",
            )


@rule("P904", "waiver without effect", Level.INFO)
def waiver_idle(case: Case) -> Iterator[Finding]:
    """A waiver covers nothing that was found. For information; not said if only a selection is judged.

    Why it matters: The difference is gone, or its pattern has a typing error. It could hide a new one later.

    How to mend: Delete it, or correct its pattern.
    """
    for one in () if case.partial else case.idle_waivers:
        yield Finding(
            "P904",
            Level.INFO,
            f"the waiver of {one.code} by {one.owner} covers nothing",
            relation=one.relation,
            column=one.column,
            expected="a finding",
            found="none",
        )
