"""The random streams are Philox4x64-10 at a counter, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from brewhouse.simulate.engine.streams import Stream, below, hash64, mix

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


KEYS = np.arange(3_000, dtype=np.int64) * 977


def test_a_key_draws_the_same_whatever_other_keys_there_are() -> None:
    stream = Stream(7, "test@v1")
    draws = stream.keyed16(KEYS)
    assert np.array_equal(stream.keyed16(KEYS[1234:1235]), draws[1234:1235])
    assert np.array_equal(stream.keyed16(KEYS[::-1]), draws[::-1])
    assert np.array_equal(stream.keyed16(KEYS, 5), draws[:, :5])
    assert stream.keyed16(KEYS[:0], 5).shape == (0, 5)


def test_wide_draws_of_a_key_are_pairs_of_its_lanes() -> None:
    stream = Stream(7, "test@v1")
    assert np.array_equal(stream.keyed32(KEYS, 3), stream.keyed16(KEYS, 6).copy().view("<u4"))


def test_keyed_draws_of_other_names_and_seeds_differ() -> None:
    draws = {Stream(seed, name).keyed16(KEYS[:2]).tobytes() for seed in (1, 2) for name in ("a@v1", "b@v1")}
    assert len(draws) == 4


@pytest.mark.parametrize("lane", [0, 3, 4, 15, 31])
@pytest.mark.parametrize("shift", [0, 8])
def test_keyed_draws_are_uniform(lane: int, shift: int) -> None:
    """Chi-square over 256 cells at a fixed seed; 255 degrees of freedom, four standard deviations."""
    draws = Stream(3, "test@v1").keyed16(np.arange(100_000, dtype=np.int64), 32)[:, lane]
    counts = np.bincount(draws >> shift & 255, minlength=256)
    expected = len(draws) / 256
    chi = ((counts - expected) ** 2 / expected).sum()
    assert abs(chi - 255) < 4 * np.sqrt(2 * 255)


def test_a_step_alone_draws_what_it_draws_among_others() -> None:
    stream = Stream(7, "test@v1")
    counts, steps = np.array([3, 0, 5, 2]), np.array([0, 1, 2, 9])
    draws = stream.steps16(counts, steps, block=4)
    assert draws.shape == (10, 16)
    assert np.array_equal(stream.steps16(counts[2:3], steps[2:3], block=4), draws[3:8])
    assert np.array_equal(stream.lanes16(2, step=9, block=4), draws[8:])
    assert stream.steps16(counts[:0], steps[:0], block=4).shape == (0, 16)


def test_mixing_is_a_bijection() -> None:
    """It undoes step by step, so no two numbers meet."""
    values = Stream(1, "test@v1").words(500).reshape(-1)
    mixed = mix(values)
    back = mixed ^ (mixed >> np.uint64(31)) ^ (mixed >> np.uint64(62))
    back *= np.uint64(pow(0x94D049BB133111EB, -1, 2**64))
    back = back ^ (back >> np.uint64(27)) ^ (back >> np.uint64(54))
    back *= np.uint64(pow(0xBF58476D1CE4E5B9, -1, 2**64))
    back = back ^ (back >> np.uint64(30)) ^ (back >> np.uint64(60))
    assert np.array_equal(back, values)
