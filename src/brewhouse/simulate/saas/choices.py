"""Which of its options an account takes when it grows or shrinks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.tables import categories
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.pricing import Terms, plan_numbers

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

VENUE, ANALYTICS, PRIORITY, PLAN = range(4)


def expand(terms: Terms, opened: Ints, slots: Ints, grows: Flags, renews: Flags, draw: Ints) -> None:
    """Change ``terms`` and ``opened`` where ``grows``; an option that is taken already turns into a new venue."""
    option = categories(p.EXPANSION_WEIGHTS)[draw]
    next_plan = (option == PLAN) & renews & (terms.plan < len(plan_numbers("tier")) - 1)
    analytics = (option == ANALYTICS) & (terms.analytics == 0)
    priority = (option == PRIORITY) & (terms.priority == 0)
    venue = ~next_plan & ~analytics & ~priority & (opened < slots)
    terms.plan[grows & next_plan] += 1
    terms.analytics[grows & analytics] = 1
    terms.priority[grows & priority] = 1
    opened[grows & venue] += 1


def contract(terms: Terms, opened: Ints, closed: Ints, shrinks: Flags, draw: Ints) -> None:
    """Change ``terms`` and ``closed`` where ``shrinks``; the venue that was opened first is the one that closes."""
    option = categories(p.CONTRACTION_WEIGHTS)[draw]
    analytics = (option == ANALYTICS) & (terms.analytics == 1)
    priority = (option == PRIORITY) & (terms.priority == 1)
    lower = (option == PLAN) & (terms.plan > 0)
    venue = ~analytics & ~priority & ~lower & (opened - closed > 1)
    terms.analytics[shrinks & analytics] = 0
    terms.priority[shrinks & priority] = 0
    terms.plan[shrinks & lower] -= 1
    closed[shrinks & venue] += 1
