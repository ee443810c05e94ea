"""The enumerated values of a company, read from the one place that defines them.

That place is the ``vars`` of the blueprint's dbt_project.yml: staging models and accepted-values tests read the same
lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from brewhouse import blueprints


@dataclass(frozen=True)
class Vocabulary:
    """The variables of one blueprint."""

    blueprint: str

    def values(self, name: str) -> tuple[str, ...]:
        """The values of one list, or the keys of one mapping, in the order of their definition."""
        return tuple(str(value) for value in _variables(self.blueprint)[name])

    def code(self, name: str, value: str) -> int:
        """The position of a value in its list; raises ``ValueError`` if it is not in it."""
        return self.values(name).index(value)

    def entry(self, name: str, value: str) -> Mapping[str, Any]:
        """What the mapping of that name says of ``value``."""
        found: Mapping[str, Any] = _variables(self.blueprint)[name][value]
        return found

    def number(self, name: str, value: str | None = None) -> int:
        """A whole number of the vocabulary: a variable's own, or the one of ``value`` in a mapping."""
        variables = _variables(self.blueprint)
        return int(variables[name] if value is None else variables[name][value])

    def weights(self, name: str, by_value: Mapping[str, float]) -> list[float]:
        """Weights in the order of the list; raises ``KeyError`` for a value without a weight."""
        return [float(by_value[value]) for value in self.values(name)]


@cache
def _variables(blueprint: str) -> Mapping[str, Any]:
    return blueprints.variables(blueprint)
