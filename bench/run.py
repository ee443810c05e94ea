"""``brewhouse run`` at scale 1, as a user types it: 10,000 users, 50,000 events, 20,000 orders, models, tests, report.

The bound holds after set-up, that is, after ``brewhouse init``. Since init may keep what it found out while checking
that the models compile, the first run is measured a second time with all of that thrown away.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from statistics import median

from bench.measure import Cost, in_turn, middle
from bench.table import Line, Report, gib
from bench.tools import brewhouse, engine_seconds, make_project, step_seconds

MOST_SECONDS = 12
MODEL = Path("models", "marts", "product_summary.sql")


def measure(quick: bool) -> Report:
    """init, the first run, the second, one after an edit, and a first run without anything kept."""
    rounds = 1 if quick else 3
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "bar")
        init, first, second, edited, bare = in_turn(
            rounds,
            lambda: _init(root),
            lambda: brewhouse(root, "run"),
            lambda: brewhouse(root, "run"),
            lambda: _edited(root),
            lambda: _from_nothing(root),
        )
    lines = [Line("brewhouse init", middle(init), f"peak {gib(middle(init).peak)}")]
    for what, costs in (
        ("first run", first),
        ("second run: nothing changed", second),
        ("run after an edit of one model", edited),
        ("first run, nothing kept by init", bare),
    ):
        lines += _run_lines(what, costs)
    return Report(
        "run: scale 1",
        lines,
        f"Whole commands with Python's start; steps in seconds. Medians of {rounds} rounds, highest peak of memory.",
    )


def _run_lines(what: str, costs: list[Cost]) -> list[Line]:
    cost = middle(costs)
    inside = median(engine_seconds(one) for one in costs)
    steps = {name: median(step_seconds(one)[name] for one in costs) for name in step_seconds(costs[0])}
    start = median(one.wall - sum(step_seconds(one).values()) for one in costs)
    shown = " · ".join(f"{name} {seconds:.1f}" for name, seconds in {"start": start, **steps}.items())
    met = cost.wall <= MOST_SECONDS
    return [
        Line(what, cost, f"in DuckDB {inside:.2f} s; peak {gib(cost.peak)}", f"<= {MOST_SECONDS} s", met),
        Line("", figure=shown),
    ]


def _init(root: Path) -> Cost:
    shutil.rmtree(root, ignore_errors=True)
    return make_project(root)


def _edited(root: Path) -> Cost:
    path = root / MODEL
    path.write_text("-- edited\n" + path.read_text())
    return brewhouse(root, "run")


def _from_nothing(root: Path) -> Cost:
    """A first run as if init had kept no plan, and dbt had never parsed the project."""
    (root / "warehouse.duckdb").unlink()
    for name in (".brewhouse", "target", "data"):
        shutil.rmtree(root / name)
    return brewhouse(root, "run")
