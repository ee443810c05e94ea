"""What all verbs share: options, the console, and errors as messages with an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console

from brewhouse.errors import BrewhouseError
from brewhouse.project import Project, open_project
from brewhouse.render import machine
from brewhouse.render.progress import display
from brewhouse.render.text import print_summary
from brewhouse.steps import Steps
from brewhouse.summary import Summary

ProjectDir = Annotated[
    Path,
    typer.Option("--project-dir", help="The project's folder.", show_default="this folder"),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
FullRefresh = Annotated[
    bool, typer.Option("--full-refresh", help="Build everything anew, and run all unit tests again.")
]
HERE = Path()
INTERRUPTED: Final = 130


@contextmanager
def at_work(project_dir: Path, command: str, *, quiet: bool, as_json: bool) -> Iterator[Steps]:
    """Open the project, show progress while inside, and print the summary of what was done."""
    console = Console()
    project: Project = open_project(project_dir)
    steps: Steps | None = None
    try:
        with display(console, silent=quiet or as_json) as shown:
            steps = Steps(project, shown, command=command)
            yield steps
    except KeyboardInterrupt:
        stopped()
    except BrewhouseError as error:
        if steps and as_json:
            typer.echo(machine.summary_json(steps.summary, error))
            raise typer.Exit(error.exit_code) from error
        if steps and steps.summary.build:
            print_summary_of(console, steps.summary, quiet=quiet, as_json=False)
        raise
    print_summary_of(console, steps.summary, quiet=quiet, as_json=as_json)


def stopped() -> NoReturn:
    """The user pressed Ctrl-C."""
    typer.echo("Stopped. What was published before is untouched.", err=True)
    raise typer.Exit(INTERRUPTED)


def print_summary_of(console: Console, summary: Summary, *, quiet: bool, as_json: bool) -> None:
    """As text, as JSON, or not at all."""
    if as_json:
        typer.echo(machine.summary_json(summary))
    elif not quiet:
        print_summary(console, summary)
