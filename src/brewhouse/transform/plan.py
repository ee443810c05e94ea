"""A plan: what a build executes, in order, as plain data. It is compiled by dbt and kept until a file changes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

from brewhouse import __version__

BUILT_AT: Final = "2001-02-03 04:05:06.789012"
"""Stands in compiled SQL for the moment of the build, which the executor puts in its place."""

FORMAT: Final = 4
_SOURCES: Final = frozenset({".sql", ".yml", ".yaml", ".csv", ".py", ".md", ".json"})
_MADE: Final = frozenset({"target", "logs", "dbt_packages", "data", ".brewhouse", ".git", ".venv"})

Kind = Literal["model", "test", "unit_test", "seed", "snapshot"]


@dataclass(frozen=True)
class Rule:
    """How the rows that a data test returns become a status: dbt's own settings of the test."""

    severity: str = "error"
    fail_calc: str = "count(*)"
    warn_if: str = "!= 0"
    error_if: str = "!= 0"
    limit: int | None = None
    stored: bool = False
    """Whether the failing rows are kept in the node's relation."""


@dataclass(frozen=True)
class Node:
    """One step of a build.

    ``direct`` nodes are plain tables, views and data tests: their compiled ``sql`` is executed as it stands. All
    others are run by dbt itself.
    """

    id: str
    name: str
    kind: Kind
    direct: bool
    fqn: tuple[str, ...]
    materialized: str = ""
    schema: str = ""
    relation: str = ""
    """Quoted name of what is built; of a test, where its failing rows are stored."""
    sql: str = ""
    path: str = ""
    tags: tuple[str, ...] = ()
    tested: str = ""
    """Of a test: the model or source that it is attached to."""
    reason: str = ""
    """Of a test: why it has its severity (``meta.reason``)."""
    rule: Rule = field(default_factory=Rule)
    proof: str = ""
    """Of a unit test: digest of the test, its model and the model's ancestors; empty if they are not pure."""
    parents: tuple[str, ...] = ()
    """Nodes that must be done, and not have failed, before this one."""


@dataclass(frozen=True)
class Plan:
    """All nodes of a build in an order that respects their parents."""

    key: str
    dbt_version: str
    nodes: tuple[Node, ...]
    sources: tuple[tuple[str, str], ...] = ()
    """Schema and name of each declared source."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that the project read while it was compiled."""

    def schemas(self) -> list[str]:
        """Schemas that the direct nodes write to."""
        return sorted({node.schema for node in self.nodes if node.direct and node.relation})

    def unit_tests(self) -> list[Node]:
        """The unit tests among the nodes."""
        return [node for node in self.nodes if node.kind == "unit_test"]

    def dump(self, path: Path) -> None:
        """Write to ``path``, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(json.dumps(asdict(self)))
        beside.replace(path)


def read_plan(path: Path) -> Plan | None:
    """The plan kept at ``path`` if it still holds in this environment, else None."""
    try:
        content: dict[str, Any] = json.loads(path.read_text())
        nodes = tuple(_node(entry) for entry in content["nodes"])
        sources = tuple((schema, name) for schema, name in content["sources"])
        plan = Plan(content["key"], content["dbt_version"], nodes, sources, content["env"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    holds = all(os.environ.get(name) == value for name, value in plan.env.items())
    return plan if holds else None


def _node(entry: dict[str, Any]) -> Node:
    lists = {name: tuple(entry[name]) for name in ("fqn", "tags", "parents")}
    return Node(**{**entry, **lists, "rule": Rule(**entry["rule"])})


def plan_key(root: Path, selection: tuple[str, ...]) -> str:
    """Digest of everything that a plan is a function of: files, versions, selection."""
    digest = hashlib.blake2b(digest_size=16)
    versions = [version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")]
    digest.update(json.dumps([FORMAT, __version__, versions, selection]).encode())
    for path in project_files(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


def project_files(root: Path) -> Iterator[Path]:
    """The files of a dbt project that can change what it compiles to, in a fixed order."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _MADE)
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in _SOURCES:
                yield path
