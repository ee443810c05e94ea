"""What the devices send: pours and readings, and what happens when one fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import HOUR_MS, choices, timestamps
from brewhouse.simulate.engine.shares import in_order
from brewhouse.simulate.engine.streams import below
from brewhouse.simulate.engine.tables import categories, lognormal_q12
from brewhouse.simulate.engine.texts import digits, text
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas import readings
from brewhouse.simulate.saas.block import Block
from brewhouse.simulate.saas.keys import device_key, device_number, venue_key
from brewhouse.simulate.saas.lifecycle_records import Months, chosen
from brewhouse.simulate.saas.machines import outage
from brewhouse.simulate.saas.schema import Columns
from brewhouse.simulate.saas.service import identity_of, leaves, moments, rounded, service_row
from brewhouse.simulate.saas.use import TAP
from brewhouse.simulate.saas.vocabulary import code, values
from brewhouse.simulate.saas.world import NEVER

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RECEIVED_MS: Final = 1_200


@dataclass(frozen=True)
class Downtimes:
    """Each time that a device in service stopped working, a row each."""

    device: Ints
    down_ms: Ints
    up_ms: Ints
    column: Ints
    """Number of the failure of the device; MAX_FAILURES for the outage."""


def downtimes(block: Block, until_ms: int = 0) -> Downtimes:
    """Failures that begin while the account is in service, and the outage where no failure overlaps it.

    Those before ``until_ms``, without it before the end of the window.
    """
    world, park = block.world, block.machines
    device, column = np.nonzero(park.failed_ms < (until_ms or world.end_ms))
    down, up = park.failed_ms[device, column], park.back_ms[device, column]
    begin, end = outage(world)
    hit = (park.firmware == code("firmware_versions", p.OUTAGE_FIRMWARE)) & (park.installed_ms < begin)
    hit &= ~((park.failed_ms < end) & (park.back_ms >= begin)).any(axis=1)
    victims = np.flatnonzero(hit if begin < min(end, world.end_ms) else np.zeros_like(hit))
    device = np.concatenate([device, victims])
    column = np.concatenate([column, np.full(len(victims), p.MAX_FAILURES)])
    down = np.concatenate([down, np.full(len(victims), begin)])
    up = np.concatenate([up, np.full(len(victims), end)])
    served = _is_open(block, park.device_venue[device], down)
    return chosen(Downtimes(device, down, up, column), served)


def _is_open(block: Block, venue: Ints, ms: Ints) -> Flags:
    """Whether a venue is open and its account in service at a moment."""
    park, months = block.machines, block.months
    row = service_row(block, park.venue_account[venue], ms)
    number = park.venue_number[venue]
    return np.asarray((row >= 0) & (months.closed[row] <= number) & (number < months.opened[row]))


@dataclass(frozen=True)
class Events:
    """Tap events, a row each."""

    key: Ints
    device: Ints
    ms: Ints
    kind: Ints
    status: Ints
    metrics: pa.Array
    """The readings as JSON text."""
    is_steady: Flags
    """An ordinary reading, which can get lost without harm to what is known of downtime."""


def readings_of(block: Block, months: Months) -> Events:
    """Pours and readings of the given months of service, while the device works."""
    world, park, signed = block.world, block.machines, block.accounts
    size = world.stream("taps.count").keyed16(signed.row[months.account] << 7 | months.step, 4)
    account = months.account
    begin = signed.devices[account, months.closed]
    devices = signed.devices[account, months.opened] - begin
    expected = devices * p.EVENTS_PER_DEVICE_Q12 * world.season_q12[months.step] >> 12
    expected = expected * (p.EVENTS_BASE_Q12 + months.health * p.EVENTS_HEALTH_PCT // 100) >> 12
    counts = rounded(expected * lognormal_q12(p.EVENT_SIGMA_PCT)[size[:, 0]] >> 12, size[:, 1])
    row, steps, sums = leaves(months, counts)
    draw = world.stream("taps").steps16(sums, steps, block.number)
    wide = np.ascontiguousarray(draw).view("<u4")
    busy = np.array(p.BAR_WEEKDAY_PCT) * 65_536 // 100
    ms = moments(block, months, row, wide[:, :3], world.bar_hours[draw[:, 6]], busy)
    device = signed.first_device[account[row]] + begin[row] + below(wide[:, 4], devices[row])
    inside = (ms >= months.start_ms[row]) & (ms < np.minimum(months.stop_ms[row], world.end_ms))
    kept = np.flatnonzero(inside & _works(block, device, ms))
    kinds = np.array([code("tap_event_types", name) for name in p.TAP_EVENT_WEIGHTS])
    kind = kinds[categories(tuple(p.TAP_EVENT_WEIGHTS.values()))[draw[kept, 10]]]
    order = in_order(kind)  # events of one kind stand together, as their texts are alike
    kept, kind = kept[order], kind[order]
    key = identity_of(steps, sums, block.number, TAP)[kept]
    device, ms, draw = device[kept], ms[kept], draw[kept]
    wear = _wear(park.installed_ms[device], park.failed_ms[device], park.back_ms[device], ms)
    metrics, status = readings.metrics(kind, draw, wear, _device_numbers(block, device), ms)
    return Events(key, device, ms, kind, status, metrics, np.ones(len(key), bool))


def _works(block: Block, device: Ints, ms: Ints) -> Flags:
    """Whether a device is installed, not broken, and spared by the outage at a moment."""
    park = block.machines
    first, last = outage(block.world)
    broken = ((park.failed_ms[device] <= ms[:, None]) & (ms[:, None] < park.back_ms[device])).any(axis=1)
    hit = (
        (park.firmware[device] == code("firmware_versions", p.OUTAGE_FIRMWARE)) & (ms >= first) & (ms < last)
    )
    return np.asarray(~broken & ~hit & (ms >= park.installed_ms[device]))


def _wear(installed: Ints, failed: Ints, back: Ints, ms: Ints) -> Ints:
    """How much of its life a device has behind it, squared, in Q12."""
    past = back <= ms[:, None]
    begin = np.maximum(installed, np.where(past, back, 0).max(axis=1))
    end = np.where(failed > ms[:, None], failed, NEVER).min(axis=1)
    share = (ms - begin) // 60_000 * 4_096 // np.maximum(1, (end - begin) // 60_000)
    return np.asarray(np.clip(share, 0, 4_096) ** 2 >> 12)


def incidents(block: Block, stops: Downtimes) -> Events:
    """What a device sends when it stops and when it works again: alert, status offline, maintenance, status online."""
    park, world = block.machines, block.world
    always, repaired = np.ones(len(stops.device), bool), stops.column < p.MAX_FAILURES
    acts = (
        ("alert", stops.down_ms, always),
        ("status", stops.down_ms + 1_000, always),
        ("maintenance", stops.up_ms - HOUR_MS // 2, repaired),
        ("status", stops.up_ms, always),
    )
    rows, times, numbers = [], [], []
    for place, (_, moment, wanted) in enumerate(acts):
        told = wanted & (moment < world.end_ms) & _is_open(block, park.device_venue[stops.device], moment)
        rows.append(np.flatnonzero(told))
        times.append(moment[told])
        numbers.append(np.full(len(rows[-1]), place))
    stop, ms, number = np.concatenate(rows), np.concatenate(times), np.concatenate(numbers)
    device, column = stops.device[stop], stops.column[stop]
    hours = np.maximum(0, (ms - park.installed_ms[device]) // HOUR_MS)
    error, fine = (code("tap_event_statuses", name) for name in ("error", "ok"))
    return Events(
        key=(_device_numbers(block, device) * 5 + column) * 4 + number + 9 * 10**14,
        device=device,
        ms=ms,
        kind=np.array([code("tap_event_types", name) for name, _, _ in acts])[number],
        status=np.where(number < 2, error, fine),
        metrics=readings.incident_metrics(number, hours, park.firmware[device], ms, column),
        is_steady=np.zeros(len(stop), bool),
    )


def _device_numbers(block: Block, device: Ints) -> Ints:
    """Numbers of devices: what their identifiers are made of."""
    park = block.machines
    venue = park.device_venue[device]
    row = block.accounts.row[park.venue_account[venue]]
    return device_number(row, park.venue_number[venue], park.device_number[device])


def together(events: list[Events]) -> Events:
    """One table of several."""
    names = ("key", "device", "ms", "kind", "status", "is_steady")
    fields = {name: np.concatenate([getattr(part, name) for part in events]) for name in names}
    return Events(metrics=pa.concat_arrays([part.metrics for part in events]), **fields)


def taps_table(block: Block, events: Events) -> Columns:
    """app_database_tap_events."""
    park, signed = block.machines, block.accounts
    venue = park.device_venue[events.device]
    row, place = signed.row[park.venue_account[venue]], park.venue_number[venue]
    number = park.device_number[events.device]
    count = len(events.key)
    delay = block.world.stream("taps.delivery").keyed16(events.key, 1)[:, 0]
    return events.key, {
        "id": text(count, digits(events.key, 15)),
        "device_id": text(count, device_key(row, place, number)),
        "location_id": text(count, venue_key(row, place)),
        "timestamp": timestamps(events.ms),
        "event_type": choices(events.kind, values("tap_event_types")),
        "status": choices(events.status, values("tap_event_statuses")),
        "metrics": events.metrics,
        "device_category": choices(np.where(number == 0, 0, 1), values("device_categories")),
        "created_at": timestamps(events.ms + RECEIVED_MS + (delay >> 4)),
    }
