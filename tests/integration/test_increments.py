"""Increments that we execute ourselves give the tables and statuses that dbt's own give, step by step."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from brewhouse.transform.dbt_process import DbtProcess
from tests.conftest import Place
from tests.integration.test_plain_dbt import dbt_statuses, our_statuses

ROWS = "select *, '{{ this.identifier }}' as made_by from {{ source('shop', 'orders') }}"
NEW = " {% if is_incremental() %} where load > (select max(load) from {{ this }}) {% endif %}"
NOTE = "insert into raw.notes values ('{{ this.identifier }}', '{{ is_incremental() }}', %r)"


def config(**settings: Any) -> str:
    return (
        "{{ config(materialized='incremental', "
        + ", ".join(f"{k}={v!r}" for k, v in settings.items())
        + ") }} "
    )


MODELS = {
    "one_key": config(unique_key="id") + ROWS + NEW,
    "two_keys": config(unique_key=["id", "part"], incremental_strategy="delete+insert") + ROWS + NEW,
    "keys_as_text": config(unique_key="id, part") + ROWS + NEW,
    "appended": config(incremental_strategy="append", unique_key="id") + ROWS + NEW,
    "without_key": config() + ROWS + NEW,
    "guarded": config(unique_key=["id"], incremental_predicates=["DBT_INCREMENTAL_TARGET.price < 12"]) + ROWS + NEW,
    "guarded_one": config(unique_key="id", incremental_predicates=["price < 12"]) + ROWS + NEW,
    "merged": config(unique_key="id", incremental_strategy="merge")
    + "select id, load, sum(price) as price from {{ source('shop', 'orders') }}"
    + NEW
    + " group by id, load",
    "always_anew": config(unique_key="id", full_refresh=True) + ROWS + NEW,
    "never_anew": config(unique_key="id", full_refresh=False) + ROWS + NEW,
    "was_a_view": config(unique_key="id") + ROWS + NEW,
    "ignores": config(unique_key="id", on_schema_change="ignore") + ROWS + NEW,
    "fails": config(unique_key="id", on_schema_change="fail") + ROWS + NEW,
    "takes_more": config(unique_key="id", on_schema_change="append_new_columns") + ROWS + NEW,
    "in_step": config(unique_key="id", on_schema_change="sync_all_columns") + ROWS + NEW,
    "hooked": config(
        unique_key="id",
        pre_hook=["{% if is_incremental() %} delete from {{ this }} where part = 'gone' {% endif %}", NOTE % "pre"],
        post_hook=[NOTE % "post", {"sql": NOTE % "after", "transaction": False}],
    )
    + ROWS
    + NEW,
    "hooked_table": ("{{ config(materialized='table', post_hook=" + repr(NOTE % "table") + ") }}") + ROWS,
    "bad_value": config(unique_key="id") + "select id, load, cast(amount as integer) as amount from "
    "{{ source('shop', 'orders') }}" + NEW,
    "bad_hook": config(unique_key="id", post_hook="select case when max(load) = 9 then error('no') end from {{ this }}")
    + ROWS
    + NEW,
    "after_bad_value": "select * from {{ ref('bad_value') }}",
}  # fmt: skip
SOURCES = """
version: 2
sources:
  - name: shop
    schema: raw
    tables:
      - name: orders
