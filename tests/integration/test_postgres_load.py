"""A load into PostgreSQL gives the tables that it gives in DuckDB, as a whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from brewhouse import blueprints
from brewhouse.errors import BrewhouseError, MissingColumnsError, PostgresRightsError, SchemaConflictError
from brewhouse.load.fetched import clear_journals
from brewhouse.load.load import Load, Places
from brewhouse.load.on_postgres import drop_aside
from brewhouse.load.results import LoadResult
from brewhouse.load.sources import Source, pick_sources, project_sources
from brewhouse.settings import Settings, SimulateSettings
from brewhouse.simulate.companies import company
from brewhouse.simulate.engine.dataset import DataSet, write_manifest
from brewhouse.simulate.engine.work import make_dataset
from brewhouse.warehouse.postgres.connection import connect
from tests.support import small_company as small
from tests.support.postgres import Server, rows
from tests.support.saas_api import SECRET, Api, serving
from tests.support.warehouses import Opened, open_duckdb, open_postgres

MOMENT = dt.datetime(2026, 3, 1, 12)  # noqa: DTZ001
SHOP = """
sources:
  - name: shop
    schema: raw
    tables:
      - name: shop_orders
        columns:
          - {name: id, data_type: varchar}
          - {name: amount, data_type: "decimal(10,2)"}
          - {name: placed_at, data_type: timestamp}
          - {name: detail, data_type: json}
          - {name: note, data_type: varchar, config: {meta: {optional: true}}}
      - name: shop_returns
        columns: [{name: id, data_type: varchar}]
"""
OURS = {"kind": "existing", "schema": "ours", "tables": {"shop_returns": "sent_back"}}


@pytest.fixture
def opened(postgres: Server) -> Iterator[Opened]:
    with open_postgres(postgres) as warehouse:
        yield warehouse


def load(
    opened: Opened, places: Places, sources: tuple[Source, ...] = (), *names: str, **more: Any
) -> LoadResult:
    chosen = pick_sources(sources, names, root=places.data) if names else None
    with opened.loading() as target:
        return Load(target, places, sources, **more).run(chosen)


def digests(opened: Opened, schema: str, *leave_out: str) -> dict[str, Any]:
    """Per table its types, its rows in any order, and how many loads and moments of loading it knows."""
    found = {}
    for table, (_, kinds) in opened.target.relations(schema).items():
        if not table.startswith("_dlt"):
            names = [name for name in kinds if name not in ("_loaded_at", "_dlt_load_id", *leave_out)]
            content = opened.ask(
                f'select {", ".join(f"{chr(34)}{n}{chr(34)}" for n in names)} from {schema}."{table}"'
            )
            loads: tuple[Any, ...] = ()
            if "_dlt_load_id" in kinds:
                loads = tuple(
                    opened.ask(
                        f'select count(distinct _dlt_load_id), count(_loaded_at) from {schema}."{table}"'
                    )
                )
            hashes = sum(hash(tuple(map(_plain, row))) for row in content)
            found[table] = (kinds, len(content), hashes, loads)
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize(("blueprint", "scale", "tables"), [("sandbox", 0.05, 3), ("saas", 0.01, 30)])
def test_raw_and_truth_are_equal_row_for_row(
    tmp_path: Path, opened: Opened, blueprint: str, scale: float, tables: int
) -> None:
    """Declared types, decimals to the last digit, empty texts and nothing, every row of every table."""
    data = tmp_path / "data"
    make_dataset(company(blueprint, SimulateSettings(scale=scale)), data, workers=1)
    sources = project_sources(blueprints.folder(blueprint), Settings())
    other = open_duckdb(tmp_path / "warehouse.duckdb")
    results = [
        load(warehouse, Places(data, tmp_path / name / "scratch", tmp_path / name / "state"), sources)
        for name, warehouse in (("one", other), ("two", opened))
    ]
    assert [(r.tables, r.truth_rows, r.changed) for r in results[:1]] == [
        (r.tables, r.truth_rows, r.changed) for r in results[1:]
    ]
    for schema in ("raw", "truth"):
        assert digests(opened, schema) == digests(other, schema)
    assert len(digests(opened, "raw")) >= tables
    again = load(opened, Places(data, tmp_path / "two" / "scratch", tmp_path / "two" / "state"), sources)
    assert not again.changed
    assert again.new_columns == ()


class Shop:
    """A project with one source, its files, and tables of the user's own."""

    def __init__(self, root: Path, opened: Opened) -> None:
        self.root, self.opened = root, opened
        (root / "models").mkdir(parents=True)
        (root / "models" / "shop.yml").write_text(SHOP)
        self.places = Places(root / "data", root / "scratch", root / "state")
        self.put("shop_orders", id="1", amount=Decimal("1.50"), placed_at=MOMENT, detail="{}", note="")
        self.put("shop_returns", id="1")
        write_manifest(self.places.data, DataSet("shop", 1, {}, ()))
        opened.run(
            "create schema ours",
            "create type ours.size as (size text)",
            "create table ours.orders as select cast(7 as bigint) as id, cast(2.5 as double precision) as amount, "
            "timestamptz '2026-03-01 13:00:00+01' as placed_at, cast(row('xl') as ours.size) as detail, "
            "array[1, 2] as note, timestamp '2026-03-02' as _fivetran_synced",
            "create table ours.sent_back (id varchar)",
        )

    def put(self, table: str, **row: Any) -> None:
        path = self.places.data / table / "a.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist([row]), path)

    def load(self, **settings: dict[str, Any]) -> LoadResult:
        return load(self.opened, self.places, self.sources(**settings))

    def sources(self, **settings: dict[str, Any]) -> tuple[Source, ...]:
        return project_sources(self.root, Settings.model_validate({"sources": settings}))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.opened.ask(sql)


