"""What Stripe knows of what is owed: invoices and their lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import HOUR_MS, choices, constant, integers, timestamps
from brewhouse.simulate.engine.texts import (
    Texts,
    digits,
    numbers,
    pieces,
    public_ids,
    seconds,
    strings,
    text,
    where,
    whole,
    words,
)
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.identity import Names
from brewhouse.simulate.saas.json_text import obj, quoted
from brewhouse.simulate.saas.keys import account_key, charge_number, customer_key, subscription_number
from brewhouse.simulate.saas.money import Invoices
from brewhouse.simulate.saas.pricing import ITEMS
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.stripe_tables import SYNC_MS, discount_text, price_ids, price_row
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class References:
    """What each invoice points to, and its number."""

    customer: Texts
    account: Texts
    subscription: Texts
    number: Texts


def references(block: Block) -> References:
    """Customer, account, subscription and number of each invoice."""
    bills, months = block.invoices, block.months
    row = block.accounts.row[bills.account]
    subscription = subscription_number(row, months.term[bills.month])
    number = pieces(len(row), b"INV-", account_key(row), b"-", digits(months.step[bills.month], 3))
    return References(customer_key(row), account_key(row), public_ids("sub_", subscription), number)


def invoices_table(block: Block, names: Names) -> Columns:
    """stripe_invoices: one row per invoice, as it stands at the end of the window."""
    bills, months, signed = block.invoices, block.months, block.accounts
    count, known = len(bills.key), references(block)
    lead = signed.lead[bills.account]
    tried = bills.attempts > 0
    changed = np.where(bills.paid, bills.paid_ms, np.where(bills.lost, bills.lost_ms, bills.created_ms))
    charge = charge_number(bills.key, np.maximum(bills.attempts - 1, 0))
    discount, has_discount = discount_text(
        months.discount_pct[bills.month], signed.discount_months[bills.account]
    )
    return bills.key, _amounts(bills) | {
        "id": text(count, public_ids("in_", bills.key)),
        "object": constant(count, "invoice"),
        "account_country": constant(count, "US"),
        "account_name": constant(count, "Tapline"),
        "attempt_count": integers(bills.attempts),
        "attempted": pa.array(tried),
        "auto_advance": pa.array(~bills.paid & ~bills.lost),
        "billing_reason": choices(_reason(block), values("billing_reasons")),
        "charge": where(text(count, public_ids("ch_", charge)), tried),
        "collection_method": constant(count, "charge_automatically"),
        "created": timestamps(bills.created_ms),
        "currency": constant(count, "usd"),
        "customer": text(count, known.customer),
        "customer_email": text(count, names.email[lead]),
        "customer_name": text(count, names.company[lead]),
        "customer_phone": text(count, names.phone[lead]),
        "customer_tax_exempt": constant(count, "none"),
        "discount": where(discount, has_discount),
        "lines": strings(_lines(block)),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(obj(count, **metadata_of(known))),
        "number": text(count, known.number),
        "paid": pa.array(bills.paid),
        "payment_intent": text(count, public_ids("pi_", bills.key)),
        "period_start": timestamps(bills.created_ms),
        "period_end": timestamps(bills.period_end_ms),
        "status": choices(_status(block), values("invoice_statuses")),
        "status_transitions": strings(_transitions(block)),
        "subscription": text(count, known.subscription),
        "created_at": timestamps(changed + SYNC_MS),
    }


def _amounts(bills: Invoices) -> dict[str, pa.Array]:
    """What is owed and paid, in cents; there are no taxes, balances and credit notes."""
    total, paid = bills.total, np.where(bills.paid, bills.total, 0)
    none = (
        "ending_balance", "starting_balance", "tax", "post_payment_credit_notes_amount",
        "pre_payment_credit_notes_amount",
    )  # fmt: skip
    return {
        "amount_due": integers(total),
        "amount_paid": integers(paid),
        "amount_remaining": integers(total - paid),
        "subtotal": integers(bills.subtotal),
        "total": integers(total),
        **dict.fromkeys(none, integers(np.zeros(len(total), np.int64))),
    }


def metadata_of(known: References) -> dict[str, Texts]:
    """What every invoice, intent and charge carries along, as members of a JSON object."""
    count = len(known.number)
    return {
        "account_id": quoted(count, known.account),
        "subscription_id": quoted(count, known.subscription),
        "invoice_number": quoted(count, known.number),
    }


def _status(block: Block) -> Ints:
    bills = block.invoices
    paid, uncollectible, still_open = (
        code("invoice_statuses", name) for name in ("paid", "uncollectible", "open")
    )
    return np.where(bills.paid, paid, np.where(bills.lost, uncollectible, still_open))


def _reason(block: Block) -> Ints:
    """Code of ``billing_reasons``: an addition, the first invoice of a subscription, or one of its cycle."""
    bills, terms, months = block.invoices, block.terms, block.months
    create, cycle, update = (
        code("billing_reasons", f"subscription_{name}") for name in ("create", "cycle", "update")
    )
    term = months.term[bills.month]
    first = bills.created_ms == block.accounts.paid_ms[bills.account]
    later = bills.created_ms == terms.start_ms[block.term_row(bills.account, term)]
    starts = np.where(term == 0, first, later)
    return np.where(~months.billed_plan[bills.month], update, np.where(starts, create, cycle))


def _transitions(block: Block) -> Texts:
    """When the status changed, as JSON."""
    bills = block.invoices
    return obj(
        len(bills.key),
        finalized_at=seconds(bills.created_ms + HOUR_MS),
        paid_at=_moment_or_null(bills.paid_ms, bills.paid),
        marked_uncollectible_at=_moment_or_null(bills.lost_ms, bills.lost),
        voided_at=b"null",
    )


def _moment_or_null(ms: Ints, present: Flags) -> Texts:
    return np.asarray(np.where(present, seconds(np.maximum(ms, 0)), b"null"))


def _lines(block: Block) -> Texts:
    """The lines of each invoice, as a list in JSON."""
    bills = block.invoices
    count, present = len(bills.key), bills.quantity > 0
    parts: list[Texts | bytes] = [b"["]
    for item in range(len(ITEMS)):
        rows = np.flatnonzero(present[:, item])
        earlier = present[rows, :item].any(axis=1)
        line = pieces(len(rows), np.where(earlier, b", ", b""), _line(block, item, rows))
        filled = np.zeros(count, line.dtype)
        filled[rows] = line
        parts.append(filled)
    lines = pieces(count, *parts, b"]")
    number = numbers(0, 9)[present.sum(axis=1)]
    return obj(count, object=b'"list"', data=lines, total_count=number, has_more=b"false")


def _line(block: Block, item: int, rows: Ints) -> Texts:
    """One item of some invoices, as JSON."""
    bills, months = block.invoices, block.months
    count, month = len(rows), bills.month[rows]
    quantity = bills.quantity[rows, item]
    price = words(price_ids())[price_row(item, months.plan[month], months.annual[month])]
    return obj(
        count,
        id=quoted(count, public_ids("il_", bills.key[rows] << 3 | item)),
        amount=whole(quantity * bills.unit[rows, item]),
        quantity=whole(quantity),
        proration=np.where(months.billed_plan[month], b"false", b"true"),
        period=obj(count, start=seconds(bills.created_ms[rows]), end=seconds(bills.period_end_ms[rows])),
        price=obj(count, id=quoted(count, price)),
        description=b'"%s"' % ITEMS[item].replace("_", " ").encode(),
    )
