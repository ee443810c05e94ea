"""``compare``: a manifest and a warehouse in, a verdict out."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from brewhouse.parity.adapters.base import Adapter
from brewhouse.parity.expected import Expected
from brewhouse.parity.findings import Waiver
from brewhouse.parity.garbage import uncollected
from brewhouse.parity.ignore import patterns
from brewhouse.parity.judge import Verdict, judge
from brewhouse.parity.manifest import expected_of, read_manifest
from brewhouse.parity.match import Case, Settings, Staleness, match
from brewhouse.parity.observe import observe, with_statistics
from brewhouse.parity.profile import Warehouse, warehouse_at
from brewhouse.parity.select import select as selected
from brewhouse.parity.waivers import read_waivers


def compare(  # noqa: PLR0913  # what a caller may want to say
    manifest: Path | str | Mapping[str, Any] | Expected,
    warehouse: str | Warehouse | Adapter,
    *,
    counts: bool = False,
    freshness: bool = False,
    select: Sequence[str] = (),
    waivers: Path | str | Sequence[Waiver] = (),
    ignore: Sequence[str] = (),
    default_ignore: bool = True,
    staleness: Staleness | None = None,
    min_coverage: float = 1.0,
    now: dt.datetime | None = None,
) -> Verdict:
    """Compare what a dbt project promises with what is in its warehouse, both ways.

    ``manifest``: the path of a manifest.json, or what is in it. ``warehouse``: ``duckdb:///PATH``,
    ``postgresql://…``, or an adapter on a connection of one's own. ``counts`` and ``freshness`` read the tables
    themselves; without them the catalogue is asked twice and nothing else. ``now`` stands for the engine's clock.

    Raises errors of ``brewhouse.errors``.
    """
    with uncollected():
        start = time.perf_counter()
        expected = _expected(manifest)
        read = time.perf_counter() - start
        given = read_waivers(Path(waivers)) if isinstance(waivers, str | Path) else tuple(waivers)
        settings = Settings(
            ignore=patterns(ignore, default=default_ignore),
            selected=selected(expected, select),
            counts=counts,
            freshness=freshness,
            waivers=given,
        )
        case, seconds = _case(expected, warehouse, settings, staleness, now)
        verdict = judge(case, min_coverage=min_coverage)
    return replace(verdict, seconds={"manifest": read, **seconds, **(verdict.seconds or {})})


def _case(
    expected: Expected,
    warehouse: str | Warehouse | Adapter,
    settings: Settings,
    staleness: Staleness | None,
    now: dt.datetime | None,
) -> tuple[Case, dict[str, float]]:
    """The promise beside the fact, and how long it took to join them."""
    with opened(warehouse, expected) as adapter:
        observed = observe(adapter)
        began = time.perf_counter()
        case = match(expected, observed, adapter.dialect, settings, now=now, staleness=staleness)
        seconds = {"match": time.perf_counter() - began}
        if settings.counts or settings.freshness:
            case = with_statistics(adapter, case)
    return case, seconds


def _expected(manifest: Path | str | Mapping[str, Any] | Expected) -> Expected:
    if isinstance(manifest, Expected):
        return manifest
    if isinstance(manifest, str | Path):
        return read_manifest(Path(manifest))
    return expected_of(json.loads(json.dumps(manifest)) if not isinstance(manifest, dict) else manifest)


@contextmanager
def opened(warehouse: str | Warehouse | Adapter, expected: Expected) -> Iterator[Adapter]:
    """The warehouse, open for reading while this lasts; an adapter is left as it is."""
    place = warehouse_at(warehouse) if isinstance(warehouse, str) else warehouse
    if not isinstance(place, Warehouse):
        yield place
    elif place.url:
        from brewhouse.parity.adapters.postgres import open_postgres

        with open_postgres(place.url) as server:
            yield server
    else:
        from brewhouse.parity.adapters.duckdb import open_duckdb

        with open_duckdb(named_files(place, expected)) as files:
            yield files


def named_files(place: Warehouse, expected: Expected) -> dict[str, Path]:
    """Files by the names that the project has for them.

    The main file goes by the name that the project's own nodes have, so that a copy of the file under another name is
    still the project's warehouse.
    """
    files = {}
    taken = {name.lower() for name in place.files if name}
    for name, path in place.files.items():
        files[name or _main(expected, path, taken)] = path
    return files


def _main(expected: Expected, path: Path, taken: set[str]) -> str:
    names = Counter(
        one.place.database.text for one in expected.relations if one.place.database.text.lower() not in taken
    )
    if any(name.lower() == path.stem.lower() for name in names):
        return path.stem
    built = Counter(
        one.place.database.text
        for one in expected.relations
        if not one.is_source and one.place.database.text.lower() not in taken
    )
    return (built or names or Counter([path.stem])).most_common(1)[0][0] or path.stem
