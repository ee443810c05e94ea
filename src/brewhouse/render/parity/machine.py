"""One JSON document, for programs."""

from __future__ import annotations

import json
from typing import Any, Final

from brewhouse.parity.findings import Finding
from brewhouse.parity.judge import Verdict
from brewhouse.render.parity.facts import Options

VERSION: Final = 1
"""Of the document's form: it changes when a name or a meaning does."""


def document(verdict: Verdict, options: Options) -> str:
    """All findings, of each level, and all figures."""
    return json.dumps(content(verdict, options), ensure_ascii=False, indent=1) + "\n"


def content(verdict: Verdict, options: Options) -> dict[str, Any]:
    """The same as an object."""
    case = verdict.case
    facts = case.expected.facts
    return {
        "version": VERSION,
        "project": options.project or facts.project,
        "dbt_version": facts.dbt_version,
        "manifest_made_at": facts.generated_at.isoformat() if facts.generated_at else None,
        "engine": case.observed.engine,
        "warehouse": options.warehouse,
        "role": case.observed.role,
        "asked_at": case.observed.asked_at.isoformat(),
        "verdict": verdict.line,
        "exit_code": verdict.exit_code(options.fail_on),
        "doubts": list(verdict.doubts),
        "coverage": verdict.coverage,
        "figures": {
            "models": verdict.models, "relations": verdict.relations, "matching": verdict.matching,
            "missing": verdict.missing, "extra": verdict.extra, "declared_sources": verdict.sources,
            "stored_failures": case.tolerated,
        },
        "schemas": [
            {
                "schema": one.schema, "models": one.models, "relations": one.relations, "matching": one.matching,
                "missing": one.missing, "extra": one.extra, "sources": one.sources, "status": one.status,
            }
            for one in verdict.schemas
        ],
        "ignored": [
            {"pattern": pattern.text, "owner": pattern.owner, "relations": count}
            for pattern, count in sorted(verdict.ignored.items(), key=lambda one: one[0].text)
        ],
        "skipped": dict(case.expected.skipped),
        "partial": case.partial,
        "findings": [finding(one) for one in verdict.findings],
        "seconds": {name: round(value, 4) for name, value in (verdict.seconds or {}).items()},
    }  # fmt: skip


def finding(one: Finding) -> dict[str, Any]:
    """One finding with its facts; without what it does not have."""
    facts: dict[str, Any] = {
        "code": one.code,
        "title": one.title,
        "level": one.level.word,
        "status": "waived" if one.waiver else "open",
        "message": one.message,
        "relation": one.relation,
        "column": one.column,
        "node": one.node,
        "file": one.file,
        "expected": one.expected,
        "found": one.found,
        "statement": one.statement,
    }
    if one.waiver:
        facts["waiver"] = {
            "owner": one.waiver.owner, "reason": one.waiver.reason, "expires": one.waiver.expires.isoformat(),
        }  # fmt: skip
    return {name: value for name, value in facts.items() if value != ""}
