"""Plans are kept under a key that changes with everything that they are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from brewhouse.transform.memo import UnitTestMemo, proof_key
from brewhouse.transform.plan import Node, Plan, Rule, plan_key, read_plan

NODE = Node("test.p.t", "t", "test", True, ("p", "t"), rule=Rule(limit=5), parents=("model.p.m",))
UNIT = Node("unit_test.p.u", "u", "unit_test", False, ("p", "u"), proof="abc")
COLUMNS = [["raw", "users", "id", "BIGINT"]]


def test_a_plan_reads_back_as_it_was_written(tmp_path: Path) -> None:
    plan = Plan("key", "files", "1.11", (NODE, UNIT), (("raw", "users"),))
    plan.dump(tmp_path / "deep" / "plan.json")
    assert read_plan(tmp_path / "deep" / "plan.json") == plan


@pytest.mark.parametrize("content", [None, "", "{", "[1]"])
def test_no_plan_is_read_from_what_is_none(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "plan.json"
    if content is not None:
        path.write_text(content)
    assert read_plan(path) is None


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_key_follows_the_environment_that_the_project_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "profiles.yml", "schema: \"{{ env_var('REGION', 'eu') }}\"")
    unset = plan_key(tmp_path, ())
    monkeypatch.setenv("REGION", "us")
    region = plan_key(tmp_path, ())
    monkeypatch.setenv("OTHER", "x")
    assert plan_key(tmp_path, ()) == region != unset
    monkeypatch.setenv("DBT_TARGET", "prod")
    assert plan_key(tmp_path, ()) != region


@pytest.mark.parametrize("path", ["models/logs/a.sql", "models/data/a.sql", ".dbtignore", "seeds/a.csv"])
def test_the_key_follows_every_file_that_dbt_reads(tmp_path: Path, path: str) -> None:
    write(tmp_path / path, "1")
    key = plan_key(tmp_path, ())
    write(tmp_path / path, "2")
    assert plan_key(tmp_path, ()) != key


def test_the_key_follows_a_package_outside_the_project(tmp_path: Path) -> None:
    write(tmp_path / "package" / "macros" / "m.sql", "1")
    link = tmp_path / "project" / "dbt_packages" / "package"
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "package")
    key = plan_key(tmp_path / "project", ())
    write(tmp_path / "package" / "macros" / "m.sql", "2")
    assert plan_key(tmp_path / "project", ()) != key


def test_the_key_follows_files_and_selection_but_not_what_is_made(tmp_path: Path) -> None:
    model = tmp_path / "models" / "a.sql"
    model.parent.mkdir()
    model.write_text("select 1")
    key = plan_key(tmp_path, ())
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "b.sql").write_text("select 2")
    (tmp_path / "report.html").write_text("x")
    assert plan_key(tmp_path, ()) == key
    assert plan_key(tmp_path, ("a",)) != key
    model.write_text("select 2")
    changed = plan_key(tmp_path, ())
    assert changed != key
    model.rename(tmp_path / "models" / "b.sql")
    assert plan_key(tmp_path, ()) not in (key, changed)


def test_a_pass_is_kept_for_the_same_test_and_columns_only(tmp_path: Path) -> None:
    memo = UnitTestMemo(tmp_path / "memo.json")
    assert memo.unproved([UNIT], COLUMNS) == [UNIT]
    memo.remember([proof_key(UNIT, COLUMNS)])
    again = UnitTestMemo(tmp_path / "memo.json")
    assert again.unproved([UNIT], COLUMNS) == []
    assert again.unproved([UNIT], [["raw", "users", "id", "VARCHAR"]]) == [UNIT]
    assert UnitTestMemo(tmp_path / "memo.json", fresh=True).unproved([UNIT], COLUMNS) == [UNIT]


def test_a_test_that_is_not_pure_is_never_kept(tmp_path: Path) -> None:
    node = Node("unit_test.p.v", "v", "unit_test", False, ("p", "v"))
    memo = UnitTestMemo(tmp_path / "memo.json")
    memo.remember([proof_key(node, COLUMNS)])
    assert memo.unproved([node], COLUMNS) == [node]
