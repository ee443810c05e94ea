"""Look-up tables that turn uniform integers into shapes without floating point on the data path.

The two tables that need transcendental functions are quantised and carry a checksum: a platform whose
maths library rounds another way is told so at once instead of writing other bytes in silence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.errors import TableChecksumError

CELLS: Final = 1 << 16
ODDS_CELLS: Final = 1 << 14
Q12: Final = 1 << 12
"""One in Q12 fixed point."""

CHECKSUMS: Final = {
    "normal": "b0a691b07ddc06f8",
    "odds": "91928261d2dea351",
    "weibull 160": "397b67363818ca0a",
    "lognormal 40": "48470400a9b046bd",
    "lognormal 50": "a693d6caa08a4d82",
    "lognormal 60": "f85e53c22deaca2f",
    "lognormal 80": "7549f5f49c6be775",
    "lognormal 90": "4d7bc9fcc0951d33",
    "lognormal 100": "364c356bc27607e6",
    "lognormal 110": "f1effcc671a2529b",
    "lognormal 120": "abe4c4f4473f9c7c",
}
"""Known tables; a new sigma needs its line here, printed by the error that its first use raises."""


def categories(weights: Sequence[float]) -> NDArray[np.int64]:
    """Table of 2**16 cells that maps a uniform 16-bit draw to an index with the given weights."""
    bounds = np.cumsum(np.asarray(weights, np.float64))
    edges = np.floor(bounds / bounds[-1] * CELLS + 0.5).astype(np.int64)
    return np.repeat(np.arange(len(weights)), np.diff(edges, prepend=0))


@cache
def normal_q12() -> NDArray[np.int64]:
    """Standard normal quantiles in Q12 (65,536 cells, range about -4.3 to 4.3 standard deviations)."""
    normal = NormalDist()
    cells = [round(normal.inv_cdf((cell + 0.5) / CELLS) * Q12) for cell in range(CELLS)]
    return _verified("normal", np.array(cells, np.int64))


@cache
def lognormal_q12(sigma_pct: int) -> NDArray[np.int64]:
    """Quantiles of a lognormal with mean 1 in Q12; ``sigma_pct`` is sigma in hundredths."""
    sigma = sigma_pct / 100
    quantiles = np.exp(sigma * normal_q12() / Q12 - sigma * sigma / 2)
    cells = np.maximum(1, np.rint(quantiles * Q12)).astype(np.int64)
    return _verified(f"lognormal {sigma_pct}", cells)


@cache
def odds_u32() -> NDArray[np.int64]:
    """Logistic function: 2**14 cells over logits from -12 to 12, as thresholds for uniform 32-bit draws.

    Of the 32 bits 20 are used, so that the last digit of a maths library makes no difference.
    """
    logits = (np.arange(ODDS_CELLS) + 0.5) * 24 / ODDS_CELLS - 12
    return _verified("odds", np.rint(2.0**20 / (1 + np.exp(-logits))).astype(np.int64) << 12)


def chance(logit_q12: NDArray[np.int64]) -> NDArray[np.int64]:
    """The threshold for a uniform 32-bit draw that a logit in Q12 stands for."""
    cell = (logit_q12 + 12 * Q12) * ODDS_CELLS // (24 * Q12)
    return np.asarray(odds_u32()[np.clip(cell, 0, ODDS_CELLS - 1)])


@cache
def weibull_q12(shape_pct: int) -> NDArray[np.int64]:
    """Quantiles of a Weibull distribution with scale 1 in Q12; ``shape_pct`` is the shape in hundredths."""
    uniform = (np.arange(CELLS) + 0.5) / CELLS
    quantiles = (-np.log1p(-uniform)) ** (100 / shape_pct)
    return _verified(f"weibull {shape_pct}", np.maximum(1, np.rint(quantiles * Q12)).astype(np.int64))


def checksum(table: NDArray[np.int64]) -> str:
    """Short digest of a table's little-endian bytes."""
    return hashlib.blake2b(table.astype("<i8").tobytes(), digest_size=8).hexdigest()


def _verified(name: str, table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ``table`` if its checksum is the known one, else raise ``TableChecksumError``."""
    found, expected = checksum(table), CHECKSUMS.get(name)
    if found != expected:
        raise TableChecksumError(table=name, expected=expected, found=found)
    table.flags.writeable = False
    return table
