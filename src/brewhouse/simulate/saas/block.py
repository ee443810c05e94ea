"""Everything that is true of one block of the company, before any table is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.saas.accounts import Accounts, Users, accounts, users
from brewhouse.simulate.saas.identity import OFFSET_MS, city_of
from brewhouse.simulate.saas.lifecycle import Life
from brewhouse.simulate.saas.lifecycle_records import Months, Moves, SubscriptionTerms, chosen, term_key
from brewhouse.simulate.saas.machines import Machines, machines
from brewhouse.simulate.saas.market import Prospects, prospects
from brewhouse.simulate.saas.money import Invoices, invoices
from brewhouse.simulate.saas.vocabulary import code
from brewhouse.simulate.saas.world import NEVER, World

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """One block: its leads, the accounts among them, and their lives."""

    world: World
    number: int
    leads: Prospects
    accounts: Accounts
    users: Users
    machines: Machines
    months: Months
    moves: Moves
    terms: SubscriptionTerms

    @cached_property
    def offset_ms(self) -> Ints:
        """Local time less UTC of each account, in milliseconds."""
        lead = self.accounts.lead
        return np.asarray(OFFSET_MS[city_of(self.leads.country[lead], self.leads.place[lead])])

    @cached_property
    def invoices(self) -> Invoices:
        """The invoices written within the window."""
        return invoices(self.world, self.accounts, self.months)

    @cached_property
    def first_month(self) -> Ints:
        """Row of ``months`` with which each row of ``terms`` began."""
        order, key = self._months_by_term
        return np.asarray(order[np.diff(key, prepend=-1) != 0])

    @cached_property
    def last_month(self) -> Ints:
        """Row of ``months`` that was the last to begin within the window, for each row of ``terms``."""
        order, key = self._months_by_term
        return np.asarray(order[np.diff(key, append=-1) != 0])

    @cached_property
    def _months_by_term(self) -> tuple[Ints, Ints]:
        """The rows of ``months`` that began within the window, by term and step, and their terms."""
        months = self.months
        begun = np.flatnonzero(months.start_ms < self.world.end_ms)
        key = term_key(months.account[begun], months.term[begun])
        order = np.lexsort((months.step[begun], key))
        return begun[order], key[order]

    def term_row(self, account: Ints, term: Ints) -> Ints:
        """Row of ``terms`` of each given account and term."""
        return np.searchsorted(term_key(self.terms.account, self.terms.term), term_key(account, term))

    @cached_property
    def paid_from_ms(self) -> Ints:
        """When what was last paid for began, for each row of ``terms``: its trial, its month or its year."""
        months, bills = self.months, self.invoices
        begin = self.terms.start_ms.copy()
        whole = bills.month[months.billed_plan[bills.month]]
        np.maximum.at(begin, self.term_row(months.account[whole], months.term[whole]), months.start_ms[whole])
        return begin

    @cached_property
    def term_status(self) -> Ints:
        """Where each row of ``terms`` stands at the end of the window: a code of ``subscription_statuses``."""
        trialing, active, past_due, canceled = (
            code("subscription_statuses", name) for name in ("trialing", "active", "past_due", "canceled")
        )
        due = np.zeros(len(self.accounts), bool)
        due[self.invoices.account[self.invoices.past_due]] = True
        paying = np.where(due[self.terms.account], past_due, active)
        running = np.where(self.months.trial[self.last_month], trialing, paying)
        return np.where(self.terms.end_ms < self.world.end_ms, canceled, running)

    @cached_property
    def tried(self) -> NDArray[np.bool_]:
        """Whether each row of ``terms`` began with a trial."""
        return np.asarray((self.terms.term == 0) & (self.accounts.trial_days[self.terms.account] > 0))

    @cached_property
    def plan_now(self) -> Ints:
        """The plan that each account had last within the window."""
        plan = self.leads.plan[self.accounts.lead].copy()
        plan[self.terms.account] = self.months.plan[self.last_month]  # the last term of an account comes last
        return plan

    @cached_property
    def account_status(self) -> Ints:
        """Where each account stands at the end of the window: a code of ``account_statuses``."""
        trial, active, suspended, churned = (
            code("account_statuses", name) for name in ("trial", "active", "suspended", "churned")
        )
        status = np.full(len(self.accounts), churned)
        running = self.terms.end_ms >= self.world.end_ms
        in_trial = self.months.trial[self.last_month[running]]
        status[self.terms.account[running]] = np.where(in_trial, trial, active)
        status[self.invoices.account[self.invoices.past_due]] = suspended
        return status

    @cached_property
    def shut_ms(self) -> Ints:
        """When each venue closed, be it alone or with its account; NEVER if not within the window."""
        months, park, signed = self.months, self.machines, self.accounts
        alone = np.full(len(park.venue_account), NEVER)
        stop, closed = np.zeros(len(signed), np.int64), np.zeros(len(signed), np.int64)
        for step in np.unique(months.step).tolist():
            rows = np.flatnonzero((months.step == step) & (months.start_ms < self.world.end_ms))
            account = months.account[rows]
            more = months.closed[rows] > closed[account]
            alone[signed.first_venue[account[more]] + closed[account[more]]] = months.start_ms[rows[more]]
            closed[account] = months.closed[rows]
            stop[account] = months.stop_ms[rows]
        together = np.where(stop < self.world.end_ms, stop, NEVER)[park.venue_account]
        return np.asarray(np.minimum(alone, together))


def make_block(world: World, number: int) -> Block:
    """Draw one block."""
    leads = prospects(world, number)
    signed = accounts(world, number, leads)
    people = users(world, leads, signed)
    park = machines(world, signed)
    months, moves, terms = Life(world, number, leads, signed, people, park).run()
    begun = chosen(terms, terms.start_ms < world.end_ms)
    return Block(world, number, leads, signed, people, park, months, moves, begun)
