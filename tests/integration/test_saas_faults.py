"""A test that cannot fail is a defect: every data test of the blueprint saas is seen to fail on planted faults.

The faults follow from each test's type and arguments, as dbt's manifest has them. The executor itself runs the test's
compiled SQL before and after a fault, in a transaction that is rolled back. A type without faults fails this suite.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from brewhouse.transform.execute import Executor
from brewhouse.transform.plan import Node, Plan, plan_key, plan_path, read_plan
from brewhouse.transform.results import NodeResult
from brewhouse.warehouse.duckdb_engine import DuckDB
from tests.conftest import Place

BUILT_AT = "2026-07-01 00:00:00"
MIN_ROWS = 100
"""Raw rows below which quarantine_share has no opinion, unless it is told otherwise."""
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
        if before.status not in content:
            return f"{before.status} without a fault, after [{fault.prepare}]: {before.message}"
        if after.status != roused or after.failures <= before.failures:
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

    def faults(self) -> list[Fault]:
        assert self.kind in PLANTERS, f"no fault is known for a test of the type {self.kind}"
        return PLANTERS[self.kind](self)


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


def unique(case: Case) -> list[Fault]:
    return [Fault(copy(case.table, f"{case.column} is not null and ({case.where})"))]


def unique_combination(case: Case) -> list[Fault]:
    return [Fault(copy(case.table, case.where))]


def not_null(case: Case) -> list[Fault]:
    chosen = one(case.table, f"{case.column} is not null and ({case.where})")
    return [Fault(f"update {case.table} set {case.column} = null where {chosen}")]


def accepted_values(case: Case) -> list[Fault]:
    chosen = one(case.table, f"{case.column} is not null and ({case.where})")
    plant = f"update {case.table} set {case.column} = {stranger(case.type)} where {chosen}"
    empty = not case.warehouse.holds("true", case.table)  # as a quarantine may be
    return [Fault(plant, f"insert into {case.table} ({case.column}) values (null)" if empty else "")]


def accepted_range(case: Case) -> list[Fault]:
    """The last value that is allowed, and the first that is not, at each limit."""

    def at(value: str) -> str:
        chosen = one(case.table, f"{case.column} is not null and ({case.where})")
        return f"update {case.table} set {case.column} = {value} where {chosen}"

    inclusive = case.arguments.get("inclusive", True)
    faults = []
    for limit, inward, outward in (("min_value", "+", "-"), ("max_value", "-", "+")):
        value = case.arguments.get(limit)
        if value is not None:
            within = f"{value} {inward} {step(case.type)}"
            beyond = f"{value} {outward} {step(case.type)}"
            fault = Fault(at(beyond), at(f"{value}")) if inclusive else Fault(at(f"{value}"), at(within))
            faults.append(fault)
    return faults


def relationships(case: Case) -> list[Fault]:
    """A key that nobody has, and a parent that is gone."""
    parent, field = case.ref("to"), case.arguments["field"]
    chosen = one(case.table, f"{case.column} in (select {field} from {parent}) and ({case.where})")
    return [
        Fault(f"update {case.table} set {case.column} = {stranger(case.type)} where {chosen}"),
        Fault(
            f"delete from {parent} where {field} = (select {case.column} from {case.table} where {chosen})"
        ),
    ]


def not_empty(case: Case) -> list[Fault]:
    return [
        Fault(f"delete from {case.table}", f"delete from {case.table} where not {one(case.table, 'true')}")
    ]


def conserves_rows(case: Case) -> list[Fault]:
    """A row that is lost, kept twice, or comes from nowhere; one that was rejected is worth as much."""
    raw, quarantine, first = case.ref("raw"), case.ref("quarantine"), one(case.table, "true")
    reject = (
        f"insert into {quarantine} (_source_file, _source_row) "
        f"select _source_file, _source_row from {case.table} where {first}"
    )
    keep_out = f"delete from {case.table} where {first}"
    rejected = f"{reject}; {keep_out}"
    return [
        Fault(keep_out),
        Fault(reject),
        Fault(copy(case.table)),
        Fault(f"delete from {quarantine} where {one(quarantine, 'true')}", rejected),
        Fault(copy(quarantine), rejected),
        Fault(copy(raw)),
        Fault(f"delete from {raw} where {one(raw, 'true')}"),
    ]


def quarantine_share(case: Case) -> list[Fault]:
    """One rejected row too many, and one raw row more than too few to judge by."""
    raw, least = case.ref("raw"), int(case.arguments.get("min_rows", MIN_ROWS))

    def rows(relation: str, count: int) -> str:
        column = next(iter(case.warehouse.columns(relation)))
        return f'insert into {relation} ("{column}") select null from range({count})'

    def counts(quarantined: int, raw_rows: int) -> str:
        empty = f"delete from {case.table}; delete from {raw}"
        return f"{empty}; {rows(case.table, quarantined)}; {rows(raw, raw_rows)}"

    allowed = int(float(case.arguments["max_share"]) * least)
    return [
        Fault(rows(case.table, 1), counts(allowed, least)),
        Fault(rows(raw, 1), counts(least, least - 1)),
    ]


def expression_is_true(case: Case) -> list[Fault]:
    """More and less in any column of it, and nothing where that makes it null."""
    expression = case.arguments["expression"]
    columns = mentioned(expression, case.warehouse.columns(case.table))
    assert columns, f"{expression} names no column of {case.table}"
    faults = []
    for column, kind in columns.items():
        more, less, none = (
            f'select * replace ({value} as "{column}") from {case.table} where {case.where}'
            for value in (changed(column, kind, "+"), changed(column, kind, "-"), f"null::{kind}")
        )
        faults.append(Fault(f"insert into {case.table} {more} union all {less}"))
        unknown = f"({expression}) is null and ({case.where})"
        if "{{" not in expression and case.warehouse.holds(unknown, f"({none})"):
            faults.append(Fault(f"insert into {case.table} {none}"))
    return faults


def has_match(case: Case) -> list[Fault]:
    """Other values on either side, and counterparts that no longer meet the condition."""
    to, columns = case.ref("to"), case.arguments["columns"]
    own, others = case.warehouse.columns(case.table), case.warehouse.columns(to)
    chosen = one(case.table, case.where)
    theirs = [*columns.values(), *mentioned(case.arguments["condition"], others)]
    return [
        *(
            Fault(f"update {case.table} set {column} = {changed(column, own[column])} where {chosen}")
            for column in columns
        ),
        *(Fault(f"update {to} set {column} = {changed(column, others[column])}") for column in theirs),
        Fault(f"delete from {to}"),
    ]


def reconciles(case: Case) -> list[Fault]:
    """In any of the parts each row twice, and one that is like no other: that changes all sums, counts and spans."""
    faults = []
    others = [*case.arguments.get("plus", []), *case.arguments["equals"]]
    parts = [(case.warehouse.relation(part["relation"]), part["expression"]) for part in others]
    for relation, expression in [(case.table, case.arguments["expression"]), *parts]:
        columns = case.warehouse.columns(relation)
        used = mentioned(expression, columns) or dict([next(iter(columns.items()))])
        names = ", ".join(f'"{column}"' for column in used)
        values = ", ".join(changed(f"null::{kind}", kind) for kind in used.values())
        twice = f"insert into {relation} select * from {relation}"
        faults.append(Fault(f"{twice}; insert into {relation} ({names}) select {values}"))
    return faults


def dirt_is_quarantined(case: Case) -> list[Fault]:
    """In each quarantine a row too many; where there is one, none, and one with another reason."""
    faults = []
    for quarantine in (parent for parent in case.parents if "quarantine" in parent):
        key = "(_source_file, _source_row, reason)"
        faults.append(Fault(f"insert into {quarantine} {key} values ('{STRANGER}', 0, 'missing_id')"))
        if case.warehouse.holds("true", quarantine):
            first = one(quarantine, "true")
            faults.append(Fault(f"delete from {quarantine} where {first}"))
            faults.append(Fault(f"update {quarantine} set reason = '{STRANGER}' where {first}"))
    return faults


def late_rows_are_flagged(case: Case) -> list[Fault]:
    """In each table a late row that is not flagged, and one in time that is."""
    return [
        Fault(f"update {table} set is_late = not is_late where {one(table, chosen)}")
        for table in case.parents
        if "staging" in table
        for chosen in ("is_late", "not is_late")
    ]


Planter = Callable[[Case], list[Fault]]

BY_TYPE: dict[str, Planter] = {
    planter.__name__: planter
    for planter in (
        accepted_range, accepted_values, conserves_rows, expression_is_true, has_match, not_empty, not_null,
        quarantine_share, reconciles, relationships, unique, unique_combination,
    )
}  # fmt: skip
BY_NAME: dict[str, Planter] = {
    planter.__name__: planter for planter in (dirt_is_quarantined, late_rows_are_flagged)
}
PLANTERS = BY_TYPE | BY_NAME


@pytest.fixture(scope="module")
def warehouse(built_saas: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    root = built_saas.root
    plan = read_plan(plan_path(Path(os.environ["BREWHOUSE_CACHE_DIR"]), plan_key(root, ())))
    assert plan is not None
    if not (root / "target" / "manifest.json").exists():
        assert built_saas.dbt("parse").code == 0
    path = tmp_path_factory.mktemp("saas_faults") / built_saas.warehouse.name
    shutil.copy(built_saas.warehouse, path)
    with duckdb.connect(path) as connection:
        yield spoilable(plan, connection, root)


def spoilable(plan: Plan, connection: duckdb.DuckDBPyConnection, root: Path) -> Warehouse:
    """The data tests of a project, and the tables under them without constraints."""
    manifest = json.loads((root / "target" / "manifest.json").read_text())
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


def test_each_type_of_data_test_has_faults(warehouse: Warehouse) -> None:
    kinds = {warehouse.case(node).kind for node in warehouse.tests}
    assert sorted(kinds - PLANTERS.keys()) == [], "what are these meant to find? Write a planter for each"
    assert sorted(BY_NAME.keys() - kinds) == [], "no test has that name"


def test_each_data_test_notices_its_faults(warehouse: Warehouse, subtests: pytest.Subtests) -> None:
    assert len(warehouse.tests) > 400
    for node in warehouse.tests:
        with subtests.test(node.name):
            assert node.direct, "only dbt can run it, this suite cannot"
            faults = warehouse.case(node).faults()
            assert faults
            assert [found for fault in faults if (found := warehouse.complaint(node, fault))] == []


def test_a_numb_test_is_found_out(warehouse: Warehouse) -> None:
    """This suite can fail, too: on a test that finds nothing, and on one that always finds something."""
    node = next(node for node in warehouse.tests if warehouse.case(node).kind == "not_null")
    (fault,) = warehouse.case(node).faults()
    assert warehouse.complaint(node, fault) == ""
    assert "pass" in warehouse.complaint(replace(node, sql="select 1 where false"), fault)
    assert "without a fault" in warehouse.complaint(replace(node, sql="select 1"), fault)


def test_each_warning_has_its_reason(warehouse: Warehouse) -> None:
    warnings = [node for node in warehouse.tests if node.rule.severity == "warn"]
    assert warnings
    assert [node.name for node in warnings if not node.reason] == []
