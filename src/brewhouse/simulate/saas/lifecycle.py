"""The life of the accounts, month by month: health, and what it leads to.

One step is one month of an account, from the day of the month on which its terms renew to the next. A step first
settles what the account has subscribed to, then what it owes and whether it pays, then how the month went for it;
that is where health comes from, and health decides over the next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.tables import Q12, chance, lognormal_q12, normal_q12
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.accounts import Accounts, Users
from brewhouse.simulate.saas.choices import contract, expand
from brewhouse.simulate.saas.machines import Machines
from brewhouse.simulate.saas.market import Prospects
from brewhouse.simulate.saas.pricing import Terms, gross_cents, mrr_cents, quantities
from brewhouse.simulate.saas.vocabulary import code, weights
from brewhouse.simulate.saas.world import World

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
T = TypeVar("T")

NOT_YET: Final = 0
TRIAL: Final = 1
ACTIVE: Final = 2
CHURNED: Final = 3
GONE: Final = 4
"""Lost in the trial, or out of business: does not come back."""

MOVEMENTS: Final = ("new", "expansion", "contraction", "churned", "reactivation")
CAUSES: Final = (
    "first_term", "expanded", "contracted", "discount_ended", "canceled_by_customer", "out_of_business",
    "payment_failed", "returned",
)  # fmt: skip


@dataclass(frozen=True)
class Months:
    """Each month of service of each account: by step, then by account."""

    account: Ints
    step: Ints
    start_ms: Ints
    stop_ms: Ints
    trial: Flags
    term: Ints
    """Number of the subscription, from 0; a change of plan begins a new one."""
    plan: Ints
    annual: Ints
    discount_pct: Ints
    opened: Ints
    closed: Ints
    """Venues ``closed`` to ``opened`` - 1 of the account are open."""
    quantity: Ints
    """Matrix: how many of each item."""
    mrr: Ints
    gross: Ints
    billed_months: Ints
    """0: no invoice; 12: a year ahead; else the months that an addition is charged for."""
    billed_quantity: Ints
    """Matrix: what the invoice is for."""
    billed_plan: Flags
    """Whether the invoice covers all items, and not an addition."""
    attempts: Ints
    """Charges until one succeeds, at most four."""
    collected: Flags
    health: Ints
    hazard: Ints
    """Threshold, of 2**32, under which the account leaves."""
    tickets: Ints
    pace_q12: Ints
    """How long this month's tickets take, relative to the usual."""
    failures: Ints


@dataclass(frozen=True)
class Moves:
    """Every change of an account's MRR, by step, cause and account."""

    account: Ints
    ms: Ints
    movement: Ints
    cause: Ints
    before: Ints
    after: Ints
    term: Ints


@dataclass(frozen=True)
class SubscriptionTerms:
    """Each subscription term that began, by account and term."""

    account: Ints
    term: Ints
    start_ms: Ints
    end_ms: Ints
    """NEVER while it runs."""
    end_reason: Ints
    """-1 while it runs; a code of ``subscription_end_reasons``."""


OPEN_END: Final = 1 << 60
HOUR_MS: Final = 3_600_000


@dataclass
class _State:
    """What changes from month to month, a row an account."""

    status: Ints
    terms: Terms
    opened: Ints
    closed: Ints
    discount_left: Ints
    term: Ints
    term_step: Ints
    left_step: Ints
    health: Ints
    mrr: Ints


