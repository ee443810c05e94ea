"""What a person sees while a command works: a live display on a terminal, a line per step elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed


class Display(Protocol):
    """A reporter (see ``steps.Reporter``) that owns a part of the screen while it is entered."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def begin(self, step: str) -> None: ...
    def advance(self, done: int, total: int, what: str = "") -> None: ...
    def end(self, step: str, summary: str, seconds: float) -> None: ...


class _Base:
    """Nothing to see; also the display of --quiet and --json."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def begin(self, step: str) -> None:
        """A step begins."""

    def advance(self, done: int, total: int, what: str = "") -> None:
        """Part of it is done."""

    def end(self, step: str, summary: str, seconds: float) -> None:
        """It is finished."""


class Silent(_Base):
    """Says nothing."""


class Lines(_Base):
    """A line when a step begins and one when it ends, for logs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, step: str) -> None:
        """Say that the step begins."""
        self._console.print(f"{step} …", highlight=False, markup=False)

    def end(self, step: str, summary: str, seconds: float) -> None:
        """Say what it did and how long it took."""
        self._console.print(f"{step}: {summary} ({seconds:.1f} s)", highlight=False, markup=False)


class Live(_Base):
    """A bar per step on a terminal."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            Elapsed(),
            TextColumn("{task.fields[what]}", style="dim", markup=False),
            console=console,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def begin(self, step: str) -> None:
        """Add a bar."""
        self._task = self._progress.add_task(step, total=None, what="")

    def advance(self, done: int, total: int, what: str = "") -> None:
        """Move the bar."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total, what=what)

    def end(self, step: str, summary: str, seconds: float) -> None:
        """Fill the bar; its time stands beside it."""
        super().end(step, summary, seconds)
        if self._task is not None:
            total = self._progress.tasks[self._task].total or 1
            self._progress.update(self._task, completed=total, total=total, what=summary)


def display(console: Console, *, silent: bool) -> Display:
    """The display that fits the console."""
    if silent:
        return Silent()
    return Live(console) if console.is_terminal else Lines(console)
