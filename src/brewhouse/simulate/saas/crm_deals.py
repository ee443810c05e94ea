"""What HubSpot knows of deals: with new customers, and with those that take a higher plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS, choices, dates, money, timestamps
from brewhouse.simulate.engine.texts import Texts, digits, numbers, strings, text, whole, words
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.crm_tables import SYNC_MS
from brewhouse.simulate.saas.identity import Names
from brewhouse.simulate.saas.json_text import listed, obj, quoted
from brewhouse.simulate.saas.keys import company_key, contact_number, deal_number, owner_key
from brewhouse.simulate.saas.lifecycle_records import EXPANSION, joined
from brewhouse.simulate.saas.market import stage_now
from brewhouse.simulate.saas.pricing import plan_numbers, price_cents
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEW_CUSTOMER, UPGRADE = 0, 1
"""Codes of ``deal_pipelines`` and of ``deal_types``."""

STAGE_PROBABILITY: Final = ("0.2", "0.4", "0.6", "0.9", "1.0", "0.0")
DESCRIPTIONS: Final = ("Monitoring of taps", "More of it")
EXPANSIONS: Final = ("null", '"plan"')
NAME_TAILS: Final = (" - new", " - upgrade")


@dataclass(frozen=True)
class _Deals:
    """Deals that began within the window, a row each."""

    key: Ints
    lead: Ints
    pipeline: Ints
    stage: Ints
    cents: Ints
    begun_ms: Ints
    closes_ms: Ints
    won: Flags
    lost: Flags
    draw: Ints
    """Matrix: what reasons and counts are made of."""


def deals_table(block: Block, names: Names) -> Columns:
    """hubspot_deals: one row per deal with a new customer, and per change to a higher plan."""
    deals = joined([_new_deals(block), _upgrades(block)])
    row, count = block.leads.row[deals.lead], len(deals.key)
    changed = np.where(deals.won | deals.lost, deals.closes_ms, deals.begun_ms)
    associations = obj(
        count,
        contact_ids=listed(count, quoted(count, digits(contact_number(row, 0), 9))),
        company_ids=listed(count, quoted(count, company_key(row))),
    )
    return deals.key, {
        "id": text(count, digits(deals.key, 11)),
        "properties": strings(_properties(block, deals)),
        "associations": strings(associations),
        "dealname": text(count, names.company[deals.lead], words(NAME_TAILS)[deals.pipeline]),
        "amount": money(deals.cents, 12),
        "dealstage": choices(deals.stage, values("deal_stages")).dictionary_decode(),
        "pipeline": choices(deals.pipeline, values("deal_pipelines")).dictionary_decode(),
        "closedate": dates(deals.closes_ms // DAY_MS),
        "createdat": timestamps(deals.begun_ms),
        "updatedat": timestamps(changed),
        "archived": pa.array(np.zeros(count, bool)),
        "created_at": timestamps(changed + SYNC_MS),
    }


def _new_deals(block: Block) -> _Deals:
    """A deal is worth a year at the list price of the plan asked for; once won, a year of what was signed."""
    world, leads = block.world, block.leads
    rows = np.flatnonzero(leads.has_deal & (leads.deal_ms < world.end_ms))
    closed = leads.close_ms[rows] < world.end_ms
    signed, first = block.accounts, block.first_month[block.terms.term == 0]
    months = block.months
    contract = np.zeros(len(leads), np.int64)
    owner = signed.lead[months.account[first]]
    plan, annual = months.plan[first], months.annual[first][:, None] == 1
    unit = np.where(annual, price_cents(True)[plan], price_cents(False)[plan])
    gross = (months.quantity[first] * unit).sum(axis=1)
    contract[owner] = gross * (100 - months.discount_pct[first]) // 100 * 12
    asked = plan_numbers("monthly_usd")[leads.plan[rows]] * 1_200
    return _Deals(
        key=deal_number(leads.row[rows], 0),
        lead=rows,
        pipeline=np.full(len(rows), NEW_CUSTOMER),
        stage=stage_now(world, leads)[rows],
        cents=np.where(closed & leads.won[rows], contract[rows], asked),
        begun_ms=leads.deal_ms[rows],
        closes_ms=np.where(closed, leads.close_ms[rows], leads.deal_ms[rows] + p.CYCLE_DAYS * DAY_MS),
        won=closed & leads.won[rows],
        lost=closed & ~leads.won[rows],
        draw=world.stream("deals.reasons").keyed16(leads.row[rows]).astype(np.int64),
    )


def _upgrades(block: Block) -> _Deals:
    """A change to a higher plan is sold by the customer's owner, and won at once."""
    world, moves = block.world, block.moves
    bought = np.flatnonzero((moves.movement == EXPANSION) & (moves.ms < world.end_ms))
    began = block.terms.start_ms[block.term_row(moves.account[bought], moves.term[bought])]
    bought = bought[(moves.term[bought] > 0) & (began == moves.ms[bought])]
    lead, ms = block.accounts.lead[moves.account[bought]], moves.ms[bought]
    key = deal_number(block.leads.row[lead], world.month_of(ms) + 1)
    return _Deals(
        key=key,
        lead=lead,
        pipeline=np.full(len(bought), UPGRADE),
        stage=np.full(len(bought), code("deal_stages", "closedwon")),
        cents=(moves.after - moves.before)[bought] * 12,
        begun_ms=np.maximum(ms - 9 * DAY_MS, block.leads.close_ms[lead] + HOUR_MS),
        closes_ms=ms,
        won=np.ones(len(bought), bool),
        lost=np.zeros(len(bought), bool),
        draw=world.stream("deals.reasons").keyed16(key).astype(np.int64),
    )


def _properties(block: Block, deals: _Deals) -> Texts:
    """What HubSpot keeps in a JSON object."""
    leads, count, draw, kind = block.leads, len(deals.key), deals.draw, deals.pipeline
    closed = deals.won | deals.lost
    priority = np.minimum(leads.plan[deals.lead], 2)
    days = np.maximum(0, (deals.closes_ms - deals.begun_ms) // DAY_MS)
    return obj(
        count,
        description=quoted(count, words(DESCRIPTIONS)[kind]),
        hs_deal_stage_probability=quoted(count, words(STAGE_PROBABILITY)[deals.stage]),
        dealtype=quoted(count, words(values("deal_types"))[kind]),
        expansion_type=words(EXPANSIONS)[kind],
        hs_priority=quoted(count, words(values("deal_priorities"))[priority]),
        hubspot_owner_id=quoted(count, owner_key(leads.owner[deals.lead])),
        num_meetings=quoted(count, numbers(0, 9)[draw[:, 0] & 3]),
        num_notes=quoted(count, numbers(0, 9)[draw[:, 1] & 7]),
        competitor=_picked("competitors", draw[:, 2], deals.lost & (draw[:, 3] < 30_000)),
        days_to_close=np.where(closed, quoted(count, whole(days)), b"null"),
        closed_won_reason=_picked("closed_won_reasons", draw[:, 4], deals.won),
        closed_lost_reason=_picked("closed_lost_reasons", draw[:, 5], deals.lost),
        next_step=np.where(closed, b"null", b'"follow up"'),
    )


def _picked(name: str, draw: Ints, present: Flags) -> Texts:
    """A value of a list, as JSON; null unless ``present``."""
    table = words([f'"{value}"' for value in values(name)])
    return np.where(present, table[draw % len(table)], b"null")
