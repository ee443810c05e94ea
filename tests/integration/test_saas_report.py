"""The pictures of the saas company show the right numbers: each is counted again another way, mostly from the truth."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from brewhouse.report.saas import SAAS
from tests.conftest import Place

Traces = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def pictures(built_saas: Place) -> dict[str, Traces]:
    """What is drawn: by picture and by the name of the trace."""
    page = (built_saas.root / "report.html").read_text()
    found = {}
    for name in re.findall(r'<div id="([a-z-]+)" class="plotly-graph-div"', page):
        start = re.search(rf'Plotly\.newPlot\(\s*"{name}",\s*', page)
        assert start is not None
        traces, _ = json.JSONDecoder().raw_decode(page, start.end())
        found[name] = {trace.get("name", ""): trace for trace in traces}
    return found


def test_no_picture_is_left_out(pictures: dict[str, Traces]) -> None:
    assert list(pictures) == [chart.name for section in SAAS.sections for chart in section.charts]
    assert [section.title for section in SAAS.sections] == [
        "MRR", "Customer health", "Devices", "Pipeline", "Channels"
    ]  # fmt: skip


def test_mrr_ends_at_the_true_one(built_saas: Place, pictures: dict[str, Traces]) -> None:
    ((mrr,),) = built_saas.ask("select sum(mrr) from truth.mrr where valid_to is null")
    assert sum(trace["y"][-1] for trace in pictures["mrr-level"].values()) == pytest.approx(float(mrr))
    assert f"{mrr:,}" in (built_saas.root / "report.html").read_text()


def test_mrr_of_a_year_ago_is_the_true_one(built_saas: Place, pictures: dict[str, Traces]) -> None:
    ((before,),) = built_saas.ask(
        "select sum(mrr) from truth.mrr where valid_from < date '2025-07-01' "
        "and (valid_to >= date '2025-07-01' or valid_to is null)"
    )
    (waterfall,) = pictures["mrr-year"].values()
    assert waterfall["x"][0] == pytest.approx(float(before))
    assert sum(waterfall["x"][:-1]) == pytest.approx(waterfall["x"][-1])


def test_movements_are_the_true_ones(built_saas: Place, pictures: dict[str, Traces]) -> None:
    """Of each class and all months; days on which an account moved twice are one movement in the tables."""
    moves = pictures["mrr-movements"]
    drawn = {name: sum(trace["y"]) for name, trace in moves.items()}
    true = {
        name: float(change)
        for name, change in built_saas.ask(
            "select movement, sum(mrr - mrr_before) from truth.mrr group by movement"
        )
    }
    assert drawn.pop("net") == pytest.approx(sum(true.values()))
    for name in ("new", "expansion", "reactivation"):
        assert drawn[name] == pytest.approx(true[name], rel=0.02), name
    for name in ("contraction", "churned"):
        assert drawn[name] == pytest.approx(true[name], rel=0.02), name
        assert max(moves[name]["y"]) <= 0


def test_bands_of_health_hold_every_paying_customer(built_saas: Place, pictures: dict[str, Traces]) -> None:
    bands = pictures["health-bands"]
    ((paying,),) = built_saas.ask("select count(*) from truth.mrr where valid_to is null and mrr > 0")
    assert sum(trace["customdata"][-1] for trace in bands.values()) == paying
    for shares in zip(*(trace["y"] for trace in bands.values()), strict=True):
        assert sum(shares) == pytest.approx(100)
    ((healthy,),) = built_saas.ask(
        "select count(*) from entity.entity_customers where customer_health_score >= 80 "
        "and monthly_recurring_revenue > 0"
    )
    assert bands["healthy"]["customdata"][-1] == healthy


def test_revenue_at_risk_is_that_of_todays_scores(built_saas: Place, pictures: dict[str, Traces]) -> None:
    risks = pictures["health-risk"]
    limits = {"medium risk": (40, 60), "high risk": (60, 80), "critical risk": (80, 100)}
    for name, (above, most) in limits.items():
        ((mrr,),) = built_saas.ask(
            "select coalesce(sum(monthly_recurring_revenue), 0) from entity.entity_customers "
            f"where churn_risk_score > {above} and churn_risk_score <= {most}"
        )
        assert risks[name]["y"][-1] == pytest.approx(float(mrr)), name
    (actions,) = pictures["health-interventions"].values()
    assert sum(actions["x"]) == pytest.approx(sum(trace["y"][-1] for trace in risks.values()))


def test_uptime_falls_in_the_week_of_the_outage(built_saas: Place, pictures: dict[str, Traces]) -> None:
    line, worst = pictures["devices-uptime"]["uptime"], pictures["devices-uptime"]["worst week"]
    assert worst["x"] == ["2025-10-06"]
    assert worst["y"][0] == min(line["y"]) < 97
    ((down,),) = built_saas.ask(
        "select sum(downtime_seconds) from truth.device_downtimes "
        "where failed_at >= timestamp '2025-10-06' and failed_at < timestamp '2025-10-13'"
    )
    ((service,),) = built_saas.ask(
        "select sum(service_seconds) from entity.entity_locations_weekly where week_start_date = date '2025-10-06'"
    )
    assert 100 - worst["y"][0] == pytest.approx(float(100 * down / service), abs=0.5)


def test_stops_by_firmware_are_the_true_ones(built_saas: Place, pictures: dict[str, Traces]) -> None:
    traces = pictures["devices-firmware"].values()
    drawn: Counter[str] = Counter()
    for trace in traces:
        drawn.update(dict(zip((name.strip() for name in trace["y"]), trace["customdata"], strict=True)))
    true = built_saas.ask("select firmware_version, count(*) from truth.device_downtimes group by 1")
    for firmware, stops in true:
        assert drawn[firmware] == pytest.approx(stops, abs=0.02 * stops), firmware
    outage = pictures["devices-firmware"]["10 Oct 2025"]
    worst = max(zip(outage["x"], outage["y"], strict=True))
    assert worst[1].strip() == "3.2.1"


def test_alerts_are_those_of_devices_in_service(built_saas: Place, pictures: dict[str, Traces]) -> None:
    drawn = {
        severity: sum(trace["x"]) for severity, trace in pictures["devices-alerts"].items() if trace["x"]
    }
    counted = built_saas.ask(
        """
        with worst as (
            select device_id, min(case severity when 'critical' then 1 when 'warning' then 2 else 3 end) as rank
            from facts.fact_devices__alerts group by device_id
        )
        select case rank when 1 then 'critical' when 2 then 'warning' else 'info' end, count(*)
        from worst group by 1
        """
    )
    assert drawn == dict(counted)


def test_the_pipeline_is_what_hubspot_says(built_saas: Place, pictures: dict[str, Traces]) -> None:
    stages = pictures["pipeline-stages"]
    ((deals, amount, weighted),) = built_saas.ask(
        "select count(*), sum(deal_amount), sum(weighted_amount) from staging.stg_hubspot__deals "
        "where deal_stage not in ('closedwon', 'closedlost')"
    )
    assert sum(int(text.split()[0]) for text in stages["amount"]["text"]) == deals
    assert sum(stages["amount"]["x"]) == pytest.approx(float(amount))
    assert sum(stages["weighted by the chance to win"]["x"]) == pytest.approx(float(weighted))
    (wins,) = pictures["pipeline-wins"].values()
    won, closed = (sum(numbers) for numbers in zip(*wins["customdata"], strict=True))
    ((true_won, true_closed),) = built_saas.ask(
        "select count(*) filter (where is_won), count(*) from truth.conversions"
    )
    assert won / closed == pytest.approx(true_won / true_closed, abs=0.03)


def test_credits_of_each_model_add_up_to_the_same_revenue(
    built_saas: Place, pictures: dict[str, Traces]
) -> None:
    models = pictures["channels-credits"]
    truth = models.pop("truth (simulated)")
    ((revenue,),) = built_saas.ask("select sum(revenue) from facts.fact_leads__conversions")
    assert len(models) == 6
    for name, trace in models.items():
        assert sum(trace["x"]) == pytest.approx(float(revenue)), name
    assert sum(truth["x"]) == pytest.approx(float(revenue), rel=0.02)
    counted = dict(
        built_saas.ask(
            "select true_channel, sum(c.revenue) from truth.conversions as t, facts.fact_leads__conversions as c "
            "where t.account_id = c.account_id group by true_channel"
        )
    )
    for channel, amount in zip(truth["y"], truth["x"], strict=True):
        assert amount == pytest.approx(float(counted.get(channel.replace(" ", "_"), 0))), channel


def test_spend_is_what_the_platforms_say(built_saas: Place, pictures: dict[str, Traces]) -> None:
    spend = pictures["channels-spend"]["spend"]
    drawn = dict(zip((platform.strip() for platform in spend["y"]), spend["x"], strict=True))
    for platform, column in {
        "google": "cost", "facebook": "spend", "linkedin": "cost",
    }.items():  # fmt: skip
        ((amount,),) = built_saas.ask(
            f"select sum({column}) from staging.stg_marketing__{platform}_ads_campaigns"
        )
        assert drawn[platform] == pytest.approx(float(amount)), platform
