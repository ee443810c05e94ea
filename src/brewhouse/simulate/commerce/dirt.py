"""Where the rows of each raw table of the web shop go wrong on their way."""

from __future__ import annotations

from typing import Final

from brewhouse.simulate.engine.weak import Weak

TABLES: Final[dict[str, Weak]] = {
    "customers": Weak("customer_id", "updated_at", words=("email", "customer_segment", "state")),
    "product_catalog": Weak(
        "product_id", "updated_at", value="price", words=("product_category",), small=True
    ),
    "orders": Weak(
        "order_id",
        "received_at",
        "customer_id",
        value="total_amount",
        moment="order_date",
        words=("order_status",),
        loses=True,
    ),
    "order_items": Weak(
        "order_item_id",
        "received_at",
        "order_id",
        value="quantity",
        words=("product_category",),
        first=True,
        loses=True,
    ),
    "product_reviews": Weak(
        "review_id", "received_at", "customer_id", value="rating", first=True, loses=True
    ),
    "support_tickets": Weak(
        "ticket_id",
        "received_at",
        "customer_id",
        moment="ticket_date",
        words=("category", "priority", "status"),
        loses=True,
    ),
}
