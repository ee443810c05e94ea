"""The plan holds the texts that dbt compiles, though dbt's way is shortened."""

from __future__ import annotations

import json

from brewhouse.transform.plan import BUILT_AT
from tests.conftest import Place


def test_all_texts_are_those_of_dbt_compile(place: Place) -> None:
    done = place.dbt("compile", "--full-refresh", "--vars", json.dumps({"built_at": BUILT_AT}))
    assert done.code == 0, done.out
    manifest = json.loads((place.root / "target" / "manifest.json").read_text())
    compiled = {name: node.get("compiled_code") for name, node in manifest["nodes"].items()}
    ours = {node.id: node.sql for node in place.plan().nodes if node.sql}
    assert len(ours) > 100
    assert ours == {name: compiled[name] for name in ours}


def test_of_several_unit_tests_the_one_that_fails_says_so_in_the_words_of_dbt(place: Place) -> None:
    units = place.plan().unit_tests()
    first = next(unit for unit in units if unit.tested.endswith(".int_user_orders"))
    path = place.root / "models" / "intermediate" / "int_user_orders.yml"
    before, name, after = path.read_text().partition(f"name: {first.name}\n")
    given, expect, rows = after.partition("    expect:\n")
    path.write_text(before + name + given + expect + rows.replace("- {", "- {no_such_column: 1, ", 1))
    done = place.brewhouse("build", "--full-refresh", "--json")
    by_status: dict[str, list[str]] = {}
    for node in done.json["nodes"]:
        if node["kind"] == "unit_test":
            by_status.setdefault(node["status"], []).append(node["id"])
    assert by_status["error"] == [first.id]
    assert by_status.keys() == {"error", "pass", "skipped"}
    assert len(by_status["pass"]) > len(units) / 2
    said = next(node["message"] for node in done.json["nodes"] if node["id"] == first.id)
    assert "Invalid column name: 'no_such_column' in unit test fixture for expected output" in said
