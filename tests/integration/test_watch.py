"""``run --watch`` runs again what a change touches, and is blind to its own output."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.conftest import Place


class Watch:
    """A running ``run --watch`` and the lines that it prints."""

    def __init__(self, place: Place) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "brewhouse", "run", "--watch"],
            cwd=place.root,
            env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip())

    def until(self, text: str, seconds: float = 90) -> list[str]:
        """Lines up to one that holds ``text``."""
        seen: list[str] = []
        while True:
            try:
                seen.append(self.lines.get(timeout=seconds))
            except queue.Empty:
                pytest.fail(f"{text!r} did not come; seen: {seen}")
            if text in seen[-1]:
                return seen

    def said_in(self, seconds: float) -> list[str]:
        """What is printed within a while."""
        time.sleep(seconds)
        return [self.lines.get_nowait() for _ in range(self.lines.qsize())]


@pytest.fixture
def watch(place: Place) -> Iterator[Watch]:
    running = Watch(place)
    running.until("Watching for changes")
    yield running
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=20) == 130


def steps(lines: list[str]) -> list[Any]:
    return [line.split(" …")[0] for line in lines if line.endswith(" …")]


def test_each_change_runs_what_it_touches(place: Place, watch: Watch) -> None:
    assert watch.said_in(4) == [], "its own output is no change"

    place.change(
        "models/marts/product_summary.sql",
        "select * from category_metrics",
        "select *\nfrom category_metrics",
    )
    seen = watch.until("Watching for changes")
    assert steps(seen) == ["build", "publish", "report", "parity"]
    built = {line.split("│")[2].strip() for line in seen if line.startswith("│ marts")}
    assert built >= {"product_summary"}

    place.change("brewhouse.toml", "scale = 0.05", "scale = 0.02")
    assert steps(watch.until("Watching for changes")) == [
        "simulate",
        "load",
        "build",
        "publish",
        "report",
        "parity",
    ]
    assert place.ask("select count(*) from marts.user_metrics") == [(200,)]

    raw = place.root / "data" / "raw_orders" / "part-00000.parquet"
    pq.write_table(pq.read_table(raw), raw, compression="snappy")
    seen = watch.until("Watching for changes")
    assert steps(seen) == ["load", "build", "publish", "report", "parity"]

    place.change("models/marts/daily_summary.sql", "ref('stg_events')", "ref('stg_evnts')")
    assert any("BH106" in line for line in watch.until("Watching for changes"))
    place.change("brewhouse.toml", "scale = 0.02", "scale = 0.01")
    assert any("BH106" in line for line in watch.until("Watching for changes"))
    place.change("models/marts/daily_summary.sql", "ref('stg_evnts')", "ref('stg_events')")
    seen = watch.until("Watching for changes")
    assert steps(seen) == ["simulate", "load", "build", "publish", "report", "parity"], (
        "what failed before is made up for"
    )
    assert place.ask("select count(*) from marts.user_metrics") == [(100,)]
    assert watch.said_in(3) == []
