"""Text columns from fixed-width pieces, without a Python object per row.

A piece is a constant or an array of bytes (NumPy ``S``) with an entry a row. The pieces stand side by side in one
matrix of bytes; zero bytes, with which NumPy pads shorter entries, are dropped at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.streams import hash64, mix

Ints = NDArray[np.int64]
Bytes = NDArray[np.bytes_]

WORD: Final = 8
BATCH_BYTES: Final = 1 << 18
_GROUP_DIGITS: Final = 5


class Joined:
    """Several pieces one after the other, put together only where their bytes are needed.

    It stands for an array of bytes: it can be indexed by rows, chosen from by ``np.where`` and be part of another.
    """

    __slots__ = ("count", "parts")

    def __init__(self, count: int, parts: Sequence[Piece]) -> None:
        self.count = count
        flat: list[bytes | Bytes] = []
        for part in parts:
            for one in part.parts if isinstance(part, Joined) else (part,):
                if isinstance(one, bytes) and flat and isinstance(flat[-1], bytes):
                    flat[-1] += one
                else:
                    flat.append(one)
        self.parts: tuple[bytes | Bytes, ...] = tuple(flat)

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, rows: NDArray[np.integer] | NDArray[np.bool_] | slice) -> Joined:
        parts = [part if isinstance(part, bytes) else part[rows] for part in self.parts]
        return Joined(len(np.arange(self.count)[rows]), parts)

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Bytes:
        return self.matrix(0, self.count, self.width).view(self.dtype).reshape(-1)

    def view(self, kind: type[np.uint8] | str) -> NDArray[Any]:
        """The bytes of all rows, seen as another type."""
        return np.asarray(self).view(kind)

    @property
    def width(self) -> int:
        """Most bytes of a row."""
        return sum(len(part) if isinstance(part, bytes) else part.dtype.itemsize for part in self.parts)

    @property
    def dtype(self) -> np.dtype[np.bytes_]:
        """The type of the array that it stands for."""
        return np.dtype(f"S{self.width}")

    def matrix(self, first: int, last: int, width: int) -> NDArray[np.uint8]:
        """The bytes of rows ``first`` to ``last`` - 1, a row each, filled up to ``width`` with zeros."""
        rows = np.empty((last - first, width), np.uint8)
        place = 0
        for part in self.parts:
            if isinstance(part, bytes):
                wide = len(part)
                rows[:, place : place + wide] = np.frombuffer(part, np.uint8)
            else:
                wide = part.dtype.itemsize
                some = np.ascontiguousarray(part[first:last])
                rows[:, place : place + wide] = some.view(np.uint8).reshape(-1, wide)
            place += wide
        rows[:, place:] = 0
        return rows


Texts = Bytes | Joined
"""An entry a row."""

Piece = bytes | Texts


def text(count: int, *parts: Piece) -> pa.Array:
    """A text column: per row all pieces one after the other."""
    whole = Joined(count, parts)
    width = -(-whole.width // WORD) * WORD
    return _column(count, width, lambda first, last: whole.matrix(first, last, width))


def _column(count: int, width: int, rows: Callable[[int, int], NDArray[np.uint8]]) -> pa.Array:
    """Drop the zero bytes of the given rows, as many at a time as stay in the processor's cache."""
    batch = max(1, BATCH_BYTES // max(1, width))
    content, ones = np.empty(count * width, np.uint8), np.ones(width // WORD, np.float32)
    offsets = np.zeros(count + 1, np.int64)
    place = 0
    for first in range(0, count, batch):
        part = rows(first, min(count, first + batch))
        kept = part != 0
        counts = np.bitwise_count(kept.view(np.uint64)).astype(np.float32)
        offsets[first + 1 : first + 1 + len(part)] = counts @ ones  # exact, and faster than a sum over rows
        some = part[kept]
        content[place : place + len(some)] = some
        place += len(some)
    np.cumsum(offsets, out=offsets)
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(content[:place])
    )


def pieces(count: int, *parts: Piece) -> Joined:
    """The same as ``text``, as a piece of a longer text."""
    return Joined(count, parts)


def words(values: Sequence[str | int | None]) -> Bytes:
    """A table of pieces, to be indexed by codes."""
    return np.array([b"" if value is None else str(value).encode() for value in values])


@cache
def _groups(width: int) -> Bytes:
    """The numbers below 10 ** width, with leading zeros."""
    return np.array([b"%0*d" % (width, number) for number in range(10**width)])


@cache
def numbers(first: int, last: int) -> Bytes:
    """Table of the whole numbers from ``first`` to ``last``, without leading zeros."""
    return np.array([b"%d" % number for number in range(first, last + 1)])


@cache
def tenths(first: int, last: int) -> Bytes:
    """Table of decimals with one place, from ``first`` to ``last`` tenths."""
    return np.array([b"%.1f" % (number / 10) for number in range(first, last + 1)])


def digits(values: Ints, width: int) -> Joined:
    """Whole numbers >= 0 with ``width`` digits, leading zeros included."""
    parts, rest = [], values
    while width > _GROUP_DIGITS:
        rest, low = np.divmod(rest, 10**_GROUP_DIGITS)
        parts.append(_groups(_GROUP_DIGITS)[low])
        width -= _GROUP_DIGITS
    parts.append(_groups(width)[rest])
    return pieces(len(values), *reversed(parts))


def whole(values: Ints) -> Bytes:
    """Whole numbers >= 0 without leading zeros, up to 15 digits."""
    largest = int(values.max(initial=0))
    padded = np.asarray(digits(values, max(1, len(str(largest)))))
    matrix = padded.view(np.uint8).reshape(len(values), padded.dtype.itemsize).copy()
    leading = np.cumsum(matrix != ord("0"), axis=1) == 0
    leading[:, -1] = False
    matrix[leading] = 0
    return matrix.view(padded.dtype).reshape(-1)


@cache
def _hex_words() -> NDArray[np.uint32]:
    """Four hexadecimal digits of each 16-bit number, as one word."""
    return np.frombuffer(b"".join(b"%04x" % number for number in range(1 << 16)), np.uint32)


def draws_of(keys: Ints, purpose: str) -> NDArray[np.uint32]:
    """A uniform 32-bit draw per row identity: the same row draws the same wherever it stands."""
    return (mix(keys.astype(np.uint64) ^ np.uint64(hash64(purpose))) >> np.uint64(32)).astype(np.uint32)


def public_ids(prefix: str, keys: Ints) -> Joined:
    """Identifiers as of an outside system: a prefix and 16 hexadecimal digits.

    A bijection of the key under the prefix: unique by construction, and a child can tell its parent's without a
    look-up.
    """
    mixed = mix(keys.astype(np.uint64) ^ np.uint64(hash64(prefix)))
    quarters = mixed.astype("<u8", copy=False).view("<u2").reshape(-1, 4)
    encoded = _hex_words()[quarters]
    return pieces(len(keys), prefix.encode(), encoded.view("S16").reshape(-1))


def seconds(ms: Ints) -> Joined:
    """Moments in seconds since 1970 (until 2286)."""
    return digits(ms // 1000, 10)


def milliseconds(ms: Ints) -> Joined:
    """Moments in milliseconds since 1970 (until 2286)."""
    return digits(ms, 13)


@cache
def _day_table() -> Bytes:
    days: Any = np.arange(47_482).astype("datetime64[D]")
    return np.asarray(days.astype("S10"))


def day_texts(ms: Ints) -> Bytes:
    """The day ``YYYY-MM-DD`` of each moment from 1970 to 2099."""
    return np.asarray(_day_table()[ms // DAY_MS])


def strings(piece: Texts) -> pa.Array:
    """A text column of one piece; empty texts stay empty."""
    return text(len(piece), piece)


def where(column: pa.Array, present: NDArray[np.bool_]) -> pa.Array:
    """The column, null where not ``present``."""
    if bool(present.all()):
        return column
    rows = np.where(present, np.arange(len(column)), -1)
    return column.take(pa.array(rows, mask=rows < 0))
