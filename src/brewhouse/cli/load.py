"""``brewhouse load``: sources into the warehouse."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from brewhouse.cli.common import HERE, Json, ProjectDir, Quiet, at_work
from brewhouse.load.due import last_loads, next_load
from brewhouse.load.sources import Source, pick_sources
from brewhouse.steps import Steps

NAME: Final = "load"


def command(
    source: Annotated[
        list[str] | None, typer.Option("--source", "-s", help="Load this source alone; may be repeated.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Load the sources whose cadence has run out since their last load.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Load all anew, whatever was loaded before.")
    ] = False,
    project_dir: ProjectDir = HERE,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Load what is new in the sources into the schema raw, and publish that.

    Each source is loaded as brewhouse.toml says: from the files under data/, from tables in the warehouse, or from
    its API. Loading the same again changes nothing. Models are left as they are: see build.
    """
    with at_work(project_dir, "brewhouse load", quiet=quiet, as_json=as_json) as steps:
        chosen = _chosen(steps, source or [], due=due)
        if chosen == []:
            if not (quiet or as_json):
                typer.echo(_nothing_due(steps))
            return
        steps.check_sources(steps.sources if chosen is None else chosen)
        with steps.workspace() as workspace:
            result = steps.load(workspace, sources=chosen, replace=replace)
            if result.changed and not steps.project.on_server:
                steps.publish(workspace)
            steps.loaded(result)


def _chosen(steps: Steps, names: list[str], *, due: bool) -> list[Source] | None:
    """The sources that the options ask for; None: all, and files that no source declares."""
    if not names and not due:
        return None
    picked = pick_sources(steps.sources, names, root=steps.project.root) if names else list(steps.sources)
    return steps.due_sources(picked) if due else picked


def _nothing_due(steps: Steps) -> str:
    last = last_loads(steps.project.state, steps.sources)
    following = min((moment, source.name) for source in steps.sources if (moment := next_load(source, last)))
    return f"No source is due. The next is {following[1]}, at {following[0]:%Y-%m-%d %H:%M} UTC."
