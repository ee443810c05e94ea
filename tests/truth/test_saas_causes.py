"""What can be learned from the simulated saas company is what was put into it: fitted against the parameters.

Bounds are four standard errors, so that a right simulator fails less than once in ten thousand seeds.
"""

from __future__ import annotations

from functools import cache
from math import gamma, sqrt

import numpy as np
import pyarrow as pa
import pytest

from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.block import Block, make_block
from brewhouse.simulate.saas.company import Saas
from brewhouse.simulate.saas.lifecycle_records import CAUSES
from brewhouse.simulate.saas.service import service_row
from brewhouse.simulate.saas.use import sessions
from brewhouse.simulate.saas.vocabulary import values
from brewhouse.simulate.saas.world import NEVER, World

BLOCKS = 3


@cache
def blocks() -> tuple[Block, ...]:
    """Three whole blocks: about 6,000 accounts."""
    world = World(scale=0.3, dirt=0)
    return tuple(make_block(world, number) for number in range(BLOCKS))


def test_churn_hazard_has_the_planted_slope() -> None:
    """A logistic regression of leaving on health, by Newton's method, finds CHURN_HEALTH_PCT."""
    health, left, offset = [], [], []
    for block in blocks():
        months, moves = block.months, block.moves
        at_risk = months.hazard > 0
        health.append(months.health[at_risk])
        left.append(np.zeros(int(at_risk.sum())))
        base = np.array([p.CHURN_LOGIT_Q12[plan] for plan in values("plans")])[months.plan[at_risk]]
        offset.append(base + months.annual[at_risk] * p.CHURN_RENEWAL_Q12)
        voluntary = np.isin(
            moves.cause, (CAUSES.index("canceled_by_customer"), CAUSES.index("out_of_business"))
        )
        gone = np.flatnonzero(voluntary)
        truth = _hazards_of_those_who_left(block, gone)
        health.append(truth[0])
        offset.append(truth[1])
        left.append(np.ones(len(gone)))
    y, h, o = np.concatenate(left), np.concatenate(health), np.concatenate(offset) / 4096
    x = np.stack([np.ones(len(h)), (2048 - h) / 4096], axis=1)
    beta, information = np.zeros(2), np.eye(2)
    for _ in range(60):
        odds = 1 / (1 + np.exp(-(x @ beta + o)))
        information = (x * (odds * (1 - odds))[:, None]).T @ x
        beta += np.clip(np.linalg.solve(information, x.T @ (y - odds)), -1, 1)
    error = np.sqrt(np.diag(np.linalg.inv(information)))
    assert len(y) > 20_000
    assert y.sum() > 300
    assert abs(beta[1] - p.CHURN_HEALTH_PCT / 100) < 4 * error[1]
    assert abs(beta[0]) < 4 * error[0]


