"""Summaries and tables for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Column
from rich.table import Table as Grid
from rich.text import Text

from brewhouse.summary import Summary
from brewhouse.transform.results import BuildResult
from brewhouse.warehouse.duckdb import Table

if TYPE_CHECKING:
    from brewhouse.parity.judge import Verdict


def print_summary(console: Console, summary: Summary) -> None:
    """What was built, tested and quarantined, and how long each step took."""
    if summary.build:
        console.print(_built(summary))
        console.print(tested_line(summary.build), highlight=False)
        _print_failures(console, summary.build)
    if summary.quarantined:
        console.print(_quarantine(summary.quarantined))
    if summary.load and summary.load.new_columns:
        console.print("New columns in raw: " + ", ".join(summary.load.new_columns), markup=False)
    console.print(_timings(summary))
    if summary.parity:
        _print_parity(console, summary.parity)
    if summary.published:
        console.print(f"Published: {summary.published}", highlight=False, markup=False, soft_wrap=True)


def tested_line(build: BuildResult) -> str:
    """The tests of a build in one sentence."""
    data = {status: build.count(("test",), status) for status in ("pass", "warn", "fail", "error", "skipped")}
    shown = ", ".join(
        f"{count} {'passed' if status == 'pass' else status}" for status, count in data.items() if count
    )
    units = build.count(("unit_test",))
    passed = build.count(("unit_test",), "pass")
    kept = sum(node.proved_before for node in build.nodes)
    unchanged = f" ({kept} unchanged since they last passed)" if kept else ""
    return f"Data tests: {shown or 'none'}. Unit tests: {passed} of {units} passed{unchanged}."


def table_grid(tables: Sequence[Table], title: str = "") -> Grid:
    """Relations and their rows."""
    grid = Grid("schema", "table", "kind", title=title, title_justify="left")
    grid.add_column("rows", justify="right")
    for table in tables:
        rows = "can't be read" if table.rows is None else f"{table.rows:,}"
        grid.add_row(*map(Text, (table.schema, table.name, table.kind, rows)))
    return grid


def _print_parity(console: Console, verdict: Verdict) -> None:
    """One line, and before it the findings if there are any."""
    from brewhouse.parity.findings import Level
    from brewhouse.render.parity.facts import Options
    from brewhouse.render.parity.text import findings_text

    if verdict.counted(Level.WARNING) or verdict.waived:
        for line in findings_text(verdict, Options(statements=True)):
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print(verdict.line, highlight=False, markup=False, soft_wrap=True)


def _built(summary: Summary) -> Grid:
    hidden = ("audit", "truth", "brewhouse_dynamic")
    return table_grid([table for table in summary.tables if table.schema not in hidden], "Built")


def _print_failures(console: Console, build: BuildResult) -> None:
    for node in build.nodes:
        if node.status in ("fail", "error"):
            line = Text(node.status, style="red").append(f" {node.name}: {node.message}", style="default")
            console.print(line, soft_wrap=True)


def _quarantine(rows: Sequence[tuple[str, str, int]]) -> Grid:
    grid = Grid("from", "reason", title="Quarantined", title_justify="left")
    grid.add_column("rows", justify="right")
    for name, reason, count in rows:
        grid.add_row(*map(Text, (name.removeprefix("quarantine_"), reason, f"{count:,}")))
    return grid


def _timings(summary: Summary) -> Grid:
    grid = Grid("step", title="Time", title_justify="left")
    grid.add_column("seconds", justify="right")
    engine = "PostgreSQL" if summary.project.on_server else "DuckDB"
    for step, seconds in summary.steps.items():
        grid.add_row(step, f"{seconds:.2f}")
        if step == "build" and summary.build:
            grid.add_row(f"  inside {engine}", f"{summary.build.engine_seconds:.2f}", style="dim")
            grid.add_row("  waiting for dbt", f"{summary.build.dbt_seconds:.2f}", style="dim")
    grid.add_row("all", f"{sum(summary.steps.values()):.2f}", style="bold")
    return grid


def print_rows(console: Console, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """The rows of a query: a grid where it fits the terminal, else a record per row; never cut when piped."""
    texts = [["" if value is None else str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *texts, strict=True)]
    needed = sum(widths) + 3 * len(widths) + 1
    if console.is_terminal and needed > console.width:
        for number, row in enumerate(texts, start=1):
            console.print(f"row {number}", style="bold")
            for name, text in zip(names, row, strict=True):
                console.print(f"  {name:<{max(map(len, names))}}  {text}", markup=False, highlight=False)
        return
    grid = Grid(*(Column(Text(name)) for name in names))
    for row in texts:
        grid.add_row(*map(Text, row))
    Console(width=max(needed, console.width), file=console.file).print(grid)
