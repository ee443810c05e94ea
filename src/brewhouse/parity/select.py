"""``--select``: part of a project, in dbt's way of saying it, without dbt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from brewhouse.errors import SelectionError
from brewhouse.parity.expected import Expected, ExpectedRelation

Test = Callable[[ExpectedRelation, str], bool]


def _by_path(one: ExpectedRelation, value: str) -> bool:
    return fnmatchcase(one.file, value) or one.file.startswith(f"{value.rstrip('/')}/")


def _by_name(one: ExpectedRelation, value: str) -> bool:
    """The node's name, or part of its fully qualified one: a folder, a package."""
    fqn = ".".join(one.fqn)
    return (
        fnmatchcase(one.name, value)
        or fnmatchcase(fqn, value)
        or any(fnmatchcase(part, value) for part in one.fqn)
        or f".{fqn}.".find(f".{value}.") >= 0
    )


_METHODS: Final[dict[str, Test]] = {
    "fqn": _by_name,
    "tag": lambda one, value: any(fnmatchcase(tag, value) for tag in one.tags),
    "path": _by_path,
    "package": lambda one, value: fnmatchcase(one.package, value),
    "source": lambda one, value: one.is_source and (_by_name(one, value) or one.name.startswith(f"{value}.")),
    "resource_type": lambda one, value: one.resource == value,
    "schema": lambda one, value: fnmatchcase(one.place.schema.text.lower(), value.lower()),
    "config.materialized": lambda one, value: one.materialized == value,
}


def select(expected: Expected, selection: Sequence[str]) -> frozenset[str] | None:
    """Ids of the nodes that a selection chooses; None if there is none. Raises ``SelectionError``.

    Parts with a space between them add up, parts with a comma must all hold; ``+`` takes along what a node is made
    of, or what is made of it.
    """
    parts = [part for text in selection for part in text.split()]
    if not parts:
        return None
    chosen: set[str] = set()
    for part in parts:
        sets = [_one(expected, term, part) for term in part.split(",")]
        chosen |= set.intersection(*sets)
    if not chosen:
        raise SelectionError(selection=" ".join(parts), problem="nothing in the project matches")
    return frozenset(chosen)


def _one(expected: Expected, term: str, part: str) -> set[str]:
    plain = term.strip("+")
    method, colon, value = plain.rpartition(":")
    if colon and method not in _METHODS:
        known = ", ".join(sorted(_METHODS))
        raise SelectionError(selection=part, problem=f"there is no method {method}, expected one of {known}")
    test = _METHODS[method or "fqn"]
    found = {one.id for one in expected.relations if test(one, value)}
    chosen = set(found)
    if term.startswith("+"):
        chosen |= _reached(found, expected.parents)
    if term.endswith("+"):
        children: dict[str, list[str]] = defaultdict(list)
        for child, parents in expected.parents.items():
            for parent in parents:
                children[parent].append(child)
        chosen |= _reached(found, children)
    return chosen & {one.id for one in expected.relations}


def _reached(start: Iterable[str], edges: Mapping[str, Sequence[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        for other in edges.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen
