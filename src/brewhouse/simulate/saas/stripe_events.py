"""Stripe's log of what happened: each event holds the object that it is about, as it was then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import choices, integers, timestamps
from brewhouse.simulate.engine.texts import Bytes, public_ids, strings, text, whole
from brewhouse.simulate.saas.app_tables import customer_key, subscription_number
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.json_text import obj, quoted
from brewhouse.simulate.saas.money import Charges
from brewhouse.simulate.saas.stripe_tables import Columns, constant
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

    def at(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> _Happenings:
        """Some of the events."""
        parts = (getattr(self, name)[rows] for name in ("key", "mark", "account", "ms", "cents"))
        return _Happenings(self.kind, self.prefix, self.status, *parts)


def _of_customers(block: Block) -> Iterator[_Happenings]:
    signed, terms, moves = block.accounts, block.terms, block.moves
    every, nothing = np.arange(len(signed)), np.zeros(len(signed), np.int64)
    yield _Happenings("customer.created", "cus_", b"null", signed.row, signed.row, every, signed.created_ms, nothing)
    key = subscription_number(signed.row[terms.account], terms.term)
    mrr = block.months.mrr[block.last_month]
    trial = (terms.term == 0) & (signed.trial_days[terms.account] > 0)
    created = "customer.subscription.created"
    first = block.months.mrr[block.first_month]
    begun = _Happenings(created, "sub_", b'"active"', key, key, terms.account, terms.start_ms, first)
    tried = _Happenings(created, "sub_", b'"trialing"', key, key, terms.account, terms.start_ms, first)
    yield from (begun.at(~trial), tried.at(trial))
    yield _Happenings(
        "customer.subscription.deleted", "sub_", b'"canceled"', key, key, terms.account, terms.end_ms, mrr
    )
    moved = subscription_number(signed.row[moves.account], moves.term)
    mark = moved * 128 + block.world.month_of(np.minimum(moves.ms, block.world.end_ms))
    changes = _Happenings(
        "customer.subscription.updated", "sub_", b'"active"', moved, mark, moves.account, moves.ms + 1_000, moves.after
    )
    yield changes.at(np.isin(moves.movement, (1, 2)))


def _of_money(block: Block, attempts: Charges) -> Iterator[_Happenings]:
    bills = block.invoices
    key, owner, total = bills.key, bills.account, bills.total
    yield _Happenings("invoice.paid", "in_", b'"paid"', key, key, owner, bills.paid_ms + 2_000, total).at(bills.paid)
    lost = "invoice.marked_uncollectible"
    yield _Happenings(lost, "in_", b'"uncollectible"', key, key, owner, bills.lost_ms, total).at(bills.lost)
    key, bill = attempts.key, bills.key[attempts.invoice]
    owner, total, ms = owner[attempts.invoice], total[attempts.invoice], attempts.created_ms
    worked, failed = attempts.succeeded, ~attempts.succeeded
    yield _Happenings("charge.succeeded", "ch_", b'"succeeded"', key, key, owner, ms + 1_000, total).at(worked)
    yield _Happenings("charge.failed", "ch_", b'"failed"', key, key, owner, ms + 1_000, total).at(failed)
    yield _Happenings("invoice.payment_failed", "in_", b'"open"', bill, key, owner, ms + 2_000, total).at(failed)
    refund = _Happenings("charge.refunded", "ch_", b'"succeeded"', key, key, owner, attempts.refund_ms, attempts.refund)
    yield refund.at(attempts.refund > 0)


def events_table(block: Block, attempts: Charges) -> Columns:
    """stripe_events: one row per change of a customer, subscription, invoice or charge."""
    parts = [
        part.at(part.ms < block.world.end_ms) for part in (*_of_customers(block), *_of_money(block, attempts))
    ]
    kinds = [np.full(len(part.key), code("stripe_event_types", part.kind)) for part in parts]
    key = np.concatenate([part.mark * 16 + kind for part, kind in zip(parts, kinds, strict=True)])
    ms = np.concatenate([part.ms for part in parts])
    count = len(key)
    request = obj(count, id=quoted(count, public_ids("req_", key)), idempotency_key=quoted(count, public_ids("", key)))
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


def _data(block: Block, part: _Happenings) -> Bytes:
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
    changed = part.kind == "customer.subscription.updated"
    return obj(count, object=thing, previous_attributes=b'{"items": "changed"}' if changed else b"null")
