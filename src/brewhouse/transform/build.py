"""Build the models of a project in a workspace and run their tests."""

from __future__ import annotations

import time
from collections.abc import Sequence

import duckdb

from brewhouse.project import Project, link_packages, utc_now
from brewhouse.transform.dbt_process import DbtProcess
from brewhouse.transform.execute import Executor, OnNode
from brewhouse.transform.memo import UnitTestMemo
from brewhouse.transform.plan import Node, plan_key
from brewhouse.transform.results import BuildResult, NodeResult, write_run_results
from brewhouse.warehouse.duckdb import connect, translate
from brewhouse.warehouse.snapshots import Workspace


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
    plan = dbt.plan(selection)
    planned = time.perf_counter()
    now = utc_now()
    built_at = f"{now:%Y-%m-%d %H:%M:%S.%f}"
    memo = UnitTestMemo(
        project.state / "cache" / "unit_tests.json",
        plan_key(project.root, ()),
        plan,
        fresh=full_refresh,
    )

    def run_with_dbt(nodes: Sequence[Node]) -> list[NodeResult]:
        answers = dbt.run(nodes, workspace.path, built_at, full_refresh=full_refresh)
        by_id = {node.id: node for node in nodes}
        return [
            NodeResult(
                by_id[answer["id"]].id,
                by_id[answer["id"]].name,
                by_id[answer["id"]].kind,
                answer["status"],
                answer["message"],
                answer["failures"],
                answer["seconds"],
            )
            for answer in answers
        ]

    def open_connection() -> duckdb.DuckDBPyConnection:
        limit = project.settings.engine.memory_limit
        return connect(workspace.path, memory_limit=limit, threads=project.threads)

    try:
        nodes = Executor(
            plan, open_connection, run_with_dbt, built_at=built_at, memo=memo, on_node=on_node
        ).run()
    except duckdb.Error as error:
        raise translate(error, workspace.path, "brewhouse build") from error
    memo.save()
    end = time.perf_counter()
    result = BuildResult(tuple(nodes), seconds=end - start, plan_seconds=planned - start)
    write_run_results(project.root / "target" / "run_results.json", plan, result, now.isoformat())
    return result
