"""Put the page together: figures, tests, quarantine and timings in one file that needs no network."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import jinja2
import plotly.io
from plotly.offline import get_plotlyjs

from brewhouse import __version__
from brewhouse.report.charts import Section, Sheet
from brewhouse.report.commerce import COMMERCE
from brewhouse.report.saas import SAAS
from brewhouse.report.sandbox import SANDBOX
from brewhouse.simulate.engine.dataset import write_atomically
from brewhouse.summary import Summary
from brewhouse.transform.results import BuildResult, NodeResult
from brewhouse.warehouse.engine import Engine
from brewhouse.warehouse.reading import open_engine

_TEMPLATE: Final = Path(__file__).with_name("page.html.j2")
_SHEETS: Final = {"commerce": COMMERCE, "saas": SAAS, "sandbox": SANDBOX}
_ORDER: Final = {"fail": 0, "error": 1, "skipped": 2, "warn": 3, "pass": 4}
_CONFIG: Final = {"displayModeBar": False, "responsive": True}


def write_report(summary: Summary) -> Path:
    """Write the project's report.html from the published warehouse; returns its path.

    Raises ``DiskError``.
    """
    project = summary.project
    sheet = _SHEETS.get(project.settings.blueprint, Sheet({}, ()))
    with open_engine(project, command="brewhouse run") as engine:
        sections = _sections(engine, sheet.sections)
        facts = _facts(engine, sheet, summary)
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(_TEMPLATE.read_text()).render(
        plotly_js=get_plotlyjs(),
        version=__version__,
        project=project.root.name,
        blueprint=project.settings.blueprint,
        facts=facts,
        sections=sections,
        tests=_tests(summary.build) if summary.build else [],
        quarantined=summary.quarantined,
        steps=[(step, seconds) for step, seconds in summary.steps.items()],
        build=summary.build,
        slowest=_slowest(summary.build) if summary.build else [],
    )
    write_atomically(project.report, page.encode())
    return project.report


def _sections(engine: Engine, sections: tuple[Section, ...]) -> list[dict[str, Any]]:
    """The pictures by subject; one whose tables the user has dropped is left out."""
    shown = []
    for section in sections:
        pictures = []
        for chart in section.charts:
            with suppress(*engine.errors):
                picture = chart.draw(engine)
                html = plotly.io.to_html(
                    picture.figure, include_plotlyjs=False, full_html=False, config=_CONFIG, div_id=chart.name
                )
                pictures.append({"chart": chart, "finding": picture.finding, "html": html})
        if pictures:
            shown.append({"title": section.title, "pictures": pictures})
    return shown


def _facts(engine: Engine, sheet: Sheet, summary: Summary) -> list[tuple[str, str]]:
    """The figures at the top of the page; one whose table the user has dropped is left out."""
    facts = []
    for name, sql in sheet.facts.items():
        with suppress(*engine.errors):
            [(value,)] = engine.rows(sql)
            if value is not None:
                facts.append(
                    (name, f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else f"{value:,}")
                )
    quarantined = sum(rows for _, _, rows in summary.quarantined)
    return [*facts, ("rows in quarantine", f"{quarantined:,}")]


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
