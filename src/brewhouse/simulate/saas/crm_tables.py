"""What HubSpot knows of whom: owners, companies, contacts, deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, choices, dates, integers, money, timestamps
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.texts import Bytes, digits, numbers, pieces, strings, text, whole, words
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.app_tables import account_key, company_key
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.identity import CITY, FAMILY, GIVEN, STATE, Names
from brewhouse.simulate.saas.json_text import listed, obj, quoted
from brewhouse.simulate.saas.market import stage_now
from brewhouse.simulate.saas.pricing import plan_numbers
from brewhouse.simulate.saas.stripe_tables import Columns, constant
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]

SYNC_MS: Final = 300_000
MOST_CONTACTS: Final = 4
EXTRA_CONTACT_WEIGHTS: Final = (55, 30, 15)
STAGE_PROBABILITY: Final = ("0.2", "0.4", "0.6", "0.9", "1.0", "0.0")


def owner_key(owner: Ints) -> Bytes:
    """Identifier of an owner of deals and tickets."""
    return digits(5_000_001 + owner, 7)


def contact_number(row: Ints, place: Ints | int) -> Ints:
    """Identifier of a contact as a number; place 0 is the lead itself. Fits 32 bits up to scale 800."""
    return 200_000_000 + row * MOST_CONTACTS + place


def owners_table(first_ms: int) -> Columns:
    """hubspot_owners: the people who sell and care; no block has its own."""
    count, owner = p.OWNERS, np.arange(p.OWNERS)
    given, family = words(GIVEN)[owner % len(GIVEN)], words(FAMILY)[(owner * 5 + 3) % len(FAMILY)]
    begin = first_ms + owner * 3 * DAY_MS // 4
    return owner, {
        "id": text(count, owner_key(owner)),
        "email": text(count, np.char.lower(given), b".", np.char.lower(family), b"@tapline.example"),
        "firstname": text(count, given),
        "lastname": text(count, family),
        "userid": integers(9_000 + owner),
        "createdat": timestamps(np.full(count, first_ms)),
        "updatedat": timestamps(begin),
        "archived": pa.array(np.zeros(count, bool)),
        "created_at": timestamps(begin + SYNC_MS),
    }


def companies_table(block: Block, names: Names) -> Columns:
    """hubspot_companies: one row per lead with a deal; those that signed know their account."""
    world, leads = block.world, block.leads
    rows = np.flatnonzero(leads.has_deal & (leads.deal_ms < world.end_ms))
    row, count = leads.row[rows], len(rows)
    signed = leads.won[rows] & (leads.close_ms[rows] < world.end_ms)
    place = np.searchsorted(block.accounts.lead, rows[signed])
    mrr, devices = np.zeros(count, np.int64), np.zeros(count, np.int64)
    current = np.zeros((2, len(block.accounts)), np.int64)
    months, last = block.months, block.last_month
    current[0, months.account[last]] = np.where(block.terms.end_ms < world.end_ms, 0, months.mrr[last])
    opened = block.accounts.devices[months.account[last], months.opened[last]]
    current[1, months.account[last]] = opened - block.accounts.devices[months.account[last], months.closed[last]]
    mrr[signed], devices[signed] = current[0, place], current[1, place]
    stage = np.where(signed, code("lifecycle_stages", "customer"), code("lifecycle_stages", "opportunity"))
    lost = ~signed & (leads.close_ms[rows] < world.end_ms)
    quote = quote_cents(block, rows) // 12
    channel = words(values("channels"))[leads.channel[rows, 0]]
    city = names.city[rows]
    dollars = pieces(count, whole(mrr // 100), b".", digits(mrr % 100, 2))
    properties = obj(
        count,
        account_id=np.where(signed, quoted(count, account_key(row)), b"null"),
        address=quoted(count, names.street[rows]),
        city=quoted(count, CITY[city]),
        state=quoted(count, STATE[city]),
        zip=quoted(count, names.postal[rows]),
        country=quoted(count, words(values("countries"))[leads.country[rows]]),
        phone=quoted(count, names.phone[rows]),
        domain=quoted(count, names.domain[rows]),
        website=quoted(count, b"https://www.", names.domain[rows]),
        industry=quoted(count, words(values("industries"))[leads.industry[rows]]),
        lifecycle_stage=quoted(count, words(values("lifecycle_stages"))[stage]),
        lead_status=quoted(count, words(values("lead_statuses"))[np.where(lost, 4, np.where(signed, 3, 2))]),
        location_count=quoted(count, whole(leads.locations[rows])),
        device_count=quoted(count, whole(devices)),
        numberofemployees=quoted(count, whole(leads.locations[rows] * 14)),
        annualrevenue=quoted(count, whole(leads.locations[rows] * 900_000)),
        mrr=quoted(count, dollars),
        potential_mrr=quoted(count, whole(quote // 100)),
        tier=quoted(count, numbers(1, 4)[3 - leads.plan[rows]]),
        source=quoted(count, channel),
    )
    changed = np.where(leads.close_ms[rows] < world.end_ms, leads.close_ms[rows], leads.deal_ms[rows])
    return row, {
        "id": text(count, company_key(row)),
        "properties": strings(properties),
        "name": text(count, names.company[rows]),
        "business_type": choices(leads.business[rows], values("business_types")),
        "location_count": integers(leads.locations[rows]),
        "created_date": dates(leads.deal_ms[rows] // DAY_MS),
        "createdat": timestamps(leads.deal_ms[rows]),
        "updatedat": timestamps(changed),
        "archived": pa.array(np.zeros(count, bool)),
        "created_at": timestamps(changed + SYNC_MS),
    }


def quote_cents(block: Block, rows: Ints) -> Ints:
    """What a deal is worth: a year at the list price of the plan that the lead asks for."""
    leads = block.leads
    return plan_numbers("monthly_usd")[leads.plan[rows]] * 1_200


@dataclass(frozen=True)
class Contacts:
    """People at the leads' companies, a row each; place 0 is the lead itself."""

    lead: Ints
    place: Ints
    created_ms: Ints


