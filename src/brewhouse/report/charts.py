"""The pictures of the sandbox blueprint, each a function from the warehouse to a Plotly figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import plotly.graph_objects as go
from plotly.subplots import make_subplots

AMBER: Final = "#c77d0a"
BLUE: Final = "#2f6f9f"
GREEN: Final = "#4b8b5b"
GREY: Final = "#b8b2a7"
RED: Final = "#b5483a"

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Chart:
    """A figure under a title, with one sentence that says how to read it."""

    title: str
    caption: str
    draw: Callable[[Connection], go.Figure]


def _columns(connection: Connection, sql: str) -> list[list[Any]]:
    """The result of a query, a list per column; decimals as floats, for drawing only."""
    rows = connection.execute(sql).fetchall()
    return [list(column) for column in zip(*rows, strict=True)] if rows else []


def daily(connection: Connection) -> go.Figure:
    """Revenue per day and active users, with seven-day means."""
    columns = _columns(
        connection,
        """
        select
            report_date,
            daily_revenue::double,
            avg(daily_revenue) over week,
            active_users,
            avg(active_users) over week
        from marts.daily_summary
        window week as (order by report_date rows between 6 preceding and current row)
        order by report_date
        """,
    )
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.09)
    if columns:
        day, revenue, revenue_week, users, users_week = columns
        figure.add_bar(x=day, y=revenue, name="per day", marker_color=GREY, row=1, col=1)
        figure.add_scatter(
            x=day, y=revenue_week, name="revenue, 7-day mean", line={"color": AMBER}, row=1, col=1
        )
        figure.add_bar(x=day, y=users, showlegend=False, marker_color=GREY, row=2, col=1)
        figure.add_scatter(
            x=day, y=users_week, name="active users, 7-day mean", line={"color": BLUE}, row=2, col=1
        )
    figure.update_yaxes(title_text="USD a day", row=1, col=1)
    figure.update_yaxes(title_text="users a day", row=2, col=1)
    return _styled(figure, height=460)


def cohorts(connection: Connection) -> go.Figure:
    """Share of each sign-up month by what became of its users, and the share that bought."""
    columns = _columns(
        connection,
        """
        select
            strftime(cohort_month, '%Y-%m') || '<br>' || cohort_size,
            active_retention_rate_pct::double,
            (engaged_retention_rate_pct - active_retention_rate_pct)::double,
            (100 - engaged_retention_rate_pct)::double,
            buyer_conversion_rate_pct::double
        from marts.cohort_summary
        order by cohort_month
        """,
    )
    figure = go.Figure()
    if columns:
        month, active, engaged, other, buyers = columns
        figure.add_bar(x=month, y=active, name="active", marker_color=GREEN)
        figure.add_bar(x=month, y=engaged, name="engaged", marker_color=BLUE)
        figure.add_bar(x=month, y=other, name="new, dormant or inactive", marker_color=GREY)
        figure.add_scatter(x=month, y=buyers, name="has bought", line={"color": AMBER})
    figure.update_layout(barmode="stack")
    figure.update_yaxes(title_text="% of the cohort", range=[0, 100])
    return _styled(figure, height=380)


def products(connection: Connection) -> go.Figure:
    """Revenue by product category."""
    columns = _columns(
        connection,
        "select product_category, total_revenue::double, total_orders from marts.product_summary "
        "order by total_revenue",
    )
    figure = go.Figure()
    if columns:
        category, revenue, orders = columns
        texts = [f"{count:,} orders" for count in orders]
        figure.add_bar(x=revenue, y=category, orientation="h", text=texts, marker_color=AMBER)
    figure.update_xaxes(title_text="USD")
    return _styled(figure, height=280)


def channels(connection: Connection) -> go.Figure:
    """Revenue per user by the channel that brought them: channels differ in quality."""
    columns = _columns(
        connection,
        """
        select referrer_source, (sum(total_revenue) / count(*))::double as per_user, count(*)
        from marts.user_metrics
        group by referrer_source
        order by per_user
        """,
    )
    figure = go.Figure()
    if columns:
        channel, revenue, users = columns
        texts = [f"{count:,} users" for count in users]
        figure.add_bar(x=revenue, y=channel, orientation="h", text=texts, marker_color=BLUE)
    figure.update_xaxes(title_text="USD a user")
    return _styled(figure, height=320)


SANDBOX: Final = (
    Chart("Daily", "Orders' revenue and the users with at least one event, per day (UTC).", daily),
    Chart("Cohorts", "Users by the month of their sign-up (below it their number), as of the last data.", cohorts),
    Chart("Products", "Revenue of all valid orders.", products),
    Chart("Channels", "Revenue per user by the channel of the sign-up.", channels),
)  # fmt: skip


def _styled(figure: go.Figure, *, height: int) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 60, "r": 20, "t": 20, "b": 50},
        template="plotly_white",
        font={"family": "system-ui, sans-serif", "size": 13},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
    )
    return figure
