"""Dirt is logged row by row, never overlaps, and undoing it restores the clean table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from brewhouse.simulate.engine.soil import Kind, Soiled, blank, messy, same, soil, unparsable
from brewhouse.simulate.engine.streams import Stream

ROWS = 5_000


def clean_table() -> pa.Table:
    return pa.table(
        {
            "id": np.arange(ROWS),
            "at": ["2026-01-01T00:00:00.000Z"] * ROWS,
            "kind": pa.array(["a", "b"] * (ROWS // 2)).dictionary_encode(),
        }
    )


def soiled(*kinds: Kind, allowed: dict[str, np.ndarray] | None = None) -> Soiled:
    clean = clean_table()
    draws = Stream(3, "dirt@v1").draw32(clean.num_rows)
    return soil(clean, list(kinds), draws, allowed=allowed or {})


def plain() -> pa.Table:
    table = clean_table()
    return table.set_column(2, "kind", table["kind"].combine_chunks().dictionary_decode())


ALL = (
    Kind("missing_id", 20_000, blank("id"), ("id",)),
    Kind("unparsable_time", 20_000, unparsable("at"), ("at",)),
    Kind("copy", 20_000, same, adds_row=True),
    Kind("messy_text", 20_000, messy("kind"), ("kind",)),
)


def test_undoing_the_log_restores_the_clean_table() -> None:
    found = soiled(*ALL)
    clean = plain()
    kept = np.ones(found.table.num_rows, bool)
    rows = found.table.to_pylist()
    for kind, place, origin in zip(found.kinds, found.places, found.origins, strict=True):
        if kind == "copy":
            kept[place] = False
            assert rows[place] == clean.slice(origin, 1).to_pylist()[0]
        else:
            assert rows[place] != clean.slice(origin, 1).to_pylist()[0]
            rows[place] = clean.slice(origin, 1).to_pylist()[0]
    assert [row for row, keep in zip(rows, kept, strict=True) if keep] == clean.to_pylist()


def test_rows_outside_the_log_are_clean() -> None:
    found = soiled(*ALL)
    clean = plain().to_pylist()
    touched = set(found.places.tolist())
    for place, row in enumerate(found.table.to_pylist()[:ROWS]):
        if place not in touched:
            assert row == clean[place]


def test_each_kind_comes_at_about_its_rate_and_none_twice() -> None:
    found = soiled(*ALL)
    for kind in ALL:
        assert 60 < found.kinds.count(kind.name) < 150
    assert len(set(found.origins.tolist())) == len(found.origins)


def test_a_changed_rate_of_the_last_kind_leaves_the_others_alone() -> None:
    few, many = soiled(*ALL), soiled(*ALL[:-1], Kind("messy_text", 90_000, messy("kind"), ("kind",)))
    before = [pair for pair in zip(few.kinds, few.origins, strict=True) if pair[0] != "messy_text"]
    after = [pair for pair in zip(many.kinds, many.origins, strict=True) if pair[0] != "messy_text"]
    assert before == after
    assert many.kinds.count("messy_text") > few.kinds.count("messy_text")


def test_rows_that_may_not_have_a_kind_never_do() -> None:
    even = np.arange(ROWS) % 2 == 0
    found = soiled(Kind("missing_id", 500_000, blank("id"), ("id",)), allowed={"missing_id": even})
    assert len(found.places) > 500
    assert (found.places % 2 == 0).all()


def test_no_dirt_at_rate_zero() -> None:
    found = soiled(Kind("missing_id", 0, blank("id"), ("id",)))
    assert found.kinds == []
    assert found.table.to_pylist() == plain().to_pylist()


def test_a_dictionary_keeps_its_codes_and_gets_each_new_text_once() -> None:
    found = soiled(Kind("messy_text", 100_000, messy("kind"), ("kind",)))
    column = found.table.column("kind").combine_chunks()
    known = column.dictionary.to_pylist()
    assert known[:2] == ["a", "b"]
    assert set(known) == {"a", "b", "A", "B", " a", " b", "A  ", "B  "}
    assert len(set(known)) == len(known)


def test_a_dictionary_takes_more_texts_than_small_codes_can_tell() -> None:
    def numbered(rows: pa.Table, _draw: np.ndarray) -> pa.Table:
        return rows.set_column(2, "kind", pa.array([f"x{row}" for row in rows.column("id").to_pylist()]))

    found = soiled(Kind("odd", 100_000, numbered, ("id", "at", "kind")))
    kinds = found.table.column("kind").to_pylist()
    assert len(found.places) > 200
    assert all(kinds[place] == f"x{place}" for place in found.places.tolist())
    assert len(set(kinds)) == len(found.places) + 2


def test_missing_values_of_a_dictionary_stay_missing() -> None:
    clean = pa.table({"kind": pa.array(["a", None] * 500).dictionary_encode()})
    draws = Stream(3, "dirt@v1").draw32(clean.num_rows)
    kinds = [Kind("gone", 50_000, blank("kind"), ("kind",)), Kind("copy", 50_000, same, adds_row=True)]
    found = soil(clean, kinds, draws, allowed={})
    before, after = clean.column("kind").to_pylist(), found.table.column("kind").to_pylist()
    assert {"gone", "copy"} == set(found.kinds)
    for kind, place, origin in zip(found.kinds, found.places.tolist(), found.origins.tolist(), strict=True):
        assert after[place] == (None if kind == "gone" else before[origin])
        before[origin] = after[origin]
    assert after[: len(before)] == before


def test_rows_that_come_in_chunks_are_added_in_order() -> None:
    def in_chunks(rows: pa.Table, _draw: np.ndarray) -> pa.Table:
        half = rows.num_rows // 2
        return pa.concat_tables([rows.slice(0, half), rows.slice(half)])

    found = soiled(Kind("copy", 20_000, in_chunks, adds_row=True), Kind("twin", 20_000, same, adds_row=True))
    clean = plain()
    assert found.table.num_rows == ROWS + len(found.places)
    added = found.table.slice(ROWS).to_pylist()
    assert added == clean.take(pa.array(found.origins)).to_pylist()
    assert found.places.tolist() == list(range(ROWS, ROWS + len(added)))


def test_moments_are_patched_in_place() -> None:
    clean = pa.table({"at": pa.array(np.arange(ROWS)).view(pa.timestamp("ms"))})

    def late(rows: pa.Table, _draw: np.ndarray) -> pa.Table:
        later = np.asarray(rows.column("at").combine_chunks().view(pa.int64())) + 10**6
        return rows.set_column(0, "at", pa.array(later).view(pa.timestamp("ms")))

    draws = Stream(3, "dirt@v1").draw32(ROWS)
    found = soil(clean, [Kind("late", 20_000, late, ("at",))], draws, allowed={})
    expected = np.arange(ROWS)
    expected[found.places] += 10**6
    assert found.table.column("at").cast(pa.int64()).to_pylist() == expected.tolist()
