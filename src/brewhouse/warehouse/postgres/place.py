"""The server of a project: its own, by URL, or an embedded one that runs while a command needs it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg2

from brewhouse.errors import PostgresMissingError, PostgresRightsError
from brewhouse.project import Project
from brewhouse.settings import PostgresSettings
from brewhouse.warehouse.postgres.access import create_reader
from brewhouse.warehouse.postgres.connection import connect, environment, facts, shown, with_parts
from brewhouse.warehouse.postgres.home import OWNER, PACKAGE, READER, make_home
from brewhouse.warehouse.postgres.server import running, state, url_of

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

FOLDER: Final = "postgres"
READER_FILE: Final = "readonly.json"


@dataclass(frozen=True)
class Server:
    """A server that can be reached now."""

    url: str
    """Of the role that owns and builds."""
    reader_url: str = ""
    """Of the role that reads; empty where that has no password that we know of."""

    @property
    def environment(self) -> Mapping[str, str]:
        """What profiles.yml reads."""
        return environment(self.url)


def is_embedded(project: Project) -> bool:
    """Whether the project's server is an embedded one."""
    return not project.settings.postgres.url


def folder(project: Project) -> Path:
    """Where the embedded server of a project lives."""
    return project.state / FOLDER


@contextmanager
def reachable(project: Project) -> Iterator[Server]:
    """The server of a project, running while this lasts; may be nested."""
    given = project.settings.postgres.url
    if given:
        facts(given)
        yield Server(given, _known_reader(project, given))
        return
    with running(folder(project)) as url:
        yield Server(url, url_of(make_home(folder(project)), READER))


@contextmanager
def project_url(project: Project) -> Iterator[str]:
    """The URL of the project's server, running while this lasts."""
    with reachable(project) as server:
        yield server.url


@contextmanager
def dbt_environment(project: Project) -> Iterator[Mapping[str, str]]:
    """As ``project_url``, as the variables that profiles.yml reads, set for this process and its children."""
    with reachable(project) as server:
        before = {name: os.environ.get(name) for name in server.environment}
        os.environ.update(server.environment)
        try:
            yield server.environment
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


@contextmanager
def read_session(project: Project, *, command: str, as_owner: bool = False) -> Iterator[Connection]:
    """A session that can change nothing, as the role ``readonly`` where there is one that we may be."""
    with reachable(project) as server:
        url = server.url if as_owner else server.reader_url or server.url
        connection = connect(url, read_only=True, command=command)
        with contextlib.closing(connection):
            if not (as_owner or server.reader_url):
                _become_reader(connection)
            yield connection


def make_reader(project: Project, connection: Connection, url: str) -> None:
    """Make the role ``readonly`` on a server of one's own, if it isn't there and this role may make roles.

    Its generated password goes into a file of mode 600.
    """
    if is_embedded(project):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolcreaterole or rolsuper, exists (select 1 from pg_roles where rolname = %s) "
            "from pg_roles where rolname = current_user",
            [READER],
        )
        able, there = cursor.fetchone() or (False, False)
    if there or not able:
        return
    password = secrets.token_urlsafe(24)
    path = project.state / READER_FILE
    project.state.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        json.dump({"server": shown(url), "password": password}, file)
    create_reader(connection, password)


def _known_reader(project: Project, url: str) -> str:
    """The URL of the role that ``make_reader`` made on this server, if it did."""
    try:
        known = json.loads((project.state / READER_FILE).read_text())
    except (OSError, ValueError):
        return ""
    if known.get("server") != shown(url):
        return ""
    parts = facts(url)
    rest = {name: value for name, value in parts.items() if name not in ("user", "password")}
    return with_parts(rest, user=READER, password=known["password"])


def check_target() -> None:
    """See that a new project can be on PostgreSQL; raises ``PostgresMissingError`` or why the given server won't do."""
    url = PostgresSettings(url=os.environ.get("BREWHOUSE_POSTGRES_URL", "").strip()).url
    if not url:
        if find_spec(PACKAGE) is None:
            raise PostgresMissingError
        return
    with contextlib.closing(connect(url, command="brewhouse init")) as connection:
        require_rights(connection, url)


def require_rights(connection: Connection, url: str) -> None:
    """Raises ``PostgresRightsError`` for a role that can't create schemas."""
    database = facts(url)["dbname"]
    with connection.cursor() as cursor:
        cursor.execute("select current_user, has_database_privilege(current_database(), 'create')")
        user, able = cursor.fetchone() or ("", False)
    if not able:
        problem = f"permission denied to create schemas in the database {database}"
        raise PostgresRightsError(url=shown(url), user=user, problem=problem, database=database)


def programs(project: Project) -> list[str]:
    """Where psql, pg_dump and the like are, of the embedded server."""
    return [str(make_home(folder(project)).programs)] if is_embedded(project) else []


def describe(project: Project) -> str:
    """Which server it is, in words for people."""
    if is_embedded(project):
        return f"embedded server in {folder(project)} ({state(folder(project))}), role {OWNER}"
    return shown(project.settings.postgres.url)


def _become_reader(connection: Connection) -> None:
    with contextlib.suppress(psycopg2.Error), connection.cursor() as cursor:
        cursor.execute(
            f"set role {READER}"
        )  # else: no such role, or we may not be it; the session reads only
