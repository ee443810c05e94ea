"""The commerce blueprint on PostgreSQL: all tables of DuckDB, and marts that readers may read."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from brewhouse.warehouse.engine import quoted
from brewhouse.warehouse.postgres.access import READABLE
from brewhouse.warehouse.postgres.home import READER
from tests.conftest import Place
from tests.integration.test_dynamic_kill import wait_for
from tests.integration.test_mistakes import is_clear
from tests.integration.test_stream import NUMBERS, assert_no_gap, start
from tests.support.dynamic_project import differing
from tests.support.postgres import Server, refusal
from tests.support.served import ServerPlace, content_on_duckdb, served

OURS = {"audit", "brewhouse_dynamic"}
SCHEMAS = {"raw", "truth", "staging", "intermediate", "analytics", "dynamic_tables", "quarantine"} | OURS


@pytest.fixture(scope="module")
def made(
    postgres: Server, built_commerce: Place, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerPlace]:
    """The shop of ``built_commerce``, built on the server: all models, all data tests, all unit tests."""
    with served(postgres, tmp_path_factory.mktemp("commerce") / "bar", "--blueprint", "commerce") as place:
        shutil.copytree(built_commerce.root / "data", place.place.root / "data")
        outcome = place.brewhouse("run")
        assert outcome.code == 0, outcome.err + outcome.out
        yield place


def test_every_table_is_the_same_as_on_duckdb(made: ServerPlace, built_commerce: Place) -> None:
    """See ``brewhouse.warehouse.fingerprint`` for what that is."""
    expected, found = content_on_duckdb(built_commerce), made.content()
    assert {schema for schema, _ in expected} | OURS == made.schemas() == SCHEMAS
    assert expected.keys() == found.keys()
    assert [name for name in expected if expected[name] != found[name]] == []
    assert sum(one.rows for one in expected.values()) > 100_000


def test_readers_see_the_marts_and_nothing_else(made: ServerPlace, postgres: Server) -> None:
    [(database,)] = made.ask("select current_database()")
    tables = made.ask(f"select schemaname, tablename from pg_tables where schemaname in {tuple(SCHEMAS)}")
    assert len(tables) > 20
    for schema, table in tables:
        said = refusal(postgres.url(READER, database), f'select 1 from "{schema}"."{table}" limit 1')
        assert said == ("" if schema in READABLE else f"permission denied for schema {schema}")


@pytest.fixture
def shop(made: ServerPlace, postgres: Server) -> Iterator[ServerPlace]:
    """The same shop in a database of its own, whose name stands in the queries that dbt has compiled."""
    [(database,)] = made.ask("select current_database()")
    with postgres.database(template=database) as name:
        copy = ServerPlace(made.place, postgres.url(database=name))
        renamed = f"replace(query, '{quoted(database)}.', '{quoted(name)}.')"
        copy.ask(f"update brewhouse_dynamic.tables set query = {renamed}")
        yield copy


@pytest.mark.slow
def test_a_stream_goes_into_the_tables(shop: ServerPlace) -> None:
    """Killed and resumed, nothing is missing or there twice; one at a time; beside a load; a session that is lost."""
    with start(shop.place.root, "200", env=shop.env) as process:
        wait_for(lambda: len(shop.ask(NUMBERS)) > 200)
        is_clear(shop.brewhouse("simulate", "--stream", "1"), "BH301", "another stream", exit_code=3)
        process.kill()
    with start(shop.place.root, "30", env=shop.env) as process:
        there = _last_of_two(shop, process) + 1
        shop.ask("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (3, "")
    told = json.loads(out.splitlines()[-1])["error"]
    assert (told["code"], told["facts"]["command"]) == ("BH311", "brewhouse simulate --stream 30")
    assert_no_gap(shop.ask(NUMBERS), there)
    streamed = "from raw.{} where _source_file like '{}/stream-%' and _dlt_load_id = 'stream'"
    true = {"orders": there, "order_items": 4 * there}
    for table, least in true.items():
        [(count, places)] = shop.ask(
            f"select count(*), count(distinct (_source_file, _source_row)) {streamed.format(table, table)}"
        )
        assert count == places > 0.9 * least
    assert shop.brewhouse("refresh").code == 0
    assert differing(shop.ask) == {}
    [(day,)] = shop.ask(
        "select total_orders from dynamic_tables.daily_business_metrics where order_date_only = '2026-07-01'"
    )
    assert 0.95 * there < day <= there


def _last_of_two(shop: ServerPlace, process: subprocess.Popen[str]) -> int:
    """The number with which the second batch ends; the first waits for whoever replaces a table and wants another."""
    with closing(psycopg2.connect(shop.url)) as load, load.cursor() as cursor:
        cursor.execute("lock table raw.order_items in access exclusive mode")
        waits = "select count(*) from pg_locks where not granted and mode = 'RowExclusiveLock'"
        wait_for(lambda: shop.ask(waits) == [(1,)])
        cursor.execute("lock table truth.orders, raw.orders in access exclusive mode")
        assert len(shop.ask("select 1 from pg_locks where mode = 'AccessExclusiveLock' and granted")) >= 3
        load.rollback()
    assert process.stdout is not None
    return [int(json.loads(process.stdout.readline())["last"]) for _ in range(2)][-1]
