"""Kinds of drift, each planted through plain SQL, and what parity has to say of it: that, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.support.drift_world import GUEST, Found, Plan, Target
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


def grant(plan: Plan, *relations: str) -> list[str]:
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
        return Drift([f"drop {kind} {target.sql}"], [error(code, target)]) if target else None

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
            f"drop {target.kind} {target.sql}", *grant(plan, new),
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
        *grant(plan, new),
    ]
    return Drift(move, [error("P104", target)])


def _added(where: str, kind: str, code: str, level: str, stem: str = "stray") -> Plant:
    def plant(plan: Plan) -> Drift:
        name = plan.fresh(stem)
        relation = quoted(where, name)
        statements = [f"create {kind} {relation} as select 1 as id", *grant(plan, relation)]
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
        *grant(plan, relation),
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
    return Drift([f"create table {relation} as select 1 as id", *grant(plan, relation)])


@drift("a view for a table")
def view_for_table(plan: Plan) -> Drift | None:
    target = plan.take("contract", "documented")
    if target is None:
        return None
    kept = quoted(target.schema, f"_dlt_{target.name}")
    statements = [
        f"create table {kept} as select * from {target.sql}", f"drop table {target.sql}",
        f"create view {target.sql} as select * from {kept}", *grant(plan, target.sql),
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
        f"alter table {aside} rename to {quoted(target.name)}", *grant(plan, target.sql),
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
        f"create materialized view {target.sql} as select * from {kept}", *grant(plan, target.sql),
    ]  # fmt: skip
    return Drift(statements, [error("P105", target)])


def _left(schema: str, name: str, kind: str) -> Plant:
    def plant(plan: Plan) -> Drift | None:
        if f"{schema}.{name}" in plan.used:
            return None
        plan.used.add(f"{schema}.{name}")
        relation = quoted(schema, name)
        statements = [f"create {kind} {relation} as select 1 as id", *grant(plan, relation)]
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
