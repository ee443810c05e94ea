"""A catalogue of Snowflake in the shape in which its information schema answers: names in upper case, types apart
from their arguments, moments with a zone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from brewhouse.parity.adapters.snowflake import ROLE, Snowflake

ALTERED = dt.datetime(2026, 6, 30, 5, 0, tzinfo=dt.timezone(dt.timedelta(hours=-7)))
NOW = dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.timezone(dt.timedelta(hours=-7)))
Row = tuple[Any, ...]
Shape = tuple[str, int | None, int | None, int | None, int | None]
"""DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION."""

INTEGER: Shape = ("NUMBER", None, 38, 0, None)
MONEY: Shape = ("NUMBER", None, 10, 2, None)
TEXT: Shape = ("TEXT", 16_777_216, None, None, None)
CODE: Shape = ("TEXT", 3, None, None, None)
MOMENT: Shape = ("TIMESTAMP_NTZ", None, None, None, 9)
ZONED: Shape = ("TIMESTAMP_TZ", None, None, None, 9)


class RefusedError(Exception):
    """What the driver raises."""


@dataclass
class Recorded:
    """Rows of ``tables`` and ``columns``, and what queries of the tables themselves give."""

    database: str = "ANALYTICS"
    role: str = "REPORTER"
    schemas: list[str] = field(default_factory=lambda: ["MARTS", "RAW"])
    tables: list[Row] = field(default_factory=list)
    columns: list[Row] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    moments: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(
        self, schema: str, name: str, shapes: dict[str, Shape], kind: str = "BASE TABLE", rows: int = 1
    ) -> None:
        dynamic = "YES" if kind == "DYNAMIC" else "NO"
        shown = "BASE TABLE" if kind == "DYNAMIC" else kind
        self.tables.append((self.database, schema, name, shown, dynamic, ALTERED))
        self.columns += [(self.database, schema, name, column, *shape) for column, shape in shapes.items()]
        self.rows[f'"{self.database}"."{schema}"."{name}"'] = rows

    def ask(self, sql: str) -> Sequence[Row]:
        self.asked.append(sql)
        if sql == ROLE:
            return [(self.role, NOW)]
        if "information_schema.schemata" in sql:
            return [(self.database, name) for name in [*self.schemas, "INFORMATION_SCHEMA"]]
        if "information_schema.tables" in sql:
            return self.tables
        if "information_schema.columns" in sql:
            return sorted(self.columns, key=lambda row: row[:3])
        return self._statistics(sql)

    def _statistics(self, sql: str) -> Sequence[Row]:
        relations = re.findall(r"from ((?:\"[^\"]+\"\.?)+)", sql)
        for one in relations:
            if one not in self.rows:
                raise RefusedError(f"SQL compilation error: Object {one} does not exist or not authorized.")
        if "max(" in sql:
            return [tuple(self.moments.get(one) for one in relations)]
        return [(number, self.rows[one]) for number, one in enumerate(relations)]

    @property
    def adapter(self) -> Snowflake:
        return Snowflake(self.ask, [self.database], (RefusedError,))
