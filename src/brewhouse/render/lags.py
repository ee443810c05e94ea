"""Dynamic tables for a person and for a machine: what a refresh did, where each stands, and how it is refreshed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from brewhouse.dynamic.control import Refresh, Standing
from brewhouse.dynamic.place import Look
from brewhouse.dynamic.refresh import Explained, Outcome, utc_clock
from brewhouse.dynamic.shape import Whole
from brewhouse.dynamic.table import Name
from brewhouse.render.machine import to_json

_SHOWN = 15


def print_outcome(console: Console, outcome: Outcome) -> None:
    """Table by table."""
    grid = Grid("table", "refresh", "why", title="Dynamic tables", title_justify="left")
    for heading in ("rows in", "rows out", "seconds"):
        grid.add_column(heading, justify="right")
    for one in outcome.done:
        texts = (
            one.name.table,
            one.action,
            one.reason,
            f"{one.rows_in:,}",
            f"{one.rows_out:,}",
            f"{one.seconds:.2f}",
        )
        grid.add_row(*map(Text, texts))
    for name, why in {**outcome.skipped, **outcome.failed}.items():
        action = "failed" if name in outcome.failed else "skipped"
        grid.add_row(Text(name.table), Text(action, style="red"), Text(why), "", "", "")
    console.print(grid)


def print_wave(console: Console, outcome: Outcome) -> None:
    """One line for a wave of a watch."""
    done = [one for one in outcome.done if one.action != "no_data"]
    late = max((one.real_lag_seconds for one in done if one.real_lag_seconds is not None), default=None)
    names = ", ".join(f"{one.name.table} {one.action}" for one in done) or "nothing changed"
    lag = "" if late is None else f", real lag {late:.1f} s"
    problems = "".join(f"; {name} failed: {why}" for name, why in outcome.failed.items())
    console.print(f"{utc_clock():%H:%M:%S} {names}{lag}{problems}", markup=False, highlight=False)


def print_explained(console: Console, tables: Sequence[Explained]) -> None:
    """How each table would be refreshed."""
    for one in tables:
        lag = "by command alone" if one.table.lag is None else str(one.table.lag)
        console.print(Text(str(one.table.name), style="bold"))
        real = "" if one.asked_seconds is None else f", that is {duration(one.asked_seconds)}"
        console.print(f"  lag    {lag}{real}", markup=False, highlight=False)
        console.print(f"  mode   {one.table.mode}", markup=False, highlight=False)
        console.print(f"  way    {one.way}", markup=False, highlight=False)
        if isinstance(one.shape, Whole):
            console.print(f"  why    {one.shape.reason}", markup=False, highlight=False, soft_wrap=True)


def print_status(console: Console, look: Look) -> None:
    """Asked and real lag, then the last refreshes."""
    grid = Grid("table", "asked lag", "state", title="Dynamic tables", title_justify="left")
    for heading in ("real lag", "behind now", "shows", "failures"):
        grid.add_column(heading, justify="right")
    for row in standings(look):
        shown = [row["table"].split(".")[1], row["asked"], row["state"]]
        shown += [duration(row["real_lag_seconds"]), duration(row["behind_seconds"])]
        shown += [str(row["data_at"] or "")[:19], str(row["failures"] or "")]
        grid.add_row(*map(Text, shown))
    console.print(grid)
    past = Grid("finished", "table", "refresh", "why", title="Last refreshes", title_justify="left")
    for heading in ("rows in", "rows out", "seconds", "real lag"):
        past.add_column(heading, justify="right")
    for one in look.history[:_SHOWN]:
        shown = [str(one.finished_at)[:19], one.name.table, one.action, one.reason]
        shown += [
            f"{one.rows_in:,}",
            f"{one.rows_out:,}",
            f"{one.seconds:.2f}",
            duration(one.real_lag_seconds),
        ]
        past.add_row(*map(Text, shown), style="red" if one.action == "failed" or one.is_late else "")
    console.print(past)
    for batch, why in look.refused:
        console.print(f"Refused: .brewhouse/inbox/.refused/{batch}: {why}", style="red", markup=False)


def standings(look: Look, now: dt.datetime | None = None) -> list[dict[str, Any]]:
    """A record per table: asked lag, the real lag of its last refresh with changes, and how old it is now."""
    moment = now or utc_clock()
    behind = max(0.0, (moment - look.pending).total_seconds()) if look.pending else 0.0
    found = []
    for name in look.graph.order:
        standing = look.standings.get(name, Standing())
        table, asked = look.graph.tables[name], look.graph.lag(name)
        last = next(
            (one for one in look.history if one.name == name and one.real_lag_seconds is not None), None
        )
        stalled = standing.suspended or bool(standing.failures)
        found.append({
            "table": str(name),
            "asked": "by command" if table.lag is None else str(table.lag),
            "asked_seconds": asked,
            "state": _state(standing, asked, behind),
            "stale": standing.stale,
            "real_lag_seconds": float(last.real_lag_seconds) if last and last.real_lag_seconds is not None else None,
            "is_late": bool(last.is_late) if last else None,
            "behind_seconds": (moment - standing.data_at).total_seconds() if stalled and standing.data_at else behind,
            "data_at": standing.data_at,
            "failures": standing.failures,
        })  # fmt: skip
    return found


def outcome_json(outcome: Outcome) -> str:
    """What a refresh did."""
    return to_json({
        "status": "error" if outcome.failed else "ok",
        "refreshed": [refresh_record(one) for one in outcome.done],
        "failed": _named(outcome.failed),
        "skipped": _named(outcome.skipped),
    })  # fmt: skip


def status_json(look: Look) -> str:
    """Where each table stands, and the history."""
    return to_json(status(look))


def status(look: Look) -> dict[str, Any]:
    """The same as values."""
    return {
        "tables": standings(look),
        "history": [refresh_record(one) for one in look.history],
        "refused": [{"batch": batch, "reason": why} for batch, why in look.refused],
    }


def explained_json(tables: Sequence[Explained]) -> str:
    """How each table would be refreshed."""
    return to_json([
        {
            "table": str(one.table.name), "lag": None if one.table.lag is None else str(one.table.lag),
            "asked_seconds": one.asked_seconds, "mode": str(one.table.mode), "way": one.way,
            "incremental": not isinstance(one.shape, Whole),
            "reason": one.shape.reason if isinstance(one.shape, Whole) else "",
        }
        for one in tables
    ])  # fmt: skip


def refresh_record(one: Refresh) -> dict[str, Any]:
    """A line of the history."""
    real = None if one.real_lag_seconds is None else float(one.real_lag_seconds)
    return {
        "table": str(one.name), "action": one.action, "reason": one.reason, "rows_in": one.rows_in,
        "rows_out": one.rows_out, "seconds": float(one.seconds or 0), "data_at": one.data_at,
        "finished_at": one.finished_at, "asked_lag_seconds": one.asked_lag_seconds,
        "real_lag_seconds": real, "is_late": one.is_late,
    }  # fmt: skip


def duration(seconds: Any) -> str:
    """A length of time for a person."""
    if seconds is None:
        return ""
    if seconds < 120:
        return (
            f"{float(seconds):.1f} s"
            if seconds < 60 and float(seconds) != int(seconds)
            else f"{int(seconds)} s"
        )
    return f"{int(seconds) // 60} min" if seconds < 7200 else f"{int(seconds) // 3600} h"


def _state(standing: Standing, asked: int | None, behind: float) -> str:
    if standing.suspended:
        return "suspended"
    if not standing.digest:
        return "not filled yet"
    if standing.failures:
        return f"failing ({standing.failures})"
    return "late" if asked is not None and behind > asked else "on time"


def _named(texts: dict[Name, str]) -> dict[str, str]:
    return {str(name): text for name, text in texts.items()}
