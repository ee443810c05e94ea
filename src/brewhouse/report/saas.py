"""The pictures of the saas blueprint: what its sources say, and what the simulator knows."""

from __future__ import annotations

from typing import Final

import plotly.graph_objects as go

from brewhouse.report.charts import AMBER, BLUE, GREEN, GREY, RED, Chart, Sheet, columns, styled
from brewhouse.warehouse.engine import Engine


def invoiced(engine: Engine) -> go.Figure:
    """Invoices a month by what became of them."""
    found = columns(
        engine,
        """
        select
            date_trunc('month', invoice_created_at) as month,
            sum(amount_paid_usd),
            sum(total_usd) filter (where status = 'uncollectible'),
            sum(total_usd) filter (where status = 'open')
        from staging.stg_stripe__invoices
        group by 1
        order by 1
        """,
    )
    figure = go.Figure()
    if found:
        month, paid, lost, pending = found
        figure.add_bar(x=month, y=paid, name="paid", marker_color=GREEN)
        figure.add_bar(x=month, y=pending, name="open", marker_color=AMBER)
        figure.add_bar(x=month, y=lost, name="given up", marker_color=RED)
    figure.update_layout(barmode="stack")
    figure.update_yaxes(title_text="USD a month")
    return styled(figure, height=340)


def movements(engine: Engine) -> go.Figure:
    """MRR gained and lost a month, by class of movement, as the simulator knows it."""
    found = columns(
        engine,
        """
        select
            date_trunc('month', moved_at) as month,
            sum(mrr - mrr_before) filter (where movement = 'new'),
            sum(mrr - mrr_before) filter (where movement in ('expansion', 'reactivation')),
            sum(mrr - mrr_before) filter (where movement = 'contraction'),
            sum(mrr - mrr_before) filter (where movement = 'churned')
        from truth.mrr
        group by 1
        order by 1
        """,
    )
    figure = go.Figure()
    if found:
        month, new, grown, shrunk, gone = found
        figure.add_bar(x=month, y=new, name="new", marker_color=GREEN)
        figure.add_bar(x=month, y=grown, name="expansion and return", marker_color=BLUE)
        figure.add_bar(x=month, y=shrunk, name="contraction", marker_color=AMBER)
        figure.add_bar(x=month, y=gone, name="churned", marker_color=RED)
    figure.update_layout(barmode="relative")
    figure.update_yaxes(title_text="USD of MRR")
    return styled(figure, height=340)


def machines(engine: Engine) -> go.Figure:
    """Devices that report themselves offline, a week."""
    found = columns(
        engine,
        """
        select date_trunc('week', event_timestamp) as week, count(*)
        from staging.stg_app_database__tap_events
        where event_type = 'alert'
        group by 1
        order by 1
        """,
    )
    figure = go.Figure()
    if found:
        week, alerts = found
        figure.add_bar(x=week, y=alerts, marker_color=RED)
    figure.update_yaxes(title_text="alerts a week")
    return styled(figure, height=280)


def channels(engine: Engine) -> go.Figure:
    """Share of qualified leads that become customers, by the channel of their last touch."""
    found = columns(
        engine,
        """
        select lead_source, 100.0 * count(account_id) / count(*), count(*)
        from staging.stg_marketing__marketing_qualified_leads
        group by 1
        order by 2
        """,
    )
    figure = go.Figure()
    if found:
        channel, share, leads = found
        texts = [f"{count:,} leads" for count in leads]
        figure.add_bar(x=share, y=channel, orientation="h", text=texts, marker_color=GREY)
    figure.update_xaxes(title_text="% become customers")
    return styled(figure, height=320)


SAAS: Final = Sheet(
    facts={
        "as of (UTC)": "select max(as_of) from staging.as_of",
        "accounts": "select count(*) from staging.stg_app_database__accounts",
        "venues": "select count(*) from staging.stg_app_database__locations",
        "devices": "select count(*) from staging.stg_app_database__devices",
        "tap events": "select count(*) from staging.stg_app_database__tap_events",
        "MRR in USD": "select sum(normalized_mrr) from staging.stg_app_database__subscriptions",
    },
    charts=(
        Chart("Money", "Stripe invoices by month and what became of them, staged.", invoiced),
        Chart("MRR", "Movements of monthly recurring revenue, from the simulator's ledger.", movements),
        Chart(
            "Machines", "Alerts of devices: one week stands out, when one firmware version failed.", machines
        ),
        Chart("Market", "Qualified leads by the channel of their last touch.", channels),
    ),
)
