"""What HubSpot knows of whom: owners, companies and contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS, choices, dates, integers, timestamps
from brewhouse.simulate.engine.names import FAMILY, GIVEN
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.tables import categories
from brewhouse.simulate.engine.texts import Texts, digits, numbers, pieces, strings, text, whole, words
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.identity import CITY, STATE, Names
from brewhouse.simulate.saas.json_text import obj, quoted
from brewhouse.simulate.saas.keys import account_key, company_key, contact_number, owner_key
from brewhouse.simulate.saas.pricing import plan_numbers
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]

SYNC_MS: Final = 300_000
EXTRA_CONTACT_WEIGHTS: Final = (55, 30, 15)
"""0, 1, 2 more people at a company with a deal."""


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
    changed = np.where(leads.close_ms[rows] < world.end_ms, leads.close_ms[rows], leads.deal_ms[rows])
    return row, {
        "id": text(count, company_key(row)),
        "properties": strings(_company_properties(block, names, rows)),
        "name": text(count, names.company[rows]),
        "business_type": choices(leads.business[rows], values("business_types")),
        "location_count": integers(leads.locations[rows]),
        "created_date": dates(leads.deal_ms[rows] // DAY_MS),
        "createdat": timestamps(leads.deal_ms[rows]),
        "updatedat": timestamps(changed),
        "archived": pa.array(np.zeros(count, bool)),
        "created_at": timestamps(changed + SYNC_MS),
    }


def _company_properties(block: Block, names: Names, rows: Ints) -> Texts:
    """What HubSpot keeps in a JSON object of the companies of some leads."""
    world, leads, count = block.world, block.leads, len(rows)
    over = leads.close_ms[rows] < world.end_ms
    signed, lost = leads.won[rows] & over, ~leads.won[rows] & over
    customer, opportunity = code("lifecycle_stages", "customer"), code("lifecycle_stages", "opportunity")
    contacted, won, gone = (
        code("lead_statuses", name) for name in ("in_progress", "connected", "unqualified")
    )
    status = np.where(lost, gone, np.where(signed, won, contacted))
    mrr, devices = _now(block, rows, signed)
    plan = leads.plan[rows]
    plan[signed] = block.plan_now[np.searchsorted(block.accounts.lead, rows[signed])]
    return obj(
        count,
        account_id=np.where(signed, quoted(count, account_key(leads.row[rows])), b"null"),
        **_postal(block, names, rows),
        phone=quoted(count, names.phone[rows]),
        domain=quoted(count, names.domain[rows]),
        website=quoted(count, b"https://www.", names.domain[rows]),
        industry=quoted(count, words(values("industries"))[leads.industry[rows]]),
        lifecycle_stage=quoted(
            count, words(values("lifecycle_stages"))[np.where(signed, customer, opportunity)]
        ),
        lead_status=quoted(count, words(values("lead_statuses"))[status]),
        location_count=quoted(count, whole(leads.locations[rows])),
        device_count=quoted(count, whole(devices)),
        numberofemployees=quoted(count, whole(leads.locations[rows] * 14)),
        annualrevenue=quoted(count, whole(leads.locations[rows] * 900_000)),
        mrr=quoted(count, whole(mrr // 100), b".", digits(mrr % 100, 2)),
        potential_mrr=quoted(count, whole(plan_numbers("monthly_usd")[leads.plan[rows]])),
        tier=quoted(count, numbers(1, 4)[3 - plan]),
        source=quoted(count, words(values("channels"))[leads.channel[rows, 0]]),
    )


def _postal(block: Block, names: Names, lead: Ints) -> dict[str, Texts]:
    """Where some leads are, as members of a JSON object."""
    count, city = len(lead), names.city[lead]
    return {
        "address": quoted(count, names.street[lead]),
        "city": quoted(count, CITY[city]),
        "state": quoted(count, STATE[city]),
        "zip": quoted(count, names.postal[lead]),
        "country": quoted(count, words(values("countries"))[block.leads.country[lead]]),
    }


def _now(block: Block, rows: Ints, signed: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """MRR in cents and number of devices of some leads at the end of the window; 0 unless ``signed``."""
    months, last, terms = block.months, block.last_month, block.terms
    account, count = months.account[last], len(block.accounts)
    mrr, devices = np.zeros(count, np.int64), np.zeros(count, np.int64)
    mrr[account] = np.where(terms.end_ms < block.world.end_ms, 0, months.mrr[last])
    running = block.accounts.devices
    devices[account] = running[account, months.opened[last]] - running[account, months.closed[last]]
    place = np.searchsorted(block.accounts.lead, rows[signed])
    found = np.zeros((2, len(rows)), np.int64)
    found[:, signed] = mrr[place], devices[place]
    return found[0], found[1]


@dataclass(frozen=True)
class Contacts:
    """People at the leads' companies, a row each; place 0 is the lead itself."""

    lead: Ints
    place: Ints
    created_ms: Ints


