"""Bring a table of groups to the next moment by adding to its sums and counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import exp, parse_one

from brewhouse.dynamic.grouped import ROWS, STATE_PLACE, Grouped, Part
from brewhouse.dynamic.query import Query
from brewhouse.dynamic.steps import Deltas, sides
from brewhouse.dynamic.store import SCHEMA, Delta, DriftError, Keys, Store
from brewhouse.dynamic.table import Name
from brewhouse.warehouse.engine import quoted

_VALUE: Final = "v"
_FLOATS: Final = frozenset({"double", "float", "real", "float4", "float8"})


@dataclass(frozen=True)
class Sums:
    """The state of one table of groups in a warehouse."""

    store: Store
    query: Query
    shape: Grouped

    @property
    def state(self) -> Name:
        """The table of groups."""
        return Name(SCHEMA, f"state__{self._label}")

    def values(self, part: Part) -> Name:
        """The table of values of a ``count(distinct …)``."""
        return Name(SCHEMA, f"values_{part.name}__{self._label}")

    @property
    def _label(self) -> str:
        name = self.query.table.name
        return f"{name.schema}__{name.table}"

    @property
    def _groups(self) -> tuple[str, ...]:
        return tuple(self.shape.groups)

    def begin(self) -> None:
        """Compute the whole state from what the inputs hold."""
        self.store.create(self.state, self._select(self._all_parts(self.shape.parts)))
        self.store.index(self.state, self._groups)
        for part in self._distinct():
            self.store.create(self.values(part), self._occurrences(part, {}))
            self.store.index(self.values(part), (*self._groups, _VALUE))

    def exact(self) -> str:
        """Why sums would not be exact; empty if they are."""
        kinds = self.store.types(self._select(self._all_parts(self.shape.parts)))
        for part in self.shape.parts:
            if part.kind == "sum" and kinds[part.name].lower() in _FLOATS:
                return f"sum({part.argument}) is a floating point number: the order of additions would show"
        return ""

    def refresh(self, deltas: Deltas) -> Delta:
        """Add the changes, and finish the groups that they touch."""
        store = self.store
        changed = {side: sides(self.query, deltas, side) for side in ("plus", "minus")}
        plus = store.temporary(self._select(self._all_parts(self._added()), changed["plus"]))
        minus = store.temporary(self._select(self._all_parts(self._added()), changed["minus"]))
        listed = _names(self._groups)
        keys = store.keys(f"select {listed} from {plus} union all select {listed} from {minus}", self._groups)
        found = store.find(self.state, self._groups, keys)
        old = store.temporary(f"select * from {found.rows} as t")
        branches = list(self._branches(old, plus, minus))
        branches += [self._distinct_change(part, changed) for part in self._distinct()]
        branches += self._extremes_anew(old, minus)
        new = store.temporary(self._merged(branches))
        self._check(new)
        store.delete(found)
        store.insert(self.state.sql, self._columns(), new, f"where {quoted(ROWS)} > 0")
        return self._finish(keys, new)

    def _finish(self, keys: Keys, new: str) -> Delta:
        """Replace the touched groups in the table."""
        store, name, columns = self.store, self.query.table.name.sql, self.query.outputs
        fresh = store.temporary(self._final(new))
        found = store.find(self.query.table.name, self.shape.outputs, keys)
        old = store.temporary(f"select {_names(columns)} from {found.rows} as t")
        delta = store.delta(fresh, old)
        if delta.rows:
            store.delete(found)
            store.insert(name, columns, fresh)
        return delta

    def _final(self, new: str) -> str:
        """The query over finished groups: rows of the state."""
        memo, store = self.query.memo, self.store
        if (known := memo.get(f"final {new}")) is not None:
            return str(known)
        rows = f"(select * from {new} as s where {quoted(ROWS)} > 0)"
        final = self.shape.final.copy()
        place = next(node for node in final.find_all(exp.Table) if node.name == STATE_PLACE)
        source = parse_one(f"select * from {rows} as {STATE_PLACE}", dialect=store.dialect).find(exp.From)
        assert source is not None  # noqa: S101  # it was just written
        place.replace(source.this)
        text = final.sql(store.dialect)
        memo[f"final {new}"] = text
        return text

    def _columns(self) -> tuple[str, ...]:
        """Of the state, in its order."""
        found = [*self._groups, ROWS]
        for part in self.shape.parts:
            found += [part.name, part.present] if part.kind == "sum" else [part.name]
        return tuple(found)

    def _added(self) -> tuple[Part, ...]:
        return tuple(part for part in self.shape.parts if part.kind != "distinct")

    def _distinct(self) -> tuple[Part, ...]:
        return tuple(part for part in self.shape.parts if part.kind == "distinct")

    def _extremes(self) -> tuple[Part, ...]:
        return tuple(part for part in self.shape.parts if part.kind in ("min", "max"))

    def _all_parts(self, parts: tuple[Part, ...]) -> list[str]:
        """The columns of the state as expressions over rows."""
        found = [f"count(*) as {quoted(ROWS)}"]
        for part in parts:
            text, name = part.argument, quoted(part.name)
            if part.kind == "sum":
                found += [f"coalesce(sum({text}), 0) as {name}", f"count({text}) as {quoted(part.present)}"]
            elif part.kind == "distinct":
                found.append(f"count(distinct {text}) as {name}")
            else:
                found.append(f"{part.kind}({text}) as {name}")
        return found

    def _select(
        self,
        columns: list[str],
        names: dict[Name, str] | None = None,
        *,
        by: tuple[str, ...] = (),
        where: str = "",
    ) -> str:
        """Aggregates of the rows by group, and by more expressions that are given; of other inputs if ``names``."""
        memo = self.query.memo
        asked = f"select {columns} {sorted((names or {}).items())} {by} {where}"
        if asked not in memo:
            memo[asked] = self._select_anew(columns, names or {}, by, where)
        return str(memo[asked])

    def _select_anew(
        self, columns: list[str], names: dict[Name, str], by: tuple[str, ...], where: str
    ) -> str:
        dialect = self.store.dialect
        tree = self.shape.rows.copy()
        listed = [f"{text} as {quoted(name)}" for name, text in self.shape.groups.items()]
        parsed = [parse_one(text, dialect=dialect) for text in [*listed, *columns]]
        tree.set("expressions", parsed)
        if by:
            tree.group_by(*(parse_one(text, dialect=dialect) for text in by), append=True, copy=False)
        if where:
            tree.where(where, dialect=dialect, copy=False)
        return self.query.over_names(names, tree)

    def _occurrences(self, part: Part, names: dict[Name, str]) -> str:
        """Each value of a group, and how often it occurs."""
        columns = [f"{part.argument} as {quoted(_VALUE)}", f"count(*) as {quoted(ROWS)}"]
        return self._select(columns, names, by=(part.argument,), where=f"({part.argument}) is not null")

    def _branches(self, old: str, plus: str, minus: str) -> Iterator[str]:
        """Rows whose sums by group are the new state; the old ones first, as they give the types."""
        yield self._branch(old, {name: quoted(name) for name in self._columns()})
        kept = {part.name for part in self._distinct()}
        yield self._branch(plus, {name: quoted(name) for name in self._columns() if name not in kept})
        extremes = {part.name for part in self._extremes()}
        taken = [name for name in self._columns() if name not in (*self._groups, *kept, *extremes)]
        yield self._branch(
            minus,
            {**{name: quoted(name) for name in self._groups}, **{name: f"-{quoted(name)}" for name in taken}},
        )

    def _branch(self, relation: str, given: dict[str, str], *, anew: bool = False) -> str:
        extremes = {part.name for part in self._extremes()}
        parts = [
            f"{given.get(name, 'null' if name in extremes else '0')} as {quoted(name)}"
            for name in self._columns()
        ]
        return f"select {', '.join(parts)}, {int(anew)} as anew from {relation}"

    def _merged(self, branches: list[str]) -> str:
        extremes = {part.name: part.kind for part in self._extremes()}
        columns = [quoted(name) for name in self._groups]
        for name in self._columns():
            if name in self._groups:
                continue
            if kind := extremes.get(name):
                fresh, kept = (f"{kind}(case when anew = {n} then {quoted(name)} end)" for n in (1, 0))
                columns.append(f"case when max(anew) = 1 then {fresh} else {kept} end as {quoted(name)}")
            else:
                columns.append(f"sum({quoted(name)}) as {quoted(name)}")
        union = " union all ".join(branches)
        return f"select {', '.join(columns)} from ({union}) as b group by {_names(self._groups)}"

    def _distinct_change(self, part: Part, changed: dict[str, dict[Name, str]]) -> str:
        """Bring the occurrences up to date; gives how the number of values changes in each group."""
        store, table = self.store, self.values(part)
        names = (*self._groups, _VALUE)
        listed = _names(names)
        plus = self._occurrences(part, changed["plus"])
        minus = self._occurrences(part, changed["minus"])
        n = quoted(ROWS)
        change = store.temporary(
            f"select {listed}, sum({n}) as {n} from (select * from ({plus}) as p union all "
            f"select {listed}, -{n} from ({minus}) as m) as b group by {listed} having sum({n}) <> 0"
        )
        keys = store.keys(f"select {listed} from {change}", names)
        found = store.find(table, names, keys)
        old = store.temporary(f"select * from {found.rows} as t")
        new = store.temporary(
            f"select {listed}, sum({n}) as {n} from (select * from {old} as o union all "
            f"select * from {change} as c) as b group by {listed}"
        )
        self._check(new)
        store.delete(found)
        store.insert(table.sql, (*names, ROWS), new, f"where {n} > 0")
        groups = _names(self._groups)
        more = f"select {groups}, 1 as d from {new} as n where {n} > 0"
        less = f"select {groups}, -1 as d from {old} as o"
        counted = store.temporary(
            f"select {groups}, sum(d) as d from ({more} union all {less}) as b group by {groups}"
        )
        return self._branch(counted, {**{name: quoted(name) for name in self._groups}, part.name: "d"})

    def _extremes_anew(self, old: str, minus: str) -> list[str]:
        """Groups that may have lost their least or greatest value get it from their rows."""
        if not self._extremes():
            return []
        listed = _names(self._groups)
        lost = []
        for part in self._extremes():
            name, sign = quoted(part.name), "<=" if part.kind == "min" else ">="
            gone = f"{part.kind}(case when gone = 1 then {name} end)"
            kept = f"{part.kind}(case when gone = 0 then {name} end)"
            rows = f"select {listed}, {name}, 0 as gone from {old} union all select {listed}, {name}, 1 from {minus}"
            lost.append(f"select {listed} from ({rows}) as b group by {listed} having {gone} {sign} {kept}")
        groups = self.store.keys(" union all ".join(lost), self._groups)
        if not groups.rows:
            return []
        parts = [f"{part.kind}({part.argument}) as {quoted(part.name)}" for part in self._extremes()]
        inner = self._select(parts)
        anew = self.store.temporary(groups.rows_of(f"({inner})", self._groups))
        given = {name: quoted(name) for name in self._groups}
        marks = self._branch(groups.relation, given, anew=True)
        fresh = {part.name: quoted(part.name) for part in self._extremes()}
        return [marks, self._branch(anew, given | fresh, anew=True)]

    def _check(self, relation: str) -> None:
        if self.store.count(f"{relation} as s where {quoted(ROWS)} < 0"):
            problem = "more rows of a group went than were there"
            raise DriftError(problem)


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(map(quoted, columns))
