"""The files under data/ that are to be loaded, and which of them the warehouse already has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from brewhouse.errors import InputFileError, NoDataError

TRUTH: Final = "truth"
MANIFEST: Final = "manifest.json"
BATCH_ROWS: Final = 131_072
_CHUNK: Final = 1 << 22


@dataclass(frozen=True)
class SourceFile:
    """A Parquet file: its path below data/, its digest and its rows."""

    root: Path
    name: str
    digest: str
    rows: int

    def batches(self, constants: Mapping[str, pa.Scalar]) -> Iterator[pa.Table]:
        """Its rows in batches, each with where it stood in the file and the given constant columns.

        Raises ``InputFileError``.
        """
        position = 0
        try:
            with pq.ParquetFile(self.root / self.name) as file:
                for batch in file.iter_batches(BATCH_ROWS):
                    count = batch.num_rows
                    table = pa.Table.from_batches([batch])
                    table = table.append_column("_source_file", _repeat(self.name, count))
                    rows = pa.array(range(position, position + count), pa.int64())
                    table = table.append_column("_source_row", rows)
                    for column, value in constants.items():
                        table = table.append_column(column, pa.repeat(value, count))
                    position += count
                    yield table
        except (pa.ArrowInvalid, OSError) as error:
            raise InputFileError(path=self.root / self.name, problem=error) from error


def _repeat(text: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), count), pa.array([text]))


def raw_files(root: Path) -> dict[str, list[SourceFile]]:
    """Per raw table its files in order of their names; raises ``NoDataError`` or ``InputFileError``."""
    if not (root / MANIFEST).is_file():
        raise NoDataError(path=root, expected=f"a finished {MANIFEST}")
    folders = [path for path in sorted(root.iterdir()) if path.is_dir() and path.name != TRUTH]
    found = {folder.name: list(_files(root, folder)) for folder in folders}
    tables = {name: files for name, files in found.items() if files}
    if not tables:
        raise NoDataError(path=root, expected="Parquet files in one folder per raw table")
    return tables


def truth_files(root: Path) -> dict[str, list[Path]]:
    """Per table of the schema truth its files."""
    folders = [path for path in sorted((root / TRUTH).glob("*")) if path.is_dir()]
    return {folder.name: sorted(folder.glob("[!.]*.parquet")) for folder in folders}


def _files(root: Path, folder: Path) -> Iterator[SourceFile]:
    for path in sorted(folder.glob("[!.]*.parquet")):
        try:
            rows = pq.read_metadata(path).num_rows
            digest = _digest(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputFileError(path=path, problem=error) from error
        yield SourceFile(root, path.relative_to(root).as_posix(), digest, rows)


def _digest(path: Path) -> str:
    content = hashlib.blake2b(digest_size=16)
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            content.update(chunk)
    return content.hexdigest()
