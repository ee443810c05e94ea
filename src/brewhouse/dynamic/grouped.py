"""By group: sums and counts that a change can be added to, in a state that is kept beside the table.

Per group the state has the number of rows (``n``), of each summed argument its sum and how many values there were,
each minimum and maximum; of ``count(distinct …)`` each value and how often it occurs, in a table of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from brewhouse.dynamic.linear import Ctes, from_of, own_ctes, select_problem, source_problem
from brewhouse.dynamic.query import Query

Kind = Literal["sum", "count", "min", "max", "distinct"]
ROWS = "n"
"""The column of the state that counts a group's rows."""
_KINDS: dict[type[exp.Expr], Kind] = {
    exp.Sum: "sum", exp.Count: "count", exp.Min: "min", exp.Max: "max",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One aggregate of the state: its columns are ``name`` and, of a sum, ``name_n``."""

    name: str
    kind: Kind
    argument: str

    @property
    def present(self) -> str:
        """The column that counts the values of a sum."""
        return f"{self.name}_n"


@dataclass(frozen=True)
class Grouped:
    """``groups``: expressions by the state's column; ``outputs``: the same groups as columns of the table.

    ``state``: the query's rows that are grouped, up to and without its columns; ``final``: the query in which the
    place ``finished`` stands for rows of the state.
    """

    groups: dict[str, str]
    outputs: tuple[str, ...]
    parts: tuple[Part, ...]
    rows: exp.Select
    final: exp.Query


class NotGroupedError(Exception):
    """Says why a query's groups can't be added to."""


STATE_PLACE = "brewhouse_state_rows"
"""Stands in ``Grouped.final`` for the relation with rows of the state."""


def grouped(query: Query) -> Grouped:
    """The shape by groups; raises ``NotGroupedError``."""
    tree = query.tree.copy()
    select, above = _find(tree, {})
    _check(select, above)
    group: exp.Group = select.args["group"]
    groups = {f"g{number}": part for number, part in enumerate(group.expressions, start=1)}
    parts: dict[tuple[Kind, str], Part] = {}
    rows = _rows(tree, select)
    _finish(select, groups, parts, query.dialect)
    outputs = tuple(_output(tree, select, name) for name in groups)
    texts = {name: part.sql(query.dialect) for name, part in groups.items()}
    return Grouped(texts, outputs, tuple(parts.values()), rows, tree)


def _find(tree: exp.Expr, ctes: Ctes) -> tuple[exp.Select, Ctes]:
    """The select that groups, below others that go on row by row, and the ``with`` that it sees."""
    inner = {**ctes, **own_ctes(tree)}
    if isinstance(tree, exp.Subquery):
        return _find(tree.this, inner)
    if not isinstance(tree, exp.Select):
        raise NotGroupedError(f"{tree.key} compares rows with each other")
    if tree.args.get("group"):
        return tree, inner
    source, problem = from_of(tree), select_problem(tree)
    if problem or tree.args.get("joins"):
        raise NotGroupedError(f"above its groups {problem or 'it joins relations'}")
    if isinstance(source, exp.Subquery):
        return _find(source, inner)
    if isinstance(source, exp.Table) and not source.db and source.name in inner:
        return _find(inner[source.name], inner)
    raise NotGroupedError("it has no group by")


def _check(select: exp.Select, ctes: Ctes) -> None:
    group = select.args["group"]
    if not group.expressions or any(
        group.args.get(name) for name in ("grouping_sets", "cube", "rollup", "all")
    ):
        raise NotGroupedError("it groups by sets")
    for name in ("distinct", "limit", "offset", "qualify", "laterals", "pivots", "sample"):
        if select.args.get(name):
            raise NotGroupedError(f"{name} looks at several groups")
    for part in [*select.expressions, *filter(None, [select.args.get("where"), select.args.get("having")])]:
        if part.find(exp.Window, exp.Select):
            raise NotGroupedError("window functions and subqueries look at other rows")
    if problem := source_problem(select, ctes):
        raise NotGroupedError(f"below its groups {problem}")


def _rows(tree: exp.Query, select: exp.Select) -> exp.Select:
    """``select`` without columns, behind the ``with`` that it needs."""
    rows = select.copy()
    for name in ("having", "order"):
        rows.set(name, None)
    found = tree.args.get("with_")
    if found and select is not tree:
        before = []
        for cte in found.expressions:
            if cte is select.find_ancestor(exp.CTE):
                break
            before.append(cte.copy())
        if before and rows.args.get("with_"):
            raise NotGroupedError("a with inside a with")
        if before:
            rows.set("with_", exp.With(expressions=before))
    return rows


def _finish(
    select: exp.Select,
    groups: dict[str, exp.Expr],
    parts: dict[tuple[Kind, str], Part],
    dialect: str,
) -> None:
    """Let ``select`` read finished groups from the state, noting the aggregates that it needs."""
    having = select.args.get("having")
    for clause in ("from_", "where", "group", "having", "joins"):
        select.set(clause, None)
    if select.args.get("with_"):
        select.set("with_", None)
    columns = [_replaced(part, groups, parts, dialect) for part in select.expressions]
    select.set("expressions", columns)
    select.from_(exp.to_table(STATE_PLACE), copy=False)
    if having:
        condition = _replaced(exp.paren(having.this), groups, parts, dialect)
        select.where(condition, copy=False)


def _replaced(
    part: exp.Expr,
    groups: dict[str, exp.Expr],
    parts: dict[tuple[Kind, str], Part],
    dialect: str,
) -> exp.Expr:
    """An expression over rows as one over the state."""

    def over_state(node: exp.Expr) -> exp.Expr:
        for name, group in groups.items():
            if node == group:
                return exp.column(name, quoted=True)
        if isinstance(node, exp.Filter | exp.AggFunc):
            return _aggregate(node, parts, dialect)
        return node

    found = part.transform(over_state)
    for column in found.find_all(exp.Column):
        if column.table:
            raise NotGroupedError(f"{column.sql(dialect)} is neither grouped nor aggregated")
    return found


def _aggregate(node: exp.Expr, parts: dict[tuple[Kind, str], Part], dialect: str) -> exp.Expr:
    """The state's value of an aggregate."""
    call = node.this if isinstance(node, exp.Filter) else node
    condition = node.expression.this if isinstance(node, exp.Filter) else None
    kind = _KINDS.get(type(call))
    argument = call.this
    if kind is None or (isinstance(argument, exp.Order | exp.IgnoreNulls)):
        raise NotGroupedError(f"{call.key}() can't be added to")
    if isinstance(argument, exp.Distinct):
        if kind != "count" or len(argument.expressions) != 1:
            raise NotGroupedError(f"{call.sql(dialect)} can't be added to")
        kind, argument = "distinct", argument.expressions[0]
    if isinstance(argument, exp.Star):
        if condition is None:
            return exp.column(ROWS, quoted=True)
        argument = exp.Literal.number(1)
    if condition is not None:
        argument = exp.Case().when(condition.copy(), argument.copy())
    text = argument.sql(dialect)
    found = parts.setdefault((kind, text), Part(f"a{len(parts) + 1}", kind, text))
    column = exp.column(found.name, quoted=True)
    if kind != "sum":
        return column
    return exp.Case().when(exp.column(found.present, quoted=True) > 0, column)


def _output(tree: exp.Query, select: exp.Select, group: str) -> str:
    """The table's column that is a group's."""
    name = next((part.alias for part in select.expressions if _is_group(part.unalias(), group)), "")
    here: exp.Expr | None = select
    while name and here is not tree and here is not None:
        cte = here.find_ancestor(exp.CTE, exp.Subquery)
        here = _reader(tree, cte) if cte else None
        name = (
            next((one.alias_or_name for one in here.expressions if _is_column(one.unalias(), name)), "")
            if here
            else ""
        )
    if not name:
        raise NotGroupedError("one of its groups is no column of it")
    return name


def _reader(tree: exp.Query, source: exp.Expr) -> exp.Select | None:
    """The select that reads a subquery, or what a ``with`` gives."""
    if isinstance(source, exp.Subquery):
        return source.find_ancestor(exp.Select)
    for table in tree.find_all(exp.Table):
        if not table.db and table.name == source.alias:
            return table.find_ancestor(exp.Select)
    return None


def _is_group(node: exp.Expr, group: str) -> bool:
    return isinstance(node, exp.Column) and not node.table and node.name == group


def _is_column(node: exp.Expr, name: str) -> bool:
    return isinstance(node, exp.Column) and node.name == name
