"""manifest.json, of dbt 1.7 and newer, read into an ``Expected``."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from brewhouse.errors import ManifestError, NoManifestError
from brewhouse.parity.expected import (
    Absence,
    Absent,
    Expected,
    ExpectedColumn,
    ExpectedRelation,
    Facts,
    Freshness,
    Kind,
)
from brewhouse.parity.garbage import uncollected
from brewhouse.parity.names import Name, Place, split_relation

Json = Mapping[str, Any]

OLDEST: Final = 11
"""Schema version of dbt 1.7's manifest."""
_BUILT: Final = ("model", "seed", "snapshot")
_KINDS: Final[Mapping[str, Kind]] = {
    "table": "table", "incremental": "table", "seed": "table", "snapshot": "table", "view": "view",
    "materialized_view": "materialized view", "dynamic_table": "table", "external": "view",
}  # fmt: skip
"""What a materialization leaves in the warehouse; a custom one may leave anything."""
_NO_RELATION: Final = {"table_function": "a function", "inline": "a query"}
_QUOTED: Final = {"snowflake": False}
"""Whether an adapter writes names in quotes unless it is told otherwise; the others do."""
_SNAPSHOT: Final = ("dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_is_deleted")
_UNITS: Final = {"minute": "minutes", "hour": "hours", "day": "days"}


def read_manifest(path: Path) -> Expected:
    """Raises ``NoManifestError`` or ``ManifestError``."""
    with uncollected():
        return expected_of(_read(path), path)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise NoManifestError(path=path, folder=path.parent) from None
    except (OSError, ValueError) as error:
        raise ManifestError(path=path, problem=f"can't be read: {error}") from error


def expected_of(manifest: Json, path: Path | str = "the manifest") -> Expected:
    """The promise of a manifest that is in memory; raises ``ManifestError``."""
    version = _schema_version(manifest)
    if version < OLDEST:
        found = f"is of schema version {version}" if version else "is no manifest of dbt"
        raise ManifestError(path=path, problem=f"{found}: expected version {OLDEST} or newer, of dbt 1.7 on")
    try:
        return _Reader(manifest).expected(version)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ManifestError(path=path, problem=f"is not as dbt writes it: {error!r}") from error


def _schema_version(manifest: Json) -> int:
    metadata = manifest.get("metadata") if isinstance(manifest, dict) else None
    url = metadata.get("dbt_schema_version", "") if isinstance(metadata, dict) else ""
    found = re.search(r"/manifest/v(\d+)\.json$", str(url))
    return int(found[1]) if found else 0


