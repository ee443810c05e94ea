"""The way of the data, verb by verb: simulate, load, build, publish; and ``run``, which does them all."""

from __future__ import annotations

import shlex
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from brewhouse.errors import BuildFailedError, NoWarehouseError
from brewhouse.load.due import due, last_loads, remember
from brewhouse.load.sources import Source, project_sources
from brewhouse.project import STREAM, Project, utc_now
from brewhouse.summary import Summary
from brewhouse.transform.build import build
from brewhouse.transform.dbt_process import DbtProcess
from brewhouse.transform.inputs import expected_columns
from brewhouse.transform.results import BuildResult, NodeResult
from brewhouse.warehouse.duckdb import connect
from brewhouse.warehouse.engine import Engine
from brewhouse.warehouse.snapshots import open_workspace, project_lock
from brewhouse.warehouse.workspace import Site

if TYPE_CHECKING:  # Arrow, NumPy and dlt take a second to import: only the verbs that need them pay
    from brewhouse.load.results import LoadResult
    from brewhouse.simulate.engine.dataset import DataSet

MAX_SHOWN_SQL: Final = 240
"""A longer query is not offered as a command to type."""


class Reporter(Protocol):
    """Told what is going on while it goes on."""

    def begin(self, step: str) -> None:
        """A step begins."""
        ...

    def advance(self, done: int, total: int, what: str = "") -> None:
        """Part of the step is done."""
        ...

    def end(self, step: str, summary: str, seconds: float) -> None:
        """The step is finished."""
        ...


