"""Write, audit, publish: a build works on a copy, and one atomic step shows it to readers.

The published warehouse is a symbolic link to ``.brewhouse/snapshots/<id>/warehouse.duckdb``. The file's stem is
the same everywhere, since DuckDB takes it as the catalogue's name. A reader that has a snapshot open keeps it,
also when it is pruned: the file lives on until the last reader closes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from brewhouse.errors import BrewhouseError, DiskError, LockedError
from brewhouse.project import Project, utc_now
from brewhouse.warehouse.duckdb import Table, connect, tables, translate
from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.workspace import QUARANTINE, Scope, count_quarantined

FILE: Final = "warehouse.duckdb"
WAL: Final = ".wal"
SNAPSHOTS: Final = "snapshots"
WORK: Final = "work"
FAILED: Final = "failed"
_COPY_BYTES: Final = 1 << 26


@dataclass
class Workspace:
    """A private copy of the warehouse, to be published or kept aside."""

    project: Project
    folder: Path

    @property
    def path(self) -> Path:
        """The file to write to."""
        return self.folder / FILE

    file = path

    @cached_property
    def engine(self) -> DuckDB:
        """What executes on the copy."""
        limit = self.project.settings.engine.memory_limit
        return DuckDB(lambda: connect(self.path, memory_limit=limit, threads=self.project.threads))

    def prepare(self, scope: Scope) -> Mapping[str, str]:  # noqa: ARG002
        """Nothing: the copy has all that is published, under the same names."""
        return {}

    def shown(self, schemas: Collection[str], *, failed: bool) -> Mapping[str, str]:  # noqa: ARG002
        """As they are."""
        return {}

    def translate(self, error: Exception, command: str) -> BrewhouseError:
        """What DuckDB's error means for the file."""
        return translate(error, self.path, command)

    def is_empty(self) -> bool:
        """Whether there is no file."""
        return not self.path.exists()

    def tables(self) -> list[Table]:
        """What is in the file."""
        return tables(self.engine.connection)

    def quarantined(self) -> list[tuple[str, str, int]]:
        """Rows per table and reason."""
        names = [(one.schema, one.name) for one in self.tables() if one.schema == QUARANTINE]
        return count_quarantined(self.engine, names)

    def publish(self) -> str:
        """Show this copy to readers. One atomic step."""
        self.engine.close()
        with disk_errors(self.project.warehouse):
            _sync(self.path)
            kept = self.project.state / SNAPSHOTS / self.folder.name
            kept.parent.mkdir(parents=True, exist_ok=True)
            self.folder.rename(kept)
            self.folder = kept
            _point(self.project.warehouse, kept / FILE)
            _sync(self.project.root)
        _prune(self.project)
        return str(self.project.warehouse)

    def keep_failed(self) -> str:
        """Keep this copy for a look instead of the last failed one; returns the file."""
        self.engine.close()
        aside = failed_warehouse(self.project).parent
        with disk_errors(aside):
            shutil.rmtree(aside, ignore_errors=True)
            self.folder.rename(aside)
            self.folder = aside
        return str(aside / FILE)


def failed_warehouse(project: Project) -> Path:
    """Where the warehouse of the last failed build is kept."""
    return project.state / FAILED / FILE


@contextmanager
def open_workspace(project: Project, *, command: str) -> Iterator[Workspace]:
    """A copy of the published warehouse (or an empty folder), with the project locked against other writers.

    What is neither published nor kept is thrown away. Raises ``LockedError`` or ``DiskError``.
    """
    with project_lock(project, command=command):
        work = project.state / WORK
        with disk_errors(work):
            shutil.rmtree(work, ignore_errors=True)  # left by a killed run
            folder = work / f"{utc_now():%Y%m%dT%H%M%S%f}Z"
            folder.mkdir(parents=True)
        workspace = Workspace(project, folder)
        try:
            if project.warehouse.exists():
                _copy_warehouse(project, folder / FILE, command)
            yield workspace
        finally:
            workspace.engine.close()
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def project_lock(project: Project, *, command: str) -> Iterator[None]:
    """Hold the lock of whoever writes to the project's warehouse or files."""
    with named_lock(project, "lock", "another brewhouse command", command=command):
        yield


@contextmanager
def named_lock(project: Project, name: str, who: str, *, command: str) -> Iterator[None]:
    """Hold a lock of the project, or raise ``LockedError`` saying ``who`` has it.

    The system frees it when the process ends, however it ends.
    """
    path = project.state / name
    with disk_errors(path):
        project.state.mkdir(exist_ok=True)
        handle = path.open("a+")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = f"{who} (process {handle.read().strip() or 'unknown'})"
            raise LockedError(path=project.root, holder=holder, command=command) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn a refusal of the disk into ``DiskError``."""
    try:
        yield
    except OSError as error:
        folder = path.parent
        raise DiskError(path=path, folder=folder, problem=error.strerror or str(error)) from error


def _copy_warehouse(project: Project, target: Path, command: str) -> None:
    """Copy the published file while a read lock keeps writers (such as plain dbt) out.

    POSIX drops a process's locks on a file when it closes *any* handle of it, hence the order: our own handle is
    opened before and closed after DuckDB's.
    """
    source = project.warehouse.resolve()
    with disk_errors(target), source.open("rb") as handle:
        connection = connect(source, read_only=True, command=command)
        try:
            with target.open("wb") as copy:
                shutil.copyfileobj(handle, copy, _COPY_BYTES)
            log = source.with_name(source.name + WAL)
            if log.exists():
                shutil.copyfile(log, target.with_name(target.name + WAL))
        finally:
            connection.close()


def _point(link: Path, target: Path) -> None:
    beside = link.with_name(f".{link.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target.relative_to(link.parent))
    beside.replace(link)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prune(project: Project) -> None:
    """Keep the newest snapshots, and always the published one."""
    published = project.warehouse.resolve().parent
    folders = sorted((project.state / SNAPSHOTS).iterdir(), reverse=True)
    for folder in folders[project.settings.publish.keep :]:
        if folder != published:
            shutil.rmtree(folder, ignore_errors=True)
