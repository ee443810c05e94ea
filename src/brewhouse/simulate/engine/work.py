"""Make a company's data set: blocks on any number of workers, the same bytes whatever their number."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Final

import pyarrow as pa

from brewhouse.errors import ChangedFileError, DiskError
from brewhouse.simulate.engine.company import Company
from brewhouse.simulate.engine.dataset import (
    MANIFEST,
    PARTS,
    DataFile,
    DataSet,
    changed_file,
    missing_file,
    read_manifest,
    write_file,
    write_manifest,
)

MIN_BLOCKS_PER_WORKER: Final = 4
"""Below this a worker costs more to start than it saves."""

Progress = Callable[[int, int], None]
"""Called with blocks done and blocks in all."""


def make_block(company: Company, root: Path, block: int) -> list[DataFile]:
    """Make and write all tables of one block."""
    return [write_file(root, name, block, table) for name, table in company.chunk(block).items()]


def make_dataset(
    company: Company,
    root: Path,
    *,
    workers: int = 0,
    force: bool = False,
    progress: Progress | None = None,
) -> tuple[DataSet, bool]:
    """Write the whole data set under ``root``; returns it and whether anything had to be made.

    ``workers`` 0 takes as many as there are processors, if there are blocks enough. Raises ``DiskError``, or
    ``ChangedFileError`` for a file that somebody edited.
    """
    planned = DataSet(company.name, company.version, company.parameters(), ())
    present = read_manifest(root)
    if not force and present and present.identity == planned.identity:
        if (changed := changed_file(root, present)) is not None:
            raise ChangedFileError(path=changed)
        if missing_file(root, present) is None:
            return present, False
    _open(root)
    files: list[DataFile] = []
    total = company.blocks()
    for done, made in enumerate(_blocks(company, root, _worker_count(workers, total)), start=1):
        files += made
        if progress:
            progress(done, total)
    files.sort(key=lambda file: (file.table, file.path))
    dataset = DataSet(planned.company, planned.version, planned.parameters, tuple(files))
    _drop_others(root, dataset)
    write_manifest(root, dataset)
    return dataset, True


def _worker_count(asked: int, blocks: int) -> int:
    if asked > 0:
        return min(asked, blocks)
    return max(1, min(os.cpu_count() or 1, blocks // MIN_BLOCKS_PER_WORKER))


def _blocks(company: Company, root: Path, workers: int) -> Iterator[list[DataFile]]:
    if workers == 1:
        for block in range(company.blocks()):
            yield make_block(company, root, block)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker) as pool:
        yield from _bounded(pool, company, root, 2 * workers)


def _bounded(pool: ProcessPoolExecutor, company: Company, root: Path, most: int) -> Iterator[list[DataFile]]:
    """Results as they come, with at most ``most`` blocks under way or waiting."""
    waiting: set[Future[list[DataFile]]] = set()
    for block in range(company.blocks()):
        waiting.add(pool.submit(make_block, company, root, block))
        if len(waiting) >= most:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from _results(ready)
    yield from _results(wait(waiting).done)


def _results(ready: Iterable[Future[list[DataFile]]]) -> Iterator[list[DataFile]]:
    for future in ready:
        yield future.result()


def _begin_worker() -> None:
    """One thread of work, and one that ends the worker when its parent is gone, even if killed."""
    pa.set_cpu_count(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _open(root: Path) -> None:
    """From here on the folder holds no finished data set until the manifest is written again."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        (root / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        raise DiskError(path=root, folder=root.parent, problem=error.strerror) from error


def _drop_others(root: Path, dataset: DataSet) -> None:
    """Remove parts that an earlier, larger or killed run left; files of other names are the user's."""
    wanted = {root / file.path for file in dataset.files}
    for folder in {path.parent for path in wanted}:
        for path in [*folder.glob(PARTS), *folder.glob(f".{PARTS}.*")]:
            if path not in wanted:
                with suppress(FileNotFoundError):
                    path.unlink()
