"""Increments or a rebuild: whichever is expected to cost less, by what both have cost before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from brewhouse.dynamic.control import Refresh

SMALL: Final = 10_000
"""Rows of all inputs up to which a rebuild costs less than the statements of an increment."""
SHARE: Final = Decimal("0.15")
"""Of the inputs' rows: what may have changed for an increment, as long as nothing was measured."""
DEARER: Final = 2
"""How much more a row costs in an increment than in a rebuild, beyond what any increment costs."""
_FULL: Final = frozenset({"initial", "full"})


@dataclass(frozen=True)
class Choice:
    """``incremental``, or a rebuild; and why."""

    incremental: bool
    reason: str


def choose(changed: int, inputs: int, past: Iterable[Refresh]) -> Choice:
    """For ``changed`` rows among ``inputs`` of a table; ``past``: its refreshes, the newest first."""
    if inputs <= SMALL:
        return Choice(False, f"its inputs have {inputs:,} rows: up to {SMALL:,} a rebuild is cheaper")
    done = list(past)
    full = next((one for one in done if one.action in _FULL and one.input_rows), None)
    step = next((one for one in done if one.action == "incremental" and one.changed_rows), None)
    if full and step:
        a_row = full.seconds / full.input_rows
        as_step = step.seconds + DEARER * a_row * max(0, changed - step.changed_rows)
        as_full = a_row * inputs
        found = f"an increment of {changed:,} rows should take {as_step:.2f} s, a rebuild {as_full:.2f} s"
        return Choice(as_step <= as_full, found)
    share = Decimal(changed) / inputs
    found = f"{100 * share:.2f} % of {inputs:,} input rows changed, and up to {100 * SHARE:.0f} % pay"
    return Choice(share <= SHARE, found)
