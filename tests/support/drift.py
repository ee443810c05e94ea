"""Kinds of drift, each planted through plain SQL, and what parity has to say of it: that, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.support.drift_world import GUEST, MOMENTS, Found, Plan, Target
from tests.support.parity import quoted


@dataclass
class Drift:
    """Statements, and the findings that they must lead to."""

    statements: list[str]
    findings: list[Found] = field(default_factory=list)
    breaks: bool = False
    """Whether queries will fail."""


Plant = Callable[[Plan], Drift | None]
KINDS: Final[dict[str, Plant]] = {}
ONLY: Final[dict[str, str]] = {}
"""Kinds that only one engine can have."""
SILENT: Final[set[str]] = set()
"""Changes that are no drift: nothing may be said of them."""


def drift(name: str, *, only: str = "", silent: bool = False) -> Callable[[Plant], Plant]:
    def enter(plant: Plant) -> Plant:
        KINDS[name] = plant
        if only:
            ONLY[name] = only
        if silent:
            SILENT.add(name)
        return plant

    return enter


def kinds_of(engine: str) -> Iterator[str]:
    return (name for name in KINDS if ONLY.get(name, engine) == engine)


def error(code: str, target: Target, column: str = "") -> Found:
    return (code, "error", target.place, column)


def _grant(plan: Plan, *relations: str) -> list[str]:
    """What is new may be read by whoever asks, as an owner's default privileges would have it."""
    if plan.world.engine == "duckdb":
        return []
    return [f"grant select on {relation} to {GUEST}" for relation in relations]


def _new_schema(plan: Plan, name: str) -> list[str]:
    made = [f"create schema {quoted(name)}"]
    if plan.world.engine == "postgres":
        made.append(f"grant usage on schema {quoted(name)} to {GUEST}")
    return made


# --- relations -------------------------------------------------------------------------------------------------


def _dropped(role: str, code: str) -> Plant:
    def plant(plan: Plan) -> Drift | None:
        target = plan.take(role)
        kind = "view" if role == "view" else "table"
        return target and Drift([f"drop {kind} {target.sql}"], [error(code, target)])

    return plant


drift("a mart is dropped")(_dropped("contract", "P101"))
drift("a staging table is dropped")(_dropped("documented", "P101"))
drift("a view is dropped")(_dropped("view", "P101"))
drift("a source is dropped")(_dropped("source", "P107"))


def _renamed(role: str, code: str, other: str, level: str) -> Plant:
    """Never a guess: one is gone, and another one is there."""

    def plant(plan: Plan) -> Drift | None:
        target = plan.take(role)
        if target is None:
            return None
        name, kind = plan.fresh("renamed"), "view" if role == "view" else "table"
        new = (other, level, f"{target.schema}.{name}", "")
        return Drift([f"alter {kind} {target.sql} rename to {quoted(name)}"], [error(code, target), new])

    return plant


drift("a mart is renamed")(_renamed("contract", "P101", "P102", "warning"))
drift("a staging table is renamed")(_renamed("documented", "P101", "P102", "warning"))
drift("a view is renamed")(_renamed("view", "P101", "P102", "warning"))
drift("a source is renamed")(_renamed("source", "P107", "P103", "info"))


def _moved(role: str) -> Plant:
    def plant(plan: Plan) -> Drift | None:
        target = plan.take(role)
        if target is None:
            return None
        schema = plan.fresh("elsewhere")
        new = quoted(schema, target.name)
        statements = [
            *_new_schema(plan, schema), f"create table {new} as select * from {target.sql}",
            f"drop {target.kind} {target.sql}", *_grant(plan, new),
        ]  # fmt: skip
        return Drift(statements, [error("P104", target)])

    return plant


drift("a mart is in another schema")(_moved("contract"))
drift("a staging table is in another schema")(_moved("documented"))
drift("a view is in another schema, as a table")(_moved("view"))
drift("a source is in another schema")(_moved("source"))


@drift("a mart is in another schema of the project")
def mart_among_others(plan: Plan) -> Drift | None:
    target = plan.take("contract", having=lambda one: one.schema != "quarantine")
    if target is None:
        return None
    new = quoted("quarantine", target.name)
    move = [
        f"create table {new} as select * from {target.sql}",
        f"drop table {target.sql}",
        *_grant(plan, new),
    ]
    return Drift(move, [error("P104", target)])


def _added(where: str, kind: str, code: str, level: str, stem: str = "stray") -> Plant:
    def plant(plan: Plan) -> Drift:
        name = plan.fresh(stem)
        relation = quoted(where, name)
        statements = [f"create {kind} {relation} as select 1 as id", *_grant(plan, relation)]
        return Drift(statements, [(code, level, f"{where}.{name}", "")] if code else [])

    return plant


drift("a table that nobody makes")(_added("marts", "table", "P102", "warning"))
drift("a view that nobody makes")(_added("staging", "view", "P102", "warning"))
drift("a backup beside a table")(_added("intermediate", "table", "P102", "warning", "int_user_orders_backup"))
drift("a table beside the sources")(_added("raw", "table", "P103", "info"))
drift("a view beside the sources")(_added("raw", "view", "P103", "info"))
drift("a table of the loader", silent=True)(_added("raw", "table", "", "", "_dlt_pipeline"))
drift("a table that dbt left when it was killed", silent=True)(_added("marts", "table", "", "", "x__dbt_tmp"))


@drift("a schema of somebody else")
def other_schema(plan: Plan) -> Drift:
    schema = plan.fresh("dbt_alice")
    relation = quoted(schema, "scratch")
    statements = [
        *_new_schema(plan, schema),
        f"create table {relation} as select 1 as id",
        *_grant(plan, relation),
    ]
    return Drift(statements, [("P103", "info", f"{schema}.scratch", "")])


