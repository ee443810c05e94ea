"""Write, audit, publish: readers see finished builds only, and never wait."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.conftest import Place


def break_a_model(place: Place) -> None:
    """Make daily_summary count its busy days twice: its data tests must notice, its unit tests can't."""
    place.change(
        "models/marts/daily_summary.sql",
        "select * from daily_metrics",
        "select * from daily_metrics\nunion all\nselect * from daily_metrics where total_events > 5",
    )


def test_a_failed_build_leaves_the_published_warehouse_as_it_was(place: Place) -> None:
    before, target = place.content(), place.warehouse.resolve()
    break_a_model(place)
    outcome = place.brewhouse("build")
    assert outcome.code == 1
    assert "BH201" in outcome.err
    assert "nothing was published" in outcome.err
    assert place.warehouse.resolve() == target
    assert place.content() == before


def test_the_failed_build_is_kept_with_the_command_to_look_at_it(place: Place) -> None:
    break_a_model(place)
    outcome = place.brewhouse("build")
    assert "brewhouse query --failed" in outcome.err
    days = "select count(*), count(distinct report_date) from marts.daily_summary"
    failed = place.brewhouse("query", "--failed", "--json", days)
    count, distinct = failed.json[0].values()
    assert count > distinct
    _, _, *arguments = shlex.split(outcome.err.split("Next: ", 1)[1])
    rows = place.brewhouse("query", "--json", *arguments)
    assert rows.code == 0, rows.err
    assert rows.json


def test_after_mending_it_is_published(place: Place) -> None:
    before = place.content()
    break_a_model(place)
    place.brewhouse("build")
    place.change(
        "models/marts/daily_summary.sql",
        "\nunion all\nselect * from daily_metrics where total_events > 5",
        "",
    )
    assert place.brewhouse("build").code == 0
    assert place.content() == before


def test_a_reader_keeps_its_view_and_does_not_block_builds(place: Place) -> None:
    with duckdb.connect(place.warehouse, read_only=True) as reader:
        reader.execute("begin")
        before = reader.execute("select count(*) from marts.user_metrics").fetchall()
        for scale in ("0.03", "0.02", "0.01"):  # more often than snapshots are kept
            outcome = place.brewhouse("run", "--quiet", env={"BREWHOUSE_SIMULATE__SCALE": scale})
            assert outcome.code == 0, outcome.err
        assert reader.execute("select count(*) from marts.user_metrics").fetchall() == before
    assert place.ask("select count(*) from marts.user_metrics") == [(100,)]


def test_only_so_many_snapshots_stay(place: Place) -> None:
    for _ in range(3):
        assert place.brewhouse("build", "--quiet").code == 0
    kept = list((place.root / ".brewhouse" / "snapshots").iterdir())
    assert len(kept) == 2
    assert place.warehouse.resolve().parent in kept
    assert not (place.root / ".brewhouse" / "work").exists()


def test_readers_at_any_moment_see_a_whole_warehouse(place: Place) -> None:
    """Another process opens the warehouse again and again while builds are published."""
    script = (
        "import duckdb, sys, time\n"
        "seen = []\n"
        "end = time.monotonic() + float(sys.argv[2])\n"
        "while time.monotonic() < end:\n"
        "    with duckdb.connect(sys.argv[1], read_only=True) as c:\n"
        "        u = c.execute('select count(*) from marts.user_metrics').fetchone()[0]\n"
        "        s = c.execute('select sum(cohort_size) from marts.cohort_summary').fetchone()[0]\n"
        "        assert u == s, (u, s)\n"
        "        seen.append(u)\n"
        "print(len(seen), *sorted(set(seen)))\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", script, str(place.warehouse), "12"], stdout=subprocess.PIPE, text=True
    )
    for scale in ("0.02", "0.01"):
        outcome = place.brewhouse("run", "--quiet", env={"BREWHOUSE_SIMULATE__SCALE": scale})
        assert outcome.code == 0, outcome.err
    out, _ = reader.communicate(timeout=60)
    assert reader.returncode == 0
    reads, *sizes = out.split()
    assert int(reads) > 20
    assert "500" in sizes


def test_a_plain_file_left_by_dbt_is_taken_over(place: Place) -> None:
    """Whoever copied the warehouse in place of the link loses nothing."""
    content = place.warehouse.resolve().read_bytes()
    place.warehouse.unlink()
    place.warehouse.write_bytes(content)
    before = place.content()
    assert place.brewhouse("build", "--quiet").code == 0
    assert place.warehouse.is_symlink()
    assert place.content() == before


def test_the_link_is_relative_so_that_the_project_can_move(place: Place, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    place.root.rename(moved)
    assert Place(moved).brewhouse("build", "--quiet").code == 0
