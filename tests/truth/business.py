"""The marts, computed a second time: from the company's truth, in plain Python, without a warehouse.

The company is simulated again without dirt. The rows that the log of dirt calls unusable are left out, since no
warehouse could know them; sessions are the true ones of ``truth.sessions``, not guessed from gaps.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from brewhouse.simulate.sandbox.company import Sandbox
from brewhouse.simulate.sandbox.dirt import DESTRUCTIVE
from brewhouse.simulate.sandbox.world import World
from tests.truth.compared import Row, by, ratio


def moment(text: str) -> dt.datetime:
    """A time of the raw files."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=None)


@dataclass(frozen=True)
class Business:
    """What really happened and could be known, and the last moment that the raw data knows of."""

    users: list[Row]
    events: list[Row]
    orders: list[Row]
    as_of: dt.date


def business(world: World) -> Business:
    """The company of ``world``, as far as it can be known behind its dirt."""
    clean = Sandbox(World(world.seed, world.scale, world.end, world.days, dirt=0))
    dirty = Sandbox(world)
    users: list[Row] = []
    events: list[Row] = []
    orders: list[Row] = []
    received: list[str] = []
    for block in range(clean.blocks()):
        tables, soiled = clean.chunk(block), dirty.chunk(block)
        lost = {
            (row["table_name"], row["row_id"])
            for row in soiled["truth/dirt"].to_pylist()
            if row["kind"] in DESTRUCTIVE and row["table_name"] != "users"
        }
        users += tables["raw_users"].to_pylist()
        known = [row for row in tables["raw_events"].to_pylist() if ("events", row["event_id"]) not in lost]
        events += _with_sessions(known, tables["truth/sessions"].to_pylist())
        orders += [row for row in tables["raw_orders"].to_pylist() if ("orders", row["order_id"]) not in lost]
        received += _last_received(soiled, lost)
    return Business(users, events, orders, moment(max(received)).date())


def _last_received(soiled: Any, lost: set[tuple[str, int]]) -> Iterable[str]:
    """When the last rows arrived, of those that can be used: late rows arrive late."""
    for table, key in (("events", "event_id"), ("orders", "order_id")):
        rows = soiled[f"raw_{table}"].select([key, "received_at"]).to_pylist()
        # A repeated row is no news: the first arrival of an id counts.
        first: dict[int, str] = {}
        for row in rows:
            if row[key] is not None and (table, row[key]) not in lost:
                first[row[key]] = min(first.get(row[key], "9"), row["received_at"])
        yield from first.values()


def _with_sessions(events: list[Row], sessions: list[Row]) -> list[Row]:
    """Each event with the true session that it lies in."""
    of_user: dict[int, list[Row]] = {}
    for session in sessions:
        of_user.setdefault(session["user_id"], []).append(session)
    for event in events:
        at = event["at"] = moment(event["timestamp"])
        (number,) = (
            session["session_number"]
            for session in of_user[event["user_id"]]
            if session["started_at"] <= at <= session["ended_at"]
        )
        event["session"] = (event["user_id"], number)
    return events


def _revenue(orders: list[Row]) -> Decimal:
    return sum((order["amount"] for order in orders), Decimal(0))


def _preferred(orders: list[Row]) -> str | None:
    counts = Counter(order["product_category"] for order in orders)
    return min(counts, key=lambda name: (-counts[name], name), default=None)


def _stage(events: list[Row], days: int, idle: int | None) -> str:
    if not events or idle is None:
        return "inactive"
    if idle > 30:
        return "dormant"
    if len(events) >= 10 and days >= 3:
        return "active"
    return "engaged" if len(events) >= 3 else "new"


def _value(revenue: Decimal) -> str:
    if revenue > 1000:
        return "high_value"
    if revenue > 300:
        return "medium_value"
    return "low_value" if revenue > 0 else "no_purchases"


def _buyer(orders: int) -> str:
    if orders > 5:
        return "loyal_buyer"
    return {0: "non_buyer", 1: "one_time_buyer"}.get(orders, "repeat_buyer")


def user_metrics(known: Business) -> list[Row]:
    """The mart user_metrics."""
    events_of = by(known.events, lambda row: row["user_id"])
    orders_of = by(known.orders, lambda row: row["user_id"])
    return [
        _user(known, user, events_of.get(user["user_id"], []), orders_of.get(user["user_id"], []))
        for user in known.users
    ]


