"""A project on disk: its blueprint, its target, and where everything lies."""

from __future__ import annotations

import datetime as dt
import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from brewhouse import blueprints
from brewhouse.errors import (
    DiskError,
    ProjectExistsError,
    SimulationSettingsError,
    UnknownBlueprintError,
)
from brewhouse.load.sources import project_sources
from brewhouse.settings import FILE_NAME, Settings, load_settings

TARGETS: Final = ("duckdb", "postgres")
"""Engines that a project can be made for."""

STREAM: Final = "stream-"
"""Begins the number of each batch of a stream."""

_TOML: Final = Template(
    """\
# A Brewhouse project. Every setting and its meaning: docs/reference/settings.md of Brewhouse.
blueprint = "$blueprint"
target = "$target"

[simulate]            # which company to make; the same settings give the same bytes
scale = $scale# size of the company: 1 is 20,000 accounts (saas), 10,000 users (sandbox), 5,000 customers (commerce)
seed = 42
end = 2026-06-30      # last day of the simulated window
days = 0              # length of the window; 0 is the company's own: 365 (sandbox) or 1096
dirt = 1.0            # 0 is clean, 1 the stated rates of dirty rows
workers = 0           # 0: as many processes as pay
$sources$server
[engine]              # what DuckDB may use$reads
memory_limit = "1GB"
threads = 0           # 0: all processors

[publish]
keep = 2              # published snapshots that stay on disk
"""
)

_SOURCES_TOML: Final = """
# Where the tables of each source come from: "simulated", "existing" (tables that are in the warehouse, in the schema
# that `schema = "..."` names) or "dlt" (fetched from its API: stripe, hubspot); and how often `load --due` loads them.
"""

_SERVER_TOML: Final = """
[postgres]            # BREWHOUSE_POSTGRES_URL goes before this, and may hold the password; this file never does
url = ""              # postgresql://USER@HOST:5432/DATABASE; empty: an embedded server, in .brewhouse/postgres
"""

_GITIGNORE: Final = """\
# made by brewhouse and dbt, never by hand
/.brewhouse/
/data/
/warehouse.duckdb*
/report.html
/target/
/logs/
/dbt_packages/
.user.yml
"""


@dataclass(frozen=True)
class Project:
    """A project's folder and settings."""

    root: Path
    settings: Settings

    @property
    def data(self) -> Path:
        """Files that are loaded: one folder per raw table, and ``truth/``."""
        return self.root / "data"

    @property
    def state(self) -> Path:
        """What brewhouse keeps for itself; may be deleted while nothing runs, save for the snapshots."""
        return self.root / ".brewhouse"

    @property
    def warehouse(self) -> Path:
        """The published warehouse: a link that always points to a finished snapshot."""
        return self.root / "warehouse.duckdb"

    @property
    def on_server(self) -> bool:
        """Whether the warehouse is a database of a server and no file: a load is in its place once it is committed."""
        return self.settings.target == "postgres"

    @property
    def report(self) -> Path:
        """The page that ``run`` writes."""
        return self.root / "report.html"

    @property
    def threads(self) -> int:
        """Threads that DuckDB may use."""
        return self.settings.engine.threads or os.cpu_count() or 1


def open_project(folder: Path) -> Project:
    """The project in ``folder``; raises ``ProjectNotFoundError`` or ``SettingsError``."""
    root = folder.absolute()
    settings = load_settings(root)
    _require("blueprint", settings.blueprint, blueprints.names())
    _require("target", settings.target, list(TARGETS))
    return Project(root, settings)


def create_project(folder: Path, blueprint: str, target: str, scale: float = 1.0) -> Project:
    """Make a project that the user owns from now on.

    Raises ``UnknownBlueprintError``, ``SimulationSettingsError``, ``ProjectExistsError`` or ``DiskError``.
    """
    _require("blueprint", blueprint, blueprints.names())
    _require("target", target, list(TARGETS))
    if not 0 < scale < math.inf:
        raise SimulationSettingsError(setting="scale", value=scale, expected="more than 0, such as 0.1")
    root = folder.absolute()
    try:
        _refuse_if_used(root, blueprint)
        ignored = shutil.ignore_patterns("target", "logs", "dbt_packages", "__pycache__", ".user.yml")
        shutil.copytree(blueprints.folder(blueprint), root, ignore=ignored, dirs_exist_ok=True)
        shared = blueprints.SHARED_PACKAGE
        shutil.copytree(blueprints.folder(shared), root / shared, ignore=ignored)
        (root / ".gitignore").write_text(_GITIGNORE)
        link_packages(root)
        (root / FILE_NAME).write_text(_toml(root, blueprint, target, scale))
        profiles = root / "profiles.yml"
        profiles.write_text(profiles.read_text().replace("target: duckdb", f"target: {target}", 1))
    except OSError as error:
        raise DiskError(path=root, folder=root.parent, problem=error.strerror) from error
    return open_project(root)


def _toml(root: Path, blueprint: str, target: str, scale: float) -> str:
    on_server = target == "postgres"
    return _TOML.substitute(
        blueprint=blueprint,
        target=target,
        scale=f"{scale:<14}",
        sources=_sources_toml(root, blueprint),
        server=_SERVER_TOML if on_server else "",
        reads=": it reads the files" if on_server else "",
    )


def _sources_toml(root: Path, blueprint: str) -> str:
    """The settings of each source, where a blueprint has several."""
    sources = project_sources(root, Settings(blueprint=blueprint))
    if len(sources) < 2:
        return ""
    parts = [
        f'[sources.{source.name}]\nkind = "{source.kind}"\ncadence = "{source.cadence}"\n'
        for source in sources
    ]
    return _SOURCES_TOML + "\n".join(parts)


def link_packages(root: Path) -> None:
    """Put the shared dbt package where dbt looks for it, as ``dbt deps`` would."""
    link = root / "dbt_packages" / blueprints.SHARED_PACKAGE
    if link.is_symlink() and not link.exists():
        link.unlink()
    if not link.exists() and (root / blueprints.SHARED_PACKAGE).is_dir():
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(Path("..") / blueprints.SHARED_PACKAGE)


def utc_now() -> dt.datetime:
    """The one place that reads the clock for names and records; models never do."""
    return dt.datetime.now(dt.UTC)


def _refuse_if_used(root: Path, blueprint: str) -> None:
    found = sorted(path.name for path in root.iterdir()) if root.exists() else []
    if found:
        raise ProjectExistsError(path=root, found=", ".join(found[:3]), blueprint=blueprint)


def _require(kind: str, name: str, known: list[str]) -> None:
    if name not in known:
        raise UnknownBlueprintError(kind=kind, name=name, known=", ".join(known))
