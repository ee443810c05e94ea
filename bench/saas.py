"""The saas company: its simulator against the cost of writing, and each verb of the command line at two scales.

The limit is ``encode`` alone: writing the same, already made Arrow tables as Parquet. Simulator and limit run in this
process, in turn; what counts is the ratio of CPU seconds within one round.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa

from bench.measure import Cost, in_turn, median_ratio, middle, of_call
from bench.table import Line, Report, gib, spread
from bench.tools import brewhouse, document, engine_seconds, make_project, set_scale
from brewhouse.simulate.engine.company import TRUTH
from brewhouse.simulate.engine.dataset import encode
from brewhouse.simulate.saas.block import Block, make_block
from brewhouse.simulate.saas.company import Saas
from brewhouse.simulate.saas.identity import names
from brewhouse.simulate.saas.world import World

LEAST_ROWS = 1_000_000
LEAST_OF_LIMIT = 0.5
MOST_SECONDS = 30.0
MOST_BYTES = 3 * 2**30
SMALL = 0.05
MICROSECONDS = 1e6
VERBS = ("simulate", "load", "build, plan kept")


def measure(quick: bool) -> Report:
    """Simulator per block, then simulate, load and build from the shell at scale 1 and at a large one."""
    rounds, large = (3, 2) if quick else (5, 20)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "bar")
        make_project(root, "saas")
        set_scale(root, SMALL)
        brewhouse(root, "run")  # from here on the plan and the unit tests' passes are kept
        small, small_rows = _verbs(root, 1)
        big, big_rows = _verbs(root, large)
    growth = (big[0].cpu / big_rows) / (small[0].cpu / small_rows)
    lines = [
        *_simulator_lines(rounds),
        *_scale_lines(1, small, small_rows),
        *_scale_lines(large, big, big_rows),
        Line(
            "  simulator: CPU per row against scale 1",
            figure=f"{growth:.2f} x",
            bound="<= 1.1 x",
            met=growth <= 1.1,
        ),
        *_table_lines(),
    ]
    return Report(
        f"saas: {small_rows:,} rows of all tables at scale 1",
        lines,
        f"Rates are per CPU second. Simulator: medians of {rounds} rounds in turn. Peak: the process and its "
        "children together. Per table: one block; seconds are those of writing it.",
    )


def _simulator_lines(rounds: int) -> list[Line]:
    company = Saas(World())
    company.chunk(2)  # look-up tables are made once
    ready = list(company.chunk(1).values())
    rows = sum(table.num_rows for table in ready)
    block = make_block(company.world, 1)
    known = names(company.world, block.leads)
    events = [clean.table for clean in company.month_tables(block, known, block.months).values()]
    event_rows = sum(table.num_rows for table in events)
    ours, limit, growing, event_limit = in_turn(
        rounds,
        lambda: of_call(lambda: _write(list(company.chunk(1).values()))),
        lambda: of_call(lambda: _write(ready)),
        lambda: of_call(lambda: _write(_event_tables(company, block))),
        lambda: of_call(lambda: _write(events)),
    )
    share, event_share = median_ratio(limit, ours, _cpu), median_ratio(event_limit, growing, _cpu)
    rate = rows / middle(ours).cpu
    shares = [least.cpu / cost.cpu for least, cost in zip(event_limit, growing, strict=True)]
    return [
        Line(
            "simulator end to end",
            middle(ours),
            f"{rate:,.0f} rows/s",
            f">= {LEAST_ROWS:,}",
            rate >= LEAST_ROWS,
        ),
        Line("limit: encode() of the same tables", middle(limit), f"{rows / middle(limit).cpu:,.0f} rows/s"),
        Line("  share of the limit, all tables", figure=f"{share:.2f}"),
        Line("event tables end to end", middle(growing), f"{event_rows / middle(growing).cpu:,.0f} rows/s"),
        Line(
            "limit: encode() of the same tables",
            middle(event_limit),
            f"{event_rows / middle(event_limit).cpu:,.0f} rows/s",
        ),
        Line(
            "  share of the limit, event tables",
            figure=f"{event_share:.2f} ({spread(shares)})",
            bound=f">= {LEAST_OF_LIMIT}",
            met=event_share >= LEAST_OF_LIMIT,
        ),
    ]


def _event_tables(company: Saas, block: Block) -> list[pa.Table]:
    known = names(company.world, block.leads)
    return [clean.table for clean in company.month_tables(block, known, block.months).values()]


def _write(tables: list[pa.Table]) -> None:
    for table in tables:
        encode(table)


def _cpu(cost: Cost) -> float:
    return cost.cpu


def _verbs(root: Path, scale: float) -> tuple[tuple[Cost, Cost, Cost], int]:
    """simulate, load and build from the shell, and the rows of all tables."""
    set_scale(root, scale)
    simulated = brewhouse(root, "simulate")
    rows: dict[str, int] = document(simulated)["simulated"]["rows"]
    return (simulated, brewhouse(root, "load"), brewhouse(root, "build")), sum(rows.values())


def _scale_lines(scale: float, costs: tuple[Cost, Cost, Cost], rows: int) -> list[Line]:
    simulated, loaded, built = costs
    lines = [
        _verb_line(f"{verb}, scale {scale}", cost, rows) for verb, cost in zip(VERBS, costs, strict=True)
    ]
    if scale == 1:
        inside = f"{engine_seconds(built):.1f} s in DuckDB"
        lines.append(_time_line("  simulated and loaded", simulated.wall + loaded.wall))
        lines.append(_time_line(f"  built and tested, {inside}", built.wall))
    return lines


def _verb_line(what: str, cost: Cost, rows: int) -> Line:
    figure = f"{cost.cpu / rows * MICROSECONDS:.1f} µs a row; peak {gib(cost.peak)}"
    return Line(what, cost, figure, f"<= {gib(MOST_BYTES)}", cost.peak <= MOST_BYTES)


def _time_line(what: str, seconds: float) -> Line:
    met = seconds <= MOST_SECONDS
    return Line(what, figure=f"{seconds:.1f} s", bound=f"<= {MOST_SECONDS:.0f} s", met=met)


def _table_lines() -> list[Line]:
    """Rows and bytes of each raw table in one block, in memory and as Parquet, and what writing it costs."""
    lines = []
    for name, table in sorted(Saas(World()).chunk(1).items()):
        if name.startswith(TRUTH):
            continue
        sizes: list[int] = []
        cost = of_call(lambda table=table, sizes=sizes: sizes.append(encode(table).size))  # type: ignore[misc]
        figure = f"{table.num_rows:,} rows, {sizes[0] / 1e6:.2f} MB, {table.nbytes / 1e6:.1f} MB in memory"
        lines.append(Line(f"  {name}", cost, figure))
    return lines
