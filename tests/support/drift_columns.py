"""Kinds of drift in columns, types, rows, moments and rights."""

from __future__ import annotations

from tests.support.drift import Drift, Plant, drift, error, grant
from tests.support.drift_world import GUEST, MOMENTS, Plan, Target
from tests.support.parity import quoted

# --- columns ---------------------------------------------------------------------------------------------------


def _without_column(role: str, code: str, tested: bool | None) -> Plant:
    def columns(target: Target) -> list[str]:
        if len(target.columns) == 1:
            return []
        declared = [name for name, _ in target.plain if name in target.declared]
        return [name for name in declared if tested is None or (name in target.tested) == tested]

    def plant(plan: Plan) -> Drift | None:
        target = plan.take(role, having=columns)
        if target is None:
            return None
        column = plan.chance.choice(columns(target))
        level = "warning" if code == "P204" and not tested else "error"
        drop = f"alter table {target.sql} drop column {quoted(column)}"
        return Drift([drop], [(code, level, target.place, column)])

    return plant


drift("a column of a contract is dropped")(_without_column("contract", "P201", None))
drift("a column of a source is dropped")(_without_column("source", "P201", None))
drift("a documented column is dropped")(_without_column("documented", "P204", False))
drift("a tested column is dropped")(_without_column("documented", "P204", True))


def _with_column(role: str, level: str) -> Plant:
    def plant(plan: Plan) -> Drift | None:
        target = plan.take(role, having=lambda one: one.declared)
        if target is None:
            return None
        column = plan.fresh("extra")
        add = f"alter table {target.sql} add column {quoted(column)} integer"
        return Drift([add], [("P202", level, target.place, column)])

    return plant


drift("a column is added under a contract")(_with_column("contract", "error"))
drift("a column is added to a documented table")(_with_column("documented", "info"))
drift("a column is added to a source")(_with_column("source", "info"))


def _with_renamed_column(role: str, code: str, levels: tuple[str, str], loud: bool) -> Plant:
    def plant(plan: Plan) -> Drift | None:
        target = plan.take(role, having=_untested)
        if target is None:
            return None
        column = plan.chance.choice(_untested(target))
        name = column.upper() if loud else plan.fresh("renamed")
        rename = f"alter table {target.sql} rename column {quoted(column)} to {quoted(name)}"
        gone, new = (code, levels[0], target.place, column), ("P202", levels[1], target.place, name)
        return Drift([rename], [] if loud and plan.world.engine == "duckdb" else [gone, new])

    return plant


def _untested(target: Target) -> list[str]:
    return [
        name for name, _ in target.plain
        if name in target.declared and name not in target.tested and name.upper() != name
    ]  # fmt: skip


drift("a column of a contract is renamed")(
    _with_renamed_column("contract", "P201", ("error", "error"), False)
)
drift("a column of a source is renamed")(_with_renamed_column("source", "P201", ("error", "info"), False))
drift("a documented column is renamed")(
    _with_renamed_column("documented", "P204", ("warning", "info"), False)
)
drift("a column of a contract is called in capitals")(
    _with_renamed_column("contract", "P201", ("error", "error"), True)
)


def _reordered(role: str, findings: bool) -> Plant:
    def plant(plan: Plan) -> Drift | None:
        target = plan.take(role, having=lambda one: len(one.columns) > 1)
        if target is None:
            return None
        names = [quoted(name) for name, _ in target.columns]
        plan.chance.shuffle(names)
        if names == [quoted(name) for name, _ in target.columns]:
            names.reverse()
        aside = quoted(target.schema, f"{target.name}__t")
        statements = [
            f"create table {aside} as select {', '.join(names)} from {target.sql}", f"drop table {target.sql}",
            f"alter table {aside} rename to {quoted(target.name)}", *grant(plan, target.sql),
        ]  # fmt: skip
        return Drift(statements, [error("P203", target)] if findings else [])

    return plant


drift("the columns of a contract are in another order")(_reordered("contract", True))
drift("the columns of a documented table are in another order", silent=True)(_reordered("documented", False))
drift("the columns of a source are in another order", silent=True)(_reordered("source", False))


@drift("a column of a contract is dropped and added again")
def column_again(plan: Plan) -> Drift | None:
    target = plan.take("contract", having=lambda one: len(one.plain) > 1 and one.plain[0] != one.columns[-1])
    if target is None:
        return None
    column, kind = target.plain[0]
    statements = [
        f"alter table {target.sql} drop column {quoted(column)}",
        f"alter table {target.sql} add column {quoted(column)} {kind}",
    ]
    return Drift(statements, [error("P203", target)])


# --- types -----------------------------------------------------------------------------------------------------


def retype(plan: Plan, target: Target, column: str, kind: str) -> list[str]:
    """The type is what matters: the values go."""
    if plan.world.engine == "postgres":
        return [f"alter table {target.sql} alter column {quoted(column)} type {kind} using null"]
    values = f"select * replace (null::{kind} as {quoted(column)}) from {target.sql}"
    return [f"create or replace table {target.sql} as {values}"]


def _retyped(role: str, old: str, new: str, codes: tuple[str, ...]) -> Plant:
    """A column whose type begins with ``old`` gets ``new``."""

    def columns(target: Target) -> list[str]:
        return [
            name for name, kind in target.plain if kind.lower().startswith(old) and name in target.declared
        ]

    def plant(plan: Plan) -> Drift | None:
        target = plan.take(role, having=columns)
        if target is None:
            return None
        column = plan.chance.choice(columns(target))
        level = "error" if role == "contract" else "warning"
        findings = [(code, level, target.place, column) for code in codes]
        return Drift(retype(plan, target, column, new), findings)

    return plant


