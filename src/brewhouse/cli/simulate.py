"""``brewhouse simulate``: make the company's raw files."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

import typer

from brewhouse.cli.common import HERE, Json, ProjectDir, Quiet, at_work
from brewhouse.errors import SettingsError
from brewhouse.project import Project
from brewhouse.steps import Steps

NAME: Final = "simulate"


def command(
    scale: Annotated[float | None, typer.Option(help="Size of the company, as in brewhouse.toml.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same bytes.")] = None,
    end: Annotated[str | None, typer.Option(metavar="DATE", help="Last day, as 2026-06-30.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; changes nothing but the time.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make the files even if they are there.")] = False,
    project_dir: ProjectDir = HERE,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make the company's raw files and the truth behind them, under data/.

    Options override brewhouse.toml for this call alone; the same settings give the same bytes on any machine.
    """
    asked = {"scale": scale, "seed": seed, "end": _date(end), "workers": workers}
    with at_work(project_dir, "brewhouse simulate", quiet=quiet, as_json=as_json) as steps:
        _override(steps, {name: value for name, value in asked.items() if value is not None})
        steps.simulate(force=force)


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise SettingsError(path="--end", problem=f"{text!r} is no date such as 2026-06-30") from None


def _override(steps: Steps, values: dict[str, object]) -> None:
    settings = steps.project.settings
    simulate = settings.simulate.model_copy(update=values)
    steps.project = Project(steps.project.root, settings.model_copy(update={"simulate": simulate}))
