"""Build the models of a project in a workspace and run their tests."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from brewhouse.project import Project, link_packages, utc_now
from brewhouse.transform.dbt_process import DbtProcess
from brewhouse.transform.execute import DYNAMIC, Executor, OnNode, Refresh
from brewhouse.transform.inputs import loaded_columns
from brewhouse.transform.memo import UnitTestMemo
from brewhouse.transform.plan import Node, Plan, rename_schemas
from brewhouse.transform.results import FAILED, BuildResult, NodeResult, write_run_results
from brewhouse.warehouse.engine import Engine
from brewhouse.warehouse.workspace import Scope, Site


def build(
    project: Project,
    site: Site,
    dbt: DbtProcess,
    *,
    selection: tuple[str, ...] = (),
    full_refresh: bool = False,
    on_node: OnNode | None = None,
    refresh: Refresh | None = None,
) -> BuildResult:
    """Execute the project's plan on ``site``; publishes nothing.

    Failed nodes are in the result. Raises ``ModelsInvalidError``, ``NothingSelectedError``, ``DbtVersionError`` or
    what ``site`` makes of an error of the engine.
    """
    start = time.perf_counter()
    link_packages(project.root)
    now = utc_now()
    built_at = f"{now:%Y-%m-%d %H:%M:%S.%f}"

    def run_with_dbt(nodes: Sequence[Node]) -> list[NodeResult]:
        answers = dbt.run(plan, nodes, site.file, built_at, full_refresh=full_refresh)
        return _results(nodes, answers)

    plan = dbt.plan(selection)
    try:
        units = _unit_tests(plan, dbt, site.engine, fresh=full_refresh)
        waited = time.perf_counter() - start
        names = site.prepare(_scope(plan, full_refresh=full_refresh))
        nodes = Executor(
            plan.renamed(names),
            site.engine,
            run_with_dbt,
            built_at=built_at,
            unit_tests=units,
            full_refresh=full_refresh,
            on_node=on_node,
            refresh=refresh,
        ).run()
    except site.engine.errors as error:
        raise site.translate(error, "brewhouse build") from error
    failed = any(node.status in FAILED for node in nodes)
    shown = site.shown({node.schema for node in plan.nodes}, failed=failed)
    named = tuple(replace(node, sql=rename_schemas(node.sql, shown)) for node in nodes)
    result = BuildResult(named, seconds=time.perf_counter() - start, dbt_seconds=waited)
    write_run_results(
        project.root / "target" / "run_results.json", plan.renamed(shown), result, now.isoformat()
    )
    return result


def _scope(plan: Plan, *, full_refresh: bool) -> Scope:
    """What executing ``plan`` writes. What dbt runs is taken as going on with what is there."""
    kept = set()
    written = [node for node in plan.nodes if node.relation and node.materialized != DYNAMIC]
    for node in written:
        anew = full_refresh if node.full_refresh is None else node.full_refresh
        goes_on = node.increment or not node.direct
        if (
            node.relation and goes_on and (not anew or node.kind == "snapshot")
        ):  # a snapshot is never begun anew
            kept.add(node.relation)
    return Scope(
        frozenset(node.relation for node in written),
        frozenset(kept),
        frozenset(node.schema for node in written),
    )


def _unit_tests(plan: Plan, dbt: DbtProcess, engine: Engine, *, fresh: bool) -> dict[str, NodeResult]:
    """The outcome of every unit test of the plan: those on record, and those that had to run."""
    units = plan.unit_tests()
    if not units:
        return {}
    columns = loaded_columns(engine, plan.sources)
    engine.close()
    memo = UnitTestMemo(dbt.memo_path, fresh=fresh)
    todo = memo.unproved(units, columns)
    ran = dbt.prove(plan, todo, columns) if todo else []
    memo.remember(answer["key"] for answer in ran if answer["status"] == "pass")
    kept = {node.id: NodeResult(node.id, node.name, node.kind, "pass", proved_before=True) for node in units}
    return kept | {result.id: result for result in _results(todo, ran)}


def _results(nodes: Sequence[Node], answers: Sequence[dict[str, Any]]) -> list[NodeResult]:
    by_id = {node.id: node for node in nodes}
    return [
        NodeResult(
            answer["id"],
            by_id[answer["id"]].name,
            by_id[answer["id"]].kind,
            answer["status"],
            answer["message"],
            answer["failures"],
            dbt_seconds=answer["seconds"],
        )
        for answer in answers
        if answer["id"] in by_id
    ]
