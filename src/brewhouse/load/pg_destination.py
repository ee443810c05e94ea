"""dlt's PostgreSQL destination, bound to one session: all that a load does is one transaction.

dlt commits after each table. So a killed load would leave tables that are filled while the books don't know of it. Here
what dlt takes for a transaction is a savepoint, and the owner of the session commits. Queries over files (dlt's format
``model``) and files of rows (``parquet``) are read by DuckDB and copied in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from dlt.common.destination import DestinationCapabilitiesContext
from dlt.common.destination.client import (
    HasFollowupJobs,
    LoadJob,
    RunnableLoadJob,
    SqlModel,
)
from dlt.common.schema import Schema
from dlt.destinations.impl.postgres.configuration import PostgresClientConfiguration
from dlt.destinations.impl.postgres.factory import postgres
from dlt.destinations.impl.postgres.postgres import PostgresClient
from dlt.destinations.impl.postgres.sql_client import Psycopg2SqlClient
from dlt.destinations.job_client_impl import ModelLoadJob
from dlt.destinations.sql_client import raise_database_error

from brewhouse.load.pg_copy import copy_rows
from brewhouse.warehouse.postgres.connection import savepoint

if TYPE_CHECKING:
    import duckdb
    from psycopg2.extensions import connection as Connection  # noqa: N812


class _SqlClient(Psycopg2SqlClient):
    """The given session instead of one of its own."""

    owns_connection = False

    def open_connection(self) -> Connection:
        return cast("Connection", self._conn)

    def close_connection(self) -> None:
        """It is not ours."""

    @contextmanager
    def begin_transaction(self) -> Iterator[Any]:
        with savepoint(self._conn):
            yield self

    @contextmanager
    @raise_database_error
    def execute_query(self, query: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        with savepoint(self._conn), super().execute_query(query, *args, **kwargs) as cursor:
            yield cursor

    def _reset_connection(self) -> None:
        """The savepoint does."""


class _CopyJob(RunnableLoadJob, HasFollowupJobs):
    """Rows of a query over files, or of a file, into a table."""

    def __init__(self, file_path: str, reader: duckdb.DuckDBPyConnection) -> None:
        super().__init__(file_path)
        self._reader = reader

    def run(self) -> None:
        client: Any = self._job_client
        reader = self._reader.cursor()
        query = self._query()
        columns = [row[0] for row in reader.execute(f"describe {query}").fetchall()]
        table = client.sql_client.make_qualified_table_name(self.load_table_name)
        connection = client.sql_client.native_connection
        with reader, savepoint(connection), connection.cursor() as cursor:
            copy_rows(reader, query, cursor, table, columns)

    def _query(self) -> str:
        if ModelLoadJob.is_model_job(self._file_path):
            with open(self._file_path) as file:  # noqa: PTH123
                return str(SqlModel.from_file(file_obj=file, fallback_dialect="duckdb").to_sql())
        literal = self._file_path.replace("'", "''")
        return f"select * from read_parquet('{literal}')"


class _Client(PostgresClient):
    """Loads through the session and the reader of its destination."""

    def __init__(
        self,
        schema: Schema,
        config: PostgresClientConfiguration,
        capabilities: DestinationCapabilitiesContext,
        *,
        session: Connection,
        reader: duckdb.DuckDBPyConnection,
    ) -> None:
        super().__init__(schema, config, capabilities)
        own = self.sql_client
        self.sql_client = _SqlClient(
            own.dataset_name, own.staging_dataset_name, config.credentials, capabilities
        )
        self.sql_client._conn = session  # noqa: SLF001  # where dlt keeps it
        self._reader = reader

    def create_load_job(self, table: Any, file_path: str, load_id: str, restore: bool = False) -> LoadJob:
        if ModelLoadJob.is_model_job(file_path) or file_path.endswith(".parquet"):
            return _CopyJob(file_path, self._reader)
        return super().create_load_job(table, file_path, load_id, restore)


class OneSession(postgres):
    """The destination that a load gives to dlt."""

    def __init__(self, session: Connection, reader: duckdb.DuckDBPyConnection) -> None:
        there = session.info  # dlt names the place by it, and never connects by itself
        known = {"host": there.host, "port": there.port, "database": there.dbname, "username": there.user}
        super().__init__(credentials={**known, "password": "-"}, destination_name="postgres")
        self._session, self._reader = session, reader

    def _raw_capabilities(self) -> DestinationCapabilitiesContext:
        known = super()._raw_capabilities()
        known.sqlglot_dialect = "duckdb"  # who reads the files runs the queries
        known.supported_loader_file_formats = ["insert_values", "parquet", "model"]
        known.loader_file_format_selector = cast("Any", None)
        known.loader_parallelism_strategy = "sequential"
        return known

    @property
    def client_class(self) -> Any:
        """Makes clients of this session."""
        session, reader = self._session, self._reader

        class Bound(_Client):
            def __init__(self, schema: Any, config: Any, capabilities: Any) -> None:
                super().__init__(schema, config, capabilities, session=session, reader=reader)

        return Bound
