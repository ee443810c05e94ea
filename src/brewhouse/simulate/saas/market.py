"""Who hears of the product, through which campaigns, and who becomes a lead, a deal and a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import Q12, categories, chance, lognormal_q12, normal_q12
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.campaigns import campaigns
from brewhouse.simulate.saas.vocabulary import code, values, weights
from brewhouse.simulate.saas.world import World

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

HOUR_MS: Final = 3_600_000
TOUCHES: Final = len(p.TOUCH_COUNT_WEIGHTS)
DEAL_STAGES_OPEN: Final = 4
"""Stages before a deal is won or lost."""


@dataclass(frozen=True)
class Prospects:
    """One block of leads, a row each; matrices have a column a touch."""

    row: Ints
    """Number over all blocks."""
    country: Ints
    place: Ints
    """A draw that chooses city and street."""
    business: Ints
    industry: Ints
    quality_q12: Ints
    """How well product and prospect fit; latent."""
    plan: Ints
    locations: Ints
    owner: Ints
    touches: Ints
    channel: Ints
    campaign: Ints
    """Row of the campaign, -1 where the channel has none."""
    touch_ms: Ints
    lead_ms: Ints
    score: Ints
    """0 to 100."""
    is_mql: Flags
    mql_ms: Ints
    has_deal: Flags
    deal_ms: Ints
    close_ms: Ints
    won: Flags
    won_untouched: Flags
    """Whether the deal would have been won without any marketing touch, all chance being equal."""
    odds: Ints
    odds_untouched: Ints
    """Thresholds of the same uniform 32-bit draw."""

    def __len__(self) -> int:
        return len(self.row)


def prospects(world: World, block: int) -> Prospects:
    """Draw the leads of one block and what becomes of them, for the longest window."""
    row = world.rows_of(block)
    count = len(row)
    draw = world.stream("prospect").lanes16(count, block=block)
    quality = normal_q12()[draw[:, 0]]
    plan = categories(weights("plans", p.PLAN_WEIGHTS))[draw[:, 1]]
    mean = np.array(weights("plans", p.LOCATIONS_Q12), np.int64)[plan]
    size = mean * lognormal_q12(p.LOCATION_SIGMA_PCT)[draw[:, 2]] // Q12
    locations = np.clip((size + Q12 // 2) // Q12, 1, p.MAX_LOCATIONS // 2)
    touches, channel, campaign, touch_ms, effect = _touches(world, block, count)
    last_ms = np.take_along_axis(touch_ms, touches[:, None] - 1, 1)[:, 0]
    u = world.stream("prospect.decisions").lanes32(count, block=block).astype(np.int64)
    is_mql = u[:, 0] < chance(p.MQL_LOGIT_Q12 + quality * p.MQL_QUALITY_PCT // 100)
    has_deal = is_mql & (u[:, 1] < chance(np.full(count, p.DEAL_LOGIT_Q12)))
    base = p.WON_LOGIT_Q12 + quality * p.WON_QUALITY_PCT // 100
    odds, odds_untouched = chance(base + effect), chance(base)
    mql_ms = last_ms + HOUR_MS + below(_u32(u[:, 3]), 20 * HOUR_MS)
    deal_ms = mql_ms + HOUR_MS + below(_u32(u[:, 4]), 9 * DAY_MS)
    score = 50 + (quality * 12 + effect * 4) // Q12 + below(_u32(u[:, 5]), 13) - 6
    return Prospects(
        row=row,
        country=categories(weights("countries", p.COUNTRY_WEIGHTS))[draw[:, 3]],
        place=draw[:, 4].astype(np.int64),
        business=categories(p.BUSINESS_TYPE_WEIGHTS)[draw[:, 5]],
        industry=categories(p.INDUSTRY_WEIGHTS)[draw[:, 6]],
        quality_q12=quality,
        plan=plan,
        locations=locations,
        owner=below(_u32(u[:, 6]), p.OWNERS),
        touches=touches,
        channel=channel,
        campaign=campaign,
        touch_ms=touch_ms,
        lead_ms=touch_ms[:, 0] + 60_000 + below(_u32(u[:, 7]), HOUR_MS // 2),
        score=np.clip(score, 1, 100),
        is_mql=is_mql,
        mql_ms=mql_ms,
        has_deal=has_deal,
        deal_ms=deal_ms,
        close_ms=_close(world, block, deal_ms, plan),
        won=has_deal & (u[:, 2] < odds),
        won_untouched=has_deal & (u[:, 2] < odds_untouched),
        odds=odds,
        odds_untouched=odds_untouched,
    )


def _u32(draw: Ints) -> NDArray[np.uint32]:
    return draw.astype(np.uint32)


def _touches(world: World, block: int, count: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Number, channels, campaigns and moments of each prospect's touches, and what they add to the logit."""
    draw = world.stream("touches").lanes16(count, block=block)
    channels = world.stream("touches.channel").lanes16(count, block=block)[:, :TOUCHES]
    gaps = world.stream("touches.gap").lanes16(count, block=block)[:, :TOUCHES]
    cell = world.stream("touches.campaign").lanes16(count, block=block)[:, :TOUCHES] >> 8
    fine = world.stream("touches.moment").lanes32(count, block=block)
    touches = categories(p.TOUCH_COUNT_WEIGHTS)[draw[:, 0]] + 1
    channel = categories(weights("channels", p.CHANNEL_WEIGHTS))[channels]
    month = world.arrival_month[draw[:, 1]]
    days = world.month_days[month + 1] - world.month_days[month]
    day = world.month_days[month] + below(fine[:, 0], days)
    first = day * DAY_MS + world.app_hours[draw[:, 2]] * HOUR_MS + below(fine[:, 1], HOUR_MS)
    gap = p.TOUCH_GAP_HOURS * HOUR_MS // Q12 * lognormal_q12(p.TOUCH_GAP_SIGMA_PCT)[gaps]
    gap = np.minimum(gap, 45 * DAY_MS)
    gap[:, 0] = 0
    moment = first[:, None] + np.cumsum(gap, axis=1)
    cells, platform_of = campaigns(world).table
    platform = platform_of[channel]
    in_month = np.minimum(world.month_of(moment), p.MAX_MONTHS - 1)
    campaign = np.where(platform >= 0, cells[in_month, platform, cell], -1)
    by_channel = np.array(weights("channels", p.CHANNEL_EFFECT_Q12), np.int64)[channel]
    each = np.where(campaign >= 0, campaigns(world).effect_q12[campaign], by_channel)
    seen = np.arange(TOUCHES)[None, :] < touches[:, None]
    return touches, channel, campaign, moment, np.where(seen, each, 0).sum(axis=1)


