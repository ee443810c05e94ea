"""The blueprints: whole dbt projects shipped as package data, and the dbt package that they share."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

SHARED_PACKAGE: Final = "brewhouse_utils"
_HERE: Final = Path(__file__).parent


def names() -> list[str]:
    """All blueprints of this version."""
    return sorted(
        path.parent.name for path in _HERE.glob("*/dbt_project.yml") if path.parent.name != SHARED_PACKAGE
    )


def folder(name: str) -> Path:
    """The dbt project of a blueprint (or the shared package)."""
    return _HERE / name


def variables(name: str) -> dict[str, Any]:
    """The ``vars`` of a blueprint's dbt_project.yml: its vocabulary and thresholds."""
    content: dict[str, Any] = yaml.safe_load((folder(name) / "dbt_project.yml").read_text())["vars"]
    return content
