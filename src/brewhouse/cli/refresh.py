"""``brewhouse refresh``: bring dynamic tables to the moment."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.console import Console

from brewhouse.cli.common import HERE, Json, ProjectDir, Quiet, stopped
from brewhouse.errors import BrewhouseError, RefreshFailedError
from brewhouse.project import Project, open_project
from brewhouse.render import lags

NAME: Final = "refresh"


def command(  # noqa: PLR0913, PLR0917  # the options of the verb
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and refresh whenever a lag would be exceeded.")
    ] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="With --watch: show lags and history as a page on loopback.")
    ] = False,
    port: Annotated[int, typer.Option(help="Of the page; 0 takes a free one.")] = 0,
    status: Annotated[
        bool, typer.Option("--status", help="Show asked and real lag of each table, and the last refreshes.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how each table would be refreshed, and why.")
    ] = False,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="NAME", help="Let a suspended table be refreshed again.")
    ] = None,
    project_dir: ProjectDir = HERE,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Refresh the dynamic tables: once, or for good with --watch.

    All tables that share an input come to show one moment. What can be is refreshed by increments; a table whose
    query changed is made anew; one that fails five times in a row is suspended until it is resumed.
    """
    if sum((watch, status, explain, resume is not None)) > 1:
        raise typer.BadParameter("--watch, --status, --explain and --resume go one at a time")
    if serve and not watch:
        raise typer.BadParameter("--serve goes with --watch")
    project = open_project(project_dir)
    try:
        if watch:
            _watch(project, port=port if serve else None, quiet=quiet, as_json=as_json)
        elif status or explain:
            _show(project, explain=explain, as_json=as_json)
        elif resume is not None:
            _resume(project, resume, quiet=quiet, as_json=as_json)
        else:
            _once(project, quiet=quiet, as_json=as_json)
    except KeyboardInterrupt:
        stopped()


def _once(project: Project, *, quiet: bool, as_json: bool) -> None:
    from brewhouse.dynamic.place import open_place

    with open_place(project, command="brewhouse refresh") as place:
        outcome = place.refresh()
        total = len(place.declared())
    if as_json:
        typer.echo(lags.outcome_json(outcome))
    elif not quiet:
        lags.print_outcome(Console(), outcome)
    if outcome.failed:
        problems = "; ".join(f"{name}: {problem}" for name, problem in outcome.failed.items())
        error = RefreshFailedError(failed=len(outcome.failed), total=total, problems=problems)
        if as_json:
            raise typer.Exit(error.exit_code)
        raise error


def _show(project: Project, *, explain: bool, as_json: bool) -> None:
    from brewhouse.dynamic import place

    if explain:
        found = place.explain(project, command="brewhouse refresh --explain")
        typer.echo(lags.explained_json(found)) if as_json else lags.print_explained(Console(), found)
        return
    look = place.look(project, command="brewhouse refresh --status")
    typer.echo(lags.status_json(look)) if as_json else lags.print_status(Console(), look)


def _resume(project: Project, name: str, *, quiet: bool, as_json: bool) -> None:
    from brewhouse.dynamic.place import open_place

    with open_place(project, command=f"brewhouse refresh --resume {name}") as place:
        resumed = place.resume(name)
        outcome = place.refresh(only=[resumed])
    if as_json:
        typer.echo(lags.outcome_json(outcome))
    elif not quiet:
        lags.print_outcome(Console(), outcome)


def _watch(project: Project, *, port: int | None, quiet: bool, as_json: bool) -> None:
    from brewhouse.dynamic.watch import Watching

    console = Console()

    def tell(problem: BrewhouseError) -> None:
        console.print(f"Error {problem.code}: {problem.text()}", markup=False, highlight=False)

    watching = Watching(project, on_problem=tell)
    if port is not None:
        from brewhouse.dynamic.page import serve

        address = serve(watching, port)
        if not quiet:
            typer.echo(f"Showing lags at {address}")
    if not quiet and not as_json:
        typer.echo("Watching; Ctrl-C stops.")
    for outcome in watching.waves():
        if as_json:
            typer.echo(lags.outcome_json(outcome))
        elif not quiet:
            lags.print_wave(console, outcome)
