"""SARIF 2.1.0: findings beside the lines of a pull request."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final
from urllib.parse import quote

from brewhouse.parity.findings import RULES, Finding, Level, Rule
from brewhouse.parity.judge import Verdict
from brewhouse.render.parity.facts import Options

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
_NOWHERE: Final = "dbt_project.yml"
"""Where a finding is shown that no file of the project speaks of: services ask for a file."""


def sarif(verdict: Verdict, options: Options) -> str:
    """One run. Waived findings are suppressed results; what is not shown is left out."""
    found = [one for one in verdict.findings if one.level >= options.show]
    codes = list(RULES)
    run = {
        "tool": {
            "driver": {
                "name": "brewhouse parity",
                "semanticVersion": options.version or "0.0.0",
                "rules": [_rule(rule) for rule in RULES.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not verdict.doubts,
                "exitCode": verdict.exit_code(options.fail_on),
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": doubt}} for doubt in verdict.doubts
                ],
            }
        ],
        "results": [_result(one, codes.index(one.code)) for one in found],
        "properties": {"coverage": verdict.coverage},
    }
    return (
        json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)
        + "\n"
    )


def _rule(rule: Rule) -> dict[str, Any]:
    what, why, mend = (rule.texts[part].replace("\n", " ") for part in ("what", "why", "mend"))
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.title.replace("'", "").split()),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": what},
        "help": {
            "text": f"{what}\n\nWhy it matters: {why}\n\nHow to mend: {mend}",
            "markdown": f"{what}\n\n**Why it matters:** {why}\n\n**How to mend:** {mend}",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
    }


def _result(one: Finding, index: int) -> dict[str, Any]:
    names = (
        [{"fullyQualifiedName": one.where, "kind": "member" if one.column else "object"}] if one.where else []
    )
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(one.file or _NOWHERE), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 1},
        },
        **({"logicalLocations": names} if names else {}),
    }
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": _LEVELS[one.level],
        "message": {"text": f"{one.relation}: {one.message}" if one.relation else one.message},
        "locations": [location],
        "partialFingerprints": {"finding/v1": _fingerprint(one)},
    }
    if one.waiver:
        said = f"{one.waiver.owner}, until {one.waiver.expires}: {one.waiver.reason}"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
    return result


def _fingerprint(one: Finding) -> str:
    """The same for the same difference in each run, wherever its file moves."""
    facts = json.dumps([one.code, one.node or one.relation, one.column])
    return hashlib.sha256(facts.encode()).hexdigest()[:32]
