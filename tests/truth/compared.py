"""Tables of a warehouse beside the same tables computed a second time, in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

from tests.conftest import MOMENTS, Place

Row = dict[str, Any]


def ratio(above: Decimal | int, below: int, digits: int = 6) -> Decimal:
    """above / below rounded half up; 0 where there is nothing to divide by."""
    if not below:
        return Decimal(0)
    return (Decimal(above) / below).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def by(rows: list[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Rows by a key, in the order of its first appearance."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def found(place: Place, table: str) -> list[Row]:
    """The rows of a table, without moments of the build."""
    with duckdb.connect(place.warehouse, read_only=True) as connection:
        cursor = connection.execute(f"select * from {table}")
        names = [column[0] for column in cursor.description or []]
        return [
            {name: value for name, value in zip(names, row, strict=True) if name not in MOMENTS}
            for row in cursor.fetchall()
        ]


def compare(place: Place, table: str, expected: list[Row], keys: int = 1) -> None:
    """The table has these rows and no others; its first columns are these, of which the first ones are the key."""
    columns = list(expected[0])
    rows = found(place, table)
    assert list(rows[0])[: len(columns)] == columns, "published columns in published order"
    by_key = {tuple(row[column] for column in columns[:keys]): row for row in rows}
    assert len(by_key) == len(rows) == len(expected)
    for row in expected:
        there = by_key[tuple(row[column] for column in columns[:keys])]
        assert {column: there[column] for column in columns} == row
