"""What of the published schemas a build takes over: copies of tables, and views that are made anew upon them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from brewhouse.warehouse.engine import Kind, quoted
from brewhouse.warehouse.postgres.engine import Postgres

Name = tuple[str, str]
"""Schema and relation."""

_TOKEN: Final = re.compile(
    r"""
    '(?:[^']|'')*'                            # a text
    | (?P<name>"(?:[^"]|"")*"|[a-z_][\w$]*)   # a name, with or without quotes
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Relation:
    """A published table or view."""

    name: Name
    kind: Kind
    definition: str = ""
    """Of a view: its query, with all names qualified."""
    reads: frozenset[Name] = frozenset()
    """Of a view: the relations that it selects from."""


def published(engine: Postgres, schemas: Collection[str] | None = None) -> dict[Name, Relation]:
    """The relations of ``schemas``, or of all."""
    where = "true"
    if schemas is not None:
        listed = ", ".join("'" + schema.replace("'", "''") + "'" for schema in schemas)
        where = f"n.nspname in ({listed})" if schemas else "false"
    with engine.transaction():
        engine.run("set local search_path = pg_catalog")  # so that all names are qualified
        found = engine.rows(
            "select n.nspname, c.relname, case when c.relkind = 'v' then 'view' else 'table' end, "
            "case when c.relkind = 'v' then pg_get_viewdef(c.oid) else '' end from pg_class as c "
            f"inner join pg_namespace as n on c.relnamespace = n.oid where c.relkind in ('r', 'p', 'v') and {where} "
            "and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'"
        )
        links = engine.rows(
            "select distinct n.nspname, c.relname, read_n.nspname, read.relname from pg_depend as d "
            "inner join pg_rewrite as r on d.classid = cast('pg_rewrite' as regclass) and d.objid = r.oid "
            "inner join pg_class as c on r.ev_class = c.oid inner join pg_namespace as n on c.relnamespace = n.oid "
            "inner join pg_class as read on d.refclassid = cast('pg_class' as regclass) and d.refobjid = read.oid "
            "inner join pg_namespace as read_n on read.relnamespace = read_n.oid "
            f"where c.oid <> read.oid and {where}"
        )
    reads: dict[Name, set[Name]] = {}
    for schema, name, read_schema, read_name in links:
        reads.setdefault((schema, name), set()).add((read_schema, read_name))
    return {
        (schema, name): Relation(
            (schema, name), kind, definition.strip().rstrip(";"), frozenset(reads.get((schema, name), ()))
        )
        for schema, name, kind, definition in found
    }


def touched(relations: Mapping[Name, Relation], schemas: Collection[str]) -> set[str]:
    """``schemas`` and those with a view that reads, at whatever distance, from one of them."""
    there = set(schemas)
    while True:
        more = {
            view.name[0] for view in relations.values() if any(schema in there for schema, _ in view.reads)
        }
        if more <= there:
            return there
        there |= more


def copy_table(engine: Postgres, name: Name, target: Name) -> None:
    """The same table under another name, with indexes, constraints and defaults."""
    with engine.transaction():
        engine.run(f"create table {quoted(*target)} (like {quoted(*name)} including all)")
        engine.run(f"insert into {quoted(*target)} select * from {quoted(*name)}")
    engine.built(quoted(*target))


class WaitingViews:
    """Views to be made as soon as what they read is there."""

    def __init__(self, engine: Postgres, views: Collection[Relation], names: Mapping[str, str]) -> None:
        self._engine = engine
        self._names = names
        self._waiting = {self._new(view.name): view for view in views}

    def make(self) -> None:
        """Make those that can be made now."""
        while self._waiting:
            there = self._there()
            ready = [
                view
                for name, view in self._waiting.items()
                if name in there or {self._new(read) for read in view.reads} <= there
            ]
            if not ready:
                return
            for view in ready:
                name = self._new(view.name)
                del self._waiting[name]
                if name not in there:
                    query = requalified(view.definition, self._names)
                    self._engine.run(f"create view {quoted(*name)} as {query}")

    def _new(self, name: Name) -> Name:
        return self._names.get(name[0], name[0]), name[1]

    def _there(self) -> set[Name]:
        found = self._engine.rows(
            "select n.nspname, c.relname from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
        )
        return {(schema, name) for schema, name in found}


def requalified(query: str, names: Mapping[str, str]) -> str:
    """``query``, as the server prints it, with other schemas where names are qualified."""
    return "".join(_tokens(query, names))


def _tokens(query: str, names: Mapping[str, str]) -> Iterator[str]:
    before = ""
    for found in _TOKEN.finditer(query):
        text, name = found[0], found["name"]
        if name and before != "." and query[found.end() : found.end() + 1] == ".":
            plain = name[1:-1].replace('""', '"') if name.startswith('"') else name
            text = quoted(names[plain]) if plain in names else text
        before = text[-1:]
        yield text
