"""Sources whose tables are in the warehouse already: checked as a whole, then one view each in ``raw``.

A view holds no state and so is never stale. Its load id is a digest of the table's rows: whatever is changed in the
table by whomever, incremental models see a new load; and nothing, if nothing was changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from brewhouse.errors import MissingColumnsError
from brewhouse.load.pipeline import forget, views
from brewhouse.load.results import TableLoad
from brewhouse.load.sources import RAW, Column, Source, SourceTable
from brewhouse.warehouse.duckdb import quoted

KIND: Final = "existing"
There = dict[str, tuple[bool, dict[str, str]]]
"""By name of a table: whether it is a view, and its columns and their types."""

MOMENTS: Final = ("_loaded_at", "_fivetran_synced", "_airbyte_extracted_at", "_sdc_batched_at", "created_at")
"""Columns that say when a row came, in the order in which they are looked for."""

_NESTED: Final = ("STRUCT", "MAP", "UNION")
_NUMBERS: Final = ("INTEGER", "BIGINT", "DECIMAL", "DOUBLE")


def check_existing(connection: duckdb.DuckDBPyConnection | None, sources: Sequence[Source]) -> None:
    """See that all tables and columns of the existing sources are there; raises ``MissingColumnsError`` with the list.

    ``connection`` is None where there is no warehouse yet: then all of them are missing.
    """
    problems: list[str] = []
    count = 0
    for source in sources:
        if source.kind == KIND:
            there = _there(connection, source)
            for table in source.tables:
                found = _problems(connection, there, source, table)
                problems += found
                count += len(found)
    if problems:
        names = ", ".join(source.name for source in sources if source.kind == KIND)
        raise MissingColumnsError(sources=names, count=count, problems="; ".join(problems))


def create_views(connection: duckdb.DuckDBPyConnection, source: Source) -> list[TableLoad]:
    """Put a view on each table of the source in raw, instead of what was there."""
    before = views(connection)
    there = _there(connection, source)
    wanted = {table.name: _view(there, source, table) for table in source.tables}
    if not wanted.keys() <= before.keys():
        forget(connection, source.name, list(wanted))
    connection.execute(f"create schema if not exists {quoted(RAW)}")
    for sql in wanted.values():
        connection.execute(sql)
    after = views(connection)
    return [
        TableLoad(name, 0, 0, KIND, source.name, changed=before.get(name) != after[name]) for name in wanted
    ]


def _there(connection: duckdb.DuckDBPyConnection | None, source: Source) -> There:
    """The tables and views in the schema of a source; nothing where there is no warehouse yet."""
    if connection is None:
        return {}
    rows = connection.execute(
        "select c.table_name, v.view_name is not null, c.column_name, c.data_type from duckdb_columns() as c "
        "left join duckdb_views() as v on v.database_oid = c.database_oid and v.schema_oid = c.schema_oid "
        "and v.view_name = c.table_name "
        "where c.database_name = current_database() and c.schema_name = $1 order by c.table_name, c.column_index",
        [source.settings.schema_name],
    ).fetchall()
    there: There = {}
    for table, is_view, column, kind in rows:
        there.setdefault(table, (is_view, {}))[1][column] = kind
    return there


def _home(there: There, source: Source, table: SourceTable) -> tuple[str, bool, dict[str, str]]:
    """The name of a table in the user's schema, whether it is a view, and its columns; none if it is not there."""
    plain = table.name.removeprefix(f"{source.name}_")
    given = source.settings.tables.get(table.name)
    names = [given] if given else [table.name, plain]
    found = next((name for name in names if name in there), None)
    return (found, *there[found]) if found else (names[0], False, {})


def _problems(
    connection: duckdb.DuckDBPyConnection | None, there: There, source: Source, table: SourceTable
) -> list[str]:
    """What a table lacks: itself, columns, or values of the right type."""
    name, _, columns = _home(there, source, table)
    where = f"{source.settings.schema_name}.{name}"
    if connection is None or not columns:
        return [f"{where} (table)"]
    kinds = {column.lower(): kind for column, kind in columns.items()}
    lacking = [
        f"{where}.{column.name}" + (f" ({column.kind})" if column.kind else "")
        for column in table.columns
        if column.name.lower() not in kinds and not column.optional
    ]
    return lacking + _unfit(connection, where, _relation(source, name), table, kinds)


