"""What the execution of a plan needs of an engine, in the words of no engine."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

Kind = Literal["table", "view"]


class Engine(Protocol):
    """One warehouse, of which a build has one connection open at a time.

    A statement outside ``transaction`` stands or falls for itself. Relations are named with quotes.
    """

    @property
    def dialect(self) -> Literal["duckdb", "postgres"]:
        """Its name."""
        ...

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What it raises if it refuses a statement."""
        ...

    def open(self) -> None:
        """Connect; nothing if there is a connection."""
        ...

    def close(self) -> None:
        """Let go of the warehouse, so that another process can write to it."""
        ...

    def run(self, sql: str) -> None:
        """Execute one statement or several; Ctrl-C ends them at once."""
        ...

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query; Ctrl-C ends it at once."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """What is executed within happens as a whole, or not at all if an error leaves it."""
        ...

    def stops(self, error: Exception) -> bool:
        """Whether an error is one of the warehouse itself, so that no other statement would fare better."""
        ...

    def relations(self) -> dict[str, Kind]:
        """All tables and views by name."""
        ...

    def create_schema(self, name: str) -> None:
        """Make a schema if there is none of that name."""
        ...

    def replace(self, kind: Kind, relation: str, sql: str, existing: Kind | None) -> None:
        """Build a table or view in the place of what exists; if that fails, it is as it was."""
        ...

    def create_index(self, relation: str, columns: Sequence[str], *, unique: bool, kind: str) -> None:
        """Make an index of a table; ``kind`` is empty or one of the engine's."""
        ...

    def built(self, relation: str) -> None:
        """Told of a table that has got its rows."""
        ...

    def columns(self, relation: str) -> list[tuple[str, str]]:
        """Names and types of a relation's columns, in their order."""
        ...

    def all_columns(self) -> list[tuple[str, str, str, str]]:
        """Schema, relation, name and type of all columns, ordered by the first two; types in DuckDB's words."""
        ...

    def type_name(self, stored: str) -> str:
        """A type of DuckDB as this engine calls it."""
        ...

    def temporary(self, name: str, sql: str) -> str:
        """Make a table that only this connection sees; returns its name with quotes."""
        ...

    def widen(self, relation: str, source: str) -> None:
        """Let columns of ``relation`` take longer texts, as those of ``source`` do."""
        ...

    def delete_matching(
        self, relation: str, source: str, key: str | Sequence[str], predicates: Sequence[str]
    ) -> None:
        """Delete the rows whose key is in ``source``; ``key`` is an expression, or columns."""
        ...


def quoted(*parts: str) -> str:
    """A qualified name with each part in double quotes."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
