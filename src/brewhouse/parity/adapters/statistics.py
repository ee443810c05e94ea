"""Counting rows and finding the newest, many relations by one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from brewhouse.parity.adapters.base import BATCH, Moment
from brewhouse.parity.names import Key

Ask = Callable[[str], Sequence[tuple[Any, ...]]]
"""Gives the rows of a query; raises one of the engine's errors."""
Errors = tuple[type[Exception], ...]
T = TypeVar("T")


def counts(ask: Ask, errors: Errors, relations: Mapping[Key, str]) -> tuple[dict[Key, int], dict[Key, str]]:
    """Rows by relation, and why some can't be counted."""
    wanted = {key: f"select count(*) as n from {relation}" for key, relation in relations.items()}
    found, problems = in_batches(ask, errors, wanted)
    return {key: int(value) for key, value in found.items()}, problems


def latest(
    ask: Ask, errors: Errors, moments: Sequence[Moment]
) -> tuple[dict[Key, dt.datetime | None], dict[Key, str]]:
    """Moments by relation, and why some can't be told."""
    found, problems = in_batches(
        ask, errors, {moment.key: _query(moment) for moment in moments}, separate=True
    )
    read: dict[Key, dt.datetime | None] = {}
    for key, value in found.items():
        try:
            read[key] = _moment(value)
        except ValueError:
            problems[key] = f"{value!r} is no moment"
    return read, problems


def in_batches(
    ask: Ask, errors: Errors, queries: Mapping[Key, str], *, separate: bool = False
) -> tuple[dict[Key, Any], dict[Key, str]]:
    """The one value of each query. A batch that fails is asked again in halves: one bad view spoils no other.

    ``separate``: the values may be of different types, so that they are columns of one row.
    """
    found: dict[Key, Any] = {}
    problems: dict[Key, str] = {}
    keys = list(queries)
    waiting = [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]
    while waiting:
        batch = waiting.pop()
        try:
            values = _ask(ask, [queries[key] for key in batch], separate=separate)
        except errors as error:
            if len(batch) == 1:
                problems[batch[0]] = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
            else:
                waiting += [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
        else:
            found.update(zip(batch, values, strict=True))
    return found, problems


def _ask(ask: Ask, queries: Sequence[str], *, separate: bool) -> list[Any]:
    if separate:
        parts = (f"({query}) as c{number}" for number, query in enumerate(queries))
        [row] = ask("select " + ", ".join(parts))
        return list(row)
    parts = (f"select {number} as i, n from ({query}) as q{number}" for number, query in enumerate(queries))
    rows: dict[int, Any] = dict(ask(" union all ".join(parts)))
    return [rows[number] for number in range(len(queries))]


def _query(moment: Moment) -> str:
    if moment.query:
        return moment.query
    where = f" where {moment.filter}" if moment.filter else ""
    return f"select max({moment.column}) from {moment.relation}{where}"


def _moment(value: object) -> dt.datetime | None:
    """In UTC; a moment without a zone is taken to be in UTC."""
    if value is None:
        return None
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    if not isinstance(value, dt.datetime):
        raise ValueError(value)  # noqa: TRY004  # a value of the warehouse, not of the program
    return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
