"""The one shape in which every benchmark says what it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.measure import Cost

WIDTH = 118


@dataclass(frozen=True)
class Line:
    """One thing measured: its cost, the figure that it comes to, the bound of that figure, and whether it is kept."""

    what: str
    cost: Cost | None = None
    figure: str = ""
    bound: str = ""
    met: bool | None = None


@dataclass(frozen=True)
class Report:
    """All lines of one benchmark, under what was measured against what."""

    title: str
    lines: list[Line]
    note: str = ""


def show(console: Console, report: Report) -> None:
    """Print the report as a table."""
    table = Table(title=report.title, title_justify="left", caption=report.note, caption_justify="left")
    table.add_column("measured", overflow="fold")
    table.add_column("wall s", justify="right")
    table.add_column("CPU s", justify="right")
    table.add_column("figure", overflow="fold")
    table.add_column("bound", no_wrap=True)
    table.add_column("met")
    for line in report.lines:
        wall = f"{line.cost.wall:.2f}" if line.cost else ""
        cpu = f"{line.cost.cpu:.2f}" if line.cost else ""
        met = "" if line.met is None else "yes" if line.met else "NO"
        table.add_row(line.what, wall, cpu, line.figure, line.bound, met)
    console.print(table)


def gib(size: int) -> str:
    """Bytes as GiB."""
    return f"{size / 2**30:.2f} GiB"


def spread(values: Iterable[float], unit: str = "") -> str:
    """From the least to the greatest of what the rounds gave."""
    taken = list(values)
    return f"{min(taken):.2f} to {max(taken):.2f}{unit}"
