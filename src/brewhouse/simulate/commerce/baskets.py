"""What is in each order: lines about one category and others, and the products that go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.commerce import parameters as p
from brewhouse.simulate.commerce.catalog import (
    catalog,
    choice_tables,
    partners,
    product_ids,
    product_names,
)
from brewhouse.simulate.commerce.customers import Customers
from brewhouse.simulate.commerce.orders import Orders, order_ids
from brewhouse.simulate.commerce.vocabulary import values
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.columns import choices, integers, money, timestamps
from brewhouse.simulate.engine.schema import Columns
from brewhouse.simulate.engine.shares import positions
from brewhouse.simulate.engine.tables import categories, lognormal_q12
from brewhouse.simulate.engine.texts import public_ids, strings

Ints = NDArray[np.int64]

LINES_PER_ORDER: Final = 32
"""Lines are numbered by order: those looked for first, then what was added to each of them."""
_ADDED: Final = 16
_MAX_PRODUCTS: Final = 1_024


@dataclass(frozen=True)
class Lines:
    """Lines of one block's orders, by order; no order has a product twice."""

    order: Ints
    """Row of the order in the block."""
    key: Ints
    product: Ints
    quantity: Ints
    unit_cents: Ints

    def __len__(self) -> int:
        return len(self.key)

    @property
    def cents(self) -> Ints:
        """Quantity times unit price."""
        return self.quantity * self.unit_cents


def lines(world: World, group: Customers, bought: Orders) -> Lines:
    """Draw the lines of the orders; what is in one depends on that order alone."""
    segment = group.segment[bought.customer]
    draw = world.stream("baskets").keyed16(bought.key, 4)
    sizes = np.stack([categories(p.LINE_WEIGHTS[name]) for name in values("customer_segments")]) + 1
    of_category, products = choice_tables()
    theme = of_category[draw[:, 1]]
    order, line = positions(sizes[segment, draw[:, 0]])
    key = bought.key[order] * LINES_PER_ORDER + line
    wide = world.stream("baskets.line").keyed16(key, 4)
    on_theme = wide[:, 0] < p.THEME_PCT * 65_536 // 100
    category = np.where(on_theme, theme[order], of_category[wide[:, 1]])
    product = products[segment[order], category, wide[:, 2]].astype(np.int64)
    partner, rate = partners()
    adds = np.flatnonzero(wide[:, 3] < rate[product])
    order = np.concatenate([order, order[adds]])
    key = np.concatenate([key, key[adds] + _ADDED])
    product = np.concatenate([product, partner[product[adds]]])
    _, once = np.unique(order * _MAX_PRODUCTS + product, return_index=True)
    once = once[np.lexsort((key[once], order[once]))]
    return _priced(world, segment, order[once], key[once], product[once])


def _priced(world: World, segment: Ints, order: Ints, key: Ints, product: Ints) -> Lines:
    draw = world.stream("baskets.price").keyed16(key, 4)
    quantities = [categories(p.QUANTITY_WEIGHTS[name]) for name in values("customer_segments")]
    factor = np.array(p.PRICE_FACTOR_PCT, np.int64)[categories(p.PRICE_FACTOR_WEIGHTS)[draw[:, 1]]]
    return Lines(
        order=order,
        key=key,
        product=product,
        quantity=np.stack(quantities)[segment[order], draw[:, 0]] + 1,
        unit_cents=catalog(world).price[product] * factor // 100,
    )


def totals(bought: Orders, found: Lines) -> Ints:
    """Cents of each order: the sum of its lines."""
    total = np.zeros(len(bought), np.int64)
    np.add.at(total, found.order, found.cents)
    return total


def received(world: World, key: Ints, moment: Ints) -> Ints:
    """When the warehouse's collector had a row: about a second after it was written."""
    draw = world.stream("delivery").keyed16(key, 1)[:, 0]
    return moment + 40 + (p.DELIVERY_MS * lognormal_q12(p.DELIVERY_SIGMA_PCT)[draw] >> 12)


def orders_table(world: World, group: Customers, bought: Orders, total: Ints) -> Columns:
    """The table orders of one block, clean."""
    shipping = np.where(total >= p.FREE_SHIPPING_CENTS, 0, bought.shipping)
    return bought.key, {
        "order_id": order_ids(bought.key),
        "customer_id": integers(group.ids[bought.customer]),
        "order_date": timestamps(bought.order_ms),
        "order_status": choices(bought.status, [name.capitalize() for name in values("order_statuses")]),
        "total_amount": money(total, 10),
        "discount_percent": money(bought.discount * 100, 5),
        "shipping_cost": money(shipping, 8),
        "received_at": timestamps(received(world, bought.key, bought.order_ms)),
    }


def items_table(world: World, bought: Orders, found: Lines) -> Columns:
    """The table order_items of one block, clean."""
    goods = catalog(world)
    return found.key, {
        "order_item_id": strings(public_ids("itm_", found.key)),
        "order_id": order_ids(bought.key[found.order]),
        "product_id": product_ids(found.product),
        "product_name": choices(found.product, product_names(world)),
        "product_category": choices(goods.category[found.product], values("product_categories")),
        "quantity": integers(found.quantity),
        "unit_price": money(found.unit_cents, 10),
        "line_total": money(found.cents, 12),
        "received_at": timestamps(received(world, found.key, bought.order_ms[found.order])),
    }
