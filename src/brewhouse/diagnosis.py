"""Is everything in place for a run? Each check is one function that returns one finding."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from brewhouse import __version__
from brewhouse.errors import BrewhouseError, NoWarehouseError
from brewhouse.project import Project, open_project
from brewhouse.simulate.engine.dataset import changed_file, missing_file, read_manifest
from brewhouse.transform.dbt_process import SUPPORTED, check_dbt_version
from brewhouse.warehouse.duckdb import connect, tables
from brewhouse.warehouse.snapshots import project_lock

MIN_FREE_BYTES: Final = 1 << 30
State = Literal["ok", "warn", "bad"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    found: str
    hint: str = ""


def examine(folder: Path) -> list[Finding]:
    """All checks; those of a project only where there is one."""
    findings = [_guarded("Python", _python), _guarded("dbt", _dbt), _guarded("DuckDB", _duckdb)]
    try:
        project = open_project(folder)
    except BrewhouseError as error:
        return [*findings, _bad("project", error)]
    checks: dict[str, Callable[[Project], Finding]] = {
        "project": _project, "disk": _disk, "lock": _lock, "data": _data,
        "warehouse": _server if project.on_server else _warehouse,
    }  # fmt: skip
    return findings + [_guarded(what, check, project) for what, check in checks.items()]


def _guarded(what: str, check: Callable[..., Finding], *args: Project) -> Finding:
    try:
        return check(*args)
    except BrewhouseError as error:
        return _bad(what, error)


def _bad(what: str, error: BrewhouseError) -> Finding:
    return Finding(what, "bad", error.text(), error.next_command())


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", "ok", f"{found}, brewhouse {__version__}")


def _dbt() -> Finding:
    return Finding("dbt", "ok", f"dbt-core {check_dbt_version()} ({SUPPORTED} is expected)")


def _duckdb() -> Finding:
    return Finding("DuckDB", "ok", f"duckdb {version('duckdb')}, dbt-duckdb {version('dbt-duckdb')}")


def _project(project: Project) -> Finding:
    missing = [name for name in ("dbt_project.yml", "profiles.yml") if not (project.root / name).exists()]
    if missing:
        hint = f"copy it from a new project: brewhouse init {project.root}-new"
        return Finding("project", "bad", f"{', '.join(missing)} is missing in {project.root}", hint)
    return Finding("project", "ok", f"{project.settings.blueprint} in {project.root}")


def _disk(project: Project) -> Finding:
    free = shutil.disk_usage(project.root).free
    state: State = "ok" if free >= MIN_FREE_BYTES else "warn"
    return Finding("disk", state, f"{free / 2**30:.1f} GiB free", "" if state == "ok" else "df -h .")


def _lock(project: Project) -> Finding:
    with project_lock(project, command="brewhouse doctor"):
        return Finding("lock", "ok", "no other brewhouse command is writing")


def _data(project: Project) -> Finding:
    dataset = read_manifest(project.data)
    if dataset is None:
        return Finding("data", "warn", "no simulated files yet", "brewhouse simulate")
    odd = missing_file(project.data, dataset) or changed_file(project.data, dataset)
    if odd is not None:
        return Finding("data", "warn", f"{odd} is missing or changed", "brewhouse simulate --force")
    return Finding("data", "ok", f"{sum(dataset.rows().values()):,} rows in {len(dataset.files)} files")


def _server(project: Project) -> Finding:
    from brewhouse.warehouse.postgres import place
    from brewhouse.warehouse.postgres.connection import connect as session
    from brewhouse.warehouse.postgres.server import state

    if place.is_embedded(project) and state(place.folder(project)) == "absent":
        return Finding("warehouse", "warn", "nothing is loaded yet", "brewhouse run")
    with (
        place.project_url(project) as url,
        contextlib.closing(session(url, command="brewhouse doctor")) as connection,
        connection.cursor() as cursor,
    ):
        place.require_rights(connection, url)
        cursor.execute("select split_part(current_setting('server_version'), ' ', 1)")
        found = (cursor.fetchone() or ("",))[0]
        return Finding("warehouse", "ok", f"PostgreSQL {found}: {place.describe(project)}")


def _warehouse(project: Project) -> Finding:
    try:
        connection = connect(project.warehouse, read_only=True, command="brewhouse doctor")
    except NoWarehouseError as error:
        return Finding("warehouse", "warn", "nothing is published yet", error.next_command())
    try:
        found = tables(connection)
    finally:
        connection.close()
    return Finding("warehouse", "ok", f"{len(found)} tables and views in {project.warehouse.name}")
