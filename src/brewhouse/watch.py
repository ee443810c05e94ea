"""``run --watch``: run again what a change touches, and nothing for what a run itself writes.

Every run ends with a picture of the watched files (size and time of each). An event counts only if the file now
differs from that picture, so a run's own output is never seen as a change. Models and settings are pictured *before*
a run, so that an edit made during it is not lost; data/ is pictured after the simulator has written.
"""

from __future__ import annotations

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
from brewhouse.steps import Steps, build_only, load_and_build, run_all
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
    """Knows the files as the last run left them."""

    root: Path
    code: Picture = field(default_factory=dict)
    data: Picture = field(default_factory=dict)

    def see_code(self) -> None:
        """Picture models and settings: what the next run will use."""
        self.code = _picture([*project_files(self.root), self.root / FILE_NAME])

    def see_data(self) -> None:
        """Picture data/: what the run has just written or loaded."""
        self.data = _picture((self.root / "data").rglob("*.parquet"))

    def work(self) -> Work | None:
        """What has changed since the pictures, or None."""
        code = _differences(self.code, _picture([*project_files(self.root), self.root / FILE_NAME]))
        data = _differences(self.data, _picture((self.root / "data").rglob("*.parquet")))
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
    _run(project, Work(Touched.SIMULATION, ()), watcher, show, dbt, on_result)
    for _ in watch(
        project.root, watch_filter=_Relevant(project.root), debounce=DEBOUNCE_MS, raise_interrupt=True
    ):
        work = watcher.work()
        if work is not None:
            on_work(work)
            _run(project, work, watcher, show, dbt, on_result)


def _run(
    project: Project,
    work: Work,
    watcher: Watcher,
    show: Display,
    dbt: DbtProcess,
    on_result: OnResult,
) -> None:
    watcher.see_code()
    summary, problem = None, None
    try:
        steps = Steps(open_project(project.root), show, command="brewhouse run --watch")
        summary = steps.summary
        _do(steps, work, dbt, watcher)
    except BrewhouseError as error:
        problem = error
    watcher.see_data()
    on_result(summary, problem)


def _do(steps: Steps, work: Work, dbt: DbtProcess, watcher: Watcher) -> None:
    if work.touched is Touched.SIMULATION:
        run_all(steps, dbt)
    elif work.touched is Touched.DATA:
        watcher.see_data()
        load_and_build(steps, dbt)
    else:
        build_only(steps, dbt, selection=work.selection)
        steps.report()


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
