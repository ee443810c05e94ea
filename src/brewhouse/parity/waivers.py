"""Known differences: a file of waivers, each with an owner, a reason and a last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import yaml

from brewhouse.errors import WaiversError
from brewhouse.parity.findings import RULES, Finding, Waiver
from brewhouse.parity.ignore import matches

FILE: Final = "parity_waivers.yml"
_NEEDED: Final = ("code", "relation", "owner", "reason", "expires")
_KNOWN: Final = {*_NEEDED, "column"}


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Raises ``WaiversError``."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise WaiversError(path=path, problem=f"can't be read: {' '.join(str(error).split())}") from error
    entries = content.get("waivers") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise WaiversError(path=path, problem="expected a list `waivers:`")
    return tuple(_waiver(path, number, entry) for number, entry in enumerate(entries, start=1))


def _waiver(path: Path, number: int, entry: Any) -> Waiver:
    def wrong(problem: str) -> WaiversError:
        return WaiversError(path=path, problem=f"waiver {number} {problem}")

    if not isinstance(entry, dict):
        raise wrong(f"is {entry!r}: expected {', '.join(_NEEDED)}")
    lacking = [name for name in _NEEDED if not entry.get(name)]
    if lacking:
        raise wrong(f"lacks {', '.join(lacking)}")
    if unknown := sorted(map(str, entry.keys() - _KNOWN)):
        raise wrong(f"has {', '.join(unknown)}, which no waiver has")
    code = str(entry["code"])
    if not any(fnmatchcase(known, code) for known in RULES):
        raise wrong(f"is for {code}: expected a code such as P102")
    given = entry["expires"]
    try:
        expires = given if isinstance(given, dt.date) else dt.date.fromisoformat(str(given))
    except ValueError:
        raise wrong(f"expires {given!r}: expected a day such as 2027-01-31") from None
    if isinstance(expires, dt.datetime):
        expires = expires.date()
    texts = {name: str(entry.get(name) or "") for name in ("relation", "column", "owner", "reason")}
    return Waiver(code=code, expires=expires, line=number, **texts)


def apply_waivers(
    findings: Sequence[Finding], waivers: Sequence[Waiver], today: dt.date
) -> tuple[list[Finding], tuple[Waiver, ...]]:
    """Findings with the waivers that cover them, and waivers that cover nothing."""
    if not waivers:
        return list(findings), ()
    used: set[int] = set()
    judged = []
    for finding in findings:
        covering = next((one for one in waivers if _covers(one, finding)), None)
        if covering:
            used.add(covering.line)
            if covering.expires >= today:
                finding = replace(finding, waiver=covering)  # noqa: PLW2901
        judged.append(finding)
    return judged, tuple(one for one in waivers if one.line not in used and one.expires >= today)


def _covers(waiver: Waiver, finding: Finding) -> bool:
    if not fnmatchcase(finding.code, waiver.code) or not matches(finding.relation, waiver.relation):
        return False
    return not waiver.column or fnmatchcase(finding.column.lower(), waiver.column.lower())
