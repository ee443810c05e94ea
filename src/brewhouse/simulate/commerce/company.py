"""The web shop: one block of customers with everything they bought and said, clean, dirty, and as truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.commerce import baskets, catalog, parameters, stream, truth, voices
from brewhouse.simulate.commerce.customers import Customers, customers, customers_table
from brewhouse.simulate.commerce.dirt import TABLES
from brewhouse.simulate.commerce.orders import STEPS, Orders, orders
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.company import TRUTH, Mark
from brewhouse.simulate.engine.delivery import Clean, Way, constants, parameters_table, stream_file
from brewhouse.simulate.engine.limits import configuration
from brewhouse.simulate.engine.schema import Columns, conform

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sales:
    """What the customers of one block bought."""

    group: Customers
    orders: Orders
    lines: baskets.Lines
    cents: Ints
    """Of each order, the sum of its lines."""


def sales(world: World, block: int, steps: Iterable[int] = range(STEPS)) -> Sales:
    """The sales of one block within the window, in all or in some steps of the customers' membership."""
    group = customers(world, block)
    return _sales(world, group, orders(world, block, group, steps))


def _sales(world: World, group: Customers, bought: Orders) -> Sales:
    found = baskets.lines(world, group, bought)
    return Sales(group, bought, found, baskets.totals(bought, found))


@dataclass(frozen=True)
class Commerce:
    """The company of the ``commerce`` blueprint; implements ``simulate.engine.company.Streaming``."""

    world: World
    name: str = "commerce"
    version: int = 1

    def blocks(self) -> int:
        """Blocks of 4,096 customers."""
        return -(-self.world.customers // parameters.BLOCK_CUSTOMERS)

    def parameters(self) -> Mapping[str, str]:
        """The configuration, as text."""
        return configuration(self.world)

    def chunk(self, block: int) -> Mapping[str, pa.Table]:
        """All tables of one block; see ``Company``."""
        world = self.world
        sold = sales(world, block)
        clean = {"customers": _clean("customers", customers_table(world, sold.group))}
        if block == 0:
            clean["product_catalog"] = _clean("product_catalog", catalog.products_table(world))
        tables = self._way().delivered(clean | self.activity(sold), block)
        tables[f"{TRUTH}customers"] = truth.truth_customers(world, sold.group, sold.orders)
        tables[f"{TRUTH}orders"] = truth.truth_orders(sold.group, sold.orders, sold.cents)
        tables[f"{TRUTH}affinities"] = truth.truth_affinities(len(sold.orders), sold.lines)
        if block == 0:
            tables[f"{TRUTH}parameters"] = self._parameters_table()
        return tables

    def activity(self, sold: Sales) -> dict[str, Clean]:
        """The tables that grow with time, before any dirt: of some sales the same alone or among others."""
        world, group, bought, lines = self.world, sold.group, sold.orders, sold.lines
        voiced = {
            "product_reviews": voices.reviews_table(world, group, bought, lines),
            "support_tickets": voices.tickets_table(world, group, bought),
        }
        return self._trade(sold) | {name: _clean(name, made) for name, made in voiced.items()}

    def _trade(self, sold: Sales) -> dict[str, Clean]:
        columns = {
            "orders": baskets.orders_table(self.world, sold.group, sold.orders, sold.cents),
            "order_items": baskets.items_table(self.world, sold.orders, sold.lines),
        }
        return {name: _clean(name, made) for name, made in columns.items()}

    def _way(self) -> Way:
        return Way(self.name, self.world.seed, self.world.dirt, self.world.end_ms, TABLES)

    @property
    def mark(self) -> Mark:
        """In truth.orders."""
        return stream.MARK

    @property
    def end_ms(self) -> int:
        """Of the window."""
        return self.world.end_ms

    def streamed(self, first: int, moments: Ints) -> Mapping[str, pa.Table]:
        """Orders after the window and their lines; see ``Streaming``."""
        bought = stream.orders_after(self.world, first, moments)
        sold = _sales(self.world, stream.regulars(self.world), bought)
        tables = self._way().delivered(self._trade(sold), first, file=stream_file)
        tables[f"{TRUTH}orders"] = truth.truth_orders(sold.group, sold.orders, sold.cents)
        return tables

    def _parameters_table(self) -> pa.Table:
        """The configuration, every parameter of every cause, and the rates of dirt."""
        causes = constants(vars(parameters))
        return parameters_table({**self.parameters(), "version": str(self.version), **causes})


def _clean(name: str, made: Columns) -> Clean:
    key, columns = made
    return Clean(key, conform("commerce", name, len(key), columns))
