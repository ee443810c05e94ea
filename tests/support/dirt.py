"""What dirt does to a company's tables, by its own log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa


def assert_undone(clean: Mapping[str, pa.Table], dirty: Mapping[str, pa.Table], names: Iterable[str]) -> None:
    """Without the rows that were added, and with those that were changed put back, the clean tables are there."""
    log = dirty["truth/dirt"].to_pylist()
    for name in names:
        count = clean[name].num_rows
        spoiled = {
            row["source_row"] for row in log if row["table_name"] == name and row["source_row"] < count
        }
        kept = pa.array([row for row in range(count) if row not in spoiled])
        ours, theirs = (table[name].take(kept).to_pylist() for table in (clean, dirty))
        assert ours == theirs, name
        added = dirty[name].num_rows - count
        assert added == sum(1 for row in log if row["table_name"] == name and row["source_row"] >= count)
