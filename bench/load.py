"""What a load costs: the raw tables of the saas company, against DuckDB alone that reads the same files."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bench.measure import Cost, in_turn, median_ratio, middle, of_call, of_command
from bench.table import Line, Report
from bench.tools import BREWHOUSE, brewhouse, document
from brewhouse.warehouse.duckdb import connect, quoted

MOST_SECONDS = 15
"""For scale 1: half of what simulating and loading may take together."""


def measure(quick: bool) -> Report:
    """All files into an empty warehouse, the same again, and bare SQL, in turn."""
    scale, rounds = (0.1, 1) if quick else (1.0, 3)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "bar")
        of_command([*BREWHOUSE, "init", root, "--blueprint", "saas", "--no-check"], Path(folder))
        brewhouse(root, "simulate", "--scale", str(scale))
        ours, again, bare = in_turn(
            rounds,
            lambda: _load(root),
            lambda: brewhouse(root, "load"),
            lambda: of_call(lambda: _straight(root)),
        )
    rows = sum(table["rows"] for table in document(ours[0])["loaded"]["tables"].values())
    seconds = middle(ours).wall
    lines = [
        Line(
            "DuckDB: create table as select", middle(bare), f"{rows / middle(bare).wall:,.0f} rows a second"
        ),
        Line(
            "brewhouse load, everything",
            middle(ours),
            f"{rows / seconds:,.0f} rows a second; {median_ratio(ours, bare):.1f} x bare",
            "" if quick else f"<= {MOST_SECONDS} s",
            None if quick else seconds <= MOST_SECONDS,
        ),
        Line("brewhouse load, nothing new", middle(again), ""),
    ]
    return Report(
        f"load: {rows:,} rows in 30 raw tables",
        lines,
        f"Whole commands with Python's start, and dlt's. Medians of {rounds} rounds in turn.",
    )


def _load(root: Path) -> Cost:
    (root / "warehouse.duckdb").unlink(missing_ok=True)
    shutil.rmtree(root / ".brewhouse", ignore_errors=True)
    return brewhouse(root, "load")


def _straight(root: Path) -> None:
    """The raw tables as bare SQL makes them, with the columns that say where a row stood."""
    path = root / "straight.duckdb"
    path.unlink(missing_ok=True)
    with connect(path, memory_limit="1GB") as connection:
        connection.execute("create schema raw")
        for folder in sorted(
            path for path in (root / "data").iterdir() if path.is_dir() and path.name != "truth"
        ):
            connection.execute(
                f"create table {quoted('raw', folder.name)} as select *, current_timestamp as _loaded_at "
                f"from read_parquet('{folder}/*.parquet', filename = true, file_row_number = true)"
            )
