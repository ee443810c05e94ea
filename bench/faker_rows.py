"""The peer of the simulator: users, their events and orders, made row by row with Faker and written as Parquet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
from faker import Faker

from brewhouse.simulate.engine.dataset import encode
from brewhouse.simulate.sandbox.vocabulary import vocabulary

EVENTS_PER_USER = 5
ORDERS_PER_USER = 2
ROWS_PER_USER = 1 + EVENTS_PER_USER + ORDERS_PER_USER
START = dt.datetime(2025, 7, 1)  # noqa: DTZ001  # Faker gives naive moments
END = dt.datetime(2026, 6, 30)  # noqa: DTZ001

Row = dict[str, Any]


class FakerCompany:
    """The raw tables' columns without any behaviour: every value is drawn on its own, uniformly."""

    def __init__(self, people: int) -> None:
        self._fake = Faker()
        self._people = people
        self._words = vocabulary()

    @property
    def rows(self) -> int:
        """Rows that ``write`` makes, of all three tables."""
        return ROWS_PER_USER * self._people

    def write(self) -> None:
        """Make all rows, and of each table the bytes of a Parquet file."""
        self._fake.seed_instance(42)
        self._fake.unique.clear()
        tables = [
            [self._user(number) for number in range(self._people)],
            [self._event(number) for number in range(EVENTS_PER_USER * self._people)],
            [self._order(number) for number in range(ORDERS_PER_USER * self._people)],
        ]
        for rows in tables:
            encode(pa.Table.from_pylist(rows))

    def _moment(self) -> dt.datetime:
        return self._fake.date_time_between(START, END)

    def _received(self, moment: dt.datetime) -> str:
        return (moment + dt.timedelta(milliseconds=self._fake.random_int(40, 5_000))).isoformat()

    def _user(self, number: int) -> Row:
        return {
            "user_id": number + 1,
            "email": self._fake.unique.email(),
            "country": self._fake.random_element(self._words.countries),
            "referrer": self._fake.random_element(self._words.channels),
            "created_at": self._moment().isoformat(),
        }

    def _event(self, number: int) -> Row:
        moment = self._moment()
        return {
            "event_id": number + 1,
            "user_id": self._fake.random_int(1, self._people),
            "event_type": self._fake.random_element(self._words.event_types),
            "timestamp": moment.isoformat(),
            "utm_source": self._fake.random_element(self._words.channels),
            "received_at": self._received(moment),
        }

    def _order(self, number: int) -> Row:
        moment = self._moment()
        return {
            "order_id": number + 1,
            "user_id": self._fake.random_int(1, self._people),
            "amount": self._fake.pydecimal(min_value=1, max_value=500, right_digits=2),
            "product_category": self._fake.random_element(self._words.product_categories),
            "payment_method": self._fake.random_element(self._words.payment_methods),
            "created_at": moment.isoformat(),
            "received_at": self._received(moment),
        }
