"""The web shop: one block of customers with everything they bought and said, clean, dirty, and as truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.commerce import baskets, catalog, parameters, truth, voices
from brewhouse.simulate.commerce.customers import Customers, customers, customers_table
from brewhouse.simulate.commerce.dirt import TABLES
from brewhouse.simulate.commerce.orders import STEPS, Orders, orders
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.company import TRUTH
from brewhouse.simulate.engine.delivery import Clean, Way, constants, parameters_table
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
    bought = orders(world, block, group, steps)
    found = baskets.lines(world, group, bought)
    return Sales(group, bought, found, baskets.totals(bought, found))


@dataclass(frozen=True)
class Commerce:
    """The company of the ``commerce`` blueprint; implements ``simulate.engine.company.Company``."""

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
        way = Way(self.name, world.seed, world.dirt, world.end_ms, TABLES)
        tables = way.delivered(clean | self.activity(sold), block)
        tables[f"{TRUTH}customers"] = truth.truth_customers(world, sold.group, sold.orders)
        tables[f"{TRUTH}orders"] = truth.truth_orders(sold.group, sold.orders, sold.cents)
        tables[f"{TRUTH}affinities"] = truth.truth_affinities(len(sold.orders), sold.lines)
        if block == 0:
            tables[f"{TRUTH}parameters"] = self._parameters_table()
        return tables

    def activity(self, sold: Sales) -> dict[str, Clean]:
        """The tables that grow with time, before any dirt: of some sales the same alone or among others."""
        world, group, bought, lines = self.world, sold.group, sold.orders, sold.lines
        columns = {
            "orders": baskets.orders_table(world, group, bought, sold.cents),
            "order_items": baskets.items_table(world, bought, lines),
            "product_reviews": voices.reviews_table(world, group, bought, lines),
            "support_tickets": voices.tickets_table(world, group, bought),
        }
        return {name: _clean(name, made) for name, made in columns.items()}

    def _parameters_table(self) -> pa.Table:
        """The configuration, every parameter of every cause, and the rates of dirt."""
        causes = constants(vars(parameters))
        return parameters_table({**self.parameters(), "version": str(self.version), **causes})


def _clean(name: str, made: Columns) -> Clean:
    key, columns = made
    return Clean(key, conform("commerce", name, len(key), columns))
