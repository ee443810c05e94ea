"""``brewhouse simulate``: make the company's raw files, or let it go on in real time."""

from __future__ import annotations

import datetime as dt
import math
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, Final

import typer

from brewhouse.cli.common import HERE, Json, ProjectDir, Quiet, at_work, stopped
from brewhouse.errors import SettingsError, SimulationSettingsError
from brewhouse.project import Project, open_project
from brewhouse.steps import Steps

NAME: Final = "simulate"
MOST_A_SECOND: Final = 1_000_000
_BESIDE: Final = "brewhouse refresh --watch"


def command(  # noqa: PLR0913, PLR0917  # the options of the verb
    scale: Annotated[float | None, typer.Option(help="Size of the company, as in brewhouse.toml.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same bytes.")] = None,
    end: Annotated[str | None, typer.Option(metavar="DATE", help="Last day, as 2026-06-30.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; changes nothing but the time.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make the files even if they are there.")] = False,
    stream: Annotated[
        str | None,
        typer.Option(
            "--stream", metavar="RATE", help="Go on in the loaded warehouse: so many orders a second."
        ),
    ] = None,
    seconds: Annotated[
        str | None, typer.Option("--for", metavar="SECONDS", help="With --stream: end after so long.")
    ] = None,
    project_dir: ProjectDir = HERE,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make the company's raw files and the truth behind them, under data/.

    Options override brewhouse.toml for this call alone; the same settings give the same bytes on any machine. With
    --stream the company goes on where its window ends, in real time, until Ctrl-C: see brewhouse refresh --watch.
    """
    asked = {"--scale": scale, "--seed": seed, "--end": end, "--workers": workers, "--force": force or None}
    if stream is not None:
        _refuse_beside_stream(asked)
        rate = _number("--stream", stream, "orders a second", MOST_A_SECOND)
        lasts = math.inf if seconds is None else _number("--for", seconds, "seconds", math.inf)
        try:
            _stream(open_project(project_dir), rate, lasts, quiet=quiet, as_json=as_json)
        except KeyboardInterrupt:
            stopped()
        return
    if seconds is not None:
        raise SimulationSettingsError(
            setting="--for", value=seconds, expected="it together with --stream RATE"
        )
    values = {"scale": scale, "seed": seed, "end": _date(end), "workers": workers}
    with at_work(project_dir, "brewhouse simulate", quiet=quiet, as_json=as_json) as steps:
        _override(steps, {name: value for name, value in values.items() if value is not None})
        steps.simulate(force=force)


def _refuse_beside_stream(asked: Mapping[str, object]) -> None:
    """A stream goes on with what is loaded: nothing of it can be chosen anew."""
    for option, value in asked.items():
        if value is not None:
            expected = "--stream without it, since a stream goes on with the data set that is loaded"
            raise SimulationSettingsError(setting=option, value=value, expected=expected)


def _number(option: str, text: str, what: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= most or math.isinf(value):
        limit = "" if math.isinf(most) else f" to {most:,.0f}"
        expected = f"{what}, a number above 0{limit}, such as 5 or 0.5"
        raise SimulationSettingsError(setting=option, value=text, expected=expected)
    return value


def _stream(project: Project, rate: float, seconds: float, *, quiet: bool, as_json: bool) -> None:
    from brewhouse.render import stream as shown
    from brewhouse.simulate.companies import streaming_company
    from brewhouse.stream.outlet import open_outlet
    from brewhouse.stream.session import Session

    company = streaming_company(project.settings.blueprint, project.settings.simulate)
    with open_outlet(project, command=f"brewhouse simulate --stream {rate:.10g}") as outlet:
        session = Session(company, outlet, rate, seconds, on_unread=(lambda: None) if quiet else _tell_unread)
        if not quiet and not as_json:
            typer.echo(shown.begun(session, outlet.shown, _BESIDE))
        with _ended_by_ctrl_c(session.stop) as pressed:
            for sent in session.batches():
                if as_json:
                    typer.echo(shown.sent_json(sent))
    if as_json:
        typer.echo(shown.tally_json(session.tally))
    elif not quiet:
        typer.echo(shown.ended(session))
    if pressed:
        stopped()


@contextmanager
def _ended_by_ctrl_c(stop: Callable[[], None]) -> Iterator[list[int]]:
    """Ctrl-C lets the batch at hand leave, and is noted; the second one ends everything at once."""
    pressed: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)
        stop()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _tell_unread() -> None:
    typer.echo(f"Batches have waited for more than a minute: nobody takes them in. Next: {_BESIDE}", err=True)


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise SettingsError(path="--end", problem=f"{text!r} is no date such as 2026-06-30") from None


def _override(steps: Steps, values: dict[str, object]) -> None:
    settings = steps.project.settings
    simulate = settings.simulate.model_copy(update=values)
    steps.project = Project(steps.project.root, settings.model_copy(update={"simulate": simulate}))
