"""Execute a plan: each node's compiled SQL straight through the engine, with the statuses of ``dbt build``."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from brewhouse.transform.increment import NeedsDbt, OutOfSyncError, increment, run_hooks
from brewhouse.transform.plan import BUILT_AT, Node, Plan
from brewhouse.transform.results import BLOCKING, NodeResult, Status
from brewhouse.warehouse.engine import Engine, Kind

DYNAMIC: Final = "dynamic_table"
_DECLARATIONS: Final = '"brewhouse_dynamic"."tables"'
"""The materialization of tables that are no part of a build: it declares them, and refreshes what is declared."""

OnNode = Callable[[NodeResult, int, int], None]
"""Called after each node with its result, how many are done and how many there are."""


class DbtRunner(Protocol):
    """Runs the nodes that are not plain SQL."""

    def __call__(self, nodes: Sequence[Node]) -> list[NodeResult]:
        """Results of ``nodes``; the warehouse is closed while it runs."""
        ...


class Refresh(Protocol):
    """Refreshes the dynamic tables that dbt has declared."""

    def __call__(self, engine: Engine, declared: Collection[str] | None) -> Mapping[str, str]:
        """What went wrong, by quoted schema and name; ``declared``: all that the project has, where that is known."""
        ...


class Executor:
    """One build of one plan on one warehouse; the outcome of each unit test is given."""

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        run_with_dbt: DbtRunner,
        *,
        built_at: str,
        unit_tests: Mapping[str, NodeResult],
        full_refresh: bool = False,
        on_node: OnNode | None = None,
        refresh: Refresh | None = None,
    ) -> None:
        self._plan = plan
        self._engine = engine
        self._run_with_dbt = run_with_dbt
        self._built_at = built_at
        self._unit_tests = unit_tests
        self._full_refresh = full_refresh
        self._on_node = on_node
        self._refresh = refresh
        self._results: dict[str, NodeResult] = {}
        self._kinds: dict[str, Kind] = {}
        self._left_to_dbt: set[str] = set()

    def run(self) -> list[NodeResult]:
        """Execute all nodes; results in the order of the plan. The connection is closed at the end."""
        try:
            for schema in self._plan.schemas():
                self._engine.create_schema(schema)
            self._kinds = self._engine.relations()
            waiting = list(self._plan.nodes)
            while waiting:
                waiting = self._pass(waiting)
            self._forget_dynamic()
        finally:
            self._engine.close()
        return [self._results[node.id] for node in self._plan.nodes]

    def _forget_dynamic(self) -> None:
        """A project without dynamic tables that had some once: nothing keeps them fresh any longer."""
        had = any(name.endswith(_DECLARATIONS) for name in self._kinds)
        has = any(node.materialized == DYNAMIC for node in self._plan.nodes)
        if self._refresh and had and not has and self._plan.is_whole:
            self._refresh(self._engine, [])

    def _pass(self, waiting: list[Node]) -> list[Node]:
        """Do all that can be done without dbt, then one round with it; returns what still waits."""
        left: list[Node] = []
        for node in waiting:
            if not all(parent in self._results for parent in node.parents):
                left.append(node)
            elif any(self._results[parent].status in BLOCKING for parent in node.parents):
                self._done(NodeResult(node.id, node.name, node.kind, "skipped"))
            elif node.kind == "unit_test":
                self._done(self._unit_tests[node.id])
            elif self._is_direct(node) and (result := self.execute(node)):
                self._done(result)
            else:
                left.append(node)
        ready = [node for node in left if all(parent in self._results for parent in node.parents)]
        if ready:
            self._hand_to_dbt(ready)
        return [node for node in left if node.id not in self._results]

    def _is_direct(self, node: Node) -> bool:
        if node.id in self._left_to_dbt:
            return False
        return node.direct or (node.begins_plain and self._begins(node))

    def _begins(self, node: Node) -> bool:
        """Whether an incremental model is built as a table now, as there is none yet or none is to be kept."""
        anew = self._full_refresh if node.full_refresh is None else node.full_refresh
        return anew or self._kinds.get(node.relation) != "table"

    def _hand_to_dbt(self, nodes: list[Node]) -> None:
        self._engine.close()
        try:
            results = self._run_with_dbt(nodes)
        finally:
            self._engine.open()
        for result in self._refreshed(nodes, results):
            self._done(result)
        self._kinds = self._engine.relations()

    def _refreshed(self, nodes: Sequence[Node], results: Sequence[NodeResult]) -> list[NodeResult]:
        """``results``, once dynamic tables among ``nodes`` show what is loaded: their tests come next."""
        dynamic = {node.id: node for node in nodes if node.materialized == DYNAMIC}
        if self._refresh is None or not any(one.id in dynamic for one in results if one.status == "success"):
            return list(results)
        all_of_them = [node.relation for node in self._plan.nodes if node.materialized == DYNAMIC]
        problems = self._refresh(self._engine, all_of_them if self._plan.is_whole else None)
        found = []
        last = next(one.id for one in reversed(results) if one.id in dynamic)
        for result in results:
            node = dynamic.get(result.id)
            named = {name for name in problems if node and node.relation.endswith(name)}
            if result.id == last:  # one that an earlier round declared
                named |= {
                    name for name in problems if not any(n.relation.endswith(name) for n in dynamic.values())
                }
            why = "; ".join(problems[name] for name in sorted(named))
            failed = why and result.status == "success"
            found.append(replace(result, status="error", message=why) if failed else result)
        return found

    def _done(self, result: NodeResult) -> None:
        self._results[result.id] = result
        if self._on_node:
            self._on_node(result, len(self._results), len(self._plan.nodes))

    def execute(self, node: Node) -> NodeResult | None:
        """The result of a direct node, or None if it turned out to be one for dbt."""
        start = time.perf_counter()
        try:
            result = self._test(node) if node.kind == "test" else self._build(node)
        except NeedsDbt:
            self._left_to_dbt.add(node.id)
            return None
        except OutOfSyncError as error:
            result = NodeResult(node.id, node.name, node.kind, "error", message=str(error))
        except self._engine.errors as error:
            if self._engine.stops(error):
                raise
            result = NodeResult(node.id, node.name, node.kind, "error", message=str(error).strip())
        return replace(result, engine_seconds=time.perf_counter() - start)

    def _sql(self, text: str) -> str:
        return text.replace(BUILT_AT, self._built_at)

    def _build(self, node: Node) -> NodeResult:
        if node.increment and not self._begins(node):
            increment(self._engine, node, node.increment, self._sql)
        else:
            self._replace(node)
            self._kinds[node.relation] = relation_kind(node)
        return NodeResult(node.id, node.name, node.kind, "success")

    def _replace(self, node: Node) -> None:
        engine, kind, existing = self._engine, relation_kind(node), self._kinds.get(node.relation)
        run_hooks(engine, node.before, inside=False, sql=self._sql)
        with engine.transaction():
            run_hooks(engine, node.before, inside=True, sql=self._sql)
            engine.replace(kind, node.relation, self._sql(node.sql), existing)
            for index in node.indexes:
                engine.create_index(node.relation, index.columns, unique=index.unique, kind=index.type)
            if kind == "table":
                engine.built(node.relation)
            run_hooks(engine, node.after, inside=True, sql=self._sql)
        run_hooks(engine, node.after, inside=False, sql=self._sql)

    def _test(self, node: Node) -> NodeResult:
        rule, sql = node.rule, self._sql(node.sql)
        limit = f" limit {rule.limit}" if rule.limit is not None else ""
        [(failures, warns, fails)] = self._engine.rows(
            f"select {rule.fail_calc}, {rule.fail_calc} {rule.warn_if}, {rule.fail_calc} {rule.error_if} "
            f"from (select * from (\n{sql}\n) as found{limit}) as dbt_internal_test",
        ) or [(None, None, None)]
        if failures is None:
            message = f"fail_calc {rule.fail_calc} gives no number"
            return NodeResult(node.id, node.name, node.kind, "error", message)
        if rule.stored:
            self._store(node, sql, found=bool(failures))
        status: Status = "pass"
        if rule.severity == "error" and fails:
            status = "fail"
        elif warns:
            status = "warn"
        bound = rule.error_if if status == "fail" else rule.warn_if
        message = "" if status == "pass" else f"Got {failures} results, configured to {status} if {bound}"
        shown = f"select * from {node.relation}" if rule.stored else sql
        return NodeResult(
            node.id, node.name, node.kind, status, message,
            failures=int(failures or 0) if status != "pass" else 0,
            sql="" if status == "pass" else shown,
            reason=node.reason,
        )  # fmt: skip

    def _store(self, node: Node, sql: str, *, found: bool) -> None:
        """Keep the rows that a test has found, instead of those that it found before."""
        existing = self._kinds.pop(node.relation, None)
        if found:
            self._engine.replace("table", node.relation, sql, existing)
            self._kinds[node.relation] = "table"
        elif existing:
            self._engine.run(f"drop {existing} {node.relation}")


def relation_kind(node: Node) -> Kind:
    """What stands in the warehouse for a model: a view or a table."""
    return "view" if node.materialized == "view" else "table"


def run_statements(engine: Engine, plan: Plan, built_at: str) -> float:
    """The floor of any build: the plan's SQL in order and nothing else; returns seconds in the engine."""
    start = time.perf_counter()
    for schema in plan.schemas():
        engine.create_schema(schema)
    kinds = engine.relations()
    for node in plan.nodes:
        sql = node.sql.replace(BUILT_AT, built_at)
        if node.direct and node.kind == "test":
            engine.rows(f"select count(*) from (\n{sql}\n) t")
        elif node.sql:
            engine.replace(relation_kind(node), node.relation, sql, kinds.get(node.relation))
    return time.perf_counter() - start
