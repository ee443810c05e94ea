"""The report, opened as a person would: from disk, in a real browser, without a network."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from brewhouse.report.saas import SAAS
from tests.conftest import Place

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

OFFLINE = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=15000",
)  # fmt: skip


def browse(page: Path, profile: Path, *more: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    return subprocess.run(
        [CHROMIUM, *OFFLINE, f"--user-data-dir={profile}", *more, page.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_draws_all_pictures_without_a_network(built: Place, tmp_path: Path) -> None:
    done = browse(built.root / "report.html", tmp_path, "--dump-dom", "--enable-logging=stderr", "--v=0")
    page = done.stdout
    for title in ("Daily", "Cohorts", "Products", "Channels", "Tests", "Quarantine", "Time"):
        assert f"<h2>{title}</h2>" in page
    pictures = re.findall(r'<svg class="main-svg"', page)
    assert len(pictures) >= 4
    assert page.count('class="point"') > 300, "bars of a year of days are drawn"
    assert "Uncaught" not in done.stderr


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_draws_the_saas_company_at_any_width(built_saas: Place, tmp_path: Path, width: int) -> None:
    """Each picture is drawn, in what its place on the page has, and nothing makes the page wider than the window."""
    page = built_saas.root / "report.html"
    probe = tmp_path / "probe.html"
    probe.write_text(
        f"<iframe id=page src='{page.as_uri()}' style='width:{width}px;height:900px;border:0'></iframe>"
        "<script>addEventListener('load', () => setTimeout(() => {"
        "const root = document.getElementById('page').contentDocument.documentElement;"
        "const plots = [...root.querySelectorAll('.plotly-graph-div')];"
        "document.title = JSON.stringify({beyond: root.scrollWidth - root.clientWidth, drawn: plots.filter("
        "plot => plot.querySelector('svg.main-svg') && plot.scrollWidth <= plot.parentElement.clientWidth + 1"
        ").map(plot => plot.id)})}, 3000))</script>"
    )
    done = browse(probe, tmp_path / "profile", "--dump-dom", "--allow-file-access-from-files")
    found = json.loads(html.unescape(done.stdout.split("<title>")[1].split("</title>")[0]))
    names = [chart.name for section in SAAS.sections for chart in section.charts]
    assert found == {"beyond": 0, "drawn": names}


def test_the_report_shows_what_the_warehouse_holds(built: Place) -> None:
    page = (built.root / "report.html").read_text()
    ((revenue,),) = built.ask("select sum(total_revenue) from marts.product_summary")
    assert f"{revenue:,}" in page
    for (reason,) in built.ask("select distinct reason from quarantine.quarantine_orders"):
        assert reason in page
    warned = re.findall(r'class="tag warn">warn</span></td><td>(\w+)<', page)
    assert any(name.startswith("source_") for name in warned)


def test_the_report_of_a_page_with_markup_in_its_name_is_escaped(place: Place) -> None:
    root = place.root.with_name("<b>bar")
    place.root.rename(root)
    assert Place(root).brewhouse("run", "--quiet").code == 0
    assert "<title>&lt;b&gt;bar" in (root / "report.html").read_text()
