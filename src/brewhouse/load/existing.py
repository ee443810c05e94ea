"""Sources whose tables are in the warehouse already: checked as a whole, then one view each in ``raw``.

A view holds no state and so is never stale. Its load id is a digest of the table's rows: whatever is changed in the
table by whomever, incremental models see a new load; and nothing, if nothing was changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from brewhouse.errors import MissingColumnsError
from brewhouse.load.pipeline import forget
from brewhouse.load.results import TableLoad
from brewhouse.load.sources import RAW, Column, Source, SourceTable
from brewhouse.load.target import Relations, Target
from brewhouse.warehouse.duckdb import quoted

KIND: Final = "existing"
MOMENTS: Final = ("_loaded_at", "_fivetran_synced", "_airbyte_extracted_at", "_sdc_batched_at", "created_at")
"""Columns that say when a row came, in the order in which they are looked for."""

_NESTED: Final = ("STRUCT", "MAP", "UNION")
_NUMBERS: Final = ("INTEGER", "BIGINT", "DECIMAL", "DOUBLE")


def check_existing(target: Target | None, sources: Sequence[Source]) -> None:
    """See that all tables and columns of the existing sources are there; raises ``MissingColumnsError`` with the list.

    ``target`` is None where there is no warehouse yet: then all of them are missing.
    """
    problems: list[str] = []
    count = 0
    for source in sources:
        if source.kind == KIND:
            there = _there(target, source)
            for table in source.tables:
                found = _problems(target, there, source, table)
                problems += found
                count += len(found)
    if problems:
        names = ", ".join(source.name for source in sources if source.kind == KIND)
        raise MissingColumnsError(sources=names, count=count, problems="; ".join(problems))


def create_views(target: Target, source: Source) -> list[TableLoad]:
    """Put a view on each table of the source in raw, instead of what was there."""
    before = target.views(RAW)
    there = _there(target, source)
    wanted = {table.name: _view(target, there, source, table) for table in source.tables}
    if not wanted.keys() <= before.keys():
        forget(target, source.name, list(wanted))
    target.run(f"create schema if not exists {quoted(RAW)}")
    for name, query in wanted.items():
        target.put_view(RAW, name, query)
    after = target.views(RAW)
    return [
        TableLoad(name, 0, 0, KIND, source.name, changed=before.get(name) != after[name]) for name in wanted
    ]


def _there(target: Target | None, source: Source) -> Relations:
    """The tables and views in the schema of a source; nothing where there is no warehouse yet."""
    return target.relations(source.settings.schema_name or "") if target else {}


def _home(there: Relations, source: Source, table: SourceTable) -> tuple[str, bool, dict[str, str]]:
    """The name of a table in the user's schema, whether it is a view, and its columns; none if it is not there."""
    plain = table.name.removeprefix(f"{source.name}_")
    given = source.settings.tables.get(table.name)
    names = [given] if given else [table.name, plain]
    found = next((name for name in names if name in there), None)
    return (found, *there[found]) if found else (names[0], False, {})


def _problems(target: Target | None, there: Relations, source: Source, table: SourceTable) -> list[str]:
    """What a table lacks: itself, columns, or values of the right type."""
    name, _, columns = _home(there, source, table)
    where = f"{source.settings.schema_name}.{name}"
    if target is None or not columns:
        return [f"{where} (table)"]
    kinds = {column.lower(): kind for column, kind in columns.items()}
    lacking = [
        f"{where}.{column.name}" + (f" ({column.kind})" if column.kind else "")
        for column in table.columns
        if column.name.lower() not in kinds and not column.optional
    ]
    return lacking + _unfit(target, where, _relation(source, name), table, kinds)


def _unfit(target: Target, where: str, relation: str, table: SourceTable, there: dict[str, str]) -> list[str]:
    """Columns with values that are none of the declared type."""
    cast = [
        column for column in table.columns
        if column.kind and there.get(column.name.lower(), column.stored) != column.stored
    ]  # fmt: skip
    problems, counts = [], []
    for column in cast:
        kind = there[column.name.lower()]
        value = _as_declared(target, column, kind)
        if not target.accepts(f"select {value} from {relation} limit 0"):
            problems.append(f"{where}.{column.name} ({kind}, expected {column.kind})")
            continue
        number = column.stored.startswith(_NUMBERS)
        differs = target.differs(quoted(column.name), value, column.stored, number=number)
        counts.append((column, f"count(*) filter (where {differs})"))
    if counts:
        asked = ", ".join(sql for _, sql in counts)
        row = target.rows(f"select {asked} from {relation}")[0]
        problems += [
            f"{where}.{column.name} ({there[column.name.lower()]}, rows that hold no {column.kind}: {bad:,})"
            for (column, _), bad in zip(counts, row, strict=True)
            if bad
        ]
    return problems


def _relation(source: Source, name: str) -> str:
    return quoted(source.settings.schema_name or "", name)


def _as_declared(target: Target, column: Column, there: str) -> str:
    """The expression that gives a column in its declared type: the same value or an error, never another value."""
    name = quoted(column.name)
    if not column.kind or there == column.stored:
        return name
    if column.kind == "json" and (there.startswith(_NESTED) or there.endswith("]")):
        return f"cast(to_json({name}) as VARCHAR)"
    if there == "TIMESTAMP WITH TIME ZONE" and column.stored in ("TIMESTAMP", "DATE"):
        return f"cast({name} at time zone 'UTC' as {column.stored})"
    return f"cast({name} as {target.type_name(column.stored)})"


def _view(target: Target, tables: Relations, source: Source, table: SourceTable) -> str:
    """The query that gives the columns of a loaded table."""
    name, is_view, columns = _home(tables, source, table)
    there = {column.lower(): type_ for column, type_ in columns.items()}
    relation = _relation(source, name)
    declared = table.columns or tuple(Column(column) for column in columns if not column.startswith("_"))
    values = [
        f"{_as_declared(target, column, there[column.name.lower()])} as {quoted(column.name)}"
        if column.name.lower() in there
        else f"cast(null as {target.type_name(column.stored or 'VARCHAR')}) as {quoted(column.name)}"
        for column in declared
    ]
    moment = next((column for column in MOMENTS if column in there), "")
    loaded_at = _as_declared(target, Column(moment, "timestamp"), there[moment]) if moment else "null"
    return (
        f"select {', '.join(values)}, '{source.settings.schema_name}.{name}' as _source_file, "
        f"cast({target.row_number(columns, is_view=is_view)} as BIGINT) as _source_row, "
        f"cast({loaded_at} as TIMESTAMP) as _loaded_at, "
        f"{target.digest(relation, columns, is_view=is_view)} as _dlt_load_id from {relation}"
    )
