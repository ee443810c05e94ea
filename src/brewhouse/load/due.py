"""When each source was last loaded, and which of them are due again."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from brewhouse.load.sources import Source

FILE: Final = "loads.json"
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def interval(cadence: str) -> dt.timedelta:
    """``15m``, ``1h`` or ``1d`` as a length of time."""
    return dt.timedelta(**{_UNITS[cadence[-1]]: int(cadence[:-1])})


def last_loads(state: Path) -> dict[str, dt.datetime]:
    """Per source when it was last loaded; without a record a source is due."""
    try:
        content = json.loads((state / FILE).read_text())
        return {name: dt.datetime.fromisoformat(moment) for name, moment in content.items()}
    except (FileNotFoundError, NotADirectoryError, ValueError, AttributeError, TypeError):
        return {}


def next_load(source: Source, last: dict[str, dt.datetime]) -> dt.datetime | None:
    """When the cadence of a source runs out; None: it was never loaded."""
    return last[source.name] + interval(source.cadence) if source.name in last else None


def due(sources: Iterable[Source], last: dict[str, dt.datetime], now: dt.datetime) -> list[Source]:
    """The sources whose cadence has run out since they were last loaded."""
    moments = ((source, next_load(source, last)) for source in sources)
    return [source for source, moment in moments if moment is None or moment <= now]


def remember(state: Path, names: Iterable[str], now: dt.datetime) -> None:
    """Write down that these sources were loaded now."""
    record = {**last_loads(state), **dict.fromkeys(names, now)}
    beside = state / f".{FILE}.{os.getpid()}"
    state.mkdir(exist_ok=True)
    beside.write_text(json.dumps({name: moment.isoformat() for name, moment in record.items()}, indent=1))
    beside.replace(state / FILE)
