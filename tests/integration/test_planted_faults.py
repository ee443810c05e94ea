"""A test that cannot fail is a defect: every data test of saas and commerce is seen to fail on planted faults.

The faults follow from each test's type and arguments, as dbt's manifest has them. The executor itself runs the test's
compiled SQL before and after a fault, in a transaction that is rolled back. A type without faults fails this suite.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import duckdb
import pytest

from brewhouse.transform.plan import Node
from tests.conftest import Place
from tests.support import planters, planters_of_entities
from tests.support.faults import Case, Fault, Warehouse, spoilable

Planter = Callable[[Case], list[Fault]]

BY_NAME: dict[str, Planter] = {
    planter.__name__: planter for planter in (planters.dirt_is_quarantined, planters.late_rows_are_flagged)
}
PLANTERS: dict[str, Planter] = {
    name: planter
    for module in (planters, planters_of_entities)
    for name, planter in vars(module).items()
    if getattr(planter, "__module__", "") == module.__name__ and name not in ("singular",) and name[0] != "_"
}


def complaints(warehouse: Warehouse, node: Node) -> list[str]:
    """The faults that a test got wrong; of a test of one's own, the tables in which it notices nothing."""
    case = warehouse.case(node)
    if case.kind in PLANTERS:
        planted = PLANTERS[case.kind](case)
        assert planted
        return [found for fault in planted if (found := warehouse.complaint(node, fault))]
    tables = planters_of_entities.singular(case, node.sql)
    assert tables
    return [
        f"notices nothing in {table}"
        for table, planted in tables.items()
        if all(warehouse.complaint(node, fault) for fault in planted)
    ]


LEAST_TESTS = {"built_saas": 400, "built_commerce": 150}


@pytest.fixture(
    scope="module", params=[pytest.param("built_saas", marks=pytest.mark.exhaustive), "built_commerce"]
)
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    built: Place = request.getfixturevalue(request.param)
    plan, manifest = built.plan(), built.manifest()
    path = tmp_path_factory.mktemp("faults") / built.warehouse.name
    shutil.copy(built.warehouse, path)
    with duckdb.connect(path) as connection:
        yield spoilable(built.root, plan, manifest, connection)


def test_each_type_of_data_test_has_faults(warehouse: Warehouse) -> None:
    kinds = {
        warehouse.case(node).kind
        for node in warehouse.tests
        if warehouse.described[node.id].get("test_metadata")
    }
    assert sorted(kinds - PLANTERS.keys()) == [], "what are these meant to find? Write a planter for each"
    assert sorted(BY_NAME.keys() - {node.name for node in warehouse.tests}) == [], "no test has that name"


def test_each_data_test_notices_its_faults(
    warehouse: Warehouse, request: pytest.FixtureRequest, subtests: pytest.Subtests
) -> None:
    assert len(warehouse.tests) > LEAST_TESTS[request.node.callspec.params["warehouse"]]
    for node in warehouse.tests:
        with subtests.test(node.name):
            assert node.direct, "only dbt can run it, this suite cannot"
            assert complaints(warehouse, node) == []


def test_a_numb_test_is_found_out(warehouse: Warehouse) -> None:
    """This suite can fail, too: on a test that finds nothing, and on one that always finds something."""
    node = next(
        node
        for node in warehouse.tests
        if warehouse.case(node).kind == "not_null" and node.rule.severity == "error"
    )
    (fault,) = planters.not_null(warehouse.case(node))
    assert warehouse.complaint(node, fault) == ""
    assert "pass" in warehouse.complaint(replace(node, sql="select 1 where false"), fault)
    assert "without a fault" in warehouse.complaint(replace(node, sql="select 1"), fault)


def test_each_warning_has_its_reason(warehouse: Warehouse) -> None:
    warnings = [node for node in warehouse.tests if node.rule.severity == "warn"]
    assert warnings
    assert [node.name for node in warnings if not node.reason] == []
