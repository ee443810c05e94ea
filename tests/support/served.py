"""Projects whose warehouse is a database on the server for tests, and what is in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.engine import quoted
from brewhouse.warehouse.fingerprint import Fingerprint, fingerprint
from brewhouse.warehouse.postgres.engine import Postgres
from tests.conftest import MOMENTS, SCALE, Outcome, Place
from tests.support.postgres import Server, rows

LAYERS = (
    "raw", "truth", "staging", "facts", "intermediate", "entity", "mart", "marts", "analytics", "dynamic_tables",
    "quarantine", "audit",
)  # fmt: skip
Content = dict[tuple[str, str], Fingerprint]


@dataclass(frozen=True)
class ServerPlace:
    """A project whose warehouse is a database on a server."""

    place: Place
    url: str

    @property
    def env(self) -> dict[str, str]:
        return {"BREWHOUSE_POSTGRES_URL": self.url}

    def brewhouse(self, *arguments: str, **settings: str) -> Outcome:
        return self.place.brewhouse(*arguments, env=self.env | settings)

    def dbt(self, *arguments: str) -> Outcome:
        return self.brewhouse("postgres", "--", str(Path(sys.executable).with_name("dbt")), *arguments)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return rows(self.url, sql)

    def schemas(self) -> set[str]:
        """All but those of a failed build, which a test before this one may have left."""
        found = self.ask("select nspname from pg_namespace where nspname !~ '^(pg_|inf|pub)|__failed$'")
        return {name for (name,) in found}

    def content(self, ending: str = "") -> Content:
        with closing(Postgres(self.url)) as engine:
            return content(engine, ending)


@contextmanager
def served(server: Server, root: Path, *options: str) -> Iterator[ServerPlace]:
    """A new small project in a database of its own."""
    root.mkdir()
    with server.database() as name:
        made = ServerPlace(Place(root), server.url(database=name))
        target = ("--target", "postgres", "--scale", str(SCALE), "--no-check")
        outcome = made.brewhouse("init", ".", *options, *target)
        assert outcome.code == 0, outcome.err
        yield made


def content(engine: DuckDB | Postgres, ending: str = "") -> Content:
    """Fingerprints of all relations of the layers."""
    names = {(schema, name) for schema, name, *_ in engine.all_columns() if not name.startswith("_dlt")}
    return {
        (layer, name): fingerprint(engine, quoted(layer + ending, name), leave_out=MOMENTS)
        for layer in LAYERS
        for schema, name in sorted(names)
        if schema == layer + ending
    }


def content_on_duckdb(place: Place) -> Content:
    """The same of a project with a file."""
    with closing(duckdb.connect(place.warehouse, read_only=True)) as connection:
        return content(DuckDB(lambda: connection))
