"""Records of an API as rows of a raw table: the declared columns in their declared types, and where each came from."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import pyarrow as pa

from brewhouse.errors import ApiError
from brewhouse.load.sources import Column, SourceTable
from brewhouse.load.types import arrow_type

Record = Mapping[str, Any]
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001  # raw moments are UTC without zone


def to_rows(
    table: SourceTable, records: Sequence[Record], *, url: str, origin: str, moment: dt.datetime
) -> pa.Table:
    """The records, by column name, as rows of ``table``; ``origin`` becomes their ``_source_file``.

    ``created_at`` is, as in every raw table, when our copy was made. Raises ``ApiError`` for a value that is not of its
    column's type: a row is never dropped in silence.
    """
    fields = {column.name: arrow_type(column.stored) for column in table.columns}
    columns = {
        column.name: [_value(column, record, url) for record in records]
        for column in table.columns
    }  # fmt: skip
    if "created_at" in columns:
        columns["created_at"] = [moment] * len(records)
    arrays = [pa.array(values, fields[name]) for name, values in columns.items()]
    made = pa.Table.from_arrays(arrays, names=list(columns))
    made = made.append_column("_source_file", pa.array([origin] * len(records), pa.string()))
    numbers = [row_number(str(record["id"])) for record in records]
    made = made.append_column("_source_row", pa.array(numbers, pa.int64()))
    return made.append_column("_loaded_at", pa.array([moment] * len(records), pa.timestamp("us")))


def row_number(key: str) -> int:
    """A number that identifies the record of this id for ever: 63 bits of its digest."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") >> 1


def moment_of(value: Any) -> dt.datetime | None:
    """Seconds since 1970 (Stripe), milliseconds as text (HubSpot's properties) or ISO 8601, as UTC without zone."""
    if value is None or value == "":
        return None
    if isinstance(value, int):
        return _EPOCH + dt.timedelta(seconds=value)
    if value.lstrip("-").isdigit():
        return _EPOCH + dt.timedelta(milliseconds=int(value))
    moment = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _date(value: Any) -> dt.date | None:
    moment = moment_of(value)
    return moment.date() if moment else None


def _text(value: Any) -> str:
    """As text; an object that Stripe expanded is its id again."""
    if isinstance(value, Mapping):
        return str(value["id"])
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _boolean(value: Any) -> bool:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise ValueError(value)


def _integer(value: Any) -> int:
    number = Decimal(str(value))
    if number != number.to_integral_value():
        raise ValueError(value)
    return int(number)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_AS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "TIMESTAMP": moment_of,
    "DATE": _date,
    "BOOLEAN": _boolean,
    "INTEGER": _integer,
    "BIGINT": _integer,
    "DOUBLE": float,
}


def _value(column: Column, record: Record, url: str) -> Any:
    """The value of a column in its declared type; what is empty text elsewhere than in text is null."""
    value = record.get(column.name)
    if value is None:
        return None
    if column.kind == "json":
        return _json(value)
    if column.stored == "VARCHAR" or not column.kind:
        return _text(value)
    if value == "":
        return None
    try:
        if found := _DECIMAL.fullmatch(column.stored):
            return Decimal(str(value)).quantize(Decimal(1).scaleb(-int(found[2])))
        return _AS[column.stored](value)
    except (ValueError, TypeError, InvalidOperation, KeyError, AttributeError) as error:
        problem = f"{column.name} of record {record.get('id')} is {value!r}, expected {column.kind}"
        raise ApiError(url=url, status="a record that can't be read", problem=problem) from error
