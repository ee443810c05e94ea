"""What Stripe knows of customers, prices, subscriptions and their items."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import choices, constant, integers, timestamps
from brewhouse.simulate.engine.texts import (
    Texts,
    digits,
    numbers,
    pieces,
    public_ids,
    strings,
    text,
    where,
    whole,
    words,
)
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.identity import CITY, STATE, Names
from brewhouse.simulate.saas.json_text import obj, quoted
from brewhouse.simulate.saas.keys import account_key, customer_key, item_number, subscription_number
from brewhouse.simulate.saas.pricing import ITEMS, price_cents
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.vocabulary import values

Ints = NDArray[np.int64]

SYNC_MS: Final = 90_000
"""Our copy of a record is made this long after it last changed."""


def price_ids() -> list[str]:
    """Identifiers of prices: per billing cycle those of the plans, then those of the add-ons."""
    return [f"price_{name}_{interval}" for interval in values("price_intervals") for name in _priced()]


def _priced() -> list[str]:
    return [*values("plans"), *values("addons")]


def price_place(item: Ints | int, plan: Ints) -> Ints:
    """Place of an item's price among those of its billing cycle: plans first."""
    return np.where(np.equal(item, 0), plan, len(values("plans")) - 1 + item)


def price_row(item: Ints | int, plan: Ints, cycle: Ints) -> Ints:
    """Place of an item's price among all."""
    return cycle * len(_priced()) + price_place(item, plan)


def list_prices() -> Ints:
    """Cents of each price for its whole interval: a row a billing cycle."""
    plans = [np.append(price_cents(annual)[:, 0], price_cents(annual)[0, 1:]) for annual in (False, True)]
    return np.stack([plans[0], plans[1] * 12])


def prices_table(first_ms: int) -> Columns:
    """stripe_prices: every plan and add-on, by the month and by the year; no block has its own."""
    names, titles = price_ids(), _priced()
    count = len(names)
    cycle = np.arange(count) // len(titles)
    return np.arange(count), {
        "id": pa.array(names),
        "object": constant(count, "price"),
        "active": pa.array([True] * count),
        "currency": constant(count, "usd"),
        "unit_amount": integers(list_prices().reshape(-1)),
        "type": constant(count, "recurring"),
        "recurring_interval": choices(cycle, values("price_intervals")),
        "recurring_interval_count": integers(np.ones(count, np.int64)),
        "nickname": pa.array([f"{name} {cycle}" for cycle in values("billing_cycles") for name in titles]),
        "created": timestamps(np.full(count, first_ms)),
        "created_at": timestamps(np.full(count, first_ms + SYNC_MS)),
        "product": pa.array([f"prod_{name}" for name in titles] * 2),
    }


def customers_table(block: Block, names: Names) -> Columns:
    """stripe_customers: one row per account."""
    world, signed = block.world, block.accounts
    rows = np.flatnonzero(signed.created_ms < world.end_ms)
    lead, row, created = signed.lead[rows], signed.row[rows], signed.created_ms[rows]
    count = len(rows)
    due = np.zeros(len(signed), bool)
    due[block.invoices.account[block.invoices.past_due]] = True
    tier = numbers(1, 4)[3 - block.plan_now[rows]]
    prefix = np.asarray(public_ids("", row)).astype("S8")
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
        "invoice_prefix": strings(prefix),
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


def address(block: Block, names: Names, lead: Ints) -> Texts:
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
    last, account, tried = block.last_month, terms.account, block.tried
    row = signed.row[account]
    key = subscription_number(row, terms.term)
    count = len(key)
    ended = terms.end_ms < world.end_ms
    end = np.where(ended, terms.end_ms, 0)
    latest = _latest_invoice(block)
    discount, has_discount = discount_text(months.discount_pct[last], signed.discount_months[account])
    metadata = obj(
        count,
        app_subscription_id=quoted(count, digits(key, 11)),
        account_id=quoted(count, account_key(row)),
        plan=quoted(count, words(values("plans"))[months.plan[last]]),
    )
    return key, {
        "id": text(count, public_ids("sub_", key)),
        "object": constant(count, "subscription"),
        "billing_cycle_anchor": timestamps(np.where(tried, signed.paid_ms[account], terms.start_ms)),
        "cancel_at_period_end": pa.array(np.zeros(count, bool)),
        "canceled_at": where(timestamps(end), ended),
        "created": timestamps(terms.start_ms),
        "current_period_start": timestamps(block.paid_from_ms),
        "current_period_end": timestamps(_period_end(block)),
        "customer": text(count, customer_key(row)),
        "default_payment_method": text(count, public_ids("pm_", row)),
        "discount": where(discount, has_discount),
        "ended_at": where(timestamps(end), ended),
        "items": strings(_item_list(block, key)),
        "latest_invoice": where(text(count, public_ids("in_", np.maximum(latest, 0))), latest >= 0),
        "livemode": pa.array(np.ones(count, bool)),
        "metadata": strings(metadata),
        "start_date": timestamps(terms.start_ms),
        "status": choices(block.term_status, values("subscription_statuses")),
        "trial_start": where(timestamps(signed.created_ms[account]), tried),
        "trial_end": where(timestamps(signed.paid_ms[account]), tried),
        "created_at": timestamps(np.maximum(block.paid_from_ms, end) + SYNC_MS),
    }


