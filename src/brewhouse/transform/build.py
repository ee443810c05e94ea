"""Build the models of a project in a workspace and run their tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from brewhouse.project import Project, link_packages, utc_now
from brewhouse.transform.dbt_process import DbtProcess
from brewhouse.transform.execute import Executor, OnNode
from brewhouse.transform.inputs import loaded_columns
from brewhouse.transform.memo import UnitTestMemo
from brewhouse.transform.plan import Node, Plan
from brewhouse.transform.results import BuildResult, NodeResult, write_run_results
from brewhouse.warehouse.duckdb import connect, translate
from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.snapshots import Workspace

Connect = Callable[[], duckdb.DuckDBPyConnection]


def build(
    project: Project,
    workspace: Workspace,
    dbt: DbtProcess,
    *,
    selection: tuple[str, ...] = (),
    full_refresh: bool = False,
    on_node: OnNode | None = None,
) -> BuildResult:
    """Execute the project's plan in ``workspace``; publishes nothing.

    Failed nodes are in the result. Raises ``ModelsInvalidError``, ``NothingSelectedError``, ``DbtVersionError`` or
    ``DiskError``.
    """
    start = time.perf_counter()
    link_packages(project.root)
    now = utc_now()
    built_at = f"{now:%Y-%m-%d %H:%M:%S.%f}"

    def open_connection() -> duckdb.DuckDBPyConnection:
        limit = project.settings.engine.memory_limit
        return connect(workspace.path, memory_limit=limit, threads=project.threads)

    def run_with_dbt(nodes: Sequence[Node]) -> list[NodeResult]:
        answers = dbt.run(plan, nodes, workspace.path, built_at, full_refresh=full_refresh)
        return _results(nodes, answers)

    plan = dbt.plan(selection)
    units = _unit_tests(plan, dbt, open_connection, fresh=full_refresh)
    waited = time.perf_counter() - start
    try:
        nodes = Executor(
            plan,
            DuckDB(open_connection),
            run_with_dbt,
            built_at=built_at,
            unit_tests=units,
            full_refresh=full_refresh,
            on_node=on_node,
        ).run()
    except duckdb.Error as error:
        raise translate(error, workspace.path, "brewhouse build") from error
    result = BuildResult(tuple(nodes), seconds=time.perf_counter() - start, dbt_seconds=waited)
    write_run_results(project.root / "target" / "run_results.json", plan, result, now.isoformat())
    return result


def _unit_tests(
    plan: Plan, dbt: DbtProcess, open_connection: Connect, *, fresh: bool
) -> dict[str, NodeResult]:
    """The outcome of every unit test of the plan: those on record, and those that had to run."""
    units = plan.unit_tests()
    if not units:
        return {}
    with open_connection() as connection:
        columns = loaded_columns(connection, plan.sources)
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
