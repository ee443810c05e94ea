"""The saas blueprint on PostgreSQL: all tables and answers of DuckDB, and quick look-ups for readers."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from brewhouse.warehouse.postgres.access import READABLE
from brewhouse.warehouse.postgres.home import READER
from scripts.questions import read_questions
from tests.conftest import Place
from tests.support.postgres import Server, refusal, rows
from tests.support.served import ServerPlace, content_on_duckdb, served

pytestmark = pytest.mark.exhaustive

SCHEMAS = {"raw", "truth", "staging", "facts", "intermediate", "entity", "mart", "quarantine", "audit"}
ENTITIES = {
    "campaigns": ("campaign_key", "daily", "performance_date"),
    "customers": ("account_id", "daily", "snapshot_date"),
    "devices": ("device_id", "hourly", "hour_timestamp"),
    "features": ("feature_name", "monthly", "month_start_date"),
    "locations": ("location_id", "weekly", "week_start_date"),
    "subscriptions": ("subscription_id", "monthly", "month_start_date"),
    "users": ("user_id", "weekly", "week_start_date"),
}
"""Key, grain and period of each entity."""


@pytest.fixture(scope="module")
def made(
    postgres: Server, built_saas: Place, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerPlace]:
    """The company of ``built_saas``, built on the server: all models, all data tests, all unit tests."""
    with served(postgres, tmp_path_factory.mktemp("saas") / "bar", "--blueprint", "saas") as place:
        shutil.copytree(built_saas.root / "data", place.place.root / "data")
        for command in ("load", "run"):
            outcome = place.brewhouse(command)
            assert outcome.code == 0, outcome.err + outcome.out
        yield place


@pytest.fixture
def reader(made: ServerPlace, postgres: Server) -> str:
    """The role ``readonly`` in the same database."""
    [(database,)] = made.ask("select current_database()")
    return postgres.url(READER, database)


def test_every_table_is_the_same_as_on_duckdb(made: ServerPlace, built_saas: Place) -> None:
    """See ``brewhouse.warehouse.fingerprint`` for what that is."""
    expected, found = content_on_duckdb(built_saas), made.content()
    assert {schema for schema, _ in expected} | {"audit"} == made.schemas() == SCHEMAS
    assert expected.keys() == found.keys()
    assert [name for name in expected if expected[name] != found[name]] == []
    assert sum(one.rows for one in expected.values()) > 1_000_000


def test_every_question_has_the_same_answer(made: ServerPlace, built_saas: Place, reader: str) -> None:
    """The same rows in the same order; whoever may only read can ask those that need no facts."""
    different = []
    for question in read_questions():
        schemas = {table.split(".")[0] for table in question.tables}
        url = reader if schemas <= set(READABLE) else made.url
        [(holds, row_count)] = rows(url, question.check)
        answer = rows(url, question.sql)
        if holds is not True or row_count == 0 or answer != built_saas.ask(question.sql):
            different.append(question.name)
    assert different == []


def test_entities_have_the_indexes_that_dashboards_need(made: ServerPlace) -> None:
    found = made.ask("select tablename, indexdef from pg_indexes where schemaname = 'entity'")
    expected = set()
    for entity, (key, grain, period) in ENTITIES.items():
        expected |= {
            (f"entity_{entity}", f"({key})"),
            (f"entity_{entity}_history", f"({key})"),
            (f"entity_{entity}_{grain}", f"({key}, {period})"),
            (f"entity_{entity}_{grain}", f"({period})"),
        }
    assert {(table, text.rpartition(" btree ")[2]) for table, text in found} == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("customers_daily", "account_id = {key}"),
        ("customers_daily", "snapshot_date >= date '2024-05-01' and snapshot_date < date '2024-06-01'"),
        ("users_weekly", "user_id = {key}"),
        ("users_weekly", "week_start_date = date '2026-05-04'"),
        ("devices_hourly", "device_id = {key}"),
        ("customers_history", "account_id = {key}"),
        ("customers", "account_id = {key}"),
    ],
)
def test_look_ups_use_them(made: ServerPlace, table: str, condition: str) -> None:
    """One customer's rows, or one period of all customers."""
    key = condition.split(maxsplit=1)[0]
    [(value,)] = made.ask(f"select min({key}) from entity.entity_{table}")
    query = f"select * from entity.entity_{table} where {condition.format(key=repr(value))}"
    plan = "\n".join(line for (line,) in made.ask(f"explain {query}"))
    assert re.search(rf"(using|on) entity_{table}_\w+_idx", plan)
    assert "Seq Scan" not in plan


def test_who_may_read_what(made: ServerPlace, reader: str) -> None:
    tables = made.ask(f"select schemaname, tablename from pg_tables where schemaname in {tuple(SCHEMAS)}")
    assert len(tables) > 150
    for schema, table in tables:
        said = refusal(reader, f'select 1 from "{schema}"."{table}" limit 1')
        assert said == ("" if schema in READABLE else f"permission denied for schema {schema}")
