"""Which of four ways a table can be refreshed in: row by row, by group, by key, or as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from brewhouse.dynamic.grouped import Grouped, NotGroupedError, grouped
from brewhouse.dynamic.keyed import Keyed, NotKeyedError, keyed
from brewhouse.dynamic.linear import why_not_linear
from brewhouse.dynamic.query import Query
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.sums import Sums


@dataclass(frozen=True)
class RowWise:
    """Each row comes from one row of one input."""


@dataclass(frozen=True)
class Whole:
    """``reason``: why no part of the table can be refreshed alone."""

    reason: str


Shape = RowWise | Grouped | Keyed | Whole


def shape_of(store: Store, query: Query) -> Shape:
    """The cheapest way that keeps the table equal to its query."""
    if (known := query.memo.get("shape")) is None:
        known = query.memo["shape"] = _shape_of(store, query)
    assert isinstance(known, Shape)  # noqa: S101  # nobody else writes there
    return known


def _shape_of(store: Store, query: Query) -> Shape:
    if query.volatile:
        return Whole(f"{query.volatile}() gives another value each time")
    if query.unknown:
        return Whole(f"{query.unknown}() puts rows together in a way that only the engine knows")
    key = query.table.key
    no_rows = why_not_linear(query)
    if not no_rows and key and set(key) <= set(query.outputs):
        return RowWise()
    groups, no_groups = _by_groups(store, query)
    if groups and not no_groups:
        return groups
    try:
        return keyed(query, key or (groups.outputs if groups else _groups(query)))
    except NotKeyedError as error:
        return Whole(_reasons(no_rows, no_groups, str(error)))


def _by_groups(store: Store, query: Query) -> tuple[Grouped | None, str]:
    """The groups of a query, and why they can't be added to; empty if they can."""
    try:
        groups = grouped(query)
    except NotGroupedError as error:
        return None, str(error)
    return groups, Sums(store, query, groups).exact()


def describe(shape: Shape) -> str:
    """A shape in a few words."""
    match shape:
        case RowWise():
            return "row by row"
        case Grouped():
            return f"adds to sums per {', '.join(shape.outputs)}"
        case Keyed():
            return f"remakes the rows of each {', '.join(shape.key)} that changed"
        case Whole():
            return "rebuilt as a whole"


def _groups(query: Query) -> tuple[str, ...]:
    """The columns of a plain ``group by``, which are a key; empty if it is not plain."""
    from sqlglot import exp

    tree = query.tree
    group = tree.args.get("group") if isinstance(tree, exp.Select) else None
    if not group:
        return ()
    named = [part.alias_or_name for part in tree.expressions if part.unalias() in group.expressions]
    return tuple(named) if len(named) == len(group.expressions) else ()


def _reasons(no_rows: str, no_groups: str, no_keys: str) -> str:
    found = {"row by row": no_rows, "by group": no_groups, "by key": no_keys}
    return "; ".join(f"not {way}: {why}" for way, why in found.items() if why)
