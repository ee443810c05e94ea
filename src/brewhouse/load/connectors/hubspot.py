"""HubSpot: whole lists at first, then by search what was modified since.

The search finds records by the moment of their last change but knows no associations: of deals and tickets it only
gives the ids, and each record is read by its id. Engagements have lists of their own, of all and of those modified in
the last 30 days: after a longer pause the whole list is read again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dlt.extract import DltResource
from dlt.sources.helpers.rest_client.paginators import BasePaginator, JSONResponseCursorPaginator
from requests import Request, Response

from brewhouse.load.connectors.fetch import Endpoint, Fetch, Mapper
from brewhouse.load.connectors.rows import Record, moment_of

PAGE: Final = 100
RECENT: Final = dt.timedelta(days=29)
"""A day less than HubSpot keeps its list of modified engagements."""

_ZERO: Final = "1970-01-01T00:00:00.000Z"
_SYSTEM: Final = ("id", "properties", "associations", "createdat", "updatedat", "archived", "created_at")

PROPERTIES: Final[Mapping[str, tuple[str, ...]]] = {
    "companies": (
        "account_id", "address", "annualrevenue", "city", "country", "device_count", "domain", "industry",
        "lead_status", "lifecycle_stage", "location_count", "mrr", "numberofemployees", "phone",
        "potential_mrr", "source", "state", "tier", "website", "zip",
    ),
    "contacts": (
        "address", "city", "company_id", "country", "jobtitle", "last_contacted", "lead_score",
        "lifecycle_stage", "linkedin", "mobilephone", "notes", "phone", "source", "state", "website", "zip",
    ),
    "deals": (
        "closed_lost_reason", "closed_won_reason", "competitor", "days_to_close", "dealtype", "description",
        "expansion_type", "hs_deal_stage_probability", "hs_priority", "hubspot_owner_id", "next_step",
        "num_meetings", "num_notes",
    ),
    "tickets": (
        "closed_date", "hs_created_by_user_id", "hs_custom_object_id", "hs_object_id", "hs_resolution_time",
        "hs_ticket_category", "hs_ticket_id", "hubspot_owner_id", "source_type",
    ),
}  # fmt: skip
"""Of each kind of record what goes into the column ``properties``: HubSpot sends what is asked for."""

ASSOCIATED: Final[Mapping[str, tuple[str, ...]]] = {
    "deals": ("contacts", "companies"),
    "tickets": ("contacts", "companies", "deals"),
}
"""Kinds whose records are read with their associations."""

SINGULAR: Final = {"contacts": "contact", "companies": "company", "deals": "deal"}


class SearchPaginator(BasePaginator):
    """Goes on from the moment of the last record instead of counting pages.

    Records that are modified meanwhile move to the end, so that with counted pages one would be passed over; and the
    search counts no further than 10,000. Only inside one and the same moment it follows HubSpot's own cursor.
    """

    def __init__(self) -> None:
        super().__init__()
        self._moment = 0
        self._after: str | None = None

    def init_request(self, request: Request) -> None:
        """The first search begins where the last load ended."""
        self._has_next_page = True
        self._moment, self._after = int(_filter(request)["value"]), None

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Look at the last record."""
        after = response.json().get("paging", {}).get("next", {}).get("after")
        if not data or after is None:
            self._has_next_page = False
            return
        last = _milliseconds(data[-1]["updatedAt"])
        self._after = str(after) if last == self._moment else None
        self._moment = last

    def update_request(self, request: Request) -> None:
        """Ask for what was modified at that moment or later."""
        _filter(request)["value"] = str(self._moment)
        body: Any = request.json
        body.pop("after", None)
        if self._after:
            body["after"] = self._after


