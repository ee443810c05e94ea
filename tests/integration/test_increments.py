"""Increments that we execute ourselves give the tables and statuses that dbt's own give, step by step."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from brewhouse.project import open_project
from brewhouse.transform.open_dbt import open_dbt
from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.engine import quoted
from brewhouse.warehouse.postgres.engine import Postgres
from tests.conftest import Outcome, Place
from tests.integration.test_plain_dbt import dbt_statuses, our_statuses
from tests.support.postgres import Server

pytestmark = pytest.mark.slow

Content = dict[str, tuple[list[tuple[str, str]], list[tuple[Any, ...]]]]

ROWS = "select *, '{{ this.identifier }}' as made_by from {{ source('shop', 'orders') }}"
NEW = " {% if is_incremental() %} where load > (select max(load) from {{ this }}) {% endif %}"
NOTE = "insert into raw.notes values ('{{ this.identifier }}', '{{ is_incremental() }}', %r)"

BAD = "select case when max(load) = 9 then cast('no' || max(load) as integer) end from {{ this }}"


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
    "guarded": config(unique_key=["id"], incremental_predicates=["{{ own }}.price < 12"]) + ROWS + NEW,
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
    "bad_hook": config(unique_key="id", post_hook=BAD)
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
class Side:
    """One of two projects, and its warehouse: a file, or a database at ``url``."""

    place: Place
    url: str = ""

    @property
    def env(self) -> dict[str, str]:
        return {"BREWHOUSE_POSTGRES_URL": self.url} if self.url else {}

    def dbt(self, *arguments: str) -> Outcome:
        if not self.url:
            return self.place.dbt(*arguments)
        dbt = str(Path(sys.executable).with_name("dbt"))
        return self.place.brewhouse("postgres", "--", dbt, *arguments, env=self.env)

    @contextmanager
    def engine(self, file: Path | None = None) -> Iterator[DuckDB | Postgres]:
        path = file or self.place.warehouse
        engine = Postgres(self.url) if self.url else DuckDB(lambda: duckdb.connect(path))
        try:
            yield engine
        finally:
            engine.close()

    def run(self, *statements: str) -> None:
        with self.engine() as engine:
            for statement in statements:
                engine.run(statement)

    def tables(self, *, failed: bool = False) -> Content:
        """Columns and rows of everything that is published, or of the failed build."""
        file = self.place.root / ".brewhouse" / "failed" / "warehouse.duckdb"
        schemas = {"main__failed" if failed and self.url else "main": "main", "raw": "raw"}
        with self.engine(file if failed else None) as engine:
            names = {(schema, name) for schema, name, *_ in engine.all_columns() if schema in schemas}
            return {
                name: (
                    engine.columns(quoted(schema, name)),
                    sorted(engine.rows(f"select * from {quoted(schema, name)}"), key=repr),
                )
                for schema, name in names
            }


@dataclass(frozen=True)
class Pair:
    """The same project twice: one is built by us, one by dbt."""

    ours: Side
    theirs: Side

    def change(self, *statements: str) -> None:
        """Do the same to both warehouses."""
        for side in (self.ours, self.theirs):
            side.run(*statements)

    def build(self, *options: str, code: int = 0) -> dict[str, str]:
        """Build both; the statuses and the tables must be the same. Returns the statuses."""
        ours = self.ours.place.brewhouse("build", "--json", *options, env=self.ours.env)
        theirs = self.theirs.dbt("build", *options)
        assert (ours.code, theirs.code) == (code, code), ours.err + ours.out + theirs.out
        statuses = dbt_statuses(self.theirs.place)
        assert our_statuses(ours.json) == statuses
        found = {name.rpartition(".")[2]: status for name, (status, _) in statuses.items()}
        expected = self.theirs.tables()
        if self.ours.url:  # the schemas of a failed build hold no views that were skipped
            expected = {name: one for name, one in expected.items() if found.get(name) != "skipped"}
        assert self.ours.tables(failed=bool(code)) == expected
        return found


@pytest.fixture(params=["duckdb", "postgres"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """After the first build."""
    with ExitStack() as stack:
        urls = ["", ""]
        if request.param == "postgres":
            server: Server = request.getfixturevalue("postgres")
            urls = [server.url(database=stack.enter_context(server.database())) for _ in urls]
        ours, theirs = (
            Side(Place(tmp_path / side / "bar"), url) for side, url in zip("ab", urls, strict=True)
        )
        write_project(ours, request.param)
        shutil.copytree(ours.place.root, theirs.place.root, symlinks=True)
        both = Pair(ours, theirs)
        both.change(
            "create schema raw",
            "create schema if not exists main",
            "create table raw.notes (model text, incremental text, step text)",
            "create table raw.orders as select cast(i as bigint) as id, 'p' || i % 3 as part, "
            "cast(i as decimal(18, 2)) as price, cast(i as varchar) as amount, 1 as load "
            "from generate_series(0, 19) as t (i) union all select 99, 'gone', 1, '1', 1",
            "create view main.was_a_view as select 1 as id",
        )
        assert set(both.build().values()) == {"success"}
        yield both


def write_project(side: Side, engine: str) -> None:
    """A project that has the models of this test and nothing else."""
    root = side.place.root
    root.mkdir(parents=True)
    made = side.place.brewhouse("init", ".", "--target", engine, "--no-check", env=side.env)
    assert made.code == 0, made.err
    for folder in ("models", "tests"):
        shutil.rmtree(root / folder)
    (root / "models").mkdir()
    (root / "models" / "sources.yml").write_text(SOURCES)
    own = {"duckdb": "DBT_INCREMENTAL_TARGET", "postgres": "DBT_INTERNAL_DEST"}[engine]
    for name, text in MODELS.items():
        (root / "models" / f"{name}.sql").write_text(text.replace("{{ own }}", own))


def test_nearly_all_are_executed_by_us(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREWHOUSE_POSTGRES_URL", pair.ours.url)
    with open_dbt(open_project(pair.ours.place.root)) as dbt:
        assert {node.name for node in dbt.plan().nodes if not node.direct} == BY_DBT


INTO = "insert into raw.orders (id, part, price, amount, load) "


def more(load: int) -> str:
    """Rows that came before, with another price, and new ones; some are twice in it."""
    return (
        f"{INTO} select i % 25, 'p' || i % 2, i + {load}, cast(i as varchar), {load} "
        "from generate_series(10, 39) as t (i)"
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
    before = pair.theirs.tables()
    pair.change(more(9), f"{INTO} values (7, null, null, 'many', 9)")
    other_columns(pair)
    statuses = pair.build(code=1)
    failed = {"bad_value": "error", "bad_hook": "error", "fails": "error", "after_bad_value": "skipped"}
    assert {name: status for name, status in statuses.items() if status != "success"} == failed
    after = pair.theirs.tables()
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
