"""dbt for a project, knowing the project's engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from brewhouse.project import Project
from brewhouse.transform.dbt_process import DbtProcess
from brewhouse.transform.target import URL_VARIABLE, Target


@contextmanager
def open_dbt(project: Project) -> Iterator[DbtProcess]:
    """dbt, to be started when it is needed; an embedded server runs while this lasts."""
    if not project.on_server:
        with DbtProcess(project.root, project.state) as dbt:
            yield dbt
        return
    from brewhouse.warehouse.postgres.connection import facts
    from brewhouse.warehouse.postgres.place import reachable

    with reachable(project) as server:
        known = {**server.environment, URL_VARIABLE: server.url}
        target = Target(project.settings.target, facts(server.url)["dbname"], known)
        with DbtProcess(project.root, project.state, target) as dbt:
            yield dbt
