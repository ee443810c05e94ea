"""What a load needs of the warehouse that it fills, in the words of no engine.

Types are named as DuckDB names them: it reads the files, whatever the warehouse is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from brewhouse.errors import BrewhouseError

Columns = Mapping[str, str]
"""Names of columns and their types, in their order."""

Relations = dict[str, tuple[bool, dict[str, str]]]
"""By name of a relation: whether it is a view, and its columns and their types."""


class Target(Protocol):
    """One warehouse, open for one load."""

    @property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """Reads files."""
        ...

    @property
    def destination(self) -> Any:
        """The warehouse as a destination of dlt."""
        ...

    def run(self, sql: str) -> None:
        """Execute one statement."""
        ...

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query, whose ``?`` are the values."""
        ...

    def relations(self, schema: str) -> Relations:
        """The tables and views of a schema."""
        ...

    def drop(self, schema: str, name: str) -> None:
        """Remove what is called so, be it a table or a view."""
        ...

    def fill(self, schema: str, table: str, files: Sequence[Path]) -> int:
        """Put a table with the content of these files there instead of what was; returns its rows.

        Raises ``InputFileError``.
        """
        ...

    def views(self, schema: str) -> dict[str, str]:
        """The views of a schema, and what changes if one is made otherwise."""
        ...

    def put_view(self, schema: str, name: str, query: str) -> None:
        """Put a view there instead of what was."""
        ...

    def type_name(self, stored: str) -> str:
        """A type of DuckDB as this engine calls it."""
        ...

    def accepts(self, query: str) -> bool:
        """Whether the columns and types of a query make sense."""
        ...

    def differs(self, column: str, value: str, stored: str, *, number: bool) -> str:
        """The condition under which ``value``, the cast of a column to a type, is not what the column holds."""
        ...

    def row_number(self, columns: Columns, *, is_view: bool) -> str:
        """The expression that numbers the rows of a relation."""
        ...

    def digest(self, relation: str, columns: Columns, *, is_view: bool) -> str:
        """The scalar query that changes whenever a row of a relation does."""
        ...

    def logged(self, schema: str, tables: Mapping[str, bool]) -> AbstractContextManager[None]:
        """See that what changes within in these tables is known to the dynamic tables that read them.

        The values say whether rows may go.
        """
        ...

    def meaning(self, error: BaseException) -> BrewhouseError | None:
        """The error of ours behind one of the engine's, unless it speaks of the rows."""
        ...

    def finish(self, tables: Sequence[str]) -> None:
        """Told of the raw tables that have got rows, at the end of a load."""
        ...
