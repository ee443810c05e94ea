"""A project with the dynamic models of commerce and nothing else, on a shop's raw tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from brewhouse import blueprints
from tests.support.shop import RAW, Row

MODELS = blueprints.folder("commerce") / "models" / "dynamic"
NAMES = (
    "enriched_orders", "enriched_order_items", "fact_orders", "fact_order_items", "daily_business_metrics",
    "product_performance_metrics",
)  # fmt: skip

_PROJECT = """
name: shop
version: "1.0"
config-version: 2
profile: shop
flags: {send_anonymous_usage_stats: false, require_generic_test_arguments_property: true}
"""
_PROFILES = """
shop:
  target: TARGET
  outputs:
    duckdb:
      type: duckdb
      path: "{{ env_var('BREWHOUSE_WAREHOUSE', 'warehouse.duckdb') }}"
      schema: main
      threads: 2
    postgres:
      type: postgres
      host: "{{ env_var('BREWHOUSE_PG_HOST', 'localhost') }}"
      port: "{{ env_var('BREWHOUSE_PG_PORT', '5432') | as_number }}"
      user: "{{ env_var('BREWHOUSE_PG_USER', '') }}"
      password: "{{ env_var('BREWHOUSE_PG_PASSWORD', '') }}"
      dbname: "{{ env_var('BREWHOUSE_PG_DBNAME', '') }}"
      sslmode: "{{ env_var('BREWHOUSE_PG_SSLMODE', 'prefer') }}"
      schema: main
      threads: 2
    snowflake:
      type: snowflake
      account: none
      user: nobody
      password: none
      database: shop
      warehouse: compute_wh
      schema: main
      threads: 1
"""
_SCHEMA_NAME = """
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
"""
_SOURCES = """
version: 2
sources:
  - name: raw
    schema: raw
    tables: [{name: orders}, {name: order_items}, {name: customers}, {name: products}]
"""


def make_project(root: Path, *, target: str = "duckdb") -> Path:
    """Write the project's files."""
    for name, text in {
        "dbt_project.yml": _PROJECT,
        "profiles.yml": _PROFILES.replace("TARGET", target),
        "macros/generate_schema_name.sql": _SCHEMA_NAME,
        "models/sources.yml": _SOURCES,
        "packages.yml": "packages:\n  - local: brewhouse_utils\n",
        "brewhouse.toml": f'blueprint = "sandbox"\ntarget = "{target}"\n',
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(MODELS, root / "models" / "dynamic")
    shutil.copytree(blueprints.folder(blueprints.SHARED_PACKAGE), root / blueprints.SHARED_PACKAGE)
    (root / "dbt_packages").mkdir()
    (root / "dbt_packages" / blueprints.SHARED_PACKAGE).symlink_to(Path("..") / blueprints.SHARED_PACKAGE)
    return root


def create_raw(table: str) -> str:
    """The statement that makes a raw table."""
    return f"create table raw.{table} ({', '.join(f'{name} {kind}' for name, kind in RAW[table].items())})"


def fill_file(path: Path, rows: Mapping[str, Iterable[Row]]) -> None:
    """A DuckDB file with the raw tables and rows."""
    with duckdb.connect(path) as connection:
        connection.execute("create schema raw")
        for table in RAW:
            connection.execute(create_raw(table))
            for row in rows.get(table, ()):
                marks = ", ".join("?" for _ in row)
                connection.execute(f"insert into raw.{table} values ({marks})", list(row))


def differing(ask: Callable[[str], list[tuple[Any, ...]]]) -> dict[str, int]:
    """Rows in which tables and their queries differ, either way; the queries are those on record."""
    found = {}
    for schema, name, query in ask("select schema_name, table_name, query from brewhouse_dynamic.tables"):
        table = f'"{schema}"."{name}"'
        for one, other in ((f"({query})", table), (table, f"({query})")):
            [(count,)] = ask(
                f"select count(*) from (select * from {one} as a except all select * from {other} as b) as d"
            )
            if count:
                found[name] = count
    return found
