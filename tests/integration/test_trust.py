"""Nothing is published that was not built from the files as they are, or not tested."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import Place


def model(place: Place, name: str, value: object, config: str = "materialized='table'") -> None:
    text = "{{ config(" + config + ") }}\nselect " + str(value) + " as v\n"
    (place.root / "models" / "marts" / f"{name}.sql").write_text(text)


def test_an_edit_while_dbt_compiles_does_not_poison_the_kept_plans(place: Place, tmp_path: Path) -> None:
    env = {"BREWHOUSE_CACHE_DIR": str(tmp_path / "cache")}
    model(place, "a", 1)
    with subprocess.Popen(
        [sys.executable, "-m", "brewhouse", "build", "--quiet"],
        cwd=place.root,
        env=os.environ | env,
    ) as build:
        log = place.root / ".brewhouse" / "dbt"
        while not log.exists():
            time.sleep(0.01)
        time.sleep(1.5)  # dbt is reading now, or about to
        model(place, "a", 99)
        assert build.wait() == 0
    assert place.ask("select v from marts.a") in ([(1,)], [(99,)])
    for value in (1, 99):
        model(place, "a", value)
        assert place.brewhouse("build", "--quiet", env=env).code == 0
        assert place.ask("select v from marts.a") == [(value,)]


def test_a_fail_calc_without_a_number_is_an_error_as_in_dbt(place: Place) -> None:
    test = "{{ config(fail_calc='sum(v)') }}\nselect user_id as v from {{ ref('user_metrics') }} where user_id < 0\n"
    (place.root / "tests" / "nothing_to_sum.sql").write_text(test)
    outcome = place.brewhouse("build", "--json")
    assert outcome.code == 1
    assert "nothing_to_sum" in outcome.json["error"]["message"]
    assert place.dbt("build", "--select", "nothing_to_sum").code != 0


def test_warnings_are_errors_where_the_project_says_so(place: Place) -> None:
    place.change("dbt_project.yml", "flags:\n", "flags:\n  warn_error: true\n")
    outcome = place.brewhouse("build", "--json")
    assert outcome.code == 1
    assert place.dbt("build").code == 1


def test_a_failing_hook_fails_the_build(place: Place) -> None:
    with (place.root / "dbt_project.yml").open("a") as file:
        file.write("\non-run-end: select no_such_column\n")
    assert place.brewhouse("build", "--quiet").code != 0


def test_models_with_hooks_are_dbts_and_follow_their_file(place: Place) -> None:
    for value in (1, 2, 1):
        model(place, "hooked", value, "materialized='table', pre_hook='select 1'")
        outcome = place.brewhouse("build", "--select", "hooked", "--quiet")
        assert outcome.code == 0, outcome.err
        assert place.ask("select v from marts.hooked") == [(value,)]


def test_unit_tests_on_seeds(place: Place) -> None:
    seeds = place.root / "seeds"
    seeds.mkdir(exist_ok=True)
    (seeds / "codes.csv").write_text("code,name\n1,one\n")
    model(place, "named", "name as n, 1 as v from {{ ref('codes') }} -- ")
    unit = (
        "version: 2\nunit_tests:\n  - name: names\n    model: named\n    given:\n"
        "      - input: ref('codes')\n        rows:\n          - {code: 7, name: seven}\n"
        "    expect:\n      rows:\n        - {n: NAME}\n"
    )
    path = place.root / "models" / "marts" / "named.yml"
    path.write_text(unit.replace("NAME", "seven"))
    outcome = place.brewhouse("build", "--select", "+named", "--json")
    assert outcome.code == 0, outcome.out + outcome.err
    path.write_text(unit.replace("NAME", "eight"))
    outcome = place.brewhouse("build", "--select", "+named", "--json")
    assert outcome.code == 1
    statuses = {node["id"]: node["status"] for node in outcome.json["nodes"]}
    assert statuses["unit_test.sbdk_project.named.names"] == "fail"
    assert statuses["model.sbdk_project.named"] == "skipped"


def test_a_view_that_lost_its_table_does_not_block_the_project(place: Place) -> None:
    model(place, "t", 1)
    (place.root / "models" / "marts" / "v.sql").write_text(
        "{{ config(materialized='view') }}\nselect v as w from {{ ref('t') }}\n"
    )
    assert place.brewhouse("build", "--quiet").code == 0
    (place.root / "models" / "marts" / "v.sql").unlink()
    model(place, "t", "2 as x, 3")
    (place.root / "models" / "marts" / "t.sql").write_text(
        "{{ config(materialized='table') }}\nselect 1 as z\n"
    )
    assert place.brewhouse("build", "--quiet").code == 0
    assert "can't be read" in place.brewhouse("query").out


def test_a_mart_that_the_user_drops_leaves_the_report_whole(new: Place) -> None:
    for path in (new.root / "models" / "marts").glob("product_summary.*"):
        path.unlink()
    outcome = new.brewhouse("run")
    assert outcome.code == 0, outcome.err
    page = (new.root / "report.html").read_text()
    assert "<h2>Daily</h2>" in page
    assert "<h2>Products</h2>" not in page


def test_markup_in_data_is_shown_as_it_is(built: Place) -> None:
    assert "[/red]" in built.brewhouse("query", "select '[/red]' as v").out


def test_wide_rows_are_not_cut_when_piped(built: Place) -> None:
    out = built.brewhouse("query", "select * from marts.user_metrics limit 1", env={"COLUMNS": "80"}).out
    assert "user_quality_score" in out
    assert "…" not in out


def test_a_missing_file_is_not_loaded_around(place: Place) -> None:
    (place.root / "data" / "raw_users" / "part-00000.parquet").unlink()
    outcome = place.brewhouse("load")
    assert outcome.code == 2
    assert "BH108" in outcome.err
    assert "part-00000.parquet" in outcome.err
