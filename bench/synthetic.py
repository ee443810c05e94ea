"""A dbt project of trivial models and many tests, in which nothing but the tool can take time."""

from __future__ import annotations

from pathlib import Path

import duckdb

CHAINS = 10
MODELS_PER_CHAIN = 10
TESTS_PER_MODEL = 3
NODES = CHAINS * MODELS_PER_CHAIN * (1 + TESTS_PER_MODEL)

_PROJECT = """\
name: synthetic
version: "1.0"
profile: synthetic
flags:
  send_anonymous_usage_stats: false
  require_generic_test_arguments_property: true
"""
_PROFILES = """\
synthetic:
  target: duckdb
  outputs:
    duckdb:
      type: duckdb
      path: "{{ env_var('BREWHOUSE_WAREHOUSE', 'warehouse.duckdb') }}"
      schema: main
      threads: 2
"""
_TESTS = """\
  - name: {name}
    columns:
      - name: id
        data_tests: [not_null, unique]
      - name: kind
        data_tests:
          - accepted_values:
              arguments:
                values: [even, odd]
"""


def make_project(root: Path) -> None:
    """Ten chains of ten models, tables and views by turns, three data tests each; the warehouse is an empty file."""
    models = root / "models"
    models.mkdir(parents=True)
    (root / "dbt_project.yml").write_text(_PROJECT)
    (root / "profiles.yml").write_text(_PROFILES)
    (root / "brewhouse.toml").write_text('blueprint = "sandbox"\n')
    names = [_name(chain, step) for chain in range(CHAINS) for step in range(MODELS_PER_CHAIN)]
    (models / "models.yml").write_text("models:\n" + "".join(_TESTS.format(name=name) for name in names))
    for chain in range(CHAINS):
        for step in range(MODELS_PER_CHAIN):
            write_model(root, chain, step)
    duckdb.connect(root / "warehouse.duckdb").close()


def write_model(root: Path, chain: int, step: int, added: int = 1) -> None:
    """One model; another ``added`` makes it another text with as many rows."""
    kind = "table" if step % 2 else "view"
    config = f"{{{{ config(materialized='{kind}') }}}}\n\n"
    first = "select range as id, 0 as value, case when range % 2 = 0 then 'even' else 'odd' end as kind from range(10)"
    later = f"select id, value + {added} as value, kind from {{{{ ref('{_name(chain, step - 1)}') }}}}"
    (root / "models" / f"{_name(chain, step)}.sql").write_text(config + (later if step else first) + "\n")


def _name(chain: int, step: int) -> str:
    return f"chain_{chain}_step_{step}"
