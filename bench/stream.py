"""``simulate --stream``: rows per CPU second against the batch simulator, and the highest rate that one stream reaches.

The first is the making of tables alone, in this process, in turn; neither side writes. The second is the whole command,
asked for more than any machine gives, into the inbox of a DuckDB project and into the tables of a PostgreSQL server.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.measure import Cost, in_turn, median_ratio, middle, of_call, of_command
from bench.table import Line, Report, spread
from bench.tools import BREWHOUSE
from brewhouse.simulate.commerce.company import Commerce
from brewhouse.simulate.commerce.world import World

SIZES = (10, 1_000, 20_000)
"""Orders in a batch, which is a second of a stream."""
LEAST_OF_BATCH = 0.3
BOUND_AT = 1_000
TOO_FAST = "1000000"
SCALE = "0.1"


def measure(quick: bool) -> Report:
    """Batches of several sizes beside a block of customers; then a stream as fast as it can."""
    rounds, seconds = (3, 5) if quick else (7, 20)
    lines = _making(rounds)
    with tempfile.TemporaryDirectory() as folder:
        for target in ("duckdb", "postgres"):
            lines += _fastest(Path(folder, target), target, seconds)
    note = (
        f"Rates of making are per CPU second, medians of {rounds} rounds in turn, ratios within a round. "
        "The command's are orders a second of wall time with all that it takes: making, disk or COPY."
    )
    return Report("stream: a company that goes on in real time", lines, note)


def _making(rounds: int) -> list[Line]:
    company = Commerce(World())
    moments = company.end_ms + np.arange(max(SIZES))
    rows = _rows(company.chunk(0))
    block, *batches = in_turn(
        rounds,
        lambda: of_call(lambda: company.chunk(0)),
        *(lambda size=size: _repeated(company, moments[:size]) for size in SIZES),
    )
    lines = [Line(f"batch: a block of customers, {rows:,} rows", middle(block), _rate(rows, middle(block)))]
    for size, costs in zip(SIZES, batches, strict=True):
        made = sum(_rows(company.streamed(n * size, moments[:size])) for n in range(_repeats(size)))
        scale = made / rows
        ratio = median_ratio(block, costs, lambda cost: cost.cpu) * scale
        ratios = [one.cpu / other.cpu * scale for one, other in zip(block, costs, strict=True)]
        bound = size == BOUND_AT
        lines += [
            Line(
                f"stream: batches of {size:,} orders, {made:,} rows",
                middle(costs),
                _rate(made, middle(costs)),
            ),
            Line(
                "  share of the batch simulator's",
                figure=f"{ratio:.2f} ({spread(ratios)})",
                bound=f">= {LEAST_OF_BATCH}" if bound else "",
                met=ratio >= LEAST_OF_BATCH if bound else None,
            ),
        ]
    return lines


def _repeats(size: int) -> int:
    return max(1, min(20_000 // size, 200))


def _repeated(company: Commerce, moments: np.ndarray[Any, np.dtype[np.int64]]) -> Cost:
    """One batch after the other: up to 200, and up to 20,000 orders."""
    size = len(moments)

    def make() -> None:
        for n in range(_repeats(size)):
            company.streamed(n * size, moments)

    return of_call(make)


def _fastest(root: Path, target: str, seconds: int) -> list[Line]:
    """More is asked for than can be: batches are as large as they may get, one after the other."""
    init = ("init", root, "--blueprint", "commerce", "--scale", SCALE, "--target", target, "--no-check")
    of_command([*BREWHOUSE, *init], root.parent)
    for verb in ("simulate", "load"):
        of_command([*BREWHOUSE, verb], root)
    command = ("simulate", "--stream", TOO_FAST, "--for", str(seconds), "--json")
    cost = of_command([*BREWHOUSE, *command], root)
    told = json.loads(cost.out.splitlines()[-1])
    rows = sum(told["rows"].values())
    figure = f"{told['reached_rate']:,.0f} orders/s, {rows / told['seconds']:,.0f} raw rows/s"
    return [Line(f"one stream on {target}: {told['streamed']:,} orders", cost, figure)]


def _rows(tables: Any) -> int:
    found: list[pa.Table] = list(tables.values())
    return sum(table.num_rows for table in found)


def _rate(rows: int, cost: Cost) -> str:
    return f"{rows / cost.cpu:,.0f} rows/s"
