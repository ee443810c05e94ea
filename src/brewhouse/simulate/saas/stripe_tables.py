"""What Stripe knows of customers, prices, subscriptions and their items."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import choices, integers, timestamps
from brewhouse.simulate.engine.texts import Bytes, digits, numbers, pieces, public_ids, seconds, strings, text, where, whole, words
from brewhouse.simulate.saas.app_tables import (
    account_key,
    customer_key,
    subscription_number,
    subscription_status,
    term_begin,
)
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.identity import CITY, STATE, Names
from brewhouse.simulate.saas.json_text import listed, obj, quoted
from brewhouse.simulate.saas.money import Charges
from brewhouse.simulate.saas.pricing import ITEMS, price_cents, quantities
from brewhouse.simulate.saas.vocabulary import values

Ints = NDArray[np.int64]
Columns = tuple[Ints, dict[str, pa.Array]]

SYNC_MS = 90_000
"""Our copy of a record is made this long after it last changed."""


def constant(count: int, value: str) -> pa.Array:
    """A text column with one value."""
    return choices(np.zeros(count, np.int64), (value,))


def price_ids() -> list[list[str]]:
    """Identifiers of prices: per billing cycle those of the plans, then those of the add-ons."""
    names = [*values("plans"), *values("addons")]
    return [[f"price_{name}_{interval}" for name in names] for interval in values("price_intervals")]


def price_code(item: Ints, plan: Ints) -> Ints:
    """Place of an item's price: plans first."""
    return np.where(item == 0, plan, len(values("plans")) - 1 + item)


def list_prices() -> Ints:
    """Cents of each price for its whole interval: a row a billing cycle."""
    plans = [np.append(price_cents(annual)[:, 0], price_cents(annual)[0, 1:]) for annual in (False, True)]
    return np.stack([plans[0], plans[1] * 12])


def prices_table(first_ms: int) -> Columns:
    """stripe_prices: every plan and add-on, by the month and by the year; no block has its own."""
    names = [name for interval in price_ids() for name in interval]
    count, half = len(names), len(names) // 2
    interval = np.arange(count) // half
    titles = [*values("plans"), *values("addons")] * 2
    return np.arange(count), {
        "id": pa.array(names),
        "object": constant(count, "price"),
        "active": pa.array([True] * count),
        "currency": constant(count, "usd"),
        "unit_amount": integers(list_prices().reshape(-1)),
        "type": constant(count, "recurring"),
        "recurring_interval": choices(interval, values("price_intervals")),
        "recurring_interval_count": integers(np.ones(count, np.int64)),
        "nickname": pa.array([f"{name} {values('billing_cycles')[i // half]}" for i, name in enumerate(titles)]),
        "created": timestamps(np.full(count, first_ms)),
        "created_at": timestamps(np.full(count, first_ms + SYNC_MS)),
        "product": pa.array([f"prod_{name}" for name in titles]),
    }


def customers_table(block: Block, names: Names) -> Columns:
    """stripe_customers: one row per account."""
    world, signed, leads = block.world, block.accounts, block.leads
    rows = np.flatnonzero(signed.created_ms < world.end_ms)
    lead, row, created = signed.lead[rows], signed.row[rows], signed.created_ms[rows]
    count = len(rows)
    due = np.zeros(len(signed), bool)
    due[block.invoices.account[block.invoices.past_due | block.invoices.lost]] = True
    tier = numbers(1, 4)[3 - leads.plan[lead]]
    prefix = public_ids("", row).view("S1").reshape(count, -1)[:, :8]
    return row, {
        "id": text(count, customer_key(row)),
        "email": text(count, names.email[lead]),
        "name": text(count, names.company[lead]),
        "description": text(count, b"Account ", account_key(row)),
        "phone": text(count, names.phone[lead]),
        "address": strings(address(block, names, lead)),
        "created": timestamps(created),
        "currency": constant(count, "usd"),
        "delinquent": pa.array(due[rows]),
        "invoice_prefix": strings(np.ascontiguousarray(prefix).view("S8").reshape(-1)),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(
            obj(
                count,
                account_id=quoted(count, account_key(row)),
                company_name=quoted(count, names.company[lead]),
                tier=quoted(count, tier),
            )
        ),
        "tax_exempt": constant(count, "none"),
        "created_at": timestamps(created + SYNC_MS),
    }


def address(block: Block, names: Names, lead: Ints) -> Bytes:
    """The address of some leads, as JSON."""
    count, city = len(lead), names.city[lead]
    country = words(values("countries"))[block.leads.country[lead]]
    return obj(
        count,
        city=quoted(count, CITY[city]),
        country=quoted(count, country),
        line1=quoted(count, names.street[lead]),
        postal_code=quoted(count, names.postal[lead]),
        state=quoted(count, STATE[city]),
    )


def discount_text(pct: Ints, months: Ints) -> tuple[pa.Array, NDArray[np.bool_]]:
    """A discount as JSON, and where there is one."""
    count = len(pct)
    lasts = np.where(months == 0, b'"forever"', b'"repeating"')
    number = np.where(months == 0, b"null", numbers(0, 12)[months])
    coupon = obj(count, percent_off=numbers(0, 99)[pct], duration=lasts, duration_in_months=number)
    return strings(obj(count, coupon=coupon)), pct > 0


