"""A dbt project in a folder: its manifest, its warehouse, its waivers; a project of ours or of any other make."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from brewhouse.errors import ManifestError
from brewhouse.parity.expected import Expected
from brewhouse.parity.manifest import read_manifest
from brewhouse.parity.match import Staleness
from brewhouse.parity.profile import Warehouse, warehouse_at, warehouse_of
from brewhouse.parity.staleness import project_name, staleness
from brewhouse.parity.waivers import FILE
from brewhouse.project import Project, open_project
from brewhouse.settings import FILE_NAME
from brewhouse.transform.kept_manifest import target_folder

_PARSE: Final = (
    "--quiet",
    "--no-version-check",
    "--no-send-anonymous-usage-stats",
    "parse",
    "--no-use-colors",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which project, and which warehouse, as the user has said it."""

    folder: Path
    manifest: Path | None = None
    target: str | None = None
    url: str | None = None


def own_project(asked: Asked) -> Project | None:
    """The Brewhouse project in the folder, if there is one and nothing else is asked for."""
    return open_project(asked.folder) if (asked.folder / FILE_NAME).is_file() else None


@contextmanager
def opened_project(project: Project) -> Iterator[tuple[Path, Warehouse]]:
    """The manifest that is kept of the project's files, and what is published, within reach while this lasts."""
    from brewhouse.transform.open_dbt import open_dbt

    with open_dbt(project) as dbt:
        if not project.on_server:
            yield dbt.manifest, Warehouse({"": project.warehouse})
            return
        from brewhouse.warehouse.postgres.place import reachable

        with reachable(project) as server:
            yield dbt.manifest, Warehouse({}, server.url)


@contextmanager
def opened_asked(asked: Asked) -> Iterator[tuple[Expected, Staleness, Warehouse]]:
    """What is promised, whether that is out of date, and where to ask. Raises ``NoManifestError`` and others."""
    own = own_project(asked)
    if own is None or asked.url or asked.target or asked.manifest:
        expected, old = promised(asked, None)
        yield expected, old, _warehouse(asked)
        return
    with opened_project(own) as (kept, warehouse):
        expected, old = promised(asked, kept)
        yield expected, old, warehouse


def promised(asked: Asked, kept: Path | None) -> tuple[Expected, Staleness]:
    """The manifest: the one that was given, one that is kept for these very files, or dbt's."""
    if kept is not None and kept.is_file():
        return read_manifest(kept), Staleness()
    path = asked.manifest or target_folder(asked.folder) / "manifest.json"
    expected = read_manifest(path)
    name = project_name(asked.folder)
    same = not asked.manifest or (name and name == expected.facts.project)
    return expected, staleness(expected, asked.folder) if same else Staleness()


def _warehouse(asked: Asked) -> Warehouse:
    return warehouse_at(asked.url) if asked.url else warehouse_of(asked.folder, asked.target)


def waivers_of(folder: Path) -> Path | tuple[()]:
    """The project's file of waivers, if it has one."""
    path = folder / FILE
    return path if path.is_file() else ()


def parse(asked: Asked) -> None:
    """Let dbt write the manifest; raises ``ManifestError`` with dbt's own words."""
    own = own_project(asked)
    if own is None or not own.on_server:
        _parse(asked.folder, asked.target)
        return
    from brewhouse.warehouse.postgres.place import dbt_environment

    with dbt_environment(own):
        _parse(asked.folder, asked.target)


def _parse(folder: Path, target: str | None) -> None:
    dbt = Path(sys.executable).with_name("dbt")
    command = [str(dbt) if dbt.exists() else "dbt", *_PARSE, *(("--target", target) if target else ())]
    path = target_folder(folder) / "manifest.json"
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ManifestError(path=path, problem="can't be made: dbt is not installed here") from None
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).split())[-600:]
        raise ManifestError(path=path, problem=f"can't be made: dbt says {said}")
