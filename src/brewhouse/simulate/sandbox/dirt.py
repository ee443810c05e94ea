"""What goes wrong with the sandbox company's rows on their way, and how often."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, iso_texts
from brewhouse.simulate.engine.soil import Change, Kind, blank, messy, same, unparsable

Draw = NDArray[np.uint32]

STRANGER: Final = 1_000_000_000_000
"""Added to a user_id it gives an id that no user has, at any scale."""

LATE_DAYS: Final = 3
"""A late row arrives 1 to this many days after it happened."""

RATES: Final[dict[str, dict[str, int]]] = {
    "users": {
        "missing_id": 2_000, "unparsable_time": 1_500, "exact_duplicate": 3_000,
        "near_duplicate": 2_000, "messy_text": 10_000,
    },
    "events": {
        "missing_id": 3_000, "missing_user_id": 3_000, "unparsable_time": 3_000,
        "exact_duplicate": 3_000, "near_duplicate": 2_000, "late": 10_000, "messy_text": 10_000,
    },
    "orders": {
        "missing_id": 2_000, "missing_user_id": 2_000, "unknown_user": 2_000, "unparsable_time": 2_000,
        "non_positive_amount": 3_000, "exact_duplicate": 3_000, "near_duplicate": 2_000,
        "late": 10_000, "messy_text": 10_000,
    },
}  # fmt: skip
"""Rows per million of those that may have the kind, at dirt level 1."""

DESTRUCTIVE: Final = frozenset(
    {"missing_id", "missing_user_id", "unknown_user", "unparsable_time", "non_positive_amount"}
)
"""Kinds that make the row itself unusable (for users a broken copy comes beside the good row)."""


def kinds(table: str, level: float) -> list[Kind]:
    """The kinds of dirt of one table at a dirt level (0 none, 1 the stated rates)."""
    return [
        Kind(name, round(rate * level), *_CHANGES[table][name], adds_row=_adds_row(table, name))
        for name, rate in RATES[table].items()
    ]


def _adds_row(table: str, name: str) -> bool:
    return name.endswith("duplicate") or (table == "users" and name in DESTRUCTIVE)


def _in_ms(column: pa.ChunkedArray) -> NDArray[np.int64]:
    moments = pc.cast(column.combine_chunks(), pa.timestamp("ms", "UTC"))
    return np.asarray(moments.cast(pa.int64()))


def _put(rows: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(column), column, values)


def _late(rows: pa.Table, draw: Draw) -> pa.Table:
    """Received days after it happened."""
    delay = DAY_MS + draw.astype(np.int64) * (LATE_DAYS - 1) % ((LATE_DAYS - 1) * DAY_MS)
    return _put(rows, "received_at", iso_texts(_in_ms(rows["received_at"]) + delay))


def _repeated(moment: str, *texts: str) -> Change:
    """Sent again by the client: a few ms and seconds later, in other case."""

    def change(rows: pa.Table, draw: Draw) -> pa.Table:
        wait = draw.astype(np.int64)
        rows = _put(rows, moment, iso_texts(_in_ms(rows[moment]) + 1 + wait % 5))
        received = iso_texts(_in_ms(rows["received_at"]) + 1000 + wait % 30_000)
        return messy(*texts)(_put(rows, "received_at", received), draw)

    return change


def _stranger(rows: pa.Table, _draw: Draw) -> pa.Table:
    return _put(rows, "user_id", pc.add(rows["user_id"], STRANGER))


def _non_positive(rows: pa.Table, draw: Draw) -> pa.Table:
    """A refund booked as an order, or a price that was never filled in."""
    amount = rows["amount"].combine_chunks()
    zero = pc.subtract(amount, amount)
    sign_lost = pc.subtract(zero, amount)
    mixed = pc.if_else(pa.array(draw % 3 == 0), zero, sign_lost)
    return _put(rows, "amount", mixed.cast(amount.type))


_CHANGES: Final[dict[str, dict[str, tuple[Change, tuple[str, ...]]]]] = {
    "users": {
        "missing_id": (blank("user_id"), ()),
        "unparsable_time": (unparsable("created_at"), ()),
        "exact_duplicate": (same, ()),
        "near_duplicate": (messy("email", "country"), ()),
        "messy_text": (messy("email", "country", "referrer"), ("email", "country", "referrer")),
    },
    "events": {
        "missing_id": (blank("event_id"), ("event_id",)),
        "missing_user_id": (blank("user_id"), ("user_id",)),
        "unparsable_time": (unparsable("timestamp"), ("timestamp",)),
        "exact_duplicate": (same, ()),
        "near_duplicate": (_repeated("timestamp", "event_type"), ()),
        "late": (_late, ("received_at",)),
        "messy_text": (messy("event_type", "utm_source"), ("event_type", "utm_source")),
    },
    "orders": {
        "missing_id": (blank("order_id"), ("order_id",)),
        "missing_user_id": (blank("user_id"), ("user_id",)),
        "unknown_user": (_stranger, ("user_id",)),
        "unparsable_time": (unparsable("created_at"), ("created_at",)),
        "non_positive_amount": (_non_positive, ("amount",)),
        "exact_duplicate": (same, ()),
        "near_duplicate": (_repeated("created_at", "product_category"), ()),
        "late": (_late, ("received_at",)),
        "messy_text": (
            messy("product_category", "payment_method"),
            ("product_category", "payment_method"),
        ),
    },
}
"""Per table and kind the change, and the columns of the row itself that it touches."""
