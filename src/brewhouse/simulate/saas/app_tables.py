"""The application's own tables of what exists: accounts, venues, devices, users and subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, choices, dates, integers, money, timestamps
from brewhouse.simulate.engine.names import FAMILY, GIVEN, STREETS
from brewhouse.simulate.engine.tables import lognormal_q12
from brewhouse.simulate.engine.texts import Texts, digits, numbers, public_ids, text, where, words
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.identity import (
    CITY,
    LATITUDE,
    LONGITUDE,
    STATE,
    TIMEZONE,
    Names,
)
from brewhouse.simulate.saas.keys import (
    account_key,
    company_key,
    customer_key,
    device_key,
    device_number,
    subscription_number,
    user_number,
    venue_key,
    venue_number,
)
from brewhouse.simulate.saas.pricing import plan_numbers
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]

DEVICE_MODEL: Final = ("TC-200", "FM-10", "TS-4", "PS-7", "KS-50")
DEVICE_CENTS: Final = (48_900, 21_900, 8_900, 12_900, 25_900)
DEVICE_WATTS: Final = (24, 4, 2, 2, 6)
DEVICE_YEARS: Final = (7, 6, 5, 5, 8)


def accounts_table(block: Block, names: Names) -> Columns:
    """app_database_accounts: one row per account that signed within the window."""
    world, signed, leads = block.world, block.accounts, block.leads
    rows = np.flatnonzero(signed.created_ms < world.end_ms)
    lead, row, created = signed.lead[rows], signed.row[rows], signed.created_ms[rows]
    moved = np.zeros(len(signed), np.int64)
    seen = block.moves.ms < world.end_ms
    np.maximum.at(moved, block.moves.account[seen], block.moves.ms[seen])
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
        "updated_at": timestamps(np.maximum(created, moved[rows])),
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


def locations_table(block: Block, names: Names) -> Columns:
    """app_database_locations: one row per venue that was ordered within the window."""
    world, park, signed, leads = block.world, block.machines, block.accounts, block.leads
    rows = np.flatnonzero(park.ordered_ms < world.end_ms)
    account, number = park.venue_account[rows], park.venue_number[rows]
    lead, row = signed.lead[account], signed.row[account]
    shut = block.shut_ms[rows]
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
        "address": text(
            count, digits(1 + draw[:, 0] % 899, 3), b" ", words(STREETS)[draw[:, 1] % len(STREETS)]
        ),
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


def devices_table(block: Block) -> Columns:
    """app_database_devices: one row per device that was installed within the window."""
    world, park, signed = block.world, block.machines, block.accounts
    rows = np.flatnonzero(park.installed_ms < world.end_ms)
    venue = park.device_venue[rows]
    row, place = signed.row[park.venue_account[venue]], park.venue_number[venue]
    number, condition = park.device_number[rows], _condition(block, rows)
    key = device_number(row, place, number)
    draw = world.stream("devices").keyed16(key).astype(np.int64)
    kind = np.where(number == 0, 0, draw[:, 0] * len(DEVICE_MODEL) >> 16)
    cents = np.array(DEVICE_CENTS)[kind] * (3_700 + lognormal_q12(40)[draw[:, 1]] // 10) // 4_096
    count, installed = len(rows), park.installed_ms[rows]
    days = installed // DAY_MS
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
        "mac_address": text(count, b"02:bb:", *_hex_pairs(draw[:, 2:6])),
        "status": choices(condition.status, values("device_statuses")),
        "usage_pattern": choices(draw[:, 10] * 3 >> 16, values("usage_patterns")),
        "expected_lifespan_years": integers(np.array(DEVICE_YEARS)[kind]),
        "energy_consumption_watts": integers(np.array(DEVICE_WATTS)[kind]),
        "network_connectivity": choices(draw[:, 11] * 3 >> 16, values("network_connectivities")),
        "installation_date": dates(days),
        "last_maintenance_date": where(dates(condition.mended_ms // DAY_MS), condition.mended_ms > 0),
        "is_online": pa.array(condition.status == code("device_statuses", "active")),
        "customer_id": text(count, account_key(row)),
        "created_at": timestamps(installed),
        "updated_at": timestamps(np.maximum(installed, condition.changed_ms)),
    }


@dataclass(frozen=True)
class _Condition:
    """How some devices stand at the end of the window."""

    status: Ints
    """Code of ``device_statuses``."""
    mended_ms: Ints
    """When each was last mended, 0 if never."""
    changed_ms: Ints
    """When it was last retired, mended or broken, 0 if never."""


def _condition(block: Block, rows: Ints) -> _Condition:
    """A device that is down is in maintenance from the middle of its downtime on."""
    world, park = block.world, block.machines
    shut = block.shut_ms[park.device_venue[rows]]
    retired = shut < world.end_ms
    failed, back = park.failed_ms[rows], park.back_ms[rows]
    down = (failed < world.end_ms) & (back >= world.end_ms)
    mending = (down & (2 * world.end_ms > failed + back)).any(axis=1)
    mended = np.where(back < np.minimum(shut, world.end_ms)[:, None], back, 0).max(axis=1)
    broken = np.where(failed < world.end_ms, failed, 0).max(axis=1)
    status = np.select(
        [retired, mending, down.any(axis=1)],
        [code("device_statuses", name) for name in ("retired", "maintenance", "offline")],
        code("device_statuses", "active"),
    )
    return _Condition(status, mended, np.where(retired, shut, np.maximum(broken, mended)))


def _hex_pairs(draw: Ints) -> list[Texts | bytes]:
    pairs = words([f"{number:02x}" for number in range(256)])
    return _separated([pairs[lane & 255] for lane in draw.T], b":")


def _octets(draw: Ints) -> list[Texts | bytes]:
    return _separated([numbers(0, 255)[lane & 255] for lane in draw.T], b".")


def _separated(parts: list[Texts], separator: bytes) -> list[Texts | bytes]:
    return [piece for part in parts for piece in (separator, part)][1:]


def users_table(block: Block, names: Names, seen_ms: Ints) -> Columns:
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
        "email": text(
            count, small[0][given], b".", small[1][family], digits(seat, 2), b"@", names.domain[lead]
        ),
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


def subscriptions_table(block: Block) -> Columns:
    """app_database_subscriptions: one row per term, as it stands at the end of the window."""
    world, terms, months, signed = block.world, block.terms, block.months, block.accounts
    last, begin, tried = block.last_month, block.paid_from_ms, block.tried
    row, plan = signed.row[terms.account], months.plan[last]
    key, count = subscription_number(row, terms.term), len(row)
    ended = terms.end_ms < world.end_ms
    reason = choices(np.maximum(terms.end_reason, 0), values("subscription_end_reasons")).dictionary_decode()
    return key, {
        "id": text(count, digits(key, 11)),
        "customer_id": text(count, account_key(row)),
        "plan_name": choices(plan, values("plans")),
        "status": choices(block.term_status, values("subscription_statuses")),
        "start_date": dates(terms.start_ms // DAY_MS),
        "end_date": where(dates(np.where(ended, terms.end_ms, 0) // DAY_MS), ended),
        "monthly_price": money(plan_numbers("monthly_usd")[plan] * 100, 10),
        "billing_cycle": choices(months.annual[last], values("billing_cycles")),
        "monthly_amount": money(months.mrr[last], 10),
        "current_term_start": dates(begin // DAY_MS),
        "created_at": timestamps(terms.start_ms),
        "updated_at": timestamps(np.where(ended, terms.end_ms, begin)),
        "trial_start_date": where(dates(signed.created_ms[terms.account] // DAY_MS), tried),
        "trial_end_date": where(dates(signed.paid_ms[terms.account] // DAY_MS), tried),
        "discount_percent": integers(months.discount_pct[last]),
        "end_reason": where(reason, ended),
        "stripe_subscription_id": text(count, public_ids("sub_", key)),
    }
