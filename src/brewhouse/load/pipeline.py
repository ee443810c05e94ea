"""Files to the schema ``raw`` with dlt: every row keeps its load id, its load time and where it stood.

What was loaded is remembered in dlt's own state inside the warehouse, so it is published, kept or thrown away
together with the rows. A load works on a private copy (see ``warehouse.snapshots``): killed at any moment it
leaves nothing half loaded in sight.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from brewhouse.errors import BrewhouseError, DiskError, InputFileError, SchemaConflictError
from brewhouse.load.files import SourceFile, raw_files, truth_files
from brewhouse.project import utc_now
from brewhouse.settings import LoadSettings, LoadTableSettings
from brewhouse.warehouse.duckdb import disk_problem, quoted

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")
os.environ.setdefault("NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID", "true")

RAW: Final = "raw"
PIPELINE: Final = "brewhouse"
BY_FILE: Final = ("_source_file",)
"""The rows of a changed file replace those that the file held before."""

Disposition = Literal["append", "merge", "replace"]


@dataclass(frozen=True)
class TableLoad:
    """What a load did to one raw table."""

    table: str
    rows: int
    files: int
    how: str


@dataclass(frozen=True)
class LoadResult:
    """What a load did: per table, and the columns that were not there before."""

    tables: tuple[TableLoad, ...]
    new_columns: tuple[str, ...] = ()
    truth_rows: int = 0

    @property
    def rows(self) -> int:
        """Raw rows loaded."""
        return sum(table.rows for table in self.tables)

    @property
    def changed(self) -> bool:
        """Whether anything was loaded at all."""
        return any(table.files for table in self.tables)


@dataclass(frozen=True)
class _Step:
    """One write to one table."""

    table: str
    disposition: Disposition
    files: list[SourceFile]
    key: tuple[str, ...] = ()
    null_keys: bool | None = None
    """None: all rows; False: only rows with a whole key; True: only the others."""
    state: dict[str, str] = field(default_factory=dict)


def load(
    connection: duckdb.DuckDBPyConnection,
    data: Path,
    scratch: Path,
    *,
    identity: str,
    settings: LoadSettings,
    replace: bool = False,
) -> LoadResult:
    """Load what is new or changed under ``data`` through ``connection``.

    ``identity`` names the data set: files of another identity replace all that was loaded, files of the same are
    taken by the mode of their table. ``scratch`` is a folder for dlt's packages. Raises ``NoDataError``,
    ``InputFileError`` or ``SchemaConflictError``.
    """
    present = raw_files(data)
    known = _loaded(connection)
    anew = replace or known.get("identity") != identity
    steps: list[_Step] = []
    results: list[TableLoad] = []
    for table, files in present.items():
        had: Mapping[str, str] = {} if anew else known.get("files", {})
        fresh = [file for file in files if file.name not in had]
        changed = [file for file in files if file.name in had and had[file.name] != file.digest]
        mode = settings.tables.get(table, LoadTableSettings())
        steps += _steps(table, mode, fresh, changed, anew=anew)
        taken = fresh + changed
        how = "replace" if anew else mode.mode
        rows = sum(file.rows for file in taken)
        results.append(TableLoad(table, rows, len(taken), how))
    before = _columns(connection)
    if steps:
        state = {file.name: file.digest for files in present.values() for file in files}
        if not anew:
            state = {**known.get("files", {}), **state}
        _run(connection, scratch, steps, {"identity": identity, "files": state})
        truth_rows = _load_truth(connection, data)
    else:
        truth_rows = 0
    added = sorted(_columns(connection) - before) if before else []
    return LoadResult(tuple(results), tuple(added), truth_rows)


def _steps(
    table: str,
    mode: LoadTableSettings,
    fresh: list[SourceFile],
    changed: list[SourceFile],
    *,
    anew: bool,
) -> list[_Step]:
    """How to bring the files of one table in, so that no row is lost and none is doubled."""
    if anew:
        return [_Step(table, "replace", fresh)]
    if mode.mode == "merge" and (fresh or changed):
        taken = fresh + changed
        return [
            _Step(table, "merge", taken, mode.key, null_keys=False),
            _Step(table, "append", taken, mode.key, null_keys=True),
        ]
    steps = []
    if changed:
        steps.append(_Step(table, "merge", changed, BY_FILE))
    if fresh:
        steps.append(_Step(table, "append", fresh))
    return steps


def _run(
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    steps: list[_Step],
    state: dict[str, Any],
) -> None:
    import dlt
    from dlt.pipeline.exceptions import PipelineStepFailed

    pipeline = dlt.pipeline(
        PIPELINE,
        pipelines_dir=str(scratch),
        destination=dlt.destinations.duckdb(connection),
        dataset_name=RAW,
    )
    loaded_at = pa.scalar(utc_now().replace(tzinfo=None), pa.timestamp("us"))
    for step in steps:
        try:
            pipeline.run(_resource(step, loaded_at, state))
        except PipelineStepFailed as error:
            raise _unwrapped(error, step.table, scratch) from error


def _resource(step: _Step, loaded_at: pa.Scalar, state: dict[str, Any]) -> Any:
    """A dlt resource over the files of one step; it also writes down what will have been loaded."""
    import dlt

    def rows() -> Iterator[pa.Table]:
        dlt.current.source_state().update(state)
        for file in step.files:
            for batch in file.batches({"_loaded_at": loaded_at}):
                yield _of_key(batch, step)

    merge: dict[str, Any] = {"merge_key" if step.key == BY_FILE else "primary_key": step.key}
    return dlt.resource(
        rows,
        name=step.table,
        table_name=step.table,
        write_disposition=step.disposition,
        columns={"_loaded_at": {"data_type": "timestamp", "timezone": False}},
        **(merge if step.disposition == "merge" else {}),
    )


def _of_key(batch: pa.Table, step: _Step) -> pa.Table:
    """The rows of a batch that have a whole key, or the others, as the step asks."""
    if step.null_keys is None:
        return batch
    missing = pa.array([False] * batch.num_rows)
    for column in step.key:
        missing = pc.or_(missing, pc.is_null(batch.column(column)))
    return batch.filter(missing if step.null_keys else pc.invert(missing))


def _unwrapped(error: BaseException, table: str, scratch: Path) -> BrewhouseError:
    """The error of ours inside dlt's, or what dlt says of the schema."""
    last = error
    while (cause := last.__cause__ or last.__context__) is not None:
        last = cause
        if isinstance(last, BrewhouseError):
            return last
        if problem := disk_problem(str(last)):
            return DiskError(path=scratch, folder=scratch.parent, problem=problem)
    return SchemaConflictError(table=table, problem=str(last).strip().splitlines()[0])


