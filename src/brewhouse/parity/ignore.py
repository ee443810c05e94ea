"""Relations that belong to nobody's project: known by pattern, and counted when they are left out.

A pattern leaves out what the project does not speak of; what the project promises is never left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from typing import Final

DEFAULT: Final[tuple[tuple[str, str], ...]] = (
    ("*._dlt_*", "dlt's bookkeeping"),
    ("*__dbt_tmp*", "dbt, while it builds or after it was killed"),
    ("*__dbt_backup", "dbt, while it swaps a relation"),
    ("*__dbt_new_delta*", "dbt-duckdb, while it merges"),
    ("*dbt_test__audit.*", "failing rows that dbt has stored for tests"),
    ("*__next.*", "a build that is not published"),
    ("*__failed.*", "the last failed build, kept for a look"),
    ("*__empty.*", "tables without rows on which unit tests run"),
    ("*brewhouse_dynamic.*", "state and history of dynamic tables"),
    ("*__declared", "declarations of dynamic tables, until the next refresh"),
    ("*raw_before.*", "raw tables that published views still read"),
)
"""Pattern of ``schema.name`` or ``database.schema.name``, and who makes such relations."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, and whose relations it stands for."""

    text: str
    owner: str


def patterns(given: Iterable[str], *, default: bool = True) -> tuple[Pattern, ...]:
    """The patterns of a user, after those that are always known."""
    known = [Pattern(text, owner) for text, owner in DEFAULT] if default else []
    return (*known, *(Pattern(text, "as configured") for text in given))


def ignored_by(name: str, among: Sequence[Pattern]) -> Pattern | None:
    """The first pattern that a relation's name (``database.schema.name``) matches."""
    return next((one for one in among if matches(name, one.text)), None)


def matches(name: str, pattern: str) -> bool:
    """Whether a relation's name matches a pattern of all of it, or of ``schema.name``; case is nothing."""
    compiled = _compiled(pattern)
    return bool(compiled.match(name) or compiled.match(name.partition(".")[2]))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern), re.IGNORECASE)
