"""The files under data/ that are to be loaded: their digests, rows and columns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from brewhouse.errors import InputFileError, NoDataError
from brewhouse.simulate.engine.company import TRUTH as TRUTH_PREFIX
from brewhouse.simulate.engine.dataset import MANIFEST

TRUTH: Final = TRUTH_PREFIX.rstrip("/")
_WILDCARD: Final = re.compile(r"([*?\[])")


@dataclass(frozen=True)
class SourceFile:
    """A Parquet file: its path below data/, its digest, rows and columns."""

    root: Path
    name: str
    digest: str
    rows: int
    schema: pa.Schema

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.root / self.name


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


def literal_path(path: Path) -> str:
    """A path that DuckDB takes as it stands, whatever wildcards it holds."""
    return _WILDCARD.sub(r"[\1]", str(path))


def check_inside(files: list[SourceFile]) -> None:
    """Read the files as a whole; raises ``InputFileError`` for the first that is damaged inside."""
    for file in files:
        try:
            with pq.ParquetFile(file.path) as content:
                for _ in content.iter_batches():
                    pass
        except (pa.ArrowInvalid, OSError) as error:
            raise InputFileError(path=file.path, problem=error) from error


def _files(root: Path, folder: Path) -> Iterator[SourceFile]:
    for path in sorted(folder.glob("[!.]*.parquet")):
        try:
            metadata = pq.read_metadata(path)
            digest = _digest(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputFileError(path=path, problem=error) from error
        name = path.relative_to(root).as_posix()
        yield SourceFile(root, name, digest, metadata.num_rows, metadata.schema.to_arrow_schema())


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
