"""Orders of about 3.5 lines each, made by DuckDB from hashes of their numbers, for tables of the shop."""

from __future__ import annotations

from typing import Final

_ORDERS: Final = """
    select
        cast(cast(md5(cast(i as varchar)) as uuid) as varchar) as order_id,
        cast(hash(i) % 50000 as integer) as customer_id,
        timestamp '2025-01-01' + to_seconds(cast(hash(i + 7) % 31536000 as bigint)) as order_date,
        ['Completed', 'Shipped', 'Pending'][1 + cast(hash(i + 1) % 3 as integer)] as order_status,
        cast(cast(hash(i + 2) % 200000 as decimal(10, 2)) * 0.01 as decimal(10, 2)) as total_amount,
        cast(hash(i + 3) % 4 * 5 as decimal(5, 2)) as discount_percent,
        cast(5 as decimal(8, 2)) as shipping_cost
    from range({}, {}) as r(i)
"""
_ITEMS: Final = """
    select
        cast(cast(md5(cast(i as varchar) || '-' || j) as uuid) as varchar) as order_item_id,
        cast(cast(md5(cast(i as varchar)) as uuid) as varchar) as order_id,
        cast(1000 + hash(i * 7 + j) % 200 as integer) as product_id,
        'Product ' || (hash(i * 7 + j) % 200) as product_name,
        'Category ' || (hash(i * 7 + j) % 8) as product_category,
        cast(hash(i + j) % 4 + 1 as integer) as quantity,
        cast(cast(hash(i * 3 + j) % 20000 as decimal(10, 2)) * 0.01 as decimal(10, 2)) as unit_price,
        cast(cast(hash(i * 5 + j) % 40000 as decimal(12, 2)) * 0.01 as decimal(12, 2)) as line_total
    from range({}, {}) as r(i), range(6) as q(j)
    where j <= hash(i) % 6
"""
TABLES: Final = {"orders": _ORDERS, "order_items": _ITEMS}
"""The query of each raw table, with the first number and the one after the last to be filled in."""
