"""Data tests of a built project and what may be wrong in the tables under them: cases, faults, and words for both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from brewhouse.transform.execute import Executor
from brewhouse.transform.plan import Node, Plan
from brewhouse.transform.results import NodeResult
from brewhouse.warehouse.duckdb_engine import DuckDB

BUILT_AT = "2026-07-01 00:00:00"
STRANGER = "no such value"
SHIFT = 1000
"""Beyond the tolerance of any expression."""

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_RELATION = re.compile(r"(?:ref|source)\((.*)\)")
_VARIABLE = re.compile(r"\{\{ *var\('(\w+)'\) *\}\}")


@dataclass(frozen=True)
class Fault:
    """What a test has to notice: content it is after ``prepare``, and no longer after ``plant``."""

    plant: str
    prepare: str = ""
    least: int = 1
    """Of what the test returns, so many rows more than without the fault."""


@dataclass(frozen=True)
class Warehouse:
    """A warehouse to spoil, and dbt's description of everything in it."""

    connection: duckdb.DuckDBPyConnection
    executor: Executor
    tests: tuple[Node, ...]
    described: Mapping[str, dict[str, Any]]
    variables: Mapping[str, Any]

    def relation(self, expression: str) -> str:
        """Quoted name of what ``ref('model')`` or ``source('source', 'table')`` stands for."""
        call = _RELATION.fullmatch(expression)
        assert call is not None, expression
        *source, name = (word.strip(" '\"") for word in call[1].split(","))
        names = [
            one["relation_name"]
            for one in self.described.values()
            if one["resource_type"] in ("model", "seed", "snapshot", "source")
            and one["name"] == name
            and (not source or source[0] in (one.get("source_name"), one["package_name"]))
        ]
        assert len(names) == 1, expression
        return str(names[0])

    def columns(self, relation: str) -> dict[str, str]:
        """Types by column."""
        rows = self.connection.execute(f"describe {relation}").fetchall()
        return {name: kind for name, kind, *_ in rows}

    def holds(self, condition: str, relation: str) -> bool:
        """Whether some row meets the condition."""
        found = self.connection.execute(f"select 1 from {relation} where {condition} limit 1").fetchone()
        return found is not None

    def argument(self, value: Any) -> Any:
        """An argument of a test as its SQL has it: the value of a variable."""
        variable = _VARIABLE.fullmatch(value) if isinstance(value, str) else None
        return self.variables[variable[1]] if variable else value

    def case(self, node: Node) -> Case:
        """The test as its faults see it."""
        about = self.described[node.id]
        meta = about.get("test_metadata") or {"name": node.name, "kwargs": {}}
        tested = about.get("attached_node") or about["depends_on"]["nodes"][0]
        return Case(
            self,
            kind=meta["name"],
            table=self.described[tested]["relation_name"],
            column=f'"{about["column_name"]}"' if about.get("column_name") else "",
            where=about["config"].get("where") or "true",
            arguments={name: self.argument(value) for name, value in meta["kwargs"].items()},
            parents=tuple(self.described[name]["relation_name"] for name in about["depends_on"]["nodes"]),
        )

    def complaint(self, node: Node, fault: Fault) -> str:
        """How the test got this fault wrong; empty if it was content before and not after."""
        content = {"pass"} if node.rule.severity == "error" else {"pass", "warn"}
        roused = "fail" if node.rule.severity == "error" else "warn"
        self.connection.execute("begin")
        try:
            if fault.prepare:
                self.connection.execute(fault.prepare)
            before = self.result(node)
            self.connection.execute(fault.plant)
            after = self.result(node)
        finally:
            self.connection.execute("rollback")
            self.executor._kinds.clear()
        if before.status not in content:
            return f"{before.status} without a fault, after [{fault.prepare}]: {before.message}"
        if after.status != roused or after.failures < before.failures + fault.least:
            return f"{after.status}, {before.failures} -> {after.failures} failures, after [{fault.plant}]"
        return ""

    def result(self, node: Node) -> NodeResult:
        """What a build makes of the test."""
        return self.executor._test(node)


@dataclass(frozen=True)
class Case:
    """A data test: what it is attached to, and with which arguments."""

    warehouse: Warehouse
    kind: str
    table: str
    column: str
    where: str
    arguments: Mapping[str, Any]
    parents: tuple[str, ...]

    def ref(self, argument: str) -> str:
        return self.warehouse.relation(self.arguments[argument])

    @property
    def type(self) -> str:
        return self.warehouse.columns(self.table)[self.column.strip('"')]


def one(table: str, condition: str) -> str:
    """Condition that picks one row, of those that meet a condition if there are any."""
    return f"rowid = (select rowid from {table} order by ({condition}) is not true, rowid limit 1)"


def stranger(kind: str) -> str:
    """A value that no list and no table knows."""
    return f"'{STRANGER}'" if kind in ("VARCHAR", "JSON") else "-987654"


def changed(column: str, kind: str, sign: str = "+") -> str:
    """The column with another value, higher or lower if it can be, be it null or not."""
    if kind in ("VARCHAR", "JSON"):
        return f"coalesce({column}, '') || '{STRANGER}'"
    if kind == "BOOLEAN":
        return f"{column} is not true"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"coalesce({column}, '2000-01-01') {sign} interval {SHIFT} day"
    decimal = _DECIMAL.fullmatch(kind)
    room = int(decimal[1]) - int(decimal[2]) - 1 if decimal else 3
    return f"coalesce({column}, 0) {sign} {min(SHIFT, 10**room)}"


def step(kind: str) -> str:
    """The least difference between two values of a column."""
    if decimal := _DECIMAL.fullmatch(kind):
        return f"{10 ** -int(decimal[2]):.{decimal[2]}f}"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return "interval 1 day"
    return "0.000001" if kind in ("DOUBLE", "FLOAT") else "1"


def mentioned(text: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Those of the columns that an expression speaks of."""
    bare = text if "{{" in text else re.sub(r"'[^']*'", "", text)  # quotes in Jinja hold SQL
    words = set(re.findall(r"\w+", bare))
    return {column: kind for column, kind in columns.items() if column in words}


def copy(table: str, condition: str = "true") -> str:
    """Have a row twice."""
    return f"insert into {table} select * from {table} where {one(table, condition)}"


def spoilable(
    root: Path, plan: Plan, manifest: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> Warehouse:
    """The data tests of the project at root, and the tables under them without constraints."""
    described = manifest["nodes"] | manifest["sources"]
    tests = tuple(node for node in plan.nodes if node.kind == "test")
    parents = {name for node in tests for name in described[node.id]["depends_on"]["nodes"]}
    views = {
        f'"{name}"'
        for (name,) in connection.execute(
            "select view_name from duckdb_views() where not internal"
        ).fetchall()
    }
    for relation in sorted(described[name]["relation_name"] for name in parents):
        kind = "view" if relation.split(".")[-1] in views else "table"
        connection.execute(f"create temp table remade as from {relation}; drop {kind} {relation}")
        connection.execute(f"create table {relation} as from remade; drop table remade")
    variables = yaml.safe_load((root / "dbt_project.yml").read_text())["vars"]
    executor = Executor(plan, DuckDB(lambda: connection), lambda _: [], built_at=BUILT_AT, unit_tests={})
    return Warehouse(connection, executor, tests, described, variables)
