"""Sources: each simulated, existing or fetched, each with its own cadence, and every lack told before anything runs."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from brewhouse import blueprints
from brewhouse.errors import MissingColumnsError, SchemaConflictError, SettingsError
from brewhouse.load.due import due, interval, last_loads, remember
from brewhouse.load.load import Load, Places
from brewhouse.load.on_duckdb import DuckDBTarget
from brewhouse.load.results import LoadResult
from brewhouse.load.sources import Source, pick_sources, project_sources
from brewhouse.load.types import fits
from brewhouse.settings import Settings, SourceSettings
from brewhouse.simulate.engine.dataset import DataSet, write_manifest
from brewhouse.transform.inputs import expected_columns, loaded_columns
from brewhouse.warehouse.duckdb_engine import DuckDB
from tests.conftest import Place

SHOP = """
sources:
  - name: shop
    schema: raw
    config:
      meta: {cadence: 15m}
    tables:
      - name: shop_orders
        columns:
          - {name: id, data_type: varchar}
          - {name: amount, data_type: "decimal(10,2)"}
          - {name: placed_at, data_type: timestamp}
          - {name: detail, data_type: json}
          - {name: note, data_type: varchar, config: {meta: {optional: true}}}
          - {name: _source_file}
          - {name: _loaded_at}
      - name: shop_returns
        columns:
          - {name: id, data_type: varchar}
  - name: truth
    schema: truth
    tables: [{name: orders}]
"""
MAIL = """
sources:
  - name: mail
    schema: "{{ var('mail_schema') }}"
    tables:
      - name: mail_letters
        columns: [{name: id, data_type: varchar}]
"""
MOMENT = dt.datetime(2026, 3, 1, 12)  # noqa: DTZ001


class House:
    """A project with two source systems, their files and a warehouse."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "models").mkdir(parents=True)
        (root / "models" / "shop.yml").write_text(SHOP)
        (root / "models" / "mail.yaml").write_text(MAIL)
        (root / "dbt_project.yml").write_text("vars: {mail_schema: raw}")
        self.places = Places(root / "data", root / "scratch", root / "state")
        self.connection = duckdb.connect(root / "warehouse.duckdb")
        self.put(
            "shop_orders", id="1", amount=Decimal("1.50"), placed_at=MOMENT, detail="{}", note="simulated"
        )
        self.put("shop_returns", id="1")
        self.put("mail_letters", id="1")
        write_manifest(self.places.data, DataSet("shop", 1, {}, ()))

    def put(self, table: str, **row: Any) -> None:
        path = self.places.data / table / "a.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist([row]), path)

    def sources(self, **settings: dict[str, Any]) -> tuple[Source, ...]:
        return project_sources(self.root, Settings.model_validate({"sources": settings}))

    def load(self, *names: str, **settings: dict[str, Any]) -> LoadResult:
        sources = self.sources(**settings)
        chosen = pick_sources(sources, names, root=self.root) if names else None
        return Load(DuckDBTarget(self.connection), self.places, sources).run(chosen)

    def run(self, *statements: str) -> None:
        for sql in statements:
            self.connection.execute(sql)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


OURS = {"kind": "existing", "schema": "ours"}


@pytest.fixture
def tables(house: House) -> House:
    """The user's own tables, of somewhat other names and types."""
    house.run(
        "create schema ours",
        "create table ours.orders as select 7::bigint as id, 2.5::double as amount, "
        "timestamptz '2026-03-01 13:00:00+01' as placed_at, {'size': 'xl'} as detail, "
        "timestamp '2026-03-02' as _fivetran_synced",
        "create table ours.sent_back (id varchar)",
    )
    return house


MAPPED = OURS | {"tables": {"shop_returns": "sent_back"}}


def test_the_yml_says_which_table_belongs_to_which_source(house: House) -> None:
    shop, mail = sorted(house.sources(), key=lambda source: source.name, reverse=True)
    assert [table.name for table in shop.tables] == ["shop_orders", "shop_returns"]
    assert [table.name for table in mail.tables] == ["mail_letters"]
    assert [(column.name, column.stored) for column in shop.tables[0].columns] == [
        ("id", "VARCHAR"), ("amount", "DECIMAL(10,2)"), ("placed_at", "TIMESTAMP"), ("detail", "VARCHAR"),
        ("note", "VARCHAR"),
    ]  # fmt: skip
    assert (shop.cadence, mail.cadence) == ("15m", "1h")
    assert house.sources(shop={"cadence": "1d"})[1].cadence == "1d"


