"""How an error leaves the command line."""

from __future__ import annotations

import typer
from rich.console import Console

from brewhouse.errors import BrewhouseError
from brewhouse.render import machine


def show_error(error: BrewhouseError, *, as_json: bool) -> None:
    """On standard error as text, or on standard output as a JSON document."""
    if as_json:
        typer.echo(machine.error_json(error))
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[red bold]Error {error.code}[/]: ", end="")
    console.print(error.text(), markup=False)
    console.print("Next: ", end="", style="bold")
    console.print(error.next_command(), markup=False)
