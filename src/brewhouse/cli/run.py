"""``brewhouse run``: everything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from brewhouse.cli.common import (
    HERE,
    FullRefresh,
    Json,
    ProjectDir,
    Quiet,
    at_work,
    print_summary_of,
    stopped,
)
from brewhouse.cli.messages import show_error
from brewhouse.errors import BrewhouseError
from brewhouse.project import open_project
from brewhouse.render import machine
from brewhouse.render.progress import display
from brewhouse.steps import run_all
from brewhouse.summary import Summary
from brewhouse.transform.open_dbt import open_dbt

NAME: Final = "run"


def command(
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and run again what a change touches.")
    ] = False,
    full_refresh: FullRefresh = False,
    project_dir: ProjectDir = HERE,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Simulate, load, build, test and publish; then write report.html."""
    if watch and full_refresh:
        raise typer.BadParameter("--full-refresh goes with a single run, not with --watch")
    if watch:
        _watch(project_dir, quiet=quiet, as_json=as_json)
        return
    with (
        at_work(project_dir, "brewhouse run", quiet=quiet, as_json=as_json) as steps,
        open_dbt(steps.project) as dbt,
    ):
        run_all(steps, dbt, full_refresh=full_refresh)


def _watch(project_dir: Path, *, quiet: bool, as_json: bool) -> None:
    from brewhouse.watch import Work, watch_project

    console = Console()
    project = open_project(project_dir)

    def on_result(summary: Summary | None, problem: BrewhouseError | None) -> None:
        if summary and as_json:
            typer.echo(machine.summary_json(summary, problem))
            return
        if summary and (summary.build or not problem):
            print_summary_of(console, summary, quiet=quiet, as_json=False)
        if problem:
            show_error(problem, as_json=as_json)
        if not quiet and not as_json:
            console.print("Watching for changes; Ctrl-C stops.")

    def on_work(work: Work) -> None:
        if not quiet and not as_json:
            names = ", ".join(path.name for path in work.changed[:3])
            console.print(f"Changed: {names} ({work.touched})", highlight=False)

    with (
        display(console, silent=quiet or as_json) as shown,
        open_dbt(project) as dbt,
    ):
        try:
            watch_project(project, shown, dbt, on_result=on_result, on_work=on_work)
        except KeyboardInterrupt:
            stopped()
