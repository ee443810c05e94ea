"""Projects to test on: one is built once per worker, and copied for whoever changes it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from brewhouse.transform.dbt_process import DbtProcess
from brewhouse.transform.plan import Plan
from tests.support.postgres import Server, server_for_tests

SCALE = 0.05
"""In sandbox 500 users, 2,500 events, 1,000 orders."""

MOMENTS = {
    "_loaded_at", "_dlt_load_id", "_stg_loaded_at", "_fact_updated_at", "_int_updated_at", "_entity_updated_at",
    "_dbt_inserted_at", "dbt_updated_at", "last_updated_at", "mart_updated_at", "adoption_analyzed_at",
    "attribution_calculated_at", "health_analyzed_at", "performance_analyzed_at", "pipeline_analyzed_at",
    "report_timestamp",
}  # fmt: skip
"""Columns that tell when something was loaded or built, and no content."""


@dataclass(frozen=True)
class Outcome:
    """What a command of the user's left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as a document."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Place:
    """A project's folder, and the ways in which a user deals with it."""

    root: Path

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    def brewhouse(self, *arguments: str, env: dict[str, str] | None = None) -> Outcome:
        """Type a brewhouse command in the folder."""
        return typed(sys.executable, "-m", "brewhouse", *arguments, cwd=self.root, env=env)

    def dbt(self, *arguments: str) -> Outcome:
        """Type a plain dbt command in the folder."""
        dbt = Path(sys.executable).with_name("dbt")
        return typed(str(dbt), *arguments, cwd=self.root)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the published warehouse."""
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def plan(self) -> Plan:
        """What a build of the whole project would do, made anew if the cache has forgotten it."""
        with DbtProcess(self.root, self.root / ".brewhouse") as dbt:
            return dbt.plan()

    def manifest(self) -> Any:
        """What dbt says of the project's nodes; parsed by the first worker that asks."""

        def parse() -> None:
            assert self.dbt("parse").code == 0

        once(self.root.with_name("parsed"), parse)
        return json.loads((self.root / "target" / "manifest.json").read_text())

    def change(self, path: str, old: str, new: str) -> None:
        """Edit a file of the project; the old text must be there."""
        file = self.root / path
        text = file.read_text()
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new))

    def content(self) -> dict[str, int]:
        """A digest of the rows of each table, without load and build moments, in any order."""
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return {name: digest(connection, name) for name in relations(connection)}


def typed(*command: str, cwd: Path, env: dict[str, str] | None = None) -> Outcome:
    """Run a command to its end."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"} | (env or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def relations(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """All tables and views, but for dlt's own and stored failures."""
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_catalog = current_database() and not starts_with(table_name, '_dlt') "
        "and table_schema not in ('audit', 'information_schema', 'pg_catalog') order by 1"
    ).fetchall()
    return [name for (name,) in rows]


def digest(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Sum of the rows' hashes, so that their order does not matter."""
    columns = [row[0] for row in connection.execute(f"describe {name}").fetchall()]
    kept = ", ".join(f'"{column}"' for column in columns if column not in MOMENTS)
    row = connection.execute(f"select sum(hash({kept}))::hugeint, count(*) from {name}").fetchone()
    assert row is not None
    return hash(row)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """An embedded PostgreSQL server, one for each worker."""
    with server_for_tests() as server:
        yield server


def shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one test run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Plans of the same files are the same: all projects of one test run, on all workers, share them."""
    os.environ["BREWHOUSE_CACHE_DIR"] = str(shared_by_workers(tmp_path_factory) / "cache")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A project that ``run`` was typed in, the same one for all workers; look, but do not touch."""
    return built_once(shared_by_workers(tmp_path_factory) / "built")


@pytest.fixture(scope="session")
def built_saas(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The same of the blueprint saas."""
    return built_once(shared_by_workers(tmp_path_factory) / "built_saas", "--blueprint", "saas")


def built_once(folder: Path, *options: str) -> Place:
    """The first worker that needs the project builds it, the others wait; a build that failed is tried again."""
    root = folder / "bar"

    def build() -> None:
        shutil.rmtree(root, ignore_errors=True)
        run_in(root, *options)

    folder.mkdir(exist_ok=True)
    once(folder / "built", build)
    return Place(root)


def once(mark: Path, make: Callable[[], object]) -> None:
    """Make something in one worker while the others wait, and leave a mark when it is done."""
    with mark.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            make()
            mark.touch()


@pytest.fixture(scope="session")
def built_commerce(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The same of the blueprint commerce."""
    return built_once(shared_by_workers(tmp_path_factory) / "built_commerce", "--blueprint", "commerce")


def run_in(root: Path, *options: str) -> Place:
    """Make a small project and type ``run`` in it."""
    place = Place(root)
    root.mkdir()
    made = place.brewhouse("init", str(root), *options, "--scale", str(SCALE), "--no-check")
    assert made.code == 0, made.err
    done = place.brewhouse("run")
    assert done.code == 0, done.err + done.out
    return place


@pytest.fixture
def copy_of(built: Place, tmp_path: Path) -> Callable[[], Place]:
    """Makes copies of the built project, links kept."""
    count = 0

    def make() -> Place:
        nonlocal count
        count += 1
        root = tmp_path / f"copy{count}" / "bar"
        shutil.copytree(built.root, root, symlinks=True)
        return Place(root)

    return make


@pytest.fixture
def place(copy_of: Callable[[], Place]) -> Place:
    """One copy of the built project, to do with as the test likes."""
    return copy_of()


@pytest.fixture
def new(tmp_path: Path) -> Place:
    """A project that nothing was done with yet."""
    root = tmp_path / "bar"
    root.mkdir()
    place = Place(root)
    assert place.brewhouse("init", ".", "--scale", str(SCALE), "--no-check").code == 0
    return place