def _hazards_of_those_who_left(block: Block, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Health and base logit in the month in which they left: their state is that after the month before."""
    months, moves = block.months, block.moves
    key = months.account * 64 + months.step
    order = np.argsort(key)
    step = block.world.month_of(moves.ms[gone])
    before = order[np.searchsorted(key[order], moves.account[gone] * 64 + step - 1)]
    base = np.array([p.CHURN_LOGIT_Q12[plan] for plan in values("plans")])[months.plan[before]]
    return block.moves.health[gone], base + months.annual[before] * p.CHURN_RENEWAL_Q12


def test_lives_of_devices_are_weibull() -> None:
    """Maximum likelihood over lives that ended and lives still going on finds shape and scale."""
    ended, going = [], []
    for block in blocks():
        park = block.machines
        device = np.flatnonzero(park.installed_ms < block.world.end_ms)
        begin = park.installed_ms[device]
        for column in range(p.MAX_FAILURES):
            fails = park.failed_ms[device, column]
            died = (fails < block.world.end_ms) & (begin < block.world.end_ms)
            ended.append((fails - begin)[died] / DAY_MS)
            alive = ~died & (begin < block.world.end_ms)
            going.append((block.world.end_ms - begin)[alive] / DAY_MS)
            begin = np.where(died, park.back_ms[device, column], NEVER)
    dead, alive = np.concatenate(ended), np.concatenate(going)
    both = np.concatenate([dead, alive])
    shape, power = 1.0, both
    for _ in range(60):  # Newton on the profile likelihood of the shape; Cohen (1965)
        power = both**shape
        logs = np.log(both)
        a, b, c = power.sum(), (power * logs).sum(), (power * logs * logs).sum()
        slope = 1 / shape + np.log(dead).mean() - b / a
        shape -= slope / (-1 / shape**2 - (c * a - b * b) / a**2)
    scale = (power.sum() / len(dead)) ** (1 / shape)
    error = 0.8 / sqrt(len(dead)) * shape
    assert len(dead) > 3_000
    assert abs(shape - p.WEIBULL_SHAPE_PCT / 100) < 4 * error
    assert abs(scale / p.WEIBULL_SCALE_DAYS - 1) < 4 / (shape * sqrt(len(dead))) * 1.1
    assert gamma(1 + 1 / shape) * scale > 700


def test_the_experiment_has_its_effect() -> None:
    """Treatment less control lies within four standard errors of EXPERIMENT_LIFT_PCT, on what can be observed."""
    told = [Saas(World(scale=0.3, dirt=0)).chunk(number)["truth/experiment"] for number in range(BLOCKS)]
    users = pa.concat_tables([table.cast(_plain(table)) for table in told]).to_pylist()
    share, size = {}, {}
    for variant in values("experiment_variants"):
        group = [user for user in users if user["variant"] == variant]
        size[variant] = len(group)
        share[variant] = sum(user[f"adopts_as_{variant}"] for user in group) / len(group)
    error = sqrt(sum(share[variant] * (1 - share[variant]) / size[variant] for variant in share))
    lift = share["treatment"] - share["control"]
    assert min(size.values()) > 1_500
    assert abs(lift - p.EXPERIMENT_LIFT_PCT / 100) < 4 * error
    effect = sum(user["adopts_as_treatment"] - user["adopts_as_control"] for user in users) / len(users)
    assert abs(effect - p.EXPERIMENT_LIFT_PCT / 100) < 4 * sqrt(0.12 * 0.88 / len(users))
    seen = {
        variant: sum(user["adopted_at"] is not None for user in users if user["variant"] == variant)
        / size[variant]
        for variant in share
    }
    assert seen["treatment"] > seen["control"]


def _plain(table: pa.Table) -> pa.Schema:
    return pa.schema(
        [
            pa.field(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
            for field in table.schema
        ]
    )


@pytest.mark.parametrize("channel", values("channels"))
def test_touches_follow_the_channels_weights(channel: str) -> None:
    counts = np.zeros(len(values("channels")))
    for block in blocks():
        leads = block.leads
        seen = np.arange(leads.channel.shape[1])[None, :] < leads.touches[:, None]
        counts += np.bincount(leads.channel[seen], minlength=len(counts))
    expected = p.CHANNEL_WEIGHTS[channel] / sum(p.CHANNEL_WEIGHTS.values())
    share = counts[values("channels").index(channel)] / counts.sum()
    assert abs(share - expected) < 4 * sqrt(expected * (1 - expected) / counts.sum()) + 1 / 65_536


def test_marketing_is_worth_what_its_effects_say() -> None:
    """Won deals are as many as the sum of their odds, with marketing and without."""
    won, untouched, odds, base, spread = 0.0, 0.0, 0.0, 0.0, 0.0
    for block in blocks():
        leads = block.leads
        deals = leads.has_deal
        chance = leads.odds[deals] / 2**32
        won += leads.won[deals].sum()
        untouched += leads.won_untouched[deals].sum()
        odds += chance.sum()
        base += (leads.odds_untouched[deals] / 2**32).sum()
        spread += (chance * (1 - chance)).sum()
        assert not (leads.won_untouched & ~leads.won).any()
    assert abs(won - odds) < 4 * sqrt(spread)
    assert abs(untouched - base) < 4 * sqrt(spread)
    assert untouched < 0.8 * won


def test_health_drives_use_and_churn_and_failures_bring_tickets() -> None:
    """The causal arrows have their signs."""
    block = blocks()[0]
    months, moves = block.months, block.moves
    failing = months.failures > 0
    assert months.tickets[failing].mean() > 2 * months.tickets[~failing].mean()
    voluntary = np.isin(moves.cause, (CAUSES.index("canceled_by_customer"), CAUSES.index("out_of_business")))
    assert moves.health[voluntary].mean() < months.health.mean() - 150
    visits = sessions(block, months)
    row = service_row(block, block.users.account[visits.user], visits.start_ms)
    per_user = np.bincount(row, minlength=len(months.account)) / block.accounts.users[months.account]
    low, high = np.quantile(months.health, [0.2, 0.8])
    assert per_user[months.health > high].mean() > 1.3 * per_user[months.health < low].mean()
