"""Invoices and charges, derived from the months of the accounts: nothing here is decided, all of it follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.tables import categories
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.accounts import Accounts
from brewhouse.simulate.saas.keys import charge_number
from brewhouse.simulate.saas.lifecycle_records import Months
from brewhouse.simulate.saas.pricing import price_cents
from brewhouse.simulate.saas.world import World

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STEP_BITS: Final = 7
"""An account gets at most one invoice a step, and there are fewer than 128 steps."""


@dataclass(frozen=True)
class Invoices:
    """Invoices written within the window, a row each, as they stand at its end; amounts in cents."""

    key: Ints
    """What identifiers are made of: account and step."""
    month: Ints
    """Row of the month of service."""
    account: Ints
    created_ms: Ints
    period_end_ms: Ints
    quantity: Ints
    """Matrix: an item a column."""
    unit: Ints
    """Matrix: price of one for the whole period, before the discount."""
    subtotal: Ints
    discount: Ints
    attempts: Ints
    """Charges tried within the window."""
    paid: Flags
    paid_ms: Ints
    lost: Flags
    """Given up within the window."""
    lost_ms: Ints
    refund: Ints
    refund_ms: Ints

    @property
    def total(self) -> Ints:
        """What is owed."""
        return self.subtotal - self.discount

    @property
    def past_due(self) -> Flags:
        """Neither paid nor given up, though charged."""
        return ~self.paid & ~self.lost & (self.attempts > 0)


def invoices(world: World, signed: Accounts, months: Months) -> Invoices:
    """The invoices that follow from the months of service, with what became of them by the end of the window."""
    month = np.flatnonzero((months.billed_months > 0) & (months.start_ms < world.end_ms))
    account, created = months.account[month], months.start_ms[month]
    plan, annual = months.plan[month], months.annual[month][:, None] == 1
    monthly = np.where(annual, price_cents(True)[plan], price_cents(False)[plan])
    unit = monthly * months.billed_months[month][:, None]
    quantity = months.billed_quantity[month]
    subtotal = (quantity * unit).sum(axis=1)
    until = months.step[month] + months.billed_months[month]
    end = signed.moment(world, until, account)
    key = signed.row[account] << STEP_BITS | months.step[month]
    tries = created[:, None] + HOUR_MS + np.array(p.RETRY_DAYS)[None, :] * DAY_MS
    happened = np.arange(len(p.RETRY_DAYS))[None, :] < months.attempts[month][:, None]
    happened &= tries < world.end_ms
    last = np.take_along_axis(tries, months.attempts[month][:, None] - 1, 1)[:, 0]
    paid = months.collected[month] & (last < world.end_ms)
    lost = ~months.collected[month] & (months.stop_ms[month] < world.end_ms)
    total = subtotal - subtotal * months.discount_pct[month] // 100
    draw = world.stream("refunds").keyed16(key, 4).astype(np.int64)
    refund_ms = last + 2 * DAY_MS + draw[:, 2] * (18 * DAY_MS >> 16)
    refunded = paid & (draw[:, 0] < p.REFUND_PER_MILLE * 65_536 // 1000) & (refund_ms < world.end_ms)
    part = np.where(draw[:, 1] < 26_214, 100, 10 + draw[:, 3] * 40 // 65_536)
    return Invoices(
        key=key, month=month, account=account, created_ms=created, period_end_ms=end, quantity=quantity, unit=unit,
        subtotal=subtotal, discount=subtotal - total, attempts=happened.sum(axis=1), paid=paid, paid_ms=last,
        lost=lost, lost_ms=months.stop_ms[month], refund=np.where(refunded, total * part // 100, 0),
        refund_ms=refund_ms,
    )  # fmt: skip


@dataclass(frozen=True)
class Charges:
    """Attempts to charge an invoice, a row each."""

    invoice: Ints
    """Row of the invoice."""
    key: Ints
    created_ms: Ints
    succeeded: Flags
    refund: Ints
    refund_ms: Ints
    failure: Ints
    """Code of ``failure_codes``, where it did not succeed."""
    risk: Ints
    """0 to 99."""


def charges(world: World, bills: Invoices) -> Charges:
    """One charge an attempt; the last one of a paid invoice succeeds."""
    invoice, attempt = positions(bills.attempts)
    key = charge_number(bills.key[invoice], attempt)
    succeeded = bills.paid[invoice] & (attempt == bills.attempts[invoice] - 1)
    draw = world.stream("charges").keyed16(key, 4)
    return Charges(
        invoice=invoice,
        key=key,
        created_ms=bills.created_ms[invoice] + HOUR_MS + np.array(p.RETRY_DAYS)[attempt] * DAY_MS,
        succeeded=succeeded,
        refund=np.where(succeeded, bills.refund[invoice], 0),
        refund_ms=bills.refund_ms[invoice],
        failure=categories(p.FAILURE_WEIGHTS)[draw[:, 0]],
        risk=draw[:, 1].astype(np.int64) ** 2 * 100 >> 32,
    )
