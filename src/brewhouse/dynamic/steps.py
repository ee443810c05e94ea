"""Bring a table from the content of one moment to that of the next: row by row, by key, or anew."""

from __future__ import annotations

from collections.abc import Mapping

from brewhouse.dynamic.keyed import Keyed
from brewhouse.dynamic.query import Query
from brewhouse.dynamic.store import Delta, DriftError, Found, Store, nothing_of
from brewhouse.dynamic.table import Name
from brewhouse.warehouse.engine import quoted

Deltas = Mapping[Name, Delta]
"""What changed in each input; those without an entry did not change."""


def rows_of(store: Store, query: Query, deltas: Deltas) -> Delta:
    """What the changes of the inputs make of a query that takes rows one by one."""
    plus = store.temporary(query.over_names(sides(query, deltas, "plus")))
    minus = store.temporary(query.over_names(sides(query, deltas, "minus")))
    return store.delta(plus, minus)


def by_rows(store: Store, query: Query, deltas: Deltas) -> Delta:
    """Add the rows that come, take away as many copies as go; never one that isn't there."""
    name, columns, key = query.table.name.sql, query.outputs, query.table.key
    delta = rows_of(store, query, deltas)
    if delta.minus_rows:
        listed = ", ".join(map(quoted, key))
        keys = store.keys(f"select {listed} from {delta.minus}", key)
        names = ", ".join(map(quoted, columns))
        found = store.find(query.table.name, key, keys)
        old = store.temporary(f"select {names} from {found.rows} as t")
        left = store.temporary(f"select * from {old} except all select {names} from {delta.minus}")
        if store.count(old) - delta.minus_rows != store.count(left):
            problem = "a row is to be deleted that isn't there"
            raise DriftError(problem)
        store.delete(found)
        store.insert(name, columns, left)
    if delta.plus_rows:
        store.insert(name, columns, delta.plus)
    return delta


def by_key(store: Store, query: Query, shape: Keyed, deltas: Deltas) -> Delta:
    """Make the rows of all keys anew that a change of any input may have touched."""
    name, columns = query.table.name.sql, query.outputs
    names = ", ".join(map(quoted, columns))
    keys = store.keys(" union all ".join(_touched(query, shape, deltas)), shape.key)
    parts = {place: store.find(query.references[place], part, keys) for place, part in shape.parts.items()}
    new = store.temporary(query.over({place: found.rows for place, found in parts.items()}))
    there = (
        nothing_of(name) if _all_new(query, parts, deltas) else store.find(query.table.name, shape.key, keys)
    )
    old = store.temporary(f"select {names} from {there.rows} as t")
    delta = store.delta(new, old)
    if delta.rows:
        store.delete(there)
        store.insert(name, columns, new)
    return delta


def _all_new(query: Query, parts: Mapping[int, Found], deltas: Deltas) -> bool:
    """Whether no input had a row of these keys before: then the table had none either, and need not be searched."""
    for place, found in parts.items():
        delta = deltas.get(query.references[place])
        if found.count != (delta.plus_rows if delta else 0) or (delta and delta.minus_rows):
            return False
    return True


def _touched(query: Query, shape: Keyed, deltas: Deltas) -> list[str]:
    """Queries for the keys, from the rows before and after each change."""

    def images(delta: Delta, columns: tuple[str, ...], names: tuple[str, ...]) -> list[str]:
        listed = ", ".join(
            f"{quoted(column)} as {quoted(name)}" for column, name in zip(columns, names, strict=True)
        )
        return [f"select {listed} from {side}" for side in (delta.plus, delta.minus)]

    found = []
    for place, columns in shape.parts.items():
        if delta := deltas.get(query.references[place]):
            found += images(delta, columns, shape.key)
    for lookup in shape.lookups:
        if delta := deltas.get(query.references[lookup.place]):
            seen = " union all ".join(images(delta, lookup.columns, lookup.columns))
            via = ", ".join(quoted("t", column) for column in lookup.via)
            part = ", ".join(
                f"{quoted('t', column)} as {quoted(name)}"
                for column, name in zip(shape.parts[lookup.of], shape.key, strict=True)
            )
            relation = query.references[lookup.of].sql
            found.append(f"select {part} from {relation} as t where ({via}) in ({seen})")
    return found


def sides(query: Query, deltas: Deltas, side: str) -> dict[Name, str]:
    """The changed rows of each input instead of the input; none where nothing changed."""
    return {
        name: getattr(deltas[name], side) if name in deltas else f"(select * from {name.sql} where false)"
        for name in query.inputs
    }
