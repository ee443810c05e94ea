"""Arrow columns made from integers say what Python's own types say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from brewhouse.simulate.engine import columns

FIRST = int(dt.datetime(1900, 1, 1, tzinfo=dt.UTC).timestamp()) * 1000
LAST = int(dt.datetime(2099, 12, 31, 23, 59, 59, tzinfo=dt.UTC).timestamp()) * 1000 + 999


@given(st.lists(st.integers(FIRST, LAST), min_size=1, max_size=20))
def test_iso_texts(moments: list[int]) -> None:
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    texts = columns.iso_texts(np.array(moments)).to_pylist()
    for ms, text in zip(moments, texts, strict=True):
        moment = epoch + dt.timedelta(milliseconds=ms)
        assert text == moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20))
def test_money_is_exact(cents: list[int]) -> None:
    found = columns.money(np.array(cents)).to_pylist()
    assert found == [Decimal(value) / 100 for value in cents]


def test_choices_are_text() -> None:
    column = columns.choices(np.array([1, 0, 1]), ("a", None))
    assert column.dictionary_decode().to_pylist() == [None, "a", None]
