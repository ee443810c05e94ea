"""How customers are cared for: tickets, and what is written and said to leads and customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, choices, timestamps
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.tables import categories, lognormal_q12
from brewhouse.simulate.engine.texts import Bytes, digits, milliseconds, pieces, strings, text, whole, words
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.app_tables import company_key
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.crm_tables import SYNC_MS, contact_number, deal_key, owner_key
from brewhouse.simulate.saas.identity import Names
from brewhouse.simulate.saas.json_text import listed, obj, quoted
from brewhouse.simulate.saas.lifecycle import Months
from brewhouse.simulate.saas.service import HOUR_MS, identity_of, leaves, moments
from brewhouse.simulate.saas.stripe_tables import Columns, constant
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]

TICKET: Final = 6
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
    created = moments(months, row, wide[:, :3], world.app_hours[draw[:, 6]], flat)
    failing = np.arange(len(row)) - np.searchsorted(row, row) < months.failures[row]
    category = np.where(failing, 0, 1 + categories((14, 18, 40, 18, 10))[draw[:, 7]])
    urgency = categories((34, 40, 20, 6))[draw[:, 8]]
    priority = np.where(failing, np.maximum(urgency, 2), urgency)
    hours_ms = p.TICKET_HOURS * HOUR_MS // 4_096 * lognormal_q12(60)[draw[:, 9]] // 4_096 * months.pace_q12[row]
    closed = created + 15 * 60_000 + np.minimum(hours_ms, 60 * DAY_MS)
    key = identity_of(steps, sums, block.number, TICKET)
    inside = (created >= months.start_ms[row]) & (created < np.minimum(months.stop_ms[row], world.end_ms))
    kept = np.flatnonzero(inside)
    return Tickets(
        key[kept], months.account[row][kept], created[kept], closed[kept], category[kept], priority[kept],
        draw[kept].astype(np.int64),
    )  # fmt: skip


def tickets_table(block: Block, cases: Tickets) -> Columns:
    """hubspot_tickets: one row per ticket, as it stands at the end of the window."""
    world, signed, leads = block.world, block.accounts, block.leads
    count, row = len(cases.key), signed.row[cases.account]
    closed = cases.closed_ms < world.end_ms
    stage = np.where(closed, code("ticket_stages", "closed"), cases.draw[:, 10] % 3)
    changed = np.where(closed, cases.closed_ms, cases.created_ms)
    key = digits(cases.key, 15)
    owner = owner_key(leads.owner[signed.lead[cases.account]])
    subjects = [_SUBJECTS[name] for name in values("ticket_categories")]
    properties = obj(
        count,
        hs_object_id=quoted(count, key),
        hs_ticket_id=quoted(count, key),
        hs_ticket_category=quoted(count, words(values("ticket_categories"))[cases.category]),
        source_type=quoted(count, words(values("ticket_sources"))[cases.draw[:, 11] & 3]),
        hubspot_owner_id=quoted(count, owner),
        hs_created_by_user_id=b"null",
        hs_custom_object_id=b"null",
        closed_date=np.where(closed, quoted(count, milliseconds(cases.closed_ms)), b"null"),
        hs_resolution_time=np.where(closed, quoted(count, whole(cases.closed_ms - cases.created_ms)), b"null"),
    )
    associations = obj(
        count,
        contact_ids=listed(count, quoted(count, digits(contact_number(row, 0), 9))),
        company_ids=listed(count, quoted(count, company_key(row))),
        deal_ids=b"[]",
    )
    return cases.key, {
        "id": text(count, key),
        "properties": strings(properties),
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


@dataclass(frozen=True)
class _Talks:
    """Engagements of one origin, a row each."""

    key: Ints
    lead: Ints
    ms: Ints
    deal: Ints
    """Number of the deal, 0 without one."""
    topic: Ints


def _talks(block: Block, months: Months, cases: Tickets) -> list[_Talks]:
    world, leads, signed = block.world, block.leads, block.accounts
    rows = np.flatnonzero(leads.has_deal & (leads.deal_ms < world.end_ms))
    draw = world.stream("engagements.deals").keyed16(leads.row[rows]).astype(np.int64)
    parent, place = positions(categories(p.ENGAGEMENTS_PER_DEAL_WEIGHTS)[draw[:, 0]])
    lead, lane = rows[parent], draw[parent, 1 + place]
    length = leads.close_ms[lead] - leads.deal_ms[lead]
    ms = leads.deal_ms[lead] + 600_000 + length // 65_536 * lane
    deal = deal_key(leads.row[lead], 0)
    talked = _Talks(10**18 + (deal * 8 + place) * 4 + DEAL_TALK, lead, ms, deal, np.minimum(place, 3))
    checks = world.stream("engagements.checks").keyed16(signed.row[months.account] << 7 | months.step, 2)
    due = np.flatnonzero(checks[:, 0] < p.CHECK_IN_PCT * 65_536 // 100)
    account = months.account[due]
    span = np.minimum(months.stop_ms[due], months.start_ms[due] + 27 * DAY_MS) - months.start_ms[due]
    ms = months.start_ms[due] + (span >> 16) * checks[due, 1]
    key = ((signed.row[account] << 7 | months.step[due]) * 4 + CHECK_IN) + (1 << 60)
    nothing = np.zeros(len(due), np.int64)
    checked = _Talks(key, signed.lead[account], ms, nothing, nothing + 4)
    answered = _Talks(
        10**18 + cases.key * 4 + TICKET_TALK, signed.lead[cases.account], cases.created_ms + (cases.closed_ms - cases.created_ms) // 3,
        np.zeros(len(cases.key), np.int64), np.full(len(cases.key), 5),
    )  # fmt: skip
    return [talked, checked, answered]


def engagements_table(block: Block, names: Names, months: Months, cases: Tickets) -> Columns:
    """hubspot_engagements: calls, e-mails, meetings, notes and tasks around deals, customers and tickets."""
    parts = _talks(block, months, cases)
    fields = ("key", "lead", "ms", "deal", "topic")
    key, lead, ms, deal, topic = (np.concatenate([getattr(part, name) for part in parts]) for name in fields)
    kept = np.flatnonzero(ms < block.world.end_ms)
    key, lead, ms, deal, topic = key[kept], lead[kept], ms[kept], deal[kept], topic[kept]
    draw = block.world.stream("engagements").keyed16(key).astype(np.int64)
    kind = categories((44, 26, 14, 10, 6))[draw[:, 0]]
    count, row = len(key), block.leads.row[lead]
    owner = owner_key(block.leads.owner[lead])
    unique = digits(key, 19)
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
    associations = obj(
        count,
        contactIds=listed(count, quoted(count, digits(contact_number(row, 0), 9))),
        companyIds=listed(count, quoted(count, company_key(row))),
        dealIds=np.where(deal > 0, listed(count, quoted(count, digits(np.maximum(deal, 1), 11))), b"[]"),
    )
    return key, {
        "id": text(count, unique),
        "engagement": strings(engagement),
        "associations": strings(associations),
        "metadata": strings(_metadata(names, lead, ms, kind, topic, draw)),
        "createdat": timestamps(ms),
        "updatedat": timestamps(ms),
        "created_at": timestamps(ms + SYNC_MS),
    }


def _metadata(names: Names, lead: Ints, ms: Ints, kind: Ints, topic: Ints, draw: Ints) -> Bytes:
    """What was written or said, by type."""
    count = len(lead)
    subject = quoted(count, words(_TALK)[topic])
    minutes = 1 + (draw[:, 1] ** 2 * 45 >> 32)
    thousands = digits(minutes * 60_000, 7)
    length = pieces(count, b'"', thousands, b'"')
    talk = [
        obj(count, subject=subject, to=quoted(count, names.email[lead]), status=b'"SENT"', sentVia=b'"hubspot"', text=subject),
        obj(
            count, durationMilliseconds=length, status=b'"COMPLETED"', body=subject,
            toNumber=quoted(count, names.phone[lead]), fromNumber=b'"+1-555-100-0000"',
            disposition=quoted(count, words(values("call_dispositions"))[draw[:, 2] & 3]),
        ),
        obj(
            count, title=subject, startTime=milliseconds(ms), endTime=milliseconds(ms + minutes * 60_000),
            meetingType=b'"video"', location=b"null",
            meetingOutcome=quoted(count, words(values("meeting_outcomes"))[draw[:, 3] % 5]),
        ),
        obj(count, body=subject),
        obj(count, subject=subject, status=b'"COMPLETED"', body=subject),
    ]  # fmt: skip
    found = np.zeros(count, f"S{max(part.dtype.itemsize for part in talk)}")
    for number, part in enumerate(talk):
        rows = kind == number
        found[rows] = part[rows]
    return found