drift("a number becomes text")(_retyped("contract", "bigint", "varchar", ("P301",)))
drift("a number becomes a decimal")(_retyped("contract", "bigint", "decimal(18, 0)", ("P301",)))
drift("a number becomes boolean")(_retyped("contract", "bigint", "boolean", ("P301",)))
drift("a number becomes narrower")(_retyped("contract", "bigint", "integer", ("P302",)))
drift("a decimal on DuckDB becomes a double", only="duckdb")(
    _retyped("contract", "decimal(18,2)", "double", ("P301",))
)
drift("a decimal on PostgreSQL becomes a double", only="postgres")(
    _retyped("contract", "numeric(18,2)", "double precision", ("P301",))
)
for _engine, _name in (("duckdb", "decimal"), ("postgres", "numeric")):
    _old = f"{_name}(18,2)"
    drift(f"a {_name} has fewer digits", only=_engine)(
        _retyped("contract", _old, "decimal(12, 2)", ("P302",))
    )
    drift(f"a {_name} has more digits behind the point", only=_engine)(
        _retyped("contract", _old, "decimal(18, 4)", ("P303",))
    )
    drift(f"a {_name} has other digits altogether", only=_engine)(
        _retyped("contract", _old, "decimal(20, 6)", ("P302", "P303"))
    )
    drift(f"a {_name} of a source has fewer digits", only=_engine)(
        _retyped("source", _name, "decimal(8, 2)", ("P302",))
    )
    drift(f"a {_name} becomes a whole number", only=_engine)(_retyped("contract", _old, "bigint", ("P301",)))
drift("a decimal loses its limits", only="postgres")(
    _retyped("contract", "numeric(18,2)", "numeric", ("P302", "P303"))
)
drift("a text becomes a number", only="duckdb")(_retyped("contract", "varchar", "bigint", ("P301",)))
drift("a text of PostgreSQL becomes a number", only="postgres")(
    _retyped("contract", "character", "bigint", ("P301",))
)
drift("a text is shorter", only="postgres")(_retyped("contract", "character", "varchar(20)", ("P304",)))
drift("a text has no limit any more", only="postgres")(_retyped("contract", "character", "text", ("P304",)))
drift("a text is spelled otherwise", only="duckdb", silent=True)(_retyped("contract", "varchar", "text", ()))
drift("a text of a source becomes bytes", only="duckdb")(_retyped("source", "varchar", "blob", ("P301",)))
drift("a text of a source becomes bytea", only="postgres")(
    _retyped("source", "character", "bytea", ("P301",))
)
drift("a date becomes a moment")(_retyped("contract", "date", "timestamp", ("P301",)))
drift("a moment becomes a date")(_retyped("contract", "timestamp", "date", ("P301",)))
drift("a moment gets a time zone")(_retyped("contract", "timestamp", "timestamp with time zone", ("P305",)))
drift("a moment of a source becomes text")(_retyped("source", "timestamp", "varchar(200)", ("P301",)))
drift("a moment is cut to seconds", only="duckdb")(
    _retyped("contract", "timestamp", "timestamp_s", ("P302",))
)
drift("a moment that promises no digits is cut to seconds", only="postgres", silent=True)(
    _retyped("contract", "timestamp", "timestamp(0)", ())
)
drift("a number has no sign any more", only="duckdb")(_retyped("contract", "bigint", "ubigint", ("P301",)))
drift("a number becomes a list")(_retyped("contract", "bigint", "bigint[]", ("P301",)))


# --- rows, moments, rights -------------------------------------------------------------------------------------


@drift("a mart has no rows")
def no_rows(plan: Plan) -> Drift | None:
    target = plan.take("contract", "documented")
    return Drift([f"delete from {target.sql}"], [("P401", "warning", target.place, "")]) if target else None


@drift("a source has no rows")
def no_source_rows(plan: Plan) -> Drift | None:
    target = plan.take("source", having=lambda one: one.freshness)
    if target is None:
        return None
    return Drift(
        [f"delete from {target.sql}"], [("P401", "warning", target.place, ""), error("P502", target)]
    )


def _aged(hours: int, level: str) -> Plant:
    def plant(plan: Plan) -> Drift | None:
        target = plan.take("source", having=lambda one: one.freshness)
        if target is None:
            return None
        age = f"update {target.sql} set _loaded_at = _loaded_at - interval '{hours} hours'"
        return Drift([age], [("P502", level, target.place, "")] if level else [])

    return plant


drift("a source is stale enough for a warning")(_aged(14, "warning"))
drift("a source is stale")(_aged(30, "error"))
drift("a source is a little older", silent=True)(_aged(5, ""))


@drift("a mart is older than what it reads")
def older(plan: Plan) -> Drift | None:
    target = plan.take("contract", having=lambda one: MOMENTS[0] in dict(one.columns))
    if target is None:
        return None
    age = f"update {target.sql} set dbt_updated_at = dbt_updated_at - interval '3 days'"
    return Drift([age], [("P501", "warning", target.place, "")])


@drift("a table may not be read any more", only="postgres")
def revoked(plan: Plan) -> Drift | None:
    target = plan.take("contract", "documented", "source")
    return Drift([f"revoke select on {target.sql} from {GUEST}"], [error("P901", target)]) if target else None


@drift("a schema may not be used any more", only="postgres")
def schema_revoked(plan: Plan) -> Drift | None:
    inside = [one for one in plan.world.targets if one.schema == "truth"]
    if not inside or plan.used & {one.place for one in inside}:
        return None
    plan.used.update(one.place for one in inside)
    return Drift([f"revoke usage on schema truth from {GUEST}"], [error("P901", one) for one in inside])
