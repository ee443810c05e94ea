"""See that a new project compiles on this machine; what is found out is kept for the first run."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from brewhouse.load.sources import project_sources
from brewhouse.project import Project
from brewhouse.settings import SimulateSettings
from brewhouse.transform.inputs import Columns, expected_columns
from brewhouse.transform.memo import UnitTestMemo
from brewhouse.transform.open_dbt import open_dbt

SMALLEST = 0.0001
"""Scale of the company from which the raw tables' columns are read."""


@dataclass(frozen=True)
class Ready:
    """Nodes that compile, unit tests, and how many of them pass."""

    nodes: int
    units: int
    passed: int


def prepare(project: Project) -> Ready:
    """Compile the project and run its unit tests; raises ``ModelsInvalidError`` or ``DbtVersionError``."""
    with open_dbt(project) as dbt:
        dbt.warm_up()
        columns = _columns(project)
        plan = dbt.plan()
        units = plan.unit_tests()
        memo = UnitTestMemo(dbt.memo_path)
        todo = memo.unproved(units, columns)
        ran = dbt.prove(plan, todo, columns) if todo else []
        memo.remember(answer["key"] for answer in ran if answer["status"] == "pass")
    failed = sum(answer["status"] != "pass" for answer in ran)
    return Ready(len(plan.nodes), len(units), len(units) - failed)


def _columns(project: Project) -> Columns:
    """The raw tables' columns, read from the smallest company of the blueprint."""
    from brewhouse.simulate.companies import company
    from brewhouse.simulate.engine.work import make_dataset

    smallest = company(project.settings.blueprint, SimulateSettings(scale=SMALLEST))
    with tempfile.TemporaryDirectory() as folder:
        make_dataset(smallest, Path(folder), workers=1)
        return expected_columns(Path(folder), project_sources(project.root, project.settings))
