"""The floor of a build: a plan's compiled SQL in order, straight through DuckDB's API, in a process of its own."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

from bench.measure import BrokenBenchmarkError, Cost, of_command
from brewhouse.project import open_project
from brewhouse.transform.execute import run_statements
from brewhouse.transform.plan import plan_key, read_plan
from brewhouse.warehouse.duckdb import connect
from brewhouse.warehouse.duckdb_engine import DuckDB


def straight(root: Path) -> Cost:
    """Run the kept plan of the project at ``root`` on a copy of its warehouse, with the project's memory and threads.

    The seconds are those of the statements and of closing the file, without Python's start and the copy.
    """
    with_copy = root / "straight"
    with_copy.mkdir()
    shutil.copyfile(root / "warehouse.duckdb", with_copy / "warehouse.duckdb")
    try:
        cost = of_command([sys.executable, "-m", "bench.straight", root], Path(__file__).parents[1])
    finally:
        shutil.rmtree(with_copy)
    inside = json.loads(cost.out)
    return Cost(inside["wall"], inside["cpu"], cost.peak)


def main(root: Path) -> None:
    """What ``straight`` runs; prints its seconds."""
    project = open_project(root)
    key = plan_key(root, ())
    plan = read_plan(project.state / "cache" / f"plan-{key}.json")
    if plan is None:
        raise BrokenBenchmarkError("the build kept no plan")
    wall, cpu = time.perf_counter(), time.process_time()
    warehouse = root / "straight" / "warehouse.duckdb"
    limit = project.settings.engine.memory_limit
    connection = connect(warehouse, memory_limit=limit, threads=project.threads)
    run_statements(DuckDB(lambda: connection), plan, "2026-07-01 00:00:00.000000")
    connection.close()
    sys.stdout.write(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
