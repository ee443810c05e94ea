"""``brewhouse query``: look into the published warehouse."""

from __future__ import annotations

from typing import Annotated, Any, Final

import duckdb
import typer
from rich.console import Console

from brewhouse.cli.common import HERE, Json, ProjectDir, stopped
from brewhouse.errors import QueryError
from brewhouse.project import open_project
from brewhouse.render import machine
from brewhouse.render.text import print_rows, table_grid
from brewhouse.warehouse.duckdb import connect, execute, tables
from brewhouse.warehouse.snapshots import failed_warehouse

NAME: Final = "query"


def command(
    sql: Annotated[str | None, typer.Argument(help="A query; without it: the tables and their rows.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Ask the last failed build instead.")] = False,
    limit: Annotated[int, typer.Option(help="Rows to show as text; 0 for all.")] = 50,
    project_dir: ProjectDir = HERE,
    as_json: Json = False,
) -> None:
    """Query the published warehouse, read-only: nothing in it, and no file, can be changed this way."""
    project = open_project(project_dir)
    path = failed_warehouse(project) if failed else project.warehouse
    command_before = "brewhouse build" if failed else "brewhouse run"
    connection = connect(path, read_only=True, command=command_before)
    try:
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        if sql is None:
            _print_tables(connection, as_json=as_json)
        else:
            _print_rows(connection, sql, limit, as_json=as_json)
    except KeyboardInterrupt:
        stopped()
    finally:
        connection.close()


def _print_tables(connection: duckdb.DuckDBPyConnection, *, as_json: bool) -> None:
    found = tables(connection)
    if as_json:
        typer.echo(machine.to_json([table.__dict__ for table in found]))
    else:
        Console().print(table_grid(found))


def _print_rows(connection: duckdb.DuckDBPyConnection, sql: str, limit: int, *, as_json: bool) -> None:
    try:
        cursor = execute(connection, sql)
        names = [column[0] for column in cursor.description or []]
        wanted = limit + 1 if limit and not as_json else -1
        rows: list[tuple[Any, ...]] = _fetch(cursor, wanted) if names else []
    except duckdb.Error as error:
        raise QueryError(problem=str(error).strip()) from error
    if as_json:
        typer.echo(machine.to_json([dict(zip(names, row, strict=True)) for row in rows]))
        return
    console = Console()
    print_rows(console, names, rows[:limit] if limit else rows)
    if limit and len(rows) > limit:
        console.print(f"The first {limit} rows; --limit 0 shows all.")


def _fetch(cursor: duckdb.DuckDBPyConnection, most: int) -> list[tuple[Any, ...]]:
    return cursor.fetchall() if most < 0 else cursor.fetchmany(most)
