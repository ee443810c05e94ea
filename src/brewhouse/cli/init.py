"""``brewhouse init``: make a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from brewhouse.prepare import prepare
from brewhouse.project import create_project

NAME: Final = "init"


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    blueprint: Annotated[str, typer.Option(help="The company and its dbt project.")] = "sandbox",
    scale: Annotated[float, typer.Option(help="Size of the simulated company, as in brewhouse.toml.")] = 1.0,
    target: Annotated[str, typer.Option(help="The engine of the warehouse: duckdb or postgres.")] = "duckdb",
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Compile the models and run their unit tests.")
    ] = True,
) -> None:
    """Make a project that you own: brewhouse.toml, a dbt project, .gitignore.

    Its models are compiled and their unit tests run, so that a machine on which they can't is known at once.
    """
    if target == "postgres":  # drivers take their time to import
        from brewhouse.warehouse.postgres.place import check_target

        check_target()
    project = create_project(folder, blueprint, target, scale)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Made {project.root} from the blueprint {blueprint}.")
    if check:
        console.print("Compiling its models and running their unit tests …")
        ready = prepare(project)
        console.print(
            f"{ready.nodes} models and tests compile; {ready.passed} of {ready.units} unit tests pass."
        )
    console.print(f"Next: cd {folder} && brewhouse run")
