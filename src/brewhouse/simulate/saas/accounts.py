"""The accounts of one block: what is fixed about each when it signs, and the venues and people that it may have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.tables import Q12, categories, lognormal_q12, normal_q12
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.identity import OFFSET_MS, city_of
from brewhouse.simulate.saas.market import Prospects
from brewhouse.simulate.saas.vocabulary import entry, values, weights
from brewhouse.simulate.saas.world import NEVER, World

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PERCENT16 = 65_536 // 100


@dataclass(frozen=True)
class Accounts:
    """Accounts that sign within the window (or whose first month of service begins in it), a row each."""

    lead: Ints
    """Row of the prospect in its block."""
    row: Ints
    """Number of the prospect over all blocks: what identifiers are made of."""
    created_ms: Ints
    trial_days: Ints
    trial_lost: Flags
    paid_ms: Ints
    """When the first paid term begins; its day of the month is that of all that follow."""
    paid_month: Ints
    annual: Flags
    discount_pct: Ints
    discount_months: Ints
    """0: for good."""
    trouble_q12: Ints
    """Payment trouble: what is added to the logit of a failed charge."""
    users: Ints
    slots: Ints
    """Venues that the account may come to have."""
    devices: Ints
    """Matrix: devices of an account's first 0, 1, 2, ... venues."""
    first_venue: Ints
    """Row of the account's first venue among those of the block."""
    first_device: Ints

    def __len__(self) -> int:
        return len(self.row)

    def moment(self, world: World, step: Ints | int, account: Ints | None = None) -> Ints:
        """When the term of a month begins, for all accounts or those given."""
        paid = self.paid_ms if account is None else self.paid_ms[account]
        month = self.paid_month if account is None else self.paid_month[account]
        within = paid - world.month_days[month] * DAY_MS
        return np.asarray(world.month_days[step] * DAY_MS + within)


