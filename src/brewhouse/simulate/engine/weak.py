"""Where the rows of a raw table can go wrong on their way, what happens to them there, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS
from brewhouse.simulate.engine.soil import Change, Kind, blank, messy, same

Draw = NDArray[np.uint32]

LATE_DAYS: Final = 3
"""A late row arrives 1 to this many days after it happened."""

MAX_SKEW_DAYS: Final = 20
STRANGER: Final = 1_000_000_000_000
"""Added to an id that is a number it gives one that nobody has, at any scale."""

RATES: Final = {
    "missing_id": 1_500, "missing_parent": 1_500, "broken_json": 1_500, "invalid_value": 1_500, "clock_skew": 1_500,
    "unknown_parent": 1_500, "exact_duplicate": 2_500, "near_duplicate": 2_500, "late": 8_000, "messy_text": 8_000,
}  # fmt: skip
"""Rows per million of those that may have the kind, at dirt level 1."""

SMALL_TABLE_RATE: Final = 20_000
"""Rate of duplicates in tables of a few rows, where others would never occur."""

DESTRUCTIVE: Final = (
    "missing_id",
    "missing_parent",
    "broken_json",
    "invalid_value",
    "clock_skew",
    "unknown_parent",
)


@dataclass(frozen=True)
class Weak:
    """Where the rows of one raw table can go wrong."""

    key: str
    order: str
    """Column that tells which of several copies counts."""
    parent: str = ""
    json: str = ""
    value: str = ""
    moment: str = ""
    """When it happened, for tables of events; then the first copy received counts, else the latest."""
    span: tuple[str, ...] = ()
    """Further moments that shift with it."""
    words: tuple[str, ...] = ()
    small: bool = False
    first: bool = False
    """Whether the first copy received counts although there is no second moment."""
    loses: bool = False
    """Whether a spoiled row is lost: else it comes beside the good one, as other rows depend on it."""


def kinds(weak: Weak, level: float) -> list[Kind]:
    """The kinds of dirt of such a table at a dirt level (0 none, 1 the stated rates)."""
    found: list[Kind] = []
    for name, (change, columns) in _changes(weak).items():
        rate = SMALL_TABLE_RATE if weak.small and name.endswith("duplicate") else RATES[name]
        adds = name.endswith("duplicate") or (name in DESTRUCTIVE and not weak.loses)
        found.append(Kind(name, round(rate * level), change, columns, adds_row=adds))
    return found


def _changes(weak: Weak) -> dict[str, tuple[Change, tuple[str, ...]]]:
    """What each kind does to a row of the table, and the columns of the row that it touches."""
    changes: dict[str, tuple[Change, tuple[str, ...]]] = {"missing_id": (blank(weak.key), (weak.key,))}
    if weak.parent:
        changes["missing_parent"] = (blank(weak.parent), (weak.parent,))
    if weak.json:
        changes["broken_json"] = (_truncated(weak.json), (weak.json,))
    if weak.value:
        changes["invalid_value"] = (_negative(weak.value), (weak.value,))
    if weak.moment:
        moments = (weak.moment, *weak.span)
        changes["clock_skew"] = (_skewed(weak.order, *moments), (*moments, weak.order))
    if weak.parent:
        changes["unknown_parent"] = (_stranger(weak.parent), (weak.parent,))
    changes["exact_duplicate"] = (same, ())
    changes["near_duplicate"] = (_again(weak.order, weak.words, later=bool(weak.moment) or weak.first), ())
    if weak.moment:
        changes["late"] = (_late(weak.order), (weak.order,))
    if weak.words:
        changes["messy_text"] = (messy(*weak.words), weak.words)
    return changes


def _put(rows: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(column), column, values)


def _moved(rows: pa.Table, column: str, ms: NDArray[np.int64]) -> pa.Table:
    """Shift a column of timestamps."""
    kind = rows.schema.field(column).type
    moments = rows.column(column).combine_chunks().cast(pa.int64())
    return _put(rows, column, pc.add(moments, pa.array(ms)).cast(kind))


def _truncated(column: str) -> Change:
    """The text of a JSON column ends too early."""

    def change(rows: pa.Table, _draw: Draw) -> pa.Table:
        return _put(rows, column, pc.utf8_slice_codeunits(rows.column(column).combine_chunks(), 0, 14))

    return change


def _negative(column: str) -> Change:
    """A number that can't be: below zero."""

    def change(rows: pa.Table, _draw: Draw) -> pa.Table:
        kind = rows.schema.field(column).type
        return _put(rows, column, pa.repeat(pa.scalar("-1").cast(kind), rows.num_rows))

    return change


def _skewed(received: str, *moments: str) -> Change:
    """The sender's clock is ahead: it happened hours or days after it was received."""

    def change(rows: pa.Table, draw: Draw) -> pa.Table:
        ahead = HOUR_MS + (draw.astype(np.int64) * MAX_SKEW_DAYS * DAY_MS >> 32)
        first = rows.column(moments[0]).combine_chunks().cast(pa.int64())
        gap = pc.subtract(rows.column(received).combine_chunks().cast(pa.int64()), first)
        for moment in moments:
            rows = _moved(rows, moment, np.asarray(gap) + ahead)
        return rows

    return change


def _stranger(column: str) -> Change:
    """Points to a parent that nobody knows."""

    def change(rows: pa.Table, _draw: Draw) -> pa.Table:
        if pa.types.is_integer(rows.schema.field(column).type):
            return _put(rows, column, pc.add(rows.column(column), STRANGER))
        text = rows.column(column).combine_chunks()
        return _put(rows, column, pc.binary_join_element_wise(text, "gone", "-"))

    return change


def _again(order: str, texts: tuple[str, ...], *, later: bool) -> Change:
    """Of an event the same row, sent again; of a thing an older version. Neither counts."""

    def change(rows: pa.Table, draw: Draw) -> pa.Table:
        wait = 1_000 + draw.astype(np.int64) % 29_000
        rows = _moved(rows, order, wait if later else -wait)
        return messy(*texts)(rows, draw) if texts else rows

    return change


def _late(received: str) -> Change:
    """Received days after it happened."""

    def change(rows: pa.Table, draw: Draw) -> pa.Table:
        delay = DAY_MS + draw.astype(np.int64) * (LATE_DAYS - 1) % ((LATE_DAYS - 1) * DAY_MS)
        return _moved(rows, received, delay)

    return change
