"""The source systems that a project declares, and how each is to be loaded.

The dbt project's own yml files are the one definition: a dbt source in the schema ``raw`` is a source system, its
tables are raw tables, and the columns that have a ``data_type`` are what the tables hold whoever fills them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from brewhouse.errors import ModelsInvalidError, SettingsError
from brewhouse.settings import FILE_NAME, Settings, SourceSettings

RAW: Final = "raw"
OTHERS: Final = "files"
"""The source of folders under data/ that no yml declares."""

_ALIASES: Final = {
    "JSON": "VARCHAR", "JSONB": "VARCHAR", "TEXT": "VARCHAR", "STRING": "VARCHAR", "INT": "INTEGER",
    "NUMERIC": "DECIMAL", "BOOL": "BOOLEAN", "DATETIME": "TIMESTAMP", "TIMESTAMPWITHOUTTIMEZONE": "TIMESTAMP",
}  # fmt: skip
_VARIABLE: Final = re.compile(r"\{\{\s*var\(\s*['\"](\w+)['\"]\s*\)\s*\}\}")
_Loader: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Column:
    """A declared column of a raw table; ``kind`` is empty if the yml gives no type."""

    name: str
    kind: str = ""
    optional: bool = False
    """Whether a source may lack it (``meta: {optional: true}``); it is null then."""

    @property
    def stored(self) -> str:
        """Its type as DuckDB names it; JSON is kept as the text that came."""
        name, bracket, size = self.kind.upper().replace(" ", "").partition("(")
        name = _ALIASES.get(name, name)
        return f"{name}({size}" if bracket and name == "DECIMAL" else name


@dataclass(frozen=True)
class SourceTable:
    """A declared raw table and its columns, without those that a load adds."""

    name: str
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Source:
    """A source system: its tables, and how it is loaded."""

    name: str
    tables: tuple[SourceTable, ...]
    settings: SourceSettings
    cadence: str
    """How often it is loaded, as ``15m``, ``1h`` or ``1d``."""

    @property
    def kind(self) -> str:
        """``simulated``, ``existing`` or ``dlt``."""
        return self.settings.kind


def project_sources(root: Path, settings: Settings) -> tuple[Source, ...]:
    """The sources of the project at ``root``; raises ``SettingsError`` or ``ModelsInvalidError``."""
    variables = _variables(root)
    declared = {entry["name"]: entry for path in _files(root) for entry in _declared(path, variables)}
    for name in settings.sources:
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none, as no yml declares a source in the schema raw"
            raise SettingsError(
                path=root / FILE_NAME, problem=f"there is no source '{name}': expected one of {known}"
            )
    sources = [
        _source(entry, settings.sources.get(name, SourceSettings())) for name, entry in declared.items()
    ]
    for source in sources:
        for name in source.settings.tables.keys() - {table.name for table in source.tables}:
            problem = f"sources.{source.name}.tables: there is no raw table '{name}'"
            raise SettingsError(path=root / FILE_NAME, problem=problem)
    return tuple(sources)


def pick_sources(sources: Sequence[Source], names: Iterable[str], *, root: Path) -> list[Source]:
    """The sources of these names, in their order; raises ``SettingsError`` for one that is not there."""
    by_name = {source.name: source for source in sources}
    for name in names:
        if name not in by_name:
            known = ", ".join(sorted(by_name))
            raise SettingsError(path=root, problem=f"has no source '{name}': expected one of {known}")
    wanted = set(names)
    return [source for source in sources if source.name in wanted]


def _files(root: Path) -> list[Path]:
    models = root / "models"
    return sorted(path for pattern in ("*.yml", "*.yaml") for path in models.rglob(pattern))


def _variables(root: Path) -> Mapping[str, Any]:
    path = root / "dbt_project.yml"
    return _content(path).get("vars") or {} if path.is_file() else {}


def _declared(path: Path, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sources of a yml whose tables are in the schema raw; the schema may be a variable of the project."""

    def schema(entry: Mapping[str, Any]) -> Any:
        given = str(entry.get("schema", entry.get("name")))
        named = _VARIABLE.fullmatch(given)
        return variables.get(named[1]) if named else given

    found = _content(path).get("sources") or [] if "sources:" in path.read_text() else []
    return [entry for entry in found if schema(entry) == RAW]


def _content(path: Path) -> Mapping[str, Any]:
    try:
        content = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506  # a safe loader, in C if there is one
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise ModelsInvalidError(problem=f"{path.name} is no valid YAML: {problem}") from error
    return content if isinstance(content, dict) else {}


def _source(entry: Mapping[str, Any], settings: SourceSettings) -> Source:
    tables = tuple(
        SourceTable(table["name"], tuple(_columns(table.get("columns") or [])))
        for table in entry.get("tables") or []
    )
    cadence = settings.cadence or _meta(entry).get("cadence") or "1h"
    return Source(entry["name"], tables, settings, cadence)


def _columns(entries: Iterable[Mapping[str, Any]]) -> Iterable[Column]:
    for entry in entries:
        if not entry["name"].startswith("_"):
            optional = bool(_meta(entry).get("optional"))
            yield Column(entry["name"], str(entry.get("data_type") or ""), optional)


def _meta(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """dbt takes ``meta`` under ``config``, and in older projects beside it."""
    return {**(entry.get("meta") or {}), **((entry.get("config") or {}).get("meta") or {})}
