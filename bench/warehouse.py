"""The saas warehouse: a full build, a further day, and the build against its bare SQL.

The plan and the unit tests' passes are kept before anything is measured. A full build is the first ``build`` of loaded
tables, with all data tests; the further day is simulated and loaded, and built by extending what is there.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from bench.measure import Cost
from bench.straight import straight
from bench.table import Line, Report, gib
from bench.tools import brewhouse, document, engine_seconds, make_project, set_scale

SMALL = 0.05
MOST_SECONDS = 60.0
MOST_OF_FULL = 0.1
MOST_OF_SQL = 2.0
MOST_BYTES = 4 * 2**30
DAY_BEFORE, LAST_DAY = ("2026-06-29", 1095), ("2026-06-30", 1096)


def measure(quick: bool) -> Report:
    """Scale 1 in full and a day more; at a larger scale the build beside the same SQL."""
    large = 2 if quick else 5
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "bar")
        make_project(root, "saas")
        set_scale(root, SMALL)
        _end_at(root, *DAY_BEFORE)
        brewhouse(root, "run")
        full, day = _full_and_day(root)
        built, bare = _against_sql(root, large)
    ratio, share = built.wall / bare.wall, engine_seconds(day) / engine_seconds(full)
    lines = [
        Line(
            "full build with all tests, scale 1",
            full,
            f"{full.wall:.1f} s, in DuckDB {engine_seconds(full):.1f} s",
            f"<= {MOST_SECONDS:.0f} s",
            full.wall <= MOST_SECONDS,
        ),
        *_kinds(full),
        Line("a day more", day, f"in DuckDB {engine_seconds(day):.1f} s"),
        *_kinds(day),
        Line(
            "  in DuckDB, against the full build",
            figure=f"{share:.2f} x",
            bound=f"<= {MOST_OF_FULL} x",
            met=share <= MOST_OF_FULL,
        ),
        Line(
            f"full build, scale {large}",
            built,
            f"peak {gib(built.peak)}",
            f"<= {gib(MOST_BYTES)}",
            built.peak <= MOST_BYTES,
        ),
        Line("the same SQL straight through DuckDB", bare, f"peak {gib(bare.peak)}"),
        Line(
            "  build against it",
            figure=f"{ratio:.2f} x",
            bound=f"<= {MOST_OF_SQL} x",
            met=ratio <= MOST_OF_SQL,
        ),
    ]
    return Report(
        "warehouse: intermediate, entity and mart layers of saas",
        lines,
        "One round each. Seconds in DuckDB are summed over statements of which two run at a time.",
    )


def _full_and_day(root: Path) -> tuple[Cost, Cost]:
    full = _first_build(root, 1)
    _end_at(root, *LAST_DAY)
    for verb in ("simulate", "load"):
        brewhouse(root, verb)
    return full, brewhouse(root, "build")


def _against_sql(root: Path, scale: float) -> tuple[Cost, Cost]:
    return _first_build(root, scale), straight(root)


def _first_build(root: Path, scale: float) -> Cost:
    (root / "warehouse.duckdb").unlink()
    shutil.rmtree(root / ".brewhouse" / "snapshots")
    set_scale(root, scale)
    for verb in ("simulate", "load"):
        brewhouse(root, verb)
    return brewhouse(root, "build")


def _end_at(root: Path, end: str, days: int) -> None:
    """Let the window end on another day, and begin on the same."""
    path = root / "brewhouse.toml"
    text = re.sub(r"(?m)^end = \S+", f"end = {end}", path.read_text())
    path.write_text(re.sub(r"(?m)^days = \S+", f"days = {days}", text))


def _kinds(cost: Cost) -> list[Line]:
    """Seconds in DuckDB of models and of data tests."""
    lines = []
    for kind in ("model", "test"):
        nodes = [node for node in document(cost)["nodes"] if node["kind"] == kind]
        seconds = sum(node["engine_seconds"] for node in nodes)
        lines.append(Line(f"  {len(nodes):,} {kind}s", figure=f"in DuckDB {seconds:.1f} s"))
    return lines
