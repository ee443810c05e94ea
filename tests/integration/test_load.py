"""Load: nothing lost, nothing doubled, and nothing half done in sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from brewhouse.errors import InputFileError, NoDataError, SchemaConflictError
from brewhouse.load.load import Load, Places
from brewhouse.load.results import LoadResult
from brewhouse.settings import LoadSettings
from brewhouse.simulate.engine.dataset import DataSet, write_manifest
from tests.support.warehouses import Opened, open_duckdb, open_postgres


class Warehouse:
    """A warehouse of one raw table, and the folder that it is loaded from."""

    def __init__(self, root: Path, opened: Opened) -> None:
        self.data = root / "data"
        self.data.mkdir(parents=True)
        self.places = Places(self.data, root / "scratch", root / "state")
        self.opened = opened
        self.is_data_set("one")

    def is_data_set(self, identity: str) -> None:
        write_manifest(self.data, DataSet("orders", 1, {"identity": identity}, ()))

    def put(self, name: str, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> None:
        path = self.data / "orders" / name
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)

    def load(self, identity: str = "one", *, replace: bool = False, merge: str = "") -> LoadResult:
        self.is_data_set(identity)
        settings = LoadSettings()
        if merge:
            settings = LoadSettings.model_validate({"tables": {"orders": {"mode": "merge", "key": [merge]}}})
        with self.opened.loading() as target:
            return Load(target, self.places, (), settings, replace=replace).run()

    def rows(self, columns: str = "id, amount") -> list[tuple[Any, ...]]:
        return self.opened.sorted(f"select {columns} from raw.orders")


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    if request.param == "duckdb":
        yield Warehouse(tmp_path, open_duckdb(tmp_path / "warehouse.duckdb"))
        return
    with open_postgres(request.getfixturevalue("postgres")) as opened:
        yield Warehouse(tmp_path, opened)


def order(key: int | None, amount: str) -> dict[str, Any]:
    return {"id": key, "amount": Decimal(amount)}


A, B, C = order(1, "1.10"), order(2, "2.20"), order(3, "3.30")
EMPTY = order(None, "9.90")


def plain(*orders: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(entry["id"], entry["amount"]) for entry in orders]


def test_every_row_knows_its_load_and_where_it_stood(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A, B])
    warehouse.load()
    found = warehouse.rows("_source_file, _source_row, _dlt_load_id is not null, _loaded_at is not null")
    assert found == [("orders/a.parquet", 0, True, True), ("orders/a.parquet", 1, True, True)]
    loads = warehouse.opened.ask(
        "select count(*) from raw._dlt_loads where load_id in (select _dlt_load_id from raw.orders)"
    )
    assert loads == [(1,)]


def test_a_second_load_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A, B, EMPTY])
    warehouse.load()
    before = warehouse.rows("*")
    result = warehouse.load()
    assert not result.changed
    assert warehouse.rows("*") == before


def test_new_files_are_appended_with_their_duplicates(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A, B])
    warehouse.load()
    warehouse.put("b.parquet", [B, C, EMPTY])
    result = warehouse.load()
    assert result.rows == 3
    assert warehouse.rows() == plain(A, B, B, C, EMPTY)


def test_a_changed_file_replaces_its_own_rows_only(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A, B])
    warehouse.put("b.parquet", [B])
    warehouse.load()
    warehouse.put("a.parquet", [A, C, C, EMPTY])
    warehouse.load()
    assert warehouse.rows() == plain(A, B, C, C, EMPTY)


def test_merge_replaces_rows_of_the_same_key_and_keeps_rows_without_one(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A, B, EMPTY])
    warehouse.load(merge="id")
    changed = order(2, "7.70")
    warehouse.put("b.parquet", [changed, C, EMPTY])
    result = warehouse.load(merge="id")
    assert result.tables[0].how == "merge"
    assert warehouse.rows() == plain(A, changed, C, EMPTY, EMPTY)
    assert not warehouse.load(merge="id").changed


def test_another_data_set_replaces_everything(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A, B])
    warehouse.put("b.parquet", [C])
    warehouse.load("one")
    (warehouse.data / "orders" / "b.parquet").unlink()
    warehouse.put("a.parquet", [C])
    warehouse.load("two")
    assert warehouse.rows() == plain(C)


def test_replace_loads_all_anew(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A])
    warehouse.load()
    warehouse.opened.run("delete from raw.orders")
    warehouse.load(replace=True)
    assert warehouse.rows() == plain(A)


def test_new_columns_are_reported_and_old_rows_keep_null(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A])
    warehouse.load()
    warehouse.put("b.parquet", [B | {"coupon": "x"}])
    result = warehouse.load()
    assert result.new_columns == ("orders.coupon varchar",)
    assert warehouse.rows("id, coupon") == [(1, None), (2, "x")]


def test_a_type_that_does_not_fit_is_one_clear_error(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A])
    warehouse.load()
    warehouse.put("b.parquet", [{"id": "seven", "amount": Decimal("1.00")}])
    with pytest.raises(SchemaConflictError) as caught:
        warehouse.load()
    assert caught.value.facts["table"] == "orders"


def test_a_damaged_file_is_named(warehouse: Warehouse) -> None:
    (warehouse.data / "orders").mkdir()
    (warehouse.data / "orders" / "a.parquet").write_bytes(b"PAR1 this is none PAR1")
    with pytest.raises(InputFileError, match=r"a\.parquet"):
        warehouse.load()


def test_a_file_damaged_inside_is_named(warehouse: Warehouse) -> None:
    rows = [order(number, "1.00") for number in range(5000)]
    warehouse.put("a.parquet", rows)
    path = warehouse.data / "orders" / "a.parquet"
    content = bytearray(path.read_bytes())
    content[100:2000] = bytes(1900)
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=r"a\.parquet"):
        warehouse.load()


def test_without_a_manifest_nothing_is_loaded(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A])
    (warehouse.data / "manifest.json").unlink()
    with pytest.raises(NoDataError):
        Load(warehouse.opened.target, warehouse.places, ()).run()


def test_types_are_kept(warehouse: Warehouse) -> None:
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, 678_901)  # noqa: DTZ001
    row = {"t": moment, "d": dt.date(2026, 1, 2), "b": True, "n": Decimal("0.1234"), "x": 0.5, "s": "ä"}
    kinds = {"i": pa.int32(), "t": pa.timestamp("us"), "d": pa.date32(), "b": pa.bool_()}
    kinds |= {"n": pa.decimal128(5, 4), "x": pa.float64(), "s": pa.string(), "id": pa.int64()}
    warehouse.put("a.parquet", [row | {"i": 1, "id": 2}], pa.schema(list(kinds.items())))
    warehouse.load()
    assert warehouse.opened.columns("orders") == [
        ("i", "INTEGER"), ("t", "TIMESTAMP"), ("d", "DATE"), ("b", "BOOLEAN"), ("n", "DECIMAL(5,4)"),
        ("x", "DOUBLE"), ("s", "VARCHAR"), ("id", "BIGINT"), ("_source_file", "VARCHAR"),
        ("_source_row", "BIGINT"), ("_loaded_at", "TIMESTAMP"), ("_dlt_load_id", "VARCHAR"),
    ]  # fmt: skip
    assert warehouse.rows("t, d, b, n, x, s") == [tuple(row.values())]


def test_a_value_is_never_rounded_to_fit(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [{"id": 1, "amount": 1}])
    warehouse.load()
    warehouse.put("b.parquet", [{"id": 2, "amount": 1.5}])
    with pytest.raises(SchemaConflictError, match=r"amount is DOUBLE .* BIGINT"):
        warehouse.load()
    assert warehouse.load(replace=True).rows == 2
    assert warehouse.rows() == [(1, 1.0), (2, 1.5)]


def test_files_of_unlike_columns_go_into_one_table(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A])
    warehouse.put("b.parquet", [{"amount": Decimal("5.50"), "coupon": "x", "id": 9}])
    warehouse.load()
    assert warehouse.rows("id, amount, coupon") == [(1, Decimal("1.10"), None), (9, Decimal("5.50"), "x")]


def test_a_table_that_is_gone_from_another_data_set_leaves_no_rows(warehouse: Warehouse) -> None:
    warehouse.put("a.parquet", [A])
    (warehouse.data / "visits").mkdir()
    pq.write_table(pa.table({"id": [1]}), warehouse.data / "visits" / "a.parquet")
    warehouse.load("one")
    (warehouse.data / "visits" / "a.parquet").unlink()
    warehouse.load("two")
    tables = warehouse.opened.target.relations("raw")
    assert [name for name in tables if not name.startswith("_dlt")] == ["orders"]


@pytest.mark.parametrize("name", ["it's", "a[b]c", "what*", "ü n"])
def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    warehouse = Warehouse(tmp_path / name, open_duckdb(tmp_path / "warehouse.duckdb"))
    warehouse.put("a.parquet", [A, B])
    warehouse.load()
    assert warehouse.rows("id, _source_file, _source_row") == [
        (1, "orders/a.parquet", 0),
        (2, "orders/a.parquet", 1),
    ]
