"""Venues and devices: when they open, when they fail, and when they work again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import categories, lognormal_q12, weibull_q12
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.accounts import Accounts
from brewhouse.simulate.saas.vocabulary import code
from brewhouse.simulate.saas.world import NEVER, World

Ints = NDArray[np.int64]

SETUP_DAYS: Final = 4
"""A venue opens up to this long after its account signs or orders it."""


@dataclass
class Machines:
    """All venues and devices that the accounts of a block may ever have; what is not open yet is at NEVER."""

    world: World
    signed: Accounts
    venue_account: Ints
    venue_number: Ints
    """Place of the venue among those of its account."""
    device_venue: Ints
    device_number: Ints
    firmware: Ints
    opened_ms: Ints
    """Of each venue."""
    ordered_ms: Ints
    installed_ms: Ints
    """Of each device."""
    failed_ms: Ints
    """Matrix, a column for each failure of a device."""
    back_ms: Ints
    failures: Ints
    """Matrix: devices that fail, by account and month."""
    down_hours: Ints

    def open(self, account: Ints, first: Ints, last: Ints, ms: Ints) -> None:
        """Open venues ``first`` to ``last`` - 1 of the accounts, ordered at ``ms``, and install their devices."""
        parent, number = positions(last - first)
        venue = self.signed.first_venue[account[parent]] + first[parent] + number
        self.ordered_ms[venue] = ms[parent]
        self.opened_ms[venue] = ms[parent] + self._delay[venue]
        begin = self.signed.devices[account, first]
        parent, number = positions(self.signed.devices[account, last] - begin)
        device = self.signed.first_device[account[parent]] + begin[parent] + number
        self._install(device)

    def _install(self, device: Ints) -> None:
        """Life of each device until it fails, repair, and the next life: a renewal process of Weibull lives."""
        moment = self.opened_ms[self.device_venue[device]] + HOUR_MS
        self.installed_ms[device] = moment
        account = self.venue_account[self.device_venue[device]]
        for column in range(p.MAX_FAILURES):
            moment = moment + self._lives[device, column]
            self.failed_ms[device, column] = moment
            hours = np.minimum(self._repairs[device, column], 14 * 24 * HOUR_MS)
            self._count(account, moment, hours)
            moment = moment + hours
            self.back_ms[device, column] = moment
        self._suffer_outage(device, account)

    def _suffer_outage(self, device: Ints, account: Ints) -> None:
        begin, end = outage(self.world)
        hit = (self.firmware[device] == code("firmware_versions", p.OUTAGE_FIRMWARE)) & (begin < end)
        hit &= self.installed_ms[device] < begin
        rows = np.flatnonzero(hit)
        self._count(account[rows], np.full(len(rows), begin), np.full(len(rows), end - begin), failures=False)

    def _count(self, account: Ints, moment: Ints, ms: Ints, *, failures: bool = True) -> None:
        month = np.minimum(self.world.month_of(moment), self.world.months)
        np.add.at(self.down_hours, (account, month), ms // HOUR_MS)
        if failures:
            np.add.at(self.failures, (account, month), 1)

    def __post_init__(self) -> None:
        world, signed = self.world, self.signed
        slot = signed.row[self.venue_account] * p.MAX_LOCATIONS + self.venue_number
        draw = world.stream("venues.delay").keyed32(slot, 2)
        self._delay = HOUR_MS * 24 + below(draw[:, 0], SETUP_DAYS * DAY_MS)
        lanes = world.stream("devices.life").keyed16(slot[self.device_venue] * 8 + self.device_number)
        self._lives = weibull_q12(p.WEIBULL_SHAPE_PCT)[lanes[:, : p.MAX_FAILURES]] * (
            p.WEIBULL_SCALE_DAYS * DAY_MS >> 12
        )
        self._repairs = lognormal_q12(p.REPAIR_SIGMA_PCT)[lanes[:, 4 : 4 + p.MAX_FAILURES]] * (
            p.REPAIR_HOURS * HOUR_MS >> 12
        )
        self.firmware[:] = categories(p.FIRMWARE_WEIGHTS)[lanes[:, 8]]


def machines(world: World, signed: Accounts) -> Machines:
    """Nothing is open yet."""
    venue_account, venue_number = positions(signed.slots)
    devices = np.diff(signed.devices, axis=1)[venue_account, venue_number]
    device_venue, device_number = positions(devices)
    count = len(device_venue)
    months = world.months + 1
    return Machines(
        world=world, signed=signed, venue_account=venue_account, venue_number=venue_number,
        device_venue=device_venue, device_number=device_number, firmware=np.zeros(count, np.int64),
        opened_ms=np.full(len(venue_account), NEVER), ordered_ms=np.full(len(venue_account), NEVER),
        installed_ms=np.full(count, NEVER), failed_ms=np.full((count, p.MAX_FAILURES), NEVER),
        back_ms=np.full((count, p.MAX_FAILURES), NEVER), failures=np.zeros((len(signed), months), np.int64),
        down_hours=np.zeros((len(signed), months), np.int64),
    )  # fmt: skip


def outage(world: World) -> tuple[int, int]:
    """When the devices of one firmware version are down; an empty span if the cause is off."""
    begin = int(world.month_days[p.OUTAGE_MONTH] + p.OUTAGE_DAY) * DAY_MS + 14 * HOUR_MS
    return begin, begin + round(p.OUTAGE_HOURS * world.strength("outage")) * HOUR_MS
