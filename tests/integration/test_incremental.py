"""The incremental base models hold what a full refresh would give, whatever arrives in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.conftest import Place

SOURCES = ("app_database", "hubspot")
LOAD_TYPES = {
    "_source_file": "varchar",
    "_source_row": "bigint",
    "_loaded_at": "timestamp",
    "_dlt_load_id": "varchar",
}

Flags = dict[str, str]
"""The data_quality_flag of each row by file and position: ``a0``."""


@dataclass(frozen=True)
class Event:
    """How a raw table with an incremental base model calls the parts of a row."""

    model: str
    key: str
    parent: str = ""
    happened: str = "timestamp"
    received: str = "created_at"
    rest: dict[str, Any] = field(default_factory=dict)


EVENTS = {
    "app_database_tap_events": Event(
        "base_app_database__tap_events", "id", "device_id", rest={"metrics": '{"pour_ounces": 16.5}'}
    ),
    "app_database_user_sessions": Event(
        "base_app_database__user_sessions", "session_id", "user_id", "start_time"
    ),
    "app_database_page_views": Event("base_app_database__page_views", "page_view_id", "session_id"),
    "app_database_feature_usage": Event(
        "base_app_database__feature_usage", "usage_id", "user_id", rest={"usage_count": 1}
    ),
    "hubspot_engagements": Event(
        "base_hubspot__engagements", "id", happened="createdat", received="updatedat"
    ),
}


@dataclass
class Raw:
    """The raw tables, written as a loader would: each write is a load, and its rows carry its id."""

    warehouse: Path
    loads: int = 0

    def create(self, staging: Path) -> None:
        """Make the tables that the project declares."""
        with duckdb.connect(self.warehouse) as connection:
            connection.execute("create schema raw")
            for source in SOURCES:
                declared = yaml.safe_load((staging / source / f"_{source}__sources.yml").read_text())
                for table in declared["sources"][0]["tables"]:
                    types = {c["name"]: c.get("data_type") or LOAD_TYPES[c["name"]] for c in table["columns"]}
                    columns = (f'"{n}" {"varchar" if t == "json" else t}' for n, t in types.items())
                    connection.execute(f"create table raw.{table['name']} ({', '.join(columns)})")

    def load(self, table: str, file: str, *rows: dict[str, Any]) -> None:
        """Put the rows of a file in the place of those it had before."""
        self.loads += 1
        with duckdb.connect(self.warehouse) as connection:
            connection.execute(f"delete from raw.{table} where _source_file = $1", [file])
            for position, values in enumerate(rows):
                row = values | {
                    "_source_file": file,
                    "_source_row": position,
                    "_loaded_at": f"2025-02-01 00:{self.loads:02}:00",
                    "_dlt_load_id": str(self.loads),
                }
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                connection.execute(f"insert into raw.{table} ({names}) values ({marks})", list(row.values()))

    def load_events(self, file: str, *events: tuple[str | None, str, str]) -> None:
        """Put the same events (key, parent, time of receipt) in a file of each event table."""
        for table, how in EVENTS.items():
            rows = [
                {how.key: key, how.happened: "2025-01-01 00:00:00", how.received: f"2025-01-{received}:00"}
                | how.rest
                | ({how.parent: parent} if how.parent else {})
                for key, parent, received in events
            ]
            self.load(table, file, *rows)

    def load_parent(self, parent: str) -> None:
        """A device and a user of the same name, each in a file of its own."""
        self.load("app_database_devices", parent, {"id": parent, "location_id": "1"})
        self.load("app_database_users", parent, {"id": parent, "customer_id": "1"})

    def forget(self, condition: str, *tables: str) -> None:
        """Take rows away, as a merge does that found newer ones."""
        with duckdb.connect(self.warehouse) as connection:
            for table in tables:
                connection.execute(f"delete from raw.{table} where {condition}")


@dataclass(frozen=True)
class Base:
    """The base models of a project and their raw tables; nothing else is built."""

    place: Place
    raw: Raw

    def build(self, *options: str) -> None:
        """Run all base models that are there."""
        outcome = self.place.dbt("--quiet", "run", "--threads", "2", *options)
        assert outcome.code == 0, outcome.out

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of the incremental models, in a fixed order."""
        return {
            how.model: self.place.ask(f"select * from staging.{how.model} order by _source_file, _source_row")
            for how in EVENTS.values()
        }

    def flags(self, model: str) -> Flags:
        """The verdict on each event."""
        rows = self.place.ask(
            f"select _source_file || _source_row, data_quality_flag from staging.{model} "
            "where length(_source_file) = 1"
        )
        return dict(rows)


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """A saas project that has its base models only, so that dbt has little to read, after its first build."""
    root = tmp_path / "bar"
    root.mkdir()
    place = Place(root)
    made = place.brewhouse("init", ".", "--blueprint", "saas", "--no-check")
    assert made.code == 0, made.err
    staging = root / "models" / "staging"
    raw = Raw(place.warehouse)
    raw.create(staging)
    wanted = {how.model for how in EVENTS.values()}
    for path in [*(root / "models").rglob("*.sql"), *(root / "tests").rglob("*.sql")]:
        if not path.is_relative_to(staging / "base" / "app_database") and path.stem not in wanted:
            path.unlink()
    for path in (root / "models").rglob("*.yml"):
        if not path.name.endswith("__sources.yml"):
            path.unlink()
    raw.load("app_database_accounts", "accounts", {"id": "1"})
    raw.load("app_database_locations", "locations", {"id": "1", "customer_id": "1"})
    for parent in ("here", "gone"):
        raw.load_parent(parent)
    sessions = [
        {"session_id": name, "user_id": name, "start_time": "2025-01-01", "created_at": "2025-01-01"}
        for name in ("here", "gone", "later")
    ]
    raw.load("app_database_user_sessions", "sessions", *sessions)
    raw.load_events(
        "a",
        ("1", "here", "01 10:00"),
        ("2", "here", "01 10:00"),
        ("3", "later", "01 10:00"),
        ("4", "gone", "01 10:00"),
        ("5", "later", "01 09:00"),
        ("5", "here", "01 10:00"),
    )
    raw.load_events("b", ("6", "here", "01 09:00"), ("7", "here", "01 10:00"))
    raw.load_events("c", ("6", "here", "01 10:00"))
    built = Base(place, raw)
    built.build()
    return built


