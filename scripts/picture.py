"""Take the picture of the report that the README shows: docs/images/report.png, from demo/report.html."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "demo" / "report.html"
PICTURE = ROOT / "docs" / "images" / "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=15000",
    "--hide-scrollbars", "--window-size=1100,1885",
)  # fmt: skip


def main() -> int:
    """Needs a Chromium and a finished demo; returns 1 without."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or not REPORT.is_file():
        sys.stderr.write("Needs a Chromium, and the report of `make demo`.\n")
        return 1
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [browser, *OPTIONS, f"--user-data-dir={profile}", f"--screenshot={PICTURE}", REPORT.as_uri()],
            check=True,
            stderr=subprocess.DEVNULL,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
