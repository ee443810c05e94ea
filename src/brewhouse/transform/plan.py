"""A plan: what a build executes, in order, as plain data. It is compiled by dbt and kept until a file changes."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Literal

from brewhouse import __version__
from brewhouse.warehouse.engine import quoted

BUILT_AT: Final = "2001-02-03 04:05:06.789012"
"""Stands in compiled SQL for the moment of the build, which the executor puts in its place."""

FORMAT: Final = 11
_SOURCES: Final = frozenset({".sql", ".yml", ".yaml", ".csv", ".py", ".md", ".json"})
_MADE: Final = frozenset({"target", "logs", "dbt_packages", "data", ".brewhouse", ".git", ".venv"})

_NEVER: Final = frozenset({".git", "__pycache__"})
_ENV_VAR: Final = re.compile(rb"""env_var\(\s*['"](\w+)""")

WAREHOUSE_VARIABLE: Final = "BREWHOUSE_WAREHOUSE"
"""Read by the project's profiles.yml: which file dbt opens. No part of a plan."""

SERVER_VARIABLES: Final = "BREWHOUSE_PG_"
"""How such variables begin that say which server dbt connects to. No part of a plan, save for the database's name."""

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
class Hook:
    """What is executed before or after a model is built."""

    sql: str
    inside: bool = True
    """Whether in the model's transaction."""


@dataclass(frozen=True)
class Index:
    """An index of a table."""

    columns: tuple[str, ...]
    unique: bool = False
    type: str = ""


@dataclass(frozen=True)
class Increment:
    """How a build goes on with the table of an incremental model."""

    sql: str
    """Compiled with ``is_incremental()`` being true."""
    strategy: Literal["append", "delete+insert"]
    unique_key: str | tuple[str, ...] = ()
    """An expression, or columns."""
    predicates: tuple[str, ...] = ()
    on_schema_change: str = "ignore"
    before: tuple[Hook, ...] = ()
    after: tuple[Hook, ...] = ()


@dataclass(frozen=True)
class Node:
    """One step of a build.

    ``direct`` nodes are tables, views, data tests and incremental models with a plain ``increment``: their compiled
    SQL is executed as it stands. All others are run by dbt itself, save for the first build of an incremental model
    that ``begins_plain``.
    """

    id: str
    name: str
    kind: Kind
    direct: bool
    fqn: tuple[str, ...]
    begins_plain: bool = False
    """Of an incremental model: whether its first build, and each full refresh, is a plain table of ``sql``."""
    materialized: str = ""
    schema: str = ""
    relation: str = ""
    """Quoted name of what is built; of a test, where its failing rows are stored."""
    sql: str = ""
    increment: Increment | None = None
    """Of a direct incremental model: how it goes on; ``sql`` is how it begins."""
    full_refresh: bool | None = None
    """Of an incremental model: whether it always or never begins anew, whatever the command says."""
    before: tuple[Hook, ...] = ()
    after: tuple[Hook, ...] = ()
    indexes: tuple[Index, ...] = ()
    path: str = ""
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
    files_key: str
    """Key of the whole project's plan: the same files, without a selection."""
    dbt_version: str
    nodes: tuple[Node, ...]
    sources: tuple[tuple[str, str], ...] = ()
    """Schema and name of each declared source."""

    @property
    def is_whole(self) -> bool:
        """Whether it holds the whole project, without a selection."""
        return self.key == self.files_key

    def schemas(self) -> list[str]:
        """Schemas that the nodes write to which need no dbt."""
        return sorted({node.schema for node in self.nodes if node.sql and node.relation})

    def renamed(self, names: Mapping[str, str]) -> Plan:
        """The same on schemas of other names."""
        return replace(self, nodes=tuple(_renamed(node, names) for node in self.nodes)) if names else self

    def unit_tests(self) -> list[Node]:
        """The unit tests among the nodes."""
        return [node for node in self.nodes if node.kind == "unit_test"]

    def dump(self, path: Path) -> None:
        """Write to ``path``, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(json.dumps(asdict(self)))
        beside.replace(path)


def rename_schemas(sql: str, names: Mapping[str, str]) -> str:
    """``sql`` with quoted names of schemas replaced where they qualify something."""
    for old, new in names.items():
        sql = sql.replace(f"{quoted(old)}.", f"{quoted(new)}.")
    return sql


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    def hooks(given: tuple[Hook, ...]) -> tuple[Hook, ...]:
        return tuple(replace(hook, sql=rename_schemas(hook.sql, names)) for hook in given)

    step = node.increment
    return replace(
        node,
        schema=names.get(node.schema, node.schema),
        relation=rename_schemas(node.relation, names),
        sql=rename_schemas(node.sql, names),
        before=hooks(node.before),
        after=hooks(node.after),
        increment=step
        and replace(
            step, sql=rename_schemas(step.sql, names), before=hooks(step.before), after=hooks(step.after)
        ),
    )


def plan_path(cache: Path, key: str) -> Path:
    """Where the plan of that key is kept."""
    return cache / f"plan-{key}.json"


def read_plan(path: Path) -> Plan | None:
    """The plan kept at ``path``, or None."""
    try:
        content: dict[str, Any] = json.loads(path.read_text())
        nodes = tuple(_node(entry) for entry in content["nodes"])
        sources = tuple((schema, name) for schema, name in content["sources"])
        return Plan(content["key"], content["files_key"], content["dbt_version"], nodes, sources)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _node(entry: dict[str, Any]) -> Node:
    parts = {name: tuple(entry[name]) for name in ("fqn", "parents")}
    indexes = tuple(Index(**{**one, "columns": tuple(one["columns"])}) for one in entry["indexes"])
    increment = entry["increment"] and Increment(**{**entry["increment"], **_increment(entry["increment"])})
    read = {"rule": Rule(**entry["rule"]), "indexes": indexes, "increment": increment}
    return Node(**{**entry, **parts, **_hooks(entry), **read})


def _increment(entry: dict[str, Any]) -> dict[str, Any]:
    key = entry["unique_key"]
    return {
        "unique_key": key if isinstance(key, str) else tuple(key),
        "predicates": tuple(entry["predicates"]),
        **_hooks(entry),
    }


def _hooks(entry: dict[str, Any]) -> dict[str, tuple[Hook, ...]]:
    return {name: tuple(Hook(**hook) for hook in entry[name]) for name in ("before", "after")}


def plan_key(root: Path, selection: tuple[str, ...], target: str = "duckdb") -> str:
    """Digest of everything that a plan is a function of: files, versions, environment, engine, selection."""
    digest = hashlib.blake2b(digest_size=16)
    versions = {name: _version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb", "dbt-postgres")}
    names = {name for name in os.environ if name.startswith("DBT_")}
    for path in project_files(root):
        content = path.read_bytes()
        names.update(name.decode() for name in _ENV_VAR.findall(content))
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.blake2b(content).digest())
    read = sorted(name for name in names - {WAREHOUSE_VARIABLE} if not name.startswith(SERVER_VARIABLES))
    environment = {name: os.environ.get(name) for name in read}
    digest.update(json.dumps([FORMAT, __version__, versions, environment, target, selection]).encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def project_files(root: Path) -> Iterator[Path]:
    """The files of a dbt project and of its packages that can change what it compiles to, in a fixed order."""
    for folder, folders, names in os.walk(root):
        made = _MADE if Path(folder) == root else _NEVER
        folders[:] = sorted(name for name in folders if name not in made)
        yield from _sources(folder, names)
    for folder, folders, names in os.walk(root / "dbt_packages", followlinks=True):
        folders[:] = sorted(name for name in folders if name not in _MADE)
        yield from _sources(folder, names)


def _sources(folder: str, names: list[str]) -> Iterator[Path]:
    for name in sorted(names):
        if Path(name).suffix in _SOURCES or name == ".dbtignore":
            yield Path(folder, name)