FIRST: Flags = {
    "a0": "valid", "a1": "valid", "a2": "unknown_parent", "a3": "valid", "a4": "unknown_parent", "a5": "valid",
    "b0": "valid", "b1": "valid", "c0": "duplicate",
}  # fmt: skip


def more_events(raw: Raw) -> Flags:
    """Copies of old rows, one that was received before the winner and one after; a late row; one without an id."""
    raw.load_events(
        "d",
        ("1", "here", "01 09:00"),
        ("2", "here", "01 11:00"),
        ("8", "here", "04 00:00"),
        (None, "here", "01 10:00"),
        ("9", "never", "01 10:00"),
    )
    return {
        "a0": "duplicate", "d0": "valid", "d1": "duplicate", "d2": "valid", "d3": "missing_id",
        "d4": "unknown_parent",
    }  # fmt: skip


def other_parents(raw: Raw) -> Flags:
    """A parent comes after its children, by which a copy wins; another one goes."""
    raw.load_parent("later")
    raw.forget("id = 'gone'", "app_database_devices", "app_database_users")
    return {"a2": "valid", "a3": "unknown_parent", "a4": "valid", "a5": "duplicate"}


def other_rows(raw: Raw) -> Flags:
    """A file with other rows and fewer, and a row that is taken away from a file: their copies win."""
    raw.load_events("b", ("10", "here", "01 10:00"))
    raw.forget("_source_file = 'a' and _source_row = 1", *EVENTS)
    return {"b0": "valid", "b1": "", "c0": "valid", "a1": "", "d1": "valid"}


def nothing(raw: Raw) -> Flags:
    """A load that brings nothing."""
    return {}


def test_increments_equal_a_full_refresh(base: Base) -> None:
    """Each step builds on the increments before it. An empty flag stands for a row that is gone."""
    steps: list[Callable[[Raw], Flags]] = [more_events, nothing, other_parents, other_rows]
    models = [how.model for how in EVENTS.values() if how.parent]
    expected = dict(FIRST)
    assert [base.flags(model) for model in models] == [expected] * len(models)
    for step in steps:
        before = base.rows()
        changes = step(base.raw)
        base.build()
        expected = {row: flag for row, flag in (expected | changes).items() if flag}
        assert {model: base.flags(model) for model in models} == dict.fromkeys(models, expected), step.__doc__
        assert (base.rows() == before) is (step is nothing), step.__doc__
    increments = base.rows()
    base.build("--full-refresh")
    assert increments == base.rows()
