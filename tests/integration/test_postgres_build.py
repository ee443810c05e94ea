"""Builds on PostgreSQL give what builds on DuckDB give, and readers see whole builds only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from brewhouse.warehouse.duckdb_engine import DuckDB
from brewhouse.warehouse.engine import Engine, quoted
from brewhouse.warehouse.fingerprint import column_fingerprints, fingerprint
from brewhouse.warehouse.postgres.connection import connect
from brewhouse.warehouse.postgres.engine import Postgres
from brewhouse.warehouse.postgres.kept import requalified
from brewhouse.warehouse.postgres.types import common_type
from brewhouse.warehouse.postgres.workspace import PostgresWorkspace
from brewhouse.warehouse.workspace import Scope
from tests.conftest import Place
from tests.integration.test_plain_dbt import dbt_statuses, our_statuses
from tests.support.postgres import Server, rows
from tests.support.served import Content, ServerPlace, content_on_duckdb, served


def without_audit(found: Content) -> Content:
    """Without stored failures: dbt keeps empty tables for tests that passed, and we do not."""
    return {name: one for name, one in found.items() if name[0] != "audit"}


@pytest.fixture(scope="module")
def made(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerPlace]:
    """A sandbox that ``run`` was typed in."""
    with served(postgres, tmp_path_factory.mktemp("served") / "bar") as place:
        outcome = place.brewhouse("run")
        assert outcome.code == 0, outcome.err + outcome.out
        yield place


def test_tables_are_the_same_as_on_duckdb(made: ServerPlace, built: Place) -> None:
    assert made.content() == content_on_duckdb(built)
    assert (made.place.root / "report.html").exists()
    assert made.schemas() == {"raw", "truth", "staging", "intermediate", "marts", "quarantine", "audit"}


def test_statuses_are_those_of_dbt(made: ServerPlace) -> None:
    """Plain dbt builds in place, in the published schemas."""
    ours = made.brewhouse("build", "--json", "--full-refresh")
    before = made.content()
    outcome = made.dbt("build")
    assert outcome.code == 0, outcome.out
    assert dbt_statuses(made.place) == our_statuses(ours.json)
    assert without_audit(made.content()) == without_audit(before)


def test_a_part_is_built_and_the_rest_stays(made: ServerPlace) -> None:
    before = made.content()
    outcome = made.brewhouse("build", "--select", "stg_users user_metrics")
    assert outcome.code == 0, outcome.err + outcome.out
    assert without_audit(made.content()) == without_audit(before)
    assert not [name for name in made.schemas() if "__" in name]


def test_what_is_no_model_is_taken_over(made: ServerPlace) -> None:
    """A user's own table and view in a schema that is built, and an index."""
    made.ask("create table marts.own as select 1 as n")
    made.ask("create index on marts.own (n)")
    made.ask("create view marts.own_view as select 'marts.own' as text, n from marts.own where n in (1)")
    assert made.brewhouse("build", "--quiet").code == 0
    assert made.ask("select text, n from marts.own_view") == [("marts.own", 1)]
    assert made.ask("select count(*) from pg_indexes where tablename = 'own' and schemaname = 'marts'") == [
        (1,)
    ]
    made.ask("drop table marts.own cascade")


def test_indexes_of_a_model(made: ServerPlace) -> None:
    path = "models/marts/user_metrics.sql"
    text = (made.place.root / path).read_text()
    made.place.change(
        path,
        text,
        "{{ config(indexes=brewhouse_utils.indexes(['user_id'], ['country_code', 'user_id'])) }}\n" + text,
    )
    try:
        assert made.brewhouse("build", "--quiet").code == 0
        found = made.ask("select indexdef from pg_indexes where schemaname = 'marts' order by 1")
        assert [row[0].rpartition(" USING ")[2] for row in found] == [
            "btree (country_code, user_id)",
            "btree (user_id)",
        ]
    finally:
        (made.place.root / path).write_text(text)


def test_a_failed_build_leaves_what_is_published_and_is_kept(made: ServerPlace) -> None:
    before = made.content()
    path, good = "models/marts/daily_summary.sql", "select * from daily_metrics"
    made.place.change(path, good, f"{good}\nunion all\n{good} where total_events > 5")
    try:
        outcome = made.brewhouse("build")
        assert outcome.code == 1
        assert "__failed" in outcome.err
        assert made.content() == before
        found = made.ask("select count(*), count(distinct report_date) from marts__failed.daily_summary")
        assert found[0][0] > found[0][1]
        assert made.content("__failed")["audit", "unique_daily_summary_report_date"].rows > 0
    finally:
        made.place.change(path, f"{good}\nunion all\n{good} where total_events > 5", good)
    assert made.brewhouse("build", "--quiet").code == 0
    assert made.content() == before


