"""The same facts as JSON, for machines."""

from __future__ import annotations

import datetime as dt
import decimal
import json
from typing import Any

from brewhouse.errors import BrewhouseError
from brewhouse.summary import Summary


def summary_json(summary: Summary, error: BrewhouseError | None = None) -> str:
    """One document: steps, tables, tests, quarantine, load, and the error that ended it."""
    build, load = summary.build, summary.load
    content: dict[str, Any] = {
        "status": "error" if error else "ok",
        "seconds": {step: round(value, 3) for step, value in summary.steps.items()},
    }
    if summary.dataset:
        content["simulated"] = {
            "made": summary.simulated,
            "identity": summary.dataset.identity,
            "rows": summary.dataset.rows(),
        }
    if load:
        content["loaded"] = {
            "tables": {table.table: {"rows": table.rows, "how": table.how} for table in load.tables},
            "new_columns": list(load.new_columns),
        }
    if build:
        content["engine_seconds"] = round(build.engine_seconds, 3)
        content["nodes"] = [
            {
                "id": node.id, "kind": node.kind, "status": node.status, "failures": node.failures,
                "message": node.message, "engine_seconds": round(node.engine_seconds, 4),
            }
            for node in build.nodes
        ]  # fmt: skip
        content["tables"] = [
            {"schema": table.schema, "name": table.name, "kind": table.kind, "rows": table.rows}
            for table in summary.tables
        ]
        content["quarantined"] = [
            {"table": name, "reason": reason, "rows": rows} for name, reason, rows in summary.quarantined
        ]
    if summary.published:
        content["published"] = str(summary.published)
    if summary.failed_warehouse:
        content["failed_warehouse"] = str(summary.failed_warehouse)
    if summary.parity:
        from brewhouse.render.parity.facts import Options
        from brewhouse.render.parity.machine import content as parity

        content["parity"] = parity(summary.parity, Options(project=summary.project.root.name))
    if error:
        content["error"] = _error(error)
    return to_json(content)


def error_json(error: BrewhouseError) -> str:
    """The document of a command that ended before it did anything."""
    return to_json({"status": "error", "error": _error(error)})


def _error(error: BrewhouseError) -> dict[str, Any]:
    return {
        "code": error.code,
        "message": error.text(),
        "next": error.next_command(),
        "facts": {name: str(value) for name, value in error.facts.items()},
    }


def to_json(content: Any) -> str:
    """JSON with decimals and times as text."""
    return json.dumps(content, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return str(value)