class _Reader:
    """One pass over the nodes."""

    def __init__(self, manifest: Json) -> None:
        self._manifest = manifest
        self._metadata: Json = manifest["metadata"]
        self._adapter: str = self._metadata.get("adapter_type") or ""
        self._tests = self._tests_by_column()
        self._skipped: dict[str, str] = {}

    def expected(self, version: int) -> Expected:
        relations: list[ExpectedRelation] = []
        absent: list[Absent] = []
        for node in self._nodes():
            if node.get("config", {}).get("materialized") == "ephemeral":
                absent.append(self._absent(node, "ephemeral"))
            elif (relation := self._relation(node)) is not None:
                relations.append(relation)
        absent += [
            self._absent(node, "disabled") for node in self._disabled() if node.get("resource_type") in _BUILT
        ]
        return Expected(
            facts=self._facts(version),
            relations=tuple(relations),
            absent=tuple(absent),
            tolerated=tuple(self._stored_failures()),
            skipped=self._skipped,
            checksums=dict(self._checksums()),
            files=frozenset(
                node.get("original_file_path") or "" for node in (*self._nodes(), *self._disabled())
            ),
            parents={
                node["unique_id"]: tuple(node.get("depends_on", {}).get("nodes", ()))
                for node in self._nodes()
            },
        )

    def _nodes(self) -> Iterator[Json]:
        for node in self._manifest["nodes"].values():
            if node["resource_type"] in _BUILT:
                yield node
        yield from self._manifest["sources"].values()

    def _disabled(self) -> Iterator[Json]:
        for versions in (self._manifest.get("disabled") or {}).values():
            yield from versions

    def _facts(self, version: int) -> Facts:
        made = self._metadata.get("generated_at")
        return Facts(
            project=self._metadata.get("project_name") or "",
            adapter=self._adapter,
            dbt_version=self._metadata.get("dbt_version") or "",
            generated_at=dt.datetime.fromisoformat(made.replace("Z", "+00:00")) if made else None,
            schema_version=version,
        )

    def _relation(self, node: Json) -> ExpectedRelation | None:
        config: Json = node.get("config") or {}
        materialized = str(config.get("materialized") or "")
        why = self._no_relation(node, materialized)
        if why:
            self._skipped[node["unique_id"]] = why
            return None
        resource = node["resource_type"]
        kind = "any" if resource == "source" else self._kind(materialized)
        return ExpectedRelation(
            id=node["unique_id"],
            resource=resource,
            name=node["name"] if resource != "source" else f"{node['source_name']}.{node['name']}",
            package=node["package_name"],
            place=self._place(node),
            kind=kind,
            materialized=materialized or "source",
            contract=bool((config.get("contract") or {}).get("enforced")),
            columns=tuple(self._columns(node, config)),
            parents=tuple(node.get("depends_on", {}).get("nodes", ())),
            file=node.get("original_file_path") or "",
            freshness=_freshness(node, config),
            tags=tuple(node.get("tags") or ()),
            fqn=tuple(node.get("fqn") or ()),
            added=_added(resource, config),
        )

    def _kind(self, materialized: str) -> Kind:
        if materialized == "dynamic_table" and self._adapter == "snowflake":
            return "materialized view"
        return _KINDS.get(materialized, "any")

    def _no_relation(self, node: Json, materialized: str) -> str:
        """Why a node is nothing that a catalogue could show; empty: it is."""
        if node["resource_type"] != "source":
            return _NO_RELATION.get(materialized, "")
        metas = (
            node.get("meta") or {},
            (node.get("config") or {}).get("meta") or {},
            node.get("source_meta") or {},
        )
        outside = any("external_location" in meta for meta in metas)
        return "files outside the warehouse" if outside else ""

    def _place(self, node: Json) -> Place:
        parts = split_relation(node.get("relation_name") or "")
        given = (
            node.get("database"),
            node.get("schema"),
            node.get("identifier") or node.get("alias") or node["name"],
        )
        if 0 < len(parts) <= 3:
            return Place(*[Name("", False)] * (3 - len(parts)), *parts)
        quoting = {**(self._metadata.get("quoting") or {}), **_said(node), **_said(node.get("config") or {})}
        default = _QUOTED.get(self._adapter, True)
        names = zip(("database", "schema", "identifier"), given, strict=True)
        return Place(*(Name(str(text or ""), bool(quoting.get(part, default))) for part, text in names))

    def _columns(self, node: Json, config: Json) -> Iterator[ExpectedColumn]:
        tests = self._tests.get(node["unique_id"], {})
        types: Json = config.get("column_types") or {}
        for name, column in (node.get("columns") or {}).items():
            own = column.get("name") or name
            declared = column.get("data_type") or types.get(own) or ""
            yield ExpectedColumn(
                own,
                bool(column.get("quote")),
                str(declared),
                bool(column.get("description")),
                tests.get(own, ()),
            )
        for name, declared in types.items():
            if name not in (node.get("columns") or {}):
                yield ExpectedColumn(name, False, str(declared), False)

    def _tests_by_column(self) -> dict[str, dict[str, tuple[str, ...]]]:
        found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for node in self._manifest["nodes"].values():
            if node["resource_type"] != "test" or not node.get("column_name"):
                continue
            tested = node.get("attached_node") or _tested_source(node)
            if tested:
                columns = found[tested]
                columns[node["column_name"]] = (*columns.get(node["column_name"], ()), node["name"])
        return found

    def _absent(self, node: Json, why: Absence) -> Absent:
        place = self._place(node)
        return Absent(node["unique_id"], node["name"], place, why, node.get("original_file_path") or "")

    def _stored_failures(self) -> Iterator[Place]:
        for node in self._manifest["nodes"].values():
            if node["resource_type"] == "test" and node.get("relation_name"):
                yield self._place(node)

    def _checksums(self) -> Iterator[tuple[str, str]]:
        """Of the files of the project itself: those of packages lie elsewhere."""
        project = self._metadata.get("project_name")
        for node in self._manifest["nodes"].values():
            checksum = node.get("checksum") or {}
            if (
                node["package_name"] == project
                and checksum.get("name") == "sha256"
                and checksum.get("checksum")
            ):
                yield node["original_file_path"], checksum["checksum"]


def _said(node: Json) -> Json:
    """The quoting that a node declares, without what it leaves open."""
    quoting = node.get("quoting")
    return (
        {part: value for part, value in quoting.items() if value is not None}
        if isinstance(quoting, dict)
        else {}
    )


def _tested_source(node: Json) -> str:
    """The source of a test without ``attached_node``, if it has one parent only."""
    parents = node.get("depends_on", {}).get("nodes", ())
    return str(parents[0]) if len(parents) == 1 else ""


def _added(resource: str, config: Json) -> frozenset[str]:
    if resource != "snapshot":
        return frozenset()
    names = config.get("snapshot_meta_column_names") or {}
    return frozenset(str(names.get(name) or name).lower() for name in _SNAPSHOT)


def _freshness(node: Json, config: Json) -> Freshness | None:
    """Of a source what it declares; of a model the column that it names under ``meta``."""
    meta = {**(node.get("meta") or {}), **(config.get("meta") or {})}
    column = node.get("loaded_at_field") or config.get("loaded_at_field") or meta.get("loaded_at_field") or ""
    query = node.get("loaded_at_query") or config.get("loaded_at_query") or ""
    declared: Json = (node.get("freshness") if node["resource_type"] == "source" else None) or {}
    if not (column or query or declared):
        return None
    return Freshness(
        loaded_at=str(column),
        query=str(query),
        warn_after=_duration(declared.get("warn_after")),
        error_after=_duration(declared.get("error_after")),
        filter=str(declared.get("filter") or ""),
    )


def _duration(value: Any) -> dt.timedelta | None:
    if not value or not value.get("count") or not value.get("period"):
        return None
    return dt.timedelta(**{_UNITS[str(value["period"])]: int(value["count"])})
