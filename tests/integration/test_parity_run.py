"""Parity in projects of ours: clean after ``run``, on each blueprint and engine, and telling when it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import duckdb
import pytest

from brewhouse.parity.manifest import expected_of
from brewhouse.parity.slim import slim
from tests.conftest import SCALE, Place
from tests.support.postgres import reachable_folder


def test_the_sandbox_is_clean_after_run(built: Place) -> None:
    done = built.brewhouse("parity", "--counts", "--format", "json")
    assert done.code == 0, done.out + done.err
    assert done.json["findings"] == []
    assert done.json["figures"]["matching"] == done.json["figures"]["models"] == 17
    assert done.json["ignored"] == [{"pattern": "*._dlt_*", "owner": "dlt's bookkeeping", "relations": 3}]
    assert done.json["figures"]["stored_failures"] > 0


def test_what_is_kept_of_a_manifest_says_the_same(built: Place) -> None:
    content = json.loads((built.root / "target" / "manifest.json").read_text())
    kept = slim(content)
    assert expected_of(kept) == expected_of(content)
    assert len(json.dumps(kept)) * 3 < len(json.dumps(content))


def test_saas_is_clean_after_run(built_saas: Place) -> None:
    done = built_saas.brewhouse("parity", "--format", "json")
    assert done.code == 0, done.out + done.err
    assert {one["code"] for one in done.json["findings"]} <= {"P202"}, "undeclared columns, for information"
    verdict = re.match(r"parity: (\d+) relations, 0 findings", done.json["verdict"])
    assert verdict
    assert int(verdict[1]) > 270


def test_run_ends_with_one_line_or_with_the_findings(place: Place) -> None:
    done = place.brewhouse("run")
    assert done.code == 0, done.err
    assert "\nparity: 24 relations, 0 findings\n" in done.out
    with duckdb.connect(place.warehouse.resolve()) as connection:
        connection.execute("create table marts.stray (id integer)")
    again = place.brewhouse("run")
    assert again.code == 0, again.err
    assert "warning P102 orphan (1)\n  warehouse.marts.stray: " in again.out
    assert '-- drop table "warehouse"."marts"."stray";' in again.out
    assert "parity: 24 relations, 1 finding\n" in again.out
    document = place.brewhouse("run", "--json").json
    assert [one["code"] for one in document["parity"]["findings"]] == ["P102"]


def test_a_pattern_of_the_project_is_ignored_and_counted(place: Place) -> None:
    with duckdb.connect(place.warehouse.resolve()) as connection:
        connection.execute("create table marts.tmp_ada (id integer)")
    assert place.brewhouse("parity", "--fail-on", "warning").code == 1
    toml = place.root / "brewhouse.toml"
    toml.write_text(toml.read_text() + '\n[parity]\nignore = ["marts.tmp_*"]\n')
    done = place.brewhouse("parity", "--fail-on", "warning")
    assert done.code == 0
    assert "marts.tmp_*: as configured" in done.out


def test_an_edit_is_seen_without_dbt_having_run(place: Place) -> None:
    """What is kept is for other files, so dbt's own manifest is asked, and it is not that of these files."""
    (place.root / "models" / "marts" / "extra.sql").write_text("select 1 as id\n")
    done = place.brewhouse("parity", "--format", "json")
    stale = [(one["code"], one["file"]) for one in done.json["findings"] if one["level"] == "error"]
    assert stale == [("P902", "models/marts/extra.sql")]
    assert done.code == 2
    parsed = place.brewhouse("parity", "--parse", "--format", "json")
    assert [(one["code"], one["relation"]) for one in parsed.json["findings"]] == [
        ("P101", "warehouse.marts.extra")
    ]


@pytest.fixture
def on_server() -> Iterator[Place]:
    with reachable_folder() as folder:
        place = Place(folder / "bar")
        place.root.mkdir()
        made = place.brewhouse("init", ".", "--target", "postgres", "--scale", str(SCALE), "--no-check")
        assert made.code == 0, made.err
        yield place


@pytest.mark.slow
def test_a_project_on_a_server_is_clean_after_run_and_stays_so(on_server: Place) -> None:
    for _ in range(2):  # dbt writes the coming build's schemas into its own manifest
        done = on_server.brewhouse("run")
        assert done.code == 0, done.err + done.out
        assert "\nparity: 24 relations, 0 findings\n" in done.out
    asked = on_server.brewhouse("parity", "--counts", "--freshness", "--format", "json")
    assert (asked.code, asked.json["findings"]) == (0, [])
    assert "@" in asked.json["warehouse"]
    assert ":" not in asked.json["warehouse"].split("@")[0].removeprefix("postgresql:"), (
        "no password is shown"
    )
