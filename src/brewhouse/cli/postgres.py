"""``brewhouse postgres``: run a program beside the project's PostgreSQL server, such as dbt or psql."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from brewhouse.cli.common import HERE, ProjectDir
from brewhouse.errors import SettingsError
from brewhouse.project import open_project
from brewhouse.settings import FILE_NAME

NAME: Final = "postgres"
_LIBPQ: Final = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "DBNAME": "PGDATABASE",
}


def command(
    program: Annotated[
        list[str] | None, typer.Argument(metavar="[-- PROGRAM]", help="What to run, as: -- dbt build")
    ] = None,
    project_dir: ProjectDir = HERE,
) -> None:
    """Run a program in the project's folder while its PostgreSQL server runs, with the variables that lead there.

    BREWHOUSE_PG_… for profiles.yml, PGHOST and so on for psql. Without a program the server runs until Ctrl-C.
    """
    project = open_project(project_dir)
    if not project.on_server:
        problem = f"target = {project.settings.target!r}: expected 'postgres', as this is about its server"
        raise SettingsError(path=project.root / FILE_NAME, problem=problem)
    from brewhouse.warehouse.postgres.connection import environment
    from brewhouse.warehouse.postgres.place import describe, programs, project_url

    with project_url(project) as url:
        known = environment(url)
        beside = [str(Path(sys.executable).parent), *programs(project)]
        known["PATH"] = os.pathsep.join([*beside, os.environ.get("PATH", "")])
        known |= {libpq: known[f"BREWHOUSE_PG_{name}"] for name, libpq in _LIBPQ.items()}
        if program:
            raise typer.Exit(_run(program, os.environ | known, str(project.root)))
        console = Console(highlight=False, soft_wrap=True)
        console.print(f"{describe(project)}. Ctrl-C ends this.", markup=False)
        console.print("In another terminal: brewhouse postgres -- psql", markup=False)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            raise typer.Exit from None


def _run(program: list[str], environment: dict[str, str], folder: str) -> int:
    try:
        return subprocess.run(program, env=environment, cwd=folder, check=False).returncode
    except FileNotFoundError:
        raise SettingsError(path=program[0], problem="there is no such program on the PATH") from None
