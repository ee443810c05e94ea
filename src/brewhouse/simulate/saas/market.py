"""Who hears of the product, through which campaigns, and who becomes a lead, a deal and a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import Q12, categories, chance, lognormal_q12, normal_q12
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.campaigns import campaigns
from brewhouse.simulate.saas.vocabulary import code, values, weights
from brewhouse.simulate.saas.world import World

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

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
    journey = _journeys(world, block, count)
    u = world.stream("prospect.decisions").lanes32(count, block=block)
    last_ms = np.take_along_axis(journey.touch_ms, journey.touches[:, None] - 1, 1)[:, 0]
    mql_ms = last_ms + HOUR_MS + below(u[:, 3], 20 * HOUR_MS)
    deal_ms = mql_ms + HOUR_MS + below(u[:, 4], 9 * DAY_MS)
    score = 50 + (quality * 12 + journey.effect_q12 * 4) // Q12 + below(u[:, 5], 13) - 6
    return Prospects(
        row=row,
        country=categories(weights("countries", p.COUNTRY_WEIGHTS))[draw[:, 3]],
        place=draw[:, 4].astype(np.int64),
        business=categories(p.BUSINESS_TYPE_WEIGHTS)[draw[:, 5]],
        industry=categories(p.INDUSTRY_WEIGHTS)[draw[:, 6]],
        quality_q12=quality,
        plan=plan,
        locations=_locations(plan, draw[:, 2]),
        owner=below(u[:, 6], p.OWNERS),
        touches=journey.touches,
        channel=journey.channel,
        campaign=journey.campaign,
        touch_ms=journey.touch_ms,
        lead_ms=journey.touch_ms[:, 0] + 60_000 + below(u[:, 7], HOUR_MS // 2),
        score=np.clip(score, 1, 100),
        mql_ms=mql_ms,
        deal_ms=deal_ms,
        close_ms=_close(world, block, deal_ms, plan),
        **vars(_decide(u, quality, journey.effect_q12)),
    )


def _locations(plan: Ints, draw16: NDArray[np.uint16]) -> Ints:
    """With how many venues a lead begins if it signs."""
    mean = np.array(weights("plans", p.LOCATIONS_Q12), np.int64)[plan]
    size = mean * lognormal_q12(p.LOCATION_SIGMA_PCT)[draw16] // Q12
    return np.asarray(np.clip((size + Q12 // 2) // Q12, 1, p.MAX_LOCATIONS // 2))


@dataclass(frozen=True)
class _Decisions:
    """What leads and sellers decide, a row a lead; see ``Prospects``."""

    is_mql: Flags
    has_deal: Flags
    won: Flags
    won_untouched: Flags
    odds: Ints
    odds_untouched: Ints


def _decide(draw32: NDArray[np.uint32], quality: Ints, effect: Ints) -> _Decisions:
    """Fit decides over a deal, fit and what the touches add decide whether it is won."""
    u = draw32[:, :3].astype(np.int64)
    is_mql = u[:, 0] < chance(p.MQL_LOGIT_Q12 + quality * p.MQL_QUALITY_PCT // 100)
    has_deal = is_mql & (u[:, 1] < chance(np.full(len(u), p.DEAL_LOGIT_Q12)))
    base = p.WON_LOGIT_Q12 + quality * p.WON_QUALITY_PCT // 100
    odds, untouched = chance(base + effect), chance(base)
    won, anyway = has_deal & (u[:, 2] < odds), has_deal & (u[:, 2] < untouched)
    return _Decisions(is_mql, has_deal, won, anyway, odds, untouched)


@dataclass(frozen=True)
class _Journeys:
    """The touches of each prospect, a column a touch; the first ``touches`` of them happen."""

    touches: Ints
    channel: Ints
    campaign: Ints
    touch_ms: Ints
    effect_q12: Ints
    """What all touches add to the logit, a row a prospect."""


def _journeys(world: World, block: int, count: int) -> _Journeys:
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
    catalogue = campaigns(world)
    platform = catalogue.platform_of_channel[channel]
    in_month = np.minimum(world.month_of(moment), p.MAX_MONTHS - 1)
    campaign = np.where(platform >= 0, catalogue.cells[in_month, platform, cell], -1)
    each = effects_q12(world, channel, campaign)
    seen = np.arange(TOUCHES)[None, :] < touches[:, None]
    return _Journeys(touches, channel, campaign, moment, np.where(seen, each, 0).sum(axis=1))


def effects_q12(world: World, channel: Ints, campaign: Ints) -> Ints:
    """What touches truly add to the logit: what their campaign does, without one what their channel does."""
    by_channel = np.array(weights("channels", p.CHANNEL_EFFECT_Q12), np.int64)[channel]
    return np.where(campaign >= 0, campaigns(world).effect_q12[campaign], by_channel)


def _close(world: World, block: int, deal_ms: Ints, plan: Ints) -> Ints:
    """When a deal is won or lost; in the first 28 days of a month, as contracts renew on that day."""
    draw = world.stream("deals").lanes16(len(deal_ms), block=block)
    slow = np.array([70, 100, 160, 240])[plan]
    days = p.CYCLE_DAYS * lognormal_q12(p.CYCLE_SIGMA_PCT)[draw[:, 0]] * slow // (100 * Q12)
    days = 5 + np.minimum(days, 200)
    moment = deal_ms + days * DAY_MS + draw[:, 1].astype(np.int64) * 137
    day = moment // DAY_MS
    month = np.minimum(world.month_of(moment), p.MAX_MONTHS + 2)
    over = np.maximum(0, day - world.month_days[month] - 27)
    return np.asarray(moment - over * DAY_MS)


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
        journey = _journeys(world, block, len(world.rows_of(block)))
        campaign, moment = journey.campaign, journey.touch_ms
        seen = (np.arange(TOUCHES)[None, :] < journey.touches[:, None]) & (moment < world.end_ms)
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
