"""``brewhouse build``: models and tests."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from brewhouse.cli.common import HERE, FullRefresh, Json, ProjectDir, Quiet, at_work
from brewhouse.steps import build_only
from brewhouse.transform.open_dbt import open_dbt

NAME: Final = "build"


def command(
    select: Annotated[
        list[str] | None, typer.Option("--select", "-s", help="dbt's node selection; may be repeated.")
    ] = None,
    full_refresh: FullRefresh = False,
    project_dir: ProjectDir = HERE,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Build the models and run their tests aside, and publish them if no error-level test fails."""
    selection = tuple(part for text in select or [] for part in text.split())
    with (
        at_work(project_dir, "brewhouse build", quiet=quiet, as_json=as_json) as steps,
        open_dbt(steps.project) as dbt,
    ):
        dbt.warm_up(selection)
        build_only(steps, dbt, selection=selection, full_refresh=full_refresh)
