"""The commerce blueprint on PostgreSQL: all tables of DuckDB, and marts that readers may read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from brewhouse.warehouse.postgres.access import READABLE
from brewhouse.warehouse.postgres.home import READER
from tests.conftest import Place
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