def accounts(world: World, block: int, group: Prospects) -> Accounts:
    """Those of a block's prospects that sign."""
    count = len(group)
    draw = world.stream("accounts").lanes16(count, block=block).astype(np.int64)
    has_trial = draw[:, 0] < p.TRIAL_PCT * PERCENT16
    trial_days = np.where(has_trial, 17 + draw[:, 1] * 14 // 65_536, 0)
    paid = group.close_ms + trial_days * DAY_MS
    month = np.minimum(world.month_of(paid), p.MAX_MONTHS + 2)
    over = np.maximum(0, paid // DAY_MS - world.month_days[month] - 27)
    trial_days, paid = trial_days - over, paid - over * DAY_MS
    lead = np.flatnonzero(group.won & (month - has_trial < world.months))
    draw, month, plan = draw[lead], month[lead], group.plan[lead]
    annual = draw[:, 2] < np.array(weights("plans", p.ANNUAL_PCT), np.int64)[plan] * PERCENT16
    discounted = draw[:, 3] < p.DISCOUNT_PCT * PERCENT16
    lasts = np.array([3, 6, 12, 0])[draw[:, 5] >> 14]
    size = p.USERS_PER_LOCATION_Q12 * group.locations[lead] * lognormal_q12(p.USERS_SIGMA_PCT)[draw[:, 6]]
    slots = np.minimum(p.MAX_LOCATIONS, 2 * group.locations[lead] + 3)
    devices = _devices(world, group.row[lead], slots)
    total = np.take_along_axis(devices, slots[:, None], 1)[:, 0]
    return Accounts(
        lead=lead,
        row=group.row[lead],
        created_ms=group.close_ms[lead],
        trial_days=trial_days[lead],
        trial_lost=has_trial[lead] & (draw[:, 7] < p.TRIAL_LOST_PCT * PERCENT16),
        paid_ms=paid[lead],
        paid_month=month,
        annual=annual,
        discount_pct=np.where(discounted, 10 * (1 + draw[:, 4] * 3 // 65_536), 0),
        discount_months=np.where(annual & (lasts > 0), 12, lasts),
        trouble_q12=normal_q12()[draw[:, 8]] * p.FAIL_SPREAD_PCT // 100,
        users=np.clip(1 + size // (Q12 * Q12), 1, p.MAX_USERS),
        slots=slots,
        devices=devices,
        first_venue=np.cumsum(slots) - slots,
        first_device=np.cumsum(total) - total,
    )


def _devices(world: World, row: Ints, slots: Ints) -> Ints:
    """Running number of devices over an account's venues; drawn by venue, so that no other account matters."""
    table = categories(p.DEVICES_PER_LOCATION_WEIGHTS) + 1
    each = table[world.stream("venues.devices").keyed16(row, p.MAX_LOCATIONS)]
    each = np.where(np.arange(p.MAX_LOCATIONS)[None, :] < slots[:, None], each, 0)
    return np.concatenate([np.zeros((len(row), 1), np.int64), np.cumsum(each, axis=1)], axis=1)


@dataclass(frozen=True)
class Users:
    """Everybody who may use the application, a row each, by account and seat."""

    account: Ints
    seat: Ints
    created_ms: Ints
    role: Ints
    names: NDArray[np.uint16]
    variant: Ints
    """-1: came before or after the experiment; else a code of ``experiment_variants``."""
    adopted_ms: Ints
    """Matrix, a column a feature: when the user first uses it; NEVER for those who don't."""
    would_adopt: Flags
    """Two columns: whether the user adopts the experiment's feature as control, and as treatment."""
    first: Ints
    """Row of each account's first user."""


def users(world: World, group: Prospects, signed: Accounts) -> Users:
    """Draw the people of the accounts, and when each adopts which feature."""
    account, seat = positions(signed.users)
    number = len(account)
    slot = signed.row[account] * p.MAX_USERS + seat
    draw = world.stream("users").keyed16(slot)
    lag = np.where(seat == 0, 0, draw[:, 0].astype(np.int64) ** 2 * (p.USER_LAG_DAYS * DAY_MS >> 16) >> 16)
    created = signed.created_ms[account] + 600_000 * (seat > 0) + lag
    role = np.where(seat == 0, 0, categories(p.ROLE_WEIGHTS)[draw[:, 1]])
    month = world.month_of(created)
    first = p.EXPERIMENT_FIRST_MONTH
    takes_part = (month >= first) & (month < first + p.EXPERIMENT_MONTHS)
    variant = np.where(takes_part, draw[:, 2].astype(np.int64) >> 15, -1)
    lead = signed.lead[account]
    offset_ms = OFFSET_MS[city_of(group.country[lead], group.place[lead])]
    adopted, would = _adoption(world, slot, created, group.plan[lead], variant, offset_ms)
    return Users(
        account=account, seat=seat, created_ms=created, role=role, names=draw[:, 3:7], variant=variant,
        adopted_ms=adopted, would_adopt=would.reshape(number, 2), first=np.cumsum(signed.users) - signed.users,
    )  # fmt: skip


def _adoption(
    world: World, slot: Ints, created: Ints, plan: Ints, variant: Ints, offset_ms: Ints
) -> tuple[Ints, Flags]:
    """First use of each feature by each user: after release and arrival, with a lag, at an hour of work, if ever."""
    features = values("features")
    draw = world.stream("users.adoption").keyed16(slot, 2 * len(features)).astype(np.int64)
    chance16 = np.array([p.FEATURE_ADOPTION_PCT[name] for name in features]) * 65_536 // 100
    released = world.month_days[[p.FEATURE_RELEASE_MONTH.get(name, 0) for name in features]] * DAY_MS
    lowest = np.array([values("plans").index(str(entry("features", name)["plan"])) for name in features])
    has = plan[:, None] >= lowest[None, :]
    tested = features.index(p.EXPERIMENT_FEATURE)
    lift = int(p.EXPERIMENT_LIFT_PCT * world.strength("experiment") * 65_536) // 100
    limit = np.broadcast_to(chance16, has.shape).copy()
    would = np.stack([draw[:, tested] < chance16[tested], draw[:, tested] < chance16[tested] + lift], axis=1)
    limit[:, tested] += np.where(variant == 1, lift, 0)
    lag = draw[:, len(features) : 2 * len(features)]
    hour = world.app_hours[lag * 40_503 & 65_535] * HOUR_MS + (lag * 53 & 4_095) * 800
    lag = lognormal_q12(100)[lag] * (p.ADOPTION_LAG_DAYS * DAY_MS // Q12)
    begins = np.maximum(created[:, None], released[None, :])
    adopts = has & (draw[:, : len(features)] < limit)
    local = (begins + lag + offset_ms[:, None]) // DAY_MS * DAY_MS + hour - offset_ms[:, None]
    return np.where(adopts, np.maximum(begins + 60_000, local), NEVER), would & has[:, [tested]]
