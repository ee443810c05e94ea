"""An embedded PostgreSQL server: started by the first command that needs it, stopped by the last.

Each command holds a shared lock on the file ``in-use`` while it needs the server. Who can get that lock alone is the
last and stops the server; a small process of its own (``watcher.py``) waits for the same, so that the server also ends
if a command is killed. The system frees locks however a process ends, so no count can go wrong. If both were killed,
the next command takes over the server that it finds.

The only way in is a unix socket in the server's folder of mode 700, with generated passwords (scram-sha-256).
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from brewhouse.errors import DiskError, PostgresServerError
from brewhouse.warehouse.postgres import watcher
from brewhouse.warehouse.postgres.access import set_up
from brewhouse.warehouse.postgres.connection import make_url
from brewhouse.warehouse.postgres.home import OWNER, SUPERUSER, Home, existing_home, make_home

DATABASE: Final = "brewhouse"
PORT: Final = 5432
"""Part of the socket's name; nothing listens on a port."""
_GATE: Final = "gate"
_SET_UP: Final = "set-up-1"
_PATIENCE: Final = 60.0
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "50",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "wal_level": "minimal",  # a table that is filled in the transaction that made it isn't logged
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "synchronous_commit": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The server of ``folder``, running; gives the URL of the role that owns its database.

    May be nested, and used by several commands at once. Raises ``PostgresMissingError``, ``PostgresServerError`` or
    ``DiskError``.
    """
    try:
        home = make_home(folder)
        in_use = (home.folder / watcher.IN_USE).open("a")
    except OSError as error:
        raise DiskError(path=folder, folder=folder.parent, problem=error.strerror or str(error)) from error
    with in_use:
        fcntl.flock(in_use, fcntl.LOCK_SH)  # waits while somebody stops the server
        try:
            _ensure_running(home)
            yield url_of(home, OWNER)
        finally:
            _leave(home, in_use)


def url_of(home: Home, role: str, database: str = DATABASE) -> str:
    """The URL of one of the server's own roles."""
    return make_url(
        user=role, password=home.passwords[role], host=str(home.sockets), database=database, port=PORT
    )


def state(folder: Path) -> str:
    """``absent``, ``stopped`` or ``running``; starts nothing."""
    place = existing_home(folder)
    if not (place / "data" / "PG_VERSION").exists():
        return "absent"
    return "running" if watcher.server_pid(place) is not None else "stopped"


def _leave(home: Home, in_use: IO[str]) -> None:
    """Stop the server if nobody else uses it."""
    try:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(in_use, fcntl.LOCK_SH)  # others use it; or the watcher is stopping it, then wait for that
        return
    if home.folder.exists():
        watcher.stop(home.folder)


def _ensure_running(home: Home) -> None:
    with (home.folder / _GATE).open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        _start_watcher(home)
        if not (home.data / "PG_VERSION").exists():
            _init(home)
        if watcher.server_pid(home.folder) is None:
            _start(home)
        else:
            _await(home, None)
        done = home.folder / _SET_UP
        if not done.exists():
            set_up(url_of(home, SUPERUSER, "postgres"), url_of(home, SUPERUSER), DATABASE, home.passwords)
            done.touch()


def _start_watcher(home: Home) -> None:
    subprocess.Popen(
        [sys.executable, "-I", "-S", watcher.__file__, str(home.folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


def _init(home: Home) -> None:
    """Make the data directory beside its place, so that a killed one is begun anew."""
    fresh = home.folder / "data.new"
    subprocess.run(["rm", "-rf", str(fresh)], check=True)
    given = home.folder / ".pw"
    given.touch(mode=0o600)
    home.give(given)
    given.write_text(home.passwords[SUPERUSER])
    command = [
        str(home.programs / "initdb"),
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        f"--pwfile={given}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",  # sorts by code point, as DuckDB does
        "--no-sync",
        "--no-instructions",
    ]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_environment(),
            **home.as_user(),
        )
    finally:
        given.unlink()
    if done.returncode:
        raise _failed(home, done.stderr.strip().splitlines()[-1:] or ["initdb failed"])
    fresh.rename(home.data)
    (home.folder / _SET_UP).unlink(missing_ok=True)


def _start(home: Home) -> None:
    _forget_killed(home)
    settings = _SETTINGS | {"unix_socket_directories": f'"{home.sockets}"', "port": str(PORT)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    until = time.monotonic() + _PATIENCE
    while True:
        process = _launch(home, options)
        try:
            _await(home, process)
        except PostgresServerError:
            # The processes of a killed server may live on for a moment.
            if "shared memory block" not in home.log.read_text(errors="replace") or time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _launch(home: Home, options: list[str]) -> subprocess.Popen[bytes]:
    with home.log.open("w") as log:
        return subprocess.Popen(
            [str(home.programs / "postgres"), "-D", str(home.data), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us, not for the server
            cwd="/",
            env=_environment(),
            **home.as_user(),
        )


def _forget_killed(home: Home) -> None:
    """Remove what a killed server left if its process number is another process's by now.

    Otherwise PostgreSQL sees by itself that the process is gone, and waits for those that it had started.
    """
    socket = home.sockets / f".s.PGSQL.{PORT}"
    for stale in (home.folder / watcher.PID_FILE, socket.with_name(f"{socket.name}.lock")):
        try:
            os.kill(abs(int(stale.read_text().split("\n", 1)[0])), 0)
        except (OSError, ValueError):
            continue
        stale.unlink(missing_ok=True)


def _await(home: Home, process: subprocess.Popen[bytes] | None) -> None:
    """Wait until the server takes connections."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if watcher.server_pid(home.folder) is not None and _status(home.folder) == "ready":
            return
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.01)
    said = home.log.read_text(errors="replace").splitlines() if home.log.exists() else []
    reasons = [line.split("FATAL:", 1)[1].strip() for line in said if "FATAL:" in line]
    raise _failed(home, reasons or said[-1:] or ["it does not answer"])


def _failed(home: Home, reasons: list[str]) -> PostgresServerError:
    anew = f"rm -rf {home.folder} && brewhouse run"
    hint = f"tail {home.log}   (if its data is damaged, make it anew from data/: {anew})"
    return PostgresServerError(path=home.folder, problem=reasons[0].rstrip(".") + ".", hint=hint)


def _environment() -> dict[str, str]:
    """Without PGDATA and the like, which the server's programs would heed."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _status(place: Path) -> str:
    try:
        lines = (place / watcher.PID_FILE).read_text().splitlines()
    except OSError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""
