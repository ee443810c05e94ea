"""The commands that are measured, as this interpreter's environment has them, on projects made for it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from bench.measure import Cost, of_command

BREWHOUSE = (sys.executable, "-m", "brewhouse")
DBT = Path(sys.executable).with_name("dbt")


def brewhouse(root: Path, *arguments: str) -> Cost:
    """Type a brewhouse command in the project; it prints JSON."""
    return of_command([*BREWHOUSE, *arguments, "--json"], root)


def make_project(root: Path, blueprint: str = "sandbox") -> Cost:
    """Type ``brewhouse init`` for a project of the blueprint."""
    return of_command([*BREWHOUSE, "init", root, "--blueprint", blueprint], root.parent)


def set_scale(root: Path, scale: float) -> None:
    """Change the scale in the project's settings."""
    path = root / "brewhouse.toml"
    path.write_text(re.sub(r"(?m)^scale = \S+", f"scale = {scale}", path.read_text()))


def document(cost: Cost) -> dict[str, Any]:
    """The JSON that a command printed."""
    content: dict[str, Any] = json.loads(cost.out)
    return content


def engine_seconds(cost: Cost) -> float:
    """Of a command that built: seconds inside DuckDB."""
    return float(document(cost)["engine_seconds"])


def step_seconds(cost: Cost) -> dict[str, float]:
    """Seconds per step of a command, in order."""
    seconds: dict[str, float] = document(cost)["seconds"]
    return seconds
