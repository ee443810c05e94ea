"""The pictures of the sandbox blueprint, each a function from the warehouse to a Plotly figure."""

from __future__ import annotations

from typing import Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from brewhouse.report.charts import AMBER, BLUE, GREEN, GREY, Chart, Picture, Section, Sheet, columns, styled
from brewhouse.warehouse.engine import Engine


def daily(engine: Engine) -> Picture:
    """Revenue per day and active users, with seven-day means."""
    found = columns(
        engine,
        """
        select
            report_date,
            daily_revenue,
            avg(daily_revenue) over week,
            active_users,
            avg(active_users) over week
        from marts.daily_summary
        window week as (order by report_date rows between 6 preceding and current row)
        order by report_date
        """,
    )
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.09)
    if found:
        day, revenue, revenue_week, users, users_week = found
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
    return Picture(styled(figure, height=460))


def cohorts(engine: Engine) -> Picture:
    """Share of each sign-up month by what became of its users, and the share that bought."""
    found = columns(
        engine,
        """
        select
            cohort_month,
            cohort_size,
            active_retention_rate_pct,
            (engaged_retention_rate_pct - active_retention_rate_pct),
            (100 - engaged_retention_rate_pct),
            buyer_conversion_rate_pct
        from marts.cohort_summary
        order by cohort_month
        """,
    )
    figure = go.Figure()
    if found:
        begins, sizes, active, engaged, other, buyers = found
        month = [f"{begin:%Y-%m}<br>{size}" for begin, size in zip(begins, sizes, strict=True)]
        figure.add_bar(x=month, y=active, name="active", marker_color=GREEN)
        figure.add_bar(x=month, y=engaged, name="engaged", marker_color=BLUE)
        figure.add_bar(x=month, y=other, name="new, dormant or inactive", marker_color=GREY)
        figure.add_scatter(x=month, y=buyers, name="has bought", line={"color": AMBER})
    figure.update_layout(barmode="stack")
    figure.update_yaxes(title_text="% of the cohort", range=[0, 100])
    return Picture(styled(figure, height=380))


def products(engine: Engine) -> Picture:
    """Revenue by product category."""
    found = columns(
        engine,
        "select product_category, total_revenue, total_orders from marts.product_summary "
        "order by total_revenue",
    )
    figure = go.Figure()
    if found:
        category, revenue, orders = found
        texts = [f"{count:,} orders" for count in orders]
        figure.add_bar(x=revenue, y=category, orientation="h", text=texts, marker_color=AMBER)
    figure.update_xaxes(title_text="USD")
    return Picture(styled(figure, height=280))


def channels(engine: Engine) -> Picture:
    """Revenue per user by the channel that brought them: channels differ in quality."""
    found = columns(
        engine,
        """
        select referrer_source, (sum(total_revenue) / count(*)) as per_user, count(*)
        from marts.user_metrics
        group by referrer_source
        order by per_user
        """,
    )
    figure = go.Figure()
    if found:
        channel, revenue, users = found
        texts = [f"{count:,} users" for count in users]
        figure.add_bar(x=revenue, y=channel, orientation="h", text=texts, marker_color=BLUE)
    figure.update_xaxes(title_text="USD a user")
    return Picture(styled(figure, height=320))


SANDBOX: Final = Sheet(
    facts={
        "as of (UTC)": "select max(as_of) from staging.as_of",
        "users": "select count(*) from marts.user_metrics",
        "events": "select sum(total_events) from marts.daily_summary",
        "orders": "select sum(total_orders) from marts.product_summary",
        "revenue in USD": "select sum(total_revenue) from marts.product_summary",
    },
    sections=(
        Section(
            "Daily",
            (
                Chart(
                    "daily",
                    "How much is sold, and how many are there?",
                    "Orders' revenue and the users with at least one event, per day (UTC).",
                    daily,
                ),
            ),
        ),
        Section(
            "Cohorts",
            (
                Chart(
                    "cohorts",
                    "What became of those who signed up?",
                    "Users by the month of their sign-up (below it their number), as of the last data.",
                    cohorts,
                ),
            ),
        ),
        Section("Products", (Chart("products", "What sells?", "Revenue of all valid orders.", products),)),
        Section(
            "Channels",
            (
                Chart(
                    "channels",
                    "Which channel brings the better users?",
                    "Revenue per user by the channel of the sign-up.",
                    channels,
                ),
            ),
        ),
    ),
)
