"""What became of each node of a build."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from brewhouse import __version__
from brewhouse.transform.plan import Kind, Node, Plan

Status = Literal["success", "error", "skipped", "pass", "warn", "fail", "partial success"]

FAILED: Final[frozenset[str]] = frozenset({"error", "fail", "partial success"})
BLOCKING: Final[frozenset[str]] = FAILED | {"skipped"}
"""What is downstream of a node with such a status is skipped, as in ``dbt build``."""


@dataclass(frozen=True)
class NodeResult:
    """Status of one node, in dbt's words, and where its time went."""

    id: str
    name: str
    kind: Kind
    status: Status
    message: str = ""
    failures: int = 0
    engine_seconds: float = 0.0
    """Time inside the warehouse, of a node that was executed directly."""
    dbt_seconds: float = 0.0
    """Time that dbt reports, of a node that it ran."""
    sql: str = ""
    """Of a failed test: a query that shows the failing rows."""
    reason: str = ""
    """Of a test: why it has its severity."""
    proved_before: bool = False
    """Of a unit test: it passed for exactly these files and input columns, and was not run again."""


@dataclass(frozen=True)
class BuildResult:
    """All nodes of a build, and where its time went."""

    nodes: tuple[NodeResult, ...]
    seconds: float
    dbt_seconds: float

    @property
    def failed(self) -> list[NodeResult]:
        """Nodes with an error, and tests that failed at error level."""
        return [node for node in self.nodes if node.status in FAILED]

    @property
    def engine_seconds(self) -> float:
        """Time inside the warehouse."""
        return sum(node.engine_seconds for node in self.nodes)

    def count(self, kinds: Iterable[Kind], status: str | None = None) -> int:
        """How many nodes of ``kinds`` have ``status`` (or any)."""
        chosen = frozenset(kinds)
        return sum(node.kind in chosen and status in (None, node.status) for node in self.nodes)


def write_run_results(path: Path, plan: Plan, result: BuildResult, generated_at: str) -> None:
    """Write dbt's run_results.json (schema v6), so that other tools can read this build."""
    by_id = {node.id: node for node in plan.nodes}
    content = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json",
            "dbt_version": plan.dbt_version,
            "generated_at": generated_at,
            "env": {"BREWHOUSE_VERSION": __version__},
        },
        "results": [_entry(node, by_id[node.id]) for node in result.nodes],
        "elapsed_time": result.seconds,
        "args": {"which": "build"},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def _entry(result: NodeResult, node: Node) -> dict[str, object]:
    return {
        "status": result.status,
        "timing": [],
        "thread_id": "Thread-1",
        "execution_time": result.engine_seconds + result.dbt_seconds,
        "adapter_response": {},
        "message": result.message or None,
        "failures": result.failures if "test" in result.kind else None,
        "unique_id": result.id,
        "compiled": bool(node.sql),
        "compiled_code": node.sql or None,
        "relation_name": node.relation or None,
    }
