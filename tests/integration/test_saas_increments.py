"""The saas warehouse after a further day, week and month: as if built anew, on each engine; and the past stays."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.conftest import MOMENTS, SCALE, Place
from tests.support.postgres import Server
from tests.support.served import ServerPlace, content_on_duckdb, served

pytestmark = pytest.mark.exhaustive

FIRST, START = dt.date(2023, 7, 1), dt.date(2026, 5, 22)
STEPS = {"day": dt.date(2026, 5, 23), "week": dt.date(2026, 5, 30), "month": dt.date(2026, 6, 29)}
AS_OF = "2026-05-30 12:00:00"
LENGTHS = {
    "customers_daily": ("snapshot_date", "1 day"),
    "campaigns_daily": ("performance_date", "1 day"),
    "devices_hourly": ("hour_timestamp", "1 hour"),
    "locations_weekly": ("week_start_date", "7 days"),
    "users_weekly": ("week_start_date", "7 days"),
    "subscriptions_monthly": ("month_start_date", "1 month"),
    "features_monthly": ("month_start_date", "1 month"),
}
"""Of each grain table the column of the period, and how long it lasts."""


def end_at(place: Place, end: dt.date) -> None:
    """Let the window of the company end on another day, and begin on the same."""
    file = place.root / "brewhouse.toml"
    text = re.sub(r"(?m)^end = \S+", f"end = {end}", file.read_text())
    file.write_text(re.sub(r"(?m)^days = \S+", f"days = {(end - FIRST).days + 1}", text))


def copied(place: Place, root: Path) -> Place:
    shutil.copytree(place.root, root, symlinks=True)
    return Place(root)


@pytest.fixture(scope="module")
def duckdb_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("extended") / "bar")
    place.root.mkdir()
    options = ("--blueprint", "saas", "--scale", str(SCALE), "--no-check")
    assert place.brewhouse("init", str(place.root), *options).code == 0
    end_at(place, START)
    outcome = place.brewhouse("run")
    assert outcome.code == 0, outcome.err
    return place


@pytest.fixture(scope="module")
def server_place(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerPlace]:
    with served(
        postgres, tmp_path_factory.mktemp("extended_on_server") / "bar", "--blueprint", "saas"
    ) as made:
        end_at(made.place, START)
        outcome = made.brewhouse("run")
        assert outcome.code == 0, outcome.err
        yield made


def test_each_step_gives_what_a_full_refresh_gives(
    duckdb_place: Place, server_place: ServerPlace, tmp_path: Path
) -> None:
    """All relations, by fingerprint."""
    for step, end in STEPS.items():
        for place in (duckdb_place, server_place.place):
            end_at(place, end)
        anew = copied(duckdb_place, tmp_path / step / "bar")
        for outcome in (
            duckdb_place.brewhouse("run"),
            anew.brewhouse("run", "--full-refresh"),
            server_place.brewhouse("run"),
        ):
            assert outcome.code == 0, (step, outcome.err)
        expected = content_on_duckdb(anew)
        for found in (content_on_duckdb(duckdb_place), server_place.content()):
            assert found.keys() == expected.keys()
            assert [name for name in expected if expected[name] != found[name]] == [], step


def test_the_past_knows_nothing_of_what_came_after(built_saas: Place, tmp_path: Path) -> None:
    """With as_of shifted back, all periods and versions that had ended before are the same to the byte."""
    earlier = copied(built_saas, tmp_path / "bar")
    earlier.change("dbt_project.yml", "as_of: null", f"as_of: '{AS_OF}'")
    models = ("build", "--full-refresh", "--select", "resource_type:model")
    outcome = earlier.brewhouse(*models, env={"DBT_INDIRECT_SELECTION": "empty"})
    assert outcome.code == 0, outcome.err
    with closing(duckdb.connect()) as connection:
        for name, place in {"earlier": earlier, "later": built_saas}.items():
            connection.execute(f"attach '{place.warehouse}' as {name} (read_only)")
        for grain, (period, length) in LENGTHS.items():
            history = f"entity_{grain.rpartition('_')[0]}_history"
            for table, column in ((f"entity_{grain}", period), (history, "valid_to")):
                ended = f"from {{}}.entity.{table} where {column} + interval '{length}' <= '{AS_OF}'"
                columns = connection.execute(f"select * {ended.format('earlier')} limit 0").description
                listed = ", ".join(name for name, *_ in columns if name not in MOMENTS)
                rows = [f"(select {listed} {ended.format(name)})" for name in ("earlier", "later")]
                [(count,)] = connection.execute(f"select count(*) from {rows[0]}").fetchall()
                assert count > 100, table
                for one, other in (rows, reversed(rows)):
                    assert connection.execute(f"{one} except all {other} limit 1").fetchall() == [], table
