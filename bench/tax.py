"""What the tool costs beside the engine: 100 trivial models and 300 data tests, in which DuckDB has next to no work.

The tax of a build is its wall time, from the start of the command to its end, less the time inside DuckDB, per node.
Plain ``dbt build`` runs on a copy of the project, and the same compiled SQL straight through DuckDB's API.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.measure import Cost, in_turn, median_ratio, middle, of_command
from bench.straight import straight
from bench.synthetic import CHAINS, MODELS_PER_CHAIN, NODES, make_project, write_model
from bench.table import Line, Report
from bench.tools import DBT, brewhouse, document, engine_seconds

MOST_MS = 15
CASES = (
    ("cold", "cold"),
    ("one model edited", "edited"),
    ("warm", "warm"),
)

Statuses = dict[str, tuple[str, int]]


def measure(quick: bool) -> Report:
    """Our build cold, after an edit and warm, dbt's cold and warm, and the bare SQL, in turn."""
    rounds = 1 if quick else 3
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours"), Path(folder, "theirs")
        make_project(ours)
        make_project(theirs)
        edits = iter(range(2, 1000))
        cold, edited, warm, dbt_cold, dbt_warm, bare = in_turn(
            rounds,
            lambda: _build(ours, _forget),
            lambda: _build(ours, lambda root: _edit(root, next(edits))),
            lambda: _build(ours),
            lambda: _dbt_build(theirs, _forget),
            lambda: _dbt_build(theirs),
            lambda: straight(ours),
        )
        equal = _equal(_statuses_of_ours(warm[-1]), _statuses_of_dbt(theirs))
    engine = middle(bare).wall
    lines = [
        Line("the same SQL straight through DuckDB", middle(bare), f"{1000 * engine / NODES:.1f} ms a node")
    ]
    lines += [_our_line(what, costs) for (what, _), costs in zip(CASES, (cold, edited, warm), strict=True)]
    for what, costs, ours_then in (("cold", dbt_cold, cold), ("warm", dbt_warm, warm)):
        tax = 1000 * (middle(costs).wall - engine) / NODES
        times = median_ratio(costs, ours_then)
        lines.append(
            Line(f"dbt build, {what}", middle(costs), f"tax {tax:.1f} ms a node; {times:.1f} x ours")
        )
    lines.append(
        Line("nodes with dbt's status and failures", None, f"{equal} of {NODES}", "all", equal == NODES)
    )
    return Report(
        f"tax: {CHAINS * MODELS_PER_CHAIN} models, {NODES - CHAINS * MODELS_PER_CHAIN} data tests",
        lines,
        f"Whole commands with Python's start. Medians of {rounds} rounds in turn. "
        "Cold: nothing kept or parsed; edited: parsed in part; warm: plan kept.",
    )


def _our_line(what: str, costs: list[Cost]) -> Line:
    inside = median(engine_seconds(cost) for cost in costs)
    tax = median(1000 * (cost.wall - engine_seconds(cost)) / NODES for cost in costs)
    figure = f"tax {tax:.1f} ms a node; in DuckDB {inside:.2f} s"
    return Line(f"brewhouse build, {what}", middle(costs), figure, f"<= {MOST_MS} ms", tax <= MOST_MS)


def _build(root: Path, before: Callable[[Path], None] | None = None) -> Cost:
    if before:
        before(root)
    return brewhouse(root, "build")


def _dbt_build(root: Path, before: Callable[[Path], None] | None = None) -> Cost:
    if before:
        before(root)
    return of_command([DBT, "build", "--project-dir", root, "--profiles-dir", root], root)


def _forget(root: Path) -> None:
    """Leave neither a plan nor anything parsed."""
    shutil.rmtree(root / ".brewhouse" / "cache", ignore_errors=True)
    shutil.rmtree(root / "target", ignore_errors=True)


def _edit(root: Path, number: int) -> None:
    write_model(root, chain=CHAINS // 2, step=MODELS_PER_CHAIN // 2, added=number)


def _statuses_of_ours(cost: Cost) -> Statuses:
    return {node["id"]: (node["status"], node["failures"]) for node in document(cost)["nodes"]}


def _statuses_of_dbt(root: Path) -> Statuses:
    results = json.loads((root / "target" / "run_results.json").read_text())["results"]
    return {result["unique_id"]: (result["status"], result["failures"] or 0) for result in results}


def _equal(ours: Statuses, theirs: Statuses) -> int:
    return sum(ours.get(name) == status for name, status in theirs.items())
