"""Put the page together: figures, tests, quarantine and timings in one file that needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb
import jinja2
import plotly.io
from plotly.offline import get_plotlyjs

from brewhouse import __version__
from brewhouse.report.charts import SANDBOX, Chart
from brewhouse.simulate.engine.dataset import write_atomically
from brewhouse.summary import Summary
from brewhouse.transform.results import BuildResult, NodeResult
from brewhouse.warehouse.duckdb import connect

_TEMPLATE: Final = Path(__file__).with_name("page.html.j2")
_CHARTS: Final[dict[str, tuple[Chart, ...]]] = {"sandbox": SANDBOX}
_ORDER: Final = {"fail": 0, "error": 1, "skipped": 2, "warn": 3, "pass": 4}
_CONFIG: Final = {"displayModeBar": False, "responsive": True}


def write_report(summary: Summary) -> Path:
    """Write the project's report.html from the published warehouse; returns its path.

    Raises ``DiskError``.
    """
    project = summary.project
    connection = connect(project.warehouse, read_only=True, command="brewhouse run")
    try:
        figures = [
            {"title": chart.title, "caption": chart.caption, "html": _figure(chart, connection)}
            for chart in _CHARTS.get(project.settings.blueprint, ())
        ]
        facts = _facts(connection, summary)
    finally:
        connection.close()
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(_TEMPLATE.read_text()).render(
        plotly_js=get_plotlyjs(),
        version=__version__,
        project=project.root.name,
        blueprint=project.settings.blueprint,
        facts=facts,
        figures=figures,
        tests=_tests(summary.build) if summary.build else [],
        quarantined=summary.quarantined,
        steps=[(step, seconds) for step, seconds in summary.steps.items()],
        build=summary.build,
        slowest=_slowest(summary.build) if summary.build else [],
    )
    write_atomically(project.report, page.encode())
    return project.report


def _figure(chart: Chart, connection: duckdb.DuckDBPyConnection) -> str:
    html: str = plotly.io.to_html(
        chart.draw(connection), include_plotlyjs=False, full_html=False, config=_CONFIG
    )
    return html


def _facts(connection: duckdb.DuckDBPyConnection, summary: Summary) -> list[tuple[str, str]]:
    """The figures at the top of the page."""
    row = connection.execute(
        """
        select
            (select max(as_of) from staging.as_of),
            (select count(*) from marts.user_metrics),
            (select sum(total_events) from marts.daily_summary),
            (select sum(total_orders) from marts.product_summary),
            (select sum(total_revenue) from marts.product_summary)
        """
    ).fetchone()
    as_of, users, events, orders, revenue = row or (None, 0, 0, 0, 0)
    quarantined = sum(rows for _, _, rows in summary.quarantined)
    return [
        ("as of (UTC)", f"{as_of:%Y-%m-%d %H:%M}"),
        ("users", f"{users:,}"),
        ("events", f"{events:,}"),
        ("orders", f"{orders:,}"),
        ("revenue in USD", f"{revenue:,}"),
        ("rows in quarantine", f"{quarantined:,}"),
    ]


def _tests(build: BuildResult) -> list[dict[str, Any]]:
    """Tests, the worst first."""
    found = [node for node in build.nodes if node.kind in ("test", "unit_test")]
    found.sort(key=lambda node: (_ORDER.get(node.status, 9), node.name))
    return [
        {
            "status": node.status,
            "name": node.name,
            "kind": "unit test" if node.kind == "unit_test" else "data test",
            "failures": node.failures,
            "reason": node.reason or node.message,
        }
        for node in found
    ]


def _slowest(build: BuildResult, count: int = 8) -> list[NodeResult]:
    return sorted(build.nodes, key=lambda node: -node.engine_seconds)[:count]
