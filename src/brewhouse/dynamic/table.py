"""What is declared: a table's query, how old it may be, and how it is to be kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from brewhouse.errors import DynamicTableError
from brewhouse.warehouse.engine import quoted

_LAG: Final = re.compile(r"(?P<number>[1-9]\d*)\s+(?P<unit>second|minute|hour|day)s?", re.IGNORECASE)
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class Name(NamedTuple):
    """A relation's schema and name."""

    schema: str
    table: str

    @property
    def sql(self) -> str:
        """With quotes."""
        return quoted(self.schema, self.table)

    def __str__(self) -> str:
        return f"{self.schema}.{self.table}"


class Mode(StrEnum):
    """How a table is to be refreshed: as is cheaper, by increments or not at all, by rebuilding."""

    AUTO = "AUTO"
    INCREMENTAL = "INCREMENTAL"
    FULL = "FULL"


@dataclass(frozen=True)
class Lag:
    """How much older than the raw tables a table may be; DOWNSTREAM (None): as the tables that read it need."""

    seconds: int | None

    @classmethod
    def parse(cls, text: str, table: str) -> Lag:
        """``"1 minute"`` or ``"DOWNSTREAM"``; raises ``DynamicTableError``."""
        if text.strip().upper() == "DOWNSTREAM":
            return cls(None)
        found = _LAG.fullmatch(text.strip())
        if not found:
            expected = "such as '1 minute', '2 hours' or 'DOWNSTREAM'"
            raise DynamicTableError(table=table, problem=f"target_lag is {text!r}: expected {expected}")
        return cls(int(found["number"]) * _SECONDS[found["unit"].lower()])

    @property
    def asked(self) -> dt.timedelta | None:
        """As a length of time."""
        return None if self.seconds is None else dt.timedelta(seconds=self.seconds)

    def __str__(self) -> str:
        if self.seconds is None:
            return "DOWNSTREAM"
        unit, size = next(item for item in reversed(_SECONDS.items()) if self.seconds % item[1] == 0)
        number = self.seconds // size
        return f"{number} {unit}{'' if number == 1 else 's'}"


DOWNSTREAM: Final = Lag(None)


@dataclass(frozen=True)
class DynamicTable:
    """One declared table.

    ``key``: columns of the result whose rows come from rows of the inputs with the same key and from no others (an
    order's id, also where an order has several rows). Groups of a ``group by`` need none.
    """

    name: Name
    sql: str
    lag: Lag | None = DOWNSTREAM
    """None: refreshed by command alone (``scheduler = 'DISABLE'``)."""
    mode: Mode = Mode.AUTO
    key: tuple[str, ...] = ()
    waits: bool = False
    """``initialize = 'ON_SCHEDULE'``: not filled before its first refresh."""

    @property
    def digest(self) -> str:
        """Changes when the content would have to be made anew."""
        text = json.dumps([" ".join(self.sql.split()), self.key])
        return hashlib.sha256(text.encode()).hexdigest()[:32]
