"""A company of 8 million raw rows: time and memory of each step, and the build against its bare SQL.

The build is the whole command with the plan already kept: its copy of the warehouse, its statements, the tests'
bookkeeping, the publication. Against it stands the compiled SQL of the same plan straight through DuckDB, on a copy
of the same warehouse with the same memory and threads.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from bench.measure import Cost, in_turn, median_ratio, middle, of_call
from bench.straight import straight
from bench.table import Line, Report, gib, spread
from bench.tools import brewhouse, document, engine_seconds, make_project, set_scale
from brewhouse.simulate.engine.work import make_dataset
from brewhouse.simulate.sandbox.company import Sandbox
from brewhouse.simulate.sandbox.world import World

MOST_OF_SQL = 2.5
MOST_BYTES = 2 * 2**30
SMALL = 0.05


def measure(quick: bool) -> Report:
    """Simulator, load and build at one large scale, and the simulator's cost per row at growing ones."""
    scale, rounds = (10, 1) if quick else (100, 2)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "bar")
        make_project(root)
        set_scale(root, SMALL)
        brewhouse(root, "run")  # from here on the plan and the unit tests' passes are kept
        set_scale(root, scale)
        simulated = brewhouse(root, "simulate")
        loaded = brewhouse(root, "load")
        ours, bare = in_turn(rounds, lambda: brewhouse(root, "build"), lambda: straight(root))
    raw = _raw_rows(simulated)
    ratio = median_ratio(ours, bare)
    inside = median(engine_seconds(cost) for cost in ours)
    ratios = [cost.wall / floor.wall for cost, floor in zip(ours, bare, strict=True)]
    lines = [
        _memory_line("simulate", simulated, f"{raw / simulated.wall:,.0f} raw rows/s"),
        _memory_line("load", loaded, f"{raw / loaded.wall:,.0f} raw rows/s"),
        _memory_line("build, plan kept", middle(ours), f"in DuckDB {inside:.1f} s"),
        Line("the same SQL straight through DuckDB", middle(bare), f"peak {gib(middle(bare).peak)}"),
        Line(
            "  build against it",
            figure=f"{ratio:.2f} x ({spread(ratios)})",
            bound=f"<= {MOST_OF_SQL} x",
            met=ratio <= MOST_OF_SQL,
        ),
        *_growth_lines((1, 4, 10) if quick else (1, 10, 100)),
    ]
    return Report(
        f"scale: scale {scale}, {raw:,} raw rows",
        lines,
        f"Peak: the process and its children together. Build and SQL: medians of {rounds} rounds in turn. "
        "µs: CPU, rows of all tables.",
    )


def _memory_line(what: str, cost: Cost, figure: str) -> Line:
    met = cost.peak <= MOST_BYTES
    return Line(what, cost, f"{figure}; peak {gib(cost.peak)}", f"<= {gib(MOST_BYTES)}", met)


def _raw_rows(simulated: Cost) -> int:
    rows: dict[str, int] = document(simulated)["simulated"]["rows"]
    return sum(count for table, count in rows.items() if table.startswith("raw_"))


def _growth_lines(scales: tuple[int, ...]) -> list[Line]:
    """CPU per row of all tables, simulated and written by one process, beside that of the smallest scale."""
    _simulate(1)  # look-up tables are made once
    first = 0.0
    lines = []
    for scale in scales:
        costs, rows = zip(*(_simulate(scale) for _ in range(max(1, 10 // scale))), strict=True)
        each = middle(costs).cpu / rows[0] * 1e6
        first = first or each
        figure = f"{each:.2f} µs a row; {each / first:.2f} x scale {scales[0]}"
        lines.append(Line(f"simulator in one process, scale {scale}", middle(costs), figure))
    return lines


def _simulate(scale: int) -> tuple[Cost, int]:
    company = Sandbox(World(scale=scale))
    rows = 0

    def make() -> None:
        nonlocal rows
        dataset, _ = make_dataset(company, Path(folder), workers=1)
        rows = sum(dataset.rows().values())

    with tempfile.TemporaryDirectory() as folder:
        cost = of_call(make)
    return cost, rows
