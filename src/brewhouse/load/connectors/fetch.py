"""One fetch of a source: dlt's REST source with our session, rows on their way to raw, and errors in our words."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import dlt
from dlt.extract import DltResource
from dlt.extract.items_transform import ItemTransform
from dlt.sources.helpers.requests import Client
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.client import RESTClient
from dlt.sources.rest_api import rest_api_resources
from dlt.sources.rest_api.typing import RESTAPIConfig
from requests import ConnectionError as NoConnectionError
from requests import HTTPError, RequestException, Session

from brewhouse.errors import (
    ApiError,
    BrewhouseError,
    SchemaConflictError,
    SecretRefusedError,
    ServerUnreachableError,
)
from brewhouse.load.connectors.journal import Journal, JournalAdapter
from brewhouse.load.connectors.rows import Record, to_rows
from brewhouse.load.pipeline import BOOK, SourcePipeline, State
from brewhouse.load.sources import Source, SourceTable

ATTEMPTS: Final = 6
"""Of one request, with 0.5, 1, 2 … seconds between them, or as long as the server's Retry-After says."""
LONGEST_WAIT_SECONDS: Final = 120
_REFUSED: Final = (401, 403)

Mapper = Callable[[Record], Record]
"""A record of the API as values by column name."""
Endpoint = dict[str, Any]
"""An endpoint in the words of dlt's REST source."""


class _Page(ItemTransform[Any, dict[str, Any]]):
    """A whole page of records into rows, as the last step of a resource, behind its cursor."""

    placement_affinity = 2.0

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__(convert)
        self._convert = convert

    def __call__(self, item: Any, meta: Any = None) -> Any:  # noqa: ARG002  # dlt's signature
        return self._convert(item if isinstance(item, list) else [item])


