"""The command line, driven as a user would."""

from __future__ import annotations

from tests.conftest import Place

TEN_MODELS = {
    "staging.stg_users", "staging.stg_events", "staging.stg_orders",
    "intermediate.int_user_activity", "intermediate.int_user_orders", "intermediate.int_event_sessions",
    "marts.user_metrics", "marts.cohort_summary", "marts.product_summary", "marts.daily_summary",
}  # fmt: skip


def test_run_builds_the_ten_models_and_none_is_empty(built: Place) -> None:
    outcome = built.brewhouse("query", "--json")
    rows = {f"{table['schema']}.{table['name']}": table["rows"] for table in outcome.json}
    assert rows.keys() >= TEN_MODELS
    assert all(rows[name] > 0 for name in TEN_MODELS)
    schemas = {name.split(".")[0] for name in rows}
    assert schemas >= {"raw", "staging", "intermediate", "marts", "quarantine", "truth"}


def test_run_writes_a_report_that_needs_no_network(built: Place) -> None:
    page = (built.root / "report.html").read_text()
    assert 'src="http' not in page
    assert "<link" not in page
    assert "marts" in page or "Cohorts" in page
    assert page.count("plotly-graph-div") >= 4


def test_a_second_run_gives_the_same_tables(place: Place) -> None:
    before = place.content()
    outcome = place.brewhouse("run", "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.json["simulated"]["made"] is False
    assert all(table["rows"] == 0 for table in outcome.json["loaded"]["tables"].values())
    assert place.content() == before


def test_run_says_what_was_built_tested_and_quarantined_and_how_long_it_took(place: Place) -> None:
    outcome = place.brewhouse("run")
    assert outcome.code == 0
    for text in ("user_metrics", "Data tests:", "Unit tests:", "Quarantined", "inside DuckDB", "Published:"):
        assert text in outcome.out


def test_quiet_prints_nothing(place: Place) -> None:
    outcome = place.brewhouse("build", "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_json_is_one_document(place: Place) -> None:
    outcome = place.brewhouse("build", "--json")
    document = outcome.json
    assert document["status"] == "ok"
    assert {node["status"] for node in document["nodes"]} <= {"success", "pass", "warn"}
    assert document["quarantined"]


def test_select_builds_only_what_is_selected(place: Place) -> None:
    outcome = place.brewhouse("build", "--select", "product_summary", "--json")
    assert outcome.code == 0, outcome.err
    models = [node["id"] for node in outcome.json["nodes"] if node["kind"] == "model"]
    assert models == ["model.sbdk_project.product_summary"]


def test_project_dir_works_from_anywhere(place: Place, new: Place) -> None:
    outcome = new.brewhouse("build", "--project-dir", str(place.root), "--quiet")
    assert outcome.code == 0, outcome.err


def test_query_answers_and_can_change_nothing(place: Place) -> None:
    assert "500" in place.brewhouse("query", "select count(*) from marts.user_metrics").out
    for sql in (
        "drop table marts.user_metrics",
        "copy (select 1) to 'out.csv'",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
    ):
        outcome = place.brewhouse("query", sql)
        assert outcome.code == 2, sql
        assert "BH110" in outcome.err
    assert not (place.root / "out.csv").exists()
    assert not (place.root / "other.duckdb").exists()


def test_doctor_is_content_with_a_built_project(built: Place) -> None:
    outcome = built.brewhouse("doctor", "--json")
    assert outcome.code == 0
    assert {finding["state"] for finding in outcome.json} == {"ok"}


def test_doctor_finds_what_is_missing(new: Place) -> None:
    (new.root / "profiles.yml").unlink()
    outcome = new.brewhouse("doctor", "--json")
    assert outcome.code == 3
    states = {finding["what"]: finding["state"] for finding in outcome.json}
    assert states["project"] == "bad"
    assert states["warehouse"] == "warn"


def test_a_smaller_company_replaces_the_larger_one(place: Place) -> None:
    place.change("brewhouse.toml", "scale = 0.05", "scale = 0.01")
    outcome = place.brewhouse("run", "--json")
    assert outcome.code == 0, outcome.err
    assert place.ask("select count(*) from marts.user_metrics") == [(100,)]
    assert place.ask("select count(*) from truth.users") == [(100,)]


def test_options_of_simulate_override_the_file(new: Place) -> None:
    outcome = new.brewhouse("simulate", "--scale", "0.01", "--seed", "7", "--end", "2025-01-31", "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.json["simulated"]["rows"]["truth/users"] == 100
    again = new.brewhouse("simulate", "--scale", "0.01", "--seed", "7", "--end", "2025-01-31", "--json")
    assert again.json["simulated"]["made"] is False


def test_the_environment_overrides_the_file(new: Place) -> None:
    outcome = new.brewhouse("simulate", "--json", env={"BREWHOUSE_SIMULATE__SCALE": "0.02"})
    assert outcome.json["simulated"]["rows"]["truth/users"] == 200
