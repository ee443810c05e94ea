"""What a user can cause gets one clear message with the thing, what was expected, and the next command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Outcome, Place

Break = Callable[[Place], object]


def is_clear(outcome: Outcome, code: str, *names: str, exit_code: int = 2) -> None:
    """One message of that code that names the things and the next command, and no stack trace."""
    assert outcome.code == exit_code, outcome.out + outcome.err
    assert "Traceback" not in outcome.out + outcome.err
    assert outcome.err.startswith(f"Error {code}: ")
    assert re.search(r"\nNext: \S", outcome.err)
    for name in names:
        assert name in outcome.err
    assert len(outcome.err.strip().splitlines()) == 2


def test_a_missing_project(tmp_path: Path) -> None:
    outcome = Place(tmp_path).brewhouse("run")
    is_clear(outcome, "BH101", str(tmp_path), "brewhouse.toml", "brewhouse init")


def test_init_in_a_used_folder(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    outcome = Place(tmp_path).brewhouse("init", ".")
    is_clear(outcome, "BH102", "notes.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("blueprint = ", ["brewhouse.toml", "TOML"]),
        ('blueprint = "sandbox"\n[simulate]\nscale = "big"', ["simulate.scale", "'big'"]),
        ('blueprint = "sandbox"\n[simulate]\nscale = -1', ["simulate.scale", "greater than 0"]),
        ('[load.tables.raw_users]\nmode = "merge"', ["load.tables.raw_users", "needs a key"]),
        ('blueprint = "sandbox"\n[simulat]\nscale = 1', ["there is no setting 'simulat'"]),
    ],
)
def test_a_bad_settings_file(new: Place, content: str, names: list[str]) -> None:
    (new.root / "brewhouse.toml").write_text(content)
    is_clear(new.brewhouse("run"), "BH103", *names)


@pytest.mark.parametrize(
    ("content", "name"), [('blueprint = "brewery"', "brewery"), ('target = "oracle"', "oracle")]
)
def test_an_unknown_blueprint_or_target(new: Place, content: str, name: str) -> None:
    (new.root / "brewhouse.toml").write_text(content)
    is_clear(new.brewhouse("run"), "BH104", name, "expected one of")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--scale", "0"), ["scale", "0 < scale"]),
        (("--end", "tomorrow"), ["tomorrow"]),
        (("--seed", "-1"), ["seed"]),
    ],
)
def test_bad_options_of_simulate(new: Place, arguments: tuple[str, ...], names: list[str]) -> None:
    outcome = new.brewhouse("simulate", *arguments)
    is_clear(outcome, outcome.err[6:11], *names)


@pytest.mark.parametrize("scale", ["0", "-1", "inf", "nan"])
def test_init_with_a_scale_that_is_none(tmp_path: Path, scale: str) -> None:
    is_clear(Place(tmp_path).brewhouse("init", "bar", "--scale", scale), "BH111", f"scale = {float(scale)}")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_selection(place: Place) -> None:
    is_clear(place.brewhouse("build", "--select", "no_such_model"), "BH105", "no_such_model")


def test_a_model_that_does_not_compile(place: Place) -> None:
    place.change("models/marts/daily_summary.sql", "ref('stg_events')", "ref('stg_evnts')")
    outcome = place.brewhouse("build")
    is_clear(outcome, "BH106", "daily_summary.sql", "stg_evnts")


def test_a_broken_yml(place: Place) -> None:
    (place.root / "models" / "marts" / "more.yml").write_text("models:\n  - name: [")
    is_clear(place.brewhouse("build"), "BH106", "more.yml")


def test_an_unreadable_input_file(place: Place) -> None:
    (place.root / "data" / "raw_events" / "part-00000.parquet").write_bytes(b"not parquet at all")
    is_clear(place.brewhouse("load"), "BH107", "part-00000.parquet", "brewhouse simulate --force")


def test_nothing_to_load(new: Place) -> None:
    is_clear(new.brewhouse("load"), "BH108", "data", "brewhouse simulate")


def test_nothing_to_query_or_build(new: Place) -> None:
    is_clear(new.brewhouse("query"), "BH109", "warehouse.duckdb", "brewhouse run")
    is_clear(new.brewhouse("build"), "BH109", "brewhouse run")


def test_a_query_with_a_mistake(place: Place) -> None:
    outcome = place.brewhouse("query", "select * from marts.user_metric")
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    assert "user_metrics" in outcome.err


def test_a_locked_warehouse(place: Place) -> None:
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(place.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        outcome = place.brewhouse("build")
        is_clear(outcome, "BH301", str(writer.pid), "brewhouse build", exit_code=3)
        writer.communicate()


def test_a_warehouse_that_is_none(place: Place) -> None:
    place.warehouse.unlink()
    place.warehouse.write_bytes(b"x" * 10_000)
    is_clear(place.brewhouse("build"), "BH304", "warehouse.duckdb", exit_code=3)


def test_another_version_of_dbt(place: Place, tmp_path: Path) -> None:
    """An older dbt's metadata before the real one's on the path is what a wrong version looks like."""
    fake = tmp_path / "dbt_core-1.9.0.dist-info"
    fake.mkdir()
    (fake / "METADATA").write_text("Metadata-Version: 2.1\nName: dbt-core\nVersion: 1.9.0\n")
    outcome = place.brewhouse("build", env={"PYTHONPATH": str(tmp_path)})
    is_clear(outcome, "BH303", "1.9.0", ">=1.11,<1.12", exit_code=3)
    assert place.brewhouse("doctor", env={"PYTHONPATH": str(tmp_path)}).code == 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB, where the system lets us make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no right to mount a small disk here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("command", ["simulate", "run"])
def test_a_full_disk(new: Place, small_disk: Path, command: str) -> None:
    root = small_disk / "bar"
    new.root.rename(root) if root.parent == new.root.parent else __import__("shutil").move(new.root, root)
    place = Place(root)
    place.change("brewhouse.toml", "scale = 0.05", "scale = 12.0" if command == "simulate" else "scale = 1.5")
    outcome = place.brewhouse(command, "--quiet")
    is_clear(outcome, "BH302", "No space left", "df -h", exit_code=3)
    place.change("brewhouse.toml", "scale = 12.0" if command == "simulate" else "scale = 1.5", "scale = 0.01")
    again = place.brewhouse(command, "--quiet")
    assert again.code == 0, again.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder(new: Place) -> None:
    new.root.chmod(0o500)
    outcome = new.brewhouse("run")
    new.root.chmod(0o700)
    is_clear(outcome, "BH302", "Permission denied", exit_code=3)


def test_a_file_where_a_folder_should_be(new: Place) -> None:
    (new.root / "data").write_text("not a folder")
    is_clear(new.brewhouse("simulate"), "BH302", "data", exit_code=3)


def test_errors_as_json(tmp_path: Path) -> None:
    outcome = Place(tmp_path).brewhouse("run", "--json")
    assert outcome.code == 2
    assert outcome.json["error"]["code"] == "BH101"
    assert outcome.json["error"]["facts"]["path"] == str(tmp_path)
    assert outcome.err == ""


def test_query_never_needs_a_writer(place: Place) -> None:
    with duckdb.connect(place.warehouse, read_only=True):
        assert place.brewhouse("query", "select 1").code == 0