def test_one_source_is_loaded_without_the_others(house: House) -> None:
    result = house.load("mail")
    assert result.sources == ("mail",)
    assert house.ask(
        "select table_name from duckdb_tables() where schema_name = 'raw' and table_name[:4] <> '_dlt'"
    ) == [("mail_letters",)]
    assert house.load("shop").rows == 2
    assert not house.load().changed


def test_files_are_stored_in_the_declared_types(house: House) -> None:
    """So that models see the same types whichever kind a source is of."""
    path = house.places.data / "shop_orders" / "a.parquet"
    kinds = [("id", pa.int64()), ("amount", pa.decimal128(8, 2)), ("placed_at", pa.timestamp("ms"))]
    rows = [{"id": 5, "amount": Decimal("1.50"), "placed_at": MOMENT}]
    pq.write_table(pa.Table.from_pylist(rows, pa.schema(kinds)), path)
    house.load()
    assert house.ask("select id, amount, placed_at from raw.shop_orders") == [("5", Decimal("1.50"), MOMENT)]
    wanted = [("raw", "shop_orders"), ("raw", "shop_returns"), ("raw", "mail_letters")]
    sources = house.sources()
    assert loaded_columns(DuckDB(lambda: house.connection), wanted) == expected_columns(
        house.places.data, sources
    )


def test_a_file_that_does_not_hold_the_declared_type(house: House) -> None:
    house.put("shop_orders", id="1", amount=1.25)
    with pytest.raises(SchemaConflictError, match=r"amount is DOUBLE .* DECIMAL\(10,2\) in models/staging"):
        house.load()


def test_files_that_no_yml_declares_are_loaded_too(house: House) -> None:
    house.put("extra", id=5)
    assert "files" in house.load().sources
    assert house.ask("select id from raw.extra") == [(5,)]
    assert not house.load().changed


def test_existing_tables_look_like_loaded_ones(tables: House) -> None:
    tables.load(shop=MAPPED)
    assert tables.ask("select * exclude (_dlt_load_id) from raw.shop_orders") == [
        ("7", Decimal("2.50"), MOMENT, '{"size":"xl"}', None, "ours.orders", 0, MOMENT.replace(day=2, hour=0))
    ]
    columns = [["raw", "shop_orders", *row[:2]] for row in tables.ask("describe raw.shop_orders")]
    sources = tables.sources(shop=MAPPED)
    wanted = [("raw", "shop_orders"), ("raw", "shop_returns"), ("raw", "mail_letters")]
    assert columns == [
        column for column in expected_columns(tables.places.data, sources) if "orders" in column[1]
    ]
    assert loaded_columns(DuckDB(lambda: tables.connection), wanted) == expected_columns(
        tables.places.data, sources
    )


def test_an_existing_source_leaves_the_others_simulated(tables: House) -> None:
    result = tables.load(shop=MAPPED)
    assert {table.table: table.how for table in result.tables} == {
        "shop_orders": "existing", "shop_returns": "existing", "mail_letters": "replace",
    }  # fmt: skip
    assert tables.ask("select id from raw.mail_letters") == [("1",)]


def test_the_load_id_of_an_existing_table_follows_its_rows(tables: House) -> None:
    def load_id() -> Any:
        return tables.ask("select distinct _dlt_load_id from raw.shop_orders")

    tables.load(shop=MAPPED)
    first = load_id()
    assert load_id() == first
    assert not tables.load(shop=MAPPED).changed
    tables.run("update ours.orders set amount = 3")
    second = load_id()
    assert second != first
    tables.run("insert into ours.orders select * from ours.orders")
    assert len(load_id()) == 1
    assert load_id() not in (first, second)


