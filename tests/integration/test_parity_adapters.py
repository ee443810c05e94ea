"""One contract for all engines: the same warehouse, told in each one's way, gives the same answers."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import psycopg2.errors
import pytest

from brewhouse.errors import BrewhouseError, CatalogueRightsError
from brewhouse.parity import Verdict, compare
from brewhouse.parity.adapters.base import Adapter, Moment
from brewhouse.parity.adapters.duckdb import open_duckdb
from brewhouse.parity.adapters.postgres import Postgres, open_postgres
from brewhouse.parity.names import Key
from brewhouse.parity.observe import observe
from brewhouse.parity.observed import Observed
from brewhouse.warehouse.postgres.connection import connect
from brewhouse.warehouse.postgres.home import READER, SUPERUSER
from tests.support.parity import Bench, Manifest, duckdb_bench, postgres_bench
from tests.support.postgres import Server, rows
from tests.support.recorded_snowflake import CODE, INTEGER, MOMENT, MONEY, TEXT, ZONED, Recorded

WAREHOUSE = (
    "create schema marts",
    "create schema raw",
    (
        "create table marts.orders (id bigint, amount numeric(10, 2), note varchar, code varchar(3), "
        "made_at timestamp, sent_at timestamp with time zone)"
    ),
    "insert into marts.orders (id, made_at) values (1, '2026-06-30 12:00:00'), (2, '2026-06-29 12:00:00')",
    'create table marts."Mixed Case" ("Id" bigint)',
    "create view marts.open_orders as select id from marts.orders",
    "create table raw.events (id bigint)",
)


@dataclass
class Told:
    """The warehouse by one engine."""

    engine: str
    adapter: Adapter
    database: str
    upper: bool = False

    def name(self, text: str) -> str:
        return text.upper() if self.upper else text

    def key(self, schema: str, name: str) -> Key:
        return Key(
            self.database, self.name(schema), name if " " in name and not self._folds else self.fold(name)
        )

    @property
    def _folds(self) -> bool:
        return self.engine == "duckdb"

    def fold(self, text: str) -> str:
        return text.lower() if self._folds else self.name(text)

    def manifest(self) -> Manifest:
        return Manifest(database=self.database, adapter=self.engine, schema="marts", quotes=not self.upper)

    def verdict(self, manifest: Manifest, **more: Any) -> Verdict:
        return compare(manifest.content(), self.adapter, **more)

    def quoted(self, schema: str, name: str) -> str:
        return self.adapter.dialect.quoted(self.database, self.name(schema), self.name(name))


def recorded() -> Recorded:
    warehouse = Recorded()
    shapes = {
        "ID": INTEGER, "AMOUNT": MONEY, "NOTE": TEXT, "CODE": CODE, "MADE_AT": MOMENT, "SENT_AT": ZONED,
    }  # fmt: skip
    warehouse.add("MARTS", "ORDERS", shapes, rows=2)
    warehouse.moments['"ANALYTICS"."MARTS"."ORDERS"'] = dt.datetime(2026, 6, 30, 12)  # noqa: DTZ001  # TIMESTAMP_NTZ
    warehouse.add("MARTS", "Mixed Case", {"Id": INTEGER}, rows=0)
    warehouse.add("MARTS", "OPEN_ORDERS", {"ID": INTEGER}, kind="VIEW", rows=2)
    warehouse.add("RAW", "EVENTS", {"ID": INTEGER}, rows=0)
    return warehouse


@pytest.fixture(params=["duckdb", "postgres", "snowflake"])
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    if request.param == "duckdb":
        with duckdb_bench() as bench:
            bench.run(*WAREHOUSE)
            yield Told("duckdb", bench.adapter, "memory")
    elif request.param == "postgres":
        server: Server = request.getfixturevalue("postgres")
        with postgres_bench(server) as bench:
            bench.run(*WAREHOUSE)
            yield Told("postgres", bench.adapter, bench.database)
    else:
        yield Told("snowflake", recorded().adapter, "ANALYTICS", upper=True)


@pytest.fixture
def observed(told: Told) -> Observed:
    return observe(told.adapter)


def test_all_relations_and_their_kinds_and_no_others(told: Told, observed: Observed) -> None:
    kinds = {
        (one.schema, one.name): one.kind for one in observed.relations.values() if one.schema != "public"
    }
    assert kinds == {
        (told.name("marts"), told.name("orders")): "table",
        (told.name("marts"), "Mixed Case"): "table",
        (told.name("marts"), told.name("open_orders")): "view",
        (told.name("raw"), told.name("events")): "table",
    }


def test_columns_come_in_their_order(told: Told, observed: Observed) -> None:
    columns = observed.relations[told.key("marts", "orders")].columns
    names = ("id", "amount", "note", "code", "made_at", "sent_at")
    assert [column.name for column in columns] == [told.name(name) for name in names]


def test_types_mean_the_same(told: Told, observed: Observed) -> None:
    relation = observed.relations[told.key("marts", "orders")]
    found = {column.name.lower(): told.adapter.dialect.found(column.data_type) for column in relation.columns}
    assert found["id"].family == ("decimal" if told.upper else "integer")
    amount = found["amount"]
    assert (amount.family, amount.precision, amount.scale) == ("decimal", 10, 2)
    assert (found["note"].family, found["code"].family) == ("text", "text")
    assert (found["made_at"].family, found["made_at"].zone) == ("timestamp", False)
    assert (found["sent_at"].family, found["sent_at"].zone) == ("timestamp", True)


def test_the_same_project_is_clean_on_each(told: Told) -> None:
    manifest = told.manifest()
    types = {"id": "bigint", "amount": "numeric(10,2)", "note": "varchar", "code": "varchar(3)",
             "made_at": "timestamp", "sent_at": "timestamptz"}  # fmt: skip
    manifest.model("orders", types, contract=True)
    manifest.model("open_orders", ["id"], materialized="view")
    manifest.source("events", {"id": "bigint"})
    mixed = manifest.model("mixed", ["Id"], alias="Mixed Case", quote=["Id"])
    manifest.nodes[mixed]["relation_name"] = f'{told.database}.marts."Mixed Case"'
    assert not told.verdict(manifest).findings


def test_another_case_is_another_name_or_the_same_as_the_engine_has_it(told: Told) -> None:
    """In quotes, ``ORDERS`` is ``orders`` on DuckDB alone; without them, on each."""
    manifest = told.manifest()
    key = manifest.model("orders", ["ID"])
    other = told.name("orders").swapcase()
    manifest.nodes[key]["relation_name"] = told.adapter.dialect.quoted(
        told.database, told.name("marts"), other
    )
    codes = {one.code for one in told.verdict(manifest).findings if one.node}
    assert codes == (set() if told.engine == "duckdb" else {"P101"}) | (
        {"P202"} if told.engine == "duckdb" else set()
    )
    manifest.nodes[key]["relation_name"] = f"{told.database}.marts.OrDers"
    codes = {one.code for one in told.verdict(manifest).findings if one.node}
    assert codes == {"P202"}, "the name fits, and five columns are not declared"


def test_a_missing_relation_and_an_orphan(told: Told) -> None:
    manifest = told.manifest()
    manifest.model("orders")
    manifest.model("customers")
    found = sorted((one.code, one.relation.split(".")[-1].lower()) for one in told.verdict(manifest).findings)
    assert found == [
        ("P101", "customers"),
        ("P102", "mixed case"),
        ("P102", "open_orders"),
        ("P103", "events"),
    ]


def test_rows_are_counted_by_one_query_and_one_bad_view_spoils_no_other(told: Told) -> None:
    keys = {
        told.key("marts", "orders"): told.quoted("marts", "orders"),
        told.key("raw", "events"): told.quoted("raw", "events"),
    }
    rows, problems = told.adapter.counts(keys)
    assert (sorted(rows.values()), problems) == ([0, 2], {})
    gone = Key("x", "y", "z")
    rows, problems = told.adapter.counts({**keys, gone: told.quoted("marts", "gone")})
    assert sorted(rows.values()) == [0, 2]
    assert list(problems) == [gone]


def test_the_newest_row_has_a_moment_in_utc(told: Told) -> None:
    key = told.key("marts", "orders")
    latest, problems = told.adapter.latest([Moment(key, told.quoted("marts", "orders"), "made_at")])
    assert problems == {}
    assert latest == {key: dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)}


def test_sight_names_the_database_and_its_schemas(told: Told) -> None:
    sight = told.adapter.sight()
    assert told.database in sight.databases
    assert {(told.database, told.name("marts")), (told.database, told.name("raw"))} <= sight.schemas
    assert sight.now.tzinfo is dt.UTC


# --- what one engine has and the others have not ------------------------------------------------------------


def test_snowflake_tells_hidden_from_absent() -> None:
    """A schema that is not listed may be there: its models are not visible, those of a listed one are missing."""
    manifest = Manifest(database="ANALYTICS", adapter="snowflake", schema="marts", quotes=False)
    manifest.model("customers")
    manifest.model("salaries", schema="hr")
    verdict = compare(manifest.content(), recorded().adapter)
    found = [(one.code, one.node) for one in verdict.findings if one.node]
    assert found == [("P101", "model.shop.customers"), ("P901", "model.shop.salaries")]
    assert (verdict.coverage, verdict.exit_code()) == (0.5, 2)
    assert compare(manifest.content(), recorded().adapter, min_coverage=0.5).exit_code() == 1


def test_snowflake_is_asked_four_times_and_never_by_relation() -> None:
    warehouse = recorded()
    observe(warehouse.adapter)
    assert len(warehouse.asked) == 4


def test_snowflake_knows_when_a_table_was_altered() -> None:
    manifest = Manifest(database="ANALYTICS", adapter="snowflake", schema="marts", quotes=False)
    source = manifest.source("events")
    manifest.model("orders", parents=[source])
    warehouse = recorded()
    older = [(*row[:5], row[5] - dt.timedelta(hours=row[2] == "ORDERS")) for row in warehouse.tables]
    warehouse.tables = older
    verdict = compare(manifest.content(), warehouse.adapter, freshness=True)
    assert [one.code for one in verdict.findings if one.node] == ["P501"]


def test_snowflake_varchar_without_a_length_has_no_limit() -> None:
    manifest = Manifest(database="ANALYTICS", adapter="snowflake", schema="marts", quotes=False)
    manifest.model(
        "orders",
        {"note": "varchar(100)", "code": "varchar", "amount": "number(12,2)", "sent_at": "timestamp"},
    )
    verdict = compare(manifest.content(), recorded().adapter)
    assert [(one.code, one.column) for one in verdict.findings if one.code.startswith("P3")] == [
        ("P302", "AMOUNT"), ("P304", "NOTE"),
    ]  # fmt: skip


@pytest.fixture
def server_bench(postgres: Server) -> Iterator[Bench]:
    with postgres_bench(postgres) as bench:
        yield bench


def test_postgres_keeps_lengths(server_bench: Bench) -> None:
    manifest = server_bench.manifest()
    manifest.model(
        "t", {"a": "varchar(5)", "b": "varchar", "c": "numeric(10,2)", "d": "text"}, schema="public"
    )
    server_bench.run("create table public.t (a varchar(9), b varchar(9), c numeric, d text)")
    codes = [(one.code, one.column, one.found) for one in server_bench.verdict(manifest).findings]
    assert codes == [
        ("P302", "c", "numeric"), ("P303", "c", "numeric"), ("P304", "a", "character varying(9)"),
    ]  # fmt: skip


def test_postgres_says_what_a_role_may_not_read(postgres: Server) -> None:
    with postgres.database() as name:
        owner, reader = postgres.url(database=name), postgres.url(READER, name)
        rows(
            owner,
            "create schema marts; create table marts.orders (id integer); create table marts.open (id integer);"
            f"grant usage on schema marts to {READER}; grant select on marts.open to {READER}",
        )
        manifest = Manifest(database=name, adapter="postgres", schema="marts")
        manifest.model("orders", {"id": "integer"})
        manifest.model("open", {"id": "integer"})
        shape = compare(manifest.content(), reader)
        assert [(one.code, one.level.word, one.node) for one in shape.findings] == [
            ("P901", "info", "model.shop.orders")
        ]
        assert (shape.coverage, shape.exit_code()) == (1.0, 0)
        counted = compare(manifest.content(), reader, counts=True)
        assert [(one.code, one.level.word) for one in counted.findings] == [
            ("P901", "error"),
            ("P401", "warning"),
        ]
        assert (counted.coverage, counted.exit_code()) == (0.5, 2)


def test_postgres_sees_foreign_partitioned_and_materialized(server_bench: Bench) -> None:
    manifest = server_bench.manifest()
    for name, kind in (("parts", "table"), ("summary", "materialized_view")):
        manifest.model(name, schema="public", materialized=kind)
    server_bench.run(
        "create table public.parts (day date) partition by range (day)",
        "create materialized view public.summary as select 1 as id",
        "create temporary table scratch (id integer)",
    )
    assert not server_bench.verdict(manifest).findings


def test_nothing_can_be_written_through_parity(server_bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "shop.duckdb"
    duckdb.connect(file).close()
    with open_duckdb({"shop": file}) as files, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        files._ask("create table shop.main.t (id integer)")
    with open_postgres(server_bench.url) as server, pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        server._ask("create table t (id integer)")


def test_structure_is_asked_by_two_queries_whatever_the_number_of_relations(server_bench: Bench) -> None:
    server_bench.run(*(f"create table public.t{number} (id integer)" for number in range(50)))
    asked: list[str] = []

    class Counting(Postgres):
        def _ask(self, sql: str) -> list[tuple[Any, ...]]:
            asked.append(sql)
            return super()._ask(sql)

    with contextlib.closing(connect(server_bench.url, read_only=True)) as session:
        assert len(observe(Counting(session)).relations) == 50
    assert len(asked) == 4, "who asks, which schemas, all relations, all columns"


def test_a_role_that_may_not_read_the_catalogue_is_told_so(postgres: Server) -> None:
    with postgres.database() as name:
        rows(postgres.url(SUPERUSER, name), "revoke select on pg_catalog.pg_class from public")
        manifest = Manifest(database=name, adapter="postgres")
        manifest.model("orders")
        with pytest.raises(CatalogueRightsError, match="permission denied for table pg_class"):
            compare(manifest.content(), postgres.url(READER, name))


def test_a_connection_that_is_lost_is_one_message(postgres: Server) -> None:
    def lose(name: str) -> None:
        with open_postgres(postgres.url(database=name)) as server:
            end = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
            rows(postgres.url(SUPERUSER, "postgres"), end)
            observe(server)

    with postgres.database() as name:
        with pytest.raises(BrewhouseError) as caught:
            lose(name)
        assert caught.value.code in ("BH311", "BH314")