def _user(known: Business, user: Row, events: list[Row], orders: list[Row]) -> Row:
    signup = moment(user["created_at"]).date()
    days = len({event["at"].date() for event in events})
    pageviews = sum(event["event_type"] == "pageview" for event in events)
    sessions = len({event["session"] for event in events})
    idle = (known.as_of - max(event["at"] for event in events).date()).days if events else None
    revenue, stage = _revenue(orders), _stage(events, days, idle)
    age = (known.as_of - signup).days
    score = days * 2 + len(orders) * 5 + (20 if revenue > 100 else 0) + (15 if stage == "active" else 0)
    return {
        "user_id": user["user_id"],
        "created_at": moment(user["created_at"]),
        "country_code": user["country"],
        "referrer_source": user["referrer"],
        "signup_date": signup,
        "total_events": len(events),
        "active_days": days,
        "pageviews": pageviews,
        "total_sessions": sessions,
        "avg_events_per_active_day": ratio(len(events), days),
        "avg_events_per_session": ratio(len(events), sessions),
        "user_lifecycle_stage": stage,
        "days_since_last_activity": idle,
        "total_orders": len(orders),
        "total_revenue": revenue,
        "avg_order_value": ratio(revenue, len(orders), 2),
        "customer_value_segment": _value(revenue),
        "buyer_segment": _buyer(len(orders)),
        "preferred_product_category": _preferred(orders),
        "overall_conversion_rate": ratio(len(orders), pageviews),
        "revenue_per_active_day": ratio(revenue, days, 2),
        "customer_age_days": age,
        "daily_customer_value": ratio(revenue, age, 2),
        "user_quality_score": min(100, score),
    }


def cohort_summary(known: Business) -> list[Row]:
    """The mart cohort_summary."""
    return [
        _cohort(month, users)
        for month, users in by(user_metrics(known), lambda row: row["signup_date"].replace(day=1)).items()
    ]


def _cohort(month: dt.date, users: list[Row]) -> Row:
    size, buyers = len(users), sum(user["total_orders"] > 0 for user in users)
    stages = Counter(user["user_lifecycle_stage"] for user in users)
    revenue = sum((user["total_revenue"] for user in users), Decimal(0))
    ages = [user["customer_age_days"] for user in users]
    return {
        "cohort_month": month,
        "cohort_size": size,
        "buyers_in_cohort": buyers,
        "cohort_revenue": revenue,
        "avg_revenue_per_user": ratio(revenue, size, 2),
        "buyer_conversion_rate_pct": ratio(100 * buyers, size),
        "active_retention_rate_pct": ratio(100 * stages["active"], size),
        "engaged_retention_rate_pct": ratio(100 * (stages["active"] + stages["engaged"]), size),
        "avg_revenue_per_buyer": ratio(revenue, buyers, 2),
        "avg_customer_age_days": ratio(sum(ages), size),
        "median_customer_age_days": Decimal(str(median(ages))),
    }


TYPES = {"subscription": "recurring", "addon": "expansion", "renewal": "expansion"}


def product_summary(known: Business) -> list[Row]:
    """The mart product_summary."""
    return [
        _product(name, orders)
        for name, orders in by(known.orders, lambda row: row["product_category"]).items()
    ]


def _product(name: str, orders: list[Row]) -> Row:
    buyers, revenue = len({order["user_id"] for order in orders}), _revenue(orders)
    kind = TYPES.get(name, "one_time")
    methods = Counter(order["payment_method"] for order in orders)
    return {
        "product_category": name,
        "total_orders": len(orders),
        "unique_buyers": buyers,
        "total_revenue": revenue,
        "avg_order_value": ratio(revenue, len(orders), 2),
        **{
            f"{one}_revenue": revenue if one == kind else Decimal(0)
            for one in ("recurring", "expansion", "one_time")
        },
        **{f"{method}_orders": methods[method] for method in ("credit_card", "paypal", "wire")},
        "revenue_per_order": ratio(revenue, len(orders), 2),
        "revenue_per_buyer": ratio(revenue, buyers, 2),
    }


def daily_summary(known: Business) -> list[Row]:
    """The mart daily_summary: every day from the first event or order to the last known."""
    events_on = by(known.events, lambda row: row["at"].date())
    orders_on = by(known.orders, lambda row: moment(row["created_at"]).date())
    first = min([*events_on, *orders_on])
    days = [first + dt.timedelta(days=number) for number in range((known.as_of - first).days + 1)]
    return [_day(day, events_on.get(day, []), orders_on.get(day, [])) for day in days]


def _day(day: dt.date, events: list[Row], orders: list[Row]) -> Row:
    kinds = Counter(event["event_type"] for event in events)
    users, sessions = len({event["user_id"] for event in events}), len({event["session"] for event in events})
    buyers, revenue = len({order["user_id"] for order in orders}), _revenue(orders)
    return {
        "report_date": day,
        "total_events": len(events),
        "active_users": users,
        "total_sessions": sessions,
        "pageviews": kinds["pageview"],
        "purchase_events": kinds["purchase"],
        "new_signups": kinds["signup"],
        "total_orders": len(orders),
        "unique_buyers": buyers,
        "daily_revenue": revenue,
        "avg_order_value": ratio(revenue, len(orders), 2),
        "conversion_rate_pct": ratio(100 * len(orders), kinds["pageview"]),
        "buyer_rate_pct": ratio(100 * buyers, users),
        "avg_events_per_session": ratio(len(events), sessions),
    }
