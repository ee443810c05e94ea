"""``brewhouse query``: look into the published warehouse."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.console import Console

from brewhouse.cli.common import HERE, Json, ProjectDir, stopped
from brewhouse.project import open_project
from brewhouse.render import machine
from brewhouse.render.text import print_rows, table_grid
from brewhouse.warehouse.reading import Reader, in_this_database, open_reader

NAME: Final = "query"


def command(
    sql: Annotated[str | None, typer.Argument(help="A query; without it: the tables and their rows.")] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Ask the last failed build instead (PostgreSQL: as the owner).")
    ] = False,
    limit: Annotated[int, typer.Option(help="Rows to show as text; 0 for all.")] = 50,
    project_dir: ProjectDir = HERE,
    as_json: Json = False,
) -> None:
    """Query the published warehouse, read-only: nothing in it, and no file, can be changed this way."""
    project = open_project(project_dir)
    try:
        with open_reader(project, failed=failed) as reader:
            if sql is None:
                _print_tables(reader, as_json=as_json)
            else:
                _print_rows(reader, in_this_database(project, sql), limit, as_json=as_json)
    except KeyboardInterrupt:
        stopped()


def _print_tables(reader: Reader, *, as_json: bool) -> None:
    found = reader.tables()
    if as_json:
        typer.echo(machine.to_json([table.__dict__ for table in found]))
    else:
        Console().print(table_grid(found))


def _print_rows(reader: Reader, sql: str, limit: int, *, as_json: bool) -> None:
    names, rows = reader.ask(sql, limit + 1 if limit and not as_json else None)
    if as_json:
        typer.echo(machine.to_json([dict(zip(names, row, strict=True)) for row in rows]))
        return
    console = Console()
    print_rows(console, names, rows[:limit] if limit else rows)
    if limit and len(rows) > limit:
        console.print(f"The first {limit} rows; --limit 0 shows all.")
