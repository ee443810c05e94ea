"""The application's own tables of what exists: accounts, venues, devices, users and subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, choices, dates, integers, money, timestamps
from brewhouse.simulate.engine.tables import lognormal_q12
from brewhouse.simulate.engine.texts import Bytes, digits, pieces, public_ids, text, where, words
from brewhouse.simulate.saas.accounts import account_ids
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.identity import (
    CITY,
    FAMILY,
    GIVEN,
    LATITUDE,
    LONGITUDE,
    STATE,
    STREETS,
    TIMEZONE,
    Names,
)
from brewhouse.simulate.saas.lifecycle import OPEN_END
from brewhouse.simulate.saas.pricing import plan_numbers
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]
Tables = Mapping[str, tuple[Ints, dict[str, pa.Array]]]
"""Per raw table the identity of each row, and the columns."""

DEVICE_MODEL: Final = ("TC-200", "FM-10", "TS-4", "PS-7", "KS-50")
DEVICE_CENTS: Final = (48_900, 21_900, 8_900, 12_900, 25_900)
DEVICE_WATTS: Final = (24, 4, 2, 2, 6)
DEVICE_YEARS: Final = (7, 6, 5, 5, 8)


def account_key(row: Ints) -> Bytes:
    """Identifier of an account, nine digits."""
    return digits(account_ids(row), 9)


def customer_key(row: Ints) -> Bytes:
    """Identifier of an account's Stripe customer."""
    return public_ids("cus_", row)


def company_key(row: Ints) -> Bytes:
    """Identifier of a lead's HubSpot company."""
    return digits(300_000_000 + row, 9)


def subscription_number(row: Ints, term: Ints) -> Ints:
    """Number of a subscription: account, then term."""
    return account_ids(row) * 100 + term