def fetch_hubspot(fetch: Fetch) -> None:
    """Fetch what is new and what has changed."""
    first = fetch.since_last is None
    resources = [
        fetch.book(),
        *fetch.empty(),
        *_owners(fetch),
        *_engagements(fetch, whole=first or (fetch.since_last or RECENT) >= RECENT),
    ]
    for kind in PROPERTIES:
        resources += _listed(fetch, kind) if first else _searched(fetch, kind)
        resources += _archived(fetch, kind)
    fetch.run(resources)


def _owners(fetch: Fetch) -> list[DltResource]:
    endpoints = [
        _list(name, "crm/v3/owners", {"archived": archived}, _ZERO)
        for name, archived in (("owners", "false"), ("owners_archived", "true"))
    ]
    return [
        fetch.into(resource, "hubspot_owners", _owner, origin="owners") for resource in fetch.rest(endpoints)
    ]


def _engagements(fetch: Fetch, *, whole: bool) -> list[DltResource]:
    """Two lists that share a cursor: of all, and of those modified since."""
    start = int(fetch.start.timestamp() * 1000) if fetch.start else 0
    params: dict[str, Any] = (
        {"limit": 250} if whole else {"count": PAGE, "since": "{incremental.start_value}"}
    )
    endpoint: Endpoint = {
        "name": "engagements",
        "primary_key": "id",
        "processing_steps": [{"map": _with_id}],
        "endpoint": {
            "path": f"engagements/v1/engagements/{'paged' if whole else 'recent/modified'}",
            "params": params,
            "data_selector": "results",
            "paginator": JSONResponseCursorPaginator(
                cursor_path="offset", cursor_param="offset", has_more_path="hasMore"
            ),
            "incremental": {"cursor_path": "engagement.lastUpdated", "initial_value": start},
        },
    }
    return [fetch.into(resource, "hubspot_engagements", _engagement) for resource in fetch.rest([endpoint])]


def _list(name: str, path: str, params: dict[str, Any], start: str, cursor: str = "updatedAt") -> Endpoint:
    """A whole list; what was there at the last load is passed over on our side."""
    return {
        "name": name,
        "primary_key": "id",
        "endpoint": {
            "path": path,
            "params": {"limit": PAGE, **params},
            "data_selector": "results",
            "paginator": JSONResponseCursorPaginator(cursor_path="paging.next.after", cursor_param="after"),
            "incremental": {
                "cursor_path": cursor, "initial_value": start, "on_cursor_value_missing": "include",
            },
        },
    }  # fmt: skip


def _record_params(fetch: Fetch, kind: str) -> dict[str, str]:
    params = {"properties": ",".join(_asked(fetch, kind))}
    return params | ({"associations": ",".join(ASSOCIATED[kind])} if kind in ASSOCIATED else {})


def _listed(fetch: Fetch, kind: str) -> list[DltResource]:
    """All records of a kind."""
    params = {**_record_params(fetch, kind), "archived": "false"}
    endpoint = _list(kind, f"crm/v3/objects/{kind}", params, _start(fetch, kind))
    return [fetch.into(found, f"hubspot_{kind}", _mapper(fetch, kind)) for found in fetch.rest([endpoint])]


def _archived(fetch: Fetch, kind: str) -> list[DltResource]:
    """Deleted records, which HubSpot keeps for 90 days."""
    params = {**_record_params(fetch, kind), "archived": "true"}
    endpoint = _list(f"{kind}_archived", f"crm/v3/objects/{kind}", params, _ZERO, "archivedAt")
    mapper = _mapper(fetch, kind)
    return [fetch.into(found, f"hubspot_{kind}", mapper, origin=kind) for found in fetch.rest([endpoint])]


