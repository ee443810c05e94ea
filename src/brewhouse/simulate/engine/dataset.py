"""A data set on disk: Parquet files in a folder per table, and a manifest written last.

A folder without a manifest is an unfinished data set and is never loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from brewhouse.errors import DiskError
from brewhouse.simulate.engine.delivery import block_file

MANIFEST: Final = "manifest.json"
PARTS: Final = "part-*.parquet"
COMPRESSION: Final = "zstd"
COMPRESSION_LEVEL: Final = 1


@dataclass(frozen=True)
class DataFile:
    """One Parquet file: its table, its path below the data folder, rows, bytes and BLAKE2b digest."""

    table: str
    path: str
    rows: int
    bytes: int
    digest: str


@dataclass(frozen=True)
class DataSet:
    """A finished data set: what it is a function of, and its files in order."""

    company: str
    version: int
    parameters: Mapping[str, str]
    files: tuple[DataFile, ...]

    @property
    def identity(self) -> str:
        """Digest of company, version and parameters: equal identities mean equal bytes."""
        text = json.dumps([self.company, self.version, dict(self.parameters)], sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

    def rows(self) -> dict[str, int]:
        """Rows per table, in the order of the files."""
        totals: dict[str, int] = {}
        for file in self.files:
            totals[file.table] = totals.get(file.table, 0) + file.rows
        return totals


def encode(table: pa.Table) -> pa.Buffer:
    """The bytes of one Parquet file with one row group; the same table gives the same bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression=COMPRESSION,
        compression_level=COMPRESSION_LEVEL,
        row_group_size=max(1, table.num_rows),
        store_schema=False,
    )
    return sink.getvalue()


def write_file(root: Path, table_name: str, block: int, table: pa.Table) -> DataFile:
    """Write one block of one table; the file appears whole or not at all."""
    content = encode(table)
    relative = block_file(table_name, block)
    write_atomically(root / relative, memoryview(content))
    digest = hashlib.blake2b(memoryview(content), digest_size=16).hexdigest()
    return DataFile(table_name, relative, table.num_rows, content.size, digest)


def write_atomically(path: Path, content: memoryview | bytes) -> None:
    """Write beside and rename; raises ``DiskError`` if the disk refuses."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DiskError(path=path, folder=path.parent, problem=error.strerror) from error


def read_manifest(root: Path) -> DataSet | None:
    """The finished data set in ``root``, or None where there is none that can be read."""
    try:
        content = json.loads((root / MANIFEST).read_text())
        files = tuple(DataFile(**file) for file in content["files"])
        return DataSet(content["company"], content["version"], content["parameters"], files)
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None


def write_manifest(root: Path, dataset: DataSet) -> None:
    """Declare ``dataset`` finished."""
    content = {
        "company": dataset.company,
        "version": dataset.version,
        "identity": dataset.identity,
        "parameters": dict(dataset.parameters),
        "rows": dataset.rows(),
        "files": [asdict(file) for file in dataset.files],
    }
    write_atomically(root / MANIFEST, json.dumps(content, indent=1).encode())


def missing_file(root: Path, dataset: DataSet) -> Path | None:
    """A file of ``dataset`` that is not in ``root``, or None."""
    return next((root / file.path for file in dataset.files if not (root / file.path).is_file()), None)


def changed_file(root: Path, dataset: DataSet) -> Path | None:
    """A file of ``dataset`` in ``root`` with other content than was written, or None."""
    for file in dataset.files:
        path = root / file.path
        if path.is_file() and (path.stat().st_size != file.bytes or _digest(path) != file.digest):
            return path
    return None


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
