"""What is kept of the lives of the accounts: months of service, changes of revenue, subscription terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
T = TypeVar("T")

MOVEMENTS: Final = ("new", "expansion", "contraction", "churned", "reactivation")
NEW, EXPANSION, CONTRACTION, CHURN, REACTIVATION = range(5)

CAUSES: Final = (
    "first_term", "expanded", "contracted", "discount_ended", "canceled_by_customer", "out_of_business",
    "payment_failed", "returned",
)  # fmt: skip


@dataclass(frozen=True)
class Months:
    """Each month of service of each account: by step, then by account."""

    account: Ints
    step: Ints
    start_ms: Ints
    stop_ms: Ints
    trial: Flags
    term: Ints
    """Number of the subscription, from 0; a change of plan begins a new one."""
    plan: Ints
    annual: Ints
    discount_pct: Ints
    opened: Ints
    closed: Ints
    """Venues ``closed`` to ``opened`` - 1 of the account are open."""
    quantity: Ints
    """Matrix: how many of each item."""
    mrr: Ints
    billed_months: Ints
    """0: no invoice; 12: a year ahead; else the months that an addition is charged for."""
    billed_quantity: Ints
    """Matrix: what the invoice is for."""
    billed_plan: Flags
    """Whether the invoice covers all items, and not an addition."""
    attempts: Ints
    """Charges until one succeeds, at most four."""
    collected: Flags
    health: Ints
    hazard: Ints
    """Threshold, of 2**32, under which the account leaves."""
    tickets: Ints
    pace_q12: Ints
    """How long this month's tickets take, relative to the usual."""
    failures: Ints


@dataclass(frozen=True)
class Moves:
    """Every change of an account's MRR, by step, cause and account."""

    account: Ints
    ms: Ints
    movement: Ints
    cause: Ints
    before: Ints
    after: Ints
    term: Ints
    health: Ints
    """Of the account when it decided."""


@dataclass(frozen=True)
class SubscriptionTerms:
    """Each subscription term that began, by account and term."""

    account: Ints
    term: Ints
    start_ms: Ints
    end_ms: Ints
    """NEVER while it runs."""
    end_reason: Ints
    """-1 while it runs; a code of ``subscription_end_reasons``."""


def term_key(account: Ints, term: Ints) -> Ints:
    """One number for account and term, in the order of both."""
    return account << 8 | term


def joined(parts: list[T]) -> T:
    """One table of all parts, of which there is at least one."""
    kind = type(parts[0])
    return kind(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in _columns(kind)})


def chosen(table: T, rows: NDArray[np.integer] | NDArray[np.bool_] | slice) -> T:
    """Some rows of a table."""
    kind = type(table)
    return kind(**{name: getattr(table, name)[rows] for name in _columns(kind)})


def _columns(kind: type) -> list[str]:
    return list(kind.__annotations__)
