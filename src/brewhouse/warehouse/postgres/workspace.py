"""Write, audit, publish on PostgreSQL: a build has schemas of its own, and one transaction puts them in place.

A build writes ``staging__next`` and so on. Publishing renames ``staging`` to ``staging__old`` and ``staging__next`` to
``staging``, all at once. Views are bound to tables and not to their names, so they stay right. Renaming a schema locks
no table: a reader that is in the midst of a query ends it on the old tables, the next one sees the new ones.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg2
from psycopg2.errors import LockNotAvailable

from brewhouse.errors import BrewhouseError, LockedError
from brewhouse.project import Project
from brewhouse.warehouse.duckdb import Table
from brewhouse.warehouse.engine import quoted
from brewhouse.warehouse.postgres.access import grant_readers
from brewhouse.warehouse.postgres.connection import shown, translate
from brewhouse.warehouse.postgres.engine import Postgres
from brewhouse.warehouse.postgres.kept import WaitingViews, copy_table, published, touched
from brewhouse.warehouse.postgres.place import reachable
from brewhouse.warehouse.snapshots import WORK, disk_errors, project_lock
from brewhouse.warehouse.workspace import NEXT, QUARANTINE, Scope, count_quarantined

OLD: Final = "__old"
FAILED: Final = "__failed"
_STILL_READ: Final = 1.0
"""Seconds to wait for readers of what is dropped; what they still read then is dropped by the next build."""
_SHORT: Final = "100ms"
"""Less than the time after which the server looks for a deadlock, so that no reader is its victim."""
_STILL_BUILT: Final = 30.0
"""Seconds to wait for the last statement of a build that was killed: the server notices it after a while."""
_REPLACED: Final = frozenset({"raw_before", "truth_before"})
"""Where a load puts tables aside that published views are built upon."""
_TRIES: Final = 40


@contextmanager
def open_server_workspace(project: Project, *, command: str) -> Iterator[PostgresWorkspace]:
    """Schemas for a build on the project's server, with the project locked against other writers.

    What is neither published nor kept is thrown away. Raises ``LockedError`` or ``DiskError``.
    """
    with project_lock(project, command=command), reachable(project) as server:
        folder = project.state / WORK
        with disk_errors(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        workspace = PostgresWorkspace(server.url, folder, command)
        try:
            yield workspace
        finally:
            with suppress(psycopg2.Error):
                workspace.discard()
            shutil.rmtree(folder, ignore_errors=True)


class PostgresWorkspace:
    """The schemas of one build in the database at ``url``. One build at a time: the caller holds the project's lock."""

    file = None

    def __init__(self, url: str, folder: Path, command: str = "brewhouse run") -> None:
        self._url = url
        self.folder = folder
        self._waiting: WaitingViews | None = None
        self._swapped: set[str] = set()
        self.engine = Postgres(url, self._on_change, command)

    def prepare(self, scope: Scope) -> Mapping[str, str]:
        """Copy the tables that the build goes on with, and what else is in the schemas that it builds."""
        self._drop_all(NEXT, OLD)
        relations = {
            name: relation for name, relation in published(self.engine).items() if not _passing(name[0])
        }
        built = {schema.removesuffix(NEXT) for schema in scope.schemas}
        self._swapped = touched(relations, built)
        names = {schema: schema + NEXT for schema in self._swapped}
        for schema in names.values():
            self.engine.create_schema(schema)
        mine = {name: one for name, one in relations.items() if name[0] in self._swapped}
        [(database,)] = self.engine.rows("select current_database()")
        views = []
        for (schema, name), relation in mine.items():
            target = quoted(database, names[schema], name)
            if relation.kind == "view" and target not in scope.relations:
                views.append(relation)
            elif relation.kind == "table" and (target not in scope.relations or target in scope.kept):
                copy_table(self.engine, (schema, name), (names[schema], name))
        self._waiting = WaitingViews(self.engine, views, names)
        self._on_change()
        others = {schema for schema, _ in relations} - self._swapped
        return {schema + NEXT: schema for schema in others}

    def shown(self, schemas: Collection[str], *, failed: bool) -> Mapping[str, str]:
        """Without the suffix, or with another one."""
        suffix = FAILED if failed else ""
        return {schema: schema.removesuffix(NEXT) + suffix for schema in schemas if schema.endswith(NEXT)}

    def translate(self, error: Exception, command: str) -> BrewhouseError:
        """What psycopg2's error means."""
        if not isinstance(error, psycopg2.Error):
            raise error
        return translate(error, self._url, command)

    def is_empty(self) -> bool:
        """Whether there is no raw table."""
        return not published(self.engine, ["raw"])

    def tables(self) -> list[Table]:
        """The build's relations, and the published ones that it leaves as they are."""
        built = {schema + NEXT: schema for schema in self._built()}
        shown = [
            Table(built.get(schema, schema), name, relation.kind, self._count(schema, name))
            for (schema, name), relation in published(self.engine).items()
            if schema in built or not (schema in built.values() or _passing(schema))
            if not name.startswith("_dlt_")
        ]
        return sorted(shown, key=lambda table: (table.schema, table.name))

    def quarantined(self) -> list[tuple[str, str, int]]:
        """Rows per table and reason."""
        names = published(self.engine, [QUARANTINE + NEXT]) or published(self.engine, [QUARANTINE])
        return count_quarantined(self.engine, list(names))

    def publish(self) -> str:
        """Show the build's schemas to readers, in one transaction."""
        schemas = self._built()
        there = self._schemas()
        self._drop_all(OLD)
        left = self._schemas()
        replaced = [schema for schema in schemas if schema in there]

        def swap() -> None:
            for schema in schemas:
                if schema in there:
                    self._rename(schema, _free(schema + OLD, left))
                self._rename(schema + NEXT, schema)
            for schema in sorted(
                _REPLACED & set(there)
            ):  # what is published now is built upon the new tables
                self._rename(schema, _free(schema + OLD, left))
            grant_readers(self.engine.session, schemas)

        self._without_readers(replaced, swap)
        self._drop_all(OLD)
        self.engine.close()
        return shown(self._url)

    def keep_failed(self) -> str:
        """Keep the build's schemas for a look instead of the last failed ones; returns how their names end."""
        self._drop_all(FAILED)
        with self.engine.transaction():
            for schema in self._built():
                self._rename(schema + NEXT, schema + FAILED)
        self.engine.close()
        return f"the schemas *{FAILED} of {shown(self._url)}"

    def discard(self) -> None:
        """Throw the build away."""
        self._drop_all(NEXT)
        self.engine.close()

    def _count(self, schema: str, name: str) -> int | None:
        try:
            return int(self.engine.rows(f"select count(*) from {quoted(schema, name)}")[0][0])
        except psycopg2.ProgrammingError:
            return None

    def _on_change(self) -> None:
        if self._waiting:
            self._waiting.make()

    def _built(self) -> list[str]:
        return [schema.removesuffix(NEXT) for schema in self._schemas() if schema.endswith(NEXT)]

    def _schemas(self) -> list[str]:
        found = self.engine.rows(
            "select nspname from pg_namespace where pg_has_role(nspowner, 'usage') order by nspname"
        )
        return [name for (name,) in found]

    def _rename(self, schema: str, name: str) -> None:
        self.engine.run(f"alter schema {quoted(schema)} rename to {quoted(name)}")

    def _without_readers(self, schemas: Collection[str], swap: Callable[[], None]) -> None:
        """Call ``swap`` in a transaction in which nobody reads from ``schemas``, if such a moment comes soon.

        A query looks up one name after the other: one that had found a table under the old name and then looked for
        another under the new one would see both builds. With all tables locked there is none such. Nobody waits: if
        a table is being read, the locks are given up at once and tried again; with readers that never pause, the
        schemas are renamed without.
        """
        listed = ", ".join(quoted(*name) for name in published(self.engine, schemas))
        for _ in range(_TRIES if listed else 0):
            try:
                with self.engine.transaction():
                    self.engine.run(f"lock table {listed} in access exclusive mode nowait")
                    swap()
            except LockNotAvailable:
                _pause()
            else:
                return
        with self.engine.transaction():
            swap()

    def _drop_all(self, *endings: str) -> None:
        """Drop the schemas that end so; old ones of which a table is still read are left for the next time."""
        for schema in self._schemas():
            ending = _ending(schema)
            patience = _STILL_READ if ending == OLD else _STILL_BUILT
            if ending in endings and not self._drop(schema, patience) and ending != OLD:
                what = f"the schema {schema}"
                raise LockedError(path=what, holder="another session", command="brewhouse build")

    def _drop(self, schema: str, patience: float) -> bool:
        """Drop a schema if within ``patience`` seconds nobody reads from it.

        All its tables are locked at once or not at all: one after the other would be a deadlock with a reader who
        takes them in another order.
        """
        end = time.monotonic() + patience
        while True:
            listed = ", ".join(quoted(*name) for name in published(self.engine, [schema]))
            try:
                with self.engine.transaction():
                    self.engine.run(f"set local lock_timeout = '{_SHORT}'")
                    if listed:
                        self.engine.run(f"lock table {listed} in access exclusive mode nowait")
                    self.engine.run(f"drop schema {quoted(schema)} cascade")
            except LockNotAvailable:
                if time.monotonic() > end:
                    return False
                _pause()
            else:
                return True


def _pause() -> None:
    time.sleep(random.uniform(0.005, 0.05))  # noqa: S311  # no secret


def _ending(schema: str) -> str:
    """Which of our endings a schema's name has; old ones may be numbered."""
    plain = schema.rstrip("0123456789")
    return next((end for end in (NEXT, OLD, FAILED) if plain.endswith(end)), "")


def _passing(schema: str) -> bool:
    """Whether a schema is one of a build, and not a published one."""
    return bool(_ending(schema))


def _free(name: str, taken: Collection[str]) -> str:
    """``name``, or with a number if it is taken."""
    return next(one for one in (name, *(f"{name}{n}" for n in range(2, 100))) if one not in taken)
