"""The project is a plain dbt project, and our build says what dbt's own says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Place


def dbt_statuses(place: Place) -> dict[str, tuple[str, Any]]:
    results = json.loads((place.root / "target" / "run_results.json").read_text())["results"]
    return {result["unique_id"]: (result["status"], result["failures"] or 0) for result in results}


def our_statuses(document: Any) -> dict[str, tuple[str, Any]]:
    return {node["id"]: (node["status"], node["failures"]) for node in document["nodes"]}


@pytest.mark.parametrize(
    "command",
    [
        ("run", "--select", "staging"),
        ("run", "--select", "intermediate"),
        ("run", "--select", "marts"),
        ("test",),
        ("docs", "generate"),
    ],
    ids=" ".join,
)
def test_the_commands_of_the_specification_work(place: Place, command: tuple[str, ...]) -> None:
    outcome = place.dbt(*command)
    assert outcome.code == 0, outcome.out
    assert "deprecat" not in outcome.out.lower()


def test_dbt_build_gives_the_same_tables_and_statuses(place: Place) -> None:
    ours = place.brewhouse("build", "--json", "--full-refresh")
    before = place.content()
    outcome = place.dbt("build")
    assert outcome.code == 0, outcome.out
    assert place.content() == before
    assert dbt_statuses(place) == our_statuses(ours.json)


def test_statuses_are_the_same_when_things_go_wrong(place: Place) -> None:
    """A failing test, a failing unit test, a model with an error, and all that is skipped behind them."""
    place.change("models/marts/product_summary.sql", "unique_buyers", "no_such_column + unique_buyers")
    place.change("dbt_project.yml", "max_quarantined_share: 0.05", "max_quarantined_share: 0.0")
    ours = place.brewhouse("build", "--json")
    assert ours.code == 1
    document = ours.json
    assert document["status"] == "error"
    assert document["error"]["code"] == "BH201"
    outcome = place.dbt("build")
    assert outcome.code == 1
    theirs = dbt_statuses(place)
    assert our_statuses(document) == theirs
    assert {status for status, _ in theirs.values()} >= {"fail", "skipped", "pass"}


def test_our_run_results_can_be_read_by_dbt(place: Place) -> None:
    assert place.brewhouse("build", "--quiet").code == 0
    outcome = place.dbt("ls", "--select", "result:success", "--state", "target")
    assert outcome.code == 0, outcome.out
    assert "user_metrics" in outcome.out


def test_dbt_deps_leaves_a_project_that_builds(new: Place) -> None:
    assert new.dbt("deps").code == 0
    assert new.dbt("parse").code == 0
