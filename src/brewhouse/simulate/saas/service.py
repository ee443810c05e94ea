"""When an account is in service, and moments drawn within it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.lifecycle_records import Months
from brewhouse.simulate.saas.world import World

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def service_row(block: Block, account: Ints, ms: Ints) -> Ints:
    """Row of ``months`` in which a moment of an account lies; -1 when it was not in service then."""
    months = block.months
    steps = block.world.months + 1
    table = np.full((len(block.accounts), steps + 1), -1)
    table[months.account, months.step] = np.arange(len(months.account))
    guess = np.clip(block.world.month_of(np.minimum(ms, block.world.end_ms)), 0, steps - 1)
    found = np.full(len(account), -1)
    for shift in (1, 0, -1):  # a trial may begin before its step's month, a step ends in the next
        row = table[account, np.clip(guess + shift, 0, steps)]
        inside = (row >= 0) & (months.start_ms[row] <= ms) & (ms < months.stop_ms[row])
        found = np.where(inside, row, found)
    return found


def leaves(months: Months, counts: Ints) -> tuple[Ints, Ints, Ints]:
    """Expand ``counts`` per month of service: the row of the month, and the numbers of rows of each step."""
    row, _ = positions(counts)
    steps, begins = np.unique(months.step, return_index=True)
    sums = np.add.reduceat(counts, begins) if len(begins) else counts
    return row, steps, sums


def identity_of(steps: Ints, sums: Ints, block: int, kind: int) -> Ints:
    """Numbers of leaf rows: 15 digits of kind, step, block and place; the same when a step is made alone."""
    step = np.repeat(steps, sums)
    first = np.repeat(np.cumsum(sums) - sums, sums)
    place = np.arange(len(step)) - first
    return ((kind * 100 + step) * 100_000 + block) * 10_000_000 + place


def rounded(expected_q12: Ints, draw16: NDArray[np.uint16]) -> Ints:
    """Whole numbers whose mean is the expected one."""
    return np.asarray((expected_q12 + (draw16.astype(np.int64) >> 4)) >> 12)


def moments(
    block: Block, months: Months, row: Ints, wide: NDArray[np.uint32], hour: Ints, keep: Ints
) -> Ints:
    """A moment in each row's month: of two days the first if ``keep`` (in Q16, by weekday) likes it, else the second.

    ``hour`` is that of the account's own clock; ``wide`` has three columns of 32-bit draws. A moment may lie outside
    the month: the caller drops it.
    """
    begin = months.start_ms[row] // DAY_MS
    span = np.maximum(1, (months.stop_ms[row] + DAY_MS - 1) // DAY_MS - begin)
    first, second = begin + below(wide[:, 0], span), begin + below(wide[:, 1], span)
    likes = (wide[:, 1].astype(np.int64) & 65_535) < keep[World.weekday(first)]
    day = np.where(likes, first, second)
    local = day * DAY_MS + hour * HOUR_MS + below(wide[:, 2], HOUR_MS)
    return local - block.offset_ms[months.account[row]]
