"""The readings that devices send, as the JSON text that arrives."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.tables import categories, normal_q12
from brewhouse.simulate.engine.texts import Bytes, day_texts, digits, numbers, pieces, tenths, words
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.json_text import obj, quoted
from brewhouse.simulate.saas.vocabulary import code, values

Ints = NDArray[np.int64]
Draw = NDArray[np.uint16]

HOT_F10: Final = 420
LOW_PSI10: Final = 95
_CLEANERS: Final = (b"caustic", b"acid", b"enzyme")
_CLEANINGS: Final = (b"line", b"deep", b"rinse")


@cache
def _tenths() -> Bytes:
    return tenths(0, 1_000)


@cache
def _counts() -> Bytes:
    return numbers(0, 5_000)


def metrics(kind: Ints, draw: Draw, wear: Ints, device_number: Ints, ms: Ints) -> tuple[NDArray[np.uint8], Ints]:
    """The readings of each event as a matrix of bytes, and the status that follows from them."""
    noise = normal_q12()[draw[:, 11:14]]
    heat = p.TEMPERATURE_F10 + (noise[:, 0] * 9 + wear * p.TEMPERATURE_WEAR_F10) // 4_096
    pressure = p.PRESSURE_PSI10 + (noise[:, 1] * 6 - wear * p.PRESSURE_WEAR_PSI10) // 4_096
    heat, pressure = np.clip(heat, 300, 600), np.clip(pressure, 20, 300)
    status = np.where((heat > HOT_F10) | (pressure < LOW_PSI10), 1, 0)
    keg = digits((device_number * 7_919 + ms // (9 * 86_400_000)) % 100_000_000, 8)
    beer = words(values("beer_types"))[device_number // 7 % len(values("beer_types"))]
    make = {
        "pour": _pour, "temperature_reading": _temperature, "pressure_reading": _pressure, "keg_level": _keg_level,
        "cleaning": _cleaning, "maintenance": _maintenance,
    }  # fmt: skip
    parts: list[tuple[Ints, Bytes]] = []
    for name, write in make.items():
        rows = np.flatnonzero(kind == code("tap_event_types", name))
        parts.append((rows, write(len(rows), draw[rows], heat[rows], pressure[rows], keg[rows], beer[rows], ms[rows])))
    matrix = np.zeros((len(kind), max(part.dtype.itemsize for _, part in parts)), np.uint8)
    for rows, part in parts:
        matrix[rows, : part.dtype.itemsize] = part.view(np.uint8).reshape(len(rows), part.dtype.itemsize)
    return matrix, status


def _pour(count: int, draw: Draw, heat: Ints, pressure: Ints, keg: Bytes, beer: Bytes, _ms: Ints) -> Bytes:
    ounces = 80 + (normal_q12()[draw[:, 14]] * 18 >> 12) + 40 * (draw[:, 15] > 44_000)
    ounces = np.clip(ounces, 10, 320) + 40
    flow = np.clip(9 + (normal_q12()[draw[:, 13]] * 2 >> 12) + (pressure - p.PRESSURE_PSI10) // 12, 2, 40)
    return obj(
        count,
        temperature_f=_tenths()[heat],
        pressure_psi=_tenths()[pressure],
        flow_rate=_tenths()[flow],
        duration_seconds=_counts()[ounces // flow],
        pour_ounces=_tenths()[ounces],
        beer_type=quoted(count, beer),
        keg_id=quoted(count, pieces(count, b"K", keg)),
    )


def _temperature(count: int, draw: Draw, heat: Ints, _p: Ints, _keg: Bytes, _beer: Bytes, _ms: Ints) -> Bytes:
    ambient = 640 + (draw[:, 14].astype(np.int64) * 160 >> 16)
    hot = heat > HOT_F10
    return obj(
        count,
        temperature_f=_tenths()[heat],
        target_temp_f=b"37.0",
        ambient_temp_f=_tenths()[ambient],
        cooling_active=np.where(heat > 365, b"true", b"false"),
        alert=np.where(hot, b'"high_temperature"', b"null"),
    )


def _pressure(count: int, draw: Draw, _h: Ints, pressure: Ints, _keg: Bytes, _beer: Bytes, _ms: Ints) -> Bytes:
    return obj(
        count,
        pressure_psi=_tenths()[pressure],
        target_psi=b"12.0",
        co2_level=_counts()[5 + (draw[:, 14].astype(np.int64) * 95 >> 16)],
        alert=np.where(pressure < LOW_PSI10, b'"low_pressure"', b"null"),
    )


def _keg_level(count: int, draw: Draw, _h: Ints, _p: Ints, keg: Bytes, beer: Bytes, _ms: Ints) -> Bytes:
    level = 2 + (draw[:, 14].astype(np.int64) * 98 >> 16)
    return obj(
        count,
        keg_id=quoted(count, pieces(count, b"K", keg)),
        beer_type=quoted(count, beer),
        level_percent=_counts()[level],
        volume_remaining_oz=_counts()[level * 1_984 // 100],
        estimated_pours_remaining=_counts()[level * 1_984 // 1_600],
    )


def _cleaning(count: int, draw: Draw, _h: Ints, _p: Ints, _keg: Bytes, _beer: Bytes, _ms: Ints) -> Bytes:
    kind = categories((60, 15, 25))[draw[:, 14]]
    return obj(
        count,
        operator_id=quoted(count, pieces(count, b"OP", digits(draw[:, 15].astype(np.int64) % 900 + 100, 3))),
        duration_minutes=_counts()[10 + (draw[:, 13].astype(np.int64) * 50 >> 16)],
        chemical_used=quoted(count, np.array(_CLEANERS)[draw[:, 12].astype(np.int64) % 3]),
        cleaning_type=quoted(count, np.array(_CLEANINGS)[kind]),
    )


def _maintenance(count: int, draw: Draw, _h: Ints, _p: Ints, _keg: Bytes, _beer: Bytes, ms: Ints) -> Bytes:
    return obj(
        count,
        operator_id=quoted(count, pieces(count, b"OP", digits(draw[:, 15].astype(np.int64) % 900 + 100, 3))),
        duration_minutes=_counts()[15 + (draw[:, 13].astype(np.int64) * 90 >> 16)],
        error_count=b"0",
        last_maintenance=quoted(count, day_texts(ms)),
    )


def incident_metrics(number: Ints, hours: Ints, firmware: Ints, ms: Ints, errors: Ints) -> NDArray[np.uint8]:
    """Readings around a failure: 0 the alert, 1 status offline, 2 the repair, 3 status online."""
    count = len(number)
    versions = words(values("firmware_versions"))[firmware]
    faults = _counts()[1 + errors % 5]
    status = [
        obj(
            count,
            status=b'"%s"' % name,
            uptime_hours=_counts()[np.minimum(hours, 5_000)] if name == b"offline" else b"0",
            error_count=faults,
            firmware_version=quoted(count, versions),
        )
        for name in (b"offline", b"online")
    ]
    alert = obj(count, alert=b'"offline"', temperature_f=b"44.0", pressure_psi=b"0.0")
    repair = obj(
        count, operator_id=b'"OP100"', duration_minutes=b"30", error_count=faults,
        last_maintenance=quoted(count, day_texts(ms)),
    )  # fmt: skip
    texts = [alert, status[0], repair, status[1]]
    matrix = np.zeros((count, max(part.dtype.itemsize for part in texts)), np.uint8)
    for choice, part in enumerate(texts):
        rows = np.flatnonzero(number == choice)
        matrix[rows, : part.dtype.itemsize] = part.view(np.uint8).reshape(count, part.dtype.itemsize)[rows]
    return matrix
