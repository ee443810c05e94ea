"""Load sources into one warehouse, each by its kind."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from brewhouse.errors import NoDataError
from brewhouse.load import existing, simulated
from brewhouse.load.connectors import registry
from brewhouse.load.existing import check_existing, create_views
from brewhouse.load.fetched import fetch_source
from brewhouse.load.files import TRUTH, SourceFile, raw_files, truth_files
from brewhouse.load.pipeline import SourcePipeline, raw_columns
from brewhouse.load.results import LoadResult, TableLoad
from brewhouse.load.simulated import load_files
from brewhouse.load.sources import OTHERS, RAW, Source
from brewhouse.load.target import Target
from brewhouse.settings import LoadSettings
from brewhouse.simulate.engine.dataset import missing_file, read_manifest


@dataclass(frozen=True)
class Places:
    """Where a load reads and writes."""

    data: Path
    """The files of simulated sources."""
    scratch: Path
    """For dlt's packages; thrown away by the caller."""
    state: Path
    """For answers of APIs, kept until they are published."""


@dataclass
class Load:
    """A load of some of a project's sources into one warehouse."""

    target: Target
    places: Places
    sources: Sequence[Source]
    """All sources of the project."""
    settings: LoadSettings = field(default_factory=LoadSettings)
    replace: bool = False

    def run(self, chosen: Sequence[Source] | None = None, *, others: bool | None = None) -> LoadResult:
        """Load the chosen sources, or all; ``others``: also files that no yml declares, by default if all are loaded.

        What existing sources and connectors need is looked at before anything else. Raises ``MissingColumnsError``,
        ``SecretMissingError``, ``NoDataError``, ``InputFileError``, ``SchemaConflictError`` or an error of an API.
        """
        shutil.rmtree(self.places.scratch, ignore_errors=True)  # dlt takes what lies there for its last state
        picked = self.sources if chosen is None else chosen
        check_existing(self.target, picked)
        registry.check_connectors(picked)
        before = _names(self.target)
        results: list[TableLoad] = []
        files = self._files(picked, with_others=chosen is None if others is None else others)
        for name, tables in files.items():
            results += self._simulated(name, tables)
        truth_rows = 0
        if any(result.changed for result in results):
            truth_rows = load_truth(self.target, self.places.data)
        for source in picked:
            if source.kind == existing.KIND:
                results += create_views(self.target, source)
            elif source.kind == registry.KIND:
                results += fetch_source(
                    self._pipeline(source.name), source, self.places.state, replace=self.replace
                )
        self.target.run(f"drop schema if exists {RAW}_staging cascade")  # dlt's, for merging
        self.target.finish([result.table for result in results if result.changed])
        added = sorted(_names(self.target) - before) if before else []
        return LoadResult(tuple(results), tuple(added), truth_rows)

    def _pipeline(self, source: str) -> SourcePipeline:
        return SourcePipeline(self.target, self.places.scratch, source)

    def _simulated(self, source: str, tables: Mapping[str, list[SourceFile]]) -> list[TableLoad]:
        dataset = read_manifest(self.places.data)
        return load_files(
            self._pipeline(source),
            tables,
            self.places.scratch,
            identity=dataset.identity if dataset else "",
            declared={
                table.name: {column.name: column.stored for column in table.columns if column.kind}
                for known in self.sources
                for table in known.tables
            },
            settings=self.settings,
            replace=self.replace,
        )

    def _files(
        self, picked: Sequence[Source], *, with_others: bool
    ) -> dict[str, dict[str, list[SourceFile]]]:
        """Per simulated source its tables and their files; ``with_others``: also of folders that no yml declares."""
        wanted = [source for source in picked if source.kind == simulated.KIND]
        others = with_others and (bool(wanted) or not self.sources)
        if not wanted and not others:
            return {}
        _require_whole(self.places.data)
        present = raw_files(self.places.data)
        owner = {table.name: source for source in self.sources for table in source.tables}
        found: dict[str, dict[str, list[SourceFile]]] = {}
        for table, files in present.items():
            source = owner.get(table)
            if source in wanted or (source is None and others):
                found.setdefault(source.name if source else OTHERS, {})[table] = files
        return found


def load_truth(target: Target, data: Path) -> int:
    """Replace the schema truth by the files of the data set; returns its rows."""
    target.run(f"create schema if not exists {TRUTH}")
    return sum(target.fill(TRUTH, table, files) for table, files in truth_files(data).items())


def _require_whole(data: Path) -> None:
    dataset = read_manifest(data)
    if dataset is None:
        raise NoDataError(path=data, expected="a finished manifest.json")
    if (missing := missing_file(data, dataset)) is not None:
        raise NoDataError(path=data, expected=f"{missing.name} in {missing.parent}")


def _names(target: Target) -> set[str]:
    return {
        f"{table}.{column} {kind.lower()}"
        for table, columns in raw_columns(target).items()
        for column, kind in columns.items()
    }