def _close(world: World, block: int, deal_ms: Ints, plan: Ints) -> Ints:
    """When a deal is won or lost; in the first 28 days of a month, as contracts renew on that day."""
    draw = world.stream("deals").lanes16(len(deal_ms), block=block)
    slow = np.array([70, 100, 160, 240])[plan]
    days = 5 + np.minimum(p.CYCLE_DAYS * lognormal_q12(p.CYCLE_SIGMA_PCT)[draw[:, 0]] * slow // (100 * Q12), 200)
    moment = deal_ms + days * DAY_MS + draw[:, 1].astype(np.int64) * 137
    day = moment // DAY_MS
    month = np.minimum(world.month_of(moment), p.MAX_MONTHS + 2)
    over = np.maximum(0, day - world.month_days[month] - 27)
    return moment - over * DAY_MS


@dataclass(frozen=True)
class Totals:
    """What the touches of all blocks add up to, for the tables that speak of the whole market."""

    clicks: Ints
    """Touches by campaign and month."""
    leads: Ints
    """Leads with a touch of the campaign, once each: what its platform claims."""
    leads_by_day: Ints
    """New leads by day of the window."""


def totals(world: World) -> Totals:
    """Count over all blocks, up to the end of the window; drawing the touches alone is cheap."""
    rows = len(campaigns(world))
    clicks = np.zeros((rows, p.MAX_MONTHS), np.int64)
    leads = np.zeros(rows, np.int64)
    first_day = int(world.month_days[0])
    by_day = np.zeros(world.end_ms // DAY_MS - first_day, np.int64)
    for block in range(-(-world.prospects // p.BLOCK_PROSPECTS)):
        touches, _, campaign, moment, _ = _touches(world, block, len(world.rows_of(block)))
        seen = (np.arange(TOUCHES)[None, :] < touches[:, None]) & (moment < world.end_ms)
        paid = seen & (campaign >= 0)
        month = np.minimum(world.month_of(moment[paid]), p.MAX_MONTHS - 1)
        np.add.at(clicks, (campaign[paid], month), 1)
        lead, _ = np.nonzero(paid)
        pairs = np.unique(lead * rows + campaign[paid])
        leads += np.bincount(pairs % rows, minlength=rows)
        arrived = moment[:, 0][seen[:, 0]] // DAY_MS - first_day
        by_day += np.bincount(arrived, minlength=len(by_day))
    return Totals(clicks, leads, by_day)


def stage_now(world: World, group: Prospects) -> Ints:
    """Stage of each deal at the end of the window, as a code of ``deal_stages``."""
    stages = values("deal_stages")
    length = np.maximum(1, group.close_ms - group.deal_ms)
    passed = np.clip((world.end_ms - group.deal_ms) * DEAL_STAGES_OPEN // length, 0, DEAL_STAGES_OPEN - 1)
    done = np.where(group.won, stages.index("closedwon"), stages.index("closedlost"))
    return np.where(group.close_ms < world.end_ms, done, passed)


def channel_medium(channel: Ints) -> Ints:
    """The medium of each channel, as a code of ``mediums``."""
    table = [code("mediums", p.CHANNEL_MEDIUM[name]) for name in values("channels")]
    return np.array(table, np.int64)[channel]
