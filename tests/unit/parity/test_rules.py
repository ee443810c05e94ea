"""Each rule twice: it fires on its fault, and is silent beside it. Everything else stays silent both times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from brewhouse.parity import Level, Waiver
from brewhouse.parity.findings import RULES
from brewhouse.parity.match import Staleness
from tests.support.parity import Bench, Manifest, duckdb_bench

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
ORDERS = "create table main.orders (id integer, amount decimal(10, 2), note varchar)"


@pytest.fixture
def bench() -> Iterator[Bench]:
    with duckdb_bench() as opened:
        opened.run("create schema raw")
        yield opened


@dataclass(frozen=True)
class Pair:
    """A warehouse and a project in which a rule fires, and one beside it in which it is silent."""

    code: str
    name: str
    project: Callable[[Manifest], object]
    fires: tuple[str, ...]
    silent: tuple[str, ...]
    level: Level = Level.ERROR
    where: tuple[str, str] = ("memory.main.orders", "")
    options: dict[str, Any] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    """Codes that the silent side may have for another reason."""


def orders(**more: Any) -> Callable[[Manifest], object]:
    return lambda manifest: manifest.model("orders", **more)


def waiver(day: str, code: str = "P101") -> Waiver:
    return Waiver(code, "*.orders", "", "ada", "to be built", dt.date.fromisoformat(day))


def with_staging(manifest: Manifest) -> None:
    """orders reads a view, which reads a source; both ends have moments."""
    source = manifest.source("events", loaded_at_field="loaded_at")
    view = manifest.model("stg_events", materialized="view", parents=[source])
    manifest.model("orders", parents=[view], meta={"loaded_at_field": "built_at"})


def timed(built: str) -> tuple[str, ...]:
    return (
        "create table raw.events as select timestamp '2026-07-01 10:00' as loaded_at",
        "create view main.stg_events as select * from raw.events",
        f"create table main.orders as select timestamp '{built}' as built_at",
    )


def fresh(manifest: Manifest) -> None:
    limits = {"warn_after": {"count": 12, "period": "hour"}, "error_after": {"count": 1, "period": "day"}}
    manifest.source("events", loaded_at_field="loaded_at", freshness=limits)


def loaded(moment: str) -> tuple[str, ...]:
    return (f"create table raw.events as select timestamp '{moment}' as loaded_at",)


CONTRACT = {"id": "integer", "amount": "decimal(10,2)", "note": "varchar"}
AT = ("memory.raw.events", "")
VIEW = "create view main.orders as select 1 as id"

PAIRS = [
    Pair("P101", "a model that was never built", orders(), (), (ORDERS,)),
    Pair("P101", "a model under its alias", orders(alias="purchases"), (), ("create table Purchases (id integer)",),
         where=("memory.main.purchases", "")),
    Pair("P101", "a seed", orders(materialized="seed", resource="seed"), (), (ORDERS,)),
    Pair("P101", "two of the name elsewhere are no guess", orders(),
         ("create schema a", "create schema b", "create table a.orders (id integer)",
          "create table b.orders (id integer)"), (ORDERS,), also=frozenset({"P103"})),
    Pair("P102", "a table that nobody makes", orders(), (ORDERS, "create table main.old (id integer)"),
         (ORDERS, "create table main.orders__dbt_tmp (id integer)"), Level.WARNING, ("memory.main.old", "")),
    Pair("P103", "a table in a schema of others", orders(), (ORDERS, "create table raw.misc (id integer)"),
         (ORDERS, "create table raw._dlt_loads (id integer)"), Level.INFO, ("memory.raw.misc", "")),
    Pair("P104", "a table in another schema", orders(), ("create table raw.orders (id integer)",), (ORDERS,)),
    Pair("P105", "a view for a table", orders(), (VIEW,), (ORDERS,)),
    Pair("P105", "a table for a view", orders(materialized="view"), (ORDERS,), (VIEW,)),
    Pair("P106", "a table of an ephemeral model", orders(materialized="ephemeral"), (ORDERS,), (), Level.WARNING),
    Pair("P106", "a table of a disabled model", orders(enabled=False), (ORDERS,), (), Level.WARNING),
    Pair("P107", "a source that is not there", lambda manifest: manifest.source("events"), (),
         ("create view raw.events as select 1 as id",), where=AT),
    Pair("P201", "a column of a contract", orders(columns=CONTRACT, contract=True),
         (ORDERS, "alter table main.orders drop column note"), (ORDERS,), where=("memory.main.orders", "note")),
    Pair("P201", "a column of a source", lambda manifest: manifest.source("events", ["id"]),
         ("create table raw.events (other integer)",), ("create table raw.events (ID integer)",),
         where=("memory.raw.events", "id"), also=frozenset({"P202"})),
    Pair("P202", "a column that no contract has", orders(columns=CONTRACT, contract=True),
         (ORDERS, "alter table main.orders add column extra integer"), (ORDERS,),
         where=("memory.main.orders", "extra")),
    Pair("P202", "a column that is not documented", orders(columns=["id", "amount"]), (ORDERS,),
         (ORDERS, "alter table main.orders drop column note"), Level.INFO, ("memory.main.orders", "note")),
    Pair("P202", "what dbt adds to a snapshot", orders(columns=["id"], materialized="snapshot", resource="snapshot"),
         ("create table main.orders (id integer, dbt_valid_from timestamp, more integer)",),
         ("create table main.orders (id integer, dbt_valid_from timestamp)",), Level.INFO,
         ("memory.main.orders", "more")),
    Pair("P203", "another order than the contract's", orders(columns=CONTRACT, contract=True),
         ("create table main.orders (amount decimal(10, 2), id integer, note varchar)",), (ORDERS,)),
    Pair("P204", "a documented column that is not there", orders(columns=["id", "price"]),
         ("create table main.orders (id integer)",), ("create table main.orders (id integer, Price integer)",),
         Level.WARNING, ("memory.main.orders", "price")),
    Pair("P301", "text for a number", orders(columns=CONTRACT, contract=True),
         ("create table main.orders (id varchar, amount decimal(10, 2), note varchar)",), (ORDERS,),
         where=("memory.main.orders", "id")),
    Pair("P301", "a double for a decimal, without a contract", orders(columns={"amount": "numeric"}),
         ("create table main.orders (amount double)",), ("create table main.orders (amount decimal(30, 4))",),
         Level.WARNING, ("memory.main.orders", "amount")),
    Pair("P302", "fewer digits", orders(columns=CONTRACT, contract=True),
         ("create table main.orders (id integer, amount decimal(9, 2), note varchar)",), (ORDERS,),
         where=("memory.main.orders", "amount")),
    Pair("P302", "more bits", orders(columns={"id": "int"}), ("create table main.orders (id bigint)",),
         ("create table main.orders (id int4)",), Level.WARNING, ("memory.main.orders", "id")),
    Pair("P303", "more digits behind the point", orders(columns=CONTRACT, contract=True),
         ("create table main.orders (id integer, amount decimal(10, 3), note varchar)",), (ORDERS,),
         where=("memory.main.orders", "amount")),
    Pair("P305", "a zone that is not declared", orders(columns={"made_at": "timestamp"}),
         ("create table main.orders (made_at timestamptz)",), ("create table main.orders (made_at timestamp)",),
         Level.WARNING, ("memory.main.orders", "made_at")),
    Pair("P401", "a table without rows", orders(), (ORDERS,), (ORDERS, "insert into main.orders (id) values (1)"),
         Level.WARNING, options={"counts": True}),
    Pair("P402", "a view over what is gone", orders(materialized="view"),
         ("create table raw._dlt_t (id integer)", "create view main.orders as select * from raw._dlt_t",
          "drop table raw._dlt_t"), (VIEW,), options={"counts": True}),
    Pair("P501", "a table that is older than its source", with_staging, timed("2026-07-01 09:00"),
         timed("2026-07-01 10:00"), Level.WARNING, options={"freshness": True}),
    Pair("P502", "a source beyond error_after", fresh, loaded("2026-06-29 12:00"), loaded("2026-07-01 11:00"),
         where=AT, options={"freshness": True}),
    Pair("P502", "a source beyond warn_after", fresh, loaded("2026-06-30 18:00"), loaded("2026-07-01 00:00"),
         Level.WARNING, AT, {"freshness": True}),
    Pair("P903", "a waiver of yesterday", orders(), (ORDERS,), (ORDERS,), where=("*.orders", ""),
         options={"waivers": [waiver("2026-06-30")]}),
    Pair("P904", "a waiver that covers nothing", orders(), (ORDERS,), (ORDERS,), Level.INFO, ("*.orders", ""),
         {"waivers": [waiver("2026-07-01")]}),
    Pair("P902", "a file that was changed", orders(), (ORDERS,), (ORDERS,),
         where=("manifest.json", "models/orders.sql"),
         options={"staleness": Staleness(changed=("models/orders.sql",))}),
]  # fmt: skip
NOT_FOR_DUCKDB = {"P304", "P901"}
"""It keeps no length and has no roles: see the tests of the other engines."""
WITHOUT = {"P903": {}, "P904": {}, "P902": {"staleness": Staleness()}}
"""Where the fault lies in the options, the silent side has these."""


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.code} {pair.name}")
def test_a_rule_fires_on_its_fault_alone(pair: Pair, bench: Bench) -> None:
    manifest = bench.manifest()
    pair.project(manifest)
    bench.run(*pair.fires)
    verdict = bench.verdict(manifest, now=NOW, **pair.options)
    own = [one for one in verdict.findings if one.code == pair.code]
    assert [(one.level, (one.relation, one.column)) for one in own] == [(pair.level, pair.where)]
    assert {one.code for one in verdict.findings} - {pair.code} <= pair.also
    assert own[0].message
    assert own[0].expected
    assert own[0].found


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.code} {pair.name}")
def test_a_rule_is_silent_beside_its_fault(pair: Pair, bench: Bench) -> None:
    manifest = bench.manifest()
    pair.project(manifest)
    bench.run(*pair.silent)
    verdict = bench.verdict(manifest, now=NOW, **(WITHOUT.get(pair.code, pair.options)))
    assert {one.code for one in verdict.findings} <= pair.also


def test_every_rule_has_such_a_pair() -> None:
    assert {pair.code for pair in PAIRS} | NOT_FOR_DUCKDB == set(RULES)


def test_every_rule_says_what_why_and_how_to_mend() -> None:
    for code, rule in RULES.items():
        for part in ("what", "why", "mend"):
            assert len(rule.texts[part]) > 25, f"{code} says too little of {part}"


def test_a_tested_column_that_is_not_there_is_an_error(bench: Bench) -> None:
    manifest = bench.manifest()
    key = manifest.model("orders", ["id", "price"])
    manifest.test("not_null_orders_price", key, "price")
    bench.run("create table main.orders (id integer)")
    [finding] = bench.verdict(manifest).findings
    assert (finding.code, finding.level, finding.column) == ("P204", Level.ERROR, "price")
    assert "not_null_orders_price" in finding.message


@pytest.mark.parametrize(
    "more", [{}, {"contract": True, "materialized": "view"}], ids=["no contract", "a view"]
)
def test_only_a_table_under_contract_has_an_order(bench: Bench, more: dict[str, Any]) -> None:
    manifest = bench.manifest()
    manifest.model("orders", CONTRACT, **more)
    kind = "view" if more else "table"
    bench.run(f"create {kind} main.orders as select 'x' as note, 1.00::decimal(10, 2) as amount, 1 as id")
    assert not bench.verdict(manifest).findings


def test_a_custom_materialization_may_be_of_any_kind(bench: Bench) -> None:
    manifest = bench.manifest()
    manifest.model("orders", materialized="partitioned_by_us")
    bench.run(VIEW)
    assert not bench.verdict(manifest).findings


def test_stored_failures_of_tests_are_known(bench: Bench) -> None:
    manifest = bench.manifest()
    manifest.test("unique_orders_id", manifest.model("orders"), "id", stored=True)
    bench.run(ORDERS, "create schema audit", "create table audit.unique_orders_id (id integer)")
    verdict = bench.verdict(manifest)
    assert not verdict.findings
    assert verdict.case.tolerated == 1


def test_a_json_source_may_be_text_and_a_json_model_may_not(bench: Bench) -> None:
    manifest = bench.manifest()
    manifest.source("events", {"payload": "json"})
    manifest.model("orders", {"payload": "json"})
    bench.run("create table raw.events (payload varchar)", "create table main.orders (payload varchar)")
    assert [(one.code, one.node) for one in bench.verdict(manifest).findings] == [
        ("P301", "model.shop.orders")
    ]


def test_a_source_of_files_is_skipped_and_counted(bench: Bench) -> None:
    manifest = bench.manifest()
    key = manifest.source("events", meta={"external_location": "s3://bucket/events.parquet"})
    manifest.model("orders", parents=[key])
    bench.run(ORDERS)
    verdict = bench.verdict(manifest)
    assert not verdict.findings
    assert verdict.case.expected.skipped == {key: "files outside the warehouse"}


def test_a_waiver_covers_until_its_last_day(bench: Bench) -> None:
    manifest = bench.manifest()
    manifest.model("orders")
    bench.run("create table main.other (id integer)", "drop table main.other")
    bench.run("create table raw._dlt_loads (id integer)")
    kept = bench.verdict(manifest, now=NOW, waivers=[waiver("2026-07-01")])
    assert [(one.code, one.waiver is not None) for one in kept.findings] == [("P101", True)]
    assert kept.exit_code() == 0
    over = bench.verdict(manifest, now=NOW, waivers=[waiver("2026-06-30")])
    assert sorted((one.code, one.waiver is not None) for one in over.findings) == [
        ("P101", False),
        ("P903", False),
    ]
    assert over.exit_code() == 1


def test_a_selection_says_nothing_of_the_rest(bench: Bench) -> None:
    manifest = bench.manifest()
    manifest.model("orders", tags=["daily"])
    manifest.model("users")
    bench.run("create table main.old (id integer)")
    verdict = bench.verdict(manifest, select=["tag:daily"])
    assert [(one.code, one.node) for one in verdict.findings] == [("P101", "model.shop.orders")]


def test_nothing_visible_is_not_trusted(bench: Bench) -> None:
    manifest = bench.manifest()
    manifest.model("orders")
    verdict = bench.verdict(manifest)
    assert verdict.exit_code() == 2
    assert verdict.doubts == ("nothing is visible in the warehouse",)


def test_another_database_is_not_visible(bench: Bench) -> None:
    manifest = bench.manifest()
    manifest.model("orders", database="elsewhere")
    bench.run(ORDERS)
    verdict = bench.verdict(manifest)
    assert [one.code for one in verdict.findings] == ["P901", "P103"]
    assert (verdict.coverage, verdict.exit_code()) == (0.0, 2)
