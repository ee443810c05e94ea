"""YAML files, read fast: the project's settings may hold a thousand lines."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without its C part
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


def read_yaml(path: Path) -> dict[str, Any]:
    """What is in the file, if it is a mapping; raises ``OSError``, ``ValueError`` or ``yaml.YAMLError``."""
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _parsed(path: Path, moment: int) -> dict[str, Any]:  # noqa: ARG001  # another moment, another content
    content = yaml.load(path.read_text(encoding="utf-8"), Loader)  # a safe loader
    return content if isinstance(content, dict) else {}