def _unfit(
    connection: duckdb.DuckDBPyConnection,
    where: str,
    relation: str,
    table: SourceTable,
    there: dict[str, str],
) -> list[str]:
    """Columns with values that are none of the declared type."""
    cast = [
        column for column in table.columns
        if column.kind and there.get(column.name.lower(), column.stored) != column.stored
    ]  # fmt: skip
    problems, counts = [], []
    for column in cast:
        value = _as_declared(column, there[column.name.lower()])
        try:
            connection.execute(f"select {value} from {relation} limit 0")
        except duckdb.BinderException:
            problems.append(f"{where}.{column.name} ({there[column.name.lower()]}, expected {column.kind})")
            continue
        counts.append((column, f"count(*) filter (where {_differs(column, value)})"))
    if counts:
        asked = ", ".join(sql for _, sql in counts)
        row = connection.execute(f"select {asked} from {relation}").fetchone() or ()
        problems += [
            f"{where}.{column.name} ({there[column.name.lower()]}, rows that hold no {column.kind}: {bad:,})"
            for (column, _), bad in zip(counts, row, strict=True)
            if bad
        ]
    return problems


def _differs(column: Column, value: str) -> str:
    """The condition under which the cast ``value`` of a column is not what the column holds."""
    name, trial = quoted(column.name), value.replace("cast(", "try_cast(", 1)
    lost = f"{name} is not null and {trial} is null"
    if column.stored.startswith(_NUMBERS):
        return f"({lost}) or try_cast({name} as DOUBLE) is distinct from cast({trial} as DOUBLE)"
    return lost


def _relation(source: Source, name: str) -> str:
    return quoted(source.settings.schema_name or "", name)


def _as_declared(column: Column, there: str) -> str:
    """The expression that gives a column in its declared type: the same value or an error, never another value."""
    name = quoted(column.name)
    if not column.kind or there == column.stored:
        return name
    if column.kind == "json" and (there.startswith(_NESTED) or there.endswith("]")):
        return f"cast(to_json({name}) as VARCHAR)"
    if there == "TIMESTAMP WITH TIME ZONE" and column.stored in ("TIMESTAMP", "DATE"):
        return f"cast({name} at time zone 'UTC' as {column.stored})"
    return f"cast({name} as {column.stored})"


def _view(tables: There, source: Source, table: SourceTable) -> str:
    """A view with the columns of a loaded table."""
    name, is_view, columns = _home(tables, source, table)
    there = {column.lower(): type_ for column, type_ in columns.items()}
    relation = _relation(source, name)
    declared = table.columns or tuple(Column(column) for column in columns if not column.startswith("_"))
    values = [
        f"{_as_declared(column, there[column.name.lower()])} as {quoted(column.name)}"
        if column.name.lower() in there
        else f"cast(null as {column.stored or 'VARCHAR'}) as {quoted(column.name)}"
        for column in declared
    ]
    all_columns = ", ".join(quoted(column) for column in columns)
    # A view has no row ids: its rows are numbered in the order of their content.
    row = f"row_number() over (order by {all_columns})" if is_view else "rowid"
    identity = "" if is_view else "rowid, "
    moment = next((column for column in MOMENTS if column in there), "")
    loaded_at = _as_declared(Column(moment, "timestamp"), there[moment]) if moment else "null"
    return (
        f"create or replace view {quoted(RAW, table.name)} as select {', '.join(values)}, "
        f"'{source.settings.schema_name}.{name}' as _source_file, cast({row} as BIGINT) as _source_row, "
        f"cast({loaded_at} as TIMESTAMP) as _loaded_at, "
        f"(select md5(concat(count(*), '-', bit_xor(hash({identity}{all_columns})))) from {relation}) as _dlt_load_id "
        f"from {relation}"
    )
