"""Dynamic tables of a project: in the warehouse file, of which a refresh makes the next snapshot, or on the server."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from brewhouse.dynamic.capture import Capture, WriterCapture
from brewhouse.dynamic.control import Control, Refresh, Standing
from brewhouse.dynamic.inbox import Batch, Inbox
from brewhouse.dynamic.refresh import Explained, Outcome, Refresher, utc_clock
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.table import DynamicTable, Name
from brewhouse.dynamic.triggers import TriggerCapture, oldest_pending
from brewhouse.errors import DynamicTableError, LockedError, NoDynamicTableError
from brewhouse.project import Project
from brewhouse.warehouse.engine import Engine
from brewhouse.warehouse.reading import open_engine
from brewhouse.warehouse.snapshots import WAL, open_workspace

KEPT_DAYS: Final = 7
"""How long history and the numbers of batches are kept."""
_LOCK: Final = 0x6272_6577  # "brew": the advisory lock of whoever refreshes


def inbox_of(project: Project) -> Inbox:
    """Where changes for the raw tables of a project wait (DuckDB)."""
    return Inbox(project.state / "inbox")


@contextmanager
def open_place(project: Project, *, command: str) -> Iterator[Place]:
    """The project's dynamic tables, for one refresh; raises ``NoDynamicTableError`` or ``LockedError``."""
    if project.on_server:
        with _on_server(project, command) as place:
            yield place
        return
    with open_workspace(project, command=command) as workspace:
        if workspace.is_empty():
            raise NoDynamicTableError(name="yet", expected="a warehouse with models", command="brewhouse run")
        store = Store(workspace.engine)
        stamp = _Stamp(project)
        place = Place(project, store, WriterCapture(store, trusted=stamp.fits()))
        if stamp.fits():
            place.control.seen(_published_at(project))
        yield place
        if place.changed:
            workspace.publish()
            stamp.note()
            inbox_of(project).clear(place.taken)


class Place:
    """One opened warehouse."""

    def __init__(self, project: Project, store: Store, capture: Capture) -> None:
        self.project = project
        self.store = store
        self.control = Control(store)
        self.capture = capture
        self.taken: list[Batch] = []
        self.control.prepare()
        self.changed = bool(self.control.letters())
        self.control.collect(utc_clock())

    def refresher(self) -> Refresher:
        """Over what is declared; raises ``NoDynamicTableError`` or ``DynamicTableError``."""
        return Refresher(self.store, self.capture, self.declared())

    def declared(self) -> tuple[DynamicTable, ...]:
        """The declarations; raises ``NoDynamicTableError`` if there are none."""
        found = self.control.declared()
        if not found:
            expected = "a model with materialized='dynamic_table' that was built"
            raise NoDynamicTableError(name="in this warehouse", expected=expected, command="brewhouse build")
        return found

    def refresh(self, *, scheduled: bool = False, only: Collection[Name] = ()) -> Outcome:
        """Take in what waits, and refresh."""
        refresher = self.refresher()
        if not self.project.on_server:
            self.taken = inbox_of(self.project).take(self.store)
        outcome = refresher.refresh(scheduled=scheduled, only=only)
        self.changed = self.changed or outcome.changed or bool(self.taken)
        if outcome.changed:
            self.control.trim(refresher.now() - dt.timedelta(days=KEPT_DAYS))
        return outcome

    def resume(self, name: str) -> Name:
        """Let a suspended table be refreshed again; raises ``NoDynamicTableError``."""
        table = named(self.declared(), name)
        self.control.resume(table.name)
        self.changed = True
        return table.name


def named(tables: Collection[DynamicTable], name: str) -> DynamicTable:
    """The table that a user means; raises ``NoDynamicTableError``."""
    for table in tables:
        if name in (table.name.table, str(table.name)):
            return table
    known = ", ".join(table.name.table for table in tables)
    raise NoDynamicTableError(
        name=f"'{name}'", expected=f"one of {known}", command="brewhouse refresh --status"
    )


def explain(project: Project, *, command: str) -> tuple[Explained, ...]:
    """How each table would be refreshed; changes nothing."""
    with _reading(project, command) as store:
        return Refresher(store, WriterCapture(store), _declared(store)).explain()


def look(project: Project, *, command: str) -> Look:
    """Where all tables stand, read from what is published."""
    with _reading(project, command) as store:
        control = Control(store)
        tables = _declared(store)
        history = control.history(500)
        if not project.on_server and is_ours(project):
            moment, last = _published_at(project), history[0].refresh if history else ""
            history = tuple(one.seen(moment) if one.refresh == last else one for one in history)
        return Look(
            Refresher(store, WriterCapture(store), tables),
            control.standings(),
            history,
            _pending(project, store),
            tuple(inbox_of(project).refused()),
        )


