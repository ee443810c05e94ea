"""Stripe's list and retrieve endpoints over the raw tables' rows: newest first, cursors, filters by ``created``."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

Row = dict[str, Any]

JSON_COLUMNS = {
    "stripe_customers": ("address", "metadata", "shipping"),
    "stripe_prices": (),
    "stripe_subscriptions": (
        "discount", "items", "metadata", "pending_invoice_item_interval", "pending_update",
    ),
    "stripe_subscription_items": ("billing_thresholds", "metadata", "price", "tax_rates"),
    "stripe_invoices": (
        "account_tax_ids", "custom_fields", "customer_address", "customer_shipping", "customer_tax_ids",
        "default_tax_rates", "discount", "discounts", "last_finalization_error", "lines", "metadata",
        "payment_settings", "status_transitions", "total_tax_amounts", "transfer_data",
    ),
    "stripe_charges": (
        "billing_details", "fraud_details", "metadata", "outcome", "payment_method_details", "refunds", "shipping",
        "source", "transfer_data",
    ),
    "stripe_payment_intents": (
        "charges", "last_payment_error", "metadata", "next_action", "payment_method_options",
        "payment_method_types", "shipping", "transfer_data",
    ),
    "stripe_events": ("data", "request"),
}  # fmt: skip


def answer(
    tables: dict[str, list[Row]], method: str, path: str, query: dict[str, str], body: Any, *, most: int
) -> tuple[int, Any]:
    """The answer to one request under /v1/."""
    parts = path.removeprefix("/v1/").split("/")
    table = f"stripe_{parts[0]}"
    if method != "GET" or table not in JSON_COLUMNS:
        return 404, {
            "error": {"type": "invalid_request_error", "message": f"Unrecognized request URL {path}"}
        }
    rows = tables.get(table, [])
    if len(parts) == 2:
        found = next((row for row in rows if row["id"] == parts[1]), None)
        if found is None:
            return 404, {"error": {"code": "resource_missing", "message": f"No such object: '{parts[1]}'"}}
        return 200, record(table, found)
    return _page(table, rows, path, query, most)


def _page(table: str, rows: list[Row], path: str, query: dict[str, str], most: int) -> tuple[int, Any]:
    chosen = sorted(rows, key=lambda row: (row["created"], row["id"]), reverse=True)
    if table == "stripe_subscription_items":
        if "subscription" not in query:
            return 400, {
                "error": {"message": "Missing required param: subscription.", "param": "subscription"}
            }
        chosen = [row for row in chosen if row["subscription"] == query["subscription"]]
    if table == "stripe_subscriptions" and query.get("status") != "all":
        chosen = [row for row in chosen if row["status"] != "canceled"]
    if since := query.get("created[gte]"):
        chosen = [row for row in chosen if _epoch(row["created"]) >= int(since)]
    limit = int(query.get("limit", 10))
    if not 1 <= limit <= 100:
        return 400, {"error": {"message": "Invalid integer: limit", "param": "limit"}}
    limit = min(limit, most or limit)
    start = 0
    if after := query.get("starting_after"):
        ids = [row["id"] for row in chosen]
        if after not in ids:
            return 400, {"error": {"message": f"No such object: '{after}'", "param": "starting_after"}}
        start = ids.index(after) + 1
    shown = chosen[start : start + limit]
    return 200, {
        "object": "list",
        "url": path,
        "has_more": start + limit < len(chosen),
        "data": [record(table, row) for row in shown],
    }


def record(table: str, row: Row) -> Row:
    """A raw row as Stripe would send it: moments in epoch seconds, objects as objects, a price with its recurrence."""
    made = {}
    for name, value in row.items():
        if name == "created_at" or name.startswith("_"):
            continue
        made[name] = _plain(json.loads(value) if name in JSON_COLUMNS[table] and value is not None else value)
    made.setdefault("object", table.removeprefix("stripe_").removesuffix("s"))
    if table == "stripe_prices":
        interval, count = made.pop("recurring_interval", None), made.pop("recurring_interval_count", None)
        made["recurring"] = {"interval": interval, "interval_count": count} if interval else None
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return _epoch(value)
    return float(value) if type(value).__name__ == "Decimal" else value


def _epoch(moment: dt.datetime) -> int:
    return int(moment.replace(tzinfo=dt.UTC).timestamp())
