"""Monthly recurring revenue: its level, what moved it, and how a year came about."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go

from brewhouse.report.charts import (
    AMBER,
    BLUE,
    GREEN,
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
)
from brewhouse.warehouse.engine import Engine

_PLANS: Final = {"starter": LIGHT_GREEN, "professional": GREEN, "business": LIGHT_BLUE, "enterprise": BLUE}
_GAINS: Final = {"new": GREEN, "expansion": LIGHT_GREEN, "reactivation": BLUE}
_LOSSES: Final = {"contraction": AMBER, "churned": RED}
_MOVES: Final = (*_GAINS, *_LOSSES)

_MONTHS: Final = """
    select
        month_start_date,
        sum(start_mrr),
        sum(new_mrr),
        sum(expansion_mrr),
        sum(reactivation_mrr),
        -sum(contraction_mrr),
        -sum(churned_mrr),
        sum(monthly_recurring_revenue)
    from entity.entity_subscriptions_monthly
    group by month_start_date
    order by month_start_date
"""


def _months(engine: Engine) -> dict[str, list[Any]]:
    """A list per movement, losses below zero, and the level before and after each month."""
    return table(engine, _MONTHS, ("month", "start", *_MOVES, "end"))


def level(engine: Engine) -> Picture:
    """MRR at the end of each month, by plan."""
    found = table(
        engine,
        """
        select month_end_date, plan_type, sum(monthly_recurring_revenue)
        from entity.entity_subscriptions_monthly
        group by month_end_date, plan_type
        order by month_end_date, plan_type
        """,
        ("day", "plan", "mrr"),
    )
    by_plan = series(found["plan"], found["day"], found["mrr"], _PLANS)
    days = sorted(set(found["day"]))
    figure = go.Figure()
    for plan, amounts in by_plan.items():
        figure.add_scatter(
            x=days,
            y=[amounts.get(day, 0.0) for day in days],
            name=plan,
            stackgroup="plans",
            mode="lines",
            line={"width": 0.5, "color": _PLANS.get(plan, INK)},
            fillcolor=_PLANS.get(plan, INK),
            hovertemplate="%{fullData.name}: %{y:$,.0f}<extra></extra>",
        )
    totals = [sum(amounts.get(day, 0.0) for amounts in by_plan.values()) for day in days]
    figure.update_layout(hovermode="x unified", yaxis_title="US dollars a month", **in_dollars())
    return Picture(styled(figure, height=340), _growth(days, totals))


def _growth(days: list[Any], totals: list[float]) -> str:
    if not days:
        return ""
    now = f"MRR is {dollars(totals[-1])} on {days[-1].day} {days[-1]:%B %Y}"
    if len(days) <= 12 or not totals[-13]:
        return f"{now}."
    change = percent(totals[-1] - totals[-13], totals[-13])
    return f"{now}, {abs(change):.0f} % {'more' if change >= 0 else 'less'} than a year before."


def movements(engine: Engine) -> Picture:
    """What each month gained and lost."""
    found = _months(engine)
    figure = go.Figure()
    for move, colour in (_GAINS | _LOSSES).items():
        figure.add_bar(
            x=found["month"],
            y=found[move],
            name=move,
            marker_color=colour,
            hovertemplate="%{fullData.name}: %{y:$,.0f}<extra></extra>",
        )
    net = [end - start for start, end in zip(found["start"], found["end"], strict=True)]
    figure.add_scatter(
        x=found["month"],
        y=net,
        name="net",
        mode="lines",
        line={"color": INK, "width": 1.5},
        hovertemplate="net: %{y:$,.0f}<extra></extra>",
    )
    figure.update_layout(
        barmode="relative", hovermode="x unified", yaxis_title="US dollars of MRR a month", **in_dollars()
    )
    grown = sum(change > 0 for change in net[-12:])
    finding = f"MRR grew in {grown} of the last {len(net[-12:])} months." if net else ""
    return Picture(styled(figure, height=380), finding)


def year(engine: Engine) -> Picture:
    """From the MRR of a year ago to today's."""
    found = {name: values[-12:] for name, values in _months(engine).items()}
    if not found["month"]:
        return Picture(styled(go.Figure(), height=380))
    sums = {move: sum(found[move]) for move in _MOVES}
    first, last = found["start"][0], found["end"][-1]
    amounts = [first, *sums.values(), last]
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[f"{found['month'][0]:%b %Y}, start", *_MOVES, f"{found['month'][-1]:%b %Y}, end"],
            x=amounts,
            measure=["absolute", *("relative" for _ in sums), "total"],
            text=[dollars(first), *(_signed(amount) for amount in sums.values()), dollars(last)],
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": GREEN}},
            decreasing={"marker": {"color": RED}},
            totals={"marker": {"color": BLUE}},
            connector={"line": {"color": INK, "width": 0.5}},
            hovertemplate="%{y}: %{x:$,.0f}<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    highest = max(first, last, first + sum(max(amount, 0.0) for amount in sums.values()))
    figure.update_layout(xaxis_title="US dollars of MRR", xaxis_range=[0, 1.18 * highest], **in_dollars("x"))
    gained = sum(sums[move] for move in _GAINS)
    share = percent(sums["new"], gained)
    finding = f"New customers brought {share:.0f} % of the {dollars(gained)} gained."
    return Picture(styled(figure, height=380), finding)


def _signed(amount: float) -> str:
    return dollars(amount) if amount < 0 else f"+{dollars(amount)}"


MRR: Final = (
    Chart(
        "mrr-level",
        "How much do we earn a month?",
        "Monthly recurring revenue at the end of each month, by plan.",
        level,
    ),
    Chart(
        "mrr-movements",
        "What moved it, month by month?",
        "Gains above the line, losses below it; the black line is what remains.",
        movements,
        wide=False,
    ),
    Chart(
        "mrr-year",
        "Where did the last twelve months take us?",
        "All movements of twelve months, from the level before to the level after.",
        year,
        wide=False,
    ),
)
