"""Which table reads which, in what order they are refreshed, and how old each may really be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from brewhouse.dynamic.query import Dialect, inputs_of
from brewhouse.dynamic.table import DynamicTable, Name
from brewhouse.errors import DynamicTableError


@dataclass(frozen=True)
class Graph:
    """Declared tables, and what each reads."""

    tables: Mapping[Name, DynamicTable]
    inputs: Mapping[Name, tuple[Name, ...]]

    @classmethod
    def of(cls, tables: Iterable[DynamicTable], dialect: Dialect, *, strict: bool = True) -> Graph:
        """Raises ``DynamicTableError`` for what can't be kept: circles, and lags that nothing gives."""
        named = {table.name: table for table in tables}
        graph = cls(named, {table.name: inputs_of(table, dialect) for table in named.values()})
        _ = graph.order
        for table in named.values() if strict else ():
            if table.lag is not None and table.lag.seconds is None and graph.lag(table.name) is None:
                problem = (
                    "its target_lag is DOWNSTREAM, but no table with a lag of its own reads it, so that nothing "
                    "would ever refresh it; expected a lag such as '1 minute' here or on a table that reads it"
                )
                raise DynamicTableError(table=table.name, problem=problem)
        return graph

    @cached_property
    def order(self) -> tuple[Name, ...]:
        """Each table after those that it reads; else by name."""
        edges = {name: [one for one in found if one in self.tables] for name, found in self.inputs.items()}
        sorter = TopologicalSorter(edges)
        try:
            sorter.prepare()
        except CycleError as error:
            circle = " reads ".join(str(name) for name in reversed(error.args[1]))
            raise DynamicTableError(table=error.args[1][0], problem=f"it reads itself: {circle}") from error
        found: list[Name] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready())
            found += ready
            sorter.done(*ready)
        return tuple(found)

    @cached_property
    def sources(self) -> tuple[Name, ...]:
        """What is read and is no dynamic table."""
        found = {one for inputs in self.inputs.values() for one in inputs if one not in self.tables}
        return tuple(sorted(found))

    def readers(self, name: Name) -> tuple[Name, ...]:
        """The tables that read ``name`` themselves."""
        return tuple(one for one in self.order if name in self.inputs[one])

    def below(self, name: Name) -> frozenset[Name]:
        """The tables that read ``name``, themselves or through others."""
        found: set[Name] = set()
        for one in self.order:
            if name in self.inputs[one] or found & set(self.inputs[one]):
                found.add(one)
        return frozenset(found)

    def above(self, names: Iterable[Name]) -> frozenset[Name]:
        """``names`` and the tables that they read, themselves or through others."""
        found = set(names)
        for one in reversed(self.order):
            if one in found:
                found |= {read for read in self.inputs[one] if read in self.tables}
        return frozenset(found)

    def lag(self, name: Name) -> int | None:
        """Seconds: the table's own lag or that of the most impatient table that pulls it; None: none does."""
        own = self.tables[name].lag
        pulled = [self.lag(reader) for reader in self.readers(name) if self.tables[reader].lag is not None]
        known = [one for one in (own.seconds if own else None, *pulled) if one is not None]
        return min(known, default=None)

    def pipelines(self) -> tuple[frozenset[Name], ...]:
        """Tables that share an input, directly or not: each such set shows one moment."""
        found: list[tuple[set[Name], set[Name]]] = []
        for name in self.order:
            mine, reads = {name}, {name, *self.inputs[name]}
            rest = []
            for tables, relations in found:
                if relations & reads:
                    mine, reads = mine | tables, reads | relations
                else:
                    rest.append((tables, relations))
            found = [*rest, (mine, reads)]
        return tuple(frozenset(tables) for tables, _ in found)
