"""Snowflake: the information schema of each database. It shows a role only what that role may see.

How the session is opened is the caller's business: the adapter is given a function that answers a query with rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from brewhouse.parity.adapters import statistics
from brewhouse.parity.adapters.base import Columns, Dialect, Listed, Moment, Sight
from brewhouse.parity.adapters.grammars import SNOWFLAKE
from brewhouse.parity.adapters.statistics import Ask, Errors
from brewhouse.parity.observed import FoundKind

if TYPE_CHECKING:
    from brewhouse.parity.names import Key

_KINDS: Final[Mapping[str, FoundKind]] = {
    "BASE TABLE": "table", "TEMPORARY TABLE": "table", "EXTERNAL TABLE": "table", "EVENT TABLE": "table",
    "VIEW": "view", "MATERIALIZED VIEW": "materialized view",
}  # fmt: skip
RELATIONS: Final = (
    "select table_catalog, table_schema, table_name, table_type, is_dynamic, last_altered "
    "from {}.information_schema.tables where table_schema <> 'INFORMATION_SCHEMA'"
)
COLUMNS: Final = (
    "select table_catalog, table_schema, table_name, column_name, data_type, character_maximum_length, "
    "numeric_precision, numeric_scale, datetime_precision "
    "from {}.information_schema.columns where table_schema <> 'INFORMATION_SCHEMA' "
    "order by table_catalog, table_schema, table_name, ordinal_position"
)
SCHEMAS: Final = "select catalog_name, schema_name from {}.information_schema.schemata"
ROLE: Final = "select current_role(), current_timestamp()"


class Snowflake:
    """Databases of one account, asked through ``ask``; ``errors`` are what it raises."""

    dialect: Dialect = SNOWFLAKE

    def __init__(self, ask: Ask, databases: Sequence[str], errors: Errors = (Exception,)) -> None:
        self._ask = ask
        self._databases = tuple(databases)
        self._errors = errors

    def _all(self, query: str) -> Sequence[tuple[Any, ...]]:
        """The query on all databases, as one."""
        parts = [query.format(SNOWFLAKE.quoted(name)) for name in self._databases]
        return self._ask(parts[0] if len(parts) == 1 else " union all ".join(f"({part})" for part in parts))

    def sight(self) -> Sight:
        """A schema that is not listed may be there all the same."""
        [(role, now)] = self._ask(ROLE)
        return Sight(
            role=role,
            databases=frozenset(self._databases),
            schemas=frozenset((database, schema) for database, schema in self._all(SCHEMAS)),
            hidden=frozenset(),
            complete=False,
            now=now.astimezone(dt.UTC),
        )

    def relations(self) -> Iterator[Listed]:
        """Tables, views and dynamic tables, and when they were altered."""
        for database, schema, name, kind, dynamic, altered in self._all(RELATIONS):
            found = "materialized view" if dynamic == "YES" else _KINDS.get(kind, "other")
            # A view's moment is that of its definition.
            moment = altered.astimezone(dt.UTC) if altered and found == "table" else None
            yield Listed(database, schema, name, found, True, moment)

    def columns(self) -> Iterator[Columns]:
        """In their order."""
        place: tuple[str, str, str] | None = None
        names: list[str] = []
        types: list[str] = []
        for database, schema, name, column, *shape in self._all(COLUMNS):
            if (database, schema, name) != place:
                if place:
                    yield Columns(*place, names, types)
                place, names, types = (database, schema, name), [], []
            names.append(column)
            types.append(_type(*shape))
        if place:
            yield Columns(*place, names, types)

    def counts(self, relations: Mapping[Key, str]) -> tuple[dict[Key, int], dict[Key, str]]:
        """Rows by relation."""
        return statistics.counts(self._ask, self._errors, relations)

    def latest(self, moments: Sequence[Moment]) -> tuple[dict[Key, dt.datetime | None], dict[Key, str]]:
        """Moments by relation, in UTC."""
        return statistics.latest(self._ask, self._errors, moments)


def _type(kind: str, length: int | None, precision: int | None, scale: int | None, digits: int | None) -> str:
    """A type with its arguments, which the catalogue keeps apart."""
    if kind in ("NUMBER", "DECIMAL", "NUMERIC") and precision is not None:
        return f"{kind}({precision},{scale or 0})"
    if kind in ("TEXT", "VARCHAR", "BINARY") and length is not None:
        return f"{kind}({length})"
    if kind.startswith("TIME") and digits is not None:
        return f"{kind}({digits})"
    return kind
