"""Whether a file's columns can be stored in the table that is there, without a value being changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import duckdb
import pyarrow as pa

_INTEGERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),(\d+)\)")


def conflict(connection: duckdb.DuckDBPyConnection, schema: pa.Schema, table: Mapping[str, str]) -> str:
    """What speaks against storing columns of ``schema`` in ``table``, or nothing."""
    shared = [field for field in schema if field.name in table]
    if not shared:
        return ""
    empty = pa.schema(shared).empty_table()  # noqa: F841  # DuckDB finds it by its name
    described = connection.execute("describe select * from empty").fetchall()
    wrong = [
        f"{name} is {kind} in the files and {table[name]} in the warehouse"
        for name, kind, *_ in described
        if not fits(kind, table[name])
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
    return (new, old) in {
        ("DATE", "TIMESTAMP"),
        ("FLOAT", "DOUBLE"),
        ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
    }
