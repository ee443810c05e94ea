"""Parity's page, opened as a person would: from disk, in a real browser, without a network."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from brewhouse.parity import Level, Verdict
from brewhouse.render.parity import FORMATS, Options
from tests.integration.test_parity_reference_report import fill, project
from tests.integration.test_report import CHROMIUM, browse
from tests.support.parity import duckdb_bench, quoted

WILD = "</script><img src=x onerror=\"document.title='broken'\">"
PROBE = """<iframe id=page src='{page}' style='width:{width}px;height:900px;border:0'></iframe>
<script>addEventListener('load', () => setTimeout(() => {{
  const inside = document.getElementById('page').contentDocument;
  const type = (name, value) => {{
    const element = inside.getElementById(name);
    element.value = value;
    element.dispatchEvent(new Event('input', {{bubbles: true}}));
  }};
  const rows = () => [...inside.querySelectorAll('#rows tr')].map(row => row.cells[2].textContent);
  const seen = {{title: inside.title, beyond: inside.documentElement.scrollWidth - inside.documentElement.clientWidth,
    all: rows().length}};
  type('code', 'P102'); seen.orphans = rows(); type('code', '');
  type('search', 'stripe charges'); seen.found = rows(); type('search', 'no such thing'); seen.none = rows();
  type('search', ''); type('level', '3'); seen.errors = rows().length;
  document.title = JSON.stringify(seen);
}}, 1500))</script>"""


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    """The case that the platform began with, and a table whose name would like to be a program."""
    with duckdb_bench() as bench:
        fill(bench)
        bench.run(f"create table {quoted('mart', WILD)} (id integer)")
        return bench.verdict(project(bench, sources=True))


def test_the_page_is_one_file_that_asks_nobody() -> None:
    with duckdb_bench() as bench:
        fill(bench)
        page = FORMATS["html"](bench.verdict(project(bench, sources=True)), Options())
    for sign in ("http://", "https://", "@import", "url(", "src="):
        assert sign not in page


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_searches_and_filters(verdict: Verdict, tmp_path: Path, width: int) -> None:
    page, probe = tmp_path / "parity.html", tmp_path / "probe.html"
    page.write_text(FORMATS["html"](verdict, Options(show=Level.INFO)), encoding="utf-8")
    probe.write_text(PROBE.format(page=page.as_uri(), width=width))
    done = browse(probe, tmp_path / "profile", "--dump-dom", "--allow-file-access-from-files")
    seen = json.loads(html.unescape(done.stdout.split("<title>")[1].split("</title>")[0]))
    assert seen.pop("title").startswith("Parity of shop (dbt 1.11.0, duckdb)")
    assert seen == {
        "beyond": 0, "all": 63, "errors": 61, "none": [], "found": ["memory.staging.stg_stripe__charges"],
        "orphans": [f"memory.mart.{WILD}", "memory.staging.stg_iterable__email_events"],
    }  # fmt: skip
