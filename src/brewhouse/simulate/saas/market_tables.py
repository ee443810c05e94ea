"""What the marketing platforms deliver: campaigns, the site's days, qualified leads and their touches."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import (
    DAY_MS,
    HOUR_MS,
    choices,
    constant,
    dates,
    integers,
    money,
    timestamps,
)
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.tables import lognormal_q12
from brewhouse.simulate.engine.texts import digits, strings, text, where, whole
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.campaigns import PLATFORMS, campaigns
from brewhouse.simulate.saas.json_text import listed, obj, quoted
from brewhouse.simulate.saas.keys import account_ids, contact_number
from brewhouse.simulate.saas.market import Totals, channel_medium
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.vocabulary import values
from brewhouse.simulate.saas.world import World

Ints = NDArray[np.int64]

SYNC_MS: Final = 6 * HOUR_MS
"""At this time of its last day a campaign is delivered."""

CONTENTS: Final = ("headline_a", "headline_b", "video", "carousel", "newsletter", "case_study")


class CampaignDelivery:
    """The campaigns that began within the window, with what they cost and brought until its end."""

    def __init__(self, world: World, counted: Totals) -> None:
        catalogue = campaigns(world)
        self._world, self._all, self._counted = world, catalogue, counted
        month = np.arange(p.MAX_MONTHS)
        ran = (catalogue.first_month[:, None] <= month) & (month < catalogue.last_month[:, None])
        ran &= month < world.months
        noise = lognormal_q12(40)[world.stream("campaigns.spend").keyed16(catalogue.ids, p.MAX_MONTHS)]
        size = round(world.scale * 4_096)
        budget = catalogue.budget_usd[:, None] * 100 * size >> 12
        self._cents = np.where(ran, budget * world.season_q12[: p.MAX_MONTHS] >> 12, 0) * noise >> 12
        self._begun = catalogue.first_month < world.months

    def table(self, platform: str) -> Columns:
        """The campaigns of one platform, in the columns of its raw table."""
        number = PLATFORMS.index(platform)
        rows = np.flatnonzero((self._all.platform == number) & self._begun)
        make = {
            "google": self._google, "facebook": self._facebook, "linkedin": self._linkedin, "iterable": self._iterable,
        }[platform]  # fmt: skip
        return self._all.ids[rows], make(rows)

    def _common(self, rows: Ints, prefix: str) -> dict[str, pa.Array]:
        catalogue, world, count = self._all, self._world, len(rows)
        ended = catalogue.last_month[rows] < world.months
        names = [f"{prefix} | {catalogue.names[row]}" for row in rows.tolist()]
        synced = np.minimum(self._last_day(rows) * DAY_MS, world.end_ms) - DAY_MS + SYNC_MS
        return {
            "id": text(count, whole(catalogue.ids[rows])),
            "name": pa.array(names),
            "status": choices(np.where(ended, 2, 0), values("campaign_statuses")),
            "created_at": timestamps(np.maximum(synced, self._first_day(rows) * DAY_MS)),
        }

    def _first_day(self, rows: Ints) -> Ints:
        return np.asarray(self._world.month_days[self._all.first_month[rows]])

    def _last_day(self, rows: Ints) -> Ints:
        return np.asarray(self._world.month_days[np.minimum(self._all.last_month[rows], p.MAX_MONTHS)])

    def _delivered(self, rows: Ints, platform: str) -> tuple[Ints, Ints, Ints, Ints]:
        """Impressions, clicks, cents and leads: every touch is a click, most clicks are nobody that we know."""
        cents = self._cents[rows].sum(axis=1)
        clicks = cents // p.CLICK_CENTS[platform] + self._counted.clicks[rows].sum(axis=1)
        impressions = clicks * 1_000 // p.CLICKS_PER_MILLE[platform]
        return impressions, clicks, cents, self._counted.leads[rows]

    def _google(self, rows: Ints) -> dict[str, pa.Array]:
        impressions, clicks, cents, leads = self._delivered(rows, "google")
        kind = self._all.number[rows] % 3
        return self._common(rows, "GA") | {
            "campaign_type": choices(kind, values("google_campaign_types")),
            "advertising_channel_type": choices(
                kind, [name.upper() for name in values("google_campaign_types")]
            ),
            "start_date": dates(self._first_day(rows)),
            "end_date": dates(self._last_day(rows) - 1),
            "budget_amount": money(self._all.budget_usd[rows] * 100, 12),
            "target_cpa": money(np.full(len(rows), 45_000), 10),
            "impressions": integers(impressions),
            "clicks": integers(clicks),
            "cost": money(cents, 12),
            "conversions": money(leads * 100, 10),
        }

    def _facebook(self, rows: Ints) -> dict[str, pa.Array]:
        impressions, clicks, cents, leads = self._delivered(rows, "facebook")
        count, begin = len(rows), self._first_day(rows) * DAY_MS
        actions = listed(
            count,
            obj(count, action_type=b'"lead"', value=quoted(count, whole(leads))),
            obj(count, action_type=b'"link_click"', value=quoted(count, whole(clicks))),
        )
        return self._common(rows, "FB") | {
            "objective": choices(self._all.number[rows] % 3, values("facebook_objectives")),
            "created_time": timestamps(begin),
            "start_time": timestamps(begin),
            "stop_time": timestamps(self._last_day(rows) * DAY_MS),
            "daily_budget": money(self._all.budget_usd[rows] * 100 // 30, 10),
            "lifetime_budget": money(self._all.budget_usd[rows] * 300, 12),
            "impressions": integers(impressions),
            "clicks": integers(clicks),
            "spend": money(cents, 12),
            "actions": strings(actions),
        }

    def _linkedin(self, rows: Ints) -> dict[str, pa.Array]:
        impressions, clicks, cents, leads = self._delivered(rows, "linkedin")
        number = self._all.number[rows] % 3
        return self._common(rows, "LI") | {
            "campaign_type": choices(number, values("linkedin_campaign_types")),
            "objective_type": choices(number, values("linkedin_objectives")),
            "created_time": timestamps(self._first_day(rows) * DAY_MS),
            "start_date": dates(self._first_day(rows)),
            "end_date": dates(self._last_day(rows) - 1),
            "daily_budget": money(self._all.budget_usd[rows] * 100 // 30, 10),
            "total_budget": money(self._all.budget_usd[rows] * 300, 12),
            "impressions": integers(impressions),
            "clicks": integers(clicks),
            "cost": money(cents, 12),
            "conversions": integers(leads),
        }

    def _iterable(self, rows: Ints) -> dict[str, pa.Array]:
        begin = self._first_day(rows) * DAY_MS
        until = np.minimum(self._last_day(rows) * DAY_MS, self._world.end_ms)
        touches = self._counted.clicks[rows].sum(axis=1)
        kind = np.where(self._all.number[rows] == 0, 2, self._all.number[rows] % 2)
        common = self._common(rows, "IT")
        common["status"] = choices(np.where(until < self._world.end_ms, 2, 0), values("campaign_statuses"))
        return common | {
            "campaign_type": choices(kind, values("iterable_campaign_types")),
            "created_at_source": timestamps(begin),
            "updated_at_source": timestamps(np.minimum(begin + 10 * DAY_MS, until - 1)),
            "start_at": timestamps(begin),
            "ended_at": where(timestamps(until), until < self._world.end_ms),
            "send_size": integers(touches * 22),
            "message_medium": choices(np.where(kind == 1, 1, 0), values("iterable_mediums")),
            "labels": constant(len(rows), "lifecycle"),
        }


def site_days_table(world: World, counted: Totals) -> Columns:
    """google_analytics_sessions: one row per day; goals are new leads."""
    count = len(counted.leads_by_day)
    day = int(world.month_days[0]) + np.arange(count)
    draw = world.stream("site").keyed16(day, 8).astype(np.int64)
    leads = counted.leads_by_day
    quiet = np.array([100, 104, 103, 100, 92, 70, 72])[world.weekday(day)]
    month = world.month_of(day * DAY_MS)
    base = round(world.scale * 900) * world.season_q12[month] // 4_096 * quiet // 100
    growth = 4_096 + 60 * month
    sessions = leads * 9 + 1 + (base * growth // 4_096 * (60_000 + draw[:, 0] // 8) >> 16)
    users = sessions * (780 + draw[:, 1] * 60 // 65_536) // 1_000
    new_users = users * (520 + draw[:, 2] * 120 // 65_536) // 1_000
    bounce = 3_900 + draw[:, 3] * 1_200 // 65_536
    seconds = 9_000 + draw[:, 4] * 7_000 // 65_536
    rate = leads * 10_000 // sessions
    return day, {
        "date": dates(day),
        "sessions": integers(sessions),
        "users": integers(np.maximum(users, 1)),
        "new_users": integers(new_users),
        "page_views": integers(sessions * (24 + draw[:, 5] * 12 // 65_536) // 10),
        "bounce_rate": money(bounce, 5, 4),
        "avg_session_duration": money(seconds, 10),
        "goal_completions": integers(leads),
        "goal_conversion_rate": money(rate, 5, 4),
        "created_at": timestamps(day * DAY_MS + DAY_MS + 3 * HOUR_MS),
    }


def mqls_table(block: Block) -> Columns:
    """marketing_qualified_leads: one row per lead that was found worth a call."""
    world, leads = block.world, block.leads
    rows = np.flatnonzero(leads.is_mql & (leads.mql_ms < world.end_ms))
    row, count = leads.row[rows], len(rows)
    won = leads.won[rows] & (leads.close_ms[rows] < world.end_ms)
    last = leads.touches[rows] - 1
    channel, campaign = leads.channel[rows, last], leads.campaign[rows, last]
    draw = world.stream("mql").keyed16(row, 4).astype(np.int64)
    engaged = np.clip(leads.touches[rows] * 1_400 + draw[:, 0] * 2_000 // 65_536, 0, 10_000)
    guess = 45_875 + draw[:, 1] * 39_322 // 65_536  # 0.7 to 1.3: what a score can know of the odds
    odds = np.minimum(9_999, (leads.odds[rows] * 10_000 >> 32) * guess >> 16)
    waited = (leads.mql_ms[rows] - leads.lead_ms[rows]) // DAY_MS
    ids = campaigns(world).ids[campaign]
    return row, {
        "id": text(count, b"mql_", digits(row, 9)),
        "created_at_source": timestamps(leads.lead_ms[rows]),
        "contact_id": integers(contact_number(row, 0)),
        "account_id": where(integers(account_ids(row)), won),
        "mql_date": timestamps(leads.mql_ms[rows]),
        "mql_score": money(leads.score[rows] * 100, 5),
        "lead_source": choices(channel, values("channels")),
        "campaign_id": where(text(count, digits(ids, 9)), campaign >= 0),
        "conversion_probability": money(odds, 5, 4),
        "days_to_mql": integers(np.maximum(0, waited)),
        "engagement_score": money(engaged, 5),
        "created_at": timestamps(leads.mql_ms[rows] + HOUR_MS),
    }


def touches_table(block: Block) -> Columns:
    """attribution_touchpoints: the touches of each qualified lead, in order, each with an equal weight."""
    world, leads = block.world, block.leads
    mql = np.flatnonzero(leads.is_mql & (leads.mql_ms < world.end_ms))
    parent, place = positions(leads.touches[mql])
    lead = mql[parent]
    row, count = leads.row[lead], len(lead)
    ms, channel, campaign = (
        matrix[lead, place] for matrix in (leads.touch_ms, leads.channel, leads.campaign)
    )
    key = row * 8 + place
    draw = world.stream("touches.content").keyed16(key, 1)[:, 0]
    catalogue = campaigns(world)
    names = [*catalogue.names, None]
    weight = 10_000 // leads.touches[lead]
    weight += np.where(place == 0, 10_000 - weight * leads.touches[lead], 0)
    return key, {
        "id": text(count, b"tp_", digits(key, 10)),
        "mql_id": text(count, b"mql_", digits(row, 9)),
        "touchpoint_date": timestamps(ms),
        "channel": choices(channel, values("channels")),
        "campaign_id": where(text(count, digits(catalogue.ids[campaign], 9)), campaign >= 0),
        "campaign_name": choices(np.where(campaign >= 0, campaign, len(names) - 1), names),
        "medium": choices(channel_medium(channel), values("mediums")),
        "source": choices(channel, [name.split("_")[0] for name in values("channels")]),
        "content": choices(draw.astype(np.int64) % len(CONTENTS), CONTENTS),
        "attribution_weight": money(weight, 5, 4),
        "touchpoint_position": integers(place + 1),
        "created_at": timestamps(leads.mql_ms[lead] + HOUR_MS),
    }
