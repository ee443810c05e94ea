"""One digest of a table's content, the same on every engine: whatever the order of its rows.

Two tables are equal if their columns have the same names and types in the same order and if they hold the
same rows. A type is what is declared: a decimal with its precision and scale, a text without its length, and
where PostgreSQL has no such type (an unsigned or huge integer) the one that it stores instead. Each value
becomes a text of one form (times to the microsecond, null unlike any text), each row the MD5 of its values,
and a table the number of its rows and two sums over them. The engine computes it, so that no row leaves it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from brewhouse.warehouse.engine import Engine, quoted
from brewhouse.warehouse.postgres.types import common_type

Dialect = Mapping[str, str]

_KINDS: Final = {
    "boolean": r"bool(ean)?",
    "whole": r"(tiny|small|big|huge|u\w*)?int(eger|\d*)?",
    "decimal": r"(decimal|numeric)(\(.*\))?",
    "float": r"float|real|double( precision)?",
    "date": r"date",
    "moment": r"timestamp(_\w+)?(\(\d\))?( without time zone)?",
    "zoned": r"timestamp(\(\d\))? with time zone",
    "bytes": r"blob|bytea",
}
_TEXTS: Final[Mapping[str, Dialect]] = {
    "duckdb": {
        "boolean": "cast({0} as varchar)",
        "whole": "cast({0} as varchar)",
        "decimal": "cast({0} as varchar)",
        "float": "cast(cast(round({0} * 1000000) as decimal(38, 0)) as varchar)",
        "date": "cast({0} as varchar)",
        "moment": "strftime(cast({0} as timestamp), '%Y-%m-%d %H:%M:%S.%f')",
        "zoned": "strftime(cast({0} as timestamp), '%Y-%m-%d %H:%M:%S.%f')",
        "bytes": "lower(hex({0}))",
        "text": "cast({0} as varchar)",
    },
    "postgres": {
        "boolean": "cast({0} as text)",
        "whole": "cast({0} as text)",
        "decimal": "cast({0} as text)",
        "float": "cast(cast(round({0} * 1000000) as numeric) as text)",
        "date": "cast({0} as text)",
        "moment": "to_char({0}, 'YYYY-MM-DD HH24:MI:SS.US')",
        "zoned": "to_char({0} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        "bytes": "encode({0}, 'hex')",
        "text": "cast({0} as text)",
    },
}
_ARGUMENTS: Final = 50
_PART: Final = {
    "duckdb": "cast('0x' || substr(hash, {0}, 15) as bigint)",
    "postgres": "cast(cast('x' || substr(hash, {0}, 15) as bit(60)) as bigint)",
}


@dataclass(frozen=True)
class Fingerprint:
    """What two tables share if they are equal."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: int
    sums: tuple[int, int] = (0, 0)


def fingerprint(engine: Engine, relation: str, *, leave_out: Collection[str] = ()) -> Fingerprint:
    """Of ``relation`` (with quotes), without some columns."""
    columns = [(name, kind) for name, kind in engine.columns(relation) if name not in leave_out]
    row = _joined([_text(engine.dialect, name, kind) for name, kind in columns]) or "''"
    first, second = (_PART[engine.dialect].format(start) for start in (1, 16))
    [(rows, one, two)] = engine.rows(
        f"select count(*), coalesce(sum({first}), 0), coalesce(sum({second}), 0) "
        f"from (select md5({row}) as hash from {relation}) as hashes"
    )
    names = tuple(name for name, _ in columns)
    types = tuple(common_type(kind, engine.dialect) for _, kind in columns)
    return Fingerprint(names, types, int(rows), (int(one), int(two)))


def column_fingerprints(
    engine: Engine, relation: str, *, leave_out: Collection[str] = ()
) -> dict[str, Fingerprint]:
    """Of each column alone: to find the ones in which two tables differ."""
    names = [name for name, _ in engine.columns(relation)]
    return {
        name: fingerprint(engine, relation, leave_out={*leave_out, *names} - {name})
        for name in names
        if name not in leave_out
    }


def _text(dialect: str, name: str, kind: str) -> str:
    """A value as text; null is unlike any."""
    plain = kind.lower()
    form = next((form for form, known in _KINDS.items() if re.fullmatch(known, plain)), "text")
    text = _TEXTS[dialect][form].format(quoted(name))
    return f"coalesce('+' || {text}, '-')"


def _joined(texts: list[str]) -> str:
    """With a sign between them that no value holds; a function of PostgreSQL takes a hundred arguments."""
    groups = [texts[start : start + _ARGUMENTS] for start in range(0, len(texts), _ARGUMENTS)]
    joined = [f"concat_ws(chr(31), {', '.join(group)})" for group in groups]
    return joined[0] if len(joined) == 1 else _joined(joined) if joined else ""
