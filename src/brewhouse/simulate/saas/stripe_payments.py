"""What Stripe knows of what is paid: payment intents and charges."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import HOUR_MS, choices, constant, integers, timestamps
from brewhouse.simulate.engine.texts import (
    Texts,
    digits,
    numbers,
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
from brewhouse.simulate.saas.json_text import listed, obj, quoted
from brewhouse.simulate.saas.keys import charge_number
from brewhouse.simulate.saas.lifecycle_records import chosen
from brewhouse.simulate.saas.money import Charges
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.stripe_invoices import References, metadata_of, references
from brewhouse.simulate.saas.stripe_tables import SYNC_MS, address
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]


def intents_table(block: Block, attempts: Charges) -> Columns:
    """stripe_payment_intents: one row per invoice that was charged."""
    rows = np.flatnonzero(block.invoices.attempts > 0)
    bills = chosen(block.invoices, rows)
    known = chosen(references(block), rows)
    count, key, total = len(rows), bills.key, bills.total
    created = bills.created_ms + HOUR_MS
    changed = np.maximum(np.where(bills.lost, bills.lost_ms, created), np.where(bills.paid, bills.paid_ms, 0))
    succeeded, canceled, waiting = (
        code("payment_intent_statuses", name) for name in ("succeeded", "canceled", "requires_payment_method")
    )
    status = np.where(bills.paid, succeeded, np.where(bills.lost, canceled, waiting))
    last_charge = np.cumsum(bills.attempts) - 1
    error = obj(
        count,
        code=quoted(count, words(values("failure_codes"))[attempts.failure[last_charge]]),
        message=b'"The card was declined."',
        type=b'"card_error"',
    )
    return key, {
        "id": text(count, public_ids("pi_", key)),
        "object": constant(count, "payment_intent"),
        "amount": integers(total),
        "amount_capturable": integers(np.zeros(count, np.int64)),
        "amount_received": integers(np.where(bills.paid, total, 0)),
        "canceled_at": where(timestamps(bills.lost_ms), bills.lost),
        "cancellation_reason": where(constant(count, "abandoned").dictionary_decode(), bills.lost),
        "capture_method": constant(count, "automatic"),
        "charges": strings(_last_charge(key, bills.attempts, bills.paid)),
        "confirmation_method": constant(count, "automatic"),
        "created": timestamps(created),
        "currency": constant(count, "usd"),
        "customer": text(count, known.customer),
        "invoice": text(count, public_ids("in_", key)),
        "last_payment_error": where(strings(error), ~bills.paid),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(_metadata(key, known)),
        "payment_method": text(count, public_ids("pm_", block.accounts.row[bills.account])),
        "payment_method_types": constant(count, '["card"]'),
        "setup_future_usage": constant(count, "off_session"),
        "status": choices(status, values("payment_intent_statuses")),
        "created_at": timestamps(changed + SYNC_MS),
    }


def _last_charge(key: Ints, attempts: Ints, paid: NDArray[np.bool_]) -> Texts:
    """The charges of each intent as a list in JSON, which holds the last one alone."""
    count = len(key)
    charge = obj(
        count,
        id=quoted(count, public_ids("ch_", charge_number(key, attempts - 1))),
        status=np.where(paid, b'"succeeded"', b'"failed"'),
    )
    return obj(
        count,
        object=b'"list"',
        url=quoted(count, b"/v1/charges?payment_intent=", public_ids("pi_", key)),
        data=listed(count, charge),
        total_count=numbers(0, 9)[attempts],
        has_more=np.where(attempts > 1, b"true", b"false"),
    )


def _metadata(invoice: Ints, known: References) -> Texts:
    count = len(invoice)
    return obj(count, invoice_id=quoted(count, public_ids("in_", invoice)), **metadata_of(known))


def charges_table(block: Block, names: Names, attempts: Charges) -> Columns:
    """stripe_charges: one row per attempt to collect an invoice."""
    bills, signed, bill = block.invoices, block.accounts, attempts.invoice
    count, key = len(bill), bills.key[bill]
    account = bills.account[bill]
    row, lead = signed.row[account], signed.lead[account]
    known = chosen(references(block), bill)
    amount, worked, refunded = bills.total[bill], attempts.succeeded, attempts.refund > 0
    changed = np.where(refunded, attempts.refund_ms, attempts.created_ms)
    succeeded, failed = code("charge_statuses", "succeeded"), code("charge_statuses", "failed")
    failure = choices(attempts.failure, values("failure_codes")).dictionary_decode()
    return attempts.key, {
        "id": text(count, public_ids("ch_", attempts.key)),
        "object": constant(count, "charge"),
        "amount": integers(amount),
        "amount_captured": integers(np.where(worked, amount, 0)),
        "amount_refunded": integers(attempts.refund),
        "balance_transaction": where(text(count, public_ids("txn_", attempts.key)), worked),
        "billing_details": strings(_billing_details(block, names, lead)),
        "captured": pa.array(worked),
        "created": timestamps(attempts.created_ms),
        "currency": constant(count, "usd"),
        "customer": text(count, known.customer),
        "description": text(count, b"Invoice ", known.number),
        "disputed": pa.array(np.zeros(count, bool)),
        "failure_code": where(failure, ~worked),
        "failure_message": where(constant(count, "The card was declined.").dictionary_decode(), ~worked),
        "invoice": text(count, public_ids("in_", key)),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(_metadata(key, known)),
        "outcome": strings(_outcome(attempts)),
        "paid": pa.array(worked),
        "payment_intent": text(count, public_ids("pi_", key)),
        "payment_method": text(count, public_ids("pm_", row)),
        "payment_method_details": strings(obj(count, type=b'"card"', card=_card(row))),
        "receipt_email": text(count, names.email[lead]),
        "receipt_url": text(count, b"https://pay.example/receipts/", public_ids("ch_", attempts.key)),
        "refunded": pa.array(attempts.refund == np.maximum(amount, 1)),
        "refunds": strings(_refunds(attempts)),
        "status": choices(np.where(worked, succeeded, failed), values("charge_statuses")),
        "created_at": timestamps(changed + SYNC_MS),
    }


def _billing_details(block: Block, names: Names, lead: Ints) -> Texts:
    count = len(lead)
    return obj(
        count,
        name=quoted(count, names.company[lead]),
        email=quoted(count, names.email[lead]),
        phone=quoted(count, names.phone[lead]),
        address=address(block, names, lead),
    )


def _outcome(attempts: Charges) -> Texts:
    """What the bank said, and how risky Stripe finds the charge, as JSON."""
    count, worked = len(attempts.key), attempts.succeeded
    reasons = words([f'"{name}"' for name in values("failure_codes")])
    level = np.where(attempts.risk > 90, 2, np.where(attempts.risk > 65, 1, 0))
    return obj(
        count,
        network_status=np.where(worked, b'"approved_by_network"', b'"declined_by_network"'),
        reason=np.where(worked, b"null", reasons[attempts.failure]),
        risk_level=quoted(count, words(values("risk_levels"))[level]),
        risk_score=numbers(0, 99)[attempts.risk],
        seller_message=np.where(worked, b'"Payment complete."', b'"The bank declined the payment."'),
        type=np.where(worked, b'"authorized"', b'"issuer_declined"'),
    )


def _card(row: Ints) -> Texts:
    """The card of some accounts, as JSON."""
    count, brands = len(row), words(values("card_brands"))
    brand = quoted(count, brands[row % len(brands)])
    return obj(
        count,
        brand=brand,
        last4=quoted(count, digits(1_000 + row % 9_000, 4)),
        exp_month=numbers(1, 12)[row % 12],
        exp_year=numbers(2028, 2031)[row % 4],
        network=brand,
        country=b'"US"',
    )


def _refunds(attempts: Charges) -> Texts:
    """The refunds of each charge as a list in JSON: one or none."""
    count, refunded = len(attempts.key), attempts.refund > 0
    refund = obj(
        count,
        id=quoted(count, public_ids("re_", attempts.key)),
        amount=whole(attempts.refund),
        created=seconds(attempts.refund_ms),
    )
    return obj(
        count,
        object=b'"list"',
        data=np.where(refunded, listed(count, refund), b"[]"),
        total_count=np.where(refunded, b"1", b"0"),
        has_more=b"false",
    )
