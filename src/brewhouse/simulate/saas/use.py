"""How people use the application: sessions, pages, features."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import choices, integers, timestamps
from brewhouse.simulate.engine.shares import positions, running_within
from brewhouse.simulate.engine.tables import categories, lognormal_q12
from brewhouse.simulate.engine.texts import Texts, digits, text
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.keys import account_key, user_number
from brewhouse.simulate.saas.lifecycle_records import Months, chosen, joined
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.service import identity_of, leaves, moments, rounded, service_row
from brewhouse.simulate.saas.vocabulary import values

Ints = NDArray[np.int64]

SESSION, PAGE, USE, TAP = range(1, 5)
"""First digit of the identifiers."""

MOST_PAGES: Final = 8
MOST_USES: Final = 4
PAGE_SECONDS: Final = 55
RECEIVED_MS: Final = 700
PAGE_WEIGHTS: Final = (40, 8, 18, 6, 9, 3, 7, 3, 6, 2, 4, 2, 2, 1, 5, 2)
"""Each category of pages, first its overview, then a detail."""


@dataclass(frozen=True)
class Sessions:
    """Sessions within the window, a row each."""

    key: Ints
    user: Ints
    start_ms: Ints
    pages: Ints
    page_seconds: Ints
    """Matrix: time on each page."""
    device: Ints
    browser: Ints
    draw: NDArray[np.uint16]

    @property
    def seconds(self) -> Ints:
        """Length of each session: the times on its pages."""
        return np.asarray(self.page_seconds.sum(axis=1))


def sessions(block: Block, months: Months) -> Sessions:
    """Sessions of the given months of service; health decides how many there are."""
    world, people, signed = block.world, block.users, block.accounts
    size = world.stream("sessions.count").keyed16(signed.row[months.account] << 7 | months.step, 4)
    expected = signed.users[months.account] * p.SESSIONS_PER_USER_Q12 * months.health >> 12
    expected = expected * months.health >> 12
    expected = expected * world.season_q12[months.step] >> 12
    expected = expected * lognormal_q12(p.SESSION_SIGMA_PCT)[size[:, 0]] >> 12
    counts = rounded(expected, size[:, 1])
    row, steps, sums = leaves(months, counts)
    draw = world.stream("sessions").steps16(sums, steps, block.number)
    wide = np.ascontiguousarray(draw).view("<u4")
    weekend = np.array([65_536] * 5 + [p.APP_WEEKEND_PCT * 65_536 // 100] * 2)
    start = moments(block, months, row, wide[:, :3], world.app_hours[draw[:, 6]], weekend)
    account = months.account[row]
    seat = (draw[:, 7].astype(np.int64) ** 2 * signed.users[account]) >> 32
    seat = np.where(people.created_ms[people.first[account] + seat] <= start, seat, 0)
    within = (start >= months.start_ms[row]) & (start < np.minimum(months.stop_ms[row], world.end_ms))
    kept = np.flatnonzero(within)
    pages = categories(p.PAGE_COUNT_WEIGHTS)[draw[kept, 8]] + 1
    time = world.stream("sessions.pages").steps16(sums, steps, block.number)
    time = time[kept, : len(p.PAGE_COUNT_WEIGHTS)]
    return Sessions(
        key=identity_of(steps, sums, block.number, SESSION)[kept],
        user=(people.first[account] + seat)[kept],
        start_ms=start[kept],
        pages=pages,
        page_seconds=_page_seconds(pages, time),
        device=categories((62, 30, 8))[draw[kept, 9]],
        browser=categories((58, 22, 9, 11))[draw[kept, 10]],
        draw=draw[kept],
    )


def _page_seconds(pages: Ints, draw: NDArray[np.uint16]) -> Ints:
    """Time on each page, 0 beyond the last."""
    spent = 2 + (PAGE_SECONDS * lognormal_q12(100)[draw] >> 12)
    return np.where(np.arange(draw.shape[1])[None, :] < pages[:, None], np.minimum(spent, 1_500), 0)


def sessions_table(block: Block, visits: Sessions, uses: Ints) -> Columns:
    """app_database_user_sessions; ``uses`` is how many features were used in each."""
    count = len(visits.key)
    row, user = _owner(block, visits.user)
    end = visits.start_ms + visits.seconds * 1000
    return visits.key, {
        "session_id": text(count, digits(visits.key, 15)),
        "user_id": text(count, user),
        "customer_id": text(count, account_key(row)),
        "start_time": timestamps(visits.start_ms),
        "end_time": timestamps(end),
        "duration_seconds": integers(visits.seconds),
        "page_views": integers(visits.pages),
        "actions_taken": integers(uses + visits.pages * (visits.draw[:, 11] >> 14)),
        "device_type": choices(visits.device, values("session_device_types")),
        "browser": choices(visits.browser, values("browsers")),
        "created_at": timestamps(end + RECEIVED_MS + (visits.draw[:, 12] >> 6)),
    }


def _owner(block: Block, user: Ints) -> tuple[Ints, Texts]:
    """Of some users the account's number and their own identifier."""
    people, signed = block.users, block.accounts
    row = signed.row[people.account[user]]
    return row, digits(user_number(row, people.seat[user]), 12)


