"""A source's files under data/ into its raw tables: DuckDB reads them itself, dlt keeps the books.

dlt is given a query per table instead of rows (its file format ``model``), so no row goes through Python. Every row
keeps where it stood (``_source_file``, ``_source_row``), its load and its moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow as pa

from brewhouse.errors import SchemaConflictError
from brewhouse.load.files import SourceFile, check_inside, literal_path
from brewhouse.load.pipeline import SourcePipeline, forget, raw_columns
from brewhouse.load.results import TableLoad
from brewhouse.load.types import arrow_type, conflict, duckdb_types
from brewhouse.project import utc_now
from brewhouse.settings import LoadSettings, LoadTableSettings
from brewhouse.warehouse.duckdb import quoted

if TYPE_CHECKING:
    from dlt.extract import DltResource

KIND: Final = "simulated"
BY_FILE: Final = ("_source_file",)
"""The rows of a changed file replace those that the file held before."""

_FILE_COLUMN: Final = "__file"

Declared = Mapping[str, Mapping[str, str]]
"""Per table the types in DuckDB of its declared columns."""

Disposition = Literal["append", "merge", "replace"]


@dataclass(frozen=True)
class Write:
    """One write to one table."""

    table: str
    disposition: Disposition
    files: list[SourceFile]
    key: tuple[str, ...] = ()
    null_keys: bool | None = None
    """None: all rows; False: only rows with a whole key; True: only the others."""


def load_files(
    pipeline: SourcePipeline,
    present: Mapping[str, list[SourceFile]],
    scratch: Path,
    *,
    identity: str,
    declared: Declared,
    settings: LoadSettings,
    replace: bool = False,
) -> list[TableLoad]:
    """Load what is new or changed in ``present``, the source's files by table.

    ``identity`` names the data set: files of another identity replace all that was loaded, files of the same are
    taken by the mode of their table. Raises ``InputFileError`` or ``SchemaConflictError``.
    """
    known = pipeline.state()
    had: Mapping[str, str] = known.get("files", {})
    anew = replace or known.get("identity") != identity or known.get("kind") != KIND
    if anew:
        before = {Path(name).parts[0] for name in had}
        forget(pipeline.target, pipeline.source, sorted(before | present.keys()))
    rounds: tuple[list[Write], list[Write]] = ([], [])
    results = []
    for table, files in present.items():
        mode = settings.tables.get(table, LoadTableSettings())
        fresh = [file for file in files if anew or file.name not in had]
        changed = [file for file in files if not anew and file.name in had and had[file.name] != file.digest]
        first, second = _writes(table, mode, fresh, changed, anew=anew)
        rounds[0].extend(first)
        rounds[1].extend(second)
        taken = fresh + changed
        rows, how = sum(file.rows for file in taken), "replace" if anew else mode.mode
        results.append(TableLoad(table, rows, len(taken), how, pipeline.source, changed=bool(taken)))
    digests = {file.name: file.digest for files in present.values() for file in files}
    state = {"kind": KIND, "identity": identity, "files": digests if anew else {**had, **digests}}
    for writes in rounds:
        if writes:
            _run(pipeline, writes, declared, scratch, state)
    return results


def _writes(
    table: str, mode: LoadTableSettings, fresh: list[SourceFile], changed: list[SourceFile], *, anew: bool
) -> tuple[list[Write], list[Write]]:
    """How to bring the files of one table in, so that no row is lost and none is doubled: at most one write a round."""
    taken = fresh + changed
    if anew:
        return [Write(table, "replace", fresh)], []
    if mode.mode == "merge" and taken:
        keyed = Write(table, "merge", taken, mode.key, null_keys=False)
        return [keyed], [Write(table, "append", taken, mode.key, null_keys=True)]
    if changed:
        return [Write(table, "merge", taken, BY_FILE)], []
    return ([Write(table, "append", fresh)] if fresh else []), []


def _run(
    pipeline: SourcePipeline, writes: list[Write], declared: Declared, scratch: Path, state: dict[str, Any]
) -> None:
    present = raw_columns(pipeline.target)
    moment = utc_now().replace(tzinfo=None)
    models = scratch / "models"
    models.mkdir(parents=True, exist_ok=True)
    resources = []
    for write in writes:
        schema = _schema(write)
        found = duckdb_types(pipeline.target.reader, schema)
        wanted = declared.get(write.table, {})
        problem = conflict(found, wanted, "models/staging") or conflict(
            found | {name: kind for name, kind in wanted.items() if name in found},
            present.get(write.table, {}),
            "the warehouse",
        )
        if problem:
            raise SchemaConflictError(table=write.table, problem=problem)
        casts = {name: wanted[name] for name, kind in found.items() if wanted.get(name, kind) != kind}
        model = models / f"{pipeline.source}-{write.table}.model"
        model.write_text(f"dialect: duckdb\n{_query(write, schema.names, casts, f'{moment}')}\n")
        resources.append(_resource(write, _cast(schema, casts), model, state))
    try:
        pipeline.run(resources)
    except SchemaConflictError:
        for write in writes:
            check_inside(write.files)
        raise


def _schema(write: Write) -> pa.Schema:
    """The columns that the files have together."""
    try:
        together = pa.unify_schemas([file.schema for file in write.files], promote_options="permissive")
    except pa.ArrowInvalid as error:
        raise SchemaConflictError(table=write.table, problem=str(error)) from error
    return pa.schema([field for field in together if not pa.types.is_null(field.type)])


def _cast(schema: pa.Schema, casts: Mapping[str, str]) -> pa.Schema:
    fields = [
        field.with_type(arrow_type(casts[field.name])) if field.name in casts else field for field in schema
    ]
    return pa.schema(fields)


def _query(write: Write, names: Sequence[str], casts: Mapping[str, str], moment: str) -> str:
    """The rows of the files in the declared types, and what a load adds to them; ``_dlt_load_id`` comes from dlt."""
    columns = [
        f"cast({quoted(name)} as {casts[name]}) as {quoted(name)}" if name in casts else quoted(name)
        for name in names
    ]
    paths = ", ".join(_literal(literal_path(file.path)) for file in write.files)
    differ = any(not file.schema.equals(write.files[0].schema) for file in write.files)
    query = (
        f"select {', '.join(columns)}, "
        f"substr({_FILE_COLUMN}, {len(str(write.files[0].root)) + 2}) as _source_file, "
        f"file_row_number as _source_row, timestamp '{moment}' as _loaded_at "
        f"from read_parquet([{paths}], filename = '{_FILE_COLUMN}', file_row_number = true"
        f"{', union_by_name = true' if differ else ''})"
    )
    if write.null_keys is None:
        return query
    missing = " or ".join(f"{quoted(column)} is null" for column in write.key)
    return f"{query} where {missing if write.null_keys else f'not ({missing})'}"


def _resource(write: Write, schema: pa.Schema, model: Path, state: dict[str, Any]) -> DltResource:
    """A dlt resource of one write; it also writes down what will have been loaded."""
    import dlt
    from dlt.common.libs.pyarrow import py_arrow_to_table_schema_columns

    rows = sum(file.rows for file in write.files)

    def queries() -> Iterator[Any]:
        dlt.current.source_state().update(state)
        yield dlt.mark.with_file_import(str(model), "model", rows)

    columns = py_arrow_to_table_schema_columns(schema)
    columns["_source_file"] = {"name": "_source_file", "data_type": "text"}
    columns["_source_row"] = {"name": "_source_row", "data_type": "bigint"}
    columns["_loaded_at"] = {"name": "_loaded_at", "data_type": "timestamp", "timezone": False}
    merge: dict[str, Any] = {"merge_key" if write.key == BY_FILE else "primary_key": write.key}
    return dlt.resource(
        queries,
        name=write.table,
        table_name=write.table,
        write_disposition=write.disposition,
        columns=columns,
        **(merge if write.disposition == "merge" else {}),
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
