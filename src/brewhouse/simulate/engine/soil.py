"""Dirt at a stated, seeded rate: what goes wrong with rows between a source and the warehouse.

The clean table is made first and its bytes do not depend on the rates. Each clean row gets at most one
kind of dirt; the log names the file position of every dirty row, so that undoing it restores the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Change = Callable[[pa.Table, NDArray[np.uint32]], pa.Table]
"""Takes the chosen rows and a column of uniform 32-bit draws, returns the rows as they arrive."""

UNPARSABLE_TIMES: Final = (
    "2026-02-30T25:61:00.000Z",
    "31/12/2025 23:59",
    "yesterday",
    "",
    "0000-00-00T00:00:00.000Z",
    "1767225600",
    "2026-13-01",
)


@dataclass(frozen=True)
class Kind:
    """One way in which rows go wrong: ``per_million`` rows of those that may have it."""

    name: str
    per_million: int
    change: Change
    columns: tuple[str, ...] = ()
    """Columns that ``change`` may change, of the row itself."""
    adds_row: bool = False
    """True: the clean row stays and a changed copy of it follows at the end of the chunk."""


@dataclass(frozen=True)
class Soiled:
    """A dirty table; for each dirty row its kind, its place in the file, and the clean row behind it."""

    table: pa.Table
    kinds: list[str] = field(default_factory=list)
    places: Rows = field(default_factory=lambda: np.zeros(0, np.int64))
    origins: Rows = field(default_factory=lambda: np.zeros(0, np.int64))


def soil(
    clean: pa.Table,
    kinds: list[Kind],
    draws: NDArray[np.uint32],
    *,
    allowed: Mapping[str, NDArray[np.bool_]],
) -> Soiled:
    """Apply ``kinds`` to ``clean``; ``allowed[kind]`` marks the rows that may have that kind (else all).

    ``draws`` holds a uniform 32-bit draw a row.
    """
    chosen = _chosen(kinds, draws, allowed)
    if not chosen:
        return Soiled(clean)
    patches: dict[str, list[tuple[Rows, pa.Array]]] = {}
    added: list[pa.Table] = []
    places: list[Rows] = []
    end = clean.num_rows
    for kind, rows in chosen:
        source = clean if kind.adds_row else clean.select(kind.columns)
        changed = kind.change(_plain_table(source.take(rows)), _spread(draws[rows]))
        if kind.adds_row:
            added.append(changed)
            places.append(np.arange(end, end + len(rows)))
            end += len(rows)
        else:
            for name in changed.column_names:
                patches.setdefault(name, []).append((rows, changed.column(name).combine_chunks()))
            places.append(rows)
    columns = [
        _patched(_whole(clean.column(name)), patches.get(name, []), [more.column(name) for more in added])
        for name in clean.column_names
    ]
    dirty = pa.Table.from_arrays(columns, names=clean.column_names)
    names = [kind.name for kind, rows in chosen for _ in range(len(rows))]
    return Soiled(dirty, names, np.concatenate(places), np.concatenate([rows for _, rows in chosen]))


def _chosen(
    kinds: list[Kind], draws: NDArray[np.uint32], allowed: Mapping[str, NDArray[np.bool_]]
) -> list[tuple[Kind, Rows]]:
    """The rows that get each kind; kinds without any are left out.

    Bands of the draw decide, so the kinds never overlap and a changed rate of the last kind leaves the others
    as they were.
    """
    chosen: list[tuple[Kind, Rows]] = []
    low = 0
    for kind in kinds:
        high = low + (kind.per_million << 32) // 1_000_000
        hit = (draws >= low) & (draws < high)
        if kind.name in allowed:
            hit &= allowed[kind.name]
        if hit.any():
            chosen.append((kind, np.flatnonzero(hit)))
        low = high
    return chosen


def _spread(draws: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Uniform draws again from those that fell into one band (a multiplicative hash, Knuth 6.4)."""
    return (draws * np.uint32(2_654_435_769)) ^ (draws >> np.uint32(7))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece; combining a single chunk would copy it."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _patched(
    old: pa.Array, patches: list[tuple[Rows, pa.Array]], added: list[pa.ChunkedArray]
) -> pa.Array | pa.ChunkedArray:
    """A column with some rows replaced and others added at its end.

    Few rows change: the stretches between them are copied whole, and where none does nothing is copied.
    """
    tail = [chunk for more in added for chunk in more.chunks]
    if not patches and not tail:
        return old
    rows = np.concatenate([rows for rows, _ in patches]) if patches else np.zeros(0, np.int64)
    if pa.types.is_dictionary(old.type):
        return _patched_codes(old, rows, [new for _, new in patches], tail)
    if not patches:
        return pa.chunked_array([old, *tail])
    new = pa.concat_arrays([new for _, new in patches])
    if pa.types.is_timestamp(old.type) and not old.null_count and not new.null_count:
        moments = np.array(old.view(pa.int64()))
        moments[rows] = np.asarray(new.view(pa.int64()))
        return pa.concat_arrays([pa.array(moments).view(old.type), *tail])
    parts, begin = [], 0
    for at in np.argsort(rows).tolist():
        row = int(rows[at])
        parts += [old.slice(begin, row - begin), new.slice(at, 1)]
        begin = row + 1
    return pa.concat_arrays([*parts, old.slice(begin), *tail])


