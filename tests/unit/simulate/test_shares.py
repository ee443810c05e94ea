"""Totals are exact whatever the weights."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from brewhouse.simulate.engine.shares import apportion, in_order, positions, running_within

weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=200)


@given(total=st.integers(0, 10**6), weights=weights, start=st.integers(0, 2**32 - 1))
def test_parts_sum_to_the_total(total: int, weights: list[int], start: int) -> None:
    parts = apportion(total, np.array(weights), start)
    assert parts.sum() == total
    assert (parts >= 0).all()


@given(total=st.integers(0, 10**6), weights=weights, start=st.integers(0, 2**32 - 1))
def test_a_part_is_within_one_of_its_share(total: int, weights: list[int], start: int) -> None:
    whole = sum(weights)
    parts = apportion(total, np.array(weights), start)
    if whole:
        share = np.array(weights) * total / whole
        assert (np.abs(parts - share) < 1 + 1e-6).all()
    else:
        assert parts.max() - parts.min() <= 1


@given(st.lists(st.integers(0, 5), min_size=1, max_size=50))
def test_positions_number_the_children(counts: list[int]) -> None:
    parent, ordinal = positions(np.array(counts))
    expected = [(row, nth) for row, count in enumerate(counts) for nth in range(count)]
    assert list(zip(parent.tolist(), ordinal.tolist(), strict=True)) == expected


@given(st.lists(st.tuples(st.integers(-9, 9), st.booleans()), min_size=1, max_size=50))
def test_running_sums_begin_anew_with_each_group(rows: list[tuple[int, bool]]) -> None:
    values = [value for value, _ in rows]
    starts = [True, *(start for _, start in rows[1:])]
    expected, total = [], 0
    for value, start in zip(values, starts, strict=True):
        total = value if start else total + value
        expected.append(total)
    assert running_within(np.array(values), np.array(starts)).tolist() == expected


@given(st.lists(st.integers(-(10**9), 10**12), max_size=200))
def test_in_order_is_a_stable_argsort(values: list[int]) -> None:
    array = np.array(values, np.int64)
    assert in_order(array).tolist() == np.argsort(array, kind="stable").tolist()
