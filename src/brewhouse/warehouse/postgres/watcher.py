"""Stops an embedded server once nobody uses it any more, also when its last user was killed.

A program of its own, with the standard library only: ``python -I -S watcher.py FOLDER``. It sleeps in the kernel until
the lock on ``in-use`` is free. Each command that uses the server holds that lock, shared, and the system frees it
however the command ends.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

IN_USE = "in-use"
WATCHED = "watched"
PID_FILE = Path("data") / "postmaster.pid"
PATIENCE = 30.0


def stop(home: Path) -> bool:
    """End the server in ``home`` (the caller holds ``in-use`` alone); False if it did not end in time."""
    file = home / PID_FILE
    for how in (
        signal.SIGINT,
        signal.SIGQUIT,
    ):  # "fast"; "immediate", to recover at its next start
        pid = server_pid(home)
        if pid is None:
            return True
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return True
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if not file.exists():
                return True
            time.sleep(0.01)
    return False


def server_pid(home: Path) -> int | None:
    """The running server of ``home``: a pid file may outlive it, and its number be another process's by now."""
    try:
        pid = int((home / PID_FILE).read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if str(home / "data") in _command_line(pid) else None


def _command_line(pid: int) -> str:
    if Path("/proc/self").exists():
        try:
            return (
                Path(f"/proc/{pid}/cmdline")
                .read_bytes()
                .replace(b"\0", b" ")
                .decode(errors="surrogateescape")
            )
        except OSError:
            return ""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout


def watch(home: Path) -> None:
    """Wait for the end of the last user, then stop the server; at most one process watches a folder."""
    with (home / WATCHED).open("a") as watched, (home / IN_USE).open("a") as in_use:
        try:
            fcntl.flock(watched, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        watched.truncate(0)
        watched.write(str(os.getpid()))
        watched.flush()
        fcntl.flock(in_use, fcntl.LOCK_EX)
        if home.is_dir():
            stop(home)


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
