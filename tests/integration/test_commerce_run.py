"""The blueprint commerce as its users type it: the commands, variables and queries that are promised work."""

from __future__ import annotations

import itertools
import json
import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from brewhouse.project import open_project
from brewhouse.warehouse.reading import in_this_database
from tests.conftest import Place

STAGING = {"stg_customers", "stg_orders", "stg_order_items", "stg_products"}
MARTS = {
    "customer": {"customer_lifetime_value", "customer_segmentation"},
    "product": {"product_affinity", "product_recommendations"},
    "cohort": {"monthly_cohorts"},
}
SEGMENTS = """
SELECT
    behavioral_segment,
    COUNT(*) as customer_count,
    SUM(total_revenue) as segment_revenue
FROM automated_intelligence.analytics.customer_segmentation
GROUP BY behavioral_segment
ORDER BY segment_revenue DESC;
"""
RECOMMENDATIONS = """
SELECT
    source_product_name,
    recommended_product_name,
    confidence,
    lift,
    recommendation_message
FROM automated_intelligence.analytics.product_recommendations
WHERE source_product_id = 'PROD_001'
ORDER BY recommendation_rank;
"""
RETENTION = """
SELECT
    cohort_month,
    months_since_signup,
    retention_rate,
    cohort_health
FROM automated_intelligence.analytics.monthly_cohorts
WHERE cohort_month >= '2024-01-01'
ORDER BY cohort_month, months_since_signup;
"""


