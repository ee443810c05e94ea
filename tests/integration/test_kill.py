"""Killed at any moment, the published warehouse is as it was, and running again gives the same result."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.conftest import Place

CHANGED = {"BREWHOUSE_SIMULATE__SEED": "7"}
"""Another company, so that each step has work to do."""


def starts(place: Place) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "brewhouse", "run"],
        cwd=place.root,
        env=os.environ | CHANGED,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_at(place: Place, step: str, delay: float) -> bool:
    """Kill the run ``delay`` seconds after it says that ``step`` begins; whether it was still running."""
    process = starts(place)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(f"{step} …"):
            break
    time.sleep(delay)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return alive


@pytest.fixture(scope="module")
def expected(built: Place, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What an undisturbed run of the changed company gives."""
    root = tmp_path_factory.mktemp("undisturbed") / "bar"
    shutil.copytree(built.root, root, symlinks=True)
    place = Place(root)
    assert place.brewhouse("run", "--quiet", env=CHANGED).code == 0
    return place.content()


@pytest.mark.parametrize(
    ("step", "delay"),
    [
        ("simulate", 0.0), ("simulate", 0.15), ("load", 0.0), ("load", 1.2), ("load", 2.5),
        ("build", 0.0), ("build", 0.2), ("build", 0.6), ("publish", 0.0), ("report", 0.0),
    ],
)  # fmt: skip
def test_killed_and_run_again(place: Place, expected: dict[str, int], step: str, delay: float) -> None:
    before = place.content()
    kill_at(place, step, delay)
    assert place.content() in (before, expected)
    again = place.brewhouse("run", "--json", env=CHANGED)
    assert again.code == 0, again.err + again.out
    assert place.content() == expected
    assert leftovers(place) == []


def leftovers(place: Place) -> list[str]:
    """Files that a finished run should not leave about."""
    names = [path.relative_to(place.root).as_posix() for path in place.root.rglob("*")]
    return [name for name in names if ".brewhouse/work" in name or Path(name).name.startswith(".part-")]


@pytest.mark.slow
def test_interrupted_by_the_user(place: Place) -> None:
    before = place.content()
    process = starts(place)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("load …"):
            break
    process.send_signal(signal.SIGINT)
    out = process.stdout.read()
    assert process.wait() == 130
    process.stdout.close()
    assert "Traceback" not in out
    assert "Stopped" in out
    assert place.content() == before


def test_two_runs_at_once_one_is_told_to_wait(place: Place, wait_for: Callable[[Path], None]) -> None:
    first = starts(place)
    wait_for(place.root / ".brewhouse" / "work")
    second = place.brewhouse("build")
    assert second.code == 3
    assert "BH301" in second.err
    assert str(first.pid) in second.err
    first.communicate()
    assert first.returncode == 0


@pytest.fixture
def wait_for() -> Callable[[Path], None]:
    def wait(path: Path) -> None:
        end = time.monotonic() + 60
        while not path.exists():
            assert time.monotonic() < end, f"{path} did not appear"
            time.sleep(0.01)

    return wait


def test_a_killed_simulator_leaves_no_workers_behind(new: Place) -> None:
    command = [sys.executable, "-m", "brewhouse", "simulate", "--scale", "40", "--workers", "2", "--quiet"]
    with subprocess.Popen(command, cwd=new.root) as process:
        end = time.monotonic() + 60
        family = psutil.Process(process.pid)
        while not any((new.root / "data").rglob("part-*.parquet")):
            assert time.monotonic() < end
            time.sleep(0.01)
        workers = family.children(recursive=True)
        process.kill()
    assert len(workers) >= 2
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []
    again = new.brewhouse("simulate", "--json")
    assert again.code == 0
    assert again.json["simulated"]["made"] is True


def test_ctrl_c_while_the_command_is_being_imported_leaves_no_trace() -> None:
    pressed = """
import runpy, sys
class Pressed:
    def find_spec(self, name, *_):
        if name == "brewhouse.cli.app": raise KeyboardInterrupt
sys.meta_path.insert(0, Pressed())
runpy.run_module("brewhouse", run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", pressed], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped before anything was begun.\n")


@pytest.mark.parametrize("where", ["query", "build"])
def test_ctrl_c_ends_a_long_query_at_once(place: Place, where: str) -> None:
    long = "select count(*) as n from range(200000) a, range(20000000) b where hash(a.range, b.range) = 7"
    command = ["query", long]
    if where == "build":
        text = "{{ config(materialized='table') }}\n" + long + "\n"
        (place.root / "models" / "marts" / "forever.sql").write_text(text)
        command = ["build", "--select", "forever"]
        place.brewhouse("build", "--select", "product_summary")  # so that dbt has parsed the project
    before = place.warehouse.resolve()
    process = subprocess.Popen(
        [sys.executable, "-m", "brewhouse", *command],
        cwd=place.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    time.sleep(15 if where == "build" else 3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in out
    assert place.warehouse.resolve() == before
