"""The readings that devices send, as the JSON text that arrives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.tables import categories, normal_q12
from brewhouse.simulate.engine.texts import (
    Texts,
    day_texts,
    digits,
    numbers,
    pieces,
    strings,
    tenths,
    text,
    words,
)
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.json_text import obj, quoted
from brewhouse.simulate.saas.lifecycle_records import chosen
from brewhouse.simulate.saas.vocabulary import values

Ints = NDArray[np.int64]
Draw = NDArray[np.uint16]

HOT_F10: Final = 420
LOW_PSI10: Final = 95
_CLEANERS: Final = ("caustic", "acid", "enzyme")
_CLEANINGS: Final = ("line", "deep", "rinse")


@cache
def _tenths() -> Texts:
    return tenths(0, 1_000)


@cache
def _counts() -> Texts:
    return numbers(0, 5_000)


@dataclass(frozen=True)
class _Readings:
    """What devices measure at some events, a row each."""

    draw: Draw
    heat: Ints
    """Of the beer, in tenths of a degree Fahrenheit."""
    pressure: Ints
    """In tenths of a psi."""
    keg: Texts
    beer: Texts
    ms: Ints

    def __len__(self) -> int:
        return len(self.ms)


def metrics(kind: Ints, draw: Draw, wear: Ints, device_number: Ints, ms: Ints) -> tuple[pa.Array, Ints]:
    """The readings of events that stand in the order of their kinds, and the status that follows from them."""
    noise = normal_q12()[draw[:, 11:14]]
    heat = p.TEMPERATURE_F10 + (noise[:, 0] * 9 + wear * p.TEMPERATURE_WEAR_F10) // 4_096
    pressure = p.PRESSURE_PSI10 + (noise[:, 1] * 6 - wear * p.PRESSURE_WEAR_PSI10) // 4_096
    heat, pressure = np.clip(heat, 300, 600), np.clip(pressure, 20, 300)
    status = np.where((heat > HOT_F10) | (pressure < LOW_PSI10), 1, 0)
    keg = digits((device_number * 7_919 + ms // (9 * DAY_MS)) % 100_000_000, 8)
    beer = words(values("beer_types"))[device_number // 7 % len(values("beer_types"))]
    read = _Readings(draw, heat, pressure, pieces(len(ms), b"K", keg), beer, ms)
    make = {
        "pour": _pour, "temperature_reading": _temperature, "pressure_reading": _pressure, "keg_level": _keg_level,
        "cleaning": _cleaning, "maintenance": _maintenance,
    }  # fmt: skip
    parts = []
    for number, name in enumerate(values("tap_event_types")):
        if name in make:
            here = slice(*np.searchsorted(kind, [number, number + 1]).tolist())
            parts.append(text(here.stop - here.start, make[name](chosen(read, here))))
    return pa.concat_arrays(parts), status


def _pour(read: _Readings) -> Texts:
    count, draw = len(read), read.draw
    ounces = 80 + (normal_q12()[draw[:, 14]] * 18 >> 12) + 40 * (draw[:, 15] > 44_000)
    ounces = np.clip(ounces, 10, 320) + 40
    flow = 9 + (normal_q12()[draw[:, 13]] * 2 >> 12) + (read.pressure - p.PRESSURE_PSI10) // 12
    flow = np.clip(flow, 2, 40)
    return obj(
        count,
        temperature_f=_tenths()[read.heat],
        pressure_psi=_tenths()[read.pressure],
        flow_rate=_tenths()[flow],
        duration_seconds=_counts()[ounces // flow],
        pour_ounces=_tenths()[ounces],
        beer_type=quoted(count, read.beer),
        keg_id=quoted(count, read.keg),
    )


def _temperature(read: _Readings) -> Texts:
    return obj(
        len(read),
        temperature_f=_tenths()[read.heat],
        target_temp_f=b"37.0",
        ambient_temp_f=_tenths()[640 + _up_to(160, read.draw[:, 14])],
        cooling_active=np.where(read.heat > 365, b"true", b"false"),
        alert=np.where(read.heat > HOT_F10, b'"high_temperature"', b"null"),
    )


def _pressure(read: _Readings) -> Texts:
    return obj(
        len(read),
        pressure_psi=_tenths()[read.pressure],
        target_psi=b"12.0",
        co2_level=_counts()[5 + _up_to(95, read.draw[:, 14])],
        alert=np.where(read.pressure < LOW_PSI10, b'"low_pressure"', b"null"),
    )


def _keg_level(read: _Readings) -> Texts:
    count, level = len(read), 2 + _up_to(98, read.draw[:, 14])
    return obj(
        count,
        keg_id=quoted(count, read.keg),
        beer_type=quoted(count, read.beer),
        level_percent=_counts()[level],
        volume_remaining_oz=_counts()[level * 1_984 // 100],
        estimated_pours_remaining=_counts()[level * 1_984 // 1_600],
    )


def _cleaning(read: _Readings) -> Texts:
    count, draw = len(read), read.draw
    return obj(
        count,
        operator_id=_operator(read),
        duration_minutes=_counts()[10 + _up_to(50, draw[:, 13])],
        chemical_used=quoted(count, words(_CLEANERS)[draw[:, 12] % len(_CLEANERS)]),
        cleaning_type=quoted(count, words(_CLEANINGS)[categories((60, 15, 25))[draw[:, 14]]]),
    )


def _maintenance(read: _Readings) -> Texts:
    return obj(
        len(read),
        operator_id=_operator(read),
        duration_minutes=_counts()[15 + _up_to(90, read.draw[:, 13])],
        error_count=b"0",
        last_maintenance=quoted(len(read), day_texts(read.ms)),
    )


def _operator(read: _Readings) -> Texts:
    """Who does it, as JSON."""
    return quoted(len(read), b"OP", numbers(100, 999)[read.draw[:, 15] % 900])


def _up_to(limit: int, draw: NDArray[np.uint16]) -> Ints:
    """A uniform draw below ``limit``."""
    return draw.astype(np.int64) * limit >> 16


def incident_metrics(number: Ints, hours: Ints, firmware: Ints, ms: Ints, errors: Ints) -> pa.Array:
    """Readings around failures, in the order of ``number``: 0 alert, 1 offline, 2 repair, 3 online."""
    count = len(number)
    version = quoted(count, words(values("firmware_versions"))[firmware])
    faults = _counts()[1 + errors % 5]
    uptime = _counts()[np.minimum(hours, 5_000)]
    texts = [
        obj(count, alert=b'"offline"', temperature_f=b"44.0", pressure_psi=b"0.0"),
        obj(count, status=b'"offline"', uptime_hours=uptime, error_count=faults, firmware_version=version),
        obj(
            count,
            operator_id=b'"OP100"',
            duration_minutes=b"30",
            error_count=faults,
            last_maintenance=quoted(count, day_texts(ms)),
        ),
        obj(count, status=b'"online"', uptime_hours=b"0", error_count=faults, firmware_version=version),
    ]
    bounds = np.searchsorted(number, np.arange(len(texts) + 1)).tolist()
    here = [slice(*pair) for pair in pairwise(bounds)]
    return pa.concat_arrays([strings(part[rows]) for part, rows in zip(texts, here, strict=True)])
