"""``brewhouse load``: raw files into the warehouse."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from brewhouse.cli.common import HERE, Json, ProjectDir, Quiet, at_work

NAME: Final = "load"


def command(
    replace: Annotated[bool, typer.Option("--replace", help="Load all files anew.")] = False,
    project_dir: ProjectDir = HERE,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Load new and changed files under data/ into the schema raw, and publish that.

    Loading the same files again changes nothing. Models are left as they are: see build.
    """
    with (
        at_work(project_dir, "brewhouse load", quiet=quiet, as_json=as_json) as steps,
        steps.workspace() as workspace,
    ):
        if steps.load(workspace, replace=replace).changed:
            steps.publish(workspace)