def contacts(block: Block) -> Contacts:
    """The leads, and at companies with a deal up to two more people."""
    world, leads = block.world, block.leads
    draw = world.stream("contacts").keyed16(leads.row, 4).astype(np.int64)
    extra = np.searchsorted(np.cumsum(EXTRA_CONTACT_WEIGHTS) * 655, draw[:, 0] * 655 * 100 // 65_536, side="right")
    extra = np.where(leads.has_deal & (leads.deal_ms < world.end_ms), np.minimum(extra, 2), 0)
    lead, place = positions(np.where(leads.lead_ms < world.end_ms, 1 + extra, 0))
    created = np.where(place == 0, leads.lead_ms[lead], leads.deal_ms[lead] + place * 3_600_000)
    kept = created < world.end_ms
    return Contacts(lead[kept], place[kept], created[kept])


def contacts_table(block: Block, names: Names) -> Columns:
    """hubspot_contacts: one row per lead, and per further person at a company with a deal."""
    world, leads, people = block.world, block.leads, contacts(block)
    lead, place = people.lead, people.place
    row, count = leads.row[lead], len(lead)
    number = contact_number(row, place)
    draw = world.stream("contacts.names").keyed16(number, 8).astype(np.int64)
    given = np.where(place == 0, names.given[lead], words(GIVEN)[draw[:, 0] % len(GIVEN)])
    family = np.where(place == 0, names.family[lead], words(FAMILY)[draw[:, 1] % len(FAMILY)])
    low = [words([name.lower() for name in names_of]) for names_of in (GIVEN, FAMILY)]
    other = pieces(
        count, low[0][draw[:, 0] % len(GIVEN)], digits(place, 1), b".", low[1][draw[:, 1] % len(FAMILY)], b"@",
        names.domain[lead],
    )  # fmt: skip
    has_company = leads.has_deal[lead] & (leads.deal_ms[lead] < world.end_ms)
    won = leads.won[lead] & (leads.close_ms[lead] < world.end_ms)
    is_mql = leads.is_mql[lead] & (leads.mql_ms[lead] < world.end_ms)
    stages = values("lifecycle_stages")
    stage = np.where(won, stages.index("customer"), np.where(has_company, stages.index("opportunity"), np.where(is_mql, 1, 0)))
    changed = np.maximum(people.created_ms, np.where(is_mql, leads.mql_ms[lead], 0))
    changed = np.maximum(changed, np.where(has_company, leads.deal_ms[lead], 0))
    changed = np.maximum(changed, np.where(won, leads.close_ms[lead], 0))
    city = names.city[lead]
    properties = obj(
        count,
        company_id=np.where(has_company, quoted(count, company_key(row)), b"null"),
        jobtitle=quoted(count, words(values("job_titles"))[np.where(place == 0, 0, 1 + draw[:, 2] % 5)]),
        lifecycle_stage=quoted(count, words(stages)[stage]),
        lead_score=quoted(count, numbers(0, 100)[leads.score[lead]]),
        source=quoted(count, words(values("channels"))[leads.channel[lead, 0]]),
        phone=quoted(count, names.phone[lead]),
        mobilephone=b"null",
        address=quoted(count, names.street[lead]),
        city=quoted(count, CITY[city]),
        state=quoted(count, STATE[city]),
        zip=quoted(count, names.postal[lead]),
        country=quoted(count, words(values("countries"))[leads.country[lead]]),
        website=quoted(count, b"https://www.", names.domain[lead]),
        linkedin=b"null",
        last_contacted=b"null",
        notes=b"null",
    )
    return number, {
        "id": text(count, digits(number, 9)),
        "properties": strings(properties),
        "firstname": text(count, given),
        "lastname": text(count, family),
        "email": text(count, np.where(place == 0, names.email[lead], other)),
        "company": text(count, names.company[lead]),
        "phone": text(count, names.phone[lead]),
        "createdat": timestamps(people.created_ms),
        "updatedat": timestamps(changed),
        "archived": pa.array(np.zeros(count, bool)),
        "created_at": timestamps(changed + SYNC_MS),
    }


def deals_table(block: Block, names: Names) -> Columns:
    """hubspot_deals: one row per deal with a new customer, and per change to a higher plan."""
    new, grown = _new_deals(block, names), _grown_deals(block, names)
    columns = {name: pa.concat_arrays([_plain(new[1][name]), _plain(grown[1][name])]) for name in new[1]}
    return np.concatenate([new[0], grown[0]]), columns


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def deal_key(row: Ints, step: Ints | int) -> Ints:
    """Number of a deal: lead, then 0 for the first one or the month of a later one."""
    return 40_000_000_000 + row * 100 + step


def _new_deals(block: Block, names: Names) -> Columns:
    world, leads = block.world, block.leads
    rows = np.flatnonzero(leads.has_deal & (leads.deal_ms < world.end_ms))
    row, stage = leads.row[rows], stage_now(world, leads)[rows]
    closed = leads.close_ms[rows] < world.end_ms
    draw = world.stream("deals.reasons").keyed16(row).astype(np.int64)
    won, lost = closed & leads.won[rows], closed & ~leads.won[rows]
    days = (leads.close_ms[rows] - leads.deal_ms[rows]) // DAY_MS
    return _deals(
        block, names, rows, deal_key(row, 0), stage, quote_cents(block, rows), leads.deal_ms[rows], leads.close_ms[rows],
        pipeline=0, won=won, lost=lost, days=days, draw=draw,
    )  # fmt: skip


def _grown_deals(block: Block, names: Names) -> Columns:
    """A change to a higher plan is sold by the customer's owner, and won at once."""
    world, signed, moves, terms = block.world, block.accounts, block.moves, block.terms
    bought = np.flatnonzero((moves.movement == 1) & (moves.ms < world.end_ms))
    began = np.isin(
        moves.account[bought] << 8 | moves.term[bought], terms.account[terms.term > 0] << 8 | terms.term[terms.term > 0]
    )
    start = np.searchsorted(terms.account << 8 | terms.term, moves.account[bought] << 8 | moves.term[bought])
    began &= terms.start_ms[np.minimum(start, len(terms.start_ms) - 1)] == moves.ms[bought]
    bought = bought[began]
    rows = signed.lead[moves.account[bought]]
    row, ms = block.leads.row[rows], moves.ms[bought]
    step = world.month_of(ms) + 1
    draw = world.stream("deals.reasons").keyed16(deal_key(row, step)).astype(np.int64)
    yes = np.ones(len(rows), bool)
    stage = np.full(len(rows), code("deal_stages", "closedwon"))
    worth = (moves.after - moves.before)[bought] * 12
    begun = np.maximum(ms - 9 * DAY_MS, block.leads.close_ms[rows] + 3_600_000)
    return _deals(
        block, names, rows, deal_key(row, step), stage, worth, begun, ms, pipeline=1, won=yes, lost=~yes,
        days=(ms - begun) // DAY_MS, draw=draw,
    )  # fmt: skip


def _deals(
    block: Block, names: Names, rows: Ints, key: Ints, stage: Ints, cents: Ints, begun: Ints, closes: Ints, *,
    pipeline: int, won: NDArray[np.bool_], lost: NDArray[np.bool_], days: Ints, draw: Ints,
) -> Columns:  # fmt: skip
    leads, count = block.leads, len(rows)
    closed, row = won | lost, leads.row[rows]

    def picked(name: str, lane: int, present: NDArray[np.bool_]) -> Bytes:
        table = words([f'"{value}"' for value in values(name)])
        return np.asarray(np.where(present, table[draw[:, lane] % len(table)], b"null"))

    properties = obj(
        count,
        description=b'"Monitoring of taps"' if pipeline == 0 else b'"More of it"',
        hs_deal_stage_probability=quoted(count, words(STAGE_PROBABILITY)[stage]),
        dealtype=b'"%s"' % values("deal_types")[pipeline].encode(),
        expansion_type=b"null" if pipeline == 0 else b'"plan"',
        hs_priority=quoted(count, words(values("deal_priorities"))[np.minimum(leads.plan[rows], 2)]),
        hubspot_owner_id=quoted(count, owner_key(leads.owner[rows])),
        num_meetings=quoted(count, numbers(0, 9)[draw[:, 0] & 3]),
        num_notes=quoted(count, numbers(0, 9)[draw[:, 1] & 7]),
        competitor=picked("competitors", 2, lost & (draw[:, 3] < 30_000)),
        days_to_close=np.where(closed, quoted(count, whole(np.maximum(days, 0))), b"null"),
        closed_won_reason=picked("closed_won_reasons", 4, won),
        closed_lost_reason=picked("closed_lost_reasons", 5, lost),
        next_step=np.where(closed, b"null", b'"follow up"'),
    )
    associations = obj(
        count,
        contact_ids=listed(count, quoted(count, digits(contact_number(row, 0), 9))),
        company_ids=listed(count, quoted(count, company_key(row))),
    )
    changed = np.where(closed, closes, begun)
    tail = b" - new" if pipeline == 0 else b" - upgrade"
    return key, {
        "id": text(count, digits(key, 11)),
        "properties": strings(properties),
        "associations": strings(associations),
        "dealname": text(count, names.company[rows], tail),
        "amount": money(cents, 12),
        "dealstage": choices(stage, values("deal_stages")),
        "pipeline": constant(count, values("deal_pipelines")[pipeline]),
        "closedate": dates(closes // DAY_MS),
        "createdat": timestamps(begun),
        "updatedat": timestamps(changed),
        "archived": pa.array(np.zeros(count, bool)),
        "created_at": timestamps(changed + SYNC_MS),
    }


