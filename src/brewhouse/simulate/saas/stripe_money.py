"""What Stripe knows of money: invoices, payment intents and charges."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import choices, integers, timestamps
from brewhouse.simulate.engine.texts import (
    Bytes,
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
from brewhouse.simulate.saas.app_tables import account_key, customer_key, subscription_number
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.identity import Names
from brewhouse.simulate.saas.json_text import listed, obj, quoted
from brewhouse.simulate.saas.money import Charges
from brewhouse.simulate.saas.pricing import ITEMS
from brewhouse.simulate.saas.stripe_tables import (
    SYNC_MS,
    Columns,
    address,
    constant,
    discount_text,
    price_code,
    price_ids,
)
from brewhouse.simulate.saas.vocabulary import values

Ints = NDArray[np.int64]


def _lines(block: Block) -> tuple[Bytes, Ints]:
    """The lines of each invoice as a JSON array, and their number."""
    bills, months = block.invoices, block.months
    count = len(bills.key)
    cycle, plan = months.annual[bills.month], months.plan[bills.month]
    codes = words([name for interval in price_ids() for name in interval])
    period = obj(count, start=seconds(bills.created_ms), end=seconds(bills.period_end_ms))
    proration = np.where(months.billed_plan[bills.month], b"false", b"true")
    present = bills.quantity > 0
    parts: list[Bytes | bytes] = [b"["]
    for item, name in enumerate(ITEMS):
        price = codes[cycle * (len(codes) // 2) + price_code(np.full(count, item), plan)]
        rows = np.flatnonzero(present[:, item])
        few = len(rows)
        one = obj(
            few,
            id=quoted(few, public_ids("il_", bills.key[rows] << 3 | item)),
            amount=whole((bills.quantity * bills.unit)[rows, item]),
            quantity=whole(bills.quantity[rows, item]),
            proration=proration[rows],
            period=period[rows],
            price=obj(few, id=quoted(few, price[rows])),
            description=b'"%s"' % name.replace("_", " ").encode(),
        )
        earlier = present[rows, :item].any(axis=1)
        filled = np.zeros(count, f"S{one.dtype.itemsize + 2}")
        filled[rows] = pieces(few, np.where(earlier, b", ", b""), one)
        parts.append(filled)
    return pieces(count, *parts, b"]"), present.sum(axis=1)


def _moment_or_null(ms: Ints, present: NDArray[np.bool_]) -> Bytes:
    return np.asarray(np.where(present, seconds(np.maximum(ms, 0)), b"null"))


def _references(block: Block) -> tuple[Bytes, Bytes, Bytes, Bytes]:
    """Per invoice: customer, account, subscription and number."""
    bills, months, signed = block.invoices, block.months, block.accounts
    row = signed.row[bills.account]
    subscription = public_ids("sub_", subscription_number(row, months.term[bills.month]))
    number = pieces(len(row), b"INV-", account_key(row), b"-", digits(months.step[bills.month], 3))
    return customer_key(row), account_key(row), subscription, number


def invoices_table(block: Block, names: Names) -> Columns:
    """stripe_invoices: one row per invoice, as it stands at the end of the window."""
    bills, months, signed = block.invoices, block.months, block.accounts
    count = len(bills.key)
    lead = signed.lead[bills.account]
    customer, account, subscription, number = _references(block)
    lines, line_count = _lines(block)
    total = bills.total
    paid_amount = np.where(bills.paid, total, 0)
    tried = bills.attempts > 0
    statuses = values("invoice_statuses")
    status = np.where(bills.paid, statuses.index("paid"), np.where(bills.lost, statuses.index("uncollectible"), statuses.index("open")))
    first = bills.created_ms == signed.paid_ms[bills.account]
    starts = np.where(months.term[bills.month] == 0, first, _starts_term(block))
    reason = np.where(~months.billed_plan[bills.month], 2, np.where(starts, 0, 1))
    changed = np.where(bills.paid, bills.paid_ms, np.where(bills.lost, bills.lost_ms, bills.created_ms))
    charge_key = bills.key << 2 | np.maximum(bills.attempts - 1, 0)
    discount, has_discount = discount_text(months.discount_pct[bills.month], signed.discount_months[bills.account])
    finalized = seconds(bills.created_ms + 3_600_000)
    due = np.where(bills.paid | bills.lost, 0, bills.created_ms)
    return bills.key, {
        "id": text(count, public_ids("in_", bills.key)),
        "object": constant(count, "invoice"),
        "account_country": constant(count, "US"),
        "account_name": constant(count, "Tapline"),
        "amount_due": integers(total),
        "amount_paid": integers(paid_amount),
        "amount_remaining": integers(total - paid_amount),
        "attempt_count": integers(bills.attempts),
        "attempted": pa.array(tried),
        "auto_advance": pa.array(due > 0),
        "billing_reason": choices(reason, values("billing_reasons")),
        "charge": where(text(count, public_ids("ch_", charge_key)), tried),
        "collection_method": constant(count, "charge_automatically"),
        "created": timestamps(bills.created_ms),
        "currency": constant(count, "usd"),
        "customer": text(count, customer),
        "customer_email": text(count, names.email[lead]),
        "customer_name": text(count, names.company[lead]),
        "customer_phone": text(count, names.phone[lead]),
        "customer_tax_exempt": constant(count, "none"),
        "discount": where(discount, has_discount),
        "ending_balance": integers(np.zeros(count, np.int64)),
        "lines": strings(
            obj(count, object=b'"list"', data=lines, total_count=numbers(0, 9)[line_count], has_more=b"false")
        ),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(
            obj(
                count,
                account_id=quoted(count, account),
                subscription_id=quoted(count, subscription),
                invoice_number=quoted(count, number),
            )
        ),
        "number": text(count, number),
        "paid": pa.array(bills.paid),
        "payment_intent": text(count, public_ids("pi_", bills.key)),
        "period_start": timestamps(bills.created_ms),
        "period_end": timestamps(bills.period_end_ms),
        "post_payment_credit_notes_amount": integers(np.zeros(count, np.int64)),
        "pre_payment_credit_notes_amount": integers(np.zeros(count, np.int64)),
        "starting_balance": integers(np.zeros(count, np.int64)),
        "status": choices(status, statuses),
        "status_transitions": strings(
            obj(
                count,
                finalized_at=finalized,
                paid_at=_moment_or_null(bills.paid_ms, bills.paid),
                marked_uncollectible_at=_moment_or_null(bills.lost_ms, bills.lost),
                voided_at=b"null",
            )
        ),
        "subscription": text(count, subscription),
        "subtotal": integers(bills.subtotal),
        "tax": integers(np.zeros(count, np.int64)),
        "total": integers(total),
        "created_at": timestamps(changed + SYNC_MS),
    }


def _starts_term(block: Block) -> NDArray[np.bool_]:
    """Whether an invoice is the first of a later term of its account."""
    bills, terms, months = block.invoices, block.terms, block.months
    key = terms.account << 8 | terms.term
    place = np.searchsorted(key, bills.account << 8 | months.term[bills.month])
    return np.asarray(terms.start_ms[place] == bills.created_ms)


def intents_table(block: Block, attempts: Charges) -> Columns:
    """stripe_payment_intents: one row per invoice that was charged."""
    bills = block.invoices
    rows = np.flatnonzero(bills.attempts > 0)
    customer, account, subscription, number = (column[rows] for column in _references(block))
    count, key = len(rows), bills.key[rows]
    last = bills.attempts[rows] - 1
    total = bills.total[rows]
    statuses = values("payment_intent_statuses")
    status = np.where(
        bills.paid[rows], 0, np.where(bills.lost[rows], statuses.index("canceled"), statuses.index("requires_payment_method"))
    )
    first = np.cumsum(bills.attempts) - bills.attempts
    failure = attempts.failure[first[rows] + last]
    codes = words(values("failure_codes"))[failure]
    changed = np.where(bills.lost[rows], bills.lost_ms[rows], bills.created_ms[rows] + 3_600_000)
    final = obj(
        count,
        id=quoted(count, public_ids("ch_", key << 2 | last)),
        status=np.where(bills.paid[rows], b'"succeeded"', b'"failed"'),
    )
    shown = b"/v1/charges?payment_intent="
    return key, {
        "id": text(count, public_ids("pi_", key)),
        "object": constant(count, "payment_intent"),
        "amount": integers(total),
        "amount_capturable": integers(np.zeros(count, np.int64)),
        "amount_received": integers(np.where(bills.paid[rows], total, 0)),
        "canceled_at": where(timestamps(bills.lost_ms[rows]), bills.lost[rows]),
        "cancellation_reason": where(constant(count, "abandoned").dictionary_decode(), bills.lost[rows]),
        "capture_method": constant(count, "automatic"),
        "charges": strings(
            obj(
                count,
                object=b'"list"',
                url=quoted(count, shown, public_ids("pi_", key)),
                data=listed(count, final),
                total_count=numbers(0, 9)[last + 1],
                has_more=np.where(last > 0, b"true", b"false"),
            )
        ),
        "confirmation_method": constant(count, "automatic"),
        "created": timestamps(bills.created_ms[rows] + 3_600_000),
        "currency": constant(count, "usd"),
        "customer": text(count, customer),
        "invoice": text(count, public_ids("in_", key)),
        "last_payment_error": where(
            strings(obj(count, code=quoted(count, codes), message=b'"The card was declined."', type=b'"card_error"')),
            ~bills.paid[rows],
        ),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(_payment_metadata(key, account, subscription, number)),
        "payment_method": text(count, public_ids("pm_", block.accounts.row[bills.account[rows]])),
        "payment_method_types": constant(count, '["card"]'),
        "setup_future_usage": constant(count, "off_session"),
        "status": choices(status, statuses),
        "created_at": timestamps(np.maximum(changed, np.where(bills.paid[rows], bills.paid_ms[rows], 0)) + SYNC_MS),
    }


def _payment_metadata(key: Ints, account: Bytes, subscription: Bytes, number: Bytes) -> Bytes:
    count = len(key)
    return obj(
        count,
        invoice_id=quoted(count, public_ids("in_", key)),
        account_id=quoted(count, account),
        subscription_id=quoted(count, subscription),
        invoice_number=quoted(count, number),
    )


def charges_table(block: Block, names: Names, attempts: Charges) -> Columns:
    """stripe_charges: one row per attempt to collect an invoice."""
    bills, signed = block.invoices, block.accounts
    bill = attempts.invoice
    count, key = len(bill), bills.key[bill]
    references = _references(block)
    row = signed.row[bills.account[bill]]
    lead = signed.lead[bills.account[bill]]
    amount, worked = bills.total[bill], attempts.succeeded
    brand = words(values("card_brands"))[row % len(values("card_brands"))]
    level = np.where(attempts.risk > 90, 2, np.where(attempts.risk > 65, 1, 0))
    failure = values("failure_codes")
    outcome = obj(
        count,
        network_status=np.where(worked, b'"approved_by_network"', b'"declined_by_network"'),
        reason=np.where(worked, b"null", words([f'"{name}"' for name in failure])[attempts.failure]),
        risk_level=quoted(count, words(values("risk_levels"))[level]),
        risk_score=numbers(0, 99)[attempts.risk],
        seller_message=np.where(worked, b'"Payment complete."', b'"The bank declined the payment."'),
        type=np.where(worked, b'"authorized"', b'"issuer_declined"'),
    )
    card = obj(
        count,
        brand=quoted(count, brand),
        last4=quoted(count, digits(1_000 + row % 9_000, 4)),
        exp_month=numbers(1, 12)[row % 12],
        exp_year=numbers(2028, 2031)[row % 4],
        network=quoted(count, brand),
        country=b'"US"',
    )
    billing = obj(
        count,
        name=quoted(count, names.company[lead]),
        email=quoted(count, names.email[lead]),
        phone=quoted(count, names.phone[lead]),
        address=address(block, names, lead),
    )
    refunded = attempts.refund > 0
    refund = obj(
        count,
        id=quoted(count, public_ids("re_", attempts.key)),
        amount=whole(attempts.refund),
        created=seconds(attempts.refund_ms),
    )
    refunds = obj(
        count,
        object=b'"list"',
        data=np.where(refunded, listed(count, refund), b"[]"),
        total_count=np.where(refunded, b"1", b"0"),
        has_more=b"false",
    )
    changed = np.where(refunded, attempts.refund_ms, attempts.created_ms)
    return attempts.key, {
        "id": text(count, public_ids("ch_", attempts.key)),
        "object": constant(count, "charge"),
        "amount": integers(amount),
        "amount_captured": integers(np.where(worked, amount, 0)),
        "amount_refunded": integers(attempts.refund),
        "balance_transaction": where(text(count, public_ids("txn_", attempts.key)), worked),
        "billing_details": strings(billing),
        "captured": pa.array(worked),
        "created": timestamps(attempts.created_ms),
        "currency": constant(count, "usd"),
        "customer": text(count, references[0][bill]),
        "description": text(count, b"Invoice ", references[3][bill]),
        "disputed": pa.array(np.zeros(count, bool)),
        "failure_code": where(choices(attempts.failure, failure).dictionary_decode(), ~worked),
        "failure_message": where(constant(count, "The card was declined.").dictionary_decode(), ~worked),
        "invoice": text(count, public_ids("in_", key)),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(_payment_metadata(key, *(column[bill] for column in references[1:]))),
        "outcome": strings(outcome),
        "paid": pa.array(worked),
        "payment_intent": text(count, public_ids("pi_", key)),
        "payment_method": text(count, public_ids("pm_", row)),
        "payment_method_details": strings(obj(count, type=b'"card"', card=card)),
        "receipt_email": text(count, names.email[lead]),
        "receipt_url": text(count, b"https://pay.example/receipts/", public_ids("ch_", attempts.key)),
        "refunded": pa.array(attempts.refund == np.maximum(amount, 1)),
        "refunds": strings(refunds),
        "status": choices(np.where(worked, 0, 2), values("charge_statuses")),
        "created_at": timestamps(changed + SYNC_MS),
    }


