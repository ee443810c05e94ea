"""The page of lags, in a real browser: what the watch knows is what it shows, live."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.integration.test_dynamic_kill import wait_for
from tests.integration.test_dynamic_project import ITEMS, ORDERS, send
from tests.support.dynamic_project import NAMES, fill_file, make_project
from tests.support.shop import item, order

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=4000",
    "--hide-scrollbars", "--window-size=1200,900",
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    place = Place(make_project(tmp_path_factory.mktemp("served") / "shop"))
    fill_file(place.warehouse, {"orders": ORDERS, "order_items": ITEMS})
    built = place.brewhouse("build")
    assert built.code == 0, built.err + built.out
    process = subprocess.Popen(
        [sys.executable, "-m", "brewhouse", "refresh", "--watch", "--serve"],
        cwd=place.root,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    assert address
    try:
        wait_for(lambda: len(status(address[0])["tables"]) == len(NAMES))
        send(place, "orders", "inserts", [order(100)])
        send(place, "order_items", "inserts", [item(300)])
        wait_for(lambda: any(row["real_lag_seconds"] for row in status(address[0])["tables"]), 120)
        yield place, address[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def status(address: str) -> dict[str, list[dict[str, object]]]:
    with urllib.request.urlopen(f"{address}status.json", timeout=10) as answer:  # noqa: S310  # our own
        found: dict[str, list[dict[str, object]]] = json.load(answer)
        return found


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium")
def test_the_page_shows_what_the_watch_knows(served: tuple[Place, str]) -> None:
    place, address = served
    before = status(address)
    with tempfile.TemporaryDirectory() as profile:
        shown = subprocess.run(
            [str(CHROMIUM), *OPTIONS, f"--user-data-dir={profile}", "--dump-dom", address],
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout  # fmt: skip
    tables, history = (
        re.search(rf'<table id="{name}">.*?</table>', shown, re.DOTALL) for name in ("tables", "history")
    )
    assert tables
    assert history
    for name in NAMES:
        assert f"<td>{name}</td>" in tables[0]
    assert tables[0].count("<meter") == len(NAMES)
    assert tables[0].count("on time") == len(NAMES)
    known = [*before["tables"], *status(address)["tables"]]
    for name in NAMES:
        row = re.search(rf"<td>{name}</td>.*?<td>([\d.]+) s ", tables[0], re.DOTALL)
        assert row
        real = [one["real_lag_seconds"] for one in known if str(one["table"]).endswith(f".{name}")]
        assert any(abs(float(row[1]) - lag) <= 0.0501 for lag in real if isinstance(lag, float)), name
    [(reasons,)] = place.ask("select list(distinct reason) from brewhouse_dynamic.refresh_history")
    for reason in reasons:
        assert f">{reason}</td>" in history[0]
    assert "live, " in shown


@pytest.mark.slow
def test_nobody_else_is_answered(served: tuple[Place, str]) -> None:
    _, address = served
    for path, host, code in (("nothing", None, 404), ("status.json", "evil.example", 403)):
        request = urllib.request.Request(f"{address}{path}", headers={"Host": host} if host else {})  # noqa: S310
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)  # noqa: S310  # our own
        assert refused.value.code == code


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium")
def test_the_picture_can_be_taken(served: tuple[Place, str], tmp_path: Path) -> None:
    picture = tmp_path / "lags.png"
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [str(CHROMIUM), *OPTIONS, f"--user-data-dir={profile}", f"--screenshot={picture}", served[1]],
            check=True, stderr=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