class Steps:
    """The verbs on one project, telling one reporter, adding up one summary."""

    def __init__(self, project: Project, reporter: Reporter, *, command: str) -> None:
        self.project = project
        self.summary = Summary(project)
        self._reporter = reporter
        self._command = command

    @contextmanager
    def _step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Time a step; the caller gives its summary to the function that it yields."""
        said: list[str] = []
        self._reporter.begin(name)
        start = time.perf_counter()
        yield said.append
        seconds = time.perf_counter() - start
        self.summary.steps[name] = seconds
        self._reporter.end(name, said[-1] if said else "", seconds)

    def simulate(self, *, force: bool = False) -> DataSet:
        """Make the company's files if they are not there yet."""
        from brewhouse.simulate.companies import company
        from brewhouse.simulate.engine.work import make_dataset

        settings = self.project.settings
        with self._step("simulate") as say, project_lock(self.project, command=self._command):
            dataset, made = make_dataset(
                company(settings.blueprint, settings.simulate),
                self.project.data,
                workers=settings.simulate.workers,
                force=force,
                progress=lambda done, total: self._reporter.advance(done, total, "blocks"),
            )
            self.summary.dataset, self.summary.simulated = dataset, made
            rows = sum(dataset.rows().values())
            say(f"{rows:,} rows in {len(dataset.files)} files" if made else "up to date")
        return dataset

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The source systems that the project declares."""
        return project_sources(self.project.root, self.project.settings)

    @property
    def simulates(self) -> bool:
        """Whether any source is simulated; a project that declares none is all simulated."""
        return not self.sources or any(source.kind == "simulated" for source in self.sources)

    def due_sources(self, sources: Sequence[Source]) -> list[Source]:
        """Those of ``sources`` whose cadence has run out since they were last loaded."""
        there = self.project.on_server or self.project.warehouse.exists()
        last = last_loads(self.project.state, sources) if there else {}
        return due(sources, last, utc_now())

    def daily(self) -> list[Source]:
        """What ``run`` loads: simulated and existing sources always, fetched ones when they are due."""
        fetched = [source for source in self.sources if source.kind == "dlt"]
        waiting = {source.name for source in fetched} - {source.name for source in self.due_sources(fetched)}
        return [source for source in self.sources if source.name not in waiting]

    def check_sources(self, sources: Sequence[Source]) -> None:
        """See that existing tables and connectors have what they need, before any work is done."""
        if all(source.kind == "simulated" for source in sources):
            return
        from brewhouse.load.connectors.registry import check_connectors
        from brewhouse.load.existing import check_existing
        from brewhouse.load.on_duckdb import DuckDBTarget
        from brewhouse.load.open_target import open_target

        if self.project.on_server:
            with open_target(self.project, self.project.warehouse, command=self._command) as target:
                check_existing(target, sources)
        elif self.project.warehouse.exists():
            connection = connect(self.project.warehouse, read_only=True, command=self._command)
            with connection:
                check_existing(DuckDBTarget(connection), sources)
        else:
            check_existing(None, sources)
        check_connectors(sources)

    def load(
        self,
        workspace: Site,
        *,
        sources: Sequence[Source] | None = None,
        others: bool | None = None,
        replace: bool = False,
    ) -> LoadResult:
        """Load what is new in the sources (None: in all); ``others``: also in folders of data/ that none declares."""
        from brewhouse.load.load import Load, Places
        from brewhouse.load.open_target import open_target

        with self._step("load") as say:
            places = Places(self.project.data, workspace.folder / "load", self.project.state)
            with open_target(self.project, workspace.file, command=self._command) as target:
                settings = self.project.settings.load
                result = Load(target, places, self.sources, settings, replace=replace).run(
                    sources, others=others
                )
            shutil.rmtree(places.scratch, ignore_errors=True)  # dlt's packages
            self.summary.load = result
            say(
                f"{result.rows:,} raw rows and {result.truth_rows:,} of truth"
                if result.changed
                else "nothing new"
            )
        return result

    def loaded(self, result: LoadResult) -> None:
        """What was loaded is in its place, or was nothing: note when, and drop what was kept to resume.

        Where raw was made anew, batches of a stream that wait went on from what was there before: they go too.
        """
        from brewhouse.load.fetched import clear_journals

        clear_journals(self.project.state, result.sources)
        if any(table.changed and table.how == "replace" for table in result.tables):
            from brewhouse.dynamic.place import inbox_of

            inbox_of(self.project).withdraw(STREAM)
        loaded = [source for source in self.sources if source.name in result.sources]
        remember(self.project.state, loaded, utc_now())

    def build(
        self,
        workspace: Site,
        dbt: DbtProcess,
        *,
        selection: tuple[str, ...] = (),
        full_refresh: bool = False,
    ) -> BuildResult:
        """Build and test in the workspace; raises ``BuildFailedError`` if an error-level node failed."""
        if workspace.is_empty():
            raise NoWarehouseError(path=self.project.warehouse, command="brewhouse run")

        def on_node(node: NodeResult, done: int, total: int) -> None:
            self._reporter.advance(done, total, node.name)

        with self._step("build") as say:
            result = build(
                self.project,
                workspace,
                dbt,
                selection=selection,
                full_refresh=full_refresh,
                on_node=on_node,
                refresh=_refresh_dynamic,
            )
            self.summary.build = result
            try:
                self.summary.tables = workspace.tables()
                self.summary.quarantined = workspace.quarantined()
            except workspace.engine.errors as error:
                raise workspace.translate(error, self._command) from error
            say(f"{len(result.nodes)} nodes, {len(result.failed)} failed")
        if result.failed:
            kept = workspace.keep_failed()
            self.summary.failed_warehouse = kept
            raise _build_failed(result, kept)
        return result

    def publish(self, workspace: Site) -> None:
        """Show the workspace to readers."""
        with self._step("publish") as say:
            try:
                published = workspace.publish()
            except workspace.engine.errors as error:
                raise workspace.translate(error, self._command) from error
            self.summary.published = published
            say(Path(published).name)

    def report(self) -> Path:
        """Write report.html from what is published."""
        from brewhouse.report import write_report

        with self._step("report") as say:
            path = write_report(self.summary)
            say(path.name)
        return path

    def parity(self, dbt: DbtProcess) -> None:
        """Compare what is published with the project, both ways."""
        from brewhouse.parity import compare
        from brewhouse.parity.project import opened_project, waivers_of

        with self._step("parity") as say, opened_project(self.project) as (_, warehouse):
            if not dbt.manifest.is_file():  # a file was edited while this ran, or the cache was cleared
                say(
                    "not compared: no manifest is kept of the files as they are now; brewhouse parity --parse"
                )
                return
            verdict = compare(
                dbt.manifest,
                warehouse,
                ignore=self.project.settings.parity.ignore,
                waivers=waivers_of(self.project.root),
            )
            self.summary.parity = verdict
            say(verdict.line.removeprefix("parity: "))

    @contextmanager
    def workspace(self) -> Iterator[Site]:
        """A private copy of the warehouse for the verbs that write."""
        if self.project.on_server:
            from brewhouse.warehouse.postgres.workspace import open_server_workspace

            with open_server_workspace(self.project, command=self._command) as server_workspace:
                yield server_workspace
            return
        with open_workspace(self.project, command=self._command) as workspace:
            yield workspace


def run_all(steps: Steps, dbt: DbtProcess, *, full_refresh: bool = False) -> Summary:
    """simulate, load, build, publish; dbt compiles and runs unit tests while the data is made and loaded."""
    steps.check_sources(steps.daily())
    dbt.warm_up()
    if steps.simulates:
        steps.simulate()
    dbt.prove_ahead(expected_columns(steps.project.data, steps.sources))
    return load_and_build(steps, dbt, full_refresh=full_refresh)


def load_and_build(steps: Steps, dbt: DbtProcess, *, full_refresh: bool = False) -> Summary:
    """load, build, publish, report: one workspace, one publication."""
    from brewhouse.load.fetched import clear_journals

    with steps.workspace() as workspace:
        result = steps.load(workspace, sources=steps.daily(), others=True)
        try:
            steps.build(workspace, dbt, full_refresh=full_refresh)
        except BuildFailedError:
            clear_journals(steps.project.state, result.sources)  # the next run asks for what is there then
            raise
        steps.publish(workspace)
        steps.loaded(result)
    steps.report()
    steps.parity(dbt)
    return steps.summary


def build_only(
    steps: Steps, dbt: DbtProcess, *, selection: tuple[str, ...] = (), full_refresh: bool = False
) -> Summary:
    """build, publish: on the raw data that is loaded."""
    with steps.workspace() as workspace:
        steps.build(workspace, dbt, selection=selection, full_refresh=full_refresh)
        steps.publish(workspace)
    return steps.summary


def _refresh_dynamic(engine: Engine, declared: Collection[str] | None) -> Mapping[str, str]:
    # Only projects with dynamic tables pay for the parser.
    from brewhouse.dynamic.place import refresh_in_build

    return refresh_in_build(engine, declared)


def _build_failed(result: BuildResult, kept: str) -> BuildFailedError:
    names = ", ".join(node.name for node in result.failed[:5])
    more = f" and {len(result.failed) - 5} more" if len(result.failed) > 5 else ""
    shown = next((node.sql for node in result.failed if node.sql), "")
    sql = shlex.quote(" ".join(shown.split())) if 0 < len(shown) < MAX_SHOWN_SQL else ""
    return BuildFailedError(
        failed=len(result.failed), total=len(result.nodes), names=names + more, path=kept, sql=sql
    )