@pytest.fixture
def shop(tmp_path: Path, opened: Opened) -> Shop:
    return Shop(tmp_path / "shop", opened)


def test_an_empty_text_is_not_nothing(shop: Shop) -> None:
    shop.load()
    assert shop.ask("select note, detail from raw.shop_orders") == [("", "{}")]


def test_texts_that_mean_something_to_copy(shop: Shop) -> None:
    odd = ['"', '""', "\\.", "\\N", "a,b", "a\nb", "a\r\nb", " ", "'", "\t", "ü\u2028"]
    table = pa.table({"id": odd, "n": list(range(len(odd)))})
    pq.write_table(table, shop.places.data / "shop_returns" / "a.parquet")
    shop.load()
    assert [row[0] for row in shop.ask("select id from raw.shop_returns order by n")] == odd


def test_existing_tables_look_like_loaded_ones(shop: Shop) -> None:
    result = shop.load(shop=OURS)
    assert [(table.how, table.changed) for table in result.tables] == [("existing", True)] * 2
    assert shop.ask(
        "select id, amount, placed_at, detail, note, _source_file, _loaded_at from raw.shop_orders"
    ) == [
        ("7", Decimal("2.50"), MOMENT, '{"size":"xl"}', "{1,2}", "ours.orders", MOMENT.replace(day=2, hour=0))
    ]
    assert shop.opened.columns("shop_orders") == [
        ("id", "VARCHAR"), ("amount", "DECIMAL(10,2)"), ("placed_at", "TIMESTAMP"), ("detail", "VARCHAR"),
        ("note", "VARCHAR"), ("_source_file", "VARCHAR"), ("_source_row", "BIGINT"), ("_loaded_at", "TIMESTAMP"),
        ("_dlt_load_id", "VARCHAR"),
    ]  # fmt: skip
    assert not shop.load(shop=OURS).changed


def test_the_load_id_of_an_existing_table_follows_its_rows(shop: Shop) -> None:
    def load_id() -> Any:
        return shop.ask("select distinct _dlt_load_id from raw.shop_orders")

    shop.load(shop=OURS)
    seen = [load_id()]
    assert load_id() == seen[0]
    for change in (
        "update ours.orders set amount = 3",
        "insert into ours.orders select * from ours.orders",
        "delete from ours.orders where ctid = (select min(ctid) from ours.orders)",
    ):
        shop.opened.run(change)
        assert len(load_id()) == 1
        assert load_id() not in seen
        seen.append(load_id())
    numbers = [row[0] for row in shop.ask("select _source_row from raw.shop_orders")]
    assert len(set(numbers)) == len(numbers)


def test_a_view_can_be_an_existing_table(shop: Shop) -> None:
    shop.opened.run(
        "insert into ours.sent_back values ('b'), ('a')",
        "create view ours.shop_returns as select id, cast('1' as json) as extra from ours.sent_back",
    )
    shop.load(shop={"kind": "existing", "schema": "ours"})
    assert shop.opened.sorted("select id, _source_row from raw.shop_returns") == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("alter amount type varchar using 'many'", "amount (VARCHAR, rows that hold no decimal(10,2): 1)"),
        (
            "alter amount type double precision using 2.555",
            "amount (DOUBLE, rows that hold no decimal(10,2): 1)",
        ),
        (
            "alter amount type numeric(20,2) using 1e12",
            "amount (DECIMAL(20,2), rows that hold no decimal(10,2): 1)",
        ),
        ("alter placed_at type varchar using 'soon'", "placed_at (VARCHAR, rows that hold no timestamp: 1)"),
        ("alter placed_at type bigint using 1", "placed_at (BIGINT, expected timestamp)"),
        ("drop column placed_at", "placed_at (timestamp)"),
    ],
)
def test_values_of_another_type_are_told(shop: Shop, change: str, problem: str) -> None:
    shop.opened.run(f"alter table ours.orders {change}")
    with pytest.raises(MissingColumnsError) as caught:
        shop.load(shop=OURS)
    assert caught.value.facts["problems"] == f"ours.orders.{problem}"
    assert shop.ask("select count(*) from information_schema.schemata where schema_name = 'raw'") == [(0,)]