def contacts(block: Block) -> Contacts:
    """The leads, and at companies with a deal up to two more people."""
    world, leads = block.world, block.leads
    draw = world.stream("contacts").keyed16(leads.row, 4)
    extra = categories(EXTRA_CONTACT_WEIGHTS)[draw[:, 0]]
    extra = np.where(leads.has_deal & (leads.deal_ms < world.end_ms), extra, 0)
    lead, place = positions(np.where(leads.lead_ms < world.end_ms, 1 + extra, 0))
    created = np.where(place == 0, leads.lead_ms[lead], leads.deal_ms[lead] + place * HOUR_MS)
    kept = created < world.end_ms
    return Contacts(lead[kept], place[kept], created[kept])


def contacts_table(block: Block, names: Names) -> Columns:
    """hubspot_contacts: one row per lead, and per further person at a company with a deal."""
    people = contacts(block)
    lead, is_lead, progress = people.lead, people.place == 0, _progress(block, people)
    number, count = contact_number(block.leads.row[lead], people.place), len(lead)
    draw = block.world.stream("contacts.names").keyed16(number, 8).astype(np.int64)
    given, family = draw[:, 0] % len(GIVEN), draw[:, 1] % len(FAMILY)
    low = [words([name.lower() for name in group]) for group in (GIVEN, FAMILY)]
    place = digits(people.place, 1)
    other = pieces(count, low[0][given], place, b".", low[1][family], b"@", names.domain[lead])
    job = np.where(is_lead, 0, 1 + draw[:, 2] % 5)
    return number, {
        "id": text(count, digits(number, 9)),
        "properties": strings(_contact_properties(block, names, lead, job, progress)),
        "firstname": text(count, np.where(is_lead, names.given[lead], words(GIVEN)[given])),
        "lastname": text(count, np.where(is_lead, names.family[lead], words(FAMILY)[family])),
        "email": text(count, np.where(is_lead, names.email[lead], other)),
        "company": text(count, names.company[lead]),
        "phone": text(count, names.phone[lead]),
        "createdat": timestamps(people.created_ms),
        "updatedat": timestamps(progress.changed_ms),
        "archived": pa.array(np.zeros(count, bool)),
        "created_at": timestamps(progress.changed_ms + SYNC_MS),
    }


@dataclass(frozen=True)
class _Progress:
    """How far each contact's lead has come by the end of the window."""

    stage: Ints
    """Code of ``lifecycle_stages``."""
    has_company: NDArray[np.bool_]
    changed_ms: Ints


def _progress(block: Block, people: Contacts) -> _Progress:
    leads, end, lead = block.leads, block.world.end_ms, people.lead
    steps = (
        ("marketingqualifiedlead", leads.is_mql, leads.mql_ms),
        ("opportunity", leads.has_deal, leads.deal_ms),
        ("customer", leads.won, leads.close_ms),
    )
    stage, changed = np.full(len(lead), code("lifecycle_stages", "lead")), people.created_ms
    for name, happens, ms in steps:
        reached = (happens & (ms < end))[lead]
        stage = np.where(reached, code("lifecycle_stages", name), stage)
        changed = np.maximum(changed, np.where(reached, ms[lead], 0))
    return _Progress(stage, (leads.has_deal & (leads.deal_ms < end))[lead], changed)


def _contact_properties(block: Block, names: Names, lead: Ints, job: Ints, progress: _Progress) -> Texts:
    """What HubSpot keeps in a JSON object of some contacts."""
    leads, count = block.leads, len(lead)
    company = quoted(count, company_key(leads.row[lead]))
    return obj(
        count,
        company_id=np.where(progress.has_company, company, b"null"),
        jobtitle=quoted(count, words(values("job_titles"))[job]),
        lifecycle_stage=quoted(count, words(values("lifecycle_stages"))[progress.stage]),
        lead_score=quoted(count, numbers(0, 100)[leads.score[lead]]),
        source=quoted(count, words(values("channels"))[leads.channel[lead, 0]]),
        phone=quoted(count, names.phone[lead]),
        mobilephone=b"null",
        **_postal(block, names, lead),
        website=quoted(count, b"https://www.", names.domain[lead]),
        linkedin=b"null",
        last_contacted=b"null",
        notes=b"null",
    )
