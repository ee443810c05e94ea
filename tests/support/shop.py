"""A small shop with raw tables, and dynamic tables of every shape upon them, on either engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from brewhouse.dynamic.capture import Capture, WriterCapture
from brewhouse.dynamic.control import value
from brewhouse.dynamic.ingest import Changes, apply
from brewhouse.dynamic.refresh import Refresher
from brewhouse.dynamic.store import Store
from brewhouse.dynamic.table import DOWNSTREAM, DynamicTable, Lag, Mode, Name
from brewhouse.dynamic.triggers import TriggerCapture
from brewhouse.warehouse.engine import Engine, quoted

RAW: dict[str, dict[str, str]] = {
    "orders": {
        "order_id": "varchar(36)", "customer_id": "integer", "order_date": "timestamp",
        "order_status": "varchar(20)", "total_amount": "decimal(10,2)", "discount_percent": "decimal(5,2)",
        "shipping_cost": "decimal(8,2)",
    },
    "order_items": {
        "order_item_id": "varchar(36)", "order_id": "varchar(36)", "product_id": "integer",
        "product_name": "varchar(100)", "product_category": "varchar(50)", "quantity": "integer",
        "unit_price": "decimal(10,2)", "line_total": "decimal(12,2)",
    },
    "customers": {"customer_id": "integer", "customer_segment": "varchar(20)", "state": "varchar(2)"},
    "products": {"product_id": "integer", "product_name": "varchar(100)", "price": "decimal(10,2)"},
}  # fmt: skip
KEYS = {
    "orders": "order_id",
    "order_items": "order_item_id",
    "customers": "customer_id",
    "products": "product_id",
}
Row = tuple[object, ...]
MINUTE = Lag(60)


def dynamic(
    name: str, sql: str, key: Sequence[str] = (), lag: Lag | None = MINUTE, mode: Mode = Mode.INCREMENTAL
) -> DynamicTable:
    return DynamicTable(Name("dynamic", name), sql, lag, mode, tuple(key))


ENRICHED_ORDERS = """
    with orders as (select * from raw.orders)
    select
        order_id, customer_id, order_status, cast(order_date as date) as order_day, total_amount,
        cast(round(total_amount * coalesce(discount_percent, 0) / 100, 2) as decimal(12, 2)) as discount_amount,
        case when total_amount < 100 then 'Small' when total_amount < 500 then 'Medium' else 'Large' end as size
    from orders
    where order_status is distinct from 'Draft'
"""
FACT_ORDERS = """
    with
    orders as (select * from dynamic.enriched_orders),
    items as (select * from dynamic.enriched_items),
    baskets as (
        select order_id, count(*) as items, sum(line_total) as items_total, max(unit_price) as dearest
        from items group by 1
    )
    select orders.*, coalesce(baskets.items, 0) as items, baskets.items_total, baskets.dearest
    from orders left join baskets on orders.order_id = baskets.order_id
"""
DAILY = """
    with orders as (select * from dynamic.fact_orders),
    days as (
        select
            order_day, extract(year from order_day) as year, count(*) as orders, sum(total_amount) as revenue,
            count(distinct customer_id) as customers, sum(items) as items, count(items_total) as with_items,
            count(*) filter (where size = 'Large') as large_orders, min(total_amount) as least,
            max(dearest) as dearest, count(distinct size) filter (where items > 0) as sizes,
            cast(round(sum(total_amount) / nullif(count(*), 0), 2) as decimal(18, 2)) as average
        from orders group by 1, 2
    )
    select * from days