def _searched(fetch: Fetch, kind: str) -> list[DltResource]:
    """Records modified since the last load."""
    modified = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
    search: Endpoint = {
        "name": kind,
        "primary_key": "id",
        "endpoint": {
            "path": f"crm/v3/objects/{kind}/search",
            "method": "POST",
            "json": {
                "filterGroups": [
                    {"filters": [{
                        "propertyName": modified, "operator": "GTE", "value": "{incremental.start_value}",
                    }]}
                ],
                "sorts": [{"propertyName": modified, "direction": "ASCENDING"}],
                "properties": list(_asked(fetch, kind)),
                "limit": PAGE,
            },
            "data_selector": "results",
            "paginator": SearchPaginator(),
            "incremental": {
                "cursor_path": "updatedAt", "initial_value": _start(fetch, kind), "convert": _milliseconds,
            },
        },
    }  # fmt: skip
    if kind not in ASSOCIATED:
        return [fetch.into(found, f"hubspot_{kind}", _mapper(fetch, kind)) for found in fetch.rest([search])]
    one: Endpoint = {
        "name": f"changed_{kind}",
        "primary_key": "id",
        "endpoint": {
            "path": f"crm/v3/objects/{kind}/{{resources.{kind}.id}}",
            "params": _record_params(fetch, kind),
            "data_selector": "$",
            "paginator": "single_page",
            "response_actions": [{"status_code": 404, "action": "ignore"}],
        },
    }
    found = {resource.name: resource for resource in fetch.rest([search, one])}
    found[kind].selected = False
    rows = fetch.into(found[f"changed_{kind}"], f"hubspot_{kind}", _mapper(fetch, kind), origin=kind)
    return [found[kind], rows]


def _start(fetch: Fetch, kind: str) -> str:
    """Owners, companies and contacts are referred to by the rest: they are always read as a whole."""
    return f"{fetch.start:%Y-%m-%dT%H:%M:%S.000Z}" if fetch.start and kind in ASSOCIATED else _ZERO


def _lifted(fetch: Fetch, kind: str) -> Sequence[str]:
    """Properties that are columns of their own."""
    names = (column.name for column in fetch.table(f"hubspot_{kind}").columns)
    return [name for name in names if name not in _SYSTEM]


def _asked(fetch: Fetch, kind: str) -> Sequence[str]:
    return list(dict.fromkeys([*PROPERTIES[kind], *_lifted(fetch, kind)]))


def _mapper(fetch: Fetch, kind: str) -> Mapper:
    """Records of a kind by column name."""
    lifted = _lifted(fetch, kind)

    def record(found: Record) -> Record:
        properties = found.get("properties") or {}
        return {
            **{name: properties.get(name) for name in lifted},
            "id": found["id"],
            "properties": {name: properties.get(name) for name in PROPERTIES[kind]},
            "associations": _associations(found, ASSOCIATED.get(kind, ())),
            "createdat": found.get("createdAt"),
            "updatedat": found.get("updatedAt"),
            "archived": found.get("archived"),
        }

    return record


def _associations(found: Record, kinds: Sequence[str]) -> dict[str, list[str]]:
    """``{"contacts": {"results": [{"id": ...}]}}`` as ``{"contact_ids": [...]}``."""
    given = found.get("associations") or {}
    return {
        f"{SINGULAR[kind]}_ids": list(
            dict.fromkeys(str(entry["id"]) for entry in (given.get(kind) or {}).get("results", []))
        )
        for kind in kinds
    }


def _owner(found: Record) -> Record:
    return {name.lower(): value for name, value in found.items()}


def _with_id(found: Record) -> Record:
    """The cursor tells records of one moment apart by their id, which here lies deeper."""
    return {**found, "id": found["engagement"]["id"]}


def _engagement(found: Record) -> Record:
    about = found["engagement"]
    return {
        "id": found["id"],
        "engagement": about,
        "associations": found.get("associations"),
        "metadata": found.get("metadata"),
        "createdat": str(about["createdAt"]),
        "updatedat": str(about["lastUpdated"]),
    }


def _milliseconds(moment: Any) -> int:
    found = moment_of(moment)
    return int(found.replace(tzinfo=dt.UTC).timestamp() * 1000) if found else 0


def _filter(request: Request) -> dict[str, Any]:
    body: Any = request.json
    found: dict[str, Any] = body["filterGroups"][0]["filters"][0]
    return found
