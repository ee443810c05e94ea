"""HubSpot's CRM v3 lists, records and search, owners, and the v1 engagements, over the raw tables' rows."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

Row = dict[str, Any]
Answer = tuple[int, Any]

LIFTED = {
    "companies": ("name", "business_type", "location_count", "created_date"),
    "contacts": ("firstname", "lastname", "email", "company", "phone"),
    "deals": ("dealname", "amount", "dealstage", "pipeline", "closedate"),
    "tickets": (
        "subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "createdate",
        "hs_lastmodifieddate",
    ),
}  # fmt: skip
ASSOCIATIONS = {"contact_ids": "contacts", "company_ids": "companies", "deal_ids": "deals"}
MOST_FOUND = 10_000


def answer(
    tables: dict[str, list[Row]], method: str, path: str, query: dict[str, str], body: Any, *, most: int
) -> Answer:
    """The answer to one request."""
    parts = path.strip("/").split("/")
    if parts[:3] == ["engagements", "v1", "engagements"]:
        return _engagements(tables.get("hubspot_engagements", []), parts[3:], query, most)
    if parts == ["crm", "v3", "owners"]:
        owners = [_owner(row) for row in tables.get("hubspot_owners", [])]
        return 200, _paged([row for row in owners if _wanted(row, query)], query, most)
    if parts[:3] != ["crm", "v3", "objects"] or len(parts) < 4 or parts[3] not in LIFTED:
        return 404, {"status": "error", "message": f"Unable to infer object type from: {path}"}
    rows = tables.get(f"hubspot_{parts[3]}", [])
    return _objects(parts[3], rows, method, parts[4:], query, body, most)


def _objects(
    kind: str, rows: list[Row], method: str, rest: list[str], query: dict[str, str], body: Any, most: int
) -> Answer:
    """A list, a search or one record of a kind."""
    if rest == ["search"] and method == "POST":
        return _search(kind, rows, body, most)
    asked = query.get("properties", "").split(",")
    linked = [name for name in query.get("associations", "").split(",") if name]
    if rest:
        found = next((row for row in rows if row["id"] == rest[0]), None)
        if found is None:
            return 404, {"status": "error", "message": "resource not found"}
        return 200, _record(kind, found, asked, linked)
    records = [_record(kind, row, asked, linked) for row in sorted(rows, key=lambda row: int(row["id"]))]
    return 200, _paged([record for record in records if _wanted(record, query)], query, most)


def _wanted(record: Row, query: dict[str, str]) -> bool:
    return bool(record["archived"]) == (query.get("archived", "false") == "true")


def _paged(records: list[Row], query: dict[str, str], most: int) -> Row:
    """A page after the record of that id; HubSpot's cursors of these lists are ids."""
    limit = min(int(query.get("limit", 10)), 100, most or 100)
    start = 0
    if after := query.get("after"):
        start = next(i for i, record in enumerate(records) if record["id"] == after)
    page: Row = {"results": records[start : start + limit]}
    if start + limit < len(records):
        following = records[start + limit]["id"]
        page["paging"] = {"next": {"after": following, "link": f"?after={following}"}}
    return page


def _search(kind: str, rows: list[Row], body: Row, most: int) -> Answer:
    found = [_record(kind, row, body.get("properties", []), []) for row in rows]
    modified = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
    for condition in body["filterGroups"][0]["filters"]:
        if (condition["propertyName"], condition["operator"]) != (modified, "GTE"):
            return 400, {"status": "error", "message": f"There was a problem with the request: {condition}"}
        since = int(condition["value"])
        found = [record for record in found if _ms(record["updatedAt"]) >= since]
    found.sort(key=lambda record: (_ms(record["updatedAt"]), int(record["id"])))
    found = [record for record in found if not record["archived"]]
    limit, start = min(int(body.get("limit", 10)), 200, most or 200), int(body.get("after", 0))
    if start + limit > MOST_FOUND:
        return 400, {"status": "error", "message": "cannot page beyond 10000 results"}
    page: Row = {"total": len(found), "results": found[start : start + limit]}
    if start + limit < len(found):
        page["paging"] = {"next": {"after": str(start + limit)}}
    return 200, page


def _record(kind: str, row: Row, asked: list[str], linked: list[str]) -> Row:
    """A raw row as HubSpot would send it: all properties as text, associations by kind."""
    own = json.loads(row["properties"]) | {name: _text(row[name]) for name in LIFTED[kind]}
    updated = row["hs_lastmodifieddate"] if kind == "tickets" else row["updatedat"]
    created = row["createdate"] if kind == "tickets" else row["createdat"]
    record: Row = {
        "id": row["id"],
        "properties": {name: own.get(name) for name in (*asked, "createdate", "hs_object_id") if name},
        "createdAt": _text(created),
        "updatedAt": _text(updated),
        "archived": bool(row["archived"]),
    }
    if record["archived"]:
        record["archivedAt"] = _text(updated)
    given = json.loads(row.get("associations") or "{}")
    links = {
        plural: {"results": [{"id": key, "type": f"{kind}_to_{plural}"} for key in given.get(name, [])]}
        for name, plural in ASSOCIATIONS.items()
        if plural in linked and given.get(name)
    }
    return record | ({"associations": links} if links else {})


def _owner(row: Row) -> Row:
    return {
        "id": row["id"], "email": row["email"], "firstName": row["firstname"], "lastName": row["lastname"],
        "userId": row["userid"], "createdAt": _text(row["createdat"]), "updatedAt": _text(row["updatedat"]),
        "archived": bool(row["archived"]),
    }  # fmt: skip


def _engagements(rows: list[Row], rest: list[str], query: dict[str, str], most: int) -> Answer:
    found = [
        {name: json.loads(row[name] or "{}") for name in ("engagement", "associations", "metadata")}
        | {"attachments": []}
        for row in rows
    ]
    found.sort(key=lambda entry: int(entry["engagement"]["id"]))
    limit = min(int(query.get("limit", 100)), 250)
    if rest == ["recent", "modified"]:
        since = int(query.get("since", 0))
        found = [entry for entry in found if entry["engagement"]["lastUpdated"] >= since]
        found.sort(key=lambda entry: -entry["engagement"]["lastUpdated"])
        limit = min(int(query.get("count", 20)), 100)
    elif rest != ["paged"]:
        return 404, {"status": "error", "message": "not found"}
    limit = min(limit, most or limit)
    start = int(query.get("offset", 0))
    more = start + limit < len(found)
    return 200, {"results": found[start : start + limit], "hasMore": more, "offset": start + limit}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ms(moment: str) -> int:
    return int(dt.datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() * 1000)
