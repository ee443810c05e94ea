"""Text columns made of bytes say what Python's own strings say."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brewhouse.simulate.engine import texts

ascii_texts = st.text(st.characters(min_codepoint=1, max_codepoint=126), max_size=9)


def array(values: list[str]) -> np.ndarray:
    return np.array([value.encode() for value in values], "S9")


@given(st.lists(st.tuples(ascii_texts, ascii_texts), max_size=40), ascii_texts)
def test_a_text_is_its_pieces_one_after_the_other(rows: list[tuple[str, str]], between: str) -> None:
    left, right = array([row[0] for row in rows]), array([row[1] for row in rows])
    column = texts.text(len(rows), left, between.encode(), right)
    assert column.to_pylist() == [one + between + two for one, two in rows]


@given(st.lists(ascii_texts, max_size=40))
def test_pieces_are_parts_of_longer_texts(values: list[str]) -> None:
    count = len(values)
    inner = texts.pieces(count, b"<", array(values), b">")
    assert texts.text(count, inner, b"-", inner).to_pylist() == [f"<{value}>-<{value}>" for value in values]
    assert texts.strings(inner).to_pylist() == [f"<{value}>" for value in values]


def test_pieces_can_be_indexed_and_chosen_from() -> None:
    inner = texts.pieces(4, b"<", array(["a", "", "ccc", "d"]), b">")
    rows = np.array([2, 0])
    assert texts.text(2, inner[rows]).to_pylist() == ["<ccc>", "<a>"]
    some = np.array([True, False, False, True])
    assert texts.strings(inner[some]).to_pylist() == ["<a>", "<d>"]
    assert texts.strings(np.where(some, inner, b"-")).to_pylist() == ["<a>", "-", "-", "<d>"]


def test_zero_bytes_are_dropped_wherever_they_stand() -> None:
    short, long = array(["a", "bbbbbbbbb"]), np.array([b"x\0y", b"\0\0z"], "S3")
    assert texts.text(2, short, b"\0", long, b"!").to_pylist() == ["axy!", "bbbbbbbbbz!"]


def test_more_rows_than_fit_a_batch() -> None:
    count = texts.BATCH_BYTES // 8 * 3 + 1
    numbers = np.arange(count)
    column = texts.text(count, texts.digits(numbers, 7))
    assert [column[row].as_py() for row in (0, count // 2, count - 1)] == [
        f"{row:07d}" for row in (0, count // 2, count - 1)
    ]
    assert column.null_count == 0
    column.validate(full=True)


def test_empty_tables_have_empty_columns() -> None:
    none = np.zeros(0, np.int64)
    for piece in (
        texts.digits(none, 12),
        texts.whole(none),
        texts.public_ids("in_", none),
        texts.day_texts(none),
    ):
        assert texts.text(0, b"a", piece).to_pylist() == []
    assert texts.strings(texts.pieces(0, b"a")).to_pylist() == []
    assert texts.text(3, b"").to_pylist() == ["", "", ""]


@given(st.lists(st.integers(0, 10**9 - 1), min_size=1, max_size=20), st.integers(9, 15))
def test_digits_keep_leading_zeros(values: list[int], width: int) -> None:
    found = texts.text(len(values), texts.digits(np.array(values), width)).to_pylist()
    assert found == [f"{value:0{width}d}" for value in values]


@pytest.mark.parametrize("width", range(1, 17))
def test_digits_of_every_width(width: int) -> None:
    values = np.array([0, 1, 10 ** (width - 1), 10**width - 1])
    assert texts.strings(texts.digits(values, width)).to_pylist() == [
        f"{value:0{width}d}" for value in values
    ]


@given(st.lists(st.integers(0, 10**15 - 1), min_size=1, max_size=20))
def test_whole_numbers_have_no_leading_zeros(values: list[int]) -> None:
    found = texts.strings(texts.whole(np.array(values))).to_pylist()
    assert found == [str(value) for value in values]


def test_tables_of_numbers_are_indexed_from_their_first() -> None:
    assert texts.numbers(1, 12)[np.array([0, 11])].tolist() == [b"1", b"12"]
    assert texts.tenths(0, 1000)[np.array([5, 370])].tolist() == [b"0.5", b"37.0"]


@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=50, unique=True))
def test_public_ids_are_unique_with_their_prefix(keys: list[int]) -> None:
    ids = texts.strings(texts.public_ids("cus_", np.array(keys))).to_pylist()
    assert len(set(ids)) == len(keys)
    assert all(len(one) == 20 and one.startswith("cus_") for one in ids)
    assert all(int(one[4:], 16) >= 0 for one in ids)
    other = texts.strings(texts.public_ids("sub_", np.array(keys))).to_pylist()
    assert all(one[4:] != two[4:] for one, two in zip(ids, other, strict=True))


def test_public_ids_do_not_depend_on_their_neighbours() -> None:
    keys = np.arange(1000) * 7
    ids = texts.strings(texts.public_ids("in_", keys)).to_pylist()
    order = np.random.RandomState(1).permutation(1000)
    assert texts.strings(texts.public_ids("in_", keys[order])).to_pylist() == [ids[row] for row in order]
    assert texts.strings(texts.public_ids("in_", keys[5:6])).to_pylist() == ids[5:6]


def test_draws_of_an_identity_do_not_depend_on_order_or_company() -> None:
    keys = np.arange(5_000) * 13
    draws = texts.draws_of(keys, "42 dirt")
    order = np.random.RandomState(1).permutation(len(keys))
    assert np.array_equal(texts.draws_of(keys[order], "42 dirt"), draws[order])
    assert np.array_equal(texts.draws_of(keys[17:18], "42 dirt"), draws[17:18])
    assert not np.array_equal(texts.draws_of(keys, "43 dirt"), draws)
    assert abs((draws / 2**32).mean() - 0.5) < 4 / np.sqrt(12 * len(keys))


@given(st.lists(st.integers(0, 4_102_444_799_999), min_size=1, max_size=20))
def test_moments_and_days(moments: list[int]) -> None:
    ms = np.array(moments)
    days = [dt.datetime.fromtimestamp(value / 1000, dt.UTC).date().isoformat() for value in moments]
    assert texts.strings(texts.day_texts(ms)).to_pylist() == days
    assert texts.strings(texts.seconds(ms)).to_pylist() == [f"{value // 1000:010d}" for value in moments]
    assert texts.strings(texts.milliseconds(ms)).to_pylist() == [f"{value:013d}" for value in moments]


def test_where_nothing_is_there_is_null() -> None:
    column = texts.strings(array(["a", "b", ""]))
    assert texts.where(column, np.array([True, False, True])).to_pylist() == ["a", None, ""]
    assert texts.where(column, np.ones(3, bool)) is column