def test_a_source_can_be_replaced_and_put_back(shop: Shop) -> None:
    shop.load()
    shop.load(shop=OURS)
    assert shop.ask("select id from raw.shop_orders") == [("7",)]
    shop.load()
    assert shop.ask("select id from raw.shop_orders") == [("1",)]
    assert not shop.load().changed


def test_what_is_published_reads_the_old_rows_until_the_new_ones_are(shop: Shop) -> None:
    shop.load()
    shop.opened.run("create view published as select amount from raw.shop_orders")
    for amount in ("7.00", "8.00"):
        shop.put("shop_orders", id="1", amount=Decimal(amount), placed_at=MOMENT, detail="{}", note="")
        load(shop.opened, shop.places, shop.sources(), replace=True)
        assert shop.ask("select amount from published") == [(Decimal("1.50"),)]
        assert shop.ask("select amount from raw.shop_orders") == [(Decimal(amount),)]
    shop.opened.run("create view anew as select amount from raw.shop_orders")
    with shop.opened.loading():
        drop_aside(shop.opened.session)
    assert shop.ask("select amount from anew") == [(Decimal("8.00"),)]
    assert shop.ask("select count(*) from information_schema.views where table_name = 'published'") == [(0,)]


def test_a_load_that_fails_or_is_killed_leaves_nothing(shop: Shop, postgres: Server) -> None:
    """Not even the tables that had been filled, nor a word in the books."""
    shop.load()
    before = {
        name: shop.ask(f"select * from raw.{name}") for name in ("shop_orders", "_dlt_loads", "_dlt_version")
    }
    shop.put("extra", id=1)
    table = pa.table({"id": ["ok", "not a\x00text"]})
    pq.write_table(table, shop.places.data / "shop_returns" / "a.parquet")
    with pytest.raises(SchemaConflictError):
        shop.load()
    assert {name: shop.ask(f"select * from raw.{name}") for name in before} == before
    assert "extra" not in shop.opened.target.relations("raw")
    shop.put("shop_returns", id="2")
    with pytest.raises(KeyboardInterrupt), shop.opened.loading() as target:  # noqa: PT012  # after the load
        Load(target, shop.places, shop.sources()).run()
        raise KeyboardInterrupt
    assert {name: shop.ask(f"select * from raw.{name}") for name in before} == before
    assert shop.load().rows == 2


def test_others_read_the_old_rows_while_a_load_is_going_on(shop: Shop) -> None:
    shop.load()
    url = shop.opened.url
    shop.put("shop_returns", id="2")
    with shop.opened.loading() as target:
        Load(target, shop.places, shop.sources()).run()
        assert rows(url, "select id from raw.shop_returns") == [("1",)]
    assert rows(url, "select id from raw.shop_returns") == [("2",)]


def test_a_role_without_rights_is_named(shop: Shop, postgres: Server) -> None:
    shop.load()
    shop.put("shop_returns", id="2")
    with open_session(shop, postgres) as guest, pytest.raises(BrewhouseError) as caught:
        load(guest, shop.places, shop.sources())
    assert isinstance(caught.value, PostgresRightsError), caught.value


def open_session(shop: Shop, postgres: Server) -> Any:
    """The same database, as a role that may read raw and change nothing."""
    import contextlib

    from brewhouse.load.on_postgres import PostgresTarget

    @contextlib.contextmanager
    def session() -> Iterator[Opened]:
        postgres.super("create role looker login password 'looks' in role pg_read_all_data")
        shop.opened.run(f"grant connect on database {shop.opened.database} to looker")
        url = postgres.login("looker", "looks", shop.opened.database)
        try:
            with contextlib.closing(connect(url, autocommit=False)) as made, duckdb.connect() as reader:
                yield Opened(PostgresTarget(url, made, reader), made, url)
        finally:
            shop.opened.run(f"revoke connect on database {shop.opened.database} from looker")
            postgres.super("drop role looker")

    return session()


def test_connectors_fill_the_same_tables(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stripe and HubSpot over real HTTP: everything, then nothing, then a change."""
    for name in ("BREWHOUSE_STRIPE_API_KEY", "BREWHOUSE_HUBSPOT_TOKEN"):
        monkeypatch.setenv(name, SECRET)
    other = open_duckdb(tmp_path / "warehouse.duckdb")
    with serving(Api(small.stripe() | small.hubspot())) as api:
        urls = {"stripe": f"{api.base_url}/v1", "hubspot": api.base_url}
        settings = {"sources": {name: {"kind": "dlt", "base_url": url} for name, url in urls.items()}}
        sources = project_sources(blueprints.folder("saas"), Settings.model_validate(settings))

        def fetch() -> list[LoadResult]:
            results = []
            for name, warehouse in (("one", other), ("two", opened)):
                places = Places(tmp_path / "data", tmp_path / name / "scratch", tmp_path / name / "state")
                results.append(load(warehouse, places, sources, *urls))
                clear_journals(places.state, results[-1].sources)
            assert digests(opened, "raw", "created_at") == digests(other, "raw", "created_at")
            return results

        first = fetch()
        assert first[0].tables == first[1].tables
        assert first[1].rows > 50
        assert not fetch()[1].changed
