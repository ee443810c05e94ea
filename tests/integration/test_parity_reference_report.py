"""The hand-made parity report that the platform began with: the command gives the same figures for the same case.

71 models; 41 tables, of which 30 are raw, 7 staging (one of them nobody's), one intermediate and three entities. The
report's own heading says "23 missing" above a list of 24 staging models: its list is right.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from brewhouse.render.parity import FORMATS, Options
from tests.support.parity import Bench, Manifest, duckdb_bench, postgres_bench, quoted

STAGING_BUILT = """app_database__feature_usage app_database__page_views app_database__tap_events
    app_database__user_sessions hubspot__engagements hubspot__tickets"""
STAGING_MISSING = """app_database__accounts app_database__devices app_database__locations app_database__subscriptions
    app_database__users hubspot__companies hubspot__contacts hubspot__deals hubspot__owners
    marketing__attribution_touchpoints marketing__facebook_ads_campaigns marketing__google_ads_campaigns
    marketing__google_analytics_sessions marketing__iterable_campaigns marketing__linkedin_ads_campaigns
    marketing__marketing_qualified_leads stripe__charges stripe__customers stripe__events stripe__invoices
    stripe__payment_intents stripe__prices stripe__subscription_items stripe__subscriptions"""
INTERMEDIATE_MISSING = """campaigns__attribution campaigns__core devices__performance_health
    features__adoption_patterns features__core locations__core locations__operational_metrics subscriptions__core
    subscriptions__revenue_metrics users__core users__engagement_metrics"""
ENTITIES_MISSING = """campaigns campaigns_daily campaigns_history devices devices_history devices_hourly features
    features_history features_monthly locations locations_history locations_weekly subscriptions
    subscriptions_history subscriptions_monthly users users_history users_weekly"""
MARTS = """mart_customer_success__health mart_device_operations mart_marketing__attribution
    mart_operations__performance mart_operations_health mart_product__adoption mart_sales__pipeline
    operations_device_monitoring"""
RAW = """app_database_accounts app_database_devices app_database_feature_usage app_database_locations
    app_database_page_views app_database_subscriptions app_database_tap_events app_database_users
    app_database_user_sessions attribution_touchpoints facebook_ads_campaigns google_ads_campaigns
    google_analytics_sessions hubspot_companies hubspot_contacts hubspot_deals hubspot_engagements hubspot_owners
    hubspot_tickets iterable_campaigns linkedin_ads_campaigns marketing_qualified_leads stripe_charges
    stripe_customers stripe_events stripe_invoices stripe_payment_intents stripe_prices stripe_subscriptions
    stripe_subscription_items"""
BUILT = {
    **{("staging", f"stg_{name}"): 5 for name in STAGING_BUILT.split()},
    ("intermediate", "int_customers__core"): 28,
    ("entity", "entity_customers"): 30,
    ("entity", "entity_customers_daily"): 38,
    ("entity", "entity_customers_history"): 27,
}
"""Models that are there, and how many columns they have."""
MISSING = [
    *(("staging", f"stg_{name}") for name in STAGING_MISSING.split()),
    *(("intermediate", f"int_{name}") for name in INTERMEDIATE_MISSING.split()),
    *(("entity", f"entity_{name}") for name in ENTITIES_MISSING.split()),
    *(("mart", name) for name in MARTS.split()),
]
NOBODYS = ("staging", "stg_iterable__email_events")
BY_SCHEMA = {
    "entity": (21, 3, 3, "Major gap"),
    "intermediate": (12, 1, 1, "Major gap"),
    "mart": (8, 0, 0, "Not built"),
    "raw": (0, 30, 0, "Source data only"),
    "staging": (30, 7, 6, "Major gap"),
}


@pytest.fixture(params=["duckdb", "postgres"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    opened = (
        duckdb_bench() if request.param == "duckdb" else postgres_bench(request.getfixturevalue("postgres"))
    )
    with opened as bench:
        fill(bench)
        yield bench


def fill(bench: Bench) -> None:
    """The 41 tables."""
    bench.run(*(f"create schema {schema}" for schema in ("raw", "staging", "intermediate", "entity", "mart")))
    there = {**BUILT, NOBODYS: 5, **{("raw", name): 4 for name in RAW.split()}}
    assert len(there) == 41
    for (schema, name), columns in there.items():
        shape = ", ".join(f"column_{number} integer" for number in range(columns))
        bench.run(f"create table {quoted(schema, name)} ({shape})")


def project(bench: Bench, *, sources: bool) -> Manifest:
    manifest = bench.manifest()
    for (schema, name), columns in {**BUILT, **dict.fromkeys(MISSING, 0)}.items():
        manifest.model(name, [f"column_{number}" for number in range(columns)], schema=schema)
    for name in RAW.split() if sources else ():
        manifest.source(name)
    assert len(manifest.nodes) == 71
    return manifest


def test_the_lists_are_those_of_the_report() -> None:
    missing = Counter(schema for schema, _ in MISSING)
    assert missing == {"staging": 24, "intermediate": 11, "entity": 18, "mart": 8}


@pytest.mark.parametrize("sources", [True, False], ids=["declared sources", "no sources"])
def test_the_figures_are_those_of_the_report(bench: Bench, sources: bool) -> None:
    verdict = bench.verdict(project(bench, sources=sources))
    figures = (verdict.models, verdict.relations, verdict.matching, verdict.missing, verdict.extra)
    assert figures == (71, 41, 10, 61, 31)
    found = {one.schema: (one.models, one.relations, one.matching, one.status) for one in verdict.schemas}
    wanted = dict(BY_SCHEMA)
    if not sources:
        wanted["raw"] = (0, 30, 0, "Not in the project")
    assert found == wanted
    assert (verdict.coverage, verdict.exit_code()) == (1.0, 1)


def test_each_finding_is_one_of_the_report(bench: Bench) -> None:
    verdict = bench.verdict(project(bench, sources=True))
    missing = {(one.relation.partition(".")[2]) for one in verdict.findings if one.code == "P101"}
    assert missing == {f"{schema}.{name}" for schema, name in MISSING}
    rest = [(one.code, one.relation.partition(".")[2]) for one in verdict.findings if one.code != "P101"]
    assert rest == [("P102", ".".join(NOBODYS))]


def test_the_columns_of_what_is_there_are_those_of_the_report(bench: Bench) -> None:
    verdict = bench.verdict(project(bench, sources=True))
    columns = {
        (pair.observed.schema, pair.observed.name): len(pair.observed.columns) for pair in verdict.case.pairs
    }
    assert {place: count for place, count in columns.items() if place[0] != "raw"} == BUILT


def test_every_rendering_has_the_figures(bench: Bench) -> None:
    verdict = bench.verdict(project(bench, sources=True))
    options = Options(warehouse="docker")
    content = json.loads(FORMATS["json"](verdict, options))["figures"]
    assert (content["models"], content["relations"], content["extra"], content["declared_sources"]) == (
        71,
        41,
        31,
        30,
    )
    text = FORMATS["text"](verdict, options)
    assert "staging           30          7         6       24      1  Major gap" in text
    assert "error P101 missing relation (61)" in text
    markdown = FORMATS["markdown"](verdict, options)
    assert "| staging | 30 | 7 | 6 | 24 | 1 | Major gap |" in markdown
    assert "| extra | 31 | 30 declared sources, 1 other |" in markdown
