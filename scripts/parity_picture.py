"""Take the picture of parity's page for the docs: docs/images/parity.png, of the case that the platform began with."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from brewhouse import __version__
from brewhouse.render.parity import FORMATS, Options
from scripts.picture import BROWSERS, OPTIONS
from tests.integration.test_parity_reference_report import fill, project
from tests.support.parity import duckdb_bench

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "parity.png"
SIZE = "--window-size=1100,1000"


def main() -> int:
    """Needs a Chromium; returns 1 without."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.stderr.write("Needs a Chromium.\n")
        return 1
    with duckdb_bench() as bench:
        fill(bench)
        verdict = bench.verdict(project(bench, sources=True))
    options = Options(project="beer taps", warehouse="warehouse.duckdb", version=__version__)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "parity.html")
        page.write_text(FORMATS["html"](verdict, options), encoding="utf-8")
        more = [SIZE, f"--user-data-dir={folder}/profile", f"--screenshot={PICTURE}"]
        subprocess.run([browser, *OPTIONS, *more, page.as_uri()], check=True, stderr=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
