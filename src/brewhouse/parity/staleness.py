"""Is a manifest that of the project's files? By their SHA-256, as far as the manifest has them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from brewhouse.parity.expected import Expected
from brewhouse.parity.match import Staleness
from brewhouse.parity.yaml_files import read_yaml

PROJECT: Final = "dbt_project.yml"
_MODELS: Final = (".sql", ".py", ".csv")


def staleness(expected: Expected, project_dir: Path) -> Staleness:
    """Compare the project in a folder with its manifest; without a dbt_project.yml there nothing is known."""
    settings = _settings(project_dir / PROJECT)
    if not expected.checksums or not settings:
        return Staleness()
    changed, removed = [], []
    for name, checksum in sorted(expected.checksums.items()):
        content = _read(project_dir / name)
        if content is None:
            removed.append(name)
        elif checksum not in _digests(content):
            changed.append(name)
    added = sorted(_files(project_dir, settings) - expected.checksums.keys() - expected.files)
    return Staleness(
        tuple(changed), tuple(removed), tuple(added), tuple(_later(expected, project_dir, settings))
    )


def project_name(project_dir: Path) -> str:
    """The name of the dbt project in a folder; empty: there is none."""
    return str(_settings(project_dir / PROJECT).get("name") or "")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _digests(content: bytes) -> set[str]:
    """dbt takes the text without white space around it, and seeds as they are."""
    return {hashlib.sha256(form).hexdigest() for form in (content, content.strip())}


def _settings(path: Path) -> dict[str, Any]:
    try:
        return read_yaml(path)
    except (OSError, ValueError, yaml.YAMLError):
        return {}


def _folders(settings: dict[str, Any]) -> Iterator[str]:
    for setting, default in (
        ("model-paths", "models"),
        ("seed-paths", "seeds"),
        ("snapshot-paths", "snapshots"),
    ):
        given = settings.get(setting) or [default]
        yield from (str(one) for one in (given if isinstance(given, list) else [given]))


def _files(project_dir: Path, settings: dict[str, Any]) -> set[str]:
    """Files that dbt would read a model, a seed or a snapshot from."""
    found = set()
    for folder in _folders(settings):
        for path in (project_dir / folder).rglob("*"):
            if path.suffix in _MODELS and path.is_file():
                found.add(path.relative_to(project_dir).as_posix())
    return found


def _later(expected: Expected, project_dir: Path, settings: dict[str, Any]) -> Iterator[str]:
    """yml files that were written after the manifest."""
    made = expected.facts.generated_at
    if made is None:
        return
    paths = [project_dir / PROJECT]
    for folder in _folders(settings):
        paths += [path for path in (project_dir / folder).rglob("*.y*ml") if path.suffix in (".yml", ".yaml")]
    for path in sorted(paths):
        if path.is_file() and path.stat().st_mtime > made.timestamp():
            yield path.relative_to(project_dir).as_posix()
