"""How each engine spells types, and compares names."""

from __future__ import annotations

from typing import Final

from brewhouse.parity.adapters.base import Dialect
from brewhouse.parity.names import Folding
from brewhouse.parity.types import UNLIMITED, Grammar, Type


def _names(spelled: dict[str, Type]) -> tuple[tuple[str, Type], ...]:
    return tuple((name, kind) for names, kind in spelled.items() for name in names.split("|"))


_COMMON: Final = {
    "boolean|bool": Type("boolean"),
    "date": Type("date"),
    "uuid": Type("uuid"),
    "json|jsonb": Type("json"),
    "interval": Type("interval"),
    "time|time without time zone": Type("time", zone=False),
    "timetz|time with time zone": Type("time", zone=True),
    "timestamptz|timestamp with time zone": Type("timestamp", zone=True),
}

DUCKDB: Final = Dialect(
    "duckdb",
    Folding(unquoted="lower", quoted="lower"),
    Grammar(
        _names({
            **_COMMON,
            "tinyint|int1": Type("integer", precision=8),
            "smallint|int2|short|int16": Type("integer", precision=16),
            "integer|int|int4|signed|int32": Type("integer", precision=32),
            "bigint|int8|long|int64": Type("integer", precision=64),
            "hugeint|int128": Type("integer", precision=128),
            "utinyint|uint8": Type("unsigned integer", precision=8),
            "usmallint|uint16": Type("unsigned integer", precision=16),
            "uinteger|uint32": Type("unsigned integer", precision=32),
            "ubigint|uint64": Type("unsigned integer", precision=64),
            "uhugeint|uint128": Type("unsigned integer", precision=128),
            "bignum|varint": Type("integer", precision=UNLIMITED),
            "decimal|numeric|dec": Type("decimal"),
            "float|float4|real": Type("float", precision=32),
            "double|float8|double precision": Type("float", precision=64),
            "varchar|char|bpchar|text|string|character varying|nvarchar": Type("text"),
            "blob|bytea|binary|varbinary": Type("binary"),
            "bit|bitstring": Type("bits"),
            "timestamp|datetime|timestamp without time zone|timestamp_us":
                Type("timestamp", precision=6, zone=False),
            "timestamp_s": Type("timestamp", precision=0, zone=False),
            "timestamp_ms": Type("timestamp", precision=3, zone=False),
            "timestamp_ns": Type("timestamp", precision=9, zone=False),
            "timestamptz|timestamp with time zone": Type("timestamp", precision=6, zone=True),
        }),
        lengths=False,
        decimal=(18, 3),
    ),
)  # fmt: skip
"""It compares names without case, quotes or not, and keeps no length of a text."""

POSTGRES: Final = Dialect(
    "postgres",
    Folding(unquoted="lower", quoted="keep", max_bytes=63),
    Grammar(
        _names({
            **_COMMON,
            "smallint|int2|smallserial": Type("integer", precision=16),
            "integer|int|int4|serial": Type("integer", precision=32),
            "bigint|int8|bigserial": Type("integer", precision=64),
            "numeric|decimal|dec": Type("decimal"),
            "real|float4": Type("float", precision=32),
            "double precision|float8|float": Type("float", precision=64),
            "text": Type("text", length=UNLIMITED),
            "character varying|varchar": Type("text"),
            "character|char|bpchar": Type("text", length=1),
            "string": Type("text"),
            "bytea": Type("binary"),
            "bit|bit varying|varbit": Type("bits"),
            "timestamp|timestamp without time zone|datetime": Type("timestamp", zone=False),
        }),
        fraction=6,
    ),
)  # fmt: skip
"""It folds what is not in quotes to lower case, and cuts names at 63 bytes."""

SNOWFLAKE: Final = Dialect(
    "snowflake",
    Folding(unquoted="upper", quoted="keep"),
    Grammar(
        _names({
            "boolean|bool": Type("boolean"),
            "date": Type("date"),
            "time": Type("time"),
            "number|decimal|numeric|dec": Type("decimal"),
            "int|integer|bigint|smallint|tinyint|byteint": Type("decimal", precision=38, scale=0),
            "float|float4|float8|double|double precision|real": Type("float", precision=64),
            "varchar|string|text|nvarchar|nvarchar2|char varying|nchar varying": Type("text"),
            "char|character|nchar": Type("text", length=1),
            "binary|varbinary": Type("binary"),
            "timestamp": Type("timestamp"),
            "timestamp_ntz|datetime|timestampntz|timestamp without time zone": Type("timestamp", zone=False),
            "timestamp_ltz|timestamp_tz|timestampltz|timestamptz|timestamp with time zone":
                Type("timestamp", zone=True),
            "variant": Type("variant"),
            "object": Type("object"),
            "array": Type("list"),
            "geography": Type("geography"),
            "geometry": Type("geometry"),
        }),
        unlimited_length=16_777_216,
        decimal=(38, 0),
    ),
)  # fmt: skip
"""It folds what is not in quotes to upper case; a plain ``timestamp`` is what the account says it is."""
