"""Every cell of every mart is what the truth says, to the cent and the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from brewhouse.simulate.sandbox.world import World
from tests.conftest import SCALE, Place
from tests.truth import business as truth
from tests.truth.business import Business
from tests.truth.compared import Row, compare

MARTS: dict[str, Callable[[Business], list[Row]]] = {
    "user_metrics": truth.user_metrics,
    "cohort_summary": truth.cohort_summary,
    "product_summary": truth.product_summary,
    "daily_summary": truth.daily_summary,
}


@pytest.fixture(scope="module")
def known() -> Business:
    return truth.business(World(scale=SCALE))


@pytest.mark.parametrize("mart", MARTS)
def test_mart_equals_truth(built: Place, known: Business, mart: str) -> None:
    compare(built, f"marts.{mart}", MARTS[mart](known))


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "dirt", "end"), [(7, 5.0, "2025-03-01"), (2026, 0.0, "2024-02-29")])
def test_marts_equal_truth_for_other_companies(new: Place, seed: int, dirt: float, end: str) -> None:
    new.change("brewhouse.toml", "seed = 42", f"seed = {seed}")
    new.change("brewhouse.toml", "dirt = 1.0", f"dirt = {dirt}")
    new.change("brewhouse.toml", "end = 2026-06-30", f"end = {end}")
    new.change("dbt_project.yml", "max_quarantined_share: 0.05", "max_quarantined_share: 0.2")
    done = new.brewhouse("run", "--json")
    assert done.code == 0, done.err + done.out[:2000]
    known = truth.business(World(seed, SCALE, dt.date.fromisoformat(end), 365, dirt))
    for mart, compute in MARTS.items():
        compare(new, f"marts.{mart}", compute(known))
