"""The sandbox company: one block of users with everything they did, clean, dirty, and as truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS, choices, integers, money, timestamps
from brewhouse.simulate.engine.company import TRUTH
from brewhouse.simulate.engine.limits import configuration
from brewhouse.simulate.engine.shares import in_order
from brewhouse.simulate.engine.soil import Soiled, soil
from brewhouse.simulate.engine.tables import lognormal_q12
from brewhouse.simulate.sandbox.dirt import DESTRUCTIVE, LATE_DAYS, RATES, kinds
from brewhouse.simulate.sandbox.people import People, people, users_table
from brewhouse.simulate.sandbox.purchases import Orders, orders, orders_table
from brewhouse.simulate.sandbox.truth import truth_users
from brewhouse.simulate.sandbox.visits import Events, events, events_table, sessions_table
from brewhouse.simulate.sandbox.vocabulary import vocabulary
from brewhouse.simulate.sandbox.world import BLOCK_USERS, World

Ints = NDArray[np.int64]

DELIVERY_SIGMA_PCT: Final = 100
DELIVERY_MS: Final = 900


@dataclass(frozen=True)
class Block:
    """Everything that is true of one block."""

    people: People
    orders: Orders
    events: Events
    event_order: Ints
    """Rows of ``events`` in time order: the rows of raw_events, and the order of event_id."""


@dataclass(frozen=True)
class Facts:
    """For each clean row of a raw table: the entries of truth.dirt, should it become dirty."""

    row_id: Ints
    user_id: Ints
    occurred_ms: Ints
    cents: Ints | None
    label: pa.Array


@dataclass(frozen=True)
class Sandbox:
    """The company of the ``sandbox`` blueprint; implements ``simulate.engine.company.Company``."""

    world: World
    name: str = "sandbox"
    version: int = 1

    def blocks(self) -> int:
        """Blocks of 16,384 users."""
        return -(-self.world.users // BLOCK_USERS)

    def parameters(self) -> Mapping[str, str]:
        """The configuration, as text."""
        return configuration(self.world)

    def block(self, number: int) -> Block:
        """The truth of one block: who, what they bought, what they did."""
        group = people(self.world, number)
        drawn = orders(self.world, number, group)
        visits = events(self.world, number, group, drawn)
        order = in_order(visits.event_ms)
        return Block(group, drawn.at(visits.purchase_ms), visits, order)

    def chunk(self, block: int) -> Mapping[str, pa.Table]:
        """All tables of one block; see ``Company``."""
        truth = self.block(block)
        tables: dict[str, pa.Table] = {}
        logs = []
        for table, clean, facts, allowed in self._clean(truth, block):
            dirty = soil(
                clean,
                kinds(table, self.world.dirt),
                self.world.stream(f"dirt.{table}").draw32(clean.num_rows, block=block),
                allowed=allowed,
            )
            name = f"raw_{table}"
            tables[name] = dirty.table
            logs.append(_dirt_log(table, f"{name}/part-{block:05d}.parquet", dirty, facts))
        tables[f"{TRUTH}users"] = truth_users(self.world, truth.people, truth.orders, truth.events)
        tables[f"{TRUTH}sessions"] = sessions_table(truth.people, truth.events)
        tables[f"{TRUTH}dirt"] = pa.concat_tables(logs).combine_chunks()
        if block == 0:
            tables[f"{TRUTH}parameters"] = self._parameters_table()
        return tables

    def _clean(
        self, truth: Block, block: int
    ) -> list[tuple[str, pa.Table, Facts, dict[str, NDArray[np.bool_]]]]:
        """The three raw tables before any dirt, with the facts behind them and what may go wrong where."""
        words = vocabulary()
        group, bought, seen = truth.people, truth.orders, truth.events
        order = truth.event_order
        users = users_table(group)
        event_ms = seen.event_ms[order]
        event_table = events_table(group, seen, self._received(event_ms, "events", block), order)
        order_table = orders_table(group, bought, self._received(bought.order_ms, "orders", block))
        kind = choices(seen.kind[order], words.event_types).dictionary_decode()
        category = choices(bought.category, words.product_categories).dictionary_decode()
        return [
            ("users", users, Facts(group.ids, group.ids, group.created_ms, None, _column(users, "country")), {}),
            (
                "events",
                event_table,
                Facts(_ints(event_table, "event_id"), _ints(event_table, "user_id"), event_ms, None, kind),
                # Every other event of a user, never the sign-up: no two neighbours are lost together.
                dict.fromkeys(DESTRUCTIVE, (seen.position[order] % 2 == 0) & (seen.position[order] > 0))
                | {"late": self._early_enough(event_ms)},
            ),
            (
                "orders",
                order_table,
                Facts(
                    _ints(order_table, "order_id"), _ints(order_table, "user_id"),
                    bought.order_ms, bought.cents, category,
                ),
                {"late": self._early_enough(bought.order_ms)},
            ),
        ]  # fmt: skip

    def _received(self, moment: Ints, purpose: str, block: int) -> Ints:
        """When the collector had it: about a second later."""
        draw = self.world.stream(f"{purpose}.delivery").draw16(len(moment), block=block)
        return moment + 40 + (DELIVERY_MS * lognormal_q12(DELIVERY_SIGMA_PCT)[draw] >> 12)

    def _early_enough(self, moment: Ints) -> NDArray[np.bool_]:
        """Rows that still arrive within the window when they are late."""
        end = (self.world.first_day + self.world.days) * DAY_MS
        return moment < end - (LATE_DAYS + 1) * DAY_MS

    def _parameters_table(self) -> pa.Table:
        rates = {
            f"dirt.{table}.{kind}_per_million": str(rate)
            for table, by_kind in RATES.items()
            for kind, rate in by_kind.items()
        }
        values = {**self.parameters(), "version": str(self.version), **rates}
        return pa.table({"name": list(values), "value": list(values.values())})


def _column(table: pa.Table, name: str) -> pa.Array:
    return table.column(name).combine_chunks().dictionary_decode()


def _ints(table: pa.Table, name: str) -> Ints:
    return np.asarray(table.column(name).to_numpy(), np.int64)


def _dirt_log(table: str, file: str, dirty: Soiled, facts: Facts) -> pa.Table:
    """The rows of truth.dirt for one file."""
    rows = dirty.origins
    count = len(rows)
    cents = pa.nulls(count, pa.decimal128(12, 2)) if facts.cents is None else money(facts.cents[rows])
    return pa.table(
        {
            "table_name": pa.array([table] * count, pa.string()),
            "kind": pa.array(dirty.kinds, pa.string()),
            "source_file": pa.array([file] * count, pa.string()),
            "source_row": integers(dirty.places),
            "row_id": integers(facts.row_id[rows]),
            "user_id": integers(facts.user_id[rows]),
            "occurred_at": timestamps(facts.occurred_ms[rows]),
            "amount": cents,
            "label": facts.label.take(pa.array(rows)),
        }
    )