def subscriptions_table(block: Block) -> Columns:
    """stripe_subscriptions: one row per term, with the application's identifier of it."""
    world, terms, months, signed = block.world, block.terms, block.months, block.accounts
    last, account = block.last_month, terms.account
    row = signed.row[account]
    key = subscription_number(row, terms.term)
    count = len(key)
    ended = terms.end_ms < world.end_ms
    end = np.where(ended, terms.end_ms, 0)
    begin = term_begin(block)
    length = np.where((months.annual[last] == 1) & ~months.trial[last], 12, 1)
    until = np.where(months.trial[last], signed.paid_ms[account], signed.moment(world, months_after(block, begin, account, length), account))
    tried = (terms.term == 0) & (signed.trial_days[account] > 0)
    plan = words(values("plans"))[months.plan[last]]
    latest = np.full(count, -1)
    bills = block.invoices
    order = account << 8 | terms.term
    place = np.searchsorted(order, bills.account << 8 | months.term[bills.month])
    np.maximum.at(latest, place, bills.key)
    items, item_count = _item_list(block, key)
    discount, has_discount = discount_text(months.discount_pct[last], signed.discount_months[account])
    return key, {
        "id": text(count, public_ids("sub_", key)),
        "object": constant(count, "subscription"),
        "billing_cycle_anchor": timestamps(np.where(tried, signed.paid_ms[account], terms.start_ms)),
        "cancel_at_period_end": pa.array(np.zeros(count, bool)),
        "canceled_at": where(timestamps(end), ended),
        "created": timestamps(terms.start_ms),
        "current_period_start": timestamps(begin),
        "current_period_end": timestamps(until),
        "customer": text(count, customer_key(row)),
        "default_payment_method": text(count, public_ids("pm_", row)),
        "discount": where(discount, has_discount),
        "ended_at": where(timestamps(end), ended),
        "items": strings(
            obj(count, object=b'"list"', data=items, total_count=numbers(0, 9)[item_count], has_more=b"false")
        ),
        "latest_invoice": where(text(count, public_ids("in_", np.maximum(latest, 0))), latest >= 0),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(
            obj(
                count,
                app_subscription_id=quoted(count, digits(key, 11)),
                account_id=quoted(count, account_key(row)),
                plan=quoted(count, plan),
            )
        ),
        "start_date": timestamps(terms.start_ms),
        "status": choices(subscription_status(block), values("subscription_statuses")),
        "trial_start": where(timestamps(signed.created_ms[account]), tried),
        "trial_end": where(timestamps(signed.paid_ms[account]), tried),
        "created_at": timestamps(np.maximum(begin, end) + SYNC_MS),
    }


def months_after(block: Block, begin: Ints, account: Ints, length: Ints) -> Ints:
    """The step that begins ``length`` months after the one that began at ``begin``."""
    signed = block.accounts
    month = block.world.month_of(begin)
    early = signed.moment(block.world, month, account) > begin
    return np.minimum(month - early + length, len(block.world.month_days) - 1)


def _item_rows(block: Block) -> tuple[Ints, Ints, Ints]:
    """Row of the subscription and number of each item that it has at the end, and how many."""
    months, last = block.months, block.last_month
    quantity = months.quantity[last]
    term, item = np.nonzero(quantity > 0)
    return term, item, quantity[term, item]


def item_key(subscription: Ints, item: Ints) -> Ints:
    """What identifiers of items are made of."""
    return subscription * 8 + item


def _item_list(block: Block, key: Ints) -> tuple[Bytes, Ints]:
    """The items within their subscription, as a JSON array, and their number."""
    months, last = block.months, block.last_month
    quantity, count = months.quantity[last], len(key)
    cycle, plan = months.annual[last], months.plan[last]
    parts: list[Bytes | bytes] = [b"["]
    codes = words([name for interval in price_ids() for name in interval])
    for item in range(len(ITEMS)):
        price = codes[cycle * (len(codes) // 2) + price_code(np.full(count, item), plan)]
        one = obj(
            count,
            id=quoted(count, public_ids("si_", item_key(key, np.full(count, item)))),
            quantity=whole(quantity[:, item]),
            price=obj(count, id=quoted(count, price)),
        )
        one = pieces(count, b", " if item else b"", one)
        parts.append(np.where(quantity[:, item] > 0, one, b""))
    return pieces(count, *parts, b"]"), (quantity > 0).sum(axis=1)


def items_table(block: Block) -> Columns:
    """stripe_subscription_items: plan and add-ons of each subscription, as they stand at the end."""
    terms, months, signed = block.terms, block.months, block.accounts
    term, item, quantity = _item_rows(block)
    last = block.last_month[term]
    plan, cycle = months.plan[last], months.annual[last]
    subscription = subscription_number(signed.row[terms.account[term]], terms.term[term])
    key, count = item_key(subscription, item), len(term)
    place = price_code(item, plan)
    flat = [name for interval in price_ids() for name in interval]
    code = cycle * (len(flat) // 2) + place
    interval = words(values("price_intervals"))[cycle]
    cents = list_prices()[cycle, place]
    titles = [*values("plans"), *values("addons")]
    addon = np.where(item == 0, b"null", words([f'"{name}"' for name in ["", *ITEMS[1:]]])[item])
    price = obj(
        count,
        id=quoted(count, words(flat)[code]),
        object=b'"price"',
        product=quoted(count, words([f"prod_{name}" for name in titles])[place]),
        unit_amount=whole(cents),
        recurring=obj(count, interval=quoted(count, interval), interval_count=b"1"),
    )
    metadata = obj(
        count,
        type=np.where(item == 0, b'"base"', b'"addon"'),
        plan=quoted(count, words(values("plans"))[plan]),
        addon_name=addon,
        description=quoted(count, words([title.replace("_", " ") for title in titles])[place]),
    )
    return key, {
        "id": text(count, public_ids("si_", key)),
        "object": constant(count, "subscription_item"),
        "created": timestamps(terms.start_ms[term]),
        "metadata": strings(metadata),
        "price": strings(price),
        "quantity": integers(quantity),
        "subscription": text(count, public_ids("sub_", subscription)),
        "created_at": timestamps(months.start_ms[last] + SYNC_MS),
    }
