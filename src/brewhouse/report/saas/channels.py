"""Marketing: what each channel is credited with, what really brought it, and what it cost."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go

from brewhouse.report.charts import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    INK,
    LIGHT_BLUE,
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

_MODELS: Final = {
    "first_touch": AMBER,
    "last_touch": RED,
    "linear": GREY,
    "position_based": LIGHT_GREEN,
    "time_decay": LIGHT_BLUE,
    "data_driven": BLUE,
}
_TRUTH: Final = "truth (simulated)"


def credits_by_model(engine: Engine) -> Picture:
    """First-year revenue credited to each channel by each model; beside them the truth, where it is known."""
    found = table(
        engine,
        """
        select channel, attribution_model, sum(credited_revenue)
        from facts.fact_attribution__credits
        group by channel, attribution_model
        order by channel, attribution_model
        """,
        ("channel", "model", "revenue"),
    )
    models = series(found["model"], found["channel"], found["revenue"], _MODELS)
    truth = _truth(engine)
    order = truth or models["data_driven"]
    channels = sorted(set(found["channel"]), key=lambda channel: order.get(channel, 0.0))
    figure = go.Figure()
    for model, amounts in models.items():
        _dots(figure, words(model), channels, amounts, {"color": _MODELS.get(model, GREEN), "size": 11})
    if truth:
        _dots(figure, _TRUTH, channels, truth, {"color": INK, "size": 15, "symbol": "line-ns-open"})
        figure.data[-1].marker.line.width = 3
    figure.update_layout(xaxis_title="US dollars of first-year revenue", **in_dollars("x"))
    figure.update_xaxes(rangemode="tozero")
    return Picture(styled(figure, height=400), _nearest(models, truth))


def _dots(
    figure: go.Figure, name: str, channels: list[Any], amounts: dict[Any, float], marker: dict[str, Any]
) -> None:
    figure.add_scatter(
        x=[amounts.get(channel, 0.0) for channel in channels],
        y=[words(channel) for channel in channels],
        name=name,
        mode="markers",
        marker=marker,
        hovertemplate="%{fullData.name}: %{x:$,.0f}<extra></extra>",
    )


def _truth(engine: Engine) -> dict[Any, float]:
    """Revenue by the channel that moved the lead most; empty for a company that was not simulated."""
    [(known,)] = engine.rows(
        "select count(*) from information_schema.tables "
        "where table_schema = 'truth' and table_name = 'conversions'"
    )
    if not known:
        return {}
    found = table(
        engine,
        """
        select truth.true_channel, sum(conversions.revenue)
        from facts.fact_leads__conversions as conversions
        inner join truth.conversions as truth on conversions.account_id = truth.account_id
        group by truth.true_channel
        order by truth.true_channel
        """,
        ("channel", "revenue"),
    )
    return dict(zip(found["channel"], found["revenue"], strict=True))


def _nearest(models: dict[Any, dict[Any, float]], truth: dict[Any, float]) -> str:
    total = sum(truth.values())
    if not total:
        return ""
    wrong = {
        model: sum(abs(amounts.get(channel, 0.0) - truth.get(channel, 0.0)) for channel in {*amounts, *truth})
        for model, amounts in models.items()
        if amounts
    }
    best = min(wrong, key=wrong.__getitem__)
    worst = max(wrong, key=wrong.__getitem__)
    return (
        f"The {words(best)} model is nearest to the truth: it gives {percent(wrong[best] / 2, total):.0f} % of the "
        f"revenue to the wrong channel, {words(worst)} {percent(wrong[worst] / 2, total):.0f} %."
    )


def spend(engine: Engine) -> Picture:
    """What each paid platform cost, and the revenue that two models credit to its campaigns."""
    found = table(
        engine,
        """
        select platform, sum(total_spend), sum(last_touch_revenue), sum(data_driven_revenue)
        from entity.entity_campaigns
        where total_spend is not null
        group by platform
        order by sum(data_driven_revenue), platform
        """,
        ("platform", "spend", "last_touch", "data_driven"),
    )
    figure = go.Figure()
    for part, name, colour in (
        ("data_driven", "revenue, data driven", BLUE),
        ("last_touch", "revenue, last touch", RED),
        ("spend", "spend", GREY),
    ):
        figure.add_bar(
            x=found[part],
            y=[f"{platform} " for platform in found["platform"]],
            orientation="h",
            name=name,
            marker_color=colour,
            text=[dollars(amount) for amount in found[part]],
            textposition="outside",
            cliponaxis=False,
            textfont={"color": INK},
            hovertemplate="%{fullData.name}: %{x:$,.0f}<extra></extra>",
        )
    figure.update_yaxes(showgrid=False)
    most = max([*found["data_driven"], *found["last_touch"], *found["spend"]], default=1)
    figure.update_layout(
        barmode="group",
        xaxis_title="US dollars, all campaigns since their start",
        xaxis_range=[0, 1.18 * most],
        **in_dollars("x"),
    )
    styled(figure, height=380).update_layout(legend_traceorder="reversed")
    return Picture(figure, _returns(found))


def _returns(found: dict[str, list[Any]]) -> str:
    rates = {
        platform: revenue / cost
        for platform, cost, revenue in zip(
            found["platform"], found["spend"], found["data_driven"], strict=True
        )
        if cost
    }
    if len(rates) < 2:
        return ""
    best, worst = max(rates, key=rates.__getitem__), min(rates, key=rates.__getitem__)
    return (
        f"A dollar on {best} brings {dollars(rates[best])} in a customer's first year, "
        f"one on {worst} {dollars(rates[worst])} (data driven)."
    )


CHANNELS: Final = (
    Chart(
        "channels-credits",
        "Which channel brings the revenue?",
        "First-year revenue of won customers as six attribution models divide it among channels. In a simulated "
        "company the black lines show the channel that really moved each lead most (schema truth).",
        credits_by_model,
    ),
    Chart(
        "channels-spend",
        "What does advertising bring back?",
        "Spend of each platform's campaigns, and the first-year revenue that they are credited with.",
        spend,
    ),
)
