"""The enumerated values of the sandbox company, read from the one place that defines them.

That place is the ``vars`` of the blueprint's dbt_project.yml: staging models and accepted-values tests
read the same lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from brewhouse import blueprints


@dataclass(frozen=True)
class Vocabulary:
    """Values in the order of the definition; weights of the world are looked up by value."""

    event_types: tuple[str, ...]
    channels: tuple[str, ...]
    countries: tuple[str, ...]
    product_categories: tuple[str, ...]
    payment_methods: tuple[str, ...]


@cache
def vocabulary() -> Vocabulary:
    """The sandbox blueprint's vocabulary."""
    variables = blueprints.variables("sandbox")
    return Vocabulary(**{name: tuple(variables[name]) for name in Vocabulary.__annotations__})
