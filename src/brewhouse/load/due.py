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


def last_loads(state: Path, sources: Iterable[Source]) -> dict[str, dt.datetime]:
    """Per source when it was last loaded as it is set now; one without a record is due."""
    record = _read(state)
    found = {}
    for source in sources:
        entry = record.get(source.name, {})
        if entry.get("as") == _settings_of(source):
            found[source.name] = dt.datetime.fromisoformat(entry["at"])
    return found


def next_load(source: Source, last: dict[str, dt.datetime]) -> dt.datetime | None:
    """When the cadence of a source runs out; None: it was never loaded."""
    return last[source.name] + interval(source.cadence) if source.name in last else None


def due(sources: Iterable[Source], last: dict[str, dt.datetime], now: dt.datetime) -> list[Source]:
    """The sources whose cadence has run out since they were last loaded."""
    moments = ((source, next_load(source, last)) for source in sources)
    return [source for source, moment in moments if moment is None or moment <= now]


def remember(state: Path, sources: Iterable[Source], now: dt.datetime) -> None:
    """Write down that these sources were loaded now."""
    loaded = {source.name: {"at": now.isoformat(), "as": _settings_of(source)} for source in sources}
    beside = state / f".{FILE}.{os.getpid()}"
    state.mkdir(exist_ok=True)
    beside.write_text(json.dumps(_read(state) | loaded, indent=1))
    beside.replace(state / FILE)


def _read(state: Path) -> dict[str, dict[str, str]]:
    try:
        content = json.loads((state / FILE).read_text())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return {name: entry for name, entry in content.items() if isinstance(entry, dict)} if content else {}


def _settings_of(source: Source) -> str:
    """Where the source is loaded from: a source that is set otherwise is due at once."""
    return source.settings.model_dump_json(exclude={"cadence"})