@drift("a schema without tables", silent=True)
def empty_schema(plan: Plan) -> Drift:
    return Drift(_new_schema(plan, plan.fresh("nothing")))


@drift("failing rows of a test are stored", silent=True)
def stored_failure(plan: Plan) -> Drift | None:
    names = [name for name in plan.world.tests if f"audit.{name}" not in plan.used]
    if not names:
        return None
    plan.used.add(f"audit.{names[0]}")
    relation = quoted("audit", names[0])
    return Drift([f"create table {relation} as select 1 as id", *_grant(plan, relation)])


@drift("a view for a table")
def view_for_table(plan: Plan) -> Drift | None:
    target = plan.take("contract", "documented")
    if target is None:
        return None
    kept = quoted(target.schema, f"_dlt_{target.name}")
    statements = [
        f"create table {kept} as select * from {target.sql}", f"drop table {target.sql}",
        f"create view {target.sql} as select * from {kept}", *_grant(plan, target.sql),
    ]  # fmt: skip
    return Drift(statements, [error("P105", target)])


@drift("a table for a view")
def table_for_view(plan: Plan) -> Drift | None:
    target = plan.take("view")
    if target is None:
        return None
    aside = quoted(target.schema, f"{target.name}__t")
    statements = [
        f"create table {aside} as select * from {target.sql}", f"drop view {target.sql}",
        f"alter table {aside} rename to {quoted(target.name)}", *_grant(plan, target.sql),
    ]  # fmt: skip
    return Drift(statements, [error("P105", target)])


@drift("a materialized view for a table", only="postgres")
def materialized_for_table(plan: Plan) -> Drift | None:
    target = plan.take("contract", "documented")
    if target is None:
        return None
    kept = quoted(target.schema, f"_dlt_{target.name}")
    statements = [
        f"alter table {target.sql} rename to {quoted('_dlt_' + target.name)}",
        f"create materialized view {target.sql} as select * from {kept}", *_grant(plan, target.sql),
    ]  # fmt: skip
    return Drift(statements, [error("P105", target)])


def _left(schema: str, name: str, kind: str) -> Plant:
    def plant(plan: Plan) -> Drift | None:
        if f"{schema}.{name}" in plan.used:
            return None
        plan.used.add(f"{schema}.{name}")
        relation = quoted(schema, name)
        statements = [f"create {kind} {relation} as select 1 as id", *_grant(plan, relation)]
        return Drift(statements, [("P106", "warning", f"{schema}.{name}", "")])

    return plant


drift("a table of a model that is ephemeral now")(_left("intermediate", "helper", "table"))
drift("a view of a model that is disabled")(_left("marts", "retired", "view"))


@drift("a table that a view reads is dropped", only="duckdb")
def under_a_view(plan: Plan) -> Drift | None:
    """DuckDB drops it without a word, and shows the view as if it were whole."""
    world = plan.world
    target = plan.take("under a view", having=lambda one: not plan.used & set(world.views_over[one.place]))
    if target is None:
        return None
    broken = world.views_over[target.place]
    plan.used.update(broken)
    code = (
        "P107"
        if any(one.is_source and one.place.name.text == target.name for one in world.expected.relations)
        else "P101"
    )
    return Drift(
        [f"drop table {target.sql}"],
        [error(code, target), *(("P402", "error", view, "") for view in broken)],
        True,
    )


@drift("a table is called in capitals")
def capitals(plan: Plan) -> Drift | None:
    """Another name in PostgreSQL, the same one in DuckDB."""
    target = plan.take("contract", "documented")
    if target is None:
        return None
    aside, loud = f"{target.name}__t", target.name.upper()
    statements = [
        f"alter table {target.sql} rename to {quoted(aside)}",
        f"alter table {quoted(target.schema, aside)} rename to {quoted(loud)}",
    ]
    if plan.world.engine == "duckdb":
        return Drift(statements)
    return Drift(statements, [error("P101", target), ("P102", "warning", f"{target.schema}.{loud}", "")])


# --- columns ---------------------------------------------------------------------------------------------------


def _without_column(role: str, code: str, tested: bool | None) -> Plant:
    def columns(target: Target) -> list[str]:
        return [
            name for name, _ in target.plain
            if len(target.columns) > 1 and name in target.declared and (tested is None or (name in target.tested) == tested)
        ]  # fmt: skip

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
        target = plan.take(role, having=lambda one: _untested(one))
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
            f"alter table {aside} rename to {quoted(target.name)}", *_grant(plan, target.sql),
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
    return target and Drift([f"delete from {target.sql}"], [("P401", "warning", target.place, "")])


@drift("a source has no rows")
def no_source_rows(plan: Plan) -> Drift | None:
    target = plan.take("source", having=lambda one: one.freshness)
    findings = target and [("P401", "warning", target.place, ""), error("P502", target)]
    return target and Drift([f"delete from {target.sql}"], findings or [])


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
    return target and Drift([f"revoke select on {target.sql} from {GUEST}"], [error("P901", target)])


@drift("a schema may not be used any more", only="postgres")
def schema_revoked(plan: Plan) -> Drift | None:
    inside = [one for one in plan.world.targets if one.schema == "truth"]
    if not inside or plan.used & {one.place for one in inside}:
        return None
    plan.used.update(one.place for one in inside)
    return Drift([f"revoke usage on schema truth from {GUEST}"], [error("P901", one) for one in inside])
