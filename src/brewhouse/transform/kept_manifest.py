"""What parity needs of the manifest of a plan, kept beside the plan under the same key."""

from __future__ import annotations

import json
import os
from pathlib import Path

import yaml

from brewhouse.parity.slim import slim
from brewhouse.parity.yaml_files import read_yaml


def manifest_path(cache: Path, key: str) -> Path:
    """Where it is kept."""
    return cache / f"manifest-{key}.json"


def keep_manifest(root: Path, path: Path) -> None:
    """Copy what dbt has just written into the project's target folder, as far as parity reads it."""
    kept = slim(json.loads((target_folder(root) / "manifest.json").read_bytes()))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(kept, separators=(",", ":")))
    beside.replace(path)


def target_folder(root: Path) -> Path:
    """Where dbt writes artifacts of the project in ``root``."""
    given = os.environ.get("DBT_TARGET_PATH")
    if not given:
        try:
            given = read_yaml(root / "dbt_project.yml").get("target-path")
        except (OSError, ValueError, yaml.YAMLError):
            given = None
    return root / str(given or "target")
