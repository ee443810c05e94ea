"""What a stream does, for a person and for a machine."""

from __future__ import annotations

import datetime as dt

from brewhouse.render.machine import to_json
from brewhouse.stream.session import Sent, Session, Tally


def begun(session: Session, where: str, beside: str) -> str:
    """What is about to happen, and the command to type in another terminal."""
    number = session.begin.number
    goes_on = f", going on with number {number:,}" if number else ""
    return (
        f"Streaming {session.tally.asked_rate:,.10g} {session.what} a second into {where}{goes_on}; Ctrl-C stops.\n"
        f"To see them arrive, in another terminal: {beside}"
    )


def ended(session: Session) -> str:
    """How much it was, and how fast."""
    tally = session.tally
    rows = ", ".join(f"{count:,} {table}" for table, count in tally.rows.items()) or "none"
    return (
        f"Streamed {tally.things:,} {session.what} (raw rows: {rows}) in {tally.seconds:.1f} s: "
        f"{tally.rate:,.1f} a second, asked for {tally.asked_rate:,.10g}."
    )


def sent_json(sent: Sent) -> str:
    """One batch."""
    batch = sent.batch
    moment = dt.datetime.fromtimestamp(batch.last_ms / 1_000, dt.UTC).replace(tzinfo=None)
    content = {
        "batch": sent.label,
        "first": batch.first,
        "last": batch.last,
        "moment": moment,
        "rows": batch.rows,
    }
    return to_json(content)


def tally_json(tally: Tally) -> str:
    """All of a session."""
    return to_json(
        {
            "streamed": tally.things,
            "rows": dict(tally.rows),
            "seconds": round(tally.seconds, 3),
            "asked_rate": tally.asked_rate,
            "reached_rate": round(tally.rate, 3),
        }
    )
