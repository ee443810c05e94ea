"""Where every account stands from month to month, and what a month brings before it is known how it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.tables import Q12
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.accounts import Accounts
from brewhouse.simulate.saas.market import Prospects
from brewhouse.simulate.saas.pricing import Terms

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOT_YET: Final = 0
TRIAL: Final = 1
ACTIVE: Final = 2
CHURNED: Final = 3
GONE: Final = 4
"""Lost in the trial, or out of business: does not come back."""


@dataclass
class State:
    """What changes from month to month, a row an account."""

    status: Ints
    terms: Terms
    opened: Ints
    closed: Ints
    discount_left: Ints
    term: Ints
    term_step: Ints
    term_start_ms: Ints
    left_step: Ints
    health: Ints
    mrr: Ints

    @property
    def in_service(self) -> Flags:
        """Whether each account has its month."""
        return np.isin(self.status, (TRIAL, ACTIVE))

    def term_ends(self, step: int) -> Flags:
        """Whether a paid term ends now: each month, or each year."""
        ran = step - self.term_step
        return np.asarray(np.where(self.terms.annual == 1, (ran > 0) & (ran % 12 == 0), ran > 0))

    def start_terms(self, rows: Ints, ms: Ints, step: int) -> None:
        """Some accounts begin a subscription."""
        self.term[rows] += 1
        self.term_step[rows] = step
        self.term_start_ms[rows] = ms


@dataclass(frozen=True)
class Step:
    """One month of all accounts: its number, when it begins for each, and their draws of 32 and 16 bits."""

    number: int
    start: Ints
    wide: Ints
    fine: Ints


@dataclass(frozen=True)
class Settled:
    """What is settled of a month before it is known how it went, a row an account; see ``Months``."""

    hazard: Ints
    quantity: Ints
    billed_months: Ints
    billed_quantity: Ints
    billed_plan: Flags
    attempts: Ints
    collected: Flags


def before_all(group: Prospects, signed: Accounts) -> State:
    """Nobody is in service yet."""

    def zeros() -> Ints:
        return np.zeros(len(signed), np.int64)

    fit = group.quality_q12[signed.lead]
    return State(
        status=np.full(len(signed), NOT_YET),
        terms=Terms(
            plan=group.plan[signed.lead],
            annual=signed.annual.astype(np.int64),
            discount_pct=signed.discount_pct.copy(),
            locations=zeros(),
            devices=zeros(),
            analytics=zeros(),
            priority=zeros(),
        ),
        opened=zeros(),
        closed=zeros(),
        discount_left=signed.discount_months.copy(),
        term=zeros() - 1,
        term_step=zeros(),
        term_start_ms=zeros(),
        left_step=zeros(),
        health=np.clip(p.HEALTH_START_Q12 + fit * p.HEALTH_QUALITY_PCT // 100, 0, Q12),
        mrr=zeros(),
    )
