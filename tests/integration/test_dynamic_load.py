"""What ``brewhouse load`` changes reaches dynamic tables as an increment, with nothing lost or doubled."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.conftest import Place
from tests.support.dynamic_project import differing


@pytest.fixture
def shop(built_commerce: Place, tmp_path: Path) -> Place:
    """A copy to load into."""
    shutil.copytree(built_commerce.root, tmp_path / "bar", symlinks=True)
    return Place(tmp_path / "bar")


def taken_in(place: Place) -> tuple[int, str]:
    """What a refresh after a load found changed in raw.orders: rows that came or went, and its reason."""
    assert place.brewhouse("load").code == 0
    done = place.brewhouse("refresh")
    assert done.code == 0, done.err
    assert differing(place.ask) == {}
    [(rows, reason)] = place.ask(
        "select changed_rows, reason from brewhouse_dynamic.refresh_history "
        "where table_name = 'enriched_orders' order by finished_at desc limit 1"
    )
    return int(rows), str(reason)


def some(place: Place, table: str, rows: slice) -> pa.Table:
    """Rows of a table's first file."""
    content = pq.read_table(place.root / "data" / table / "part-00000.parquet")
    return content.take(list(range(content.num_rows))[rows])


def renamed(orders: pa.Table) -> pa.Table:
    """The same orders under other ids."""
    ids = pc.binary_join_element_wise(orders["order_id"], "x", "-")
    return orders.set_column(orders.column_names.index("order_id"), "order_id", ids)


def put(place: Place, name: str, content: pa.Table) -> None:
    """Leave a file among those of the raw table."""
    pq.write_table(content, place.root / "data" / "orders" / f"{name}.parquet")


def test_files_are_the_rows_that_came_and_went(shop: Place) -> None:
    put(shop, "part-90000", renamed(some(shop, "orders", slice(0, 20))))
    assert taken_in(shop)[0] == 20
    put(shop, "part-90000", renamed(some(shop, "orders", slice(10, 25))))
    assert taken_in(shop)[0] == 20 + 15
    before = shop.ask("select count(*) from brewhouse_dynamic.refresh_history")
    taken_in(shop)
    assert shop.ask("select count(*) from brewhouse_dynamic.refresh_history") == before


def test_rows_that_are_replaced_by_key_are_what_they_replace(shop: Place) -> None:
    settings = shop.root / "brewhouse.toml"
    settings.write_text(settings.read_text() + '\n[load.tables.orders]\nmode = "merge"\nkey = ["order_id"]\n')
    orders = renamed(some(shop, "orders", slice(10, 20)))
    put(shop, "part-90000", orders)
    assert taken_in(shop)[0] == 10
    kind = orders.schema.field("total_amount").type
    spent = pa.array([Decimal("1.00")] * len(orders), kind)
    put(
        shop,
        "part-90001",
        orders.set_column(orders.column_names.index("total_amount"), "total_amount", spent),
    )
    assert taken_in(shop)[0] == 10 + 10
    assert shop.ask("select count(*) from dynamic_tables.enriched_orders where total_amount = 1") == [(10,)]


def test_a_table_that_is_made_anew_is_taken_whole(shop: Place) -> None:
    assert shop.brewhouse("load", "--replace").code == 0
    assert taken_in(shop) == (0, "raw.orders was written to by another writer")
    orders = some(shop, "orders", slice(60, 64))
    put(shop, "part-90002", orders.append_column("gift_note", pa.array(["cheers"] * len(orders))))
    assert taken_in(shop) == (0, "raw.orders has other columns than before")
