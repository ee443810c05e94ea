"""What of a manifest parity reads: a tenth of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_TOP: Final = ("metadata",)
_NODE: Final = frozenset({
    "unique_id", "resource_type", "name", "source_name", "package_name", "fqn", "tags", "database", "schema", "alias",
    "identifier", "relation_name", "quoting", "columns", "config", "meta", "source_meta", "depends_on", "checksum",
    "original_file_path", "attached_node", "column_name", "freshness", "loaded_at_field", "loaded_at_query",
})  # fmt: skip
_CONFIG: Final = frozenset({
    "materialized", "enabled", "contract", "meta", "quoting", "column_types", "snapshot_meta_column_names",
    "loaded_at_field", "loaded_at_query",
})  # fmt: skip
_COLUMN: Final = frozenset({"name", "quote", "data_type", "description"})


def slim(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest that says the same to parity."""
    kept: dict[str, Any] = {name: manifest.get(name) for name in _TOP}
    for part in ("nodes", "sources"):
        kept[part] = {name: _slim(node) for name, node in manifest[part].items()}
    disabled = manifest.get("disabled") or {}
    kept["disabled"] = {name: [_slim(node) for node in versions] for name, versions in disabled.items()}
    return kept


def _slim(node: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in node.items() if name in _NODE}
    config = node.get("config") or {}
    kept["config"] = {name: value for name, value in config.items() if name in _CONFIG}
    kept["columns"] = {
        name: {part: value for part, value in column.items() if part in _COLUMN}
        for name, column in (node.get("columns") or {}).items()
    }
    kept["depends_on"] = {"nodes": (node.get("depends_on") or {}).get("nodes", [])}
    return kept