def test_a_view_can_be_an_existing_table(tables: House) -> None:
    tables.run(
        "insert into ours.sent_back values ('b'), ('a')",
        "create view ours.shop_returns as select * from ours.sent_back",
    )
    tables.load(shop=OURS)
    assert tables.ask("select id, _source_row from raw.shop_returns order by 1") == [("a", 1), ("b", 2)]


def test_all_that_is_missing_is_one_list(tables: House) -> None:
    tables.run("alter table ours.orders drop column detail", "alter table ours.orders drop column amount")
    with pytest.raises(MissingColumnsError) as caught:
        tables.load(shop=OURS, mail={"kind": "existing", "schema": "post"})
    assert caught.value.facts["count"] == 4
    problems = str(caught.value.facts["problems"]).split("; ")
    assert set(problems) == {
        "ours.orders.amount (decimal(10,2))",
        "ours.orders.detail (json)",
        "ours.shop_returns (table)",
        "post.mail_letters (table)",
    }
    assert tables.ask("select count(*) from information_schema.tables where table_schema = 'raw'") == [(0,)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "alter amount type varchar using 'many'",
            "ours.orders.amount (VARCHAR, rows that hold no decimal(10,2): 1)",
        ),
        (
            "alter amount type double using 2.555",
            "ours.orders.amount (DOUBLE, rows that hold no decimal(10,2): 1)",
        ),
        (
            "alter placed_at type bigint using 1",
            "ours.orders.placed_at (BIGINT, rows that hold no timestamp: 1)",
        ),
    ],
)
def test_values_of_another_type_are_told(tables: House, change: str, problem: str) -> None:
    tables.run(f"alter table ours.orders {change}")
    with pytest.raises(MissingColumnsError) as caught:
        tables.load(shop=MAPPED)
    assert caught.value.facts["problems"] == problem


def test_a_source_can_be_replaced_and_put_back(tables: House) -> None:
    tables.load()
    assert tables.ask("select note from raw.shop_orders") == [("simulated",)]
    tables.load(shop=MAPPED)
    assert tables.ask("select id from raw.shop_orders") == [("7",)]
    tables.load()
    assert tables.ask("select note from raw.shop_orders") == [("simulated",)]
    assert not tables.load().changed
    assert tables.ask("select count(*) from ours.orders") == [(1,)]


def test_without_any_simulated_source_no_files_are_needed(tables: House) -> None:
    tables.run("create table ours.mail_letters (id varchar)")
    (tables.places.data / "manifest.json").unlink()
    result = tables.load(shop=MAPPED, mail=OURS)
    assert result.sources == ("mail", "shop")
    assert result.changed


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"kind": "existing"}, "needs the schema"),
        ({"kind": "existing", "schema": "raw"}, "own"),
        ({"kind": "copied"}, "simulated"),
        ({"cadence": "hourly"}, "pattern"),
        ({"base_url": "api.stripe.com"}, "pattern"),
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        SourceSettings.model_validate(settings)


def test_an_unknown_source(house: House) -> None:
    with pytest.raises(SettingsError, match="no source 'shopp': expected one of mail, shop"):
        house.sources(shopp={"kind": "existing", "schema": "x"})
    with pytest.raises(SettingsError, match="no source 'post'"):
        pick_sources(house.sources(), ["post"], root=house.root)


def test_a_mapped_table_that_no_yml_declares(house: House) -> None:
    with pytest.raises(SettingsError, match=r"sources\.shop\.tables: there is no raw table 'shop_order'"):
        house.sources(shop=OURS | {"tables": {"shop_order": "orders"}})