"""
BY_DBT = {"merged"}


@dataclass(frozen=True)
class Pair:
    """The same project twice: one is built by us, one by dbt."""

    ours: Place
    theirs: Place

    def change(self, *statements: str) -> None:
        """Do the same to both warehouses."""
        for place in (self.ours, self.theirs):
            with duckdb.connect(place.warehouse) as connection:
                for statement in statements:
                    connection.execute(statement)

    def build(self, *options: str, code: int = 0) -> dict[str, str]:
        """Build both; the statuses and the tables must be the same. Returns the statuses."""
        ours = self.ours.brewhouse("build", "--json", *options)
        theirs = self.theirs.dbt("build", *options)
        assert (ours.code, theirs.code) == (code, code), ours.err + ours.out + theirs.out
        statuses = dbt_statuses(self.theirs)
        assert our_statuses(ours.json) == statuses
        failed = self.ours.root / ".brewhouse" / "failed" / "warehouse.duckdb"
        assert tables(failed if code else self.ours.warehouse) == tables(self.theirs.warehouse)
        return {name.rpartition(".")[2]: status for name, (status, _) in statuses.items()}


def tables(path: Path) -> dict[str, tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]]:
    """Columns and rows of everything in a warehouse."""
    with duckdb.connect(path, read_only=True) as connection:
        names = connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
        return {
            name: (
                connection.execute(f"describe {schema}.{name}").fetchall(),
                sorted(connection.execute(f"select * from {schema}.{name}").fetchall(), key=repr),
            )
            for schema, name in names
        }


@pytest.fixture
def pair(new: Place, tmp_path: Path) -> Pair:
    """After the first build."""
    root = new.root
    for folder in ("models", "tests"):
        shutil.rmtree(root / folder)
    (root / "models").mkdir()
    (root / "models" / "sources.yml").write_text(SOURCES)
    for name, text in MODELS.items():
        (root / "models" / f"{name}.sql").write_text(text)
    with duckdb.connect(new.warehouse) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.notes (model text, incremental text, step text)")
        connection.execute(
            "create table raw.orders as select i as id, 'p' || i % 3 as part, cast(i as decimal(18, 2)) as price, "
            "i::varchar as amount, 1 as load from range(20) as t (i) union all select 99, 'gone', 1, '1', 1"
        )
        connection.execute("create view main.was_a_view as select 1 as id")
    other = tmp_path / "other" / "bar"
    shutil.copytree(root, other, symlinks=True)
    both = Pair(new, Place(other))
    assert set(both.build().values()) == {"success"}
    return both


def test_nearly_all_are_executed_by_us(pair: Pair) -> None:
    with DbtProcess(pair.ours.root, pair.ours.root / ".brewhouse") as dbt:
        assert {node.name for node in dbt.plan().nodes if not node.direct} == BY_DBT


def more(load: int) -> str:
    """Rows that came before, with another price, and new ones; some are twice in it."""
    return (
        f"insert into raw.orders by name select i % 25 as id, 'p' || i % 2 as part, i + {load} as price, "
        f"i::varchar as amount, {load} as load from range(10, 40) as t (i)"
    )


def other_columns(pair: Pair) -> None:
    pair.change("alter table raw.orders add column colour text default 'red'")
    pair.change("alter table raw.orders alter column price type decimal(20, 4)")


def test_increments_are_the_same(pair: Pair) -> None:
    for load in (2, 3):
        pair.change(more(load))
        assert set(pair.build().values()) == {"success"}
    pair.change(more(4))
    assert set(pair.build("--full-refresh").values()) == {"success"}
    pair.change("drop table main.one_key", "create view main.one_key as select 1 as id", more(5))
    assert set(pair.build().values()) == {"success"}
    assert pair.build("--select", "two_keys") == {"two_keys": "success"}


def test_failing_increments_are_the_same(pair: Pair) -> None:
    before = tables(pair.theirs.warehouse)
    pair.change(more(9), "insert into raw.orders by name select 7 as id, 'many' as amount, 9 as load")
    other_columns(pair)
    statuses = pair.build(code=1)
    failed = {"bad_value": "error", "bad_hook": "error", "fails": "error", "after_bad_value": "skipped"}
    assert {name: status for name, status in statuses.items() if status != "success"} == failed
    after = tables(pair.theirs.warehouse)
    assert all(after[name] == before[name] for name in failed)
    assert after["one_key"] != before["one_key"]


@pytest.mark.parametrize(
    "how", [other_columns, lambda pair: pair.change("alter table raw.orders drop column part")]
)
def test_changed_columns_are_the_same(pair: Pair, how: Callable[[Pair], None]) -> None:
    how(pair)
    pair.change("update raw.orders set load = 2")
    statuses = pair.build(code=1)
    assert statuses["fails"] == "error"
    assert statuses["in_step"] == "success"
