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
_ITSELF: Final = re.compile(r"\bmodel\b\s*(?:\[|\.(?!config\b))")
_CODE: Final = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
IS_INCREMENTAL: Final = "macro.dbt.is_incremental"
ALLOWED: Final = frozenset({"macro.brewhouse_utils.built_at", IS_INCREMENTAL})
"""Macros that reach outside in a way that is made good: the executor sets the moment of the build, and both texts of
an incremental model are kept (see ``dbt_variants``)."""


@dataclass(frozen=True)
class MacroText:
    """A macro's template and the macros that it calls."""

    text: str
    calls: tuple[str, ...]


def is_pure(
    template: str, calls: tuple[str, ...], macros: Mapping[str, MacroText], *, nameless: bool = False
) -> bool:
    """Whether neither ``template`` nor any macro that it reaches asks anything but the project's files.

    ``nameless``: nor the node's own entry, so that it says the same under another name.
    """
    names = reached(calls, macros)
    if not names <= macros.keys():
        return False
    texts = [template, *(macros[name].text for name in names - ALLOWED)]
    return not any(_reaches_out(text) or (nameless and _names_itself(text)) for text in texts)


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


def _names_itself(template: str) -> bool:
    return any(_ITSELF.search(code) for code in _CODE.findall(template))


def _reaches_out(template: str) -> bool:
    return any(_OUTSIDE.search(code) for code in _CODE.findall(template))
