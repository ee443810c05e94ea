"""``run --watch``: run again what a change touches, and nothing for what a run itself writes.

A change is a difference between the files as they are and as the last good run took them in: models and settings as
they were before it began, data/ as it was when it began to load. So a run's own output is never a change, an edit made
while it runs is not lost, and what a failed run left undone is done with the next change.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from watchfiles import BaseFilter, Change, watch

from brewhouse.errors import BrewhouseError
from brewhouse.project import Project, open_project
from brewhouse.render.progress import Display
from brewhouse.settings import FILE_NAME
from brewhouse.steps import Steps, build_only, load_and_build
from brewhouse.summary import Summary
from brewhouse.transform.dbt_process import DbtProcess
from brewhouse.transform.plan import project_files

DEBOUNCE_MS: Final = 400
_IGNORED: Final = frozenset({".brewhouse", "target", "logs", "dbt_packages", ".git", ".venv"})

OnResult = Callable[[Summary | None, BrewhouseError | None], None]
"""Called after each run with what it did and what went wrong."""

Stamp = tuple[int, int]
Picture = dict[Path, Stamp]


class Touched(StrEnum):
    """What a change makes necessary, from little to much."""

    MODEL = "model"
    PROJECT = "project"
    DATA = "data"
    SIMULATION = "simulation"


@dataclass(frozen=True)
class Work:
    """What to do after a change: how much of the way, and for models alone which."""

    touched: Touched
    changed: tuple[Path, ...]
    selection: tuple[str, ...] = ()


@dataclass
class Watcher:
    """Knows the files that the last good run has taken in, and those that a failed run has seen."""

    root: Path
    code: Picture = field(default_factory=dict)
    data: Picture = field(default_factory=dict)
    failed: Picture | None = None

    def code_now(self) -> Picture:
        """Models and settings as they are."""
        return _picture([*project_files(self.root), self.root / FILE_NAME])

    def data_now(self) -> Picture:
        """The files under data/ as they are."""
        return _picture((self.root / "data").rglob("*.parquet"))

    def all_now(self) -> Picture:
        """Both."""
        return self.code_now() | self.data_now()

    def took(self, code: Picture, data: Picture | None) -> None:
        """A run that published has taken in these files (None: it did not look at data/)."""
        self.code = code
        self.data = self.data if data is None else data
        self.failed = None

    def gave_up(self) -> None:
        """A run failed: what it did not take in stays to be done, but not before something changes again."""
        self.failed = self.all_now()

    def work(self) -> Work | None:
        """What has changed since the pictures, or None."""
        code_now, data_now = self.code_now(), self.data_now()
        if self.failed == code_now | data_now:
            return None
        code, data = _differences(self.code, code_now), _differences(self.data, data_now)
        if self.root / FILE_NAME in code:
            return Work(Touched.SIMULATION, tuple(code))
        if data:
            return Work(Touched.DATA, (*code, *data))
        if not code:
            return None
        models = self.root / "models"
        alone = all(path.suffix == ".sql" and models in path.parents and path.exists() for path in code)
        if not alone:
            return Work(Touched.PROJECT, tuple(code))
        selection = tuple(f"path:{path.relative_to(self.root).as_posix()}+" for path in code)
        return Work(Touched.MODEL, tuple(code), selection)


class _Relevant(BaseFilter):
    """Leaves out the folders that runs write to; what is left is compared with the pictures."""

    def __init__(self, root: Path) -> None:
        self._root = root
        super().__init__()

    def __call__(self, _change: Change, path: str) -> bool:
        """Whether an event at ``path`` may matter."""
        parts = Path(path).relative_to(self._root).parts
        return bool(parts) and parts[0] not in _IGNORED


def watch_project(
    project: Project,
    show: Display,
    dbt: DbtProcess,
    *,
    on_result: OnResult,
    on_work: Callable[[Work], None],
) -> None:
    """Run, then run again after each change until interrupted; a failed run is told and waited out."""
    watcher = Watcher(project.root)
    work: Work | None = Work(Touched.SIMULATION, ())
    changes = watch(
        project.root, watch_filter=_Relevant(project.root), debounce=DEBOUNCE_MS, raise_interrupt=True
    )
    while True:
        while work is not None:
            _run(project, work, watcher, show, dbt, on_result)
            work = _settled(watcher)  # what was edited while it ran
            if work is not None:
                on_work(work)
        next(changes)
        work = _settled(watcher)
        if work is not None:
            on_work(work)


def _settled(watcher: Watcher) -> Work | None:
    """What is to be done once nobody writes any more: an editor that is half done would be a change twice."""
    seen = watcher.all_now()
    while (work := watcher.work()) is not None:
        time.sleep(DEBOUNCE_MS / 1000)
        before, seen = seen, watcher.all_now()
        if seen == before:
            return work
    return None


def _run(
    project: Project, work: Work, watcher: Watcher, show: Display, dbt: DbtProcess, on_result: OnResult
) -> None:
    code = watcher.code_now()
    summary, problem = None, None
    try:
        steps = Steps(open_project(project.root), show, command="brewhouse run --watch")
        summary = steps.summary
        watcher.took(code, _do(steps, work, dbt, watcher))
    except BrewhouseError as error:
        problem = error
        watcher.gave_up()
    on_result(summary, problem)


def _do(steps: Steps, work: Work, dbt: DbtProcess, watcher: Watcher) -> Picture | None:
    """Do the work; returns the files of data/ that it took in, as they were when it began to load them."""
    data = None
    if work.touched is Touched.SIMULATION:
        steps.check_sources(steps.daily())
        dbt.warm_up()
        if steps.simulates:
            steps.simulate()
    if work.touched in (Touched.SIMULATION, Touched.DATA):
        data = watcher.data_now()
        load_and_build(steps, dbt)
    else:
        build_only(steps, dbt, selection=work.selection)
        steps.report()
        steps.parity(dbt)
    return data


def _picture(paths: Iterator[Path] | list[Path]) -> Picture:
    picture = {}
    for path in paths:
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        picture[path] = (found.st_size, found.st_mtime_ns)
    return picture


def _differences(before: Picture, now: Picture) -> list[Path]:
    paths = before.keys() | now.keys()
    return sorted(path for path in paths if before.get(path) != now.get(path))
