"""Text columns from fixed-width pieces, without a Python object per row.

A piece is a constant or an array of bytes (NumPy ``S``) with an entry a row. The pieces stand side by side in one
matrix of bytes; zero bytes, with which NumPy pads shorter entries, are dropped at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.streams import hash64, mix

Ints = NDArray[np.int64]
Bytes = NDArray[np.bytes_]
Piece = bytes | Bytes

WORD: Final = 8
BATCH_BYTES: Final = 1 << 18
_GROUP_DIGITS: Final = 5
_DAY_MS: Final = 86_400_000


def text(count: int, *pieces: Piece) -> pa.Array:
    """A text column: per row all pieces one after the other."""
    return from_matrix(_side_by_side(count, pieces, pad=WORD))


def from_matrix(matrix: NDArray[np.uint8]) -> pa.Array:
    """A text column from a matrix of bytes, a row each; zero bytes are dropped.

    It works on as many rows at a time as stay in the processor's cache.
    """
    count, width = matrix.shape
    batch = max(1, BATCH_BYTES // max(1, width))
    content, lengths = [], []
    for first in range(0, count, batch):
        part = matrix[first : first + batch]
        if width % WORD:
            part = np.pad(part, ((0, 0), (0, -width % WORD)))
        kept = part != 0
        lengths.append(np.bitwise_count(kept.view(np.uint64)).sum(axis=1, dtype=np.int64))
        content.append(part[kept])
    offsets = np.zeros(count + 1, np.int32)
    if content:
        np.cumsum(np.concatenate(lengths), out=offsets[1:])
    data = np.concatenate(content) if content else np.zeros(0, np.uint8)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data))


def pieces(count: int, *parts: Piece) -> Bytes:
    """The same as ``text``, as a piece of a longer text."""
    matrix = _side_by_side(count, parts)
    return matrix.view(f"S{matrix.shape[1]}").reshape(-1)


def _side_by_side(count: int, parts: Sequence[Piece], pad: int = 1) -> NDArray[np.uint8]:
    """One matrix of all parts; its width is a multiple of ``pad``."""
    widths = [len(part) if isinstance(part, bytes) else part.dtype.itemsize for part in parts]
    matrix = np.empty((count, -(-sum(widths) // pad) * pad), np.uint8)
    place = 0
    for part, width in zip(parts, widths, strict=True):
        matrix[:, place : place + width] = _bytes_of(part, width)
        place += width
    matrix[:, place:] = 0
    return matrix


def _bytes_of(piece: Piece, width: int) -> NDArray[np.uint8]:
    if isinstance(piece, bytes):
        return np.frombuffer(piece, np.uint8)
    return np.ascontiguousarray(piece).view(np.uint8).reshape(-1, width)


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


def digits(values: Ints, width: int) -> Bytes:
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
    padded = digits(values, max(1, len(str(largest))))
    matrix = padded.view(np.uint8).reshape(len(values), -1).copy()
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


def public_ids(prefix: str, keys: Ints) -> Bytes:
    """Identifiers as of an outside system: a prefix and 16 hexadecimal digits.

    A bijection of the key under the prefix: unique by construction, and a child can tell its parent's without a
    look-up.
    """
    mixed = mix(keys.astype(np.uint64) ^ np.uint64(hash64(prefix)))
    quarters = mixed.astype("<u8", copy=False).view("<u2").reshape(-1, 4)
    encoded = _hex_words()[quarters]
    return pieces(len(keys), prefix.encode(), encoded.view("S16").reshape(-1))


def seconds(ms: Ints) -> Bytes:
    """Moments in seconds since 1970 (until 2286)."""
    return digits(ms // 1000, 10)


def milliseconds(ms: Ints) -> Bytes:
    """Moments in milliseconds since 1970 (until 2286)."""
    return digits(ms, 13)


@cache
def _day_table() -> Bytes:
    days: Any = np.arange(47_482).astype("datetime64[D]")
    return np.asarray(days.astype("S10"))


def day_texts(ms: Ints) -> Bytes:
    """The day ``YYYY-MM-DD`` of each moment from 1970 to 2099."""
    return np.asarray(_day_table()[ms // _DAY_MS])


def strings(piece: Bytes) -> pa.Array:
    """A text column of one piece; empty texts stay empty."""
    return text(len(piece), piece)


def where(column: pa.Array, present: NDArray[np.bool_]) -> pa.Array:
    """The column, null where not ``present``."""
    if bool(present.all()):
        return column
    rows = np.where(present, np.arange(len(column)), -1)
    return column.take(pa.array(rows, mask=rows < 0))
