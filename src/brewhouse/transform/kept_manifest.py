"""What parity needs of the manifest of a plan, kept beside the plan under the same key."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import yaml

from brewhouse.parity.yaml_files import read_yaml

_TOP: Final = ("metadata", "sources", "disabled")
_TEXTS: Final = frozenset({"raw_code", "compiled_code", "language", "docs", "doc_blocks", "extra_ctes"})


def manifest_path(cache: Path, key: str) -> Path:
    """Where it is kept."""
    return cache / f"manifest-{key}.json"


def keep_manifest(root: Path, path: Path) -> None:
    """Copy what dbt has just written into the project's target folder, without SQL, macros and docs."""
    content: dict[str, Any] = json.loads((target_folder(root) / "manifest.json").read_bytes())
    kept = {name: content.get(name) for name in _TOP}
    kept["nodes"] = {
        name: {what: value for what, value in node.items() if what not in _TEXTS}
        for name, node in content["nodes"].items()
    }
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
