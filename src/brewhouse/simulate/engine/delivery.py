"""From clean tables to what arrives: each raw table of a block with its dirt, and the log of that dirt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, integers
from brewhouse.simulate.engine.company import TRUTH
from brewhouse.simulate.engine.soil import Soiled, soil
from brewhouse.simulate.engine.texts import draws_of
from brewhouse.simulate.engine.weak import DESTRUCTIVE, LATE_DAYS, RATES, Weak, kinds

Ints = NDArray[np.int64]


def block_file(table: str, block: int) -> str:
    """Where the rows of a block stand, below the data folder."""
    return f"{table}/part-{block:05d}.parquet"


def stream_file(table: str, first: int) -> str:
    """Where the rows of a stream's batch would stand: there is no such file, but each row has its place in it."""
    return f"{table}/stream-{first}.parquet"


@dataclass(frozen=True)
class Clean:
    """One raw table of one block before any dirt: the identity of each row, and which rows may not be lost."""

    key: Ints
    table: pa.Table
    guarded: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Way:
    """How the rows of a company travel: where they go wrong, how often, and until when they still arrive."""

    company: str
    seed: int
    dirt: float
    end_ms: int
    """The first moment after the window."""
    weak: Mapping[str, Weak]

    def delivered(
        self, clean: Mapping[str, Clean], block: int, *, file: Callable[[str, int], str] = block_file
    ) -> dict[str, pa.Table]:
        """The raw tables of one block as they arrive, and ``truth/dirt``; ``file`` names what a table comes in."""
        tables: dict[str, pa.Table] = {}
        logs = []
        for name, one in clean.items():
            dirty = soil(
                one.table,
                kinds(self.weak[name], self.dirt),
                draws_of(one.key, f"{self.seed} {self.company}.dirt.{name}@v1"),
                allowed=self._allowed(self.weak[name], one),
            )
            tables[name] = dirty.table
            logs.append(_log(name, file(name, block), dirty, one.key))
        tables[f"{TRUTH}dirt"] = pa.concat_tables(logs).combine_chunks()
        return tables

    def _allowed(self, weak: Weak, clean: Clean) -> dict[str, NDArray[np.bool_]]:
        """Which rows may get which kind of dirt, where not all may."""
        allowed: dict[str, NDArray[np.bool_]] = {}
        if weak.moment:
            happened = np.asarray(clean.table.column(weak.moment).cast(pa.int64()))
            allowed["late"] = happened < self.end_ms - (LATE_DAYS + 1) * DAY_MS
        if clean.guarded is not None:
            allowed |= dict.fromkeys(DESTRUCTIVE, ~clean.guarded)
        return allowed


def constants(named: Mapping[str, object]) -> dict[str, str]:
    """Of a module's names the numbers, texts and tables of them that are in capitals, as JSON."""
    return {
        name: json.dumps(value)
        for name, value in named.items()
        if name.isupper() and isinstance(value, int | float | str | tuple | dict)
    }


def parameters_table(values: Mapping[str, str]) -> pa.Table:
    """The table ``truth/parameters``: the configuration, the company's own parameters, and the rates of dirt."""
    rates = {f"dirt.{kind}_per_million": str(rate) for kind, rate in RATES.items()}
    named = {**values, **rates}
    return pa.table({"name": list(named), "value": list(named.values())})


def _log(table: str, file: str, dirty: Soiled, key: Ints) -> pa.Table:
    """The rows of truth.dirt for one file."""
    count = len(dirty.origins)
    return pa.table(
        {
            "table_name": pa.array([table] * count, pa.string()),
            "kind": pa.array(dirty.kinds, pa.string()),
            "source_file": pa.array([file] * count, pa.string()),
            "source_row": integers(dirty.places),
            "row_id": integers(key[dirty.origins]),
        }
    )
