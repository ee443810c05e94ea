"""``brewhouse doctor``: what is wrong, and what mends it."""

from __future__ import annotations

from typing import Final

import typer
from rich.console import Console
from rich.table import Table as Grid

from brewhouse.cli.common import HERE, Json, ProjectDir
from brewhouse.render import machine

NAME: Final = "doctor"
_MARKS: Final = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "bad": "[red]bad[/]"}


def command(project_dir: ProjectDir = HERE, as_json: Json = False) -> None:
    """Check Python, dbt, DuckDB, the project, the disk and the warehouse; exit 3 if something is bad."""
    from brewhouse.diagnosis import examine

    findings = examine(project_dir)
    if as_json:
        typer.echo(machine.to_json([finding.__dict__ for finding in findings]))
    else:
        grid = Grid("", "what", "found", "next")
        for finding in findings:
            grid.add_row(_MARKS[finding.state], finding.what, finding.found, finding.hint)
        Console(highlight=False).print(grid)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(3)