@pytest.fixture(scope="module")
def place(built_commerce: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A copy, in which plain dbt may build."""
    root = tmp_path_factory.mktemp("shop") / "bar"
    shutil.copytree(built_commerce.root, root, symlinks=True)
    return Place(root)


def test_run_builds_the_staging_views_and_the_marts_and_none_is_empty(built_commerce: Place) -> None:
    tables = {(one["schema"], one["name"]): one for one in built_commerce.brewhouse("query", "--json").json}
    for name in STAGING:
        assert tables["staging", name]["kind"] == "view"
        assert tables["staging", name]["rows"] > 0
    for name in set().union(*MARTS.values()):
        assert tables["analytics", name]["kind"] == "table"
        assert tables["analytics", name]["rows"] > 0
    assert {schema for schema, _ in tables} >= {"raw", "staging", "analytics", "quarantine", "truth"}


def test_the_report_has_its_four_pictures_and_needs_no_network(built_commerce: Place) -> None:
    page = (built_commerce.root / "report.html").read_text()
    assert 'src="http' not in page
    assert "<link" not in page
    for name in ("segments", "values", "retention", "pairs"):
        assert f'id="{name}"' in page
    for finding in ("call them first", "to date.", "buy in the month after", "as by chance."):
        assert finding in page


def test_printed_queries_are_answered(built_commerce: Place) -> None:
    segments = built_commerce.brewhouse("query", "--json", SEGMENTS).json
    assert sum(row["customer_count"] for row in segments) == 250
    recommended = built_commerce.brewhouse("query", "--json", RECOMMENDATIONS).json
    assert "Airlock" in recommended[0]["recommendation_message"]
    retained = built_commerce.brewhouse("query", "--json", RETENTION).json
    assert min(row["cohort_month"] for row in retained) == "2024-01-01"
    assert len(retained) == sum(range(1, 31))


def test_only_the_name_of_the_database_is_left_out(built_commerce: Place) -> None:
    project = open_project(built_commerce.root)
    text = "'automated_intelligence.analytics.x'"
    asked = f'select {text}, automated_intelligence.y from "a" join AUTOMATED_INTELLIGENCE.analytics.x'
    assert (
        in_this_database(project, asked)
        == f'select {text}, automated_intelligence.y from "a" join analytics.x'
    )


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        (
            "stg_customers customer_lifetime_value+ tag:product",
            {"stg_customers"} | MARTS["customer"] | MARTS["product"],
        ),
        ("marts.customer tag:cohort", MARTS["customer"] | MARTS["cohort"]),
    ],
)
def test_selections_mean_what_they_say(place: Place, selection: str, found: set[str]) -> None:
    outcome = place.dbt(
        "ls", "--quiet", "--resource-type", "model", "--output", "name", "--select", selection
    )
    assert outcome.code == 0, outcome.out
    assert set(outcome.out.split()) == found


@pytest.mark.exhaustive
def test_plain_dbt_builds_and_tests_and_documents(place: Place) -> None:
    before = place.content()
    for command in (
        ("deps",), ("debug",), ("run", "--select", "tag:customer"), ("test", "--select", "source:*"),
        ("test", "--select", "customer_lifetime_value"), ("docs", "generate"),
    ):  # fmt: skip
        outcome = place.dbt(*command)
        assert outcome.code == 0, f"{command}: {outcome.out}"
    assert place.content() == before


def segment_conditions(place: Place) -> dict[str, str]:
    """Each segment's condition, as the macro writes it with the project's variables."""
    asked = "{% for name, rule in segment_conditions().items() %}{{ name }}: {{ rule }}\n{% endfor %}"
    outcome = place.dbt("compile", "--quiet", "--inline", asked)
    assert outcome.code == 0, outcome.out
    lines = [line for line in outcome.out.splitlines() if ": " in line]
    return dict(line.strip().split(": ", 1) for line in lines)


def test_segments_are_disjoint_and_each_is_reached(place: Place) -> None:
    """Over every status, score and age that there can be."""
    conditions = segment_conditions(place)
    assert len(conditions) == 11
    buyers = itertools.product(
        ("active", "at_risk", "churned"), range(1, 6), range(1, 6), range(1, 6), (0, 90, 91, 700)
    )
    cells = [*buyers, ("never_purchased", 0, 0, 0, None)]
    reached: Counter[str] = Counter()
    with duckdb.connect() as connection:
        connection.execute(
            "create table cells (customer_status text, recency_score int, frequency_score int, monetary_score int, "
            "days_since_first_order int)"
        )
        connection.executemany("insert into cells values (?, ?, ?, ?, ?)", cells)
        flags = ", ".join(f"coalesce({rule}, false) as {name}" for name, rule in conditions.items())
        for row in connection.execute(f"select {flags} from cells").fetchall():
            (segment,) = [name for name, holds in zip(conditions, row, strict=True) if holds]
            reached[segment] += 1
    assert set(reached) == set(conditions)
    assert sum(reached.values()) == len(cells)


def variables(place: Place, **values: object) -> Place:
    """Build the marts with other values of variables."""
    outcome = place.dbt("run", "--select", "int_sales+", "--vars", json.dumps(values))
    assert outcome.code == 0, outcome.out
    return place


@pytest.mark.exhaustive
def test_variables_change_what_they_are_said_to(built_commerce: Place, tmp_path: Path) -> None:
    root = tmp_path / "bar"
    shutil.copytree(built_commerce.root, root, symlinks=True)
    place = Place(root)
    tiers = "select count(*) from analytics.customer_lifetime_value where value_tier = 'high_value'"
    active = "select count(*) from analytics.customer_lifetime_value where customer_status = 'active'"
    value = "select sum(estimated_annual_value) from analytics.customer_lifetime_value"
    scores = "select sum(recency_score + 10 * frequency_score) from analytics.customer_lifetime_value"
    past = "select max(activity_month)::text, bool_and(cohort_month <= '2025-03-01') from analytics.monthly_cohorts"
    early = (
        "select * exclude (last_updated_at) from analytics.monthly_cohorts where activity_month < '2025-03-01' "
        "order by cohort_month, activity_month"
    )
    cohorts = place.ask(early)
    before = [place.ask(sql) for sql in (tiers, active, value, scores)]
    variables(
        place, high_value_threshold=20_000, active_customer_days=20, lookback_days=30, rfm_method="bands"
    )
    after = [place.ask(sql) for sql in (tiers, active, value, scores)]
    assert after[0] < before[0]
    assert after[1] < before[1]
    assert after[2] != before[2]
    assert after[3] != before[3]
    variables(place, as_of="2025-03-10 00:00:00")
    assert place.ask(past) == [("2025-03-01", True)]
    assert place.ask(early) == cohorts, "no month knows what came after it"