def _latest_invoice(block: Block) -> Ints:
    """What the identifier of each term's last invoice is made of, -1 without any."""
    bills, latest = block.invoices, np.full(len(block.terms.account), -1)
    np.maximum.at(latest, block.term_row(bills.account, block.months.term[bills.month]), bills.key)
    return latest


def _period_end(block: Block) -> Ints:
    """Until when each term is paid for: the end of its trial, its month or its year."""
    world, signed, account = block.world, block.accounts, block.terms.account
    begin, trial = block.paid_from_ms, block.months.trial[block.last_month]
    annual = block.months.annual[block.last_month] == 1
    month = world.month_of(begin)
    step = month - (signed.moment(world, month, account) > begin)
    until = np.minimum(step + np.where(annual & ~trial, 12, 1), len(world.month_days) - 1)
    return np.where(trial, signed.paid_ms[account], signed.moment(world, until, account))


def _item_list(block: Block, key: Ints) -> Texts:
    """The items within their subscription, as a list in JSON."""
    months, last = block.months, block.last_month
    quantity, count = months.quantity[last], len(key)
    codes = words(price_ids())
    parts: list[Texts | bytes] = [b"["]
    for item in range(len(ITEMS)):
        price = codes[price_row(item, months.plan[last], months.annual[last])]
        one = obj(
            count,
            id=quoted(count, public_ids("si_", item_number(key, item))),
            quantity=whole(quantity[:, item]),
            price=obj(count, id=quoted(count, price)),
        )
        one = pieces(count, b", " if item else b"", one)
        parts.append(np.where(quantity[:, item] > 0, one, b""))
    kinds = numbers(0, 9)[(quantity > 0).sum(axis=1)]
    return obj(
        count, object=b'"list"', data=pieces(count, *parts, b"]"), total_count=kinds, has_more=b"false"
    )


def items_table(block: Block) -> Columns:
    """stripe_subscription_items: plan and add-ons of each subscription, as they stand at the end."""
    terms, months, signed = block.terms, block.months, block.accounts
    term, item = np.nonzero(months.quantity[block.last_month] > 0)
    last = block.last_month[term]
    plan, cycle = months.plan[last], months.annual[last]
    subscription = subscription_number(signed.row[terms.account[term]], terms.term[term])
    key, count = item_number(subscription, item), len(term)
    place = price_place(item, plan)
    price = obj(
        count,
        id=quoted(count, words(price_ids())[price_row(item, plan, cycle)]),
        object=b'"price"',
        product=quoted(count, words([f"prod_{name}" for name in _priced()])[place]),
        unit_amount=whole(list_prices()[cycle, place]),
        recurring=obj(
            count, interval=quoted(count, words(values("price_intervals"))[cycle]), interval_count=b"1"
        ),
    )
    addon = words([f'"{name}"' for name in ITEMS])[item]
    metadata = obj(
        count,
        type=np.where(item == 0, b'"base"', b'"addon"'),
        plan=quoted(count, words(values("plans"))[plan]),
        addon_name=np.where(item == 0, b"null", addon),
        description=quoted(count, words([name.replace("_", " ") for name in _priced()])[place]),
    )
    return key, {
        "id": text(count, public_ids("si_", key)),
        "object": constant(count, "subscription_item"),
        "created": timestamps(terms.start_ms[term]),
        "metadata": strings(metadata),
        "price": strings(price),
        "quantity": integers(months.quantity[last, item]),
        "subscription": text(count, public_ids("sub_", subscription)),
        "created_at": timestamps(months.start_ms[last] + SYNC_MS),
    }