def _patched_codes(
    old: pa.DictionaryArray, rows: Rows, patches: list[pa.Array], tail: list[pa.Array]
) -> pa.DictionaryArray:
    """The same for a dictionary column: new texts are appended to its dictionary."""
    texts = pa.concat_arrays([*patches, *tail]).dictionary_encode()
    known = {text: code for code, text in enumerate(old.dictionary.to_pylist())}
    of_text = [known.setdefault(text, len(known)) for text in texts.dictionary.to_pylist()]
    fresh = np.array([*of_text, 0])[np.asarray(texts.indices.fill_null(len(of_text)), np.int64)]
    codes = np.concatenate([np.asarray(old.indices.fill_null(0), np.int64), fresh[len(rows) :]])
    codes[rows] = fresh[: len(rows)]
    missing = np.concatenate([np.asarray(old.indices.is_null()), np.asarray(texts.is_null())[len(rows) :]])
    missing[rows] = np.asarray(texts.is_null())[: len(rows)]
    dictionary = pa.array(list(known), pa.string())
    kind = np.int8 if len(dictionary) < 128 else np.int16
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(kind), mask=missing), dictionary)


def _plain_table(table: pa.Table) -> pa.Table:
    """The same table with dictionary codes as the texts they stand for, so that any text fits."""
    for index, name in enumerate(table.column_names):
        if pa.types.is_dictionary(table.column(index).type):
            text = table.column(index).combine_chunks().dictionary_decode()
            table = table.set_column(index, name, text)
    return table


# --- changes that every company knows -------------------------------------------------------------------


def blank(column: str) -> Change:
    """The value of ``column`` is missing."""

    def change(rows: pa.Table, _draw: NDArray[np.uint32]) -> pa.Table:
        index = rows.column_names.index(column)
        return rows.set_column(index, column, pa.nulls(rows.num_rows, rows.schema.field(index).type))

    return change


def unparsable(column: str) -> Change:
    """The text of ``column`` is no moment in time."""

    def change(rows: pa.Table, draw: NDArray[np.uint32]) -> pa.Table:
        texts = pa.array(UNPARSABLE_TIMES).take(pa.array(draw % len(UNPARSABLE_TIMES)))
        return rows.set_column(rows.column_names.index(column), column, texts)

    return change


def messy(*columns: str) -> Change:
    """Text in upper case or with stray spaces, in all of ``columns``."""

    def change(rows: pa.Table, draw: NDArray[np.uint32]) -> pa.Table:
        for column in columns:
            text = rows.column(column).combine_chunks()
            upper = pc.utf8_upper(text)
            variants = [
                upper,
                pc.binary_join_element_wise(" ", text, ""),
                pc.binary_join_element_wise("", upper, "  ", ""),
            ]
            index = pa.array((draw % len(variants)).astype(np.int64))
            rows = rows.set_column(rows.column_names.index(column), column, pc.choose(index, *variants))
        return rows

    return change


def same(rows: pa.Table, _draw: NDArray[np.uint32]) -> pa.Table:
    """An exact copy."""
    return rows
