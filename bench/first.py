"""``brewhouse run`` of saas as whoever tries it types it: the first, one after no change, one after an edit.

What counts is the time outside the engine: dbt's parse and compilation, the proof of the unit tests, and whatever the
tool itself does for each of some 2,500 nodes. Each is held against its limit.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.measure import Cost, in_turn, median_ratio, middle, of_command
from bench.table import Line, Report, gib
from bench.tools import BREWHOUSE, brewhouse, document, engine_seconds, set_scale

SCALE = 0.05
MODEL = Path("models", "marts", "mart_customer_success__health.sql")
LIMITS = {"first run": 35.0, "second run: nothing changed": 2.0, "run after an edit of one model": 10.0}


def measure(quick: bool) -> Report:
    """Fresh projects, with nothing kept by ``init`` or by an earlier one."""
    rounds = 1 if quick else 3
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(rounds))
        taken = in_turn(rounds, lambda: _of_one(Path(folder, str(next(numbers)))))[0]
    sides = list(zip(*taken, strict=True))
    nodes = len(document(taken[0][0])["nodes"])
    return Report(
        f"first: saas at scale {SCALE}, {nodes:,} nodes",
        [_line(what, list(costs)) for what, costs in zip(LIMITS, sides, strict=True)],
        f"Whole commands with Python's start; medians of {rounds} rounds, highest peak of memory.",
    )


def _of_one(root: Path) -> tuple[Cost, ...]:
    of_command([*BREWHOUSE, "init", root, "--blueprint", "saas", "--no-check"], root.parent)
    set_scale(root, SCALE)
    first, second = brewhouse(root, "run"), brewhouse(root, "run")
    (root / MODEL).write_text("-- edited\n" + (root / MODEL).read_text())
    return first, second, brewhouse(root, "run")


def _line(what: str, costs: list[Cost]) -> Line:
    limit = LIMITS[what]
    outside = [Cost(cost.wall - engine_seconds(cost), cost.cpu) for cost in costs]
    share = median_ratio(outside, [Cost(limit, limit)] * len(outside))
    figure = f"outside the engine {middle(outside).wall:.1f} s, {share:.2f} of the limit"
    cost = middle(costs)
    return Line(what, cost, f"{figure}; peak {gib(cost.peak)}", f"<= {limit:.0f} s", share <= 1)
