"""The simulator's rows per CPU second against two peers.

The limit is ``encode`` alone: the pure cost of writing the same, already made Arrow tables as Parquet. The peer is
the usual way, a loop that makes row after row with Faker and writes the same columns of the raw tables. All three run
in this process, in turn; what counts is the ratio of CPU seconds within one round.
"""

from __future__ import annotations

import pyarrow as pa

from bench.faker_rows import FakerCompany
from bench.measure import Cost, in_turn, median_ratio, middle, of_call
from bench.table import Line, Report, spread
from brewhouse.simulate.engine.company import TRUTH
from brewhouse.simulate.engine.dataset import encode
from brewhouse.simulate.sandbox.company import Sandbox
from brewhouse.simulate.sandbox.world import World

LEAST_OF_LIMIT = 0.5
LEAST_OF_FAKER = 100


def measure(quick: bool) -> Report:
    """Simulator end to end, ``encode`` alone and the Faker loop, in turn."""
    scale, rounds, people = (4, 3, 500) if quick else (20, 5, 2_000)
    company = Sandbox(World(scale=scale))
    tables = [table for block in range(company.blocks()) for table in company.chunk(block).items()]
    rows = sum(table.num_rows for _, table in tables)
    raw = sum(table.num_rows for name, table in tables if not name.startswith(TRUTH))
    ready = [table for _, table in tables]
    faker = FakerCompany(people)
    ours, limit, loop = in_turn(
        rounds,
        lambda: of_call(lambda: _simulate(company)),
        lambda: of_call(lambda: _write(ready)),
        lambda: of_call(faker.write),
    )
    of_limit = median_ratio(limit, ours, _cpu)
    of_loop = median_ratio(loop, ours, _cpu) * raw / faker.rows
    shares = [least.cpu / cost.cpu for least, cost in zip(limit, ours, strict=True)]
    return Report(
        f"simulate: scale {scale}, {rows:,} rows of all tables, {raw:,} of them raw",
        [
            Line(
                "simulator end to end",
                middle(ours),
                f"{_rate(rows, ours)} ({_rate(raw, ours)} raw)",
            ),
            Line("limit: encode() of the same tables", middle(limit), _rate(rows, limit)),
            Line(
                "  share of the limit",
                figure=f"{of_limit:.2f} ({spread(shares)})",
                bound=f">= {LEAST_OF_LIMIT}",
                met=of_limit >= LEAST_OF_LIMIT,
            ),
            Line(f"peer: Faker loop, {faker.rows:,} raw rows", middle(loop), _rate(faker.rows, loop)),
            Line(
                "  times the Faker loop, per raw row",
                figure=f"{of_loop:,.0f} x",
                bound=f">= {LEAST_OF_FAKER} x",
                met=of_loop >= LEAST_OF_FAKER,
            ),
            Line(
                "  the limit itself, in Faker loops",
                figure=f"{median_ratio(loop, limit, _cpu) * rows / faker.rows:,.0f} x",
            ),
        ],
        f"Rates are per CPU second. Medians of {rounds} rounds in turn; ratios within a round.",
    )


def _simulate(company: Sandbox) -> None:
    for block in range(company.blocks()):
        for table in company.chunk(block).values():
            encode(table)


def _write(tables: list[pa.Table]) -> None:
    for table in tables:
        encode(table)


def _cpu(cost: Cost) -> float:
    return cost.cpu


def _rate(rows: int, costs: list[Cost]) -> str:
    return f"{rows / middle(costs).cpu:,.0f} rows/s"
