"""What work costs: wall and CPU seconds, the peak of memory, and rounds in turn so that noise hits all sides."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

import psutil

POLL_SECONDS = 0.05

T = TypeVar("T")


class BrokenBenchmarkError(Exception):
    """Something that a benchmark needs did not work; says nothing of speed."""


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds of some work; of a command also its peak resident memory and what it printed."""

    wall: float
    cpu: float
    peak: int = 0
    """Bytes; of the process and all its children together, polled, shared pages counted for each."""
    out: str = ""


def of_call(work: Callable[[], object]) -> Cost:
    """Cost of a call in this process, all its threads included."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def of_command(command: Sequence[str | Path], cwd: Path) -> Cost:
    """Cost of a command from its start to its end, children included; raises if it fails."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        before = _cpu_of_children()
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, stdout=out, stderr=err, env=_environment()
        )
        with _MemoryWatch(process.pid) as memory:
            process.wait()
        wall = time.perf_counter() - start
        cpu = _cpu_of_children() - before
        out.seek(0)
        err.seek(0)
        text = out.read()
        if process.returncode != 0:
            last = "\n".join((text + err.read()).strip().splitlines()[-20:])
            raise BrokenBenchmarkError(
                f"{' '.join(map(str, command))} ended with {process.returncode}:\n{last}"
            )
    return Cost(wall, cpu, memory.peak, text)


def in_turn(rounds: int, *sides: Callable[[], T]) -> list[list[T]]:
    """A B A B …: the results of each side, so that round i of one stands beside round i of the other."""
    results: list[list[T]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, taken in zip(sides, results, strict=True):
            taken.append(side())
    return results


def middle(costs: Sequence[Cost]) -> Cost:
    """Medians of wall and CPU seconds, and the highest peak."""
    return Cost(
        median(cost.wall for cost in costs),
        median(cost.cpu for cost in costs),
        max(cost.peak for cost in costs),
        costs[-1].out,
    )


def median_ratio(
    above: Sequence[Cost], below: Sequence[Cost], part: Callable[[Cost], float] = lambda cost: cost.wall
) -> float:
    """Median of the ratios within each round."""
    return median(part(one) / part(other) for one, other in zip(above, below, strict=True))


class _MemoryWatch:
    """Polls the resident memory of a process and its children while the block runs."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._poll, daemon=True)

    def __enter__(self) -> _MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _poll(self) -> None:
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._pid)
            while not self._ended.wait(POLL_SECONDS):
                self.peak = max(self.peak, _resident(root))


def _resident(root: psutil.Process) -> int:
    total = 0
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment() -> dict[str, str]:
    """This process's, without settings of the user's that would change what is measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BREWHOUSE_", "DBT_"))}
