"""Tables give the shapes that they promise, and refuse a platform on which they come out otherwise."""

from __future__ import annotations

from math import exp, gamma, log

import numpy as np
import pytest

from brewhouse.errors import TableChecksumError
from brewhouse.simulate.engine import tables


def test_categories_have_the_given_weights() -> None:
    table = tables.categories([50, 30, 0, 20])
    shares = np.bincount(table, minlength=4) / tables.CELLS
    assert np.allclose(shares, [0.5, 0.3, 0.0, 0.2], atol=1 / tables.CELLS)


def test_normal_has_mean_0_and_deviation_1() -> None:
    normal = tables.normal_q12() / tables.Q12
    assert abs(normal.mean()) < 1e-3
    assert abs(normal.std() - 1) < 1e-3


@pytest.mark.parametrize("sigma", [50, 60, 90, 100, 110, 120])
def test_lognormal_has_mean_1(sigma: int) -> None:
    assert abs(tables.lognormal_q12(sigma).mean() / tables.Q12 - 1) < 0.01


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(TableChecksumError) as caught:
        tables.lognormal_q12(77)
    assert caught.value.facts["table"] == "lognormal 77"


def test_another_result_of_the_maths_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables.CHECKSUMS, "lognormal 50", "0" * 16)
    tables.lognormal_q12.cache_clear()
    with pytest.raises(TableChecksumError):
        tables.lognormal_q12(50)
    tables.lognormal_q12.cache_clear()


def test_chance_rises_with_the_logit_between_never_and_always() -> None:
    logits = np.arange(-20 * tables.Q12, 20 * tables.Q12, 37)
    odds = tables.chance(logits)
    assert (np.diff(odds) >= 0).all()
    assert 0 <= odds.min() < 2**32 * 1e-5
    assert 2**32 * (1 - 1e-5) < odds.max() <= 2**32


@pytest.mark.parametrize("logit", [-6.0, -1.0, 0.0, 0.5, 3.0])
def test_chance_is_the_logistic_function(logit: float) -> None:
    found = tables.chance(np.array([round(logit * tables.Q12)]))[0] / 2**32
    assert abs(found - 1 / (1 + exp(-logit))) < 0.001


def test_weibull_has_its_median_and_mean() -> None:
    lives = tables.weibull_q12(160) / tables.Q12
    assert (np.diff(lives) >= 0).all()
    assert abs(np.median(lives) - log(2) ** (1 / 1.6)) < 0.001
    assert abs(lives.mean() - gamma(1 + 1 / 1.6)) < 0.001
