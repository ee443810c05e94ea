"""``brewhouse parity``: how does the warehouse differ from the project?"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from brewhouse import __version__
from brewhouse.cli.common import HERE, stopped
from brewhouse.cli.messages import show_error
from brewhouse.errors import BrewhouseError, DiskError, NoManifestError

if TYPE_CHECKING:
    from brewhouse.parity.judge import Verdict
    from brewhouse.parity.project import Asked

NAME: Final = "parity"
UNTRUSTED: Final = 2


class Format(StrEnum):
    """How the verdict is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"


class Shown(StrEnum):
    """Levels of findings, by name."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Weight(StrEnum):
    """The same, and none at all."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


def command(  # noqa: PLR0913, PLR0917  # each is an option that a user may want
    project_dir: Annotated[Path, typer.Option("--project-dir", help="The dbt project's folder.")] = HERE,
    manifest: Annotated[Path | None, typer.Option(help="Its manifest.json, if it lies elsewhere.")] = None,
    target: Annotated[str | None, typer.Option(help="Another target of the project's profile.")] = None,
    url: Annotated[
        str | None, typer.Option(help="duckdb:///PATH or postgresql://…, instead of a profile.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option(help="A file to write to.")] = None,
    fail_on: Annotated[
        Weight, typer.Option(help="Exit 1 if there are such findings, or worse ones.")
    ] = Weight.ERROR,
    show: Annotated[Shown, typer.Option(help="List such findings and worse ones.")] = Shown.WARNING,
    waivers: Annotated[Path | None, typer.Option(help="Known differences; else parity_waivers.yml.")] = None,
    counts: Annotated[bool, typer.Option("--counts", help="Count rows: empty tables are findings.")] = False,
    freshness: Annotated[bool, typer.Option("--freshness", help="Read the newest rows' moments.")] = False,
    select: Annotated[
        list[str] | None, typer.Option("--select", "-s", help="Nodes to judge, as dbt says it.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Pattern of relations of others: schema.name.")
    ] = None,
    statements: Annotated[
        bool, typer.Option("--statements", help="Print what might mend it, as comments.")
    ] = False,
    min_coverage: Annotated[float, typer.Option(min=0, max=1, help="Exit 2 if less could be seen.")] = 1.0,
    parse: Annotated[bool, typer.Option("--parse", help="Let dbt write the manifest first.")] = False,
) -> None:
    """Compare a dbt project of any make with what is in its warehouse, both ways. Nothing is changed.

    Exit codes: 0 clean, 1 findings, 2 not to be trusted (nothing visible, stale manifest, no permission, no answer).
    """
    from brewhouse.parity.findings import Level
    from brewhouse.parity.project import Asked
    from brewhouse.render.parity import FORMATS, Options

    asked = Asked(project_dir, manifest, target, url)
    fail_level = None if fail_on is Weight.NEVER else Level[fail_on.name]
    try:
        _offer_to_parse(asked, parse)
        verdict, where = _verdict(
            asked, waivers, tuple(select or ()), tuple(ignore or ()), counts, freshness, min_coverage
        )
        options = Options(
            show=Level[show.name],
            fail_on=fail_level,
            statements=statements,
            warehouse=where,
            version=__version__,
        )
        _write(FORMATS[format_.value](verdict, options), output)
    except KeyboardInterrupt:
        stopped()
    except BrewhouseError as error:
        show_error(error, as_json=format_ is Format.JSON)
        raise typer.Exit(UNTRUSTED) from error
    if output:
        typer.echo(verdict.line, err=True)
    raise typer.Exit(verdict.exit_code(fail_level))


def _verdict(
    asked: Asked,
    waivers: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    counts: bool,
    freshness: bool,
    min_coverage: float,
) -> tuple[Verdict, str]:
    """The verdict, and where the warehouse is."""
    from brewhouse.parity import compare
    from brewhouse.parity.project import opened_asked, own_project, waivers_of

    own = own_project(asked)
    with opened_asked(asked) as (expected, old, warehouse):
        verdict = compare(
            expected,
            warehouse,
            counts=counts,
            freshness=freshness,
            select=select,
            waivers=waivers or waivers_of(asked.folder),
            ignore=(*ignore, *(own.settings.parity.ignore if own else ())),
            staleness=old,
            min_coverage=min_coverage,
        )
        return verdict, str(warehouse)


def _offer_to_parse(asked: Asked, wanted: bool) -> None:
    """Where there is no manifest: say so, and let dbt write it if the user agrees."""
    from brewhouse.parity.project import opened_asked, parse

    if wanted:
        parse(asked)
        return
    if asked.manifest or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    try:
        with opened_asked(asked):
            return
    except NoManifestError as error:
        typer.echo(error.text(), err=True)
        if not typer.confirm("Let dbt parse the project now?", err=True):
            raise
    parse(asked)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DiskError(path=output, folder=output.parent, problem=error.strerror) from error
