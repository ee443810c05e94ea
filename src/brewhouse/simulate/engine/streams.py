"""Counter-based random streams: a draw is a pure function of (seed, stream, row, step, block).

Philox4x64-10 is used as a block cipher over a counter, so any row of any block can be drawn by itself,
in any order, on any worker. Only raw 64-bit words leave this module: NumPy promises the bit stream of a
bit generator across versions (NEP 19), not the results of ``Generator`` methods.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

WORD_BITS: Final = 64
LANES16: Final = 16
LANES32: Final = 8


def hash64(text: str) -> int:
    """A stable 64-bit number for ``text`` (BLAKE2b, little endian)."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Stream:
    """All draws for one purpose, e.g. ``sandbox.orders@v1``.

    A new column takes a new stream (or an unused lane), so that it changes nothing that exists.
    """

    seed: int
    name: str

    def words(self, rows: int, *, first: int = 0, step: int = 0, block: int = 0) -> Words:
        """Draw ``rows`` x 4 words of 64 bits; row ``i`` depends on ``(first + i, step, block)`` alone.

        The counter is set one lower than asked, as NumPy raises it before the first block.
        """
        counter = (first | (step << WORD_BITS) | (block << 2 * WORD_BITS)) - 1
        counter %= 1 << 4 * WORD_BITS
        key = (self.seed & (2**WORD_BITS - 1)) | (hash64(self.name) << WORD_BITS)
        return np.random.Philox(key=key, counter=counter).random_raw(4 * rows).reshape(rows, 4)

    def lanes16(self, rows: int, *, first: int = 0, step: int = 0, block: int = 0) -> NDArray[np.uint16]:
        """Draw ``rows`` x 16 uniform integers below 2**16."""
        words = self.words(rows, first=first, step=step, block=block)
        return words.astype("<u8", copy=False).view("<u2").reshape(rows, LANES16)

    def lanes32(self, rows: int, *, first: int = 0, step: int = 0, block: int = 0) -> NDArray[np.uint32]:
        """Draw ``rows`` x 8 uniform integers below 2**32."""
        words = self.words(rows, first=first, step=step, block=block)
        return words.astype("<u8", copy=False).view("<u4").reshape(rows, LANES32)

    def keyed16(self, keys: NDArray[np.int64], lanes: int = LANES16) -> NDArray[np.uint16]:
        """Draw ``lanes`` uniform integers below 2**16 for each of some 64-bit keys, whatever other keys there are.

        For rows that are few among many possible ones. A hash of key and stream begins a SplitMix64 sequence
        (Steele, Lea, Flood 2014).
        """
        start = mix(mix(keys.astype(np.uint64)) ^ np.uint64(hash64(f"{self.seed} {self.name}")))
        steps = np.arange(1, -(-lanes // 4) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        words = mix(start[:, None] + steps[None, :])
        return words.astype("<u8", copy=False).view("<u2").reshape(len(keys), 4 * len(steps))[:, :lanes]

    def keyed32(self, keys: NDArray[np.int64], lanes: int = LANES32) -> NDArray[np.uint32]:
        """Draw ``lanes`` uniform integers below 2**32 for each key; see ``keyed16``."""
        return np.ascontiguousarray(self.keyed16(keys, 2 * lanes)).view("<u4")

    def steps16(self, counts: NDArray[np.int64], steps: NDArray[np.int64], block: int) -> NDArray[np.uint16]:
        """Draw 16 lanes for ``counts[i]`` rows of each of ``steps``, one step after the other.

        The rows of a step are the same whether it is drawn alone or among others.
        """
        parts = [
            self.lanes16(count, step=step, block=block)
            for count, step in zip(counts.tolist(), steps.tolist(), strict=True)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, LANES16), np.uint16)

    def draw16(self, count: int, *, block: int = 0) -> NDArray[np.uint16]:
        """Draw ``count`` uniform integers below 2**16, sixteen to a counter: for one draw a row."""
        return self.lanes16(-(-count // LANES16), block=block).reshape(-1)[:count]

    def draw32(self, count: int, *, block: int = 0) -> NDArray[np.uint32]:
        """Draw ``count`` uniform integers below 2**32, eight to a counter: for one draw a row."""
        return self.lanes32(-(-count // LANES32), block=block).reshape(-1)[:count]


def mix(values: Words) -> Words:
    """A bijection of 64-bit numbers: the finaliser of SplitMix64."""
    mixed = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def below(draw32: NDArray[np.uint32], limit: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Scale uniform 32-bit draws to integers in ``[0, limit)``; 0 where the limit is 0."""
    scaled = draw32.astype(np.uint64) * np.asarray(limit).astype(np.uint64)
    return (scaled >> np.uint64(32)).astype(np.int64)
