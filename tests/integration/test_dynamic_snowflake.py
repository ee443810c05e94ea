"""The same models on Snowflake: what dbt-snowflake would send there, without an account.

dbt-snowflake is no dependency of ours: ``make test`` installs it beside, and its statements are recorded in the place
of the connection; everywhere, the configuration is held against the keys that it reads.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Place
from tests.support.dynamic_project import NAMES, make_project

PYTHON = Path(__file__).parents[2] / ".tools" / "snowflake" / "bin" / "python"
LEAVES = {"daily_business_metrics", "product_performance_metrics"}
THEIRS = {
    "target_lag", "snowflake_warehouse", "refresh_warehouse", "snowflake_initialization_warehouse", "refresh_mode",
    "initialize", "scheduler", "on_configuration_change", "cluster_by", "immutable_where", "transient",
    "copy_grants", "row_access_policy", "table_tag",
}  # fmt: skip
"""What dbt-snowflake 1.12 reads of a dynamic table."""
OURS = {"materialized", "schema", "meta"}

RECORDER = """
import json, sys
import snowflake.connector

SHOWN = {
    "show objects": ["database_name", "schema_name", "name", "kind", "is_dynamic", "is_iceberg"],
    "functions": ["catalog_name", "schema_name", "name", "is_builtin"],
}

class Cursor:
    rowcount, sfqid, sqlstate, description = 0, "0", "00000", []
    def execute(self, sql, *_, **__):
        names = next((names for what, names in SHOWN.items() if what in sql.lower()), [])
        self.description = [(name, 2) for name in names]
        with open(sys.argv[1], "a") as file:
            file.write(json.dumps(sql) + "\\n")
        return self
    def fetchall(self): return []
    def fetchone(self): return None
    def fetchmany(self, *_): return []
    def close(self): pass

class Connection:
    def __init__(self, **_): pass
    def cursor(self, *_, **__): return Cursor()
    def is_closed(self): return False
    def close(self): pass
    def commit(self): pass
    def rollback(self): pass

snowflake.connector.connect = Connection
from dbt.cli.main import dbtRunner
done = dbtRunner().invoke(["run", "--target", "snowflake", "--profiles-dir", "."])
sys.exit(0 if done.success else str(done.exception or done.result))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(make_project(tmp_path_factory.mktemp("snow") / "shop"))


def test_the_configuration_has_the_keys_of_dbt_snowflake(project: Place) -> None:
    listed = project.dbt("ls", "--profiles-dir", ".", "--resource-type", "model", "--output", "json",
                         "--output-keys", "name", "config", "--quiet")  # fmt: skip
    assert listed.code == 0, listed.out
    configs = {one["name"]: one["config"] for one in map(json.loads, listed.out.strip().splitlines())}
    assert set(configs) == set(NAMES)
    for name, config in configs.items():
        text = (project.root / "models" / "dynamic" / f"{name}.sql").read_text()
        given = set(re.findall(r"^    (\w+)=", text, re.MULTILINE))
        assert given <= THEIRS | OURS, f"{name}: {given - THEIRS - OURS} is read by nobody"
        assert config["materialized"] == "dynamic_table"
        assert config["target_lag"] == ("1 minute" if name in LEAVES else "DOWNSTREAM")
        assert config["snowflake_warehouse"] == "compute_wh"
        assert "current_" not in text, "Snowflake refreshes no clock by increments"
        assert "qualify" not in text, "PostgreSQL has none"


@pytest.mark.slow
@pytest.mark.skipif(not PYTHON.exists(), reason="make test installs dbt-snowflake")
def test_the_statements_for_snowflake(project: Place, tmp_path: Path) -> None:
    record = tmp_path / "statements.jsonl"
    done = subprocess.run(
        [PYTHON, "-c", RECORDER, str(record)],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    statements: list[Any] = [json.loads(line) for line in record.read_text().splitlines()]
    made = [
        " ".join(text.lower().split())
        for text in statements
        if "create dynamic table" in " ".join(text.lower().split())
    ]
    assert len(made) == len(NAMES)
    for name in NAMES:
        [text] = [one for one in made if re.search(rf"dynamic_tables\.{name}\b", one.split(" as ", 1)[0])]
        assert f"target_lag = '{'1 minute' if name in LEAVES else 'downstream'}'" in text
        assert "warehouse = compute_wh" in text
        assert "refresh_mode = auto" in text
        assert "initialize = on_create" in text