@dataclass
class Fetch:
    """What a connector works with: the source, its state, and resources that end in raw."""

    source: Source
    pipeline: SourcePipeline
    state: State
    base_url: str
    secret: str
    variable: str
    moment: dt.datetime
    journal: Journal
    facts: Mapping[str, str]
    """What the state of the source will hold besides cursors."""
    since_last: dt.timedelta | None = None
    """Time since the last fetch; None: there was none."""
    headers: Mapping[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """Rows taken per raw table."""
    seen: dict[str, set[str]] = field(default_factory=dict)
    """Ids taken per raw table."""

    def __post_init__(self) -> None:
        client = Client(
            raise_for_status=False,
            request_max_attempts=ATTEMPTS,
            request_backoff_factor=0.5,
            request_max_retry_delay=LONGEST_WAIT_SECONDS,
        )
        self.session: Session = client.session
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, JournalAdapter(self.journal))

    @property
    def start(self) -> dt.datetime | None:
        """The first moment that is asked for, or None: all that there is."""
        day = self.source.settings.start
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) if day else None

    def client(self) -> RESTClient:
        """For single requests, with the session of the fetch."""
        return RESTClient(
            self.base_url,
            headers=dict(self.headers),
            auth=BearerTokenAuth(cast("Any", self.secret)),
            session=self.session,
        )

    def rest(self, resources: Sequence[Endpoint | DltResource], **defaults: Any) -> list[DltResource]:
        """Resources of dlt's REST source."""
        config = {
            "client": {
                "base_url": self.base_url,
                "headers": dict(self.headers),
                "auth": {"type": "bearer", "token": self.secret},
                "session": self.session,
            },
            "resource_defaults": {"max_table_nesting": 0, **defaults},
            "resources": list(resources),
        }
        return rest_api_resources(cast("RESTAPIConfig", config))

    def into(
        self, resource: DltResource, table_name: str, mapper: Mapper, *, merge_key: str = "", origin: str = ""
    ) -> DltResource:
        """Send the records of a resource into a raw table: the row of an id replaces the one that is there."""
        table = self.table(table_name)
        origin = f"{self.source.name}:{origin or resource.name}"
        count, seen = self.rows, self.seen.setdefault(table_name, set())

        def convert(records: list[Record]) -> Any:
            mapped = [mapper(record) for record in records]
            seen.update(str(record["id"]) for record in mapped)
            count[table_name] = count.get(table_name, 0) + len(mapped)
            return to_rows(table, mapped, url=self.base_url, origin=origin, moment=self.moment)

        resource.add_step(cast("Any", _Page(convert)))
        hints = self._hints(table)
        if merge_key:
            hints["merge_key"] = merge_key
            hints["columns"][merge_key] = {"name": merge_key, "nullable": True}
        resource.apply_hints(**hints)
        return resource

    def empty(self) -> list[DltResource]:
        """All tables of the source without rows, so that each is there even if the system holds none.

        Nothing where they are there already.
        """

        def of(table: SourceTable) -> DltResource:
            rows = to_rows(table, [], url=self.base_url, origin="", moment=self.moment)
            made: DltResource = dlt.resource([rows], name=f"empty_{table.name}")
            made.apply_hints(**self._hints(table))
            return made

        return [] if self.state else [of(table) for table in self.source.tables]

    def book(self) -> DltResource:
        """A resource without rows that writes the facts of this fetch into the source's state."""

        def nothing() -> Iterator[Any]:
            dlt.current.source_state().update(self.facts)
            yield from ()

        made: DltResource = dlt.resource(nothing, name=BOOK)
        return made

    @staticmethod
    def _hints(table: SourceTable) -> dict[str, Any]:
        return {
            "table_name": table.name,
            "write_disposition": "merge",
            "primary_key": "id",
            "columns": _naive(table),
        }

    def table(self, name: str) -> SourceTable:
        """A declared table of the source."""
        return next(table for table in self.source.tables if table.name == name)

    def run(self, resources: Sequence[DltResource], *, restart: Sequence[str] = ()) -> None:
        """Fetch the resources and load them as one package; raises our error for what went wrong."""
        try:
            self.pipeline.run(resources, restart=restart)
        except SchemaConflictError as error:
            raise self._explained(error) from error

    def _explained(self, error: SchemaConflictError) -> BrewhouseError:
        """What a failed request means, if that is behind it, or the error itself."""
        last: BaseException | None = error
        while last is not None:
            if isinstance(last, RequestException):
                return self._of_request(last)
            last = last.__cause__ or last.__context__
        return error

    def _of_request(self, error: RequestException) -> BrewhouseError:
        url = error.request.url if error.request is not None else self.base_url
        url = str(url).split("?", maxsplit=1)[0]
        response = error.response if isinstance(error, HTTPError) else None
        if response is None:
            kind = "no connection" if isinstance(error, NoConnectionError) else type(error).__name__
            return ServerUnreachableError(url=self.base_url, problem=kind, source=self.source.name)
        if response.status_code in _REFUSED:
            return SecretRefusedError(
                url=url, status=response.status_code, variable=self.variable, source=self.source.name
            )
        problem = " ".join(response.text.split())[:200] or response.reason
        return ApiError(url=url, status=response.status_code, problem=problem)


def journal_key(source: Source, state: State, base_url: str) -> str:
    """Names the requests that a fetch will make: what it asks, and from which cursors."""
    facts = [base_url, str(source.settings.start), [table.name for table in source.tables], state]
    return hashlib.blake2b(
        json.dumps(facts, default=str, sort_keys=True).encode(), digest_size=16
    ).hexdigest()


def journal_folder(state_folder: Path, source: str) -> Path:
    """Where the answers of an unfinished fetch of a source are kept."""
    return state_folder / "fetch" / source


def _naive(table: SourceTable) -> dict[str, Any]:
    """Moments in raw carry no zone; dlt would give them one."""
    names = [column.name for column in table.columns if column.stored == "TIMESTAMP"]
    return {
        name: {"name": name, "data_type": "timestamp", "timezone": False} for name in (*names, "_loaded_at")
    }
