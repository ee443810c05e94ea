"""``brewhouse init``: make a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from brewhouse.project import create_project

NAME: Final = "init"


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    blueprint: Annotated[str, typer.Option(help="The company and its dbt project.")] = "sandbox",
    target: Annotated[str, typer.Option(help="The engine of the warehouse.")] = "duckdb",
) -> None:
    """Make a project that you own: brewhouse.toml, a dbt project, .gitignore."""
    project = create_project(folder, blueprint, target)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Made {project.root} from the blueprint {blueprint}.")
    console.print(f"Next: cd {folder} && brewhouse run")
