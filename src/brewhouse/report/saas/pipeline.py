"""Sales: what is open, and how much of it is usually won."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go

from brewhouse.report.charts import (
    BLUE,
    GREEN,
    GREY,
    INK,
    Chart,
    Picture,
    dollars,
    in_dollars,
    percent,
    styled,
    table,
)
from brewhouse.warehouse.engine import Engine

_QUARTERS: Final = 12


def stages(engine: Engine) -> Picture:
    """Open deals by stage: what they amount to, and what may be expected of them."""
    found = table(
        engine,
        """
        select pipeline_stage, count(*), sum(deal_amount), sum(weighted_amount)
        from mart.mart_sales__pipeline
        where is_open
        group by pipeline_stage
        order by min(conversion_probability) desc, pipeline_stage
        """,
        ("stage", "deals", "amount", "weighted"),
    )
    figure = go.Figure()
    for part, name, colour, width in (
        ("amount", "amount", GREY, 0.75),
        ("weighted", "weighted by the chance to win", BLUE, 0.45),
    ):
        figure.add_bar(
            x=found[part],
            y=found["stage"],
            orientation="h",
            name=name,
            width=width,
            marker_color=colour,
            text=[f"{count:,} deals" for count in found["deals"]] if part == "amount" else None,
            textposition="outside",
            cliponaxis=False,
            textfont={"color": INK},
            hovertemplate="%{fullData.name}: %{x:$,.0f}<extra></extra>",
        )
    figure.update_yaxes(showgrid=False)
    figure.update_layout(
        barmode="overlay",
        xaxis_title="US dollars a year",
        xaxis_range=[0, 1.25 * max(found["amount"], default=1)],
        **in_dollars("x"),
    )
    amount, weighted = sum(found["amount"]), sum(found["weighted"])
    finding = f"Of {dollars(amount)} a year in open deals, {dollars(weighted)} may be expected."
    return Picture(styled(figure, height=340), finding if amount else "")


def win_rate(engine: Engine) -> Picture:
    """Share of the deals closed in each quarter that were won."""
    found = table(
        engine,
        """
        select
            cast(extract(year from closed_at) as bigint),
            cast(extract(quarter from closed_at) as bigint),
            count(*),
            sum(case when is_won then 1 else 0 end)
        from mart.mart_sales__pipeline
        where not is_open and closed_at is not null
        group by extract(year from closed_at), extract(quarter from closed_at)
        order by 1, 2
        """,
        ("year", "quarter", "closed", "won"),
    )
    found = {name: values[-_QUARTERS:] for name, values in found.items()}
    rates = [percent(won, closed) for won, closed in zip(found["won"], found["closed"], strict=True)]
    labels = [
        f"Q{quarter}<br>{year}" if quarter == 1 or row == 0 else f"Q{quarter}"
        for row, (year, quarter) in enumerate(zip(found["year"], found["quarter"], strict=True))
    ]
    figure = go.Figure()
    figure.add_bar(
        x=list(range(len(rates))),
        y=rates,
        customdata=_pairs(found["won"], found["closed"]),
        marker_color=GREEN,
        hovertemplate="%{y:.0f} %: %{customdata[0]:,} of %{customdata[1]:,} closed deals<extra></extra>",
    )
    total = percent(sum(found["won"]), sum(found["closed"]))
    if rates:
        figure.add_hline(y=total, line={"color": INK, "width": 1, "dash": "dot"})
        figure.update_xaxes(tickmode="array", tickvals=list(range(len(rates))), ticktext=labels, tickangle=0)
    figure.update_layout(showlegend=False)
    figure.update_xaxes(title_text="quarter in which the deal was closed", showgrid=False, zeroline=False)
    figure.update_yaxes(title_text="% won", range=[0, max(60, 1.1 * max(rates, default=0))])
    finding = (
        f"{total:.0f} % of {sum(found['closed']):,} closed deals were won (dotted line)." if rates else ""
    )
    return Picture(styled(figure, height=340), finding)


def _pairs(first: list[Any], second: list[Any]) -> list[list[Any]]:
    return [list(pair) for pair in zip(first, second, strict=True)]


PIPELINE: Final = (
    Chart(
        "pipeline-stages",
        "What is in the pipeline?",
        "Open deals by stage, the first stage at the top.",
        stages,
        wide=False,
    ),
    Chart(
        "pipeline-wins",
        "How much of it do we win?",
        "Won deals as a share of all deals that were closed in the quarter.",
        win_rate,
        wide=False,
    ),
)
