"""Arrow columns straight from integer arrays, without a Python object per row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
_ISO_WIDTH: Final = 24
_MINUTE_MS: Final = 60_000
_DAY_MINUTES: Final = 1440
_FIRST_DAY: Final = -25_567  # 1900-01-01
_LAST_DAY: Final = 47_482  # 2100-01-01


def integers(values: Ints) -> pa.Array:
    """A bigint column."""
    return pa.array(np.ascontiguousarray(values, dtype=np.int64))


def choices(codes: NDArray[np.integer], values: Sequence[str | None]) -> pa.Array:
    """A text column: ``values[code]`` for each code, stored as a dictionary; None among them gives null."""
    kind = np.int8 if len(values) < 128 else np.int16
    missing = (
        np.isin(codes, [code for code, value in enumerate(values) if value is None])
        if None in values
        else None
    )
    texts = pa.array(["" if value is None else value for value in values], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(kind, copy=False), mask=missing), texts)


def constant(count: int, value: str) -> pa.Array:
    """A text column with one value."""
    return choices(np.zeros(count, np.int8), (value,))


def money(cents: Ints, precision: int = 12, scale: int = 2) -> pa.Array:
    """A decimal(precision, 2) column from integer cents, or with another scale from its smallest units."""
    words = np.empty((len(cents), 2), np.int64)
    words[:, 0] = cents
    words[:, 1] = cents >> 63
    return pa.Decimal128Array.from_buffers(
        pa.decimal128(precision, scale), len(cents), [None, pa.py_buffer(words)]
    )


def timestamps(ms: Ints) -> pa.Array:
    """A timestamp column (UTC, without zone) from milliseconds since 1970."""
    return pa.array(np.ascontiguousarray(ms)).view(pa.timestamp("ms"))


def dates(days: Ints) -> pa.Array:
    """A date column from days since 1970."""
    return pa.array(days.astype(np.int32)).view(pa.date32())


@cache
def _date_words() -> NDArray[np.uint64]:
    """``YYYY-MM-`` of each day."""
    days = np.arange(_FIRST_DAY, _LAST_DAY).astype("datetime64[D]").astype("S10")
    return days.view(np.uint8).reshape(-1, 10)[:, :8].copy().view(np.uint64).reshape(-1)


@cache
def _month_days() -> Ints:
    """Day of the month of each day, less one."""
    days = np.arange(_FIRST_DAY, _LAST_DAY).astype("datetime64[D]")
    return np.asarray(days - days.astype("datetime64[M]"), np.int64)


@cache
def _minute_words() -> NDArray[np.uint64]:
    """``DDTHH:MM`` of each minute of each day of a month."""
    texts = (
        b"%02dT%02d:%02d" % (day + 1, minute // 60, minute % 60)
        for day in range(31)
        for minute in range(_DAY_MINUTES)
    )
    return np.frombuffer(b"".join(texts), np.uint64)


@cache
def _milli_words() -> NDArray[np.uint64]:
    """``:SS.mmmZ`` of each millisecond of a minute."""
    texts = (b":%02d.%03dZ" % divmod(milli, 1000) for milli in range(_MINUTE_MS))
    return np.frombuffer(b"".join(texts), np.uint64)


def iso_texts(ms: Ints) -> pa.Array:
    """A text column ``2026-01-31T12:34:56.789Z`` from milliseconds since 1970 (1900 to 2099).

    A text is three words of eight bytes, each from a table.
    """
    minute, milli = np.divmod(ms, _MINUTE_MS)
    day, minute = np.divmod(minute, _DAY_MINUTES)
    day -= _FIRST_DAY
    words = np.empty((len(ms), 3), np.uint64)
    words[:, 0] = _date_words()[day]
    words[:, 1] = _minute_words()[_month_days()[day] * _DAY_MINUTES + minute]
    words[:, 2] = _milli_words()[milli]
    offsets = np.arange(0, (len(ms) + 1) * _ISO_WIDTH, _ISO_WIDTH, dtype=np.int32)
    return pa.StringArray.from_buffers(len(ms), pa.py_buffer(offsets), pa.py_buffer(words))
