"""The enumerated values of the saas company, read from the one place that defines them: its dbt_project.yml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from brewhouse import blueprints


@cache
def _variables() -> Mapping[str, Any]:
    return blueprints.variables("saas")


def values(name: str) -> tuple[str, ...]:
    """The values of one list, or the keys of one mapping, in the order of their definition."""
    return tuple(str(value) for value in _variables()[name])


def code(name: str, value: str) -> int:
    """The position of a value in its list; raises ``ValueError`` if it is not in it."""
    return values(name).index(value)


def entry(name: str, value: str) -> Mapping[str, Any]:
    """What the mapping of that name says of ``value``."""
    found: Mapping[str, Any] = _variables()[name][value]
    return found


def number(name: str, value: str | None = None) -> int:
    """A whole number of the vocabulary: a variable's own, or the one of ``value`` in a mapping."""
    return int(_variables()[name] if value is None else _variables()[name][value])


def weights(name: str, by_value: Mapping[str, float]) -> list[float]:
    """Weights in the order of the list; raises ``KeyError`` for a value without a weight."""
    return [float(by_value[value]) for value in values(name)]
