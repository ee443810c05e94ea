"""The business questions of docs/questions on the saas company: how long an answer takes."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import duckdb

from bench.table import Line, Report
from bench.tools import brewhouse, make_project, set_scale
from scripts.questions import Question, read_questions

MOST_MILLISECONDS = 100.0
SLOWEST = 5


def measure(quick: bool) -> Report:
    """Median time of each question on the built warehouse: scale 0.05 if quick, else 1."""
    scale, rounds = (0.05, 5) if quick else (1.0, 9)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "bar")
        make_project(root, "saas")
        set_scale(root, scale)
        brewhouse(root, "run")
        with duckdb.connect(root / "warehouse.duckdb", read_only=True) as connection:
            found = sorted(
                ((_milliseconds(connection, question, rounds), question) for question in read_questions()),
                key=lambda pair: -pair[0],
            )
    slow = [milliseconds for milliseconds, _ in found if milliseconds > MOST_MILLISECONDS]
    lines = [
        Line(
            f"{len(found)} questions, median of each",
            figure=f"{statistics.median(ms for ms, _ in found):.0f} ms, slowest {found[0][0]:.0f} ms",
            bound=f"<= {MOST_MILLISECONDS:.0f} ms each",
            met=not slow,
        ),
        *(Line(f"  {question.name}", figure=f"{ms:.0f} ms") for ms, question in found[:SLOWEST]),
    ]
    return Report(f"questions at scale {scale}", lines, f"Medians of {rounds} rounds on an open connection.")


def _milliseconds(connection: duckdb.DuckDBPyConnection, question: Question, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        connection.execute(question.sql).fetchall()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000
