"""Parity is right, and shown to be: each kind of drift in a built project is found with its code, and nothing else.

So recall and precision are 1, and clean relations give no alarm. Each kind alone, and kinds at random together.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brewhouse.parity.adapters.duckdb import DuckDB
from tests.conftest import Place
from tests.support import drift_columns  # noqa: F401  # enters its kinds
from tests.support.drift import KINDS, SILENT, Drift, kinds_of
from tests.support.drift_world import GUEST, Found, Plan, World, copy_to_postgres, make_world
from tests.support.parity import Bench, postgres_bench
from tests.support.postgres import Server


def check(world: World, planted: list[tuple[str, Drift]]) -> None:
    """Exactly what was planted is found: as many, with their codes, levels and places."""
    statements = [statement for _, drift in planted for statement in drift.statements]
    wanted: Counter[Found] = Counter(finding for _, drift in planted for finding in drift.findings)
    with world.planted(statements, breaks=any(drift.breaks for _, drift in planted)) as verdict:
        found: Counter[Found] = Counter(
            (one.code, one.level.word, one.relation.partition(".")[2], one.column) for one in verdict.findings
        )
    said = [name for name, _ in planted]
    assert not wanted - found, f"not found, of {said}: {wanted - found}"
    assert not found - wanted, f"false alarms, of {said}: {found - wanted}"


@pytest.fixture(scope="module")
def on_duckdb(built: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    file = tmp_path_factory.mktemp("drift") / "warehouse.duckdb"
    shutil.copyfile(built.warehouse.resolve(), file)
    with duckdb.connect(file) as connection:
        bench = Bench("duckdb", DuckDB(connection), connection, "warehouse")
        yield make_world(bench, _manifest(built), "warehouse", built.warehouse.resolve())


@pytest.fixture(scope="module")
def on_postgres(built: Place, postgres: Server) -> Iterator[World]:
    """The same relations and a few of their rows; a role asks that owns nothing, and may read all."""
    with postgres_bench(postgres) as bench:
        postgres.super(
            f"drop role if exists {GUEST}", f"create role {GUEST}", f'grant {GUEST} to "{_owner(bench)}"'
        )
        copy_to_postgres(built.warehouse, bench)
        for (schema,) in _rows(
            bench, "select distinct schemaname from pg_tables where schemaname !~ '^(pg_|info)'"
        ):
            bench.run(f'grant usage on schema "{schema}" to {GUEST}')
            bench.run(f'grant select on all tables in schema "{schema}" to {GUEST}')
        reader = Bench("postgres", type(bench.adapter)(bench.connection), bench.connection, bench.database)  # type: ignore[call-arg]
        yield make_world(reader, _manifest(built), bench.database)
    postgres.super(f"drop role {GUEST}")


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.getfixturevalue(f"on_{request.param}")
    return found


def _manifest(place: Place) -> dict[str, object]:
    content: dict[str, object] = json.loads(Path(place.root, "target", "manifest.json").read_text())
    return content


def _owner(bench: Bench) -> str:
    return str(_rows(bench, "select current_user")[0][0])


def _rows(bench: Bench, sql: str) -> list[tuple[object, ...]]:
    with bench.connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[object, ...]] = cursor.fetchall()
        return rows


def test_a_clean_warehouse_gives_no_alarm(world: World) -> None:
    check(world, [])
    with world.planted([]) as verdict:
        assert len(verdict.case.pairs) == len(world.expected.relations) == 24
        assert len(verdict.case.joined) >= 15
        assert (verdict.coverage, verdict.exit_code()) == (1.0, 0)


@pytest.mark.parametrize(
    ("world", "name"),
    [(engine, name) for engine in ("duckdb", "postgres") for name in kinds_of(engine)],
    indirect=["world"],
)
def test_each_kind_of_drift_is_found_and_nothing_else(world: World, name: str) -> None:
    planned = Plan(world, random.Random(name))
    drift = KINDS[name](planned)
    assert drift is not None, "there is a relation for it"
    assert drift.findings or name in SILENT or world.engine == "duckdb"
    check(world, [(name, drift)])


@given(names=st.data(), seed=st.integers(0, 2**32))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_kinds_of_drift_together_are_all_found_and_nothing_else(
    world: World, names: st.DataObject, seed: int
) -> None:
    kinds = sorted(kinds_of(world.engine))
    chosen = names.draw(st.lists(st.sampled_from(kinds), min_size=2, max_size=10))
    plan = Plan(world, random.Random(seed))
    check(world, [(name, drift) for name in chosen if (drift := KINDS[name](plan))])


def test_there_are_enough_kinds() -> None:
    for engine in ("duckdb", "postgres"):
        assert len(set(kinds_of(engine)) - SILENT) >= 40
