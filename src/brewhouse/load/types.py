"""Types of columns: declared, of files and of tables, and which of them go together without a value being changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import duckdb
import pyarrow as pa

_INTEGERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_LOSSLESS: Final = frozenset(
    {
        ("DATE", "TIMESTAMP"),
        ("FLOAT", "DOUBLE"),
        ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
        ("TIMESTAMP_MS", "TIMESTAMP"),
        ("TIMESTAMP_S", "TIMESTAMP"),
    }
)
_ARROW: Final = {
    "TIMESTAMP": pa.timestamp("us"),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
}


def arrow_type(stored: str) -> pa.DataType:
    """The Arrow type of a column of type ``stored`` in DuckDB; what is nothing else is text."""
    if found := _DECIMAL.fullmatch(stored):
        return pa.decimal128(int(found[1]), int(found[2]))
    return _ARROW.get(stored, pa.string())


def duckdb_types(connection: duckdb.DuckDBPyConnection, schema: pa.Schema) -> dict[str, str]:
    """The types in which DuckDB reads the columns of an Arrow schema."""
    if not schema.names:
        return {}
    empty = schema.empty_table()  # noqa: F841  # DuckDB finds it by its name
    return {name: kind for name, kind, *_ in connection.execute("describe select * from empty").fetchall()}


def conflict(files: Mapping[str, str], table: Mapping[str, str], where: str) -> str:
    """What speaks against storing columns of types ``files`` in columns of types ``table``, or nothing."""
    wrong = [
        f"{name} is {kind} in the files and {table[name]} in {where}"
        for name, kind in files.items()
        if name in table and not fits(kind, table[name])
    ]
    return "; ".join(wrong)


def fits(new: str, old: str) -> bool:
    """Whether every value of type ``new`` is either stored unchanged in type ``old`` or refused."""
    if old in (new, "VARCHAR"):
        return True
    if new in _INTEGERS and old in _INTEGERS:
        return True  # DuckDB refuses what is too large
    before, after = _DECIMAL.fullmatch(new), _DECIMAL.fullmatch(old)
    if before and after:
        return int(before[2]) <= int(after[2])
    return (new, old) in _LOSSLESS
