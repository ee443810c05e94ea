"""Customers: how they do, how much revenue may leave, and what could be done about it."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go

from brewhouse.report.charts import (
    AMBER,
    BLUE,
    GREEN,
    LIGHT_GREEN,
    RED,
    Chart,
    Picture,
    dollars,
    in_dollars,
    percent,
    series,
    styled,
    table,
    words,
)
from brewhouse.warehouse.engine import Engine

_BANDS: Final = {"healthy": GREEN, "stable": LIGHT_GREEN, "at_risk": AMBER, "critical": RED}
_RISKS: Final = {"medium": LIGHT_GREEN, "high": AMBER, "critical": RED}

_MONTH_ENDS: Final = """
    with

    month_ends as (
        select max(snapshot_date) as month_end
        from entity.entity_customers_daily
        group by extract(year from snapshot_date), extract(month from snapshot_date)
    )

    select snapshot_date, {band}, count(*), sum(monthly_recurring_revenue)
    from entity.entity_customers_daily
    where snapshot_date in (select month_end from month_ends) and monthly_recurring_revenue > 0
    group by snapshot_date, {band}
    order by snapshot_date, {band}
"""


def _by_band(engine: Engine, column: str) -> tuple[list[Any], dict[Any, dict[Any, tuple[int, float]]]]:
    """Days, and for each band paying customers and their MRR on each day."""
    found = table(engine, _MONTH_ENDS.format(band=column), ("day", "band", "customers", "mrr"))
    numbers = zip(found["customers"], found["mrr"], strict=True)
    return sorted(set(found["day"])), series(found["band"], found["day"], numbers)


def bands(engine: Engine) -> Picture:
    """Share of paying customers in each band of health, month by month."""
    days, counts = _by_band(engine, "health_band")
    totals = [sum(band.get(day, (0, 0.0))[0] for band in counts.values()) for day in days]
    figure = go.Figure()
    for band, colour in _BANDS.items():
        numbers = [counts.get(band, {}).get(day, (0, 0.0))[0] for day in days]
        figure.add_bar(
            x=days,
            y=[percent(number, total) for number, total in zip(numbers, totals, strict=True)],
            customdata=numbers,
            name=words(band),
            marker_color=colour,
            hovertemplate="%{fullData.name}: %{y:.0f} %, %{customdata:,} customers<extra></extra>",
        )
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_yaxes(title_text="% of paying customers", range=[0, 100])
    figure.update_layout(bargap=0.06)
    finding = ""
    if days:
        well = sum(counts.get(band, {}).get(days[-1], (0, 0.0))[0] for band in ("healthy", "stable"))
        finding = (
            f"{percent(well, totals[-1]):.0f} % of {totals[-1]:,} paying customers are healthy or stable."
        )
    return Picture(styled(figure, height=340), finding)


def revenue_at_risk(engine: Engine) -> Picture:
    """MRR of customers by their risk to leave, month by month."""
    days, mrr = _by_band(engine, "churn_risk_band")
    figure = go.Figure()
    for band, colour in reversed(_RISKS.items()):
        figure.add_bar(
            x=days,
            y=[mrr.get(band, {}).get(day, (0, 0.0))[1] for day in days],
            customdata=[mrr.get(band, {}).get(day, (0, 0.0))[0] for day in days],
            name=f"{band} risk",
            marker_color=colour,
            hovertemplate="%{fullData.name}: %{y:$,.0f}, %{customdata:,} customers<extra></extra>",
        )
    figure.update_layout(
        barmode="stack", hovermode="x unified", yaxis_title="US dollars a month", **in_dollars()
    )
    finding = ""
    if days:
        total = sum(band.get(days[-1], (0, 0.0))[1] for band in mrr.values())
        risky = sum(mrr.get(band, {}).get(days[-1], (0, 0.0))[1] for band in ("high", "critical"))
        finding = (
            f"{dollars(risky)} of MRR, {percent(risky, total):.1f} %, is at high or critical risk to leave."
        )
    return Picture(styled(figure, height=380), finding)


def interventions(engine: Engine) -> Picture:
    """MRR of customers by what would help them most, from today's mart."""
    found = table(
        engine,
        """
        select recommended_intervention, count(*), sum(monthly_recurring_revenue)
        from mart.mart_customer_success__health
        where monthly_recurring_revenue > 0 and churn_risk_band <> 'low'
        group by recommended_intervention
        order by sum(monthly_recurring_revenue), recommended_intervention
        """,
        ("action", "customers", "mrr"),
    )
    figure = go.Figure()
    figure.add_bar(
        x=found["mrr"],
        y=[_folded(action) for action in found["action"]],
        orientation="h",
        text=[f"{count:,}" for count in found["customers"]],
        textposition="outside",
        cliponaxis=False,
        marker_color=BLUE,
        hovertemplate="%{x:$,.0f} of MRR<extra></extra>",
    )
    figure.update_layout(
        xaxis_title="US dollars of MRR",
        xaxis_range=[0, 1.15 * max(found["mrr"], default=1)],
        **in_dollars("x"),
    )
    figure.update_yaxes(showgrid=False)
    finding = f"Most would be won by: {found['action'][-1].lower()}." if found["action"] else ""
    return Picture(styled(figure, height=380), finding)


def _folded(text: str, width: int = 24) -> str:
    """Lines of about ``width`` letters, for a phone."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


HEALTH: Final = (
    Chart(
        "health-bands",
        "How are our customers?",
        "Paying customers by the band of their health score, on the last day of each month.",
        bands,
    ),
    Chart(
        "health-risk",
        "How much revenue may leave?",
        "MRR by the band of the customer's churn risk, on the last day of each month; low risk is left out.",
        revenue_at_risk,
        wide=False,
    ),
    Chart(
        "health-interventions",
        "What would keep it?",
        "MRR of customers at medium risk or worse, and their number, by the action that answers their largest "
        "source of risk.",
        interventions,
        wide=False,
    ),
)
