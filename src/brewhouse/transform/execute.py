"""Execute a plan on DuckDB: each node's compiled SQL straight through its API, with the statuses of ``dbt build``."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import duckdb

from brewhouse.transform.plan import BUILT_AT, Node, Plan
from brewhouse.transform.results import BLOCKING, NodeResult, Status
from brewhouse.warehouse.duckdb import disk_problem, execute, quoted

OnNode = Callable[[NodeResult, int, int], None]
"""Called after each node with its result, how many are done and how many there are."""


class DbtRunner(Protocol):
    """Runs the nodes that are not plain SQL."""

    def __call__(self, nodes: Sequence[Node]) -> list[NodeResult]:
        """Results of ``nodes``; the warehouse is closed while it runs."""
        ...


class Executor:
    """One build of one plan on one warehouse file; the outcome of each unit test is given."""

    def __init__(
        self,
        plan: Plan,
        connect: Callable[[], duckdb.DuckDBPyConnection],
        run_with_dbt: DbtRunner,
        *,
        built_at: str,
        unit_tests: Mapping[str, NodeResult],
        full_refresh: bool = False,
        on_node: OnNode | None = None,
    ) -> None:
        self._plan = plan
        self._connect = connect
        self._run_with_dbt = run_with_dbt
        self._built_at = built_at
        self._unit_tests = unit_tests
        self._full_refresh = full_refresh
        self._on_node = on_node
        self._results: dict[str, NodeResult] = {}
        self._connection = connect()
        self._kinds: dict[str, str] = {}

    def run(self) -> list[NodeResult]:
        """Execute all nodes; results in the order of the plan. The connection is closed at the end."""
        try:
            self._create_schemas()
            waiting = list(self._plan.nodes)
            while waiting:
                waiting = self._pass(waiting)
        finally:
            self._connection.close()
        return [self._results[node.id] for node in self._plan.nodes]

    def _pass(self, waiting: list[Node]) -> list[Node]:
        """Do all that can be done without dbt, then one round with it; returns what still waits."""
        left: list[Node] = []
        for node in waiting:
            if not all(parent in self._results for parent in node.parents):
                left.append(node)
            elif any(self._results[parent].status in BLOCKING for parent in node.parents):
                self._done(NodeResult(node.id, node.name, node.kind, "skipped"))
            elif node.direct or self._begins(node):
                self._done(self._execute(node))
            elif node.kind == "unit_test":
                self._done(self._unit_tests[node.id])
            else:
                left.append(node)
        ready = [node for node in left if all(parent in self._results for parent in node.parents)]
        if ready:
            self._hand_to_dbt(ready)
        return [node for node in left if node.id not in self._results]

    def _begins(self, node: Node) -> bool:
        """Whether an incremental model is built as a plain table now, as there is none yet or none is to be kept."""
        anew = self._full_refresh or self._kinds.get(node.relation) != "table"
        return node.begins_plain and anew

    def _hand_to_dbt(self, nodes: list[Node]) -> None:
        self._connection.close()
        try:
            results = self._run_with_dbt(nodes)
        finally:
            self._connection = self._connect()
        self._kinds = self._relation_kinds()
        for result in results:
            self._done(result)

    def _done(self, result: NodeResult) -> None:
        self._results[result.id] = result
        if self._on_node:
            self._on_node(result, len(self._results), len(self._plan.nodes))

    def _create_schemas(self) -> None:
        for schema in self._plan.schemas():
            self._connection.execute(f"create schema if not exists {quoted(schema)}")
        self._kinds = self._relation_kinds()

    def _relation_kinds(self) -> dict[str, str]:
        """Existing relations of the warehouse by quoted name, with 'table' or 'view'."""
        rows = self._connection.execute(
            "select database_name, schema_name, table_name, 'table' from duckdb_tables() "
            "union all "
            "select database_name, schema_name, view_name, 'view' from duckdb_views() where not internal"
        ).fetchall()
        return {quoted(*row[:3]): row[3] for row in rows}

    def _execute(self, node: Node) -> NodeResult:
        start = time.perf_counter()
        try:
            result = self._test(node) if node.kind == "test" else self._build(node)
        except duckdb.Error as error:
            if disk_problem(str(error)):
                raise
            result = NodeResult(node.id, node.name, node.kind, "error", message=str(error).strip())
        return replace(result, engine_seconds=time.perf_counter() - start)

    def _sql(self, node: Node) -> str:
        return node.sql.replace(BUILT_AT, self._built_at)

    def _build(self, node: Node) -> NodeResult:
        existing, wanted = self._kinds.get(node.relation), relation_kind(node)
        if existing not in (None, wanted):
            execute(self._connection, f"drop {existing} {node.relation}")
        execute(self._connection, create_statement(node, self._sql(node)))
        self._kinds[node.relation] = wanted
        return NodeResult(node.id, node.name, node.kind, "success")

    def _test(self, node: Node) -> NodeResult:
        rule, rows = node.rule, f"(\n{self._sql(node)}\n)"
        if rule.stored:
            if self._kinds.get(node.relation) == "view":
                execute(self._connection, f"drop view {node.relation}")
            execute(self._connection, f"create or replace table {node.relation} as {rows}")
            rows = f"(select * from {node.relation})"
        limit = f" limit {rule.limit}" if rule.limit is not None else ""
        counted = execute(
            self._connection,
            f"select {rule.fail_calc}, {rule.fail_calc} {rule.warn_if}, {rule.fail_calc} {rule.error_if} "
            f"from (select * from {rows}{limit}) dbt_internal_test",
        ).fetchone()
        failures, warns, fails = counted or (None, None, None)
        if failures is None:
            message = f"fail_calc {rule.fail_calc} gives no number"
            return NodeResult(node.id, node.name, node.kind, "error", message)
        if rule.stored and not failures:
            execute(self._connection, f"drop table {node.relation}")
        status: Status = "pass"
        if rule.severity == "error" and fails:
            status = "fail"
        elif warns:
            status = "warn"
        bound = rule.error_if if status == "fail" else rule.warn_if
        message = "" if status == "pass" else f"Got {failures} results, configured to {status} if {bound}"
        shown = f"select * from {node.relation}" if rule.stored else self._sql(node)
        return NodeResult(
            node.id, node.name, node.kind, status, message,
            failures=int(failures or 0) if status != "pass" else 0,
            sql="" if status == "pass" else shown,
            reason=node.reason,
        )  # fmt: skip


def create_statement(node: Node, sql: str) -> str:
    """The statement that builds a table or view."""
    return f"create or replace {relation_kind(node)} {node.relation} as (\n{sql}\n)"


def relation_kind(node: Node) -> str:
    """What stands in the warehouse for a model: a view or a table."""
    return "view" if node.materialized == "view" else "table"


def run_statements(connection: duckdb.DuckDBPyConnection, plan: Plan, built_at: str) -> float:
    """The floor of any build: the plan's SQL in order and nothing else; returns seconds in the engine."""
    start = time.perf_counter()
    for schema in plan.schemas():
        connection.execute(f"create schema if not exists {quoted(schema)}")
    for node in plan.nodes:
        sql = node.sql.replace(BUILT_AT, built_at)
        if node.direct and node.kind == "test":
            connection.execute(f"select count(*) from (\n{sql}\n) t").fetchone()
        elif node.sql:
            connection.execute(create_statement(node, sql))
    return time.perf_counter() - start
