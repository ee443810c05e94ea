"""What every picture of the report is made with: colours, queries, style."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import plotly.graph_objects as go

from brewhouse.warehouse.engine import Engine

AMBER: Final = "#d08a1d"
BLUE: Final = "#2f6f9f"
GREEN: Final = "#4b8b5b"
GREY: Final = "#b8b2a7"
INK: Final = "#26221c"
LIGHT_BLUE: Final = "#86b3d1"
LIGHT_GREEN: Final = "#9cc5a3"
RED: Final = "#b5483a"

_AXIS: Final = {"size": 12, "color": "#6d665b"}
_GRID: Final = "#ece7dd"


@dataclass(frozen=True)
class Picture:
    """A figure, and what it says in one sentence; empty if that is for the reader to find."""

    figure: go.Figure
    finding: str = ""


@dataclass(frozen=True)
class Chart:
    """A picture under a question or title, with a sentence that says how to read it."""

    name: str
    title: str
    caption: str
    draw: Callable[[Engine], Picture]
    wide: bool = True


@dataclass(frozen=True)
class Section:
    """Pictures of one subject."""

    title: str
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Sheet:
    """What the report shows of one blueprint: facts at the top, each a query for one value, and pictures."""

    facts: Mapping[str, str]
    sections: tuple[Section, ...]


def columns(engine: Engine, sql: str) -> list[list[Any]]:
    """The result of a query, a list per column; decimals as floats, for drawing only."""
    rows = engine.rows(sql)
    return [[_drawn(value) for value in column] for column in zip(*rows, strict=True)] if rows else []


def table(engine: Engine, sql: str, names: tuple[str, ...]) -> dict[str, list[Any]]:
    """The same by name; without rows the lists are empty."""
    return dict(zip(names, columns(engine, sql) or [[] for _ in names], strict=True))


def series(
    names: Iterable[Any], places: Iterable[Any], values: Iterable[Any], known: Iterable[Any] = ()
) -> dict[Any, dict[Any, Any]]:
    """The value at each place, by name: first the ``known`` names, also those without a value, then the others."""
    found: dict[Any, dict[Any, Any]] = {name: {} for name in known}
    for name, place, value in zip(names, places, values, strict=True):
        found.setdefault(name, {})[place] = value
    return found


def _drawn(value: Any) -> Any:
    """Sums of whole numbers are decimals on PostgreSQL, and whole numbers again here."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value.as_tuple().exponent == 0 else float(value)


def percent(part: float, whole: float) -> float:
    """100 of 100; 0 of nothing."""
    return 100 * part / whole if whole else 0.0


def dollars(amount: float) -> str:
    """An amount as people say it: $950, $12.3k, $1.24M."""
    for size, letter, digits in ((1e6, "M", 2), (1e3, "k", 1 if abs(amount) < 1e5 else 0)):
        if abs(amount) >= size:
            return f"{'-' if amount < 0 else ''}${abs(amount) / size:,.{digits}f}{letter}"
    return f"{'-' if amount < 0 else ''}${abs(amount):,.0f}"


def words(name: str) -> str:
    """A value of a column as one reads it: first_touch becomes first touch."""
    return name.replace("_", " ")


def in_dollars(axis: str = "y") -> dict[str, Any]:
    """Layout of an axis that counts US dollars."""
    return {f"{axis}axis": {"tickformat": "$~s"}}


def styled(figure: go.Figure, *, height: int) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 16, "t": 10, "b": 10},
        template="plotly_white",
        font={"family": "system-ui, sans-serif", "size": 13, "color": INK},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "traceorder": "normal"},
        hoverlabel={"font": {"family": "system-ui, sans-serif"}},
        bargap=0.18,
    )
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(automargin=True, gridcolor=_GRID, zerolinecolor=GREY, title_standoff=8, title_font=_AXIS)
    return figure
