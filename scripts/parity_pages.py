"""The reference pages of parity's rules, from the functions' docstrings."""

from __future__ import annotations

from collections.abc import Callable

from brewhouse.parity.findings import RULES, Rule
from brewhouse.parity.ignore import DEFAULT
from brewhouse.parity.judge import rules as _rules  # noqa: F401  # enters them into the register

FAMILIES = {
    "P1": "relations", "P2": "columns", "P3": "types", "P4": "rows", "P5": "freshness", "P9": "visibility and waivers",
}  # fmt: skip


def pages() -> dict[str, Callable[[], str]]:
    """Each page's name below docs/reference, and what makes it."""
    found: dict[str, Callable[[], str]] = {"parity.md": _index}
    for rule in RULES.values():
        found[f"parity/{rule.code}.md"] = _page_of(rule)
    return found


def _page_of(rule: Rule) -> Callable[[], str]:
    def page() -> str:
        lines = [
            f"# {rule.code}: {rule.title}",
            "",
            f"Level: {rule.level.word}, unless the text says otherwise. [All findings](../parity.md)",
            "",
            rule.texts["what"],
            "",
            "## Why it matters",
            "",
            rule.texts["why"],
            "",
            "## How to mend it",
            "",
            rule.texts["mend"],
        ]
        return "\n".join(lines) + "\n"

    return page


def _index() -> str:
    lines = [
        "# Findings of parity",
        "",
        "What `brewhouse parity` can find, by code. [How to use it](../how-to/compare-project-and-warehouse.md).",
        "Exit codes: 0 clean; 1 findings of the level of `--fail-on` or above; 2 not to be trusted: nothing was",
        "visible, the manifest is stale or can't be read, a permission is missing, the engine gave no answer.",
    ]
    for prefix, family in FAMILIES.items():
        lines += [
            "",
            f"## {prefix}xx: {family}",
            "",
            "| code | finding | level | what |",
            "|---|---|---|---|",
        ]
        for rule in (one for one in RULES.values() if one.code.startswith(prefix)):
            what = rule.texts["what"].split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
            lines.append(
                f"| [{rule.code}](parity/{rule.code}.md) | {rule.title} | {rule.level.word} | {what} |"
            )
    lines += [
        "",
        "## Relations of others",
        "",
        "A relation that matches one of these patterns (`schema.name` or `database.schema.name`) and that the project",
        "does not speak of is left out and counted. `--ignore` adds patterns, as does `ignore` under `[parity]` in",
        "brewhouse.toml.",
        "",
        "| pattern | whose |",
        "|---|---|",
        *(f"| `{pattern}` | {owner} |" for pattern, owner in DEFAULT),
    ]
    return "\n".join(lines) + "\n"
