"""How people use the application: sessions, pages, features."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import choices, integers, timestamps
from brewhouse.simulate.engine.shares import positions, running_within
from brewhouse.simulate.engine.tables import categories, lognormal_q12
from brewhouse.simulate.engine.texts import digits, text, words
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.app_tables import account_key, user_number
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.lifecycle import Months
from brewhouse.simulate.saas.service import identity_of, leaves, moments, rounded, service_row
from brewhouse.simulate.saas.vocabulary import values

Ints = NDArray[np.int64]

SESSION, PAGE, USE, TAP = range(1, 5)
"""First digit of the identifiers."""

MOST_PAGES: Final = 8
MOST_USES: Final = 4
PAGE_SECONDS: Final = 55
RECEIVED_MS: Final = 700


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
    expected = expected * world.season_q12[months.step] >> 12
    expected = expected * lognormal_q12(p.SESSION_SIGMA_PCT)[size[:, 0]] >> 12
    counts = rounded(expected, size[:, 1])
    row, steps, sums = leaves(months, counts)
    draw = world.stream("sessions").steps16(sums, steps, block.number)
    wide = np.ascontiguousarray(draw).view("<u4")
    weekend = np.array([65_536] * 5 + [p.APP_WEEKEND_PCT * 65_536 // 100] * 2)
    start = moments(months, row, wide[:, :3], world.app_hours[draw[:, 6]], weekend)
    account = months.account[row]
    seat = (draw[:, 7].astype(np.int64) ** 2 * signed.users[account]) >> 32
    seat = np.where(people.created_ms[people.first[account] + seat] <= start, seat, 0)
    pages = categories(p.PAGE_COUNT_WEIGHTS)[draw[:, 8]] + 1
    key = identity_of(steps, sums, block.number, SESSION)
    within = (start >= months.start_ms[row]) & (start < np.minimum(months.stop_ms[row], world.end_ms))
    kept = np.flatnonzero(within)
    time = world.stream("sessions.pages").steps16(sums, steps, block.number)[kept, : len(p.PAGE_COUNT_WEIGHTS)]
    spent = 2 + (PAGE_SECONDS * lognormal_q12(100)[time] >> 12)
    spent = np.where(np.arange(spent.shape[1])[None, :] < pages[kept][:, None], np.minimum(spent, 1_500), 0)
    return Sessions(
        key=key[kept],
        user=(people.first[account] + seat)[kept],
        start_ms=start[kept],
        pages=pages[kept],
        page_seconds=spent,
        device=categories((62, 30, 8))[draw[kept, 9]],
        browser=categories((58, 22, 9, 11))[draw[kept, 10]],
        draw=draw[kept],
    )


def sessions_table(block: Block, visits: Sessions, uses: Ints) -> tuple[Ints, dict[str, pa.Array]]:
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


def _owner(block: Block, user: Ints) -> tuple[Ints, NDArray[np.bytes_]]:
    people, signed = block.users, block.accounts
    row = signed.row[people.account[user]]
    return row, digits(user_number(row, people.seat[user]), 12)


@cache
def _page_paths() -> NDArray[np.bytes_]:
    return words([f"/{name}" if depth == 0 else f"/{name}/detail" for name in values("page_categories") for depth in range(2)])


@cache
def _page_titles() -> tuple[str, ...]:
    return tuple(name.title() + tail for name in values("page_categories") for tail in ("", " detail"))


def pages_table(block: Block, visits: Sessions) -> tuple[Ints, dict[str, pa.Array]]:
    """app_database_page_views: the pages of the sessions, in order."""
    session, place = positions(visits.pages)
    spent = visits.page_seconds[session, place]
    start = visits.start_ms[session] + (running_within(spent, place == 0) - spent) * 1000
    pick = _page_draws(visits)[session, place]
    page = categories((40, 8, 18, 6, 9, 3, 7, 3, 6, 2, 4, 2, 2, 1, 5, 2))[pick.astype(np.int64) << 4 & 65_535]
    previous = np.concatenate([[0], page[:-1]])
    key = (visits.key[session] - SESSION * 10**14) * MOST_PAGES + place + PAGE * 10**15
    row, user = _owner(block, visits.user)
    count = len(session)
    host = b"https://app.example"
    paths = _page_paths()
    referrer = np.where(place == 0, paths.shape[0], previous)
    addresses = words(["https://app.example" + path.decode() for path in paths.tolist()] + [""])
    return key, {
        "page_view_id": text(count, digits(key, 16)),
        "session_id": text(count, digits(visits.key, 15)[session]),
        "user_id": text(count, user[session]),
        "customer_id": text(count, account_key(row)[session]),
        "page_url": choices(page, [host.decode() + path.decode() for path in paths.tolist()]),
        "page_title": choices(page, _page_titles()),
        "timestamp": timestamps(start),
        "time_on_page_seconds": integers(spent),
        "referrer_url": choices(referrer, [value.decode() or None for value in addresses.tolist()]),
        "created_at": timestamps(start + RECEIVED_MS + (pick & 1023)),
    }


def _page_draws(visits: Sessions) -> NDArray[np.uint16]:
    """A 12-bit draw for each page of a session, from bits that nothing else uses."""
    mixed = visits.draw[:, 13:16].astype(np.int64)
    seed = mixed[:, 0] << 32 | mixed[:, 1] << 16 | mixed[:, 2]
    shifts = np.arange(len(p.PAGE_COUNT_WEIGHTS)) * 7
    return np.asarray((seed[:, None] >> shifts[None, :]) & 4_095, np.uint16)


def feature_uses(block: Block, visits: Sessions) -> tuple[tuple[Ints, dict[str, pa.Array]], Ints]:
    """app_database_feature_usage: each user's first use of a feature, and uses again; and uses by session."""
    world, people = block.world, block.users
    features = values("features")
    first_user, first_feature = np.nonzero(people.adopted_ms < world.end_ms)
    first_ms = people.adopted_ms[first_user, first_feature]
    served = service_row(block, people.account[first_user], first_ms) >= 0
    first_user, first_feature, first_ms = first_user[served], first_feature[served], first_ms[served]
    wanted = categories(p.FEATURE_COUNT_WEIGHTS)[visits.draw[:, 14]]
    session, place = positions(wanted)
    lane = world.stream("features").keyed16(visits.key, len(p.FEATURE_COUNT_WEIGHTS) - 1)[session, place]
    feature = categories([p.FEATURE_ADOPTION_PCT[name] for name in features])[lane]
    user = visits.user[session]
    known = people.adopted_ms[user, feature] < visits.start_ms[session]
    session, place, feature, user = session[known], place[known], feature[known], user[known]
    moment = visits.start_ms[session] + visits.seconds[session] * 500 + place * 1000
    again = (visits.key[session] - SESSION * 10**14) * MOST_USES + place + USE * 10**15
    row, _ = _owner(block, first_user)
    first_key = user_number(row, people.seat[first_user]) * 100 + first_feature + (USE * 10 + 5) * 10**14
    key = np.concatenate([first_key, again])
    everyone, everywhen = np.concatenate([first_user, user]), np.concatenate([first_ms, moment])
    row, user_id = _owner(block, everyone)
    count = len(key)
    draw = world.stream("features.size").keyed16(key, 4).astype(np.int64)
    table = {
        "usage_id": text(count, digits(key, 16)),
        "user_id": text(count, user_id),
        "customer_id": text(count, account_key(row)),
        "feature_name": choices(np.concatenate([first_feature, feature]), features),
        "usage_count": integers(1 + (draw[:, 0] ** 2 * 9 >> 32)),
        "timestamp": timestamps(everywhen),
        "created_at": timestamps(everywhen + RECEIVED_MS + draw[:, 1] // 32),
    }
    return (key, table), np.bincount(session, minlength=len(visits.key))


def last_seen(block: Block, visits: Sessions) -> Ints:
    """When each user's last session began; 0 without one."""
    seen = np.zeros(len(block.users.account), np.int64)
    np.maximum.at(seen, visits.user, visits.start_ms)
    return seen


