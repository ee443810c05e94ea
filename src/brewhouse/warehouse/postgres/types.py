"""Types of DuckDB, in which files are described, and of PostgreSQL."""

from __future__ import annotations

import re
from typing import Final

_TO_POSTGRES: Final = {
    "TINYINT": "smallint",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(20,0)",
    "HUGEINT": "numeric(38,0)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "BLOB": "bytea",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "JSON": "jsonb",
}
_TO_DUCKDB: Final = {
    "character varying": "VARCHAR",
    "text": "VARCHAR",
    "character": "VARCHAR",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
    "time without time zone": "TIME",
    "double precision": "DOUBLE",
    "real": "FLOAT",
    "bytea": "BLOB",
    "jsonb": "JSON",
}
_SIZE: Final = re.compile(r" ?\(([\d,]+)\)")


def postgres_type(stored: str) -> str:
    """A type of DuckDB as PostgreSQL calls it."""
    return _TO_POSTGRES.get(stored, stored)


def common_type(kind: str, dialect: str) -> str:
    """A column's type in words that are the same for both engines if PostgreSQL would store it the same."""
    return duckdb_type(postgres_type(kind) if dialect == "duckdb" else kind)


def duckdb_type(kind: str) -> str:
    """A type of PostgreSQL (by ``format_type``) as DuckDB calls it."""
    size = _SIZE.search(kind)
    plain = _SIZE.sub("", kind)
    if plain in ("numeric", "DECIMAL"):
        return f"DECIMAL({size[1]})" if size else "DECIMAL"
    return _TO_DUCKDB.get(plain, plain.upper())
