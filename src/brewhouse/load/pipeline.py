"""One dlt pipeline per source system, all into the schema ``raw``.

What a source has loaded is remembered in dlt's own state inside the warehouse, so it is published, kept or thrown away
together with the rows. A load works on a private copy (see ``warehouse.snapshots``): killed at any moment it leaves
nothing half loaded in sight.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from brewhouse.errors import BrewhouseError, DiskError, SchemaConflictError
from brewhouse.load.sources import RAW
from brewhouse.load.target import Target
from brewhouse.warehouse.duckdb import disk_problem, quoted

if TYPE_CHECKING:  # dlt takes a second to import
    from dlt.extract import DltResource

for _name, _value in {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "CRITICAL",
    "NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID": "true",
    "NORMALIZE__MODEL_NORMALIZER__ADD_DLT_LOAD_ID": "true",
    "NORMALIZE__MODEL_NORMALIZER__ADD_DLT_ID": "false",
}.items():
    os.environ.setdefault(_name, _value)

PREFIX: Final = "brewhouse_"
"""Of the names of our pipelines in dlt's tables."""

STATE: Final = "_dlt_pipeline_state"

BOOK: Final = "book"
"""A resource without rows and table that writes into a source's state."""

State = Mapping[str, Any]


class SourcePipeline:
    """dlt's pipeline of one source: its state in the warehouse, and its runs."""

    def __init__(self, target: Target, scratch: Path, source: str) -> None:
        self.target = target
        self.source = source
        self._scratch = scratch

    def state(self) -> State:
        """What the source has written down with its last load, or nothing."""
        from dlt.common.versioned_state import decompress_state

        if STATE not in self.target.relations(RAW):
            return {}
        found = self.target.rows(
            f"select state from {RAW}.{STATE} where pipeline_name = ? "
            "order by version desc, created_at desc limit 1",
            PREFIX + self.source,
        )
        if not found:
            return {}
        state: dict[str, Any] = dict(decompress_state(found[0][0]))
        return dict(state.get("sources", {}).get(self.source, {}))

    def run(self, resources: Sequence[DltResource], *, restart: Sequence[str] = ()) -> None:
        """Load all ``resources`` in one package; those named in ``restart`` forget their cursors first.

        Raises the error of ours that is behind dlt's, or ``SchemaConflictError``.
        """
        import dlt
        from dlt.pipeline.exceptions import PipelineStepFailed

        pipeline = dlt.pipeline(
            PREFIX + self.source,
            pipelines_dir=str(self._scratch),
            destination=self.target.destination,
            dataset_name=RAW,
        )
        if restart:
            pipeline.sync_destination()
            with pipeline.managed_state() as state:
                known = state.get("sources", {}).get(self.source, {}).get("resources", {})
                for name in restart:
                    known.pop(name, None)
        make: Callable[[], Any] = dlt.source(lambda: list(resources), name=self.source)
        merged = {
            str(one.table_name): one.write_disposition != "append" for one in resources if one.name != BOOK
        }
        try:
            with self.target.logged(RAW, merged):
                pipeline.run(make())
        except PipelineStepFailed as error:
            causes = _causes(error)
            if any(isinstance(cause, KeyboardInterrupt) for cause in causes):
                raise KeyboardInterrupt from error
            raise self._meaning(causes, resources) from error

    def _meaning(self, causes: Sequence[BaseException], resources: Sequence[DltResource]) -> BrewhouseError:
        """The error of ours among dlt's causes, or what dlt says of the schema."""
        for cause in causes:
            if isinstance(cause, BrewhouseError):
                return cause
            if problem := disk_problem(str(cause)):
                return DiskError(path=self._scratch, folder=self._scratch.parent, problem=problem)
            if meaning := self.target.meaning(cause):
                return meaning
        tables = [str(resource.table_name) for resource in resources if resource.name != BOOK]
        table = next(
            (name for name in tables if f'"{name}"' in str(causes[0])), ", ".join(dict.fromkeys(tables))
        )
        return SchemaConflictError(table=table, problem=str(causes[-1]).strip().splitlines()[0])


def _causes(error: BaseException) -> list[BaseException]:
    """An error and those behind it, the first cause last."""
    found = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) is not None and cause not in found:
        found.append(cause)
    return found


def forget(target: Target, source: str, tables: Sequence[str]) -> None:
    """Drop the raw tables of a source and all that dlt knows of it, as if it had never been loaded."""
    for table in tables:
        target.drop(RAW, table)
    there = target.relations(RAW)
    for own, column, name in (
        (STATE, "pipeline_name", PREFIX + source),
        ("_dlt_version", "schema_name", source),
        ("_dlt_loads", "schema_name", source),
    ):
        if own in there:  # else nothing was loaded with dlt yet
            target.rows(f"delete from {quoted(RAW, own)} where {column} = ? returning 1", name)


def raw_columns(target: Target) -> dict[str, dict[str, str]]:
    """Per raw table its columns and their types."""
    return {
        name: columns for name, (_, columns) in target.relations(RAW).items() if not name.startswith("_dlt")
    }
