"""Arrow columns straight from integer arrays, without a Python object per row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]

DAY_MS: Final = 86_400_000
_ISO_WIDTH: Final = 24
_FIRST_DAY: Final = -25_567  # 1900-01-01
_LAST_DAY: Final = 47_482  # 2100-01-01


def integers(values: Ints) -> pa.Array:
    """A bigint column."""
    return pa.array(np.ascontiguousarray(values, dtype=np.int64))


def choices(codes: NDArray[np.integer], values: Sequence[str | None]) -> pa.Array:
    """A text column: ``values[code]`` for each code, stored as a dictionary."""
    kind = np.int8 if len(values) < 128 else np.int16
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(kind, copy=False)), pa.array(values, pa.string())
    )


def money(cents: Ints, precision: int = 12) -> pa.Array:
    """A decimal(precision, 2) column from integer cents."""
    words = np.empty((len(cents), 2), np.int64)
    words[:, 0] = cents
    words[:, 1] = cents >> 63
    return pa.Decimal128Array.from_buffers(
        pa.decimal128(precision, 2), len(cents), [None, pa.py_buffer(words)]
    )


def timestamps(ms: Ints) -> pa.Array:
    """A timestamp column (UTC, without zone) from milliseconds since 1970."""
    return pa.array(np.ascontiguousarray(ms)).view(pa.timestamp("ms"))


def dates(days: Ints) -> pa.Array:
    """A date column from days since 1970."""
    return pa.array(days.astype(np.int32)).view(pa.date32())


@cache
def _day_texts() -> NDArray[np.uint8]:
    days = np.arange(_FIRST_DAY, _LAST_DAY).astype("datetime64[D]").astype("S10")
    texts = np.full((len(days), 11), ord("T"), np.uint8)
    texts[:, :10] = days.view(np.uint8).reshape(-1, 10)
    return texts


@cache
def _second_texts() -> NDArray[np.uint8]:
    clock = [b"%02d:%02d:%02d." % (s // 3600, s // 60 % 60, s % 60) for s in range(86_400)]
    return np.frombuffer(b"".join(clock), np.uint8).reshape(-1, 9)


@cache
def _milli_texts() -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(b"%03dZ" % ms for ms in range(1000)), np.uint8).reshape(-1, 4)


def iso_texts(ms: Ints) -> pa.Array:
    """A text column ``2026-01-31T12:34:56.789Z`` from milliseconds since 1970 (1900 to 2099)."""
    day, in_day = np.divmod(ms, DAY_MS)
    second, milli = np.divmod(in_day.astype(np.int32), np.int32(1000))
    texts = np.empty((len(ms), _ISO_WIDTH), np.uint8)
    texts[:, :11] = _day_texts()[day - _FIRST_DAY]
    texts[:, 11:20] = _second_texts()[second]
    texts[:, 20:] = _milli_texts()[milli]
    offsets = np.arange(0, (len(ms) + 1) * _ISO_WIDTH, _ISO_WIDTH, dtype=np.int32)
    return pa.StringArray.from_buffers(len(ms), pa.py_buffer(offsets), pa.py_buffer(texts))
