"""Run the benchmarks: ``python -m bench [NAME …] [--quick]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import cast

from rich.console import Console

from bench.measure import BrokenBenchmarkError
from bench.table import WIDTH, Report, show

NAMES = (
    "simulate", "load", "tax", "run", "first", "scale", "saas", "warehouse", "questions", "parity", "dynamic",
    "stream",
)  # fmt: skip


def main() -> int:
    """Print a table per benchmark; 1 if one of them could not be run at all, whatever the figures say."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; without: all")
    parser.add_argument("--quick", action="store_true", help="smaller data and fewer rounds")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    console.print(_machine() + (", quick" if asked.quick else ""))
    broken = False
    for name in asked.names or NAMES:
        measure = cast("Callable[[bool], Report]", import_module(f"bench.{name}").measure)
        start = time.perf_counter()
        try:
            report = measure(asked.quick)
        except BrokenBenchmarkError as error:
            console.print(f"{name} could not be measured: {error}", markup=False)
            broken = True
        else:
            console.print()
            show(console, report)
            console.print(f"{name}: {time.perf_counter() - start:.0f} s in all", style="dim")
    return int(broken)


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "dbt-core", "pyarrow", "numpy"))
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {libraries}; "
        f"load before the start {busy:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
