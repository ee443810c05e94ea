"""How customers are cared for: tickets, and what is written and said to leads and customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS, choices, constant, timestamps
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.tables import categories, lognormal_q12
from brewhouse.simulate.engine.texts import Texts, digits, milliseconds, strings, text, whole, words
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.crm_tables import SYNC_MS
from brewhouse.simulate.saas.identity import Names
from brewhouse.simulate.saas.json_text import listed, obj, quoted
from brewhouse.simulate.saas.keys import company_key, contact_number, deal_number, owner_key
from brewhouse.simulate.saas.lifecycle_records import Months, chosen, joined
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.service import identity_of, leaves, moments, service_row
from brewhouse.simulate.saas.taps import downtimes
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]

TICKET: Final = 6
OUTAGE_TICKET: Final = 7
DEAL_TALK, CHECK_IN, TICKET_TALK = 1, 2, 3
_SUBJECTS: Final = {
    "device_failure": "Tap stopped working", "connectivity": "Device shows as offline",
    "billing": "Question about our invoice", "how_to": "How do we set this up?",
    "feature_request": "A wish for the product", "integration": "Sync with our till fails",
}  # fmt: skip
_TALK: Final = ("Introduction", "Follow-up", "Pricing", "Next steps", "Check-in", "Your ticket")


@dataclass(frozen=True)
class Tickets:
    """Tickets within the window, a row each."""

    key: Ints
    account: Ints
    created_ms: Ints
    closed_ms: Ints
    category: Ints
    priority: Ints
    draw: Ints


def tickets(block: Block, months: Months) -> Tickets:
    """Tickets of the given months of service: their number came from health and failures, here they get a time."""
    world = block.world
    row, steps, sums = leaves(months, months.tickets)
    draw = world.stream("tickets").steps16(sums, steps, block.number)
    wide = np.ascontiguousarray(draw).view("<u4")
    flat = np.full(7, 65_536)
    created = moments(block, months, row, wide[:, :3], world.app_hours[draw[:, 6]], flat)
    failing, stop_ms = _stops_behind(block, months, row)
    created = np.where(
        failing, stop_ms + HOUR_MS // 4 + draw[:, 10].astype(np.int64) * (6 * HOUR_MS >> 16), created
    )
    category = np.where(failing, 0, 1 + categories((14, 18, 40, 18, 10))[draw[:, 7]])
    urgency = categories((34, 40, 20, 6))[draw[:, 8]]
    priority = np.where(failing, np.maximum(urgency, 2), urgency)
    usual_ms = p.TICKET_HOURS * HOUR_MS // 4_096 * lognormal_q12(60)[draw[:, 9]] // 4_096
    closed = created + HOUR_MS // 4 + np.minimum(usual_ms * months.pace_q12[row], 60 * DAY_MS)
    inside = (created >= months.start_ms[row]) & (created < np.minimum(months.stop_ms[row], world.end_ms))
    every = Tickets(
        key=identity_of(steps, sums, block.number, TICKET),
        account=months.account[row],
        created_ms=created,
        closed_ms=closed,
        category=category,
        priority=priority,
        draw=draw.astype(np.int64),
    )
    return joined([chosen(every, inside), _about_the_outage(block, months)])


def _about_the_outage(block: Block, months: Months) -> Tickets:
    """Tickets of accounts that the outage hit, beyond the usual ones: what happened before it knows nothing of it."""
    stops = downtimes(block)
    hit = stops.column == p.MAX_FAILURES
    begin = int(stops.down_ms[hit].min(initial=block.world.end_ms))
    account = np.unique(block.machines.venue_account[block.machines.device_venue[stops.device[hit]]])
    served = service_row(block, account, np.full(len(account), begin))
    given = months.account << 8 | months.step
    account = account[np.isin(account << 8 | block.months.step[served], given)]
    draw = block.world.stream("tickets.outage").keyed16(block.accounts.row[account]).astype(np.int64)
    complains = draw[:, 0] < p.OUTAGE_TICKET_PCT * 65_536 // 100
    account, draw = account[complains], draw[complains]
    created = begin + HOUR_MS // 4 + draw[:, 1] * (12 * HOUR_MS >> 16)
    every = Tickets(
        key=OUTAGE_TICKET * 10**14 + block.accounts.row[account],
        account=account,
        created_ms=created,
        closed_ms=created + HOUR_MS + p.OUTAGE_HOURS * HOUR_MS + draw[:, 2] * HOUR_MS // 2_048,
        category=np.zeros_like(account),
        priority=np.full_like(account, code("ticket_priorities", "urgent")),
        draw=draw,
    )
    return chosen(every, created < block.world.end_ms)


def _stops_behind(block: Block, months: Months, row: Ints) -> tuple[NDArray[np.bool_], Ints]:
    """Which tickets are about a device that stopped, and when it did: the first ones of a month, a stop each.

    Of the whole last month, wherever in it the window ends: a later end must not make other tickets of them.
    """
    world = block.world
    stops = downtimes(block, int(world.month_days[world.months]) * DAY_MS)
    stops = chosen(stops, stops.column < p.MAX_FAILURES)
    owner = block.machines.venue_account[block.machines.device_venue[stops.device]]
    served = service_row(block, owner, stops.down_ms)
    every = block.months
    at = every.account[served] << 8 | every.step[served]
    order = np.lexsort((stops.down_ms, at))
    at, down_ms = at[order], stops.down_ms[order]
    wanted = (months.account << 8 | months.step)[row]
    place = np.searchsorted(at, wanted) + np.arange(len(row)) - np.searchsorted(row, row)
    found = place < np.searchsorted(at, wanted, side="right")
    return found, down_ms[np.minimum(place, len(down_ms) - 1)] if len(down_ms) else np.zeros_like(row)


def tickets_table(block: Block, cases: Tickets) -> Columns:
    """hubspot_tickets: one row per ticket, as it stands at the end of the window."""
    count, row = len(cases.key), block.accounts.row[cases.account]
    closed = cases.closed_ms < block.world.end_ms
    stage = np.where(closed, code("ticket_stages", "closed"), cases.draw[:, 10] % 3)
    changed = np.where(closed, cases.closed_ms, cases.created_ms)
    subjects = [_SUBJECTS[name] for name in values("ticket_categories")]
    associations = obj(
        count,
        contact_ids=listed(count, quoted(count, digits(contact_number(row, 0), 9))),
        company_ids=listed(count, quoted(count, company_key(row))),
        deal_ids=b"[]",
    )
    return cases.key, {
        "id": text(count, digits(cases.key, 15)),
        "properties": strings(_ticket_properties(block, cases, closed)),
        "associations": strings(associations),
        "subject": choices(cases.category, subjects),
        "content": choices(cases.category, [f"{subject}. Please help." for subject in subjects]),
        "hs_pipeline": constant(count, values("ticket_pipelines")[0]),
        "hs_pipeline_stage": choices(stage, values("ticket_stages")),
        "hs_ticket_priority": choices(cases.priority, values("ticket_priorities")),
        "createdate": timestamps(cases.created_ms),
        "hs_lastmodifieddate": timestamps(changed),
        "archived": pa.array(np.zeros(count, bool)),
        "created_at": timestamps(changed + SYNC_MS),
    }


def _ticket_properties(block: Block, cases: Tickets, closed: NDArray[np.bool_]) -> Texts:
    """What HubSpot keeps in a JSON object."""
    count, key = len(cases.key), quoted(len(cases.key), digits(cases.key, 15))
    owner = owner_key(block.leads.owner[block.accounts.lead[cases.account]])
    closed_at = quoted(count, milliseconds(cases.closed_ms))
    took = quoted(count, whole(cases.closed_ms - cases.created_ms))
    return obj(
        count,
        hs_object_id=key,
        hs_ticket_id=key,
        hs_ticket_category=quoted(count, words(values("ticket_categories"))[cases.category]),
        source_type=quoted(count, words(values("ticket_sources"))[cases.draw[:, 11] & 3]),
        hubspot_owner_id=quoted(count, owner),
        hs_created_by_user_id=b"null",
        hs_custom_object_id=b"null",
        closed_date=np.where(closed, closed_at, b"null"),
        hs_resolution_time=np.where(closed, took, b"null"),
    )


@dataclass(frozen=True)
class _Talks:
    """What is said and written, a row each."""

    key: Ints
    lead: Ints
    ms: Ints
    deal: Ints
    """Number of the deal, 0 without one."""
    topic: Ints
    """Place among ``_TALK``."""


def _about_deals(block: Block) -> _Talks:
    world, leads = block.world, block.leads
    rows = np.flatnonzero(leads.has_deal & (leads.deal_ms < world.end_ms))
    draw = world.stream("engagements.deals").keyed16(leads.row[rows]).astype(np.int64)
    parent, place = positions(categories(p.ENGAGEMENTS_PER_DEAL_WEIGHTS)[draw[:, 0]])
    lead, lane = rows[parent], draw[parent, 1 + place]
    length = leads.close_ms[lead] - leads.deal_ms[lead]
    deal = deal_number(leads.row[lead], 0)
    return _Talks(
        key=10**18 + (deal * 8 + place) * 4 + DEAL_TALK,
        lead=lead,
        ms=leads.deal_ms[lead] + 600_000 + length // 65_536 * lane,
        deal=deal,
        topic=np.minimum(place, 3),
    )


def _check_ins(block: Block, months: Months) -> _Talks:
    row = block.accounts.row[months.account] << 7 | months.step
    draw = block.world.stream("engagements.checks").keyed16(row, 2)
    due = np.flatnonzero(draw[:, 0] < p.CHECK_IN_PCT * 65_536 // 100)
    begin = months.start_ms[due]
    span = np.minimum(months.stop_ms[due], begin + 27 * DAY_MS) - begin
    return _Talks(
        key=row[due] * 4 + CHECK_IN + (1 << 60),
        lead=block.accounts.lead[months.account[due]],
        ms=begin + (span >> 16) * draw[due, 1],
        deal=np.zeros(len(due), np.int64),
        topic=np.full(len(due), _TALK.index("Check-in")),
    )


def _about_tickets(block: Block, cases: Tickets) -> _Talks:
    return _Talks(
        key=10**18 + cases.key * 4 + TICKET_TALK,
        lead=block.accounts.lead[cases.account],
        ms=cases.created_ms + (cases.closed_ms - cases.created_ms) // 3,
        deal=np.zeros(len(cases.key), np.int64),
        topic=np.full(len(cases.key), _TALK.index("Your ticket")),
    )


def engagements_table(block: Block, names: Names, months: Months, cases: Tickets) -> Columns:
    """hubspot_engagements: calls, e-mails, meetings, notes and tasks around deals, customers and tickets."""
    talks = joined([_about_deals(block), _check_ins(block, months), _about_tickets(block, cases)])
    talks = chosen(talks, talks.ms < block.world.end_ms)
    draw = block.world.stream("engagements").keyed16(talks.key).astype(np.int64)
    kind = categories((44, 26, 14, 10, 6))[draw[:, 0]]
    count, row = len(talks.key), block.leads.row[talks.lead]
    owner, unique, ms = owner_key(block.leads.owner[talks.lead]), digits(talks.key, 19), talks.ms
    engagement = obj(
        count,
        id=quoted(count, unique),
        portalId=b"4040",
        active=b"true",
        createdAt=milliseconds(ms),
        lastUpdated=milliseconds(ms),
        createdBy=owner,
        modifiedBy=owner,
        ownerId=quoted(count, owner),
        type=quoted(count, words([name.upper() for name in values("engagement_types")])[kind]),
        uid=quoted(count, unique),
        timestamp=milliseconds(ms),
    )
    deal = listed(count, quoted(count, digits(np.maximum(talks.deal, 1), 11)))
    associations = obj(
        count,
        contactIds=listed(count, quoted(count, digits(contact_number(row, 0), 9))),
        companyIds=listed(count, quoted(count, company_key(row))),
        dealIds=np.where(talks.deal > 0, deal, b"[]"),
    )
    return talks.key, {
        "id": text(count, unique),
        "engagement": strings(engagement),
        "associations": strings(associations),
        "metadata": strings(_metadata(names, talks, kind, draw)),
        "createdat": timestamps(ms),
        "updatedat": timestamps(ms),
        "created_at": timestamps(ms + SYNC_MS),
    }


def _metadata(names: Names, talks: _Talks, kind: Ints, draw: Ints) -> Texts:
    """What was written or said, by type."""
    count, ms = len(talks.key), talks.ms
    subject = quoted(count, words(_TALK)[talks.topic])
    length_ms = (1 + (draw[:, 1] ** 2 * 45 >> 32)) * 60_000
    email = obj(
        count,
        subject=subject,
        to=quoted(count, names.email[talks.lead]),
        status=b'"SENT"',
        sentVia=b'"hubspot"',
        text=subject,
    )
    call = obj(
        count,
        durationMilliseconds=quoted(count, digits(length_ms, 7)),
        status=b'"COMPLETED"',
        body=subject,
        toNumber=quoted(count, names.phone[talks.lead]),
        fromNumber=b'"+1-555-100-0000"',
        disposition=quoted(count, words(values("call_dispositions"))[draw[:, 2] & 3]),
    )
    meeting = obj(
        count,
        title=subject,
        startTime=milliseconds(ms),
        endTime=milliseconds(ms + length_ms),
        meetingType=b'"video"',
        location=b"null",
        meetingOutcome=quoted(count, words(values("meeting_outcomes"))[draw[:, 3] % 5]),
    )
    note = obj(count, body=subject)
    task = obj(count, subject=subject, status=b'"COMPLETED"', body=subject)
    talk = [email, call, meeting, note, task]
    found = np.zeros(count, f"S{max(part.dtype.itemsize for part in talk)}")
    for number, part in enumerate(talk):
        rows = kind == number
        found[rows] = part[rows]
    return found