def _published_at(project: Project) -> dt.datetime:
    """When the link was set to the published file."""
    return dt.datetime.fromtimestamp(project.warehouse.lstat().st_mtime, dt.UTC).replace(tzinfo=None)


def is_ours(project: Project) -> bool:
    """Whether the published file is the one that the last refresh has left (DuckDB)."""
    return _Stamp(project).fits()


class Look:
    """What ``--status`` shows."""

    def __init__(
        self,
        refresher: Refresher,
        standings: dict[Name, Standing],
        history: tuple[Refresh, ...],
        pending: dt.datetime | None,
        refused: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.graph = refresher.graph
        self.standings = standings
        self.history = history
        self.pending = pending
        """When the oldest change was made that no table shows yet."""
        self.refused = refused
        """Batches that could not be taken in, and why."""


def _pending(project: Project, store: Store) -> dt.datetime | None:
    if not project.on_server:
        waiting = inbox_of(project).waiting()
        return waiting[0].at if waiting else None
    return oldest_pending(store)


def _declared(store: Store) -> tuple[DynamicTable, ...]:
    control = Control(store)
    found = control.declared() if control.is_there() else ()
    if not found:
        command = "brewhouse refresh" if control.letters() else "brewhouse build"
        expected = "a model with materialized='dynamic_table' that was built, and refreshed once"
        raise NoDynamicTableError(name="in this warehouse", expected=expected, command=command)
    return found


def refresh_in_build(engine: Engine, declared: Collection[str] | None) -> dict[str, str]:
    """What a build does once dbt has declared tables: they come to show what is loaded, and their tests follow.

    Gives what went wrong, by quoted schema and name. ``declared``: quoted names of all that the project has, so that
    what it had before is forgotten; None if that is not known.
    """
    store = Store(engine)
    control = Control(store)
    control.prepare()
    control.collect(utc_clock())
    on_server = store.dialect == "postgres"
    if on_server:
        store.run(f"select pg_advisory_lock({_LOCK})")
    tables: tuple[DynamicTable, ...] = ()
    try:
        tables = control.declared()
        if declared is not None:
            gone = [one for one in tables if not any(name.endswith(one.name.sql) for name in declared)]
            for one in gone:
                control.forget(one.name)
            tables = tuple(one for one in tables if one not in gone)
        capture = TriggerCapture(store) if on_server else WriterCapture(store)
        whole = declared is not None and len(tables) == len(declared)
        refresher = Refresher(store, capture, tables, strict=whole)
        outcome = refresher.refresh(begin=False)
        if whole:
            capture.keep_to(refresher.graph.sources)
    except DynamicTableError as error:
        return {Name(*str(error.facts["table"]).split(".", 1)).sql: error.text()}
    finally:
        if on_server:
            _let_readers_in(engine, tables)
            store.run(f"select pg_advisory_unlock({_LOCK})")
    return {name.sql: why for name, why in outcome.failed.items()}


def _let_readers_in(engine: Engine, tables: Collection[DynamicTable]) -> None:
    """The role ``readonly`` may read dynamic tables, where they are in a schema that is meant for readers."""
    from brewhouse.warehouse.postgres.access import grant_readers
    from brewhouse.warehouse.postgres.engine import Postgres

    if isinstance(engine, Postgres):
        grant_readers(engine.session, sorted({one.name.schema for one in tables}))


@contextmanager
def _reading(project: Project, command: str) -> Iterator[Store]:
    with open_engine(project, command=command) as engine:
        yield Store(engine)


@contextmanager
def _on_server(project: Project, command: str) -> Iterator[Place]:
    from brewhouse.warehouse.postgres.engine import Postgres
    from brewhouse.warehouse.postgres.place import reachable

    with reachable(project) as server:
        engine = Postgres(server.url, command=command)
        store = Store(engine)
        try:
            if not store.value(f"select pg_try_advisory_lock({_LOCK})"):
                raise LockedError(path=project.root, holder="another refresh", command=command)
            yield Place(project, store, TriggerCapture(store))
        finally:
            engine.close()


class _Stamp:
    """Whether the published file is the one that the last refresh has left: then nobody else has written to it."""

    def __init__(self, project: Project) -> None:
        self._file = project.warehouse
        self._path = project.state / "dynamic.json"
        self._was = self._seen()

    def fits(self) -> bool:
        """Compared with what was noted, when this object was made."""
        try:
            return bool(json.loads(self._path.read_text()) == self._was)
        except (OSError, ValueError):
            return False

    def note(self) -> None:
        """Note the published file as ours."""
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self._seen()))
        beside.replace(self._path)

    def _seen(self) -> list[object]:
        path: Path = self._file.resolve()
        try:
            found = path.stat()
        except OSError:
            return []
        log = path.with_name(path.name + WAL)  # of a writer that was killed
        return [path.parent.name, found.st_size, found.st_mtime_ns, log.stat().st_size if log.exists() else 0]
