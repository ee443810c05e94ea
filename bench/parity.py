"""Parity on synthetic projects of 100 to 10,000 relations of 25 columns: what judging costs, and that it is linear."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from bench.measure import of_command
from bench.table import Line, Report, spread
from bench.tools import BREWHOUSE, brewhouse, make_project, set_scale

COLUMNS = 25
SIZES = (100, 1_000, 10_000)
MOST_SECONDS, MOST_MIB, MOST_SAAS = 5.0, 500.0, 1.5
TYPES = ("bigint", "decimal(18,2)", "varchar", "timestamp", "boolean")
JUDGE = """
import json, sys, time, resource
from brewhouse.parity.compare import compare
verdict = compare(sys.argv[1], "duckdb:///" + sys.argv[2])
print(json.dumps({"seconds": verdict.seconds, "findings": len(verdict.findings), "pairs": len(verdict.case.pairs),
                  "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
ASK = """
import json, sys, resource
from pathlib import Path
import brewhouse.parity.compare
from brewhouse.parity.adapters.duckdb import open_duckdb
with open_duckdb({"synthetic": Path(sys.argv[1])}) as adapter:
    kept = adapter.sight(), list(adapter.relations()), list(adapter.columns())
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def measure(quick: bool) -> Report:
    """Time and memory by size, the two queries apart; and the whole command on the saas blueprint."""
    lines = []
    costs = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES[: 2 if quick else 3]:
            manifest, file = _synthetic(Path(folder), size)
            judged = [_answer(JUDGE, str(manifest), str(file)) for _ in range(3)]
            found = min(judged, key=lambda one: _judging(one["seconds"]))
            assert found["pairs"] == size
            assert found["findings"] == 0
            beyond = found["peak"] - _answer(ASK, str(file))["peak"]
            costs[size] = seconds = _judging(found["seconds"])
            asked = found["seconds"]["relations"] + found["seconds"]["columns"]
            lines += [
                Line(f"{size:,} relations: the two queries", figure=f"{asked:.2f} s"),
                Line(
                    f"{size:,} relations: read the manifest, match, judge", figure=f"{seconds:.2f} s",
                    bound=f"<= {MOST_SECONDS:g} s", met=seconds <= MOST_SECONDS,
                ),
                Line(
                    f"{size:,} relations: memory beyond the two queries' own", figure=f"{beyond:.0f} MiB",
                    bound=f"<= {MOST_MIB:g} MiB", met=beyond <= MOST_MIB,
                ),
            ]  # fmt: skip
        small, large = sorted(costs)[-2:]
        growth = costs[large] / costs[small] / (large / small)
        what = f"cost a relation, {large:,} beside {small:,}"
        lines.append(Line(what, figure=f"{growth:.2f} times", bound="<= 1.50 times", met=growth <= 1.5))
        lines.append(_saas(Path(folder), quick))
    return Report(
        f"parity, {COLUMNS} columns a relation", lines, "The least of three rounds, each in a new process."
    )


def _judging(seconds: dict[str, float]) -> float:
    """All but the two queries and the look around before them."""
    return sum(value for name, value in seconds.items() if name not in ("sight", "relations", "columns"))


def _saas(folder: Path, quick: bool) -> Line:
    """The whole command, as it is typed."""
    root = folder / "bar"
    make_project(root, "saas")
    set_scale(root, 0.01 if quick else 0.05)
    brewhouse(root, "run")
    costs = sorted((of_command([*BREWHOUSE, "parity"], root) for _ in range(5)), key=lambda cost: cost.wall)
    figure = f"{spread((cost.wall for cost in costs), ' s')}"
    met = costs[0].wall <= MOST_SAAS
    return Line("saas: brewhouse parity, typed", costs[0], figure, f"<= {MOST_SAAS:g} s", met)


def _answer(program: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _synthetic(folder: Path, size: int) -> tuple[Path, Path]:
    """A project of ``size`` models, all columns declared and under contract, and its warehouse."""
    manifest, file = folder / f"manifest{size}.json", folder / f"warehouse{size}.duckdb"
    content = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.11.0",
            "generated_at": "2026-06-30T12:00:00Z", "project_name": "synthetic", "adapter_type": "duckdb",
        },
        "nodes": {node["unique_id"]: node for node in _nodes(size)}, "sources": {}, "disabled": {},
    }  # fmt: skip
    manifest.write_text(json.dumps(content))
    with duckdb.connect(file) as connection:
        for schema in range(size // 100 + 1):
            connection.execute(f"create schema if not exists s{schema}")
        connection.execute("begin")
        shape = ", ".join(f"column_{number} {TYPES[number % len(TYPES)]}" for number in range(COLUMNS))
        for number in range(size):
            connection.execute(f"create table s{number // 100}.model_{number} ({shape})")
        connection.execute("commit")
    return manifest, file


def _nodes(size: int) -> Iterator[dict[str, Any]]:
    for number in range(size):
        name, schema = f"model_{number}", f"s{number // 100}"
        yield {
            "unique_id": f"model.synthetic.{name}", "resource_type": "model", "name": name, "alias": name,
            "package_name": "synthetic", "database": "synthetic", "schema": schema, "fqn": ["synthetic", name],
            "relation_name": f'"synthetic"."{schema}"."{name}"', "original_file_path": f"models/{name}.sql",
            "raw_code": "select 1 " * 200, "tags": [], "meta": {}, "checksum": {"name": "sha256", "checksum": "0" * 64},
            "depends_on": {"nodes": [f"model.synthetic.model_{number - 1}"] if number else [], "macros": []},
            "config": {"materialized": "table", "enabled": True, "contract": {"enforced": True}, "meta": {}},
            "columns": {
                f"column_{one}": {
                    "name": f"column_{one}", "description": "A column of a synthetic project. " * 3, "meta": {},
                    "data_type": TYPES[one % len(TYPES)], "constraints": [], "quote": None, "tags": [],
                }
                for one in range(COLUMNS)
            },
        }  # fmt: skip