class Life:
    """Runs the accounts of one block through the months of the window, and keeps what happened."""

    def __init__(
        self, world: World, block: int, group: Prospects, signed: Accounts, people: Users, park: Machines
    ) -> None:
        self._world, self._block = world, block
        self._rows, self._lead = len(group), signed.lead
        self._signed, self._park = signed, park
        self._quality = group.quality_q12[signed.lead]
        self._adoption = _adoption_share(world, signed, people)
        count = len(signed)
        zeros = np.zeros(count, np.int64)
        terms = Terms(
            group.plan[signed.lead], signed.annual.astype(np.int64), signed.discount_pct.copy(), zeros.copy(),
            zeros.copy(), zeros.copy(), zeros.copy(),
        )  # fmt: skip
        self._start_locations = group.locations[signed.lead]
        self._state = _State(
            zeros.copy(), terms, zeros.copy(), zeros.copy(), signed.discount_months.copy(), zeros - 1, zeros.copy(),
            zeros.copy(), np.clip(p.HEALTH_START_Q12 + self._quality * p.HEALTH_QUALITY_PCT // 100, 0, Q12),
            zeros.copy(),
        )  # fmt: skip
        self._months: list[Months] = []
        self._moves: list[Moves] = []
        self._ends: list[SubscriptionTerms] = []
        self._open_start = np.zeros(count, np.int64)

    def run(self) -> tuple[Months, Moves, SubscriptionTerms]:
        """All steps of the window, in order."""
        for step in range(self._world.months):
            self._step(step)
        running = np.flatnonzero(self._state.term >= 0)
        running = running[np.isin(self._state.status[running], (TRIAL, ACTIVE))]
        self._end_terms(running, np.full(len(running), OPEN_END), np.full(len(running), -1))
        terms = joined(self._ends, SubscriptionTerms)
        order = np.lexsort((terms.term, terms.account))
        terms = SubscriptionTerms(*(getattr(terms, name)[order] for name in SubscriptionTerms.__annotations__))
        return joined(self._months, Months), joined(self._moves, Moves), terms

    def _step(self, step: int) -> None:
        world, state = self._world, self._state
        wide = world.stream("month").lanes32(self._rows, step=step, block=self._block)[self._lead].astype(np.int64)
        fine = world.stream("month.size").lanes16(self._rows, step=step, block=self._block)[self._lead].astype(np.int64)
        start = self._signed.moment(world, step)
        self._begin_trials(step)
        hazard = self._leave(step, start, wide)
        before, plan_before = state.mrr.copy(), state.terms.plan.copy()
        quantity_before, gross_before = quantities(state.terms), gross_cents(state.terms)
        renews = self._change(step, start, wide, fine)
        began = self._begin_paid(step, start)
        began |= self._return(step, start, wide)
        changed_plan = (state.status == ACTIVE) & ~began & (plan_before != state.terms.plan)
        self._renew_terms(np.flatnonzero(changed_plan), start, step)
        state.terms.locations = state.opened - state.closed
        rows = np.arange(len(state.opened))
        devices = self._signed.devices
        state.terms.devices = devices[rows, state.opened] - devices[rows, state.closed]
        active = state.status == ACTIVE
        state.mrr = np.where(active, mrr_cents(state.terms), 0)
        self._record_moves(np.flatnonzero(active & (state.mrr != before)), start, before, gross_before, began)
        quantity = quantities(state.terms)
        billed, whole = self._bill(step, active, began | changed_plan, renews, before)
        attempts, collected = self._collect(billed > 0, wide, fine)
        self._finish(
            step, start, hazard, quantity, np.where(whole[:, None], quantity, quantity - quantity_before),
            billed, whole, attempts, collected, wide, fine,
        )  # fmt: skip

    # --- what the account subscribes to -----------------------------------------------------------------------

    def _begin_trials(self, step: int) -> None:
        """Accounts with a trial are in service from the month before their first paid one."""
        signed, state = self._signed, self._state
        first = signed.paid_month - (signed.trial_days > 0)
        rows = np.flatnonzero((first == step) & (signed.trial_days > 0) & (state.status == NOT_YET))
        state.status[rows] = TRIAL
        self._open_doors(rows, self._start_locations[rows], signed.created_ms[rows])
        self._start_terms(rows, signed.created_ms[rows], step)

    def _begin_paid(self, step: int, start: Ints) -> Flags:
        """First paid terms: after a trial, or at once."""
        signed, state = self._signed, self._state
        due = signed.paid_month == step
        lost = np.flatnonzero(due & (state.status == TRIAL) & signed.trial_lost)
        state.status[lost] = GONE
        self._end_terms(lost, start[lost], np.full(len(lost), code("subscription_end_reasons", "trial_expired")))
        direct = np.flatnonzero(due & (state.status == NOT_YET))
        self._open_doors(direct, self._start_locations[direct], signed.created_ms[direct])
        self._start_terms(direct, signed.created_ms[direct], step)
        began = due & np.isin(state.status, (TRIAL, NOT_YET))
        state.status[began] = ACTIVE
        state.term_step[began] = step
        return began

    def _leave(self, step: int, start: Ints, wide: Ints) -> Ints:
        """Those who cancel at the end of a paid term; returns everybody's hazard."""
        state = self._state
        base = np.array(weights("plans", p.CHURN_LOGIT_Q12), np.int64)[state.terms.plan]
        logit = base + (2_048 - state.health) * p.CHURN_HEALTH_PCT // 100
        logit += np.where(state.terms.annual == 1, p.CHURN_RENEWAL_Q12, 0)
        may = (state.status == ACTIVE) & self._term_ends(step)
        hazard = np.where(may, chance(logit), 0)
        rows = np.flatnonzero(wide[:, 0] < hazard)
        closes = wide[rows, 5] % 100 < p.CHURN_CLOSED_PCT
        name = np.where(closes, "out_of_business", "canceled_by_customer")
        self._churn(rows, start[rows], name, step)
        state.status[rows[closes]] = GONE
        return hazard

    def _return(self, step: int, start: Ints, wide: Ints) -> Flags:
        """Churned accounts that come back, on the terms that they had, by the month."""
        state = self._state
        logit = p.RETURN_LOGIT_Q12 + (state.health - 2_048) * p.RETURN_HEALTH_PCT // 100
        returns = (state.status == CHURNED) & (step - state.left_step >= 2) & (wide[:, 3] < chance(logit))
        rows = np.flatnonzero(returns)
        state.status[rows] = ACTIVE
        state.terms.annual[rows] = 0
        state.terms.discount_pct[rows] = 0
        self._start_terms(rows, start[rows], step)
        return returns

    def _change(self, step: int, start: Ints, wide: Ints, fine: Ints) -> Flags:
        """Discounts that end, expansions, contractions; returns whose term renews."""
        state = self._state
        active = state.status == ACTIVE
        renews = active & self._term_ends(step)
        counted = active & (state.discount_left > 0)
        state.discount_left[counted] -= 1
        state.terms.discount_pct[counted & (state.discount_left == 0)] = 0
        grow = p.EXPANSION_LOGIT_Q12 + (state.health - 2_048) * p.EXPANSION_HEALTH_PCT // 100
        shrink = p.CONTRACTION_LOGIT_Q12 + (2_048 - state.health) * p.CONTRACTION_HEALTH_PCT // 100
        grows = active & (wide[:, 1] < chance(grow))
        shrinks = active & ~grows & renews & (wide[:, 2] < chance(shrink))
        opened = state.opened.copy()
        expand(state.terms, state.opened, self._signed.slots, grows, renews, fine[:, 0])
        contract(state.terms, state.opened, state.closed, shrinks, fine[:, 1])
        rows = np.flatnonzero(state.opened > opened)
        self._park.open(rows, opened[rows], state.opened[rows], start[rows])
        return renews

    def _term_ends(self, step: int) -> Flags:
        """Whether a paid term ends now: each month, or each year."""
        state = self._state
        ran = step - state.term_step
        return np.where(state.terms.annual == 1, (ran > 0) & (ran % 12 == 0), ran > 0)

    def _open_doors(self, rows: Ints, locations: Ints, ms: Ints) -> None:
        self._state.opened[rows] = locations
        self._park.open(rows, np.zeros(len(rows), np.int64), locations, ms)

    # --- terms and movements ----------------------------------------------------------------------------------

    def _start_terms(self, rows: Ints, ms: Ints, step: int) -> None:
        self._state.term[rows] += 1
        self._state.term_step[rows] = step
        self._open_start[rows] = ms

    def _end_terms(self, rows: Ints, ms: Ints, reason: Ints) -> None:
        state = self._state
        self._ends.append(SubscriptionTerms(rows, state.term[rows], self._open_start[rows], ms, reason))

    def _renew_terms(self, rows: Ints, start: Ints, step: int) -> None:
        """A change of plan ends one term and begins the next."""
        self._end_terms(rows, start[rows], np.full(len(rows), code("subscription_end_reasons", "plan_changed")))
        self._start_terms(rows, start[rows], step)

    def _churn(self, rows: Ints, ms: Ints, reasons: NDArray[np.str_], step: int) -> None:
        state = self._state
        cause = np.array([CAUSES.index(name) for name in reasons.tolist()], np.int64)
        reason = np.array([code("subscription_end_reasons", name) for name in reasons.tolist()], np.int64)
        self._moves.append(
            Moves(
                rows, ms, np.full(len(rows), MOVEMENTS.index("churned")), cause, state.mrr[rows],
                np.zeros(len(rows), np.int64), state.term[rows],
            )  # fmt: skip
        )
        self._end_terms(rows, ms, reason)
        state.status[rows], state.left_step[rows], state.mrr[rows] = CHURNED, step, 0

    def _record_moves(self, rows: Ints, start: Ints, before: Ints, gross: Ints, began: Flags) -> None:
        """New, reactivated, grown or shrunk at the beginning of this step."""
        state = self._state
        was, now = before[rows], state.mrr[rows]
        first = began[rows] & (start[rows] == self._signed.paid_ms[rows])
        movement = np.where(first, 0, np.where(was == 0, 4, np.where(now > was, 1, 2)))
        grew = np.where(gross_cents(state.terms.at(rows)) > gross[rows], 1, CAUSES.index("discount_ended"))
        cause = np.choose(movement, [np.zeros_like(grew), grew, np.full_like(grew, 2), grew, np.full_like(grew, 7)])
        self._moves.append(Moves(rows, start[rows], movement, cause, was, now, state.term[rows]))

    # --- what it owes, and how the month went -----------------------------------------------------------------

    def _bill(self, step: int, active: Flags, anew: Flags, renews: Flags, before: Ints) -> tuple[Ints, Flags]:
        """Months that each account is charged for now, and whether for all items or for additions alone."""
        state = self._state
        annual = state.terms.annual == 1
        whole = active & (anew | renews)
        left = 12 - (step - state.term_step) % 12
        adds = active & annual & ~whole & (state.mrr > before)
        return np.where(whole, np.where(annual, 12, 1), np.where(adds, left, 0)), whole

    def _collect(self, billed: Flags, wide: Ints, fine: Ints) -> tuple[Ints, Flags]:
        """Attempts to charge each invoice, and whether the last one succeeds."""
        fails = wide[:, 4] < chance(p.FAIL_LOGIT_Q12 + self._signed.trouble_q12)
        retries = fine[:, 2:5] < p.RETRY_SUCCESS_PCT * 65_536 // 100
        waits = np.where(retries.any(axis=1), retries.argmax(axis=1), len(p.RETRY_DAYS) - 2)
        attempts = np.where(fails, waits + 2, 1)
        collected = ~fails | retries.any(axis=1)
        return np.where(billed, attempts, 0), billed & collected

    def _finish(
        self, step: int, start: Ints, hazard: Ints, quantity: Ints, billed_quantity: Ints, billed: Ints,
        whole: Flags, attempts: Ints, collected: Flags, wide: Ints, fine: Ints,
    ) -> None:  # fmt: skip
        """Note the month of every account in service, end those that did not pay, and move health on."""
        state, signed = self._state, self._signed
        lost = (billed > 0) & ~collected
        stop = np.where(lost, start + p.RETRY_DAYS[-1] * DAY_MS + 2 * HOUR_MS, self._signed.moment(self._world, step + 1))
        tickets, pace, failures = self._care(step, wide, fine)
        rows = np.flatnonzero(np.isin(state.status, (TRIAL, ACTIVE)))
        trial = state.status[rows] == TRIAL
        self._months.append(
            Months(
                account=rows, step=np.full(len(rows), step), trial=trial,
                start_ms=np.where(trial, signed.created_ms[rows], start[rows]),
                stop_ms=stop[rows], term=state.term[rows],
                plan=state.terms.plan[rows], annual=state.terms.annual[rows],
                discount_pct=state.terms.discount_pct[rows], opened=state.opened[rows], closed=state.closed[rows],
                quantity=quantity[rows], mrr=state.mrr[rows], gross=gross_cents(state.terms.at(rows)),
                billed_months=billed[rows], billed_quantity=billed_quantity[rows], billed_plan=whole[rows],
                attempts=attempts[rows], collected=collected[rows], health=state.health[rows], hazard=hazard[rows],
                tickets=tickets[rows], pace_q12=pace[rows], failures=failures[rows],
            )
        )  # fmt: skip
        unpaid = np.flatnonzero(lost)
        self._churn(unpaid, stop[unpaid], np.full(len(unpaid), "payment_failed"), step)
        self._feel(step, attempts, tickets, pace, fine)

    def _care(self, step: int, wide: Ints, fine: Ints) -> tuple[Ints, Ints, Ints]:
        """Tickets of the month, how slowly they are solved, and how many devices fail."""
        state = self._state
        failures = self._park.failures[:, step]
        expected = p.TICKETS_BASE_Q12 + (Q12 - state.health) * p.TICKETS_POOR_HEALTH_PCT // 100
        expected += failures * p.TICKET_PER_FAILURE_PCT * Q12 // 100
        expected = expected * lognormal_q12(60)[fine[:, 5]] // Q12
        tickets = (expected + (wide[:, 6] >> 20)) // Q12
        pace = lognormal_q12(p.TICKET_SIGMA_PCT)[fine[:, 6]]
        pace = np.where(state.terms.priority == 1, pace * p.PRIORITY_SPEED_PCT // 100, pace)
        return np.where(np.isin(state.status, (TRIAL, ACTIVE)), tickets, 0), pace, failures

    def _feel(self, step: int, attempts: Ints, tickets: Ints, pace: Ints, fine: Ints) -> None:
        """Health returns to where fit and adoption draw it, and suffers from what went wrong."""
        state = self._state
        target = p.HEALTH_TARGET_Q12 + self._quality * p.HEALTH_QUALITY_PCT // 100
        target += self._adoption[:, step] * p.HEALTH_ADOPTION_Q12 // Q12
        health = state.health + (target - state.health) * p.HEALTH_RETURN_PCT // 100
        health += normal_q12()[fine[:, 7]] * p.HEALTH_NOISE_PCT // 100
        served = np.isin(state.status, (TRIAL, ACTIVE))
        down = np.minimum(p.HEALTH_DOWNTIME_MAX_Q12, self._park.down_hours[:, step] * p.HEALTH_DOWNTIME_PER_HOUR_Q12)
        slow = pace * p.TICKET_HOURS > p.SLOW_HOURS * Q12
        care = np.minimum(tickets, 6) * np.where(slow, p.HEALTH_TICKET_Q12, -p.HEALTH_TICKET_Q12 // 3)
        health -= np.where(served, down + care + (attempts > 1) * p.HEALTH_PAYMENT_Q12, 0)
        state.health = np.clip(health, 0, Q12 - 1)


def _adoption_share(world: World, signed: Accounts, people: Users) -> Ints:
    """Share of its people's features that an account has adopted by each month, in Q12."""
    months = world.months
    month = np.clip(world.month_of(np.minimum(people.adopted_ms, world.end_ms + 62 * DAY_MS)), 0, months)
    per_account = np.zeros((len(signed), months + 1), np.int64)
    features = people.adopted_ms.shape[1]
    np.add.at(per_account, (np.repeat(people.account, features), month.reshape(-1)), 1)
    return np.cumsum(per_account, axis=1) * Q12 // (signed.users * features)[:, None]


def joined(parts: list[T], kind: type[T]) -> T:
    """One table of all parts."""
    names = kind.__annotations__
    return kind(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
