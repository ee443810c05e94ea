"""The command ``brewhouse``: its verbs, and how errors leave it.

Exit codes: 0 all is well; 1 the build or an error-level test failed; 2 the user can mend it (arguments, files,
settings); 3 the machine stands in the way (disk, locks, versions); 130 interrupted.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from brewhouse import __version__
from brewhouse.cli import build, doctor, init, load, parity, postgres, query, refresh, run, simulate
from brewhouse.cli.messages import show_error
from brewhouse.errors import BrewhouseError, DiskError

app = typer.Typer(
    name="brewhouse",
    help="A complete analytics platform that starts on a laptop in a minute.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for verb in (init, simulate, load, build, run, refresh, query, parity, postgres, doctor):
    app.command(verb.NAME)(verb.command)

_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG})


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"brewhouse {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A complete analytics platform that starts on a laptop in a minute."""


def main() -> None:
    """Run the command line; every error of ours becomes one message and an exit code."""
    try:
        app()
    except BrewhouseError as error:
        show_error(error, as_json="--json" in sys.argv[1:])
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _DISK:
            raise
        path = Path(error.filename or ".")
        shown = DiskError(path=path, folder=path.parent, problem=error.strerror)
        show_error(shown, as_json="--json" in sys.argv[1:])
        sys.exit(shown.exit_code)
