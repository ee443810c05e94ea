"""A project with the target postgres, as its user types it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from brewhouse.errors import SettingsError
from brewhouse.project import Project, create_project
from brewhouse.settings import load_settings
from brewhouse.warehouse.postgres import access, place
from brewhouse.warehouse.postgres.connection import connect
from brewhouse.warehouse.postgres.home import PASSWORDS
from brewhouse.warehouse.postgres.server import running, state
from tests.conftest import SCALE, Place
from tests.integration.test_mistakes import is_clear
from tests.support.postgres import Server, reachable_folder, rows

URL = "BREWHOUSE_POSTGRES_URL"


@pytest.fixture(scope="module")
def loaded() -> Iterator[Place]:
    """A project that ``load`` was typed in, on an embedded server; look, but do not touch."""
    with reachable_folder() as folder:
        made = make(folder / "bar")
        assert made.brewhouse("simulate").code == 0
        done = made.brewhouse("load")
        assert done.code == 0, done.err
        yield made


@pytest.fixture
def new() -> Iterator[Place]:
    with reachable_folder() as folder:
        yield make(folder / "bar")


def make(root: Path) -> Place:
    made = Place(root)
    root.mkdir()
    done = made.brewhouse("init", ".", "--target", "postgres", "--no-check")
    assert done.code == 0, done.err
    made.change("brewhouse.toml", "scale = 1.0", f"scale = {SCALE}")
    return made


def folder_of(made: Place) -> Path:
    return made.root / ".brewhouse" / "postgres"


def test_the_files_of_a_new_project(new: Place) -> None:
    assert load_settings(new.root).target == "postgres"
    assert 'url = ""' in (new.root / "brewhouse.toml").read_text()
    assert "  target: postgres\n" in (new.root / "profiles.yml").read_text()
    with reachable_folder() as folder:
        create_project(folder / "other", "saas", "duckdb")
        assert "postgres" not in (folder / "other" / "brewhouse.toml").read_text()
        assert "  target: duckdb\n" in (folder / "other" / "profiles.yml").read_text()


def test_a_second_load_has_nothing_to_do_and_no_server_is_left(loaded: Place) -> None:
    done = loaded.brewhouse("load", "--json")
    assert done.code == 0, done.err
    assert {table["rows"] for table in done.json["loaded"]["tables"].values()} == {0}
    assert state(folder_of(loaded)) == "stopped"


def test_no_password_lies_where_it_could_be_committed(loaded: Place) -> None:
    known = json.loads((folder_of(loaded) / PASSWORDS).read_text()).values()
    subprocess.run(["git", "init", "-q"], cwd=loaded.root, check=True)
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--others", "--exclude-standard"],
            cwd=loaded.root, check=True, capture_output=True, text=True,
        )  # fmt: skip
    finally:
        shutil.rmtree(loaded.root / ".git")
    files = [loaded.root / name for name in listed.stdout.splitlines()]
    assert loaded.root / "brewhouse.toml" in files
    for file in files:
        content = file.read_text(errors="replace")
        assert not any(password in content for password in known), file


def test_queries_are_those_of_a_reader(loaded: Place) -> None:
    assert loaded.brewhouse("query", "--json").json == []
    refused = loaded.brewhouse("query", "select * from raw.raw_users")
    assert refused.code == 2
    assert "BH110" in refused.err
    assert "permission denied for schema raw" in refused.err
    assert loaded.brewhouse("query", "select current_user as me", "--json").json == [{"me": "readonly"}]


def test_the_owner_may_look_at_everything(loaded: Place) -> None:
    found = loaded.brewhouse("query", "--failed", "--json").json
    assert {"schema": "raw", "name": "raw_users", "kind": "table"} in [
        {name: table[name] for name in ("schema", "name", "kind")} for table in found
    ]
    shown = loaded.brewhouse("query", "--failed", "select user_id from raw.raw_users", "--limit", "3")
    assert "The first 3 rows" in shown.out
    counted = loaded.brewhouse("query", "--failed", "select count(*) as n from raw.raw_users", "--json").json
    assert counted[0]["n"] >= 500
    assert loaded.brewhouse("query", "--failed", "show timezone", "--json").json == [{"TimeZone": "UTC"}]
    for statement in (
        "drop table raw.raw_users",
        "delete from raw.raw_users",
        "create table raw.mine (n int)",
    ):
        refused = loaded.brewhouse("query", "--failed", statement)
        assert "read-only" in refused.err


def test_the_doctor(loaded: Place, new: Place) -> None:
    found = {entry["what"]: entry for entry in loaded.brewhouse("doctor", "--json").json}
    assert found["warehouse"]["state"] == "ok"
    assert "PostgreSQL" in found["warehouse"]["found"]
    found = {entry["what"]: entry for entry in new.brewhouse("doctor", "--json").json}
    assert (found["warehouse"]["state"], found["warehouse"]["hint"]) == ("warn", "brewhouse run")
    assert state(folder_of(new)) == "absent"
    outcome = new.brewhouse("doctor", "--json", env={URL: "postgresql://me:secret@127.0.0.1:1/db"})
    found = {entry["what"]: entry for entry in outcome.json}
    assert outcome.code == 3
    assert found["warehouse"]["state"] == "bad"
    assert "secret" not in outcome.out


def test_programs_beside_the_server(loaded: Place) -> None:
    script = (
        "import os, psycopg2; c = psycopg2.connect(''); k = c.cursor(); k.execute('select current_user'); "
        "print(k.fetchone()[0], os.environ['BREWHOUSE_PG_DBNAME']); raise SystemExit(7)"
    )
    done = loaded.brewhouse("postgres", "--", sys.executable, "-c", script)
    assert (done.code, done.out.strip()) == (7, "brewhouse brewhouse"), done.err
    assert state(folder_of(loaded)) == "stopped"
    is_clear(loaded.brewhouse("postgres", "--", "no-such-program"), "BH103", "no-such-program")


def test_a_server_for_a_duckdb_project(tmp_path: Path) -> None:
    made = Place(tmp_path)
    assert made.brewhouse("init", ".", "--no-check").code == 0
    is_clear(made.brewhouse("postgres"), "BH103", "brewhouse.toml", "duckdb")


def test_a_killed_load_leaves_nothing_half_loaded(new: Place) -> None:
    assert new.brewhouse("simulate").code == 0
    with running(folder_of(new)) as url:
        # Another session holds what the load will need, so that it is killed in its midst.
        with contextlib.closing(connect(url, autocommit=False)) as other:
            other.cursor().execute("create schema truth")
            process = subprocess.Popen(
                [sys.executable, "-m", "brewhouse", "load", "-q"], cwd=new.root, stderr=subprocess.DEVNULL
            )
            waiting = "select count(*) from pg_locks where not granted"
            end = time.monotonic() + 60
            while rows(url, waiting) == [(0,)] and time.monotonic() < end and process.poll() is None:
                time.sleep(0.05)
            assert process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
            other.rollback()
        time.sleep(0.5)
        assert rows(url, "select nspname from pg_namespace where nspname in ('raw', 'truth')") == []
    done = new.brewhouse("load", "--json")
    assert done.code == 0, done.err
    with running(folder_of(new)) as url:
        assert rows(url, "select count(*) from raw.raw_users") == [
            (done.json["loaded"]["tables"]["raw_users"]["rows"],)
        ]
    assert state(folder_of(new)) == "stopped"


@pytest.mark.parametrize(
    ("url", "code", "exit_code", "names"),
    [
        ("mysql://me:secret@here/db", "BH117", 2, ["postgresql://"]),
        ("postgresql://me:secret@127.0.0.1:1/db", "BH311", 3, ["127.0.0.1:1", "refused", "brewhouse load"]),
    ],
)
def test_servers_that_do_not_do(loaded: Place, url: str, code: str, exit_code: int, names: list[str]) -> None:
    outcome = loaded.brewhouse("load", env={URL: url})
    is_clear(outcome, code, *names, exit_code=exit_code)
    assert "secret" not in outcome.out + outcome.err


def test_logins_that_do_not_do(loaded: Place, postgres: Server) -> None:
    cases = [
        (postgres.login("brewhouse", "wrong"), "BH118", "'brewhouse'"),
        (postgres.url(database="nowhere"), "BH119", "createdb nowhere"),
        (postgres.url("readonly"), "BH120", "grant create on database"),
    ]
    for url, code, name in cases:
        is_clear(loaded.brewhouse("load", env={URL: url}), code, name)


def test_init_looks_at_the_server_first(tmp_path: Path) -> None:
    outcome = Place(tmp_path).brewhouse(
        "init", "bar", "--target", "postgres", env={URL: "postgresql://127.0.0.1:1/db"}
    )
    is_clear(outcome, "BH311", exit_code=3)
    assert not (tmp_path / "bar").exists()


@pytest.mark.parametrize(
    "url",
    ["postgresql://me:secret@here/db", "postgresql://me@here/db?password=secret", "postgres://:secret@/db"],
)
def test_a_password_in_the_settings_file_is_refused(new: Place, url: str) -> None:
    new.change("brewhouse.toml", 'url = ""', f'url = "{url}"')
    with pytest.raises(SettingsError, match="BREWHOUSE_POSTGRES_URL") as caught:
        load_settings(new.root)
    assert "secret" not in str(caught.value)


def test_the_environment_goes_before_the_file(new: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    new.change("brewhouse.toml", 'url = ""', 'url = "postgresql://me@here/db"')
    assert load_settings(new.root).postgres.url == "postgresql://me@here/db"
    monkeypatch.setenv(URL, "postgresql://me:secret@there/db")
    assert load_settings(new.root).postgres.url == "postgresql://me:secret@there/db"


def test_a_server_of_ones_own_gets_a_reader(
    new: Place, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "READER", "their_reader")
    monkeypatch.setattr(access, "READER", "their_reader")
    with postgres.database() as name:
        url = postgres.url(database=name)
        monkeypatch.setenv(URL, url)
        project = Project(new.root, load_settings(new.root))
        with contextlib.closing(connect(url)) as connection:
            try:
                place.make_reader(project, connection, url)
                file = project.state / place.READER_FILE
                assert stat.S_IMODE(file.stat().st_mode) == 0o600
                before = file.read_text()
                place.make_reader(project, connection, url)
                assert file.read_text() == before
                connection.cursor().execute(f"grant connect on database {name} to their_reader")
                with (
                    place.read_session(project, command="brewhouse query") as session,
                    session.cursor() as cursor,
                ):
                    cursor.execute("select current_user")
                    assert cursor.fetchone() == ("their_reader",)
            finally:
                connection.cursor().execute(f"revoke connect on database {name} from their_reader")
                postgres.super("drop role their_reader")


def test_the_variables_that_dbt_reads(new: Place) -> None:
    with place.dbt_environment(Project(new.root, load_settings(new.root))) as known:
        assert os.environ["BREWHOUSE_PG_HOST"] == str(folder_of(new).resolve())
        assert set(known) <= set(os.environ)
    assert "BREWHOUSE_PG_PASSWORD" not in os.environ
