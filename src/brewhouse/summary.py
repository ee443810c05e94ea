"""What a command did: the facts behind every rendering of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from brewhouse.project import Project
from brewhouse.transform.results import BuildResult
from brewhouse.warehouse.duckdb import Table

if TYPE_CHECKING:  # they need Arrow and NumPy, which not every verb does
    from brewhouse.load.results import LoadResult
    from brewhouse.parity.judge import Verdict
    from brewhouse.simulate.engine.dataset import DataSet


@dataclass
class Summary:
    """What a command did; the source of every rendering of it."""

    project: Project
    steps: dict[str, float] = field(default_factory=dict)
    """Seconds per step, in order."""
    dataset: DataSet | None = None
    simulated: bool = False
    load: LoadResult | None = None
    build: BuildResult | None = None
    tables: list[Table] = field(default_factory=list)
    quarantined: list[tuple[str, str, int]] = field(default_factory=list)
    """Table of the schema quarantine, reason, rows."""
    published: str = ""
    """Where readers find it."""
    failed_warehouse: str = ""
    parity: Verdict | None = None
    """How the published warehouse differs from the project."""