def accounts_table(block: Block, names: Names) -> tuple[Ints, dict[str, pa.Array]]:
    """app_database_accounts: one row per account that signed within the window."""
    world, signed, leads = block.world, block.accounts, block.leads
    rows = np.flatnonzero(signed.created_ms < world.end_ms)
    lead, row, created = signed.lead[rows], signed.row[rows], signed.created_ms[rows]
    changed = created.copy()
    full = np.zeros(len(signed), np.int64)
    seen = block.moves.ms < world.end_ms
    np.maximum.at(full, block.moves.account[seen], block.moves.ms[seen])
    venues = _open_venues(block)[rows]
    draw = world.stream("accounts.size").keyed16(row, 4).astype(np.int64)
    staff = leads.locations[lead] * (8 + draw[:, 0] * 18 // 65_536)
    count = len(rows)
    return row, {
        "id": text(count, account_key(row)),
        "name": text(count, names.company[lead]),
        "email": text(count, names.email[lead]),
        "created_date": dates(created // DAY_MS),
        "business_type": choices(leads.business[lead], values("business_types")),
        "location_count": integers(venues),
        "industry": choices(leads.industry[lead], values("industries")),
        "employee_count": integers(staff),
        "annual_revenue": integers(staff * (52_000 + draw[:, 1] // 2)),
        "website": text(count, b"https://www.", names.domain[lead]),
        "status": choices(block.account_status[rows], values("account_statuses")),
        "created_at": timestamps(created),
        "updated_at": timestamps(np.maximum(changed, full[rows])),
        "stripe_customer_id": text(count, customer_key(row)),
        "hubspot_company_id": text(count, company_key(row)),
    }


def _open_venues(block: Block) -> Ints:
    """Venues of each account that are open or ordered at the end of the window."""
    months = block.months
    count = np.zeros(len(block.accounts), np.int64)
    rows = block.last_month
    count[months.account[rows]] = (months.opened - months.closed)[rows]
    return count


def closed_venues(block: Block) -> tuple[Ints, Ints]:
    """For each venue when it was given up (OPEN_END: not within the window), and its account's last service."""
    months, park = block.months, block.machines
    closed = np.zeros((len(block.accounts), 1), np.int64)
    gone = np.full(len(park.venue_account), OPEN_END)
    previous = closed[:, 0].copy()
    for step in np.unique(months.step).tolist():
        rows = np.flatnonzero((months.step == step) & (months.start_ms < block.world.end_ms))
        account = months.account[rows]
        shut = np.flatnonzero(months.closed[rows] > previous[account])
        venue = block.accounts.first_venue[account[shut]] + previous[account[shut]]
        gone[venue] = months.start_ms[rows[shut]]
        previous[account] = months.closed[rows]
    stop = np.zeros(len(block.accounts), np.int64)
    np.maximum.at(stop, months.account, np.where(months.start_ms < block.world.end_ms, months.stop_ms, 0))
    return gone, stop


def locations_table(block: Block, names: Names) -> tuple[Ints, dict[str, pa.Array]]:
    """app_database_locations: one row per venue that was ordered within the window."""
    world, park, signed, leads = block.world, block.machines, block.accounts, block.leads
    rows = np.flatnonzero(park.ordered_ms < world.end_ms)
    account, number = park.venue_account[rows], park.venue_number[rows]
    lead, row = signed.lead[account], signed.row[account]
    gone, stop = closed_venues(block)
    shut = np.minimum(gone[rows], np.where(stop[account] < world.end_ms, stop[account], OPEN_END))
    is_open = (shut >= world.end_ms) & (block.account_status[account] != code("account_statuses", "churned"))
    draw = world.stream("venues").keyed16(venue_number(row, number)).astype(np.int64)
    city = names.city[lead]
    count = len(rows)
    spread = (draw[:, 2:4] - 32_768) * 3
    devices = np.diff(signed.devices, axis=1)[account, number]
    updated = np.where(shut < world.end_ms, shut, park.ordered_ms[rows])
    return venue_number(row, number), {
        "id": text(count, venue_key(row, number)),
        "customer_id": text(count, account_key(row)),
        "name": text(count, names.company[lead], b" ", CITY[city], b" ", digits(number + 1, 2)),
        "address": text(count, digits(1 + draw[:, 0] % 899, 3), b" ", words(STREETS)[draw[:, 1] % len(STREETS)]),
        "city": text(count, CITY[city]),
        "state": text(count, STATE[city]),
        "zip_code": text(count, names.postal[lead]),
        "country": choices(leads.country[lead], values("countries")),
        "location_type": choices(leads.business[lead], values("location_types")),
        "business_type": choices(leads.business[lead], values("business_types")),
        "size": choices(np.minimum(2, devices // 2), values("location_sizes")),
        "expected_device_count": integers(devices),
        "install_date": dates(park.opened_ms[rows] // DAY_MS),
        "latitude": money(LATITUDE[city] + spread[:, 0], 10, 6),
        "longitude": money(LONGITUDE[city] + spread[:, 1], 10, 6),
        "capacity": integers(30 + devices * 25 + draw[:, 4] % 40),
        "is_active": pa.array(is_open),
        "created_at": timestamps(park.ordered_ms[rows]),
        "updated_at": timestamps(updated),
        "timezone": text(count, TIMEZONE[city]),
        "closed_at": where(timestamps(updated), shut < world.end_ms),
    }


def venue_number(row: Ints, number: Ints) -> Ints:
    """Number of a venue: account, then place."""
    return account_ids(row) * 100 + number


def venue_key(row: Ints, number: Ints) -> Bytes:
    """Identifier of a venue, eleven digits."""
    return digits(venue_number(row, number), 11)


def device_key(row: Ints, venue: Ints, number: Ints) -> Bytes:
    """Identifier of a device, thirteen digits."""
    return digits(venue_number(row, venue) * 100 + number, 13)


def devices_table(block: Block) -> tuple[Ints, dict[str, pa.Array]]:
    """app_database_devices: one row per device that was installed within the window."""
    world, park, signed = block.world, block.machines, block.accounts
    rows = np.flatnonzero(park.installed_ms < world.end_ms)
    venue = park.device_venue[rows]
    account = park.venue_account[venue]
    row, place, number = signed.row[account], park.venue_number[venue], park.device_number[rows]
    key = venue_number(row, place) * 100 + number
    gone, stop = closed_venues(block)
    shut = np.minimum(gone[venue], np.where(stop[account] < world.end_ms, stop[account], OPEN_END))
    failed, back = park.failed_ms[rows], park.back_ms[rows]
    stopped = (failed < world.end_ms) & (back >= world.end_ms)
    mending = (stopped & (2 * world.end_ms > failed + back)).any(axis=1)
    retired = shut < world.end_ms
    mended = np.where(back < np.minimum(shut, world.end_ms)[:, None], back, 0).max(axis=1)
    draw = world.stream("devices").keyed16(key).astype(np.int64)
    kind = np.where(number == 0, 0, draw[:, 0] * len(DEVICE_MODEL) >> 16)
    count, installed = len(rows), park.installed_ms[rows]
    status = np.where(retired, 3, np.where(mending, 2, np.where(stopped.any(axis=1), 1, 0)))
    latest = np.where(retired, shut, np.maximum(np.where(failed < world.end_ms, failed, 0).max(axis=1), mended))
    cents = np.array(DEVICE_CENTS)[kind] * (3_700 + lognormal_q12(40)[draw[:, 1]] // 10) // 4_096
    days = installed // DAY_MS
    mac = pieces(count, b"02:bb:", *_hex_pairs(draw[:, 2:6]))
    return key, {
        "id": text(count, device_key(row, place, number)),
        "location_id": text(count, venue_key(row, place)),
        "device_type": choices(kind, values("device_types")),
        "category": choices(np.where(kind == 0, 0, 1), values("device_categories")),
        "manufacturer": choices(draw[:, 6] >> 14, values("device_manufacturers")),
        "model": choices(kind, DEVICE_MODEL),
        "serial_number": text(count, b"SN-", digits(key, 13)),
        "install_date": dates(days),
        "warranty_expiry": dates(days + 730),
        "purchase_price": money(cents, 10),
        "firmware_version": choices(park.firmware[rows], values("firmware_versions")),
        "ip_address": text(count, b"10.", *_octets(draw[:, 7:10])),
        "mac_address": text(count, mac),
        "status": choices(status, values("device_statuses")),
        "usage_pattern": choices(draw[:, 10] * 3 >> 16, values("usage_patterns")),
        "expected_lifespan_years": integers(np.array(DEVICE_YEARS)[kind]),
        "energy_consumption_watts": integers(np.array(DEVICE_WATTS)[kind]),
        "network_connectivity": choices(draw[:, 11] * 3 >> 16, values("network_connectivities")),
        "installation_date": dates(days),
        "last_maintenance_date": where(dates(mended // DAY_MS), mended > 0),
        "is_online": pa.array(status == 0),
        "customer_id": text(count, account_key(row)),
        "created_at": timestamps(installed),
        "updated_at": timestamps(np.maximum(installed, latest)),
    }


def _hex_pairs(draw: Ints) -> list[Bytes | bytes]:
    pairs = np.array([b"%02x" % number for number in range(256)])
    parts: list[Bytes | bytes] = []
    for column in range(4):
        parts += [pairs[draw[:, column] & 255], b":"]
    return parts[:-1]


def _octets(draw: Ints) -> list[Bytes | bytes]:
    octet = np.array([b"%d" % number for number in range(256)])
    parts: list[Bytes | bytes] = []
    for column in range(3):
        parts += [octet[draw[:, column] & 255], b"."]
    return parts[:-1]


def user_number(row: Ints, seat: Ints) -> Ints:
    """Number of a user: account, then seat."""
    return account_ids(row) * 1000 + seat


def users_table(block: Block, names: Names, seen_ms: Ints) -> tuple[Ints, dict[str, pa.Array]]:
    """app_database_users: one row per user; ``seen_ms`` is the last session of each, 0 without one."""
    world, people, signed = block.world, block.users, block.accounts
    rows = np.flatnonzero(people.created_ms < world.end_ms)
    account, seat = people.account[rows], people.seat[rows]
    row, lead, created = signed.row[account], signed.lead[account], people.created_ms[rows]
    key = user_number(row, seat)
    given, family = people.names[rows, 0] % len(GIVEN), people.names[rows, 1] % len(FAMILY)
    count, seen = len(rows), seen_ms[rows]
    first, last = words(GIVEN)[given], words(FAMILY)[family]
    variant = people.variant[rows]
    small = [words([name.lower() for name in group]) for group in (GIVEN, FAMILY)]
    return key, {
        "id": text(count, digits(key, 12)),
        "customer_id": text(count, account_key(row)),
        "first_name": text(count, first),
        "last_name": text(count, last),
        "email": text(count, small[0][given], b".", small[1][family], digits(seat, 2), b"@", names.domain[lead]),
        "role": choices(people.role[rows], values("user_roles")),
        "created_date": dates(created // DAY_MS),
        "last_login_date": where(dates(seen // DAY_MS), seen > 0),
        "last_login_at": where(timestamps(seen), seen > 0),
        "is_active": pa.array(block.account_status[account] != code("account_statuses", "churned")),
        "created_at": timestamps(created),
        "updated_at": timestamps(np.maximum(created, seen)),
        "experiment_variant": where(
            choices(np.maximum(variant, 0), values("experiment_variants")).dictionary_decode(), variant >= 0
        ),
    }


def subscriptions_table(block: Block) -> tuple[Ints, dict[str, pa.Array]]:
    """app_database_subscriptions: one row per term, as it stands at the end of the window."""
    world, terms, months, signed = block.world, block.terms, block.months, block.accounts
    last = block.last_month
    row = signed.row[terms.account]
    key = subscription_number(row, terms.term)
    ended = terms.end_ms < world.end_ms
    count = len(row)
    status, begin = subscription_status(block), term_begin(block)
    tried = (terms.term == 0) & (signed.trial_days[terms.account] > 0)
    trial_end = signed.paid_ms[terms.account] // DAY_MS
    reason = choices(np.maximum(terms.end_reason, 0), values("subscription_end_reasons")).dictionary_decode()
    plan = months.plan[last]
    return key, {
        "id": text(count, digits(key, 11)),
        "customer_id": text(count, account_key(row)),
        "plan_name": choices(plan, values("plans")),
        "status": choices(status, values("subscription_statuses")),
        "start_date": dates(terms.start_ms // DAY_MS),
        "end_date": where(dates(np.where(ended, terms.end_ms, 0) // DAY_MS), ended),
        "monthly_price": money(plan_numbers("monthly_usd")[plan] * 100, 10),
        "billing_cycle": choices(months.annual[last], values("billing_cycles")),
        "monthly_amount": money(months.mrr[last], 10),
        "current_term_start": dates(begin // DAY_MS),
        "created_at": timestamps(terms.start_ms),
        "updated_at": timestamps(np.where(ended, terms.end_ms, begin)),
        "trial_start_date": where(dates(signed.created_ms[terms.account] // DAY_MS), tried),
        "trial_end_date": where(dates(trial_end), tried),
        "discount_percent": integers(months.discount_pct[last]),
        "end_reason": where(reason, ended),
        "stripe_subscription_id": text(count, public_ids("sub_", key)),
    }


def term_begin(block: Block) -> Ints:
    """When what was last paid for began, for each subscription: its trial, its month or its year."""
    terms, months, bills = block.terms, block.months, block.invoices
    begin = terms.start_ms.copy()
    whole = bills.month[months.billed_plan[bills.month]]
    key = terms.account << 8 | terms.term
    place = np.searchsorted(key, months.account[whole] << 8 | months.term[whole])
    np.maximum.at(begin, place, months.start_ms[whole])
    return begin


def subscription_status(block: Block) -> Ints:
    """Code of ``subscription_statuses`` of each term at the end of the window."""
    terms, months = block.terms, block.months
    due = np.zeros(len(block.accounts), bool)
    due[block.invoices.account[block.invoices.past_due]] = True
    running = np.where(months.trial[block.last_month], 0, np.where(due[terms.account], 2, 1))
    return np.where(terms.end_ms < block.world.end_ms, 3, running)
