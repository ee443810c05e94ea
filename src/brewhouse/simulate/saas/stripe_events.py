"""Stripe's log of what happened: each event holds the object that it is about, as it was then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import choices, constant, integers, timestamps
from brewhouse.simulate.engine.texts import Texts, public_ids, strings, text, whole
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.json_text import obj, quoted
from brewhouse.simulate.saas.keys import customer_key, subscription_number
from brewhouse.simulate.saas.lifecycle_records import CONTRACTION, EXPANSION, NEW
from brewhouse.simulate.saas.money import Charges
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]

OBJECTS: Final = {"cus_": b'"customer"', "sub_": b'"subscription"', "in_": b'"invoice"', "ch_": b'"charge"'}


@dataclass(frozen=True)
class _Happenings:
    """All events of one type, a row each."""

    kind: str
    prefix: str
    status: bytes
    key: Ints
    """Of the object."""
    mark: Ints
    """Tells the events of this type apart."""
    account: Ints
    ms: Ints
    cents: Ints
    changed: bytes = b"null"
    """What the object was before, as JSON."""

    def at(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> _Happenings:
        """Some of the events."""
        columns = ("key", "mark", "account", "ms", "cents")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})


def _of_customers(block: Block) -> Iterator[_Happenings]:
    signed, terms, months = block.accounts, block.terms, block.months
    every, nothing = np.arange(len(signed)), np.zeros(len(signed), np.int64)
    row, owner = signed.row, terms.account
    yield _Happenings("customer.created", "cus_", b"null", row, row, every, signed.created_ms, nothing)
    key = subscription_number(row[owner], terms.term)
    first, last = months.mrr[block.first_month], months.mrr[block.last_month]
    kind = "customer.subscription.created"
    begun = _Happenings(kind, "sub_", b'"active"', key, key, owner, terms.start_ms, first)
    yield begun.at(~block.tried)
    yield replace(begun, status=b'"trialing"').at(block.tried)
    kind = "customer.subscription.deleted"
    yield _Happenings(kind, "sub_", b'"canceled"', key, key, owner, terms.end_ms, last)
    yield from _changes(block)


def _changes(block: Block) -> Iterator[_Happenings]:
    """Subscriptions that grew or shrank, and those whose trial became a paid term."""
    moves = block.moves
    key = subscription_number(block.accounts.row[moves.account], moves.term)
    mark = key * 128 + block.world.month_of(np.minimum(moves.ms, block.world.end_ms))
    kind = "customer.subscription.updated"
    every = _Happenings(kind, "sub_", b'"active"', key, mark, moves.account, moves.ms, moves.after)
    grown = np.isin(moves.movement, (EXPANSION, CONTRACTION))
    yield replace(every, changed=b'{"items": "changed"}').at(grown)
    converted = block.tried[block.term_row(moves.account, moves.term)] & (moves.movement == NEW)
    yield replace(every, changed=b'{"status": "trialing"}').at(converted)


def _of_money(block: Block, attempts: Charges) -> Iterator[_Happenings]:
    bills = block.invoices
    key, owner, total, lost_ms = bills.key, bills.account, bills.total, bills.lost_ms
    paid = _Happenings("invoice.paid", "in_", b'"paid"', key, key, owner, bills.paid_ms + 2_000, total)
    yield paid.at(bills.paid)
    kind = "invoice.marked_uncollectible"
    yield _Happenings(kind, "in_", b'"uncollectible"', key, key, owner, lost_ms, total).at(bills.lost)
    key, bill = attempts.key, bills.key[attempts.invoice]
    owner, total, ms = owner[attempts.invoice], total[attempts.invoice], attempts.created_ms
    worked, refund = attempts.succeeded, attempts.refund
    tried = _Happenings("charge.succeeded", "ch_", b'"succeeded"', key, key, owner, ms + 1_000, total)
    yield tried.at(worked)
    yield replace(tried, kind="charge.failed", status=b'"failed"').at(~worked)
    failed = _Happenings("invoice.payment_failed", "in_", b'"open"', bill, key, owner, ms + 2_000, total)
    yield failed.at(~worked)
    refunded = replace(tried, kind="charge.refunded", ms=attempts.refund_ms, cents=refund)
    yield refunded.at(refund > 0)


def events_table(block: Block, attempts: Charges) -> Columns:
    """stripe_events: one row per change of a customer, subscription, invoice or charge."""
    every = (*_of_customers(block), *_of_money(block, attempts))
    parts = [part.at(part.ms < block.world.end_ms) for part in every]
    kinds = [np.full(len(part.key), code("stripe_event_types", part.kind)) for part in parts]
    key = np.concatenate([part.mark * 16 + kind for part, kind in zip(parts, kinds, strict=True)])
    ms = np.concatenate([part.ms for part in parts])
    count = len(key)
    request = obj(
        count,
        id=quoted(count, public_ids("req_", key)),
        idempotency_key=quoted(count, public_ids("", key)),
    )
    return key, {
        "id": text(count, public_ids("evt_", key)),
        "object": constant(count, "event"),
        "api_version": constant(count, "2024-06-20"),
        "created": timestamps(ms),
        "data": pa.concat_arrays([strings(_data(block, part)) for part in parts]),
        "livemode": pa.array(np.ones(count, bool)),
        "pending_webhooks": integers(np.zeros(count, np.int64)),
        "request": strings(request),
        "type": choices(np.concatenate(kinds), values("stripe_event_types")),
        "created_at": timestamps(ms + 5_000),
    }


def _data(block: Block, part: _Happenings) -> Texts:
    count, row = len(part.key), block.accounts.row[part.account]
    found = customer_key(row) if part.prefix == "cus_" else public_ids(part.prefix, part.key)
    thing = obj(
        count,
        id=quoted(count, found),
        object=OBJECTS[part.prefix],
        customer=quoted(count, customer_key(row)),
        status=part.status,
        amount=whole(part.cents),
    )
    return obj(count, object=thing, previous_attributes=part.changed)
