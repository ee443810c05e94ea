"""The random streams are Philox4x64-10 at a counter, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from brewhouse.simulate.engine.streams import Stream, below, hash64

MASK = 2**64 - 1
MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Philox4x64-10 as published (Salmon et al., SC 2011), in plain Python."""
    c, k = list(counter), list(key)
    for _ in range(10):
        high0, low0 = divmod(MULTIPLIERS[0] * c[0], 2**64)
        high1, low1 = divmod(MULTIPLIERS[1] * c[2], 2**64)
        c = [high1 ^ c[1] ^ k[0], low1, high0 ^ c[3] ^ k[1], low0]
        k = [(k[0] + WEYL[0]) & MASK, (k[1] + WEYL[1]) & MASK]
    return c


@pytest.mark.parametrize(("first", "step", "block"), [(0, 0, 0), (7, 3, 2), (2**40, 5, 1)])
def test_words_are_philox_at_row_step_block(first: int, step: int, block: int) -> None:
    words = Stream(42, "test@v1").words(3, first=first, step=step, block=block)
    for row in range(3):
        expected = philox([first + row, step, block, 0], [42, hash64("test@v1")])
        assert words[row].tolist() == expected


def test_a_row_does_not_depend_on_how_many_are_drawn() -> None:
    stream = Stream(1, "test@v1")
    many = stream.lanes32(1000, block=3)
    assert np.array_equal(stream.lanes32(10, first=500, block=3), many[500:510])


def test_streams_of_other_names_and_seeds_differ() -> None:
    draws = {Stream(seed, name).lanes16(8).tobytes() for seed in (1, 2) for name in ("a@v1", "b@v1")}
    assert len(draws) == 4


def test_below_stays_below_and_reaches_both_ends() -> None:
    draw = Stream(5, "test@v1").lanes32(20_000)[:, 0]
    values = below(draw, 7)
    assert set(values.tolist()) == set(range(7))
    assert np.all(below(draw, 0) == 0)


def test_packed_draws_are_the_lanes_in_a_row() -> None:
    stream = Stream(9, "test@v1")
    assert np.array_equal(stream.draw16(40, block=2), stream.lanes16(3, block=2).reshape(-1)[:40])
    assert np.array_equal(stream.draw32(17, block=2), stream.lanes32(3, block=2).reshape(-1)[:17])
    assert len(stream.draw32(0)) == 0
