"""By key: a query of which the rows of one key come from the rows of that key in its inputs.

Then the rows of the keys that have changed can be made anew, from these rows alone. An input that has no key of
its own may be looked up in: what changes there makes the keys of those rows change that look it up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from brewhouse.dynamic.linear import Ctes, from_of, own_ctes, query_problem, top_level
from brewhouse.dynamic.query import Query, base_tables

Columns = tuple[str, ...]
Place = tuple[str, str]
"""A column of a select's source: alias and name."""


@dataclass(frozen=True)
class Lookup:
    """A place in which a relation is looked up in, by ``columns`` of it that equal ``via`` of the place ``of``."""

    place: int
    columns: Columns
    of: int
    via: Columns


@dataclass(frozen=True)
class Keyed:
    """``key``: of the table; ``parts``: by place, the same columns of what is read there."""

    key: Columns
    parts: dict[int, Columns]
    lookups: tuple[Lookup, ...] = ()


class NotKeyedError(Exception):
    """Says why a query can't be done key by key."""


def keyed(query: Query, key: Columns) -> Keyed:
    """The shape by ``key``; raises ``NotKeyedError``."""
    if not key:
        raise NotKeyedError("it declares no key (meta: key: [...])")
    missing = [name for name in key if name not in query.outputs]
    if missing:
        raise NotKeyedError(f"its key {', '.join(missing)} is no column of it")
    tracer = _Tracer({id(node): number for number, node in enumerate(base_tables(query.tree))})
    tracer.trace(query.tree, key, {})
    clash = tracer.parts.keys() & {lookup.place for lookup in tracer.lookups}
    if clash:
        raise NotKeyedError("one relation is read by key and looked up in through the same name")
    return Keyed(key, tracer.parts, tuple(tracer.lookups))


@dataclass
class _Tracer:
    places: dict[int, int]
    parts: dict[int, Columns] = field(default_factory=dict)
    lookups: list[Lookup] = field(default_factory=list)

    def trace(self, tree: exp.Expr, key: Columns, ctes: Ctes) -> None:
        """Follow ``key``, names of the columns of ``tree``, down to relations."""
        if isinstance(tree, exp.Subquery):
            self.trace(tree.this, key, ctes)
            return
        inner = {**ctes, **own_ctes(tree)}
        if isinstance(tree, exp.Union) and not tree.args.get("distinct") and not tree.args.get("limit"):
            names = tree.named_selects
            for side in (tree.left, tree.right):
                own = side.named_selects
                self.trace(side, tuple(own[names.index(name)] for name in key), inner)
            return
        if not isinstance(tree, exp.Select):
            raise NotKeyedError(f"{tree.key} compares rows with each other")
        self._select(tree, key, inner)

    def _select(self, tree: exp.Select, key: Columns, ctes: Ctes) -> None:
        for name in ("limit", "offset", "laterals", "pivots", "sample"):
            if tree.args.get(name):
                raise NotKeyedError(f"{name.rstrip('s')} depends on all rows")
        if any(part.find(exp.Select) for part in top_level(tree)):
            raise NotKeyedError("a subquery outside of from looks at rows of other keys")
        distinct = tree.args.get("distinct")
        if distinct and distinct.args.get("on"):
            raise NotKeyedError("distinct on compares rows with each other")
        columns = [self._plain(tree, name) for name in key]
        equal = _equalities(tree)
        self._grouping(tree, columns, equal)
        for alias, source in _sources(tree).items():
            own = _matching(columns, equal, alias)
            if own is not None:
                self._follow(source, own, ctes)
            else:
                self.lookups.append(self._lookup(tree, alias, columns, equal, ctes))

    def _plain(self, tree: exp.Select, name: str) -> Place:
        column = next(part for part in tree.expressions if part.alias_or_name == name).unalias()
        if not isinstance(column, exp.Column):
            raise NotKeyedError(f"its key {name} is computed: {column.sql()}")
        if column.table in _nullable(tree):
            raise NotKeyedError(f"its key {name} comes from the optional side of a join")
        return column.table, column.name

    def _grouping(self, tree: exp.Select, columns: list[Place], equal: _Equal) -> None:
        """Groups and windows must not reach beyond one key."""
        group = tree.args.get("group")
        if group and (len(group.args["expressions"]) == 0 or any(group.args.get(n) for n in _SETS)):
            raise NotKeyedError("grouping sets reach beyond one key")
        surely = [equal.closure(column) for column in columns]
        surely = [{place for place in places if place[0] not in _nullable(tree)} for places in surely]
        grouped = _covers(group.expressions if group else (), surely)
        for part in top_level(tree):
            for window in part.find_all(exp.Window):
                if not _covers(window.args.get("partition_by") or (), surely):
                    raise NotKeyedError(f"a window is not partitioned by its key: {window.sql()}")
            loose = [one for one in part.find_all(exp.AggFunc) if not isinstance(_owner(one), exp.Window)]
            if loose and not grouped:
                raise NotKeyedError(f"{loose[0].key}() is not grouped by its key")
        if group and not grouped:
            raise NotKeyedError("it is not grouped by its key")

    def _follow(self, source: exp.Expr, key: Columns, ctes: Ctes) -> None:
        if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
            if not source.db and source.name in ctes:
                self.trace(ctes[source.name], key, ctes)
                return
            place = self.places[id(source)]
            if self.parts.setdefault(place, key) != key:
                raise NotKeyedError(f"{source.name} is read by two different keys")
        elif isinstance(source, exp.Subquery):
            self.trace(source, key, ctes)
        else:
            raise NotKeyedError("it reads from something else than relations")

    def _lookup(
        self, tree: exp.Select, alias: str, columns: list[Place], equal: _Equal, ctes: Ctes
    ) -> Lookup:
        """How the rows that look up ``alias`` are found."""
        sources = _sources(tree)
        for other, source in sources.items():
            if other == alias or _matching(columns, equal, other) is None or other in _nullable(tree):
                continue
            pairs = [(mine[1], theirs[1]) for mine, theirs in equal.pairs(alias, other)]
            if pairs:
                here = [_origin(sources[alias], name, ctes) for name, _ in pairs]
                there = [_origin(source, name, ctes) for _, name in pairs]
                if None not in here and None not in there:
                    found = [(a, b) for a, b in zip(here, there, strict=True) if a and b]
                    place, of = self.places[id(found[0][0][0])], self.places[id(found[0][1][0])]
                    names = tuple(a[1] for a, _ in found), tuple(b[1] for _, b in found)
                    return Lookup(place, names[0], of, names[1])
        raise NotKeyedError(f"{alias} is joined neither by its key nor looked up from rows of that key")