"""
TABLES = (
    dynamic("enriched_orders", ENRICHED_ORDERS, ["order_id"], DOWNSTREAM),
    dynamic(
        "enriched_items",
        "select *, cast(line_total / nullif(quantity, 0) as decimal(18, 2)) as actual_price from raw.order_items",
        ["order_item_id"],
        DOWNSTREAM,
    ),
    dynamic("fact_orders", FACT_ORDERS, ["order_id"], DOWNSTREAM),
    dynamic(
        "fact_items",
        "select i.order_item_id, o.order_id, o.order_day, i.product_category, i.quantity, i.unit_price, "
        "i.line_total, count(*) over (partition by i.order_id) as items_per_order, "
        "sum(i.line_total) over (partition by o.order_id) as order_total "
        "from dynamic.enriched_items as i inner join dynamic.enriched_orders as o on o.order_id = i.order_id",
        ["order_id"],
        DOWNSTREAM,
    ),
    dynamic("daily", DAILY),
    dynamic(
        "by_category",
        "select product_category, count(*) as n, sum(quantity) as quantity, count(distinct order_id) as orders, "
        "min(unit_price) as least, max(unit_price) as most from dynamic.fact_items group by product_category "
        "having count(*) > 1",
    ),
    dynamic(
        "by_segment",
        "select o.order_id, o.total_amount, c.customer_segment, p.n as products from raw.orders as o "
        "left join raw.customers as c on o.customer_id = c.customer_id "
        "left join (select order_id, count(distinct product_id) as n from raw.order_items group by order_id) as p "
        "on p.order_id = o.order_id",
        ["order_id"],
    ),
    dynamic(
        "people",
        "select customer_id, 'customer' as what from raw.customers where state <> 'WA' union all "
        "select customer_id, 'buyer' from raw.orders",
        ["customer_id"],
    ),
    dynamic(
        "spread",
        "select customer_id, stddev_samp(total_amount) as spread, avg(total_amount) as mean "
        "from raw.orders group by customer_id",
    ),
    dynamic(
        "ranked",
        "select order_id, total_amount, row_number() over (order by total_amount, order_id, customer_id, "
        "order_date, order_status) as place from raw.orders",
        mode=Mode.FULL,
    ),
    dynamic("places", "select place, count(*) as n from dynamic.ranked group by place"),
)  # fmt: skip


class Shop:
    """The raw tables in one warehouse, and a refresher of ``tables``."""

    def __init__(self, engine: Engine, tables: Iterable[DynamicTable] = TABLES) -> None:
        self.engine = engine
        self.store = Store(engine)
        self.tables = tuple(tables)
        self.now = dt.datetime(2026, 3, 1)  # noqa: DTZ001  # as the warehouse keeps moments
        for schema in ("raw", "dynamic", "brewhouse_dynamic"):
            engine.run(f"drop schema if exists {schema} cascade")
        engine.run("create schema raw")
        for name, columns in RAW.items():
            listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            engine.run(f"create table raw.{name} ({listed})")
        self.refresher = self.another()

    def another(self, tables: Iterable[DynamicTable] | None = None) -> Refresher:
        """A refresher that knows nothing but what the warehouse holds."""
        return Refresher(self.store, self.capture(), tables or self.tables, now=self.clock)

    def capture(self) -> Capture:
        if self.engine.dialect == "duckdb":
            return WriterCapture(self.store)
        return TriggerCapture(self.store)

    def clock(self) -> dt.datetime:
        self.now += dt.timedelta(milliseconds=1)
        return self.now

    def insert(self, table: str, *rows: Row) -> None:
        self.change(table, inserts=rows)

    def change(
        self,
        table: str,
        *,
        inserts: Sequence[Row] = (),
        updates: Sequence[Row] = (),
        deletes: Sequence[object] = (),
    ) -> None:
        """On DuckDB through ``ingest``, on PostgreSQL as anyone would write."""
        columns, key = RAW[table], KEYS[table]
        if self.engine.dialect == "postgres":
            self._write(table, inserts, updates, deletes)
            return
        given = Changes(
            Name("raw", table),
            _relation(columns, inserts),
            _relation(columns, updates),
            _relation({key: columns[key]}, [(one,) for one in deletes]),
            (key,),
        )
        with self.engine.transaction():
            apply(self.store, given, self.clock())
            self.store.forget()

    def _write(
        self, table: str, inserts: Sequence[Row], updates: Sequence[Row], deletes: Sequence[object]
    ) -> None:
        columns, key = RAW[table], KEYS[table]
        if deletes:
            self.engine.run(f"delete from raw.{table} where {key} in ({', '.join(map(value, deletes))})")
        if updates:
            sets = ", ".join(f"{name} = u.{name}" for name in columns)
            self.engine.run(
                f"update raw.{table} as t set {sets} from {_relation(columns, updates)} as u where t.{key} = u.{key}"
            )
        if inserts:
            self.engine.run(f"insert into raw.{table} select * from {_relation(columns, inserts)} as i")

    def differences(self) -> dict[str, list[Any]]:
        """Rows in which a table and its query differ, either way."""
        found = {}
        for table in self.tables:
            query, rows = f"({table.sql})", table.name.sql
            for one, other in ((f"{query} as q", rows), (rows, f"{query} as q")):
                differing = self.engine.rows(f"select * from {one} except all select * from {other}")
                if differing:
                    found[f"{table.name} {'lacks' if other == rows else 'has too much'}"] = differing[:3]
        return found


def order(number: int, **given: object) -> Row:
    """A row of raw.orders."""
    usual: dict[str, object] = {
        "order_id": f"o{number}", "customer_id": number % 7, "order_date": dt.datetime(2026, 1, 1 + number % 20),  # noqa: DTZ001
        "order_status": "Completed", "total_amount": Decimal(number * 37 % 900),
        "discount_percent": Decimal(number % 3 * 5), "shipping_cost": Decimal(5),
    }  # fmt: skip
    return tuple({**usual, **given}.values())


def item(number: int, **given: object) -> Row:
    """A row of raw.order_items."""
    usual: dict[str, object] = {
        "order_item_id": f"i{number}", "order_id": f"o{number // 3}", "product_id": 1000 + number % 10,
        "product_name": f"Product {number % 10}", "product_category": ("Skis", "Boots", None)[number % 3],
        "quantity": number % 4, "unit_price": Decimal(10 + number % 90), "line_total": Decimal(20 + number % 70),
    }  # fmt: skip
    return tuple({**usual, **given}.values())


def _relation(columns: dict[str, str], rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    parts = [
        "select "
        + ", ".join(
            f"cast({value(one)} as {kind}) as {quoted(name)}"
            for one, (name, kind) in zip(row, columns.items(), strict=True)
        )
        for row in rows
    ]
    return f"({' union all '.join(parts)})"
