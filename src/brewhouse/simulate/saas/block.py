"""Everything that is true of one block of the company, before any table is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.saas.accounts import Accounts, Users, accounts, users
from brewhouse.simulate.saas.lifecycle import Life, Months, Moves, SubscriptionTerms
from brewhouse.simulate.saas.machines import Machines, machines
from brewhouse.simulate.saas.market import Prospects, prospects
from brewhouse.simulate.saas.money import Invoices, invoices
from brewhouse.simulate.saas.world import World

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
        return np.asarray(order[np.append(np.diff(key) != 0, True)])

    @cached_property
    def _months_by_term(self) -> tuple[Ints, Ints]:
        """The rows of ``months`` that began within the window, by term and step, and their terms."""
        months = self.months
        begun = np.flatnonzero(months.start_ms < self.world.end_ms)
        key = months.account[begun] << 8 | months.term[begun]
        order = np.lexsort((months.step[begun], key))
        return begun[order], key[order]

    @cached_property
    def account_status(self) -> Ints:
        """Where each account stands at the end of the window: a code of ``account_statuses``."""
        status = np.full(len(self.accounts), 3)
        running = self.terms.end_ms >= self.world.end_ms
        row = self.last_month[running]
        owner = self.terms.account[running]
        status[owner] = np.where(self.months.trial[row], 0, 1)
        status[self.invoices.account[self.invoices.past_due]] = 2
        return status


def make_block(world: World, number: int) -> Block:
    """Draw one block."""
    leads = prospects(world, number)
    signed = accounts(world, number, leads)
    people = users(world, leads, signed)
    park = machines(world, signed)
    months, moves, terms = Life(world, number, leads, signed, people, park).run()
    begun = terms.start_ms < world.end_ms
    kept = SubscriptionTerms(*(getattr(terms, name)[begun] for name in SubscriptionTerms.__annotations__))
    return Block(world, number, leads, signed, people, park, months, moves, kept)
