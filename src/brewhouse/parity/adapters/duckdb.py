"""DuckDB files, attached read-only under the names that the project gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from brewhouse.errors import NoWarehouseError
from brewhouse.parity.adapters import statistics
from brewhouse.parity.adapters.base import Columns, Dialect, Listed, Moment, Sight
from brewhouse.parity.adapters.grammars import DUCKDB
from brewhouse.warehouse.duckdb import translate, trusted

if TYPE_CHECKING:
    from brewhouse.parity.names import Key

COMMAND: Final = "brewhouse parity"
_OWN: Final = "not internal and database_name not in ('system', 'temp')"
_RELATIONS: Final = f"""
select database_name, schema_name, table_name, 'table' from duckdb_tables() where {_OWN} and not temporary
union all
select database_name, schema_name, view_name, 'view' from duckdb_views() where {_OWN} and not temporary
"""
_COLUMNS: Final = f"""
select database_name, schema_name, table_name,
    list(column_name order by column_index), list(data_type order by column_index)
from duckdb_columns() where {_OWN} group by all
"""
_SCHEMAS: Final = "select distinct database_name, schema_name from duckdb_schemas() where not internal"


class DuckDB:
    """An open connection. One that is given from outside is not closed, and sees what it has attached."""

    dialect: Dialect = DUCKDB

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def sight(self) -> Sight:
        """All of the files: DuckDB has no roles."""
        databases = self._ask("select database_name from duckdb_databases() where not internal")
        return Sight(
            role="",
            databases=frozenset(name for (name,) in databases),
            schemas=frozenset((database, schema) for database, schema in self._ask(_SCHEMAS)),
            hidden=frozenset(),
            complete=True,
            now=dt.datetime.now(dt.UTC),
        )

    def relations(self) -> Iterator[Listed]:
        """Tables and views of all files that are attached."""
        for database, schema, name, kind in self._ask(_RELATIONS):
            yield Listed(database, schema, name, kind, True, None)

    def columns(self) -> Iterator[Columns]:
        """Of a view those that it had when it was made: DuckDB keeps them."""
        for row in self._ask(_COLUMNS):
            yield Columns(*row)

    def counts(self, relations: Mapping[Key, str]) -> tuple[dict[Key, int], dict[Key, str]]:
        """Rows by relation."""
        return statistics.counts(self._ask, (duckdb.Error,), relations)

    def latest(self, moments: Sequence[Moment]) -> tuple[dict[Key, dt.datetime | None], dict[Key, str]]:
        """Moments by relation, in UTC."""
        return statistics.latest(self._ask, (duckdb.Error,), moments)


@contextmanager
def open_duckdb(files: Mapping[str, Path]) -> Iterator[DuckDB]:
    """Files by the name that each is to have. They are open for reading, and only while this lasts.

    Raises ``NoWarehouseError``, ``LockedError``, ``WarehouseDamagedError`` or ``EngineError``.
    """
    connection = trusted(duckdb.connect())
    try:
        connection.execute(
            "set enable_progress_bar = false"
        )  # it would go to standard output, into the document
        for name, path in files.items():
            _attach(connection, name, path)
        yield DuckDB(connection)
    except duckdb.Error as error:
        raise translate(error, next(iter(files.values())), COMMAND) from error
    finally:
        connection.close()


def _attach(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    if not path.is_file():
        raise NoWarehouseError(path=path, command=COMMAND)
    where = str(path).replace("'", "''")
    try:
        connection.execute(f"attach '{where}' as {DUCKDB.quoted(name)} (read_only)")
    except duckdb.Error as error:
        raise translate(error, path, COMMAND) from error
