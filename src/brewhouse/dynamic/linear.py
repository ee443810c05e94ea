"""Row by row: a query of which each row comes from one row of one relation, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from brewhouse.dynamic.query import Query

Ctes = Mapping[str, exp.Query]


def why_not_linear(query: Query) -> str:
    """Why rows can't be taken one by one; empty if they can."""
    return query_problem(query.tree, {})


def query_problem(tree: exp.Expr, ctes: Ctes) -> str:
    """The same of a part of a query, among the ``with`` around it."""
    if isinstance(tree, exp.Subquery):
        return query_problem(tree.this, ctes)
    inner = {**ctes, **own_ctes(tree)}
    if isinstance(tree, exp.Union):
        if tree.args.get("distinct"):
            return "union drops duplicates: rows of several inputs depend on each other"
        rest = tree.args.get("limit") or tree.args.get("offset")
        return "limit" if rest else query_problem(tree.left, inner) or query_problem(tree.right, inner)
    if not isinstance(tree, exp.Select):
        return f"{tree.key} compares rows with each other"
    return select_problem(tree) or source_problem(tree, inner)


def source_problem(tree: exp.Select, ctes: Ctes) -> str:
    """Why what a select reads is not one relation, row by row."""
    source = from_of(tree)
    if tree.args.get("joins"):
        return "it joins relations"
    if isinstance(source, exp.Subquery):
        return query_problem(source, ctes)
    if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
        return "it reads from something else than a relation"
    if not source.db and source.name in ctes:
        return query_problem(ctes[source.name], ctes)
    return ""


def select_problem(tree: exp.Select) -> str:
    """Why a select by itself, whatever it reads, is more than a filter and a projection."""
    for name, what in _CLAUSES.items():
        if tree.args.get(name):
            return what
    return _expressions_problem(tree)


def own_ctes(tree: exp.Expr) -> dict[str, exp.Query]:
    """What the ``with`` of a query gives, by name."""
    found = tree.args.get("with_")
    return {cte.alias: cte.this for cte in found.expressions} if found else {}


def from_of(tree: exp.Select) -> exp.Expr | None:
    """What stands after ``from``."""
    found = tree.args.get("from_")
    return found.this if found else None


def top_level(tree: exp.Select) -> list[exp.Expr]:
    """The expressions of a select itself: its columns and its conditions."""
    clauses = [tree.args.get(name) for name in ("where", "having", "qualify", "group")]
    return [*tree.expressions, *(clause for clause in clauses if clause)]


def _expressions_problem(tree: exp.Select) -> str:
    for part in top_level(tree):
        if part.find(exp.Window):
            return "window functions look at other rows"
        if found := part.find(exp.AggFunc):
            return f"{found.key}() aggregates rows"
        if part.find(exp.Select):
            return "a subquery outside of from looks at other rows"
        if several := part.find(exp.Explode, exp.Unnest):
            return f"{several.key}() makes several rows of one"
    return ""


_CLAUSES = {
    "group": "group by puts rows together",
    "having": "having looks at groups",
    "distinct": "distinct compares rows with each other",
    "limit": "limit depends on all rows",
    "offset": "offset depends on all rows",
    "qualify": "qualify looks at other rows",
    "laterals": "lateral makes several rows of one",
    "pivots": "pivot puts rows together",
    "sample": "a sample is drawn by chance",
}