@cache
def _page_addresses() -> tuple[str, ...]:
    ends = ("", "/detail")
    return tuple(f"https://app.example/{name}{end}" for name in values("page_categories") for end in ends)


@cache
def _page_titles() -> tuple[str, ...]:
    return tuple(name.title() + tail for name in values("page_categories") for tail in ("", " detail"))


def pages_table(block: Block, visits: Sessions) -> Columns:
    """app_database_page_views: the pages of the sessions, in order."""
    session, place = positions(visits.pages)
    spent = visits.page_seconds[session, place]
    start = visits.start_ms[session] + (running_within(spent, place == 0) - spent) * 1000
    pick = _page_draws(visits)[session, place]
    page = categories(PAGE_WEIGHTS)[pick.astype(np.int64) << 4]
    addresses = _page_addresses()
    previous = np.where(place == 0, len(addresses), np.roll(page, 1))
    key = (visits.key[session] - SESSION * 10**14) * MOST_PAGES + place + PAGE * 10**15
    row, user = _owner(block, visits.user)
    count = len(session)
    return key, {
        "page_view_id": text(count, digits(key, 16)),
        "session_id": text(count, digits(visits.key, 15)[session]),
        "user_id": text(count, user[session]),
        "customer_id": text(count, account_key(row)[session]),
        "page_url": choices(page, addresses),
        "page_title": choices(page, _page_titles()),
        "timestamp": timestamps(start),
        "time_on_page_seconds": integers(spent),
        "referrer_url": choices(previous, [*addresses, None]),
        "created_at": timestamps(start + RECEIVED_MS + (pick & 1023)),
    }


def _page_draws(visits: Sessions) -> NDArray[np.uint16]:
    """A 12-bit draw for each page of a session: windows, seven bits apart, of three lanes of its draw."""
    mixed = visits.draw[:, 13:16].astype(np.int64)
    seed = mixed[:, 0] << 32 | mixed[:, 1] << 16 | mixed[:, 2]
    shifts = np.arange(len(p.PAGE_COUNT_WEIGHTS)) * 7
    return np.asarray((seed[:, None] >> shifts[None, :]) & 4_095, np.uint16)


@dataclass(frozen=True)
class _Uses:
    """Uses of features, a row each."""

    key: Ints
    user: Ints
    feature: Ints
    ms: Ints


def _first_uses(block: Block) -> _Uses:
    """Each user's first use of each feature, if the account is in service then."""
    people = block.users
    user, feature = np.nonzero(people.adopted_ms < block.world.end_ms)
    ms = people.adopted_ms[user, feature]
    number = user_number(block.accounts.row[people.account[user]], people.seat[user])
    uses = _Uses(number * 100 + feature + (USE * 10 + 5) * 10**14, user, feature, ms)
    return chosen(uses, service_row(block, people.account[user], ms) >= 0)


def _later_uses(block: Block, visits: Sessions) -> tuple[_Uses, Ints]:
    """Uses again of what a user has adopted, and the session of each."""
    wanted = categories(p.FEATURE_COUNT_WEIGHTS)[visits.draw[:, 14]]
    session, place = positions(wanted)
    most = len(p.FEATURE_COUNT_WEIGHTS) - 1
    lane = block.world.stream("features").keyed16(visits.key, most)[session, place]
    feature = categories([p.FEATURE_ADOPTION_PCT[name] for name in values("features")])[lane]
    user = visits.user[session]
    ms = visits.start_ms[session] + visits.seconds[session] * 500 + place * 1000
    key = (visits.key[session] - SESSION * 10**14) * MOST_USES + place + USE * 10**15
    known = block.users.adopted_ms[user, feature] < visits.start_ms[session]
    return chosen(_Uses(key, user, feature, ms), known), session[known]


def feature_uses(block: Block, visits: Sessions) -> tuple[Columns, Ints]:
    """app_database_feature_usage: each user's first use of a feature, and uses again; and uses by session."""
    later, session = _later_uses(block, visits)
    uses = joined([_first_uses(block), later])
    row, user = _owner(block, uses.user)
    count = len(uses.key)
    draw = block.world.stream("features.size").keyed16(uses.key, 4).astype(np.int64)
    table = {
        "usage_id": text(count, digits(uses.key, 16)),
        "user_id": text(count, user),
        "customer_id": text(count, account_key(row)),
        "feature_name": choices(uses.feature, values("features")),
        "usage_count": integers(1 + (draw[:, 0] ** 2 * 9 >> 32)),
        "timestamp": timestamps(uses.ms),
        "created_at": timestamps(uses.ms + RECEIVED_MS + draw[:, 1] // 32),
    }
    return (uses.key, table), np.bincount(session, minlength=len(visits.key))


def last_seen(block: Block, visits: Sessions) -> Ints:
    """When each user's last session began; 0 without one."""
    seen = np.zeros(len(block.users.account), np.int64)
    np.maximum.at(seen, visits.user, visits.start_ms)
    return seen
