"""Devices in the customers' venues: their uptime, which firmware failed, what is wrong today."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go

from brewhouse.report.charts import (
    AMBER,
    BLUE,
    GREY,
    INK,
    RED,
    Chart,
    Picture,
    percent,
    styled,
    table,
    words,
)
from brewhouse.warehouse.engine import Engine

_SEVERITIES: Final = {"critical": RED, "warning": AMBER, "info": GREY}


def uptime(engine: Engine) -> Picture:
    """Share of the time in service in which devices were up, week by week."""
    found = table(
        engine,
        """
        select week_start_date, sum(service_seconds), sum(downtime_seconds), sum(total_devices)
        from entity.entity_locations_weekly
        group by week_start_date
        having sum(service_seconds) > 0
        order by week_start_date
        """,
        ("week", "service", "downtime", "devices"),
    )
    shares = [
        percent(service - downtime, service)
        for service, downtime in zip(found["service"], found["downtime"], strict=True)
    ]
    figure = go.Figure()
    figure.add_scatter(
        x=found["week"],
        y=shares,
        customdata=found["devices"],
        name="uptime",
        mode="lines",
        line={"color": BLUE, "width": 2},
        hovertemplate="week of %{x|%d %b %Y}: %{y:.2f} % of %{customdata:,} devices' time<extra></extra>",
    )
    finding = ""
    if shares:
        worst = min(range(len(shares)), key=shares.__getitem__)
        week = found["week"][worst]
        figure.add_annotation(
            x=week,
            y=shares[worst],
            text=f"{shares[worst]:.1f} %",
            xanchor="right",
            xshift=-8,
            showarrow=False,
            font={"color": RED},
        )
        figure.add_scatter(
            x=[week],
            y=[shares[worst]],
            name="worst week",
            mode="markers",
            marker={"color": RED, "size": 9},
            hoverinfo="skip",
        )
        median = sorted(shares)[len(shares) // 2]
        finding = (
            f"In a usual week devices are up {median:.2f} % of the time; "
            f"in the worst one, that of {week.day} {week:%B %Y}, it was {shares[worst]:.1f} %."
        )
    figure.update_layout(showlegend=False)
    figure.update_yaxes(title_text="% of the time in service", ticksuffix=" %")
    return Picture(styled(figure, height=300), finding)


def firmware(engine: Engine) -> Picture:
    """Stops per 100 devices of each firmware: on the day with most of them, and on all others."""
    found = table(
        engine,
        """
        with

        days as (
            select cast(failed_at as date) as failed_on, count(*) as stops
            from facts.fact_devices__downtimes
            group by cast(failed_at as date)
        ),

        worst as (
            select failed_on from days order by stops desc, failed_on limit 1
        ),

        stops as (
            select
                downtimes.device_id,
                sum(case when worst.failed_on is null then 1 else 0 end) as usual,
                sum(case when worst.failed_on is null then 0 else 1 end) as worst
            from facts.fact_devices__downtimes as downtimes
            left join worst on cast(downtimes.failed_at as date) = worst.failed_on
            group by downtimes.device_id
        )

        select
            devices.firmware_version,
            count(*),
            coalesce(sum(stops.usual), 0),
            coalesce(sum(stops.worst), 0),
            (select failed_on from worst)
        from entity.entity_devices as devices
        left join stops on devices.device_id = stops.device_id
        group by devices.firmware_version
        order by devices.firmware_version desc
        """,
        ("version", "devices", "usual", "worst", "day"),
    )
    day = (
        f"{found['day'][0].day} {found['day'][0]:%b %Y}"
        if found["day"] and found["day"][0]
        else "the worst day"
    )
    figure = go.Figure()
    for part, name, colour in (("usual", "all other days", GREY), ("worst", day, RED)):
        figure.add_bar(
            x=[percent(stops, devices) for stops, devices in zip(found[part], found["devices"], strict=True)],
            y=[f"{version} " for version in found["version"]],
            customdata=found[part],
            orientation="h",
            name=name,
            marker_color=colour,
            hovertemplate="%{fullData.name}: %{customdata:,} stops, %{x:.0f} per 100 devices<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title_text="stops per 100 devices, lifetime")
    figure.update_yaxes(title_text="firmware", type="category", showgrid=False)
    return Picture(styled(figure, height=340), _culprit(found, day))


def _culprit(found: dict[str, list[Any]], day: str) -> str:
    total = sum(found["worst"])
    if not total:
        return ""
    most = max(range(len(found["worst"])), key=found["worst"].__getitem__)
    version = found["version"][most]
    return f"{found['worst'][most]:,} of the {total:,} stops of {day} were devices with firmware {version}."


def alerts(engine: Engine) -> Picture:
    """Devices in service by the most urgent thing that is wrong with them."""
    found = table(
        engine,
        """
        select primary_alert, primary_severity, count(*), (
            select count(*) from mart.operations_device_monitoring
        )
        from mart.operations_device_monitoring
        where primary_alert is not null
        group by primary_alert, primary_severity
        order by count(*), primary_alert
        """,
        ("alert", "severity", "devices", "fleet"),
    )
    figure = go.Figure()
    most = max(found["devices"], default=1)
    for severity, colour in _SEVERITIES.items():
        chosen = [row for row, value in enumerate(found["severity"]) if value == severity]
        figure.add_bar(
            x=[found["devices"][row] for row in chosen],
            y=[words(found["alert"][row]) for row in chosen],
            text=[f"{found['devices'][row]:,}" for row in chosen],
            textposition="outside",
            cliponaxis=False,
            orientation="h",
            name=severity,
            marker_color=colour,
            textfont={"color": INK},
            hovertemplate="%{x:,} devices<extra></extra>",
        )
    figure.update_yaxes(
        categoryorder="array", categoryarray=[words(alert) for alert in found["alert"]], showgrid=False
    )
    figure.update_layout(xaxis_title="devices", xaxis_range=[0, 1.15 * most], barmode="overlay")
    finding = ""
    if found["fleet"]:
        urgent = sum(
            count
            for count, severity in zip(found["devices"], found["severity"], strict=True)
            if severity != "info"
        )
        finding = f"{urgent:,} of {found['fleet'][0]:,} devices in service have a warning or worse."
    return Picture(styled(figure, height=340), finding)


DEVICES: Final = (
    Chart(
        "devices-uptime",
        "Do the devices run?",
        "Time up as a share of the time in service, all devices together, week by week.",
        uptime,
    ),
    Chart(
        "devices-firmware",
        "Which firmware fails?",
        "Stops per 100 devices of each version; the day with most stops of all is shown apart.",
        firmware,
        wide=False,
    ),
    Chart(
        "devices-alerts",
        "What is wrong today?",
        "Devices in service by their most urgent alert.",
        alerts,
        wide=False,
    ),
)
