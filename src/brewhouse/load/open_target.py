"""The warehouse of a project, opened for a load."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from brewhouse.load.on_duckdb import DuckDBTarget
from brewhouse.load.target import Target
from brewhouse.project import Project
from brewhouse.warehouse.duckdb import connect, translate, trusted


@contextmanager
def open_target(project: Project, file: Path | None, *, command: str) -> Iterator[Target]:
    """The DuckDB file, or the project's PostgreSQL server in one transaction.

    It is committed, unless an error leaves this; a load that is killed has changed nothing.
    """
    if file is None or project.on_server:
        with _postgres(project, command) as target:
            yield target
        return
    connection = connect(file, memory_limit=project.settings.engine.memory_limit, threads=project.threads)
    try:
        yield DuckDBTarget(connection)
    except duckdb.Error as error:
        raise translate(error, file, command) from error
    finally:
        connection.close()


@contextmanager
def _postgres(project: Project, command: str) -> Iterator[Target]:
    import psycopg2

    from brewhouse.load.on_postgres import PostgresTarget
    from brewhouse.warehouse.postgres import connection as postgres
    from brewhouse.warehouse.postgres.place import make_reader, project_url, require_rights

    with project_url(project) as url:
        session = postgres.connect(url, autocommit=False, command=command)
        with contextlib.closing(session), trusted(duckdb.connect()) as reader:
            require_rights(session, url)
            make_reader(project, session, url)
            session.commit()
            reader.execute(f"set memory_limit = '{project.settings.engine.memory_limit}'")
            reader.execute(f"set threads = {project.threads}")
            reader.execute("set preserve_insertion_order = false")
            try:
                yield PostgresTarget(url, session, reader)
                session.commit()
            except psycopg2.Error as error:
                raise postgres.translate(error, url, command) from error
