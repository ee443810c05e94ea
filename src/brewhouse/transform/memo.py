"""Unit tests that were seen to pass need not run again while nothing that they depend on has changed.

dbt's unit tests replace every input by given rows, so their outcome is a function of the project's files and of the
columns of the inputs (dbt casts given values to those types). Both are part of the key under which a pass is kept.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb

from brewhouse.transform.plan import Node, Plan


class UnitTestMemo:
    """Passes on record for one state of the project's files; ``fresh`` forgets them, so that all run."""

    def __init__(self, path: Path, files_key: str, plan: Plan, *, fresh: bool = False) -> None:
        self._path = path
        self._files_key = files_key
        self._built = plan.schemas()
        self._columns: str | None = None
        self._passed: set[str] = set() if fresh else self._read()

    def proved(self, node: Node, connection: duckdb.DuckDBPyConnection) -> bool:
        """Whether ``node`` passed for the same files and columns."""
        return self._key(node, connection) in self._passed

    def remember(self, node: Node, connection: duckdb.DuckDBPyConnection) -> None:
        """Put a pass of ``node`` on record."""
        self._passed.add(self._key(node, connection))

    def save(self) -> None:
        """Keep the record; only passes of these files are kept."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps({"files": self._files_key, "passed": sorted(self._passed)}))

    def _read(self) -> set[str]:
        try:
            content = json.loads(self._path.read_text())
            return set(content["passed"]) if content["files"] == self._files_key else set()
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return set()

    def _key(self, node: Node, connection: duckdb.DuckDBPyConnection) -> str:
        columns = self._columns_of_inputs(connection)
        return hashlib.blake2b(f"{node.id}\n{columns}".encode(), digest_size=16).hexdigest()

    def _columns_of_inputs(self, connection: duckdb.DuckDBPyConnection) -> str:
        """Columns of all that the plan does not build: with the files, they decide every other column."""
        if self._columns is None:
            rows = connection.execute(
                "select schema_name, table_name, column_name, data_type from duckdb_columns() "
                "where not internal and not list_contains($1, schema_name) order by all",
                [self._built],
            ).fetchall()
            self._columns = json.dumps(rows)
        return self._columns
