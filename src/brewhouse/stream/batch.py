"""One batch of a stream: the rows of some things in a row, as a load would have left them in the warehouse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.load.files import TRUTH
from brewhouse.load.sources import RAW
from brewhouse.simulate.engine.columns import constant, integers
from brewhouse.simulate.engine.company import TRUTH as TRUTH_PREFIX
from brewhouse.simulate.engine.company import Streaming
from brewhouse.simulate.engine.delivery import stream_file

LOAD_ID: Final = "stream"
"""``_dlt_load_id`` of all rows that came by a stream."""

Ints = NDArray[np.int64]
Place = tuple[str, str]
"""Schema and table."""


@dataclass(frozen=True)
class Batch:
    """Things ``first`` to ``last``, and the moment of the last in milliseconds since 1970, by the company's clock."""

    first: int
    last: int
    last_ms: int
    tables: Mapping[Place, pa.Table]

    @property
    def rows(self) -> dict[str, int]:
        """Rows by raw table."""
        return {table: rows.num_rows for (schema, table), rows in self.tables.items() if schema == RAW}


def make_batch(company: Streaming, first: int, moments: Ints, loaded_at: dt.datetime) -> Batch:
    """The things from ``first`` on, one for each moment; ``loaded_at`` (UTC without zone) is when they are sent."""
    made = company.streamed(first, moments)
    tables: dict[Place, pa.Table] = {}
    for name, rows in made.items():
        if name.startswith(TRUTH_PREFIX):
            tables[TRUTH, name.removeprefix(TRUTH_PREFIX)] = rows
        else:
            tables[RAW, name] = _loaded(rows, stream_file(name, first), loaded_at)
    last_ms = int(moments[-1]) if len(moments) else company.end_ms
    return Batch(first, first + len(moments) - 1, last_ms, tables)


def _loaded(rows: pa.Table, file: str, loaded_at: dt.datetime) -> pa.Table:
    """The rows, and what a load adds to them."""
    count = rows.num_rows
    return (
        rows.append_column("_source_file", constant(count, file))
        .append_column("_source_row", integers(np.arange(count)))
        .append_column("_loaded_at", pa.repeat(pa.scalar(loaded_at, pa.timestamp("us")), count))
        .append_column("_dlt_load_id", constant(count, LOAD_ID))
    )
