"""The life of the accounts, month by month: health, and what it leads to.

One step is one month of an account, from the day of the month on which its terms renew to the next. A step first
settles what the account has subscribed to, then what it owes and whether it pays, then how the month went for it;
that is where health comes from, and health decides over the next step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, HOUR_MS
from brewhouse.simulate.engine.tables import Q12, chance, lognormal_q12, normal_q12
from brewhouse.simulate.saas import parameters as p
from brewhouse.simulate.saas.accounts import Accounts, Users
from brewhouse.simulate.saas.choices import contract, expand
from brewhouse.simulate.saas.lifecycle_records import (
    CAUSES,
    CHURN,
    CONTRACTION,
    EXPANSION,
    NEW,
    REACTIVATION,
    Months,
    Moves,
    SubscriptionTerms,
    chosen,
    joined,
)
from brewhouse.simulate.saas.lifecycle_state import (
    ACTIVE,
    CHURNED,
    GONE,
    NOT_YET,
    TRIAL,
    Settled,
    Step,
    before_all,
)
from brewhouse.simulate.saas.machines import Machines
from brewhouse.simulate.saas.market import Prospects
from brewhouse.simulate.saas.pricing import gross_cents, mrr_cents, quantities
from brewhouse.simulate.saas.vocabulary import code, weights
from brewhouse.simulate.saas.world import NEVER, World

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


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
        self._start_locations = group.locations[signed.lead]
        self._state = before_all(group, signed)
        self._months: list[Months] = []
        self._moves: list[Moves] = []
        self._ends: list[SubscriptionTerms] = []

    def run(self) -> tuple[Months, Moves, SubscriptionTerms]:
        """All steps of the window, in order."""
        for number in range(self._world.months):
            self._live(self._step(number))
        state = self._state
        running = np.flatnonzero((state.term >= 0) & state.in_service)
        self._end_terms(running, np.full(len(running), NEVER), np.full(len(running), -1))
        terms = joined(self._ends)
        terms = chosen(terms, np.lexsort((terms.term, terms.account)))
        return joined(self._months), joined(self._moves), terms

    def _step(self, number: int) -> Step:
        world, rows, block = self._world, self._rows, self._block
        wide = world.stream("month").lanes32(rows, step=number, block=block)[self._lead]
        fine = world.stream("month.size").lanes16(rows, step=number, block=block)[self._lead]
        start = self._signed.moment(world, number)
        return Step(number, start, wide.astype(np.int64), fine.astype(np.int64))

    def _live(self, step: Step) -> None:
        """One month of all accounts."""
        state = self._state
        self._begin_trials(step)
        hazard = self._leave(step)
        before, plan_before = state.mrr.copy(), state.terms.plan.copy()
        quantity_before, gross_before = quantities(state.terms), gross_cents(state.terms)
        renews = self._change(step)
        began = self._begin_paid(step) | self._return(step)
        changed_plan = (state.status == ACTIVE) & ~began & (plan_before != state.terms.plan)
        self._renew_terms(np.flatnonzero(changed_plan), step)
        self._price()
        self._record_moves(step, before, gross_before, began)
        quantity = quantities(state.terms)
        billed, whole = self._bill(step, began | changed_plan, renews, before)
        attempts, collected = self._collect(step, billed > 0)
        self._finish(
            step,
            Settled(
                hazard=hazard,
                quantity=quantity,
                billed_months=billed,
                billed_quantity=np.where(whole[:, None], quantity, quantity - quantity_before),
                billed_plan=whole,
                attempts=attempts,
                collected=collected,
            ),
        )

    # --- what the account subscribes to -----------------------------------------------------------------------

    def _begin_trials(self, step: Step) -> None:
        """Accounts with a trial are in service from the month before their first paid one."""
        signed, state = self._signed, self._state
        first = signed.paid_month - (signed.trial_days > 0)
        rows = np.flatnonzero((first == step.number) & (signed.trial_days > 0) & (state.status == NOT_YET))
        state.status[rows] = TRIAL
        self._open_doors(rows)
        state.start_terms(rows, signed.created_ms[rows], step.number)

    def _begin_paid(self, step: Step) -> Flags:
        """First paid terms: after a trial, or at once."""
        signed, state = self._signed, self._state
        due = signed.paid_month == step.number
        lost = np.flatnonzero(due & (state.status == TRIAL) & signed.trial_lost)
        state.status[lost] = GONE
        expired = code("subscription_end_reasons", "trial_expired")
        self._end_terms(lost, step.start[lost], np.full(len(lost), expired))
        direct = np.flatnonzero(due & (state.status == NOT_YET))
        self._open_doors(direct)
        state.start_terms(direct, signed.created_ms[direct], step.number)
        began = np.asarray(due & np.isin(state.status, (TRIAL, NOT_YET)))
        state.status[began] = ACTIVE
        state.term_step[began] = step.number
        return began

    def _leave(self, step: Step) -> Ints:
        """Those who cancel at the end of a paid term; returns everybody's hazard."""
        state = self._state
        base = np.array(weights("plans", p.CHURN_LOGIT_Q12), np.int64)[state.terms.plan]
        logit = base + (2_048 - state.health) * p.CHURN_HEALTH_PCT // 100
        logit += np.where(state.terms.annual == 1, p.CHURN_RENEWAL_Q12, 0)
        may = (state.status == ACTIVE) & state.term_ends(step.number)
        hazard = np.where(may, chance(logit), 0)
        rows = np.flatnonzero(step.wide[:, 0] < hazard)
        closes = step.wide[rows, 5] % 100 < p.CHURN_CLOSED_PCT
        name = np.where(closes, "out_of_business", "canceled_by_customer")
        self._churn(rows, step.start[rows], name, step)
        state.status[rows[closes]] = GONE
        return hazard

    def _return(self, step: Step) -> Flags:
        """Churned accounts that come back, on the terms that they had, by the month."""
        state = self._state
        odds = chance(p.RETURN_LOGIT_Q12 + (state.health - 2_048) * p.RETURN_HEALTH_PCT // 100)
        away = (state.status == CHURNED) & (step.number - state.left_step >= 2)
        returns = np.asarray(away & (step.wide[:, 3] < odds))
        rows = np.flatnonzero(returns)
        state.status[rows] = ACTIVE
        state.terms.annual[rows] = 0
        state.terms.discount_pct[rows] = 0
        state.start_terms(rows, step.start[rows], step.number)
        return returns

    def _change(self, step: Step) -> Flags:
        """Discounts that end, expansions, contractions; returns whose term renews."""
        state = self._state
        active = state.status == ACTIVE
        renews = np.asarray(active & state.term_ends(step.number))
        counted = active & (state.discount_left > 0)
        state.discount_left[counted] -= 1
        state.terms.discount_pct[counted & (state.discount_left == 0)] = 0
        grow = p.EXPANSION_LOGIT_Q12 + (state.health - 2_048) * p.EXPANSION_HEALTH_PCT // 100
        shrink = p.CONTRACTION_LOGIT_Q12 + (2_048 - state.health) * p.CONTRACTION_HEALTH_PCT // 100
        grows = active & (step.wide[:, 1] < chance(grow))
        shrinks = active & ~grows & renews & (step.wide[:, 2] < chance(shrink))
        opened = state.opened.copy()
        expand(state.terms, state.opened, self._signed.slots, grows, renews, step.fine[:, 0])
        contract(state.terms, state.opened, state.closed, shrinks, step.fine[:, 1])
        rows = np.flatnonzero(state.opened > opened)
        self._park.open(rows, opened[rows], state.opened[rows], step.start[rows])
        return renews

    def _open_doors(self, rows: Ints) -> None:
        """The venues with which the accounts begin, ordered as they sign."""
        first, locations = np.zeros(len(rows), np.int64), self._start_locations[rows]
        self._state.opened[rows] = locations
        self._park.open(rows, first, locations, self._signed.created_ms[rows])

    def _price(self) -> None:
        """What the accounts have by now, and what it costs a month."""
        state, devices = self._state, self._signed.devices
        rows = np.arange(len(state.opened))
        state.terms.locations = state.opened - state.closed
        state.terms.devices = devices[rows, state.opened] - devices[rows, state.closed]
        state.mrr = np.where(state.status == ACTIVE, mrr_cents(state.terms), 0)

    # --- terms and movements ----------------------------------------------------------------------------------

    def _end_terms(self, rows: Ints, ms: Ints, reason: Ints) -> None:
        state = self._state
        self._ends.append(SubscriptionTerms(rows, state.term[rows], state.term_start_ms[rows], ms, reason))

    def _renew_terms(self, rows: Ints, step: Step) -> None:
        """A change of plan ends one term and begins the next."""
        reason = code("subscription_end_reasons", "plan_changed")
        self._end_terms(rows, step.start[rows], np.full(len(rows), reason))
        self._state.start_terms(rows, step.start[rows], step.number)

    def _churn(self, rows: Ints, ms: Ints, reasons: NDArray[np.str_], step: Step) -> None:
        state, nothing = self._state, np.zeros(len(rows), np.int64)
        names = reasons.tolist()
        self._moves.append(
            Moves(
                account=rows,
                ms=ms,
                movement=np.full(len(rows), CHURN),
                cause=np.array([CAUSES.index(name) for name in names], np.int64),
                before=state.mrr[rows],
                after=nothing,
                term=state.term[rows],
                health=state.health[rows],
            )
        )
        reason = np.array([code("subscription_end_reasons", name) for name in names], np.int64)
        self._end_terms(rows, ms, reason)
        state.status[rows], state.left_step[rows], state.mrr[rows] = CHURNED, step.number, 0

    def _record_moves(self, step: Step, before: Ints, gross: Ints, began: Flags) -> None:
        """New, reactivated, grown or shrunk at the beginning of this step."""
        state = self._state
        rows = np.flatnonzero((state.status == ACTIVE) & (state.mrr != before))
        was, now, start = before[rows], state.mrr[rows], step.start[rows]
        first = began[rows] & (start == self._signed.paid_ms[rows])
        changed = np.where(now > was, EXPANSION, CONTRACTION)
        movement = np.where(first, NEW, np.where(was == 0, REACTIVATION, changed))
        more = gross_cents(state.terms.at(rows)) > gross[rows]
        grew = np.where(more, CAUSES.index("expanded"), CAUSES.index("discount_ended"))
        cause = np.select(
            [movement == NEW, movement == EXPANSION, movement == CONTRACTION],
            [CAUSES.index("first_term"), grew, CAUSES.index("contracted")],
            CAUSES.index("returned"),
        )
        self._moves.append(
            Moves(rows, start, movement, cause, was, now, state.term[rows], state.health[rows])
        )

    # --- what it owes, and how the month went -----------------------------------------------------------------

    def _bill(self, step: Step, anew: Flags, renews: Flags, before: Ints) -> tuple[Ints, Flags]:
        """Months that each account is charged for now, and whether for all items or for additions alone."""
        state = self._state
        active, annual = state.status == ACTIVE, state.terms.annual == 1
        whole = active & (anew | renews)
        left = 12 - (step.number - state.term_step) % 12
        adds = active & annual & ~whole & (state.mrr > before)
        return np.where(whole, np.where(annual, 12, 1), np.where(adds, left, 0)), whole

    def _collect(self, step: Step, billed: Flags) -> tuple[Ints, Flags]:
        """Attempts to charge each invoice, and whether the last one succeeds."""
        fails = step.wide[:, 4] < chance(p.FAIL_LOGIT_Q12 + self._signed.trouble_q12)
        retries = step.fine[:, 2:5] < p.RETRY_SUCCESS_PCT * 65_536 // 100
        waits = np.where(retries.any(axis=1), retries.argmax(axis=1), len(p.RETRY_DAYS) - 2)
        attempts = np.where(fails, waits + 2, 1)
        collected = ~fails | retries.any(axis=1)
        return np.where(billed, attempts, 0), billed & collected

    def _finish(self, step: Step, settled: Settled) -> None:
        """Note the month of every account in service, end those that did not pay, and move health on."""
        state, signed = self._state, self._signed
        lost = (settled.billed_months > 0) & ~settled.collected
        given_up = step.start + p.RETRY_DAYS[-1] * DAY_MS + 2 * HOUR_MS
        stop = np.where(lost, given_up, signed.moment(self._world, step.number + 1))
        tickets, pace, failures = self._care(step)
        rows = np.flatnonzero(state.in_service)
        trial, terms = state.status[rows] == TRIAL, state.terms.at(rows)
        self._months.append(
            Months(
                account=rows,
                step=np.full(len(rows), step.number),
                start_ms=np.where(trial, signed.created_ms[rows], step.start[rows]),
                stop_ms=stop[rows],
                trial=trial,
                term=state.term[rows],
                plan=terms.plan,
                annual=terms.annual,
                discount_pct=terms.discount_pct,
                opened=state.opened[rows],
                closed=state.closed[rows],
                mrr=state.mrr[rows],
                health=state.health[rows],
                tickets=tickets[rows],
                pace_q12=pace[rows],
                failures=failures[rows],
                **vars(chosen(settled, rows)),
            )
        )
        unpaid = np.flatnonzero(lost)
        self._churn(unpaid, stop[unpaid], np.full(len(unpaid), "payment_failed"), step)
        self._feel(step, settled.attempts, tickets, pace)

    def _care(self, step: Step) -> tuple[Ints, Ints, Ints]:
        """Tickets of the month, how slowly they are solved, and how many devices fail."""
        state = self._state
        failures = self._park.failures[:, step.number]
        expected = p.TICKETS_BASE_Q12 + (Q12 - state.health) * p.TICKETS_POOR_HEALTH_PCT // 100
        expected += failures * p.TICKET_PER_FAILURE_PCT * Q12 // 100
        expected = expected * lognormal_q12(60)[step.fine[:, 5]] // Q12
        tickets = (expected + (step.wide[:, 6] >> 20)) // Q12
        pace = lognormal_q12(p.TICKET_SIGMA_PCT)[step.fine[:, 6]]
        pace = np.where(state.terms.priority == 1, pace * p.PRIORITY_SPEED_PCT // 100, pace)
        return np.where(state.in_service, tickets, 0), pace, failures

    def _feel(self, step: Step, attempts: Ints, tickets: Ints, pace: Ints) -> None:
        """Health returns to where fit and adoption draw it, and suffers from what went wrong."""
        state = self._state
        target = p.HEALTH_TARGET_Q12 + self._quality * p.HEALTH_QUALITY_PCT // 100
        target += self._adoption[:, step.number] * p.HEALTH_ADOPTION_Q12 // Q12
        health = state.health + (target - state.health) * p.HEALTH_RETURN_PCT // 100
        health += normal_q12()[step.fine[:, 7]] * p.HEALTH_NOISE_PCT // 100
        down = self._park.down_hours[:, step.number] * p.HEALTH_DOWNTIME_PER_HOUR_Q12
        slow = pace * p.TICKET_HOURS > p.SLOW_HOURS * Q12
        care = np.minimum(tickets, 6) * np.where(slow, p.HEALTH_TICKET_Q12, -p.HEALTH_TICKET_Q12 // 3)
        harm = np.minimum(p.HEALTH_DOWNTIME_MAX_Q12, down) + care + (attempts > 1) * p.HEALTH_PAYMENT_Q12
        health -= np.where(state.in_service, harm, 0)
        state.health = np.clip(health, 0, Q12 - 1)


def _adoption_share(world: World, signed: Accounts, people: Users) -> Ints:
    """Share of its people's features that an account has adopted by each month, in Q12."""
    months = world.months
    month = np.clip(world.month_of(np.minimum(people.adopted_ms, world.end_ms + 62 * DAY_MS)), 0, months)
    per_account = np.zeros((len(signed), months + 1), np.int64)
    features = people.adopted_ms.shape[1]
    np.add.at(per_account, (np.repeat(people.account, features), month.reshape(-1)), 1)
    return np.asarray(np.cumsum(per_account, axis=1) * Q12 // (signed.users * features)[:, None])
