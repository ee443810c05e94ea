"""The raw tables as the blueprint's sources declare them: what the simulator delivers, column by column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import yaml
from numpy.typing import NDArray

from brewhouse import blueprints

Columns = tuple[NDArray[np.int64], dict[str, pa.Array]]
"""The rows of a raw table: what tells each apart from the others, and the columns."""

_DECIMAL: Final = re.compile(r"decimal\((\d+), ?(\d+)\)")
_TYPES: Final = {
    "varchar": pa.string(),
    "json": pa.string(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("ms"),
}


@cache
def raw_tables(blueprint: str) -> Mapping[str, Mapping[str, pa.DataType]]:
    """Per raw table its declared columns with their types, in order."""
    tables: dict[str, dict[str, pa.DataType]] = {}
    for path in sorted(blueprints.folder(blueprint).glob("models/staging/**/_*__sources.yml")):
        for source in yaml.safe_load(path.read_text())["sources"]:
            for table in source["tables"] if source["schema"] == "raw" else ():
                tables[table["name"]] = {
                    column["name"]: _type(column["data_type"])
                    for column in table["columns"]
                    if "data_type" in column
                }
    return tables


def _type(name: str) -> pa.DataType:
    found = _DECIMAL.fullmatch(name)
    return pa.decimal128(int(found[1]), int(found[2])) if found else _TYPES[name]


def conform(blueprint: str, name: str, rows: int, columns: Mapping[str, pa.Array]) -> pa.Table:
    """The raw table of that name: declared columns in order, null where nothing is given.

    Raises ``KeyError`` for a column that is not declared.
    """
    declared = raw_tables(blueprint)[name]
    strange = set(columns) - set(declared)
    if strange:
        raise KeyError(f"{name}: {sorted(strange)}")
    arrays = []
    for column, kind in declared.items():
        given = columns.get(column)
        if given is None:
            given = pa.nulls(rows, kind)
        elif given.type != kind and not pa.types.is_dictionary(given.type):
            given = given.cast(kind)
        arrays.append(given)
    return pa.Table.from_arrays(arrays, names=list(declared))
