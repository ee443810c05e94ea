"""A test that cannot fail is a defect: every data test of the blueprint is seen to fail on a planted fault.

Each test's compiled SQL runs once on the healthy warehouse and once after a fault that it is meant for, inside a
transaction that is rolled back. A data test without a fault of its own fails this suite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from brewhouse.transform.plan import Node
from tests.conftest import Place

FAULTS = yaml.safe_load(Path(__file__).with_name("faults.yml").read_text())


@dataclass(frozen=True)
class Suite:
    """The blueprint's data tests, dbt's description of each, and a warehouse to spoil."""

    tests: dict[str, Node]
    described: dict[str, dict[str, Any]]
    connection: duckdb.DuckDBPyConnection

    def failures(self, node: Node) -> int:
        row = self.connection.execute(f"select {node.rule.fail_calc} from ({node.sql}) t").fetchone()
        assert row is not None
        return int(row[0])

    def faults(self, node: Node) -> list[str]:
        """The statements that this test has to notice."""
        named = [sql for part, sql in FAULTS["by_name"].items() if part in node.name]
        if named:
            return [statement for statements in named for statement in statements]
        about = self.described[node.id]
        kind = about["test_metadata"]["name"]
        assert kind in FAULTS["by_kind"], f"no fault is known for the test {node.name}"
        schema, table = self.relation(about["attached_node"] or about["depends_on"]["nodes"][0])
        column = f'"{about["column_name"]}"' if about["column_name"] else "''"
        return [FAULTS["by_kind"][kind].format(table=f'"{schema}"."{table}"', column=column)]

    def relation(self, name: str) -> tuple[str, str]:
        about = self.described[name]
        return about["schema"], about.get("identifier") or about.get("alias") or about["name"]


@pytest.fixture(scope="module")
def suite(built: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    plan, manifest = built.plan(), built.manifest()
    path = tmp_path_factory.mktemp("faults") / "warehouse.duckdb"
    path.write_bytes(built.warehouse.read_bytes())
    with duckdb.connect(path) as connection:
        views = connection.execute(
            "select schema_name, view_name from duckdb_views() where not internal"
        ).fetchall()
        for schema, view in views:  # only tables can be spoiled
            connection.execute(f"create table made_table as select * from {schema}.{view}")
            connection.execute(f"drop view {schema}.{view}")
            connection.execute(f"create table {schema}.{view} as from made_table; drop table made_table")
        tests = {node.name: node for node in plan.nodes if node.kind == "test"}
        yield Suite(tests, manifest["nodes"] | manifest["sources"], connection)


def test_each_error_level_test_passes_healthy_and_fails_on_its_faults(suite: Suite) -> None:
    assert len(suite.tests) > 100
    numb = []
    for node in suite.tests.values():
        if node.rule.severity == "error":
            assert suite.failures(node) == 0, node.name
        for fault in suite.faults(node):
            suite.connection.execute("begin")
            before = suite.failures(node)
            suite.connection.execute(fault)
            if suite.failures(node) <= before:
                numb.append((node.name, fault))
            suite.connection.execute("rollback")
    assert numb == []


def test_each_named_fault_belongs_to_a_test(suite: Suite) -> None:
    assert [part for part in FAULTS["by_name"] if not any(part in name for name in suite.tests)] == []


def test_each_warning_has_its_reason(suite: Suite) -> None:
    warnings = [node for node in suite.tests.values() if node.rule.severity == "warn"]
    sources = [node for node in warnings if node.tested.startswith("source.")]
    assert len(sources) == 13, "the source tests of the specification: raw keeps what arrives"
    assert [node.name for node in warnings if not node.reason] == []