_SETS = ("grouping_sets", "cube", "rollup", "all", "totals")


class _Equal:
    """Which columns of a select's sources are equal, by its joins.

    What an optional side equals is known of its own rows alone: from the other side to it, and not back.
    """

    def __init__(self) -> None:
        self._next: dict[Place, list[Place]] = {}

    def add(self, one: Place, other: Place, optional: str) -> None:
        """``optional``: the alias of the side that may be missing, or empty."""
        if other[0] != optional:
            self._next.setdefault(other, []).append(one)
        if one[0] != optional:
            self._next.setdefault(one, []).append(other)

    def closure(self, place: Place) -> set[Place]:
        """What equals a column wherever it is there."""
        found, todo = {place}, [place]
        while todo:
            for there in self._next.get(todo.pop(), ()):
                if there not in found:
                    found.add(there)
                    todo.append(there)
        return found

    def pairs(self, alias: str, other: str) -> list[tuple[Place, Place]]:
        """Columns of two sources that a join compares."""
        given = [(one, there) for one, theirs in self._next.items() for there in theirs]
        both = [*given, *((there, one) for one, there in given)]
        return list(dict.fromkeys(pair for pair in both if (pair[0][0], pair[1][0]) == (alias, other)))


def _equalities(tree: exp.Select) -> _Equal:
    equal = _Equal()
    for join in tree.args.get("joins") or ():
        if join.side not in ("", "LEFT") or join.kind not in ("", "INNER", "OUTER") or join.method:
            raise NotKeyedError(
                f"a {' '.join(filter(None, (join.method, join.side, join.kind)))} join".lower()
            )
        condition, added = join.args.get("on"), join.this.alias_or_name
        for part in condition.flatten() if isinstance(condition, exp.And) else [condition]:
            if isinstance(part, exp.EQ):
                one, other = part.left.unnest(), part.right.unnest()
                if not isinstance(one, exp.Column) or not isinstance(other, exp.Column):
                    continue
                if join.side != "LEFT" or (one.table == added) != (other.table == added):
                    optional = added if join.side == "LEFT" else ""
                    equal.add((one.table, one.name), (other.table, other.name), optional)
    return equal


def _nullable(tree: exp.Select) -> set[str]:
    return {join.this.alias_or_name for join in tree.args.get("joins") or () if join.side == "LEFT"}


def _sources(tree: exp.Select) -> dict[str, exp.Expr]:
    source = from_of(tree)
    if source is None:
        raise NotKeyedError("it reads from nothing")
    return {part.alias_or_name: part for part in (source, *(j.this for j in tree.args.get("joins") or ()))}


def _matching(columns: Sequence[Place], equal: _Equal, alias: str) -> Columns | None:
    """The columns of ``alias`` that equal the key, or None."""
    found = []
    for column in columns:
        names = sorted(name for table, name in equal.closure(column) if table == alias)
        if not names:
            return None
        found.append(column[1] if column[0] == alias else names[0])
    return tuple(found)


def _covers(parts: Sequence[exp.Expr], key: Sequence[set[Place]]) -> bool:
    """Whether each column of the key is among ``parts``, by one of its names."""
    named = {(part.table, part.name) for part in parts if isinstance(part, exp.Column)}
    return all(named & places for places in key)


def _owner(node: exp.Expr) -> exp.Expr | None:
    """What an aggregate stands in: a window, or the filter before it."""
    above = node.parent
    while isinstance(above, exp.Filter | exp.IgnoreNulls | exp.WithinGroup):
        above = above.parent
    return above


def _origin(source: exp.Expr, name: str, ctes: Ctes) -> tuple[exp.Table, str] | None:
    """The relation, and its column, that a column of ``source`` is, row by row."""
    if isinstance(source, exp.Subquery):
        return _through(source.this, name, ctes)
    if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
        return None
    if not source.db and source.name in ctes:
        return _through(ctes[source.name], name, ctes)
    return source, name


def _through(tree: exp.Expr, name: str, ctes: Ctes) -> tuple[exp.Table, str] | None:
    if not isinstance(tree, exp.Select) or query_problem(tree, ctes):
        return None
    column = next((part for part in tree.expressions if part.alias_or_name == name), None)
    inner, source = column.unalias() if column else None, from_of(tree)
    if not isinstance(inner, exp.Column) or source is None:
        return None
    return _origin(source, inner.name, {**ctes, **own_ctes(tree)})
