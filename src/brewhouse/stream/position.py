"""How far a stream has come: read in the warehouse itself, so that nothing else has to be kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np

from brewhouse.dynamic.store import literal
from brewhouse.errors import StreamTargetError
from brewhouse.load.files import TRUTH
from brewhouse.load.sources import RAW
from brewhouse.simulate.engine.company import Streaming
from brewhouse.simulate.engine.delivery import stream_file
from brewhouse.stream.batch import Batch, make_batch
from brewhouse.warehouse.engine import Engine, quoted

_EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001  # UTC, as all moments of a warehouse
_MILLISECOND: Final = dt.timedelta(milliseconds=1)


@dataclass(frozen=True, order=True)
class Position:
    """The number of the next thing, and the moment of the last one in milliseconds since 1970."""

    number: int
    clock_ms: int


def position(engine: Engine, company: Streaming, path: object) -> Position:
    """Where the stream of ``company`` goes on in a warehouse that is called ``path``.

    Raises ``StreamTargetError`` where nothing is loaded, another data set, or tables that the rows don't fit into.
    """
    empty = make_batch(company, 0, np.zeros(0, np.int64), _EPOCH)
    _require_tables(engine, empty, path)
    _require_data_set(engine, company, path)
    mark = company.mark
    table, key, moment = quoted(TRUTH, mark.table), quoted(mark.key), quoted(mark.moment)
    [(last, at)] = engine.rows(f"select max({key}), max({moment}) from {table} where {key} >= {mark.base}")
    if last is None:
        _require_no_rows(engine, empty, path)
        return Position(0, company.end_ms)
    return Position(int(last) - mark.base + 1, (at - _EPOCH) // _MILLISECOND)


def _require_tables(engine: Engine, batch: Batch, path: object) -> None:
    there: dict[tuple[str, str], set[str]] = {}
    for schema, table, column, _ in engine.all_columns():
        there.setdefault((schema, table), set()).add(column)
    needed = {place: set(rows.column_names) for place, rows in batch.tables.items()}
    needed[TRUTH, "parameters"] = {"name", "value"}
    for (schema, table), columns in needed.items():
        found = there.get((schema, table), set())
        if missing := sorted(columns - found):
            lacks = f"the column {missing[0]} in {schema}.{table}" if found else f"the table {schema}.{table}"
            raise StreamTargetError(path=path, problem=f"lacks {lacks}", command="brewhouse run")
    views = [name for name, kind in engine.relations().items() if kind == "view"]
    for place in batch.tables:
        if any(name.endswith(f".{quoted(*place)}") for name in views):
            problem = f"has {'.'.join(place)} as a view of another source's table"
            raise StreamTargetError(
                path=path, problem=problem, command="edit brewhouse.toml ([sources.NAME] kind)"
            )


def _require_data_set(engine: Engine, company: Streaming, path: object) -> None:
    rows = engine.rows(f"select name, value from {quoted(TRUTH, 'parameters')}")
    found = {str(name): str(value) for name, value in rows}
    asked = {**company.parameters(), "version": str(company.version)}
    for name, value in asked.items():
        if found.get(name) != value:
            problem = f"holds another data set ({name} {found.get(name, 'unknown')}, in the settings {value})"
            raise StreamTargetError(path=path, problem=problem, command="brewhouse run")


def _require_no_rows(engine: Engine, batch: Batch, path: object) -> None:
    """Truth knows of no stream: then raw must not either, or numbers would be given twice."""
    table = next(table for schema, table in batch.tables if schema == RAW)
    like = literal(stream_file(table, 0).replace("-0.", "-%."))
    if engine.rows(f"select 1 from {quoted(RAW, table)} where _source_file like {like} limit 1"):
        problem = f"has rows of a stream in {RAW}.{table} of which truth knows nothing, since a load has replaced it"
        raise StreamTargetError(path=path, problem=problem, command="brewhouse load --replace")
