"""Stripe: lists page by page, and what changed since the last load by way of its events.

Stripe's lists know when an object was created, not when it was changed. So each load reads (1) the events since the
last one, (2) the lists of what was created since, (3) each older object that an event names, by its id; a subscription
brings all its items. Events are read before the objects, so that a change in between is found by the next load at the
latest. Stripe keeps events for 30 days: after a longer pause the lists are read as a whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from brewhouse.load.connectors.fetch import Endpoint, Fetch
from brewhouse.load.connectors.rows import Record

VERSION: Final = "2022-08-01"
"""Of the API: later ones moved fields that the raw tables have (a payment intent's charges, an invoice's charge)."""

EVENTS_KEPT: Final = dt.timedelta(days=29)
"""A day less than Stripe says."""

PAGE: Final = 100
NOT_FOUND: Final = 404

LISTS: Final[Mapping[str, str]] = {
    "customers": "customer",
    "prices": "price",
    "subscriptions": "subscription",
    "invoices": "invoice",
    "charges": "charge",
    "payment_intents": "payment_intent",
}
"""Endpoint and what its objects are called in events."""

DATED: Final = ("invoices", "charges", "payment_intents", "events")
"""Read from the setting ``start`` on; the others are few and referred to by these."""

ITEMS_OF: Final = {"subscription": "{resources.subscriptions.id}"}
"""Items are listed per subscription."""

Changed = dict[str, set[str]]
"""Ids that events name, by kind of object."""


def fetch_stripe(fetch: Fetch) -> None:
    """Fetch what is new and what has changed."""
    fetch.headers = {"Stripe-Version": VERSION}
    whole = fetch.since_last is None or fetch.since_last > EVENTS_KEPT
    changed: Changed = {}
    (events,) = fetch.rest([_list(fetch, "events", {})])
    fetch.run([*fetch.empty(), _noting(fetch, events, changed)])
    fetch.run([fetch.book(), *_lists(fetch)], restart=[*LISTS, "subscription_items"] if whole else [])
    if not whole:
        older = [
            resource for path, name in LISTS.items() for resource in _changed(fetch, path, changed.get(name))
        ]
        if older:
            fetch.run(older)


def _list(fetch: Fetch, path: str, params: dict[str, Any]) -> Endpoint:
    """A list endpoint with its paging and its cursor."""
    start = int(fetch.start.timestamp()) if fetch.start and path in DATED else None
    return {
        "name": path,
        "primary_key": "id",
        "endpoint": {
            "path": path,
            "params": {"limit": PAGE, **params},
            "data_selector": "data",
            "paginator": _paginator(),
            "incremental": {"cursor_path": "created", "start_param": "created[gte]", "initial_value": start},
        },
    }


def _paginator() -> JSONResponseCursorPaginator:
    return JSONResponseCursorPaginator(
        cursor_path="data[-1].id", cursor_param="starting_after", has_more_path="has_more"
    )


def _lists(fetch: Fetch) -> list[DltResource]:
    """Everything but events; a subscription's page also leads to the items of its subscriptions."""
    endpoints = [_list(fetch, path, {"status": "all"} if path == "subscriptions" else {}) for path in LISTS]
    items: Endpoint = {
        "name": "subscription_items",
        "primary_key": "id",
        "endpoint": {
            "path": "subscription_items",
            "params": {"limit": PAGE, **ITEMS_OF},
            "data_selector": "data",
            "paginator": _paginator(),
        },
    }
    found = {resource.name: resource for resource in fetch.rest([*endpoints, items])}
    found["subscriptions"].selected = False
    rows = dlt.transformer(_same, data_from=found["subscriptions"], name="subscription_rows")
    simple = [
        fetch.into(found[path], f"stripe_{path}", _record(path)) for path in LISTS if path != "subscriptions"
    ]
    return [
        *simple,
        found["subscriptions"],
        fetch.into(rows, "stripe_subscriptions", _same, origin="subscriptions"),
        fetch.into(found["subscription_items"], "stripe_subscription_items", _same, merge_key="subscription"),
    ]


def _noting(fetch: Fetch, events: DltResource, changed: Changed) -> DltResource:
    """Events into raw; what they name is noted on the way."""

    def note(event: Record) -> Record:
        about = (event.get("data") or {}).get("object") or {}
        if about.get("id"):
            changed.setdefault(str(about.get("object")), set()).add(str(about["id"]))
        return event

    return fetch.into(events, "stripe_events", note)


def _changed(fetch: Fetch, path: str, ids: set[str] | None) -> Iterator[DltResource]:
    """Objects of these ids that the lists did not bring, by their ids."""
    table = f"stripe_{path}"
    wanted = sorted((ids or set()) - fetch.seen.get(table, set()))
    if not wanted:
        return
    resource = dlt.resource(_objects(fetch, path, wanted), name=f"changed_{path}")
    yield fetch.into(resource, table, _record(path), origin=path)
    if path == "subscriptions":
        items = dlt.resource(_items(fetch, wanted), name="changed_subscription_items")
        yield fetch.into(
            items, "stripe_subscription_items", _same, merge_key="subscription", origin="subscription_items"
        )


def _objects(fetch: Fetch, path: str, ids: Iterable[str]) -> Iterator[list[Record]]:
    client = fetch.client()
    for key in ids:
        response = client.get(f"{path}/{key}")
        if response.status_code == NOT_FOUND:
            continue  # it was deleted; what was known of it stays
        response.raise_for_status()
        found = response.json()
        if not found.get("deleted"):
            yield [found]


def _items(fetch: Fetch, subscriptions: Iterable[str]) -> Iterator[list[Record]]:
    client = fetch.client()
    for key in subscriptions:
        params = {"limit": PAGE, "subscription": key}
        yield from client.paginate(
            "subscription_items", params=params, paginator=_paginator(), data_selector="data"
        )


def _record(path: str) -> Callable[[Record], Record]:
    return _price if path == "prices" else _same


def _same(record: Any) -> Any:
    """Stripe's names are the raw tables' names."""
    return record


def _price(record: Record) -> Record:
    """A price's interval stands in an object of its own."""
    recurring = record.get("recurring") or {}
    return {
        **record,
        "recurring_interval": recurring.get("interval"),
        "recurring_interval_count": recurring.get("interval_count"),
    }
