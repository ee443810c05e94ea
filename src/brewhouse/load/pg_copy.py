"""Rows of files into PostgreSQL: DuckDB reads them and writes CSV into a pipe, COPY takes it from there.

No row goes through Python. In CSV, an empty text ("") and nothing stay two things.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from threading import Thread
from typing import TYPE_CHECKING, Final

import duckdb

from brewhouse.errors import SchemaConflictError
from brewhouse.warehouse.duckdb import quoted
from brewhouse.warehouse.postgres.types import postgres_type

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

_BUFFER: Final = 1 << 20


def copy_rows(
    reader: duckdb.DuckDBPyConnection, query: str, cursor: Cursor, relation: str, columns: Sequence[str]
) -> None:
    """Append the rows of DuckDB's ``query`` to ``columns`` of the table ``relation``, in the order of the query.

    Raises DuckDB's error if it can't read, else psycopg2's if PostgreSQL can't take a row.
    """
    names = ", ".join(quoted(column) for column in columns)
    inlet, outlet = os.pipe()
    failed: list[duckdb.Error] = []

    def write() -> None:
        try:
            reader.execute(f"copy ({query}) to '/dev/fd/{outlet}' (format csv, header false)")
        except duckdb.Error as error:
            failed.append(error)
        finally:
            os.close(outlet)

    thread = Thread(target=write, name="csv")
    with open(inlet, "rb", buffering=0) as rows:  # noqa: PTH123  # a descriptor
        thread.start()
        try:
            cursor.copy_expert(f"copy {relation} ({names}) from stdin with (format csv)", rows, _BUFFER)
        except Exception:
            rows.close()  # or the writer would wait for ever
            thread.join()
            if failed and not _is_pipe(failed[0]):
                raise failed[0] from None
            raise
    thread.join()
    if failed:
        raise failed[0]


def _is_pipe(error: duckdb.Error) -> bool:
    return "/dev/fd/" in str(error) or "Broken pipe" in str(error)


def storable(reader: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, str]]:
    """The columns of a query over files and their types in PostgreSQL; raises ``SchemaConflictError``."""
    described = reader.execute(f"describe {query}").fetchall()
    nested = [
        name for name, kind, *_ in described if kind.endswith("]") or kind.startswith(("STRUCT", "MAP"))
    ]
    if nested:
        problem = f"nested columns have no place in PostgreSQL: {', '.join(nested)}"
        raise SchemaConflictError(table="truth", problem=problem)
    return [(name, postgres_type(kind)) for name, kind, *_ in described]
