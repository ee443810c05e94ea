"""Whether a node's compiled SQL is a function of the project's files alone, so that it can be kept.

dbt's templates may ask the warehouse, the clock or the invocation. Each node names the macros that it calls, each
macro those that it calls in turn: if none of these texts holds a word that reaches outside, neither does the node.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_OUTSIDE: Final = re.compile(
    r"""\b(
        run_query | statement | load_result | load_relation | run_started_at
        | invocation_id | invocation_args_dict
        | get_columns_in_relation | get_column_values | selected_resources | modules | local_md5 | thread_id
        | dbt_metadata_envs | graph | flags\s*\.\s*(?!STORE_FAILURES\b)\w+
        | adapter\s*\.\s*(?!dispatch\b|quote\b)\w+
        | env_var\s*\(\s*(?!['"])\w+
    )\b
    | \bvar\s*\(\s*['"]built_at""",
    re.VERBOSE,
)
_CODE: Final = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
ALLOWED: Final = frozenset({"macro.brewhouse_utils.built_at", "macro.dbt.is_incremental"})
"""Macros that reach outside in a way that is made good: the executor sets the moment of the build, and nodes are
compiled with ``--full-refresh``, so that none is incremental in what is kept."""


@dataclass(frozen=True)
class MacroText:
    """A macro's template and the macros that it calls."""

    text: str
    calls: tuple[str, ...]


def is_pure(template: str, calls: tuple[str, ...], macros: Mapping[str, MacroText]) -> bool:
    """Whether neither ``template`` nor any macro that it reaches asks anything but the project's files."""
    names = reached(calls, macros)
    if _reaches_out(template) or not names <= macros.keys():
        return False
    return not any(_reaches_out(macros[name].text) for name in names - ALLOWED)


def reached(calls: tuple[str, ...], macros: Mapping[str, MacroText]) -> set[str]:
    """The macros that ``calls`` reach, themselves included; behind an allowed one the search ends."""
    seen: set[str] = set()
    waiting = list(calls)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += macros[name].calls if name in macros and name not in ALLOWED else ()
    return seen


def _reaches_out(template: str) -> bool:
    return any(_OUTSIDE.search(code) for code in _CODE.findall(template))
