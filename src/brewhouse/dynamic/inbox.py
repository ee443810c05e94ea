"""Batches of changes that wait in a folder until a refresh takes them in: whoever sends never waits.

A batch is a folder with Parquet files, written aside and renamed when it is whole and on disk. It is taken in one
transaction, together with its number: so it counts once, also if it is sent again or a refresh is killed.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from brewhouse.dynamic.control import table, value
from brewhouse.dynamic.ingest import Changes, apply
from brewhouse.dynamic.refresh import utc_clock
from brewhouse.dynamic.store import Store, literal
from brewhouse.dynamic.table import Name
from brewhouse.errors import IngestError

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS: Final = ("inserts", "updates", "deletes")
_MANIFEST: Final = "batch.json"
_STAMP: Final = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Batch:
    """One that waits."""

    folder: Path

    @property
    def id(self) -> str:
        """As its sender called it."""
        return self.folder.name.split("-", 1)[1]

    @property
    def at(self) -> dt.datetime:
        """When it was sent."""
        return dt.datetime.strptime(self.folder.name.split("-", 1)[0], _STAMP)  # noqa: DTZ007  # UTC, as all moments

    def changes(self, read: Any) -> Iterator[Changes]:
        """Per table; ``read`` gives the relation of a file."""
        manifest: dict[str, list[str]] = json.loads((self.folder / _MANIFEST).read_text())
        for label, key in manifest.items():
            schema, name = label.split(".", 1)
            files = {kind: self.folder / f"{label}.{kind}.parquet" for kind in _KINDS}
            given = {kind: read(path) for kind, path in files.items() if path.exists()}
            yield Changes(Name(schema, name), key=tuple(key), **given)


class Inbox:
    """The folder of one project."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(
        self,
        tables: Mapping[str, Mapping[str, pa.Table]],
        keys: Mapping[str, Sequence[str]] | None = None,
        *,
        batch: str = "",
        at: dt.datetime | None = None,
    ) -> str:
        """Leave changes: by table (``raw.orders``) and kind (inserts, updates, deletes); returns the batch's number.

        ``keys``: columns of the key, for updates and deletes. What one call sends is taken as one. Sending the same
        ``batch`` again counts once. Raises ``IngestError`` for tables that are not named by schema and name.
        """
        import pyarrow.parquet as pq

        if wrong := [name for name in tables if name.count(".") != 1]:
            raise IngestError(table=wrong[0], problem="expected a name such as raw.orders")
        label = batch or uuid.uuid4().hex
        if Path(label).name != label:
            raise IngestError(
                table=next(iter(tables), ""), problem=f"its number {label!r} is no name of a folder"
            )
        aside = self._folder / f".{label}.{os.getpid()}"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for name, kinds in tables.items():
            for kind, rows in kinds.items():
                if kind not in _KINDS:
                    raise IngestError(table=name, problem=f"{kind} is none of {', '.join(_KINDS)}")
                if rows.num_rows:
                    pq.write_table(rows, aside / f"{name}.{kind}.parquet", compression="zstd")
        manifest = {name: list((keys or {}).get(name, ())) for name in tables}
        (aside / _MANIFEST).write_text(json.dumps(manifest))
        for path in (*aside.iterdir(), aside):
            _sync(path)
        aside.rename(self._folder / f"{at or utc_clock():{_STAMP}}-{label}")
        _sync(self._folder)
        return label

    def waiting(self) -> list[Batch]:
        """Batches in the order in which they were sent."""
        if not self._folder.is_dir():
            return []
        return [Batch(path) for path in sorted(self._folder.iterdir()) if not path.name.startswith(".")]

    def sweep(self, prefix: str) -> None:
        """Drop what a sender had begun when it was killed, of batches whose number begins so; none may be at work."""
        for path in self._folder.glob(f".{prefix}*"):
            shutil.rmtree(path, ignore_errors=True)

    def withdraw(self, prefix: str) -> None:
        """Drop batches that wait and whose number begins so: they were meant for tables that are no longer there."""
        self.clear([batch for batch in self.waiting() if batch.id.startswith(prefix)])

    def take(self, store: Store) -> list[Batch]:
        """Take in what waits: all in one transaction, or each in its own if that fails.

        A batch that can't be taken is put aside with its error.
        """
        waiting = self.waiting()
        known = {row[0] for row in store.rows(f"select batch_id from {table('batches')}")}
        try:
            with store.engine.transaction():
                for batch in waiting:
                    if batch.id not in known:
                        _take(store, batch)
                        known.add(batch.id)
        except (IngestError, *store.engine.errors):  # type: ignore[misc]  # a property gives the classes
            return self._take_singly(store, waiting)
        return waiting

    def _take_singly(self, store: Store, waiting: Sequence[Batch]) -> list[Batch]:
        taken = []
        for batch in waiting:
            done = store.rows(f"select 1 from {table('batches')} where batch_id = {literal(batch.id)}")
            if not done:
                try:
                    with store.engine.transaction():
                        _take(store, batch)
                except IngestError as error:
                    self._refuse(batch, error)
                    continue
                except store.engine.errors as error:
                    if store.engine.stops(error):
                        raise
                    self._refuse(batch, error)
                    continue
            taken.append(batch)
        return taken

    def refused(self) -> list[tuple[str, str]]:
        """Batches that could not be taken, and why."""
        return [
            (path.parent.name, path.read_text()) for path in sorted(self._folder.glob(".refused/*/error.txt"))
        ]

    def clear(self, batches: Sequence[Batch]) -> None:
        """Drop batches that were taken in for good."""
        for batch in batches:
            shutil.rmtree(batch.folder, ignore_errors=True)

    def _refuse(self, batch: Batch, error: Exception) -> None:
        place = self._folder / ".refused" / batch.folder.name
        place.parent.mkdir(exist_ok=True)
        (batch.folder / "error.txt").write_text(str(error))
        batch.folder.rename(place)


def _take(store: Store, batch: Batch) -> None:
    for changes in batch.changes(lambda path: f"read_parquet({literal(str(path))})"):
        apply(store, changes, batch.at)
    store.run(f"insert into {table('batches')} values ({literal(batch.id)}, '', {value(utc_clock())})")
    store.forget()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