def test_the_settings_of_the_how_to_page() -> None:
    """Each block of TOML is one source of the saas company; all of them together are valid."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "connect-your-own-sources.md"
    blocks = re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)
    settings = Settings.model_validate(tomllib.loads("\n".join(blocks)))
    kinds = {source.name: source.kind for source in project_sources(blueprints.folder("saas"), settings)}
    assert kinds == {"app_database": "simulated", "hubspot": "dlt", "marketing": "existing", "stripe": "dlt"}


@pytest.mark.parametrize(
    ("new", "old", "stored"),
    [
        ("INTEGER", "BIGINT", True), ("BIGINT", "INTEGER", True), ("DOUBLE", "BIGINT", False),
        ("DECIMAL(10,2)", "DECIMAL(12,4)", True), ("DECIMAL(10,4)", "DECIMAL(12,2)", False),
        ("DATE", "TIMESTAMP", True), ("TIMESTAMP", "DATE", False), ("VARCHAR", "INTEGER", False),
        ("BOOLEAN", "VARCHAR", True),
    ],
)  # fmt: skip
def test_what_fits_into_a_column(new: str, old: str, stored: bool) -> None:
    assert fits(new, old) is stored


NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def test_a_source_is_due_when_its_cadence_has_run_out(house: House) -> None:
    mail, shop = house.sources()  # mail hourly, shop every 15 minutes
    state = house.places.state

    def after(minutes: int) -> list[str]:
        last = last_loads(state, [mail, shop])
        return [source.name for source in due([mail, shop], last, NOW + dt.timedelta(minutes=minutes))]

    assert after(0) == ["mail", "shop"]
    remember(state, [mail, shop], NOW)
    found = {minutes: after(minutes) for minutes in (0, 14, 15, 59, 60)}
    assert found == {0: [], 14: [], 15: ["shop"], 59: ["shop"], 60: ["mail", "shop"]}
    remember(state, [shop], NOW + dt.timedelta(minutes=50))
    assert after(60) == ["mail"]
    assert [interval(text) for text in ("15m", "1h", "1d")] == [
        dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(days=1),
    ]  # fmt: skip
    (state / "loads.json").write_text("[broken")
    assert after(0) == ["mail", "shop"]


def test_a_source_that_is_set_otherwise_is_due(house: House) -> None:
    state = house.places.state
    remember(state, house.sources(), NOW)
    changed = house.sources(mail=OURS, shop={"cadence": "1d"})
    assert [source.name for source in due(changed, last_loads(state, changed), NOW)] == ["mail"]


def test_load_by_the_command_line(place: Place) -> None:
    """The sandbox has one source, raw, with a cadence of an hour."""
    assert place.brewhouse("load", "--due", "--json").json["status"] == "ok"
    assert "loaded" not in place.brewhouse("load", "--due", "--json").json
    record = json.loads((place.root / ".brewhouse" / "loads.json").read_text())
    assert set(record) == {"raw"}
    assert (
        place.brewhouse("load", "--source", "raw", "--json").json["loaded"]["tables"]["raw_users"]["rows"]
        == 0
    )
    unknown = place.brewhouse("load", "--source", "stripe")
    assert unknown.code == 2
    assert "BH103" in unknown.err
    assert "expected one of raw" in unknown.err


def test_a_run_on_existing_tables_says_what_is_missing_before_it_begins(place: Place) -> None:
    with (place.root / "brewhouse.toml").open("a") as file:
        file.write('\n[sources.raw]\nkind = "existing"\nschema = "ours"\n')
    outcome = place.brewhouse("run")
    assert outcome.code == 2
    assert outcome.err.startswith("Error BH114: 3 tables or columns")
    assert "ours.raw_users (table)" in outcome.err
    assert "simulate" not in outcome.out


def test_a_run_on_existing_tables_gives_what_the_loaded_ones_gave(place: Place) -> None:
    """The same rows, copied into a schema of the user's, make the same marts."""
    metrics = "select * exclude (dbt_updated_at) from marts.user_metrics order by all"
    wanted = place.ask(metrics)
    with duckdb.connect(place.warehouse) as connection:
        connection.execute("create schema ours")
        for table in ("users", "events", "orders"):
            connection.execute(f"create table ours.{table} as from raw.raw_{table}")
    with (place.root / "brewhouse.toml").open("a") as file:
        file.write('\n[sources.raw]\nkind = "existing"\nschema = "ours"\n')
    place.change("dbt_project.yml", "simulated: true", "simulated: false")
    outcome = place.brewhouse("run", "--json")
    assert outcome.code == 0, outcome.out + outcome.err
    assert "simulated" not in outcome.json
    assert place.ask(metrics) == wanted
    assert place.ask("select view_name from duckdb_views() where schema_name = 'raw' order by 1") == [
        ("raw_events",), ("raw_orders",), ("raw_users",),
    ]  # fmt: skip
