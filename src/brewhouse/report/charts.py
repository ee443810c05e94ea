"""What every picture of the report is made with: colours, queries, style."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import plotly.graph_objects as go

from brewhouse.warehouse.engine import Engine

AMBER: Final = "#c77d0a"
BLUE: Final = "#2f6f9f"
GREEN: Final = "#4b8b5b"
GREY: Final = "#b8b2a7"
RED: Final = "#b5483a"


@dataclass(frozen=True)
class Chart:
    """A figure under a title, with one sentence that says how to read it."""

    title: str
    caption: str
    draw: Callable[[Engine], go.Figure]


@dataclass(frozen=True)
class Sheet:
    """What the report shows of one blueprint: facts at the top, each a query for one value, and charts."""

    facts: Mapping[str, str]
    charts: tuple[Chart, ...]


def columns(engine: Engine, sql: str) -> list[list[Any]]:
    """The result of a query, a list per column; decimals as floats, for drawing only."""
    rows = engine.rows(sql)
    return [[_drawn(value) for value in column] for column in zip(*rows, strict=True)] if rows else []


def _drawn(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def styled(figure: go.Figure, *, height: int) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 60, "r": 20, "t": 20, "b": 50},
        template="plotly_white",
        font={"family": "system-ui, sans-serif", "size": 13},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
    )
    return figure
