"""Every cell of every mart of commerce is what the truth says, to the cent and the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from brewhouse.simulate.commerce.world import World
from tests.conftest import SCALE, Place
from tests.truth import shop as truth
from tests.truth.compared import Row, compare
from tests.truth.shop import Shop

MARTS: dict[str, tuple[Callable[[Shop], list[Row]], int]] = {
    "customer_lifetime_value": (truth.customer_lifetime_value, 1),
    "customer_segmentation": (truth.customer_segmentation, 1),
    "product_affinity": (truth.product_affinity, 5),
    "product_recommendations": (truth.product_recommendations, 4),
    "monthly_cohorts": (truth.monthly_cohorts, 2),
}
"""How to compute each, and how many of its first columns tell its rows apart."""


@pytest.fixture(scope="module")
def known() -> Shop:
    return truth.shop(World(scale=SCALE))


@pytest.mark.parametrize("mart", MARTS)
def test_mart_equals_truth(built_commerce: Place, known: Shop, mart: str) -> None:
    compute, keys = MARTS[mart]
    compare(built_commerce, f"analytics.{mart}", compute(known), keys)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "dirt", "end", "days"), [(7, 5.0, "2025-03-10", 700), (2026, 0.0, "2024-02-29", 1096)]
)
def test_marts_equal_truth_for_other_shops(
    tmp_path: Path, seed: int, dirt: float, end: str, days: int
) -> None:
    place = Place(tmp_path / "bar")
    place.root.mkdir()
    made = place.brewhouse("init", ".", "--blueprint", "commerce", "--scale", str(SCALE), "--no-check")
    assert made.code == 0, made.err
    place.change("brewhouse.toml", "seed = 42", f"seed = {seed}")
    place.change("brewhouse.toml", "dirt = 1.0", f"dirt = {dirt}")
    place.change("brewhouse.toml", "end = 2026-06-30", f"end = {end}")
    place.change("brewhouse.toml", "days = 0 ", f"days = {days} ")
    place.change("dbt_project.yml", "max_quarantined_share: 0.06", "max_quarantined_share: 0.3")
    done = place.brewhouse("run", "--json")
    assert done.code == 0, done.err + done.out[:2000]
    known = truth.shop(World(seed, SCALE, dt.date.fromisoformat(end), days, dirt))
    for mart, (compute, keys) in MARTS.items():
        compare(place, f"analytics.{mart}", compute(known), keys)
