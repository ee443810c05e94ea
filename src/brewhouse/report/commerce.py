"""The pictures of the commerce blueprint, each a function from the warehouse to a Plotly figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import plotly.graph_objects as go

from brewhouse.report.charts import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    LIGHT_BLUE,
    LIGHT_GREEN,
    RED,
    Chart,
    Picture,
    Section,
    Sheet,
    columns,
    dollars,
    in_dollars,
    percent,
    styled,
    table,
    words,
)
from brewhouse.warehouse.engine import Engine

_COLOURS: Final = {
    "champions": GREEN, "loyal_customers": GREEN, "potential_loyalists": LIGHT_GREEN, "new_customers": LIGHT_GREEN,
    "promising": LIGHT_GREEN, "needs_attention": AMBER, "at_risk": AMBER, "hibernating": AMBER, "cant_lose_them": RED,
    "lost": GREY, "never_purchased": GREY,
}  # fmt: skip
_SHOWN_PAIRS: Final = 15


def segments(engine: Engine) -> Picture:
    """Customers and revenue by behavioral segment."""
    found = table(
        engine,
        """
        select behavioral_segment, segment_priority, count(*), sum(total_revenue)
        from analytics.customer_segmentation
        group by behavioral_segment, segment_priority
        order by 4
        """,
        ("segment", "priority", "customers", "revenue"),
    )
    whole = sum(found["revenue"])
    figure = go.Figure()
    figure.add_bar(
        x=found["revenue"],
        y=[words(name) for name in found["segment"]],
        orientation="h",
        marker_color=[_COLOURS.get(name, BLUE) for name in found["segment"]],
        text=[f"{count:,} customers" for count in found["customers"]],
        showlegend=False,
    )
    figure.update_layout(**in_dollars("x"))
    figure.update_xaxes(title_text="revenue to date, USD")
    by_segment = dict(
        zip(found["segment"], zip(found["customers"], found["revenue"], strict=True), strict=True)
    )
    slipping = [by_segment[name] for name in ("cant_lose_them", "at_risk") if name in by_segment]
    customers, revenue = (sum(part) for part in zip(*slipping, strict=True)) if slipping else (0, 0)
    finding = (
        f"{customers:,} customers who brought {percent(revenue, whole):.0f}% of all revenue ({dollars(revenue)}) "
        "have stopped coming: call them first."
        if customers
        else ""
    )
    return Picture(styled(figure, height=400), finding)


def retention(engine: Engine) -> Picture:
    """Share of each cohort that bought in each month after the sign-up, whole months only."""
    found = table(
        engine,
        """
        select cohort_month, months_since_signup, retention_rate, cohort_size
        from analytics.monthly_cohorts
        where not is_partial_month
        order by cohort_month, months_since_signup
        """,
        ("cohort", "month", "rate", "size"),
    )
    cohorts = sorted(set(found["cohort"]))
    months = list(range(max(found["month"], default=-1) + 1))
    cells = {
        (cohort, month): 100 * rate
        for cohort, month, rate in zip(found["cohort"], found["month"], found["rate"], strict=True)
    }
    figure = go.Figure()
    figure.add_heatmap(
        z=[[cells.get((cohort, month)) for month in months] for cohort in cohorts],
        x=months,
        y=[f"{cohort:%Y-%m}" for cohort in cohorts],
        colorscale=[[0, "#fbf7ef"], [0.5, LIGHT_BLUE], [1, BLUE]],
        colorbar={"title": "% bought", "thickness": 12},
        hoverongaps=False,
        hovertemplate="signed up %{y}, month %{x}: %{z:.0f}%<extra></extra>",
    )
    figure.update_xaxes(title_text="months since sign-up")
    figure.update_yaxes(autorange="reversed")
    rates = {month: _mean_rate(found, month) for month in (1, 12)}
    finding = (
        f"{rates[1]:.0f}% of those who sign up buy in the month after, {rates[12]:.0f}% a year later."
        if len(months) > 12
        else ""
    )
    return Picture(styled(figure, height=520), finding)


def _mean_rate(found: Mapping[str, list[Any]], month: int) -> float:
    """Percent of the members of all cohorts that have come so far who bought so many months after the sign-up."""
    cohorts = [
        (size, rate)
        for size, rate, at in zip(found["size"], found["rate"], found["month"], strict=True)
        if at == month
    ]
    return percent(sum(size * rate for size, rate in cohorts), sum(size for size, _ in cohorts))


def pairs(engine: Engine) -> Picture:
    """The pairs of products with the highest lift."""
    found = table(
        engine,
        f"""
        select product_a_name, product_b_name, lift, times_bought_together,
            greatest(confidence_a_to_b, confidence_b_to_a)
        from analytics.product_affinity
        order by lift desc, product_a_id, product_b_id
        limit {_SHOWN_PAIRS}
        """,
        ("one", "other", "lift", "orders", "confidence"),
    )
    names = [f"{one} + {other}" for one, other in zip(found["one"], found["other"], strict=True)]
    figure = go.Figure()
    figure.add_bar(
        x=found["lift"],
        y=names,
        orientation="h",
        marker_color=AMBER,
        text=[
            f"{100 * confidence:.0f}%, {orders:,} orders"
            for confidence, orders in zip(found["confidence"], found["orders"], strict=True)
        ],
    )
    figure.update_xaxes(title_text="times as often together as by chance")
    figure.update_yaxes(autorange="reversed")
    finding = (
        f"{names[0]}: {found['lift'][0]:.0f} times as often in one basket as by chance." if names else ""
    )
    return Picture(styled(figure, height=460), finding)


def values(engine: Engine) -> Picture:
    """Mean revenue of a customer, to date and projected to a year, by kind of customer."""
    found = columns(
        engine,
        """
        select
            customer_segment,
            count(*),
            sum(total_revenue) / count(*),
            sum(estimated_annual_value) / count(*),
            sum(case when customer_status = 'active' then 1 else 0 end) * 100.0 / count(*)
        from analytics.customer_lifetime_value
        group by customer_segment
        order by 3 desc
        """,
    )
    figure = go.Figure()
    finding = ""
    if found:
        segment, count, revenue, annual, active = found
        names = [
            f"{name}<br>{number:,} customers, {share:.0f}% active"
            for name, number, share in zip(segment, count, active, strict=True)
        ]
        figure.add_bar(x=names, y=revenue, name="revenue to date", marker_color=BLUE)
        figure.add_bar(x=names, y=annual, name="estimated annual value", marker_color=LIGHT_BLUE)
        if len(revenue) > 1 and revenue[-1]:
            finding = (
                f"A {segment[0]} customer has brought {revenue[0] / revenue[-1]:.1f} times as much as "
                f"a {segment[-1]} one, {dollars(revenue[0])} to date."
            )
    figure.update_layout(**in_dollars())
    figure.update_yaxes(title_text="USD a customer")
    return Picture(styled(figure, height=360), finding)


COMMERCE: Final = Sheet(
    facts={
        "as of (UTC)": "select max(as_of) from staging.as_of",
        "customers": "select count(*) from analytics.customer_lifetime_value",
        "sales": "select sum(total_orders) from analytics.customer_lifetime_value",
        "revenue in USD": "select sum(total_revenue) from analytics.customer_lifetime_value",
        "active customers": (
            "select count(*) from analytics.customer_lifetime_value where customer_status = 'active'"
        ),
    },
    sections=(
        Section(
            "Customers",
            (
                Chart(
                    "segments",
                    "Whom to turn to first?",
                    "Customers by what they did, with the revenue that they brought; never more than one segment each.",
                    segments,
                ),
                Chart(
                    "values",
                    "What is a customer worth?",
                    "Mean per customer who has signed up, by kind of customer. Revenue is goods less discount.",
                    values,
                ),
            ),
        ),
        Section(
            "Cohorts",
            (
                Chart(
                    "retention",
                    "Do customers come back?",
                    "Share of those who signed up in a month that bought in each month after, without the running one.",
                    retention,
                ),
            ),
        ),
        Section(
            "Products",
            (
                Chart(
                    "pairs",
                    "What is bought together?",
                    "Lift of the strongest pairs, how often the likelier direction holds, and sales with both.",
                    pairs,
                ),
            ),
        ),
    ),
)