def _loaded(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Any]:
    """What the warehouse says was loaded: ``{"identity": ..., "files": {name: digest}}``, or nothing."""
    from dlt.common.versioned_state import decompress_state

    try:
        row = connection.execute(
            f"select state from {RAW}._dlt_pipeline_state "
            f"where pipeline_name = '{PIPELINE}' order by version desc, created_at desc limit 1"
        ).fetchone()
    except duckdb.CatalogException:
        return {}
    if row is None:
        return {}
    state: dict[str, Any] = dict(decompress_state(row[0]))
    return dict(state.get("sources", {}).get(PIPELINE, {}))


def _columns(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        f"where schema_name = '{RAW}' and not starts_with(table_name, '_dlt')"
    ).fetchall()
    return {f"{table}.{column} {kind.lower()}" for table, column, kind in rows}


def _load_truth(connection: duckdb.DuckDBPyConnection, data: Path) -> int:
    """Replace the schema truth by the files of the data set; returns its rows."""
    connection.execute("create schema if not exists truth")
    rows = 0
    for table, files in truth_files(data).items():
        name = quoted("truth", table)
        try:
            connection.execute(
                f"create or replace table {name} as select * from read_parquet($1)",
                [[str(path) for path in files]],
            )
        except (duckdb.InvalidInputException, duckdb.SerializationException) as error:
            raise InputFileError(path=data / "truth" / table, problem=str(error).splitlines()[0]) from error
        counted = connection.execute(f"select count(*) from {name}").fetchone()
        rows += counted[0] if counted else 0
    return rows
