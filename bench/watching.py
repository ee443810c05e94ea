"""A ``brewhouse refresh --watch`` as a process, and what it costs."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from bench.tools import BREWHOUSE


@contextmanager
def watching(root: Path) -> Iterator[psutil.Process]:
    """The process, begun ten seconds ago, and stopped as its user stops it."""
    command = [*BREWHOUSE, "refresh", "--watch", "--quiet"]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(10)
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(120)


def cpu(process: psutil.Process) -> float:
    """CPU seconds that it has used."""
    found: Any = process.cpu_times()
    return float(found.user + found.system)


def is_quiet(process: psutil.Process) -> bool:
    """Whether it did next to nothing for three seconds: it has begun, and found nothing to do."""
    before = cpu(process)
    time.sleep(3)
    return cpu(process) - before < 0.1


def until(what: Callable[[], bool], seconds: float) -> None:
    """Wait for something, at most so long."""
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.5)
