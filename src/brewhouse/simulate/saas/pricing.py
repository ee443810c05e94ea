"""What an account pays: items, list prices, discounts, all in whole cents."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.saas.vocabulary import entry, number, values

Ints = NDArray[np.int64]

ITEMS: Final = ("base", "extra_location", "extra_device", "advanced_analytics", "priority_support")
"""Items of a subscription: its plan, then the add-ons in the order of the vocabulary."""


@dataclass
class Terms:
    """What accounts have subscribed to, a row each."""

    plan: Ints
    annual: Ints
    discount_pct: Ints
    locations: Ints
    devices: Ints
    analytics: Ints
    priority: Ints

    def at(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> Terms:
        """The terms of some accounts (a copy)."""
        return Terms(*(getattr(self, field.name)[rows] for field in fields(self)))


@cache
def plan_numbers(name: str) -> Ints:
    """A number of each plan, such as ``locations``, in the order of the vocabulary."""
    return np.array([entry("plans", plan)[name] for plan in values("plans")], np.int64)


@cache
def price_cents(annual: bool) -> Ints:
    """List price of a month, in cents: a row a plan, a column an item."""
    addons = [number("addons", name) * 100 for name in values("addons")]
    monthly = np.array([[int(usd) * 100, *addons] for usd in plan_numbers("monthly_usd")], np.int64)
    return monthly * (100 - number("annual_discount_percent")) // 100 if annual else monthly


def quantities(terms: Terms) -> Ints:
    """How many of each item, a row an account."""
    included = plan_numbers("locations")[terms.plan], plan_numbers("devices")[terms.plan]
    columns = [
        np.ones(len(terms.plan), np.int64),
        np.maximum(0, terms.locations - included[0]),
        np.maximum(0, terms.devices - included[1]),
        terms.analytics,
        terms.priority,
    ]
    return np.stack(columns, axis=1)


def unit_cents(terms: Terms) -> Ints:
    """Price of one of each item a month, before the account's own discount."""
    annual = terms.annual[:, None].astype(bool)
    return np.where(annual, price_cents(True)[terms.plan], price_cents(False)[terms.plan])


def gross_cents(terms: Terms) -> Ints:
    """Price of a month before the account's own discount."""
    return np.asarray((quantities(terms) * unit_cents(terms)).sum(axis=1))


def mrr_cents(terms: Terms) -> Ints:
    """Monthly recurring revenue; prices are multiples of ten cents, so that no discount leaves a fraction."""
    gross = gross_cents(terms)
    return gross - gross * terms.discount_pct // 100
