"""What a load did, as plain values that need neither dlt nor Arrow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableLoad:
    """What a load did to one raw table; ``changed`` whether anything at all."""

    table: str
    rows: int
    files: int
    how: str
    source: str = ""
    changed: bool = False


@dataclass(frozen=True)
class LoadResult:
    """What a load did: per table, and the columns that were not there before."""

    tables: tuple[TableLoad, ...]
    new_columns: tuple[str, ...] = ()
    truth_rows: int = 0

    @property
    def rows(self) -> int:
        """Raw rows loaded."""
        return sum(table.rows for table in self.tables)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that were looked at, in their order."""
        return tuple(dict.fromkeys(table.source for table in self.tables))

    @property
    def changed(self) -> bool:
        """Whether anything was loaded at all."""
        return any(table.changed for table in self.tables)