@pytest.mark.parametrize("delay", [0.1, 0.4, 0.7])
def test_killed_and_built_again(made: ServerPlace, delay: float) -> None:
    before = without_audit(made.content())
    process = subprocess.Popen(
        [sys.executable, "-m", "brewhouse", "build"],
        cwd=made.place.root, env=os.environ | made.env, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("build …"):
            break
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert without_audit(made.content()) == before
    assert made.brewhouse("build", "--quiet").code == 0
    assert without_audit(made.content()) == before
    assert not [name for name in made.schemas() if name.endswith("__next")]


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    with postgres.database() as name:
        yield postgres.url(database=name)


def publish(url: str, number: int, folder: Path) -> None:
    """A build of two schemas whose tables all hold ``number``."""
    workspace = PostgresWorkspace(url, folder)
    [(database,)] = workspace.engine.rows("select current_database()")
    built = {f"{schema}__next" for schema in ("a", "b")}
    relations = frozenset(quoted(database, schema, name) for schema in built for name in ("t", "v"))
    workspace.prepare(Scope(relations, frozenset(), frozenset(built)))
    for schema in sorted(built):
        workspace.engine.replace("table", quoted(schema, "t"), f"select {number} as n", None)
        workspace.engine.replace("view", quoted(schema, "v"), f"select * from {quoted(schema, 't')}", None)
    workspace.publish()


def test_no_query_sees_two_builds(url: str, tmp_path: Path) -> None:
    publish(url, 0, tmp_path)
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def read(query: str) -> None:
        with closing(connect(url)) as session, session.cursor() as cursor:
            while not done.is_set():
                cursor.execute(query)
                seen.extend(cursor.fetchall())

    queries = ("select x.n, y.n from a.v as x, b.t as y", "select (select n from a.t), (select n from b.v)")
    readers = [threading.Thread(target=read, args=(query,)) for query in queries]
    for reader in readers:
        reader.start()
    for number in range(1, 20):
        publish(url, number, tmp_path)
    done.set()
    for reader in readers:
        reader.join()
    assert len(seen) > 100
    assert len(set(seen)) > 5
    assert all(one == other for one, other in seen)


def test_a_reader_in_the_midst_of_a_transaction_does_not_hold_up_a_build(url: str, tmp_path: Path) -> None:
    publish(url, 1, tmp_path)
    with closing(connect(url, autocommit=False)) as session, session.cursor() as cursor:
        cursor.execute("declare rest cursor for select n from a.v")
        publish(url, 2, tmp_path)
        publish(url, 3, tmp_path)
        cursor.execute("fetch all from rest")
        assert cursor.fetchall() == [(1,)]
        cursor.execute("select n from a.v")
        assert cursor.fetchall() == [(3,)]
    publish(url, 4, tmp_path)
    assert rows(url, "select nspname from pg_namespace where nspname like '%\\_\\_%'") == []


def test_tables_are_made_without_nested_loops(url: str) -> None:
    """As create_and_analyze of brewhouse_utils has it for plain dbt; later queries may use them again."""
    setting = "select current_setting('enable_nestloop') as setting"
    with closing(Postgres(url)) as engine:
        engine.replace("table", "alone", setting, None)
        with engine.transaction():
            engine.replace("table", "within", setting, None)
        engine.replace("table", "within", setting, "table")
        passing = engine.temporary("passing", setting)
        for relation in ("alone", "within", passing):
            assert engine.rows(f"select setting from {relation}") == [("off",)]
        assert engine.rows(setting) == [("on",)]


def test_names_are_qualified_anew() -> None:
    query = """SELECT staging.n, 'staging.n', "staging"."N" FROM staging."x.y" z WHERE other.staging.n = '''staging.'"""
    assert requalified(query, {"staging": "staging__next"}) == (
        """SELECT "staging__next".n, 'staging.n', "staging__next"."N" FROM "staging__next"."x.y" z """
        """WHERE other.staging.n = '''staging.'"""
    )


VALUES = (
    "select cast(1 as integer) as i, cast(1.50 as decimal(18, 2)) as d, cast('x' as varchar(5)) as t, "
    "cast(null as varchar(5)) as e, true as b, date '2024-02-29' as day, "
    "timestamp '2024-02-29 12:00:00.5' as moment, cast(0.25 as double precision) as f"
)
CHANGES = ("i, 2", "d, 1.51", "t, 'y'", "e, ''", "b, false", "day, date '2024-03-01'", "f, 0.5",
           "moment, timestamp '2024-02-29 12:00:00.500001'", "t, null")  # fmt: skip


def test_fingerprints_are_equal_on_both_and_follow_each_value(url: str) -> None:
    with closing(duckdb.connect()) as connection:
        engines: list[Engine] = [DuckDB(lambda: connection), Postgres(url)]
        found = []
        for engine in engines:
            engine.run(f"create table one as {VALUES}")
            engine.run("create table two as select * from one union all select * from one")
            prints = [fingerprint(engine, "one"), fingerprint(engine, "two")]
            for change in CHANGES:
                column, value = change.split(", ")
                engine.run(f"update two set {column} = {value}")
                prints.append(fingerprint(engine, "two"))
                changed = column_fingerprints(engine, "two")[column]
                assert changed != fingerprint(engine, "one", leave_out=changed.columns)
            engine.run("alter table two alter column d type decimal(18, 4)")
            retyped = fingerprint(engine, "two")
            assert retyped.columns == prints[-1].columns
            assert retyped.types != prints[-1].types
            found.append((prints, retyped))
            engine.close()
    assert found[0] == found[1]
    assert len({(one.rows, one.sums) for one in found[0][0]}) == len(found[0][0])


@pytest.mark.parametrize(
    ("stored", "kind"),
    [("UBIGINT", "numeric(20,0)"), ("DECIMAL(9,2)", "numeric(9,2)"), ("UTINYINT", "smallint"), ("JSON", "jsonb"),
     ("TIMESTAMP_NS", "timestamp without time zone"), ("VARCHAR", "character varying(9)")],
)  # fmt: skip
def test_types_that_count_as_the_same(stored: str, kind: str) -> None:
    assert common_type(stored, "duckdb") == common_type(kind, "postgres")
    assert common_type(stored, "duckdb") not in {
        common_type("numeric", "postgres"),
        common_type("bigint", "postgres"),
    }
