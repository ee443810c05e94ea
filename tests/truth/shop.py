"""The marts of commerce, computed a second time: from the shop's truth, in plain Python, without a warehouse.

The shop is simulated again without dirt; rows that the log of dirt calls unusable are left out, and with an order its
lines, since no warehouse could know them.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import Any

from brewhouse.simulate.commerce.company import Commerce, sales
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.weak import DESTRUCTIVE
from tests.truth.compared import Row, by, ratio

SALES = ("shipped", "completed")
LOOKBACK = 90
ACTIVE = 90
LEAVES_AFTER = 180
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Shop:
    """What really happened and could be known, and the last day that the raw data knows of."""

    customers: list[Row]
    products: dict[str, Row]
    sales: list[Row]
    """Shipped and completed orders, each with its ``revenue``, ``products`` and ``pieces``."""
    as_of: dt.date


def shop(world: World) -> Shop:
    """The shop of ``world``, as far as it can be known behind its dirt."""
    company, clean = Commerce(world), Commerce(replace(world, dirt=0))
    customers: list[Row] = []
    products: dict[str, Row] = {}
    sold: list[Row] = []
    known: list[dt.datetime] = []
    for block in range(company.blocks()):
        arrived, true = company.chunk(block), clean.chunk(block)
        customers += true["customers"].to_pylist()
        products |= {row["product_id"]: row for row in true.get("product_catalog", _NONE).to_pylist()}
        keys = {name: one.key.tolist() for name, one in clean.activity(sales(clean.world, block)).items()}
        lost = {
            (row["table_name"], row["row_id"])
            for row in arrived["truth/dirt"].to_pylist()
            if row["kind"] in DESTRUCTIVE
        }
        kept = {
            name: [row for row, key in enumerate(keys[name]) if (name, key) not in lost]
            for name in ("orders", "order_items", "support_tickets")
        }
        orders = true["orders"].take(kept["orders"]).to_pylist()
        usable = {order["order_id"] for order in orders}
        lines = [
            line for line in kept["order_items"] if true["order_items"]["order_id"][line].as_py() in usable
        ]
        sold += _sales(orders, true["order_items"].take(lines).to_pylist())
        known += [row["updated_at"] for row in customers]
        for name, rows in (kept | {"order_items": lines}).items():
            known += arrived[name].take(rows)["received_at"].to_pylist()
    return Shop(customers, products, sold, max(known).date())


class _Nothing:
    def to_pylist(self) -> list[Row]:
        return []


_NONE: Any = _Nothing()


def _sales(orders: list[Row], lines: list[Row]) -> list[Row]:
    of_order = by(lines, lambda line: line["order_id"])
    found = []
    for order in orders:
        if order["order_status"].lower() in SALES:
            mine = of_order.get(order["order_id"], [])
            left = Decimal(100) - order["discount_percent"]
            revenue = (order["total_amount"] * left / 100).quantize(CENT, ROUND_HALF_UP)
            products = {line["product_id"] for line in mine}
            pieces = sum(line["quantity"] for line in mine)
            found.append(order | {"revenue": revenue, "products": products, "pieces": pieces})
    return found


def _scores(values: dict[int, int | Decimal]) -> dict[int, int]:
    """1 to 5 by how many of all have less."""
    ordered = sorted(values.values())
    return {
        customer: 1 + 5 * bisect_left(ordered, value) // len(ordered) for customer, value in values.items()
    }


def customer_lifetime_value(known: Shop) -> list[Row]:
    """The mart customer_lifetime_value."""
    of_customer = by(known.sales, lambda sale: sale["customer_id"])
    last = {
        customer: max(sale["order_date"].date() for sale in mine) for customer, mine in of_customer.items()
    }
    recency = _scores({customer: day.toordinal() for customer, day in last.items()})
    frequency = _scores({customer: len(mine) for customer, mine in of_customer.items()})
    monetary = _scores({customer: _revenue(mine) for customer, mine in of_customer.items()})
    return [
        _customer(known, customer, of_customer.get(number, []))
        | _score(*(scores.get(number, 0) for scores in (recency, frequency, monetary)))
        | _standing(known, of_customer.get(number, []))
        for customer in known.customers
        for number in [customer["customer_id"]]
    ]


def _revenue(mine: list[Row]) -> Decimal:
    return sum((sale["revenue"] for sale in mine), Decimal("0.00"))


def _score(recency: int, frequency: int, monetary: int) -> Row:
    return {
        "recency_score": recency,
        "frequency_score": frequency,
        "monetary_score": monetary,
        "rfm_score": ratio(recency + frequency + monetary, 3, 2),
    }


def _customer(known: Shop, customer: Row, mine: list[Row]) -> Row:
    revenue, days = _revenue(mine), sorted(sale["order_date"].date() for sale in mine)
    first, last = (days[0], days[-1]) if days else (None, None)
    tenure = (known.as_of - first).days + 1 if first else 0
    since = known.as_of - dt.timedelta(days=LOOKBACK)
    recent = _revenue([sale for sale in mine if sale["order_date"].date() > since])
    return {
        "customer_id": customer["customer_id"],
        "customer_name": f"{customer['first_name']} {customer['last_name']}",
        "email": customer["email"],
        "customer_segment": customer["customer_segment"].lower(),
        "signup_date": customer["registration_date"],
        "total_orders": len(mine),
        "total_revenue": revenue,
        "avg_order_value": ratio(revenue, len(mine), 2),
        "total_items_purchased": sum(sale["pieces"] for sale in mine),
        "first_order_date": first,
        "last_order_date": last,
        "customer_lifespan_days": (last - first).days if first and last else None,
        "days_since_last_order": (known.as_of - last).days if last else None,
        "estimated_annual_value": ratio(365 * recent, LOOKBACK, 2),
        "historical_annual_value": ratio(365 * revenue, max(tenure, LOOKBACK) if mine else 0, 2),
        "orders_per_month": ratio(30 * len(mine), max(tenure, 30), 2),
    }


def _standing(known: Shop, mine: list[Row]) -> Row:
    revenue = _revenue(mine)
    if not mine:
        return {"value_tier": "no_purchases", "customer_status": "never_purchased"}
    tier = "high_value" if revenue >= 1000 else "medium_value" if revenue >= 500 else "low_value"
    idle = (known.as_of - max(sale["order_date"].date() for sale in mine)).days
    status = "active" if idle <= ACTIVE else "at_risk" if idle <= LEAVES_AFTER else "churned"
    return {"value_tier": tier, "customer_status": status}


def customer_segmentation(known: Shop) -> list[Row]:
    """The mart customer_segmentation."""
    first = {
        customer: min(sale["order_date"].date() for sale in mine)
        for customer, mine in by(known.sales, lambda sale: sale["customer_id"]).items()
    }
    found = []
    for row in customer_lifetime_value(known):
        age = (known.as_of - first.get(row["customer_id"], known.as_of)).days
        segment, priority, action = SEGMENTS[_segment(row, age)]
        names = (
            "customer_id", "customer_name", "email", "customer_segment", "total_orders", "total_revenue",
            "avg_order_value", "days_since_last_order", "recency_score", "frequency_score", "monetary_score",
            "rfm_score", "value_tier", "customer_status",
        )  # fmt: skip
        found.append(
            {name: row[name] for name in names}
            | {"behavioral_segment": segment, "recommended_action": action, "segment_priority": priority}
        )
    return found


SEGMENTS = [
    ("champions", 1, "Reward them and ask for a review"),
    ("loyal_customers", 2, "Offer them more of what they like"),
    ("potential_loyalists", 3, "Invite them to the loyalty programme"),
    ("new_customers", 3, "Welcome them and show them around"),
    ("promising", 4, "Recommend what goes with their last order"),
    ("needs_attention", 3, "Remind them with an offer for a short time"),
    ("at_risk", 2, "Send a personal offer"),
    ("hibernating", 4, "Show them what is new"),
    ("cant_lose_them", 1, "Call them and win them back"),
    ("lost", 5, "Spend nothing on them"),
    ("never_purchased", 5, "Offer a discount on the first order"),
]


def _segment(row: Row, age: int) -> int:
    value = row["frequency_score"] + row["monetary_score"]
    if row["customer_status"] == "never_purchased":
        return 10
    if row["customer_status"] == "churned":
        return 8 if value >= 8 else 9
    if row["customer_status"] == "at_risk":
        return 6 if value >= 5 else 7
    if row["recency_score"] < 4:
        return 1 if value >= 8 else 5
    if value < 5:
        return 3 if age <= 90 else 4
    return 0 if value >= 8 else 2


def product_affinity(known: Shop) -> list[Row]:
    """The mart product_affinity."""
    baskets = [sorted(sale["products"]) for sale in known.sales if sale["products"]]
    alone = Counter(product for basket in baskets for product in basket)
    pairs = Counter(pair for basket in baskets for pair in combinations(basket, 2))
    rows = [_pair(known, pair, count, alone, len(baskets)) for pair, count in pairs.items()]
    return [
        row
        for row in rows
        if row["times_bought_together"] >= 5 and row["support"] >= Decimal("0.0005") and row["lift"] > 1
    ]


def _pair(known: Shop, pair: tuple[str, str], count: int, alone: Counter[str], baskets: int) -> Row:
    (one, other), goods = pair, known.products
    first, second = alone[one], alone[other]
    there, back = ratio(count, first), ratio(count, second)
    lift = ratio(count * baskets, first * second, 4)
    priority = 1 if lift >= 2 and count >= 100 else 2 if lift >= Decimal("1.5") and count >= 50 else 3
    return {
        "product_a_id": one,
        "product_a_name": goods[one]["product_name"],
        "product_a_category": goods[one]["product_category"],
        "product_b_id": other,
        "product_b_name": goods[other]["product_name"],
        "product_b_category": goods[other]["product_category"],
        "times_bought_together": count,
        "pair_frequency": ratio(count, first + second - count),
        "product_a_total_orders": first,
        "product_b_total_orders": second,
        "confidence_a_to_b": there,
        "confidence_b_to_a": back,
        "lift": lift,
        "support": ratio(count, baskets),
        "affinity_strength": _strength(lift, max(there, back)),
        "recommendation_priority": priority if lift >= Decimal("1.2") and count >= 25 else 4,
    }


def _strength(lift: Decimal, confidence: Decimal) -> str:
    for name, least_lift, least_confidence in (
        ("very_strong", "3", "0.25"), ("strong", "2", "0.1"), ("moderate", "1.5", "0.03"), ("weak", "1.2", "0"),
    ):  # fmt: skip
        if lift >= Decimal(least_lift) and confidence >= Decimal(least_confidence):
            return name
    return "very_weak"


def product_recommendations(known: Shop) -> list[Row]:
    """The mart product_recommendations."""
    ways = [_way(row, *sides) for row in product_affinity(known) for sides in (("a", "b"), ("b", "a"))]
    ways = [way for way in ways if way["affinity_strength"] in ("very_strong", "strong", "moderate")]
    ways.sort(key=lambda way: (-way["confidence"], -way["lift"], way["recommended_product_id"]))
    found = []
    for mine in by(ways, lambda way: way["source_product_id"]).values():
        for rank, way in enumerate(mine[:10], start=1):
            source, other, confidence = (
                way["source_product_name"],
                way["recommended_product_name"],
                way["confidence"],
            )
            level = (
                "high"
                if confidence >= Decimal("0.5")
                else "medium"
                if confidence >= Decimal("0.3")
                else "low"
            )
            found.append(
                way
                | {
                    "recommendation_rank": rank,
                    "recommendation_message": f"Customers who bought {source} also bought {other}",
                    "is_cross_category": way["source_category"] != way["recommended_category"],
                    "confidence_level": level,
                }
            )
    return found


def _way(row: Row, source: str, other: str) -> Row:
    confidence = row[f"confidence_{source}_to_{other}"]
    return {
        "source_product_id": row[f"product_{source}_id"],
        "source_product_name": row[f"product_{source}_name"],
        "source_category": row[f"product_{source}_category"],
        "recommended_product_id": row[f"product_{other}_id"],
        "recommended_product_name": row[f"product_{other}_name"],
        "recommended_category": row[f"product_{other}_category"],
        "times_bought_together": row["times_bought_together"],
        "confidence": confidence,
        "lift": row["lift"],
        "support": row["support"],
        "affinity_strength": _strength(row["lift"], confidence),
    }


def monthly_cohorts(known: Shop) -> list[Row]:
    """The mart monthly_cohorts: every month from the sign-up to the last known."""
    of_customer = by(known.sales, lambda sale: sale["customer_id"])
    cohorts = by(known.customers, lambda customer: customer["registration_date"].replace(day=1))
    return [
        row
        for month, members in cohorts.items()
        for row in _cohort(known, month, [of_customer.get(one["customer_id"], []) for one in members])
    ]


def _cohort(known: Shop, cohort: dt.date, members: list[list[Row]]) -> list[Row]:
    comings = [_stays(mine, known.as_of) for mine in members]
    rows, month, so_far = [], cohort, Decimal("0.00")
    while month <= known.as_of:
        following = (month + dt.timedelta(days=31)).replace(day=1)
        mine = [[sale for sale in one if month <= sale["order_date"].date() < following] for one in members]
        active, sold = sum(bool(one) for one in mine), [sale for one in mine for sale in one]
        left = sum(month <= end < following for stays in comings for _, end in stays)
        present = sum(start < following <= end for stays in comings for start, end in stays)
        so_far += _revenue(sold)
        rows.append(_month(cohort, month, len(members), active, sold, so_far) | {
            "monthly_churn_rate": ratio(left, present + left),
            "cohort_health": _health(ratio(active, len(members))),
            "estimated_ltv_to_date": ratio(so_far, len(members), 2),
            "churned_customers": left,
            "present_customers": present,
            "is_partial_month": following > known.as_of + dt.timedelta(days=1),
        })  # fmt: skip
        month = following
    return rows


def _stays(mine: list[Row], as_of: dt.date) -> list[tuple[dt.date, dt.date]]:
    """First day, and the day on which the customer has left; after as_of that is not known yet."""
    days = sorted(sale["order_date"].date() for sale in mine)
    stays: list[tuple[dt.date, dt.date]] = []
    for day in days:
        end = day + dt.timedelta(days=LEAVES_AFTER + 1)
        goes_on = bool(stays) and day < stays[-1][1]
        stays = [*stays[:-1], (stays[-1][0], end)] if goes_on else [*stays, (day, end)]
    return [(start, end if end <= as_of else dt.date.max) for start, end in stays]


def _month(cohort: dt.date, month: dt.date, size: int, active: int, sold: list[Row], so_far: Decimal) -> Row:
    revenue = _revenue(sold)
    return {
        "cohort_month": cohort,
        "months_since_signup": 12 * (month.year - cohort.year) + month.month - cohort.month,
        "activity_month": month,
        "cohort_size": size,
        "active_customers": active,
        "retention_rate": ratio(active, size),
        "cohort_revenue": revenue,
        "revenue_per_active_customer": ratio(revenue, active, 2),
        "revenue_per_cohort_member": ratio(revenue, size, 2),
        "total_orders": len(sold),
        "orders_per_active_customer": ratio(len(sold), active, 2),
        "cumulative_revenue": so_far,
    }


def _health(rate: Decimal) -> str:
    if rate >= Decimal("0.5"):
        return "healthy"
    return "moderate" if rate >= Decimal("0.3") else "at_risk" if rate >= Decimal("0.1") else "poor"
