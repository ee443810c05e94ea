"""Divide a fixed number of things among weights, so that totals are known in advance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def apportion(total: int, weights: Ints, start: int = 0) -> Ints:
    """Divide ``total`` among ``weights`` (integers >= 0); the parts sum to ``total`` exactly.

    Systematic sampling: part i is the number of whole steps that the running weight crosses, so its
    expectation is proportional to its weight. ``start`` in [0, 2**32) shifts the grid. Weights and total
    must multiply to less than 2**63. Source: Madow (1949), systematic sampling with unequal probability.
    """
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(weights)])
    whole = int(running[-1])
    if whole <= 0:
        even = np.full(len(weights), total // max(1, len(weights)), np.int64)
        even[: total - int(even.sum())] += 1
        return even
    shift = (start * whole) >> 32
    return np.diff((running * total + shift) // whole)


def positions(counts: Ints) -> tuple[Ints, Ints]:
    """Expand ``counts``: the parent's row of each child, and the child's ordinal under its parent."""
    parent = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return parent, np.arange(len(parent)) - first[parent]


def in_order(values: Ints) -> Ints:
    """The rows in ascending order of ``values``, equal ones as they stand; faster than a stable argsort.

    The span of the values and the number of rows must fit into 63 bits together.
    """
    rows = len(values)
    if rows == 0:
        return np.zeros(0, np.int64)
    bits = max(1, (rows - 1).bit_length())
    packed = np.sort((values - values.min()) << bits | np.arange(rows))
    return packed & ((1 << bits) - 1)


def running_within(values: Ints, starts_group: NDArray[np.bool_]) -> Ints:
    """Running sum of ``values`` that begins anew at each row where ``starts_group`` is true."""
    total = np.cumsum(values)
    before: Ints = total - values
    base: Ints = before[np.flatnonzero(starts_group)][np.cumsum(starts_group) - 1]
    return total - base
