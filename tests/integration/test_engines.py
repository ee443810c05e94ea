"""Each macro of brewhouse_utils gives the same values and the same types on DuckDB and on PostgreSQL."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import brewhouse.blueprints
from tests.conftest import typed
from tests.support.nasty import COLUMNS, raw_rows
from tests.support.postgres import Server

PROJECT = Path(__file__).parents[1] / "support" / "macros"
UTILS = Path(brewhouse.blueprints.__file__).parent / "brewhouse_utils"
MODELS = sorted(file.stem for file in (PROJECT / "models").glob("*.sql"))
TYPES = (
    "select column_name, data_type, numeric_precision, numeric_scale from information_schema.columns"
    " where table_schema = 'made' and table_name = '{}' order by ordinal_position"
)
POSTGRES_NAMES = {
    "text": "VARCHAR",
    "character varying": "VARCHAR",
    "timestamp without time zone": "TIMESTAMP",
}
"""What DuckDB calls the types."""

Made = dict[str, tuple[list[tuple[str, str]], Counter[tuple[Any, ...]]]]
"""The columns with their types, and the rows, by model."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("engines") / "macros"
    shutil.copytree(PROJECT, root)
    shutil.copytree(UTILS, root / "dbt_packages" / "brewhouse_utils")
    return root


@pytest.fixture(scope="module")
def on_duckdb(project: Path) -> Made:
    warehouse = project / "warehouse.duckdb"
    with duckdb.connect(warehouse) as connection:
        connection.execute("create schema raw")
        for name, rows in raw_rows().items():
            connection.execute(f"create table raw.{name} ({COLUMNS[name]})")
            places = ", ".join(f"${n + 1}" for n in range(len(rows[0])))
            connection.executemany(f"insert into raw.{name} values ({places})", rows)
    run(project, "duckdb", {"MACROS_WAREHOUSE": str(warehouse)})
    with duckdb.connect(warehouse, read_only=True) as connection:
        return {
            model: (
                [(column, kind) for column, kind, *_ in connection.execute(TYPES.format(model)).fetchall()],
                Counter(canonical(connection.execute(f"select * from made.{model}").fetchall())),
            )
            for model in MODELS
        }


@pytest.fixture(scope="module")
def on_postgres(project: Path, postgres: Server) -> Made:
    from brewhouse.warehouse.postgres.connection import connect, environment

    with postgres.database() as name:
        url = postgres.url(database=name)
        with contextlib.closing(connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute("create schema raw")
            for table, rows in raw_rows().items():
                cursor.execute(f"create table raw.{table} ({COLUMNS[table]})")
                places = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"insert into raw.{table} values ({places})", rows)
            run(project, "postgres", environment(url))
            made: Made = {}
            for model in MODELS:
                cursor.execute(TYPES.format(model))
                types = [(column, type_name(*facts)) for column, *facts in cursor.fetchall()]
                cursor.execute(f"select * from made.{model}")
                made[model] = (types, Counter(canonical(cursor.fetchall())))
            return made


def run(project: Path, target: str, variables: dict[str, str]) -> None:
    """Make all models."""
    dbt = Path(sys.executable).with_name("dbt")
    place = ("--project-dir", ".", "--profiles-dir", ".", "--target-path", f"target-{target}")
    done = typed(str(dbt), "run", "--target", target, *place, cwd=project, env=variables)
    assert done.code == 0, done.out


def type_name(kind: str, precision: int | None, scale: int | None) -> str:
    """A type of PostgreSQL as DuckDB calls it."""
    if kind == "numeric":
        return f"DECIMAL({precision},{scale})" if precision else "numeric without precision"
    return POSTGRES_NAMES.get(kind, kind.upper())


def canonical(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows that are equal if their values are: 1 is not true, 1.50 is 1.5 of the same type."""
    return [
        tuple((type(v).__name__, v.normalize() if isinstance(v, Decimal) else v) for v in row) for row in rows
    ]


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_macros_agree(model: str, on_duckdb: Made, on_postgres: Made) -> None:
    types, rows = on_duckdb[model]
    other_types, other_rows = on_postgres[model]
    assert other_types == types
    assert rows, f"{model} is empty and shows nothing"
    assert other_rows - rows == Counter()
    assert rows - other_rows == Counter()
