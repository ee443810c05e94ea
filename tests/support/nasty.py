"""The tables of the schema raw in the project ``macros``: values at which engines differ, and random ones."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

WORDS: Final = [
    "a",
    "B",
    "b",
    "Z",
    "_",
    "é",
    "z",
    "ab",
    "a b",
    "A",
    None,
    "~",
    "0",
    "ÿ",
    "\U0001f600",
    "\uffff",
]
COLUMNS: Final = {
    "texts": "id integer, t varchar",
    "documents": "id integer, t varchar",
    "moments": "id integer, m timestamp, d date",
    "numbers": "id integer, n decimal(12, 2), d bigint",
    "groups": "id integer, g varchar, k bigint, t varchar, n decimal(10, 2), b boolean, d integer",
}


def raw_rows() -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each table; the first column counts them."""
    known = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    draw = Random(5)
    rows: dict[str, list[tuple[Any, ...]]] = {
        "texts": [(text,) for text in known["texts"]],
        "documents": [(text,) for text in known["documents"]],
        "moments": [(moment, moment[:10]) for moment in known["moments"]],
        "numbers": [*known["numbers"], *(_pair(draw) for _ in range(200))],
        "groups": [*(_member(draw) for _ in range(400)), *_small_groups()],
    }
    return {name: [(number, *row) for number, row in enumerate(table)] for name, table in rows.items()}


def _pair(draw: Random) -> tuple[float, int]:
    return round(draw.random() * 10 ** draw.randint(1, 6), 2), draw.randint(0, 10 ** draw.randint(1, 6))


def _member(draw: Random) -> tuple[Any, ...]:
    return (
        draw.choice(["one", "two", "Three", "é"]),
        draw.randint(0, 50),
        draw.choice(WORDS),
        draw.choice([None, round(draw.random() * 100, 2), 3.25]),
        draw.choice([True, False, None]),
        draw.randint(0, 9),
    )


def _small_groups() -> list[tuple[Any, ...]]:
    return [
        *(("same", k, "x", 5, True, 1) for k in range(3)),
        *(("nothing", k, None, None, None, 1) for k in range(3)),
        ("half", 1, "q", 1, True, 2),
        ("half", 2, None, None, None, 2),
        ("alone", 1, "q", 1, True, 2),
    ]
