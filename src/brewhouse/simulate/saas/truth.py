"""What no real company can know of itself."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, choices, dates, integers, money, timestamps
from brewhouse.simulate.engine.texts import digits, text, where
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.keys import account_key, device_key, user_number
from brewhouse.simulate.saas.lifecycle_records import CAUSES, CHURN, MOVEMENTS, REACTIVATION
from brewhouse.simulate.saas.market import effects_q12
from brewhouse.simulate.saas.service import service_row
from brewhouse.simulate.saas.taps import Downtimes
from brewhouse.simulate.saas.taps import downtimes as downtimes_of
from brewhouse.simulate.saas.vocabulary import values

Ints = NDArray[np.int64]


def mrr(block: Block) -> pa.Table:
    """truth.mrr: one row per account and stretch of days with the same MRR, from its first paid day on."""
    moves = block.moves
    rows = np.flatnonzero(moves.ms < block.world.end_ms)
    rows = rows[np.lexsort((moves.ms[rows], moves.account[rows]))]
    account, ms = moves.account[rows], moves.ms[rows]
    last = np.diff(account, append=-1) != 0
    until = np.where(last, 0, np.roll(ms, -1))
    row = block.accounts.row[account]
    count = len(rows)
    return pa.table(
        {
            "account_id": text(count, account_key(row)),
            "moved_at": timestamps(ms),
            "valid_from": dates(ms // DAY_MS),
            "valid_to": where(dates(until // DAY_MS), ~last),
            "movement": choices(moves.movement[rows], MOVEMENTS),
            "cause": choices(moves.cause[rows], CAUSES),
            "mrr_before": money(moves.before[rows], 14),
            "mrr": money(moves.after[rows], 14),
        }
    )


def account_months(block: Block) -> pa.Table:
    """truth.account_months: one row per account and month of service, with its latent health and hazard."""
    months = block.months
    rows = np.flatnonzero(months.start_ms < block.world.end_ms)
    count = len(rows)
    stops = downtimes_of(block)
    owner = block.machines.venue_account[block.machines.device_venue[stops.device]]
    stopped = np.bincount(service_row(block, owner, stops.down_ms), minlength=len(months.account))
    return pa.table(
        {
            "account_id": text(count, account_key(block.accounts.row[months.account[rows]])),
            "month_number": integers(months.step[rows]),
            "began_at": timestamps(months.start_ms[rows]),
            "ended_at": timestamps(months.stop_ms[rows]),
            "is_trial": pa.array(months.trial[rows]),
            "plan": choices(months.plan[rows], values("plans")),
            "is_annual": pa.array(months.annual[rows] == 1),
            "health_q12": integers(months.health[rows]),
            "churn_hazard_u32": integers(months.hazard[rows]),
            "mrr": money(months.mrr[rows], 14),
            "tickets": integers(months.tickets[rows]),
            "device_failures": integers(stopped[rows]),
        }
    )


def accounts(block: Block) -> pa.Table:
    """truth.accounts: one row per account, with its fit and when and why it was lost for good or for now."""
    world, signed, moves = block.world, block.accounts, block.moves
    rows = np.flatnonzero(signed.created_ms < world.end_ms)
    gone = np.zeros(len(signed), np.int64)
    why = np.zeros(len(signed), np.int64)
    churned = np.flatnonzero((moves.movement == CHURN) & (moves.ms < world.end_ms))
    gone[moves.account[churned]], why[moves.account[churned]] = moves.ms[churned], moves.cause[churned]
    back = np.flatnonzero((moves.movement == REACTIVATION) & (moves.ms < world.end_ms))
    last = np.zeros(len(signed), np.int64)
    np.maximum.at(last, moves.account[back], moves.ms[back])
    is_gone = gone[rows] > last[rows]
    count = len(rows)
    return pa.table(
        {
            "account_id": text(count, account_key(signed.row[rows])),
            "created_at": timestamps(signed.created_ms[rows]),
            "first_paid_at": where(timestamps(signed.paid_ms[rows]), ~signed.trial_lost[rows]),
            "churned_at": where(timestamps(gone[rows]), is_gone),
            "churn_cause": where(choices(why[rows], CAUSES).dictionary_decode(), is_gone),
            "fit_q12": integers(block.leads.quality_q12[signed.lead[rows]]),
        }
    )


def conversions(block: Block) -> pa.Table:
    """truth.conversions: one row per lead with a closed deal: won, won without marketing, and by which channel."""
    world, leads = block.world, block.leads
    rows = np.flatnonzero(leads.has_deal & (leads.close_ms < world.end_ms))
    effect = effects_q12(world, leads.channel[rows], leads.campaign[rows])
    effect = np.where(np.arange(effect.shape[1])[None, :] < leads.touches[rows][:, None], effect, 0)
    totals = np.zeros((len(rows), len(values("channels"))), np.int64)
    np.add.at(totals, (np.arange(len(rows))[:, None], leads.channel[rows]), effect)
    count = len(rows)
    return pa.table(
        {
            "mql_id": text(count, b"mql_", digits(leads.row[rows], 9)),
            "account_id": where(text(count, account_key(leads.row[rows])), leads.won[rows]),
            "closed_at": timestamps(leads.close_ms[rows]),
            "is_won": pa.array(leads.won[rows]),
            "is_won_without_marketing": pa.array(leads.won_untouched[rows]),
            "odds_u32": integers(leads.odds[rows]),
            "odds_without_marketing_u32": integers(leads.odds_untouched[rows]),
            "true_channel": choices(totals.argmax(axis=1), values("channels")),
        }
    )


def experiment(block: Block) -> pa.Table:
    """truth.experiment: one row per user who takes part, with what would happen under either variant."""
    world, people = block.world, block.users
    rows = np.flatnonzero((people.variant >= 0) & (people.created_ms < world.end_ms))
    tested = values("features").index(p.EXPERIMENT_FEATURE)
    adopted = people.adopted_ms[rows, tested]
    seen = (adopted < world.end_ms) & (service_row(block, people.account[rows], adopted) >= 0)
    row = block.accounts.row[people.account[rows]]
    count = len(rows)
    return pa.table(
        {
            "user_id": text(count, digits(user_number(row, people.seat[rows]), 12)),
            "feature_name": choices(np.full(count, tested), values("features")),
            "variant": choices(people.variant[rows], values("experiment_variants")),
            "adopts_as_control": pa.array(people.would_adopt[rows, 0]),
            "adopts_as_treatment": pa.array(people.would_adopt[rows, 1]),
            "adopted_at": where(timestamps(np.where(seen, adopted, 0)), seen),
        }
    )


def downtimes(block: Block, stops: Downtimes) -> pa.Table:
    """truth.device_downtimes: one row per time that a device in service stopped, with how long it was down."""
    world, park = block.world, block.machines
    venue = park.device_venue[stops.device]
    row = block.accounts.row[park.venue_account[venue]]
    count = len(stops.device)
    over = stops.up_ms < world.end_ms
    down = np.minimum(stops.up_ms, world.end_ms) - stops.down_ms
    outage = stops.column == p.MAX_FAILURES
    return pa.table(
        {
            "device_id": text(
                count, device_key(row, park.venue_number[venue], park.device_number[stops.device])
            ),
            "cause": choices(outage.astype(np.int64), ("wear", "firmware_outage")),
            "firmware_version": choices(park.firmware[stops.device], values("firmware_versions")),
            "installed_at": timestamps(park.installed_ms[stops.device]),
            "failed_at": timestamps(stops.down_ms),
            "back_at": where(timestamps(np.where(over, stops.up_ms, 0)), over),
            "downtime_seconds": integers(down // 1000),
        }
    )
