"""``simulate --stream`` as its user types it: what arrives, what is left after a kill, and each mistake."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from brewhouse.cli.app import main
from brewhouse.dynamic.inbox import Inbox
from brewhouse.dynamic.refresh import utc_clock
from brewhouse.project import open_project
from brewhouse.simulate.companies import streaming_company
from brewhouse.stream.outlet import open_outlet
from brewhouse.stream.session import MOST
from tests.conftest import Outcome, Place
from tests.integration.test_dynamic_kill import wait_for
from tests.integration.test_mistakes import is_clear
from tests.support.dynamic_project import differing

BASE = 2**40
NUMBERS = (
    f"select order_key - {BASE} as n, ordered_at as at from truth.orders where order_key >= {BASE} order by 1"
)
TRUTH_TESTS = {"orders_equal_truth", "dirt_is_quarantined", "incomplete_orders_are_those_with_lost_lines"}


@pytest.fixture
def shop(built_commerce: Place, tmp_path: Path) -> Place:
    """A copy of the built shop, to do with as the test likes."""
    shutil.copytree(built_commerce.root, tmp_path / "bar", symlinks=True)
    return Place(tmp_path / "bar")


@pytest.fixture
def bare(built_commerce: Place, tmp_path: Path) -> Place:
    """The built warehouse and settings of the shop, and nothing else."""
    for name in ("brewhouse.toml", "warehouse.duckdb"):
        shutil.copy(built_commerce.root / name, tmp_path / name)
    return Place(tmp_path)


Here = Callable[..., Outcome]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """The command line in this process, which saves a second each."""

    def type_here(folder: Path, *arguments: str, verb: str = "simulate") -> Outcome:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["brewhouse", verb, *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), said.out, said.err)

    return type_here


@contextmanager
def start(
    folder: Path, *options: str, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A stream beside the test, telling of its batches; none outlives the test."""
    command = [sys.executable, "-m", "brewhouse", "simulate", "--json", "--stream", *options]
    with subprocess.Popen(
        command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def lines(outcome: Outcome) -> list[Any]:
    assert outcome.code == 0, outcome.err + outcome.out
    return [json.loads(line) for line in outcome.out.splitlines()]


def inbox(place: Place) -> list[str]:
    return [batch.id for batch in Inbox(place.root / ".brewhouse" / "inbox").waiting()]


def assert_no_gap(found: list[tuple[Any, ...]], count: int) -> None:
    """Each number once, and a clock that goes on from the end of the window."""
    assert [number for number, _ in found] == list(range(count))
    moments = [at for _, at in found]
    assert moments == sorted(set(moments))
    assert dt.datetime(2026, 7, 1) < moments[0]  # noqa: DTZ001  # as the warehouse keeps moments


@pytest.mark.slow
def test_what_was_streamed_is_in_all_tables_and_truth_holds(shop: Place) -> None:
    [(before, days)] = shop.ask(
        "select sum(total_orders), max(order_date_only) from dynamic_tables.daily_business_metrics "
        "where order_date_only <= '2026-06-30'"
    )
    told = lines(shop.brewhouse("simulate", "--stream", "40", "--for", "3", "--json"))
    batches, last = told[:-1], told[-1]
    assert len(batches) >= 3
    assert [batch["first"] for batch in batches] == [0, *(batch["last"] + 1 for batch in batches[:-1])]
    assert (last["streamed"], last["asked_rate"]) == (120, 40)
    assert last["rows"]["orders"] == sum(batch["rows"]["orders"] for batch in batches) >= 110
    assert last["reached_rate"] == pytest.approx(120 / last["seconds"], rel=1e-3)
    assert inbox(shop) == [batch["batch"] for batch in batches]
    assert shop.ask(NUMBERS) == [], "a stream does not touch what is published"

    assert shop.brewhouse("refresh").code == 0
    assert inbox(shop) == []
    assert differing(shop.ask) == {}
    found = shop.ask(NUMBERS)
    assert_no_gap(found, 120)
    assert found[-1][1] == dt.datetime(2026, 7, 1, 0, 0, 3)  # noqa: DTZ001
    arrived = "from raw.orders where _source_file like 'orders/stream-%' and _dlt_load_id = 'stream'"
    assert shop.ask(f"select count(*) {arrived}") == [(last["rows"]["orders"],)]
    assert shop.ask(f"select count(*) {arrived} and _loaded_at is null or _source_row is null") == [(0,)]
    [(seen,)] = shop.ask(
        "select sum(total_orders) from dynamic_tables.daily_business_metrics where order_date_only = '2026-07-01'"
    )
    kept = f"{arrived} and order_id is not null and order_date < '2026-07-02'"
    assert shop.ask(f"select count(distinct order_id) {kept}") == [(seen,)]
    assert days <= dt.date(2026, 6, 30)
    assert before > 0

    built = shop.brewhouse("build", "--json")
    assert built.code == 0, built.err + built.out
    status = {node["id"].split(".")[2]: node["status"] for node in built.json["nodes"]}
    assert {status[name] for name in TRUTH_TESTS} == {"pass"}
    assert shop.ask("select count(*) from staging.stg_orders where order_date >= '2026-07-01'")[0][0] > 100


@pytest.mark.slow
def test_a_stream_that_is_killed_goes_on_without_gap_or_double(shop: Place) -> None:
    """Killed while some batches have been taken in, some wait, and one is being written."""
    with start(shop.root, "200") as process:
        wait_for(lambda: len(inbox(shop)) > 1)
        assert shop.brewhouse("refresh").code == 0
        wait_for(lambda: bool(inbox(shop)))
        process.kill()
    half = shop.root / ".brewhouse" / "inbox" / ".stream-9-9-9-x.1"
    half.mkdir()
    told = lines(shop.brewhouse("simulate", "--stream", "30", "--for", "1", "--json"))
    taken = shop.ask(NUMBERS)
    assert told[0]["first"] > len(taken) > 200
    assert not half.exists(), "what a killed stream had begun is swept away"
    assert shop.brewhouse("refresh").code == 0
    assert_no_gap(shop.ask(NUMBERS), told[-2]["last"] + 1)
    raw = "select count(distinct order_id) from raw.orders where _source_file like 'orders/stream-%'"
    with open_outlet(open_project(shop.root), command="") as outlet:
        company = streaming_company("commerce", open_project(shop.root).settings.simulate)
        assert outlet.position(company).number == told[-2]["last"] + 1
    lost = f"select count(*) from truth.dirt where kind = 'missing_id' and table_name = 'orders' and row_id >= {BASE}"
    assert shop.ask(f"select ({raw}) + ({lost})") == [(told[-2]["last"] + 1,)]


@pytest.mark.slow
def test_ctrl_c_ends_with_a_whole_batch_and_a_second_stream_is_refused(bare: Place, here: Here) -> None:
    with start(bare.root, "50") as process:
        assert process.stdout is not None
        told = [json.loads(process.stdout.readline())]
        second = here(bare.root, "--stream", "1")
        is_clear(second, "BH301", "another stream", str(process.pid), exit_code=3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped" in err
    assert "Traceback" not in err
    told += [json.loads(line) for line in out.splitlines()]
    assert told[-1]["streamed"] == told[-2]["last"] + 1
    assert inbox(bare) == [batch["batch"] for batch in told[:-1]]


@pytest.mark.slow
def test_a_pace_that_cannot_be_held_is_told_and_that_nobody_reads_too(bare: Place, here: Here) -> None:
    """Batches grow up to a bound; and whoever streams learns once that batches wait."""
    Inbox(bare.root / ".brewhouse" / "inbox").send(
        {"raw.orders": {"inserts": pa.table({"order_id": ["x"]})}}, at=utc_clock() - dt.timedelta(minutes=2)
    )
    done = here(bare.root, "--stream", "1000000", "--for", "1.5")
    assert done.code == 0, done.err
    assert "asked for 1,000,000" in done.out
    assert done.err.count("Batches have waited for more than a minute") == 1
    assert "brewhouse refresh --watch" in done.err
    names = [name.split("-") for name in inbox(bare) if name.startswith("stream")]
    sizes = [int(last) - int(first) + 1 for _, first, last, *_ in names]
    assert max(sizes) == MOST
    assert len(sizes) > 1
    assert sum(sizes) < 1_000_000


@pytest.mark.slow
def test_a_load_that_makes_raw_anew_forgets_the_stream(shop: Place, here: Here) -> None:
    for _ in range(2):
        [batch, last] = lines(here(shop.root, "--stream", "20", "--for", "0.5", "--json"))
        assert (batch["first"], batch["last"], last["streamed"]) == (0, 9, 10)
        assert inbox(shop) == [batch["batch"]]
        assert here(shop.root, "--quiet", verb="load").code == 0
        assert inbox(shop) == [batch["batch"]], "nothing was loaded"
        assert here(shop.root, "--replace", "--quiet", verb="load").code == 0
        assert inbox(shop) == []


def test_nothing_is_streamed_that_is_not_due(bare: Place, here: Here) -> None:
    done = here(bare.root, "--stream", "0.5", "--for", "0.3", "--json")
    assert [(one["streamed"], one["rows"]) for one in lines(done)] == [(0, {})]
    assert inbox(bare) == []


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--stream", "0"), ["--stream = 0", "a number above 0"]),
        (("--stream", "-2"), ["--stream = -2"]),
        (("--stream", "nan"), ["--stream = nan"]),
        (("--stream", "inf"), ["--stream = inf", "1,000,000"]),
        (("--stream", "many"), ["--stream = many"]),
        (("--stream", "1", "--for", "0"), ["--for = 0", "seconds"]),
        (("--for", "3"), ["--for = 3", "--stream RATE"]),
        (("--stream", "1", "--scale", "2"), ["--scale", "data set that is loaded"]),
        (("--stream", "1", "--seed", "0"), ["--seed"]),
        (("--stream", "1", "--end", "2026-01-01"), ["--end"]),
        (("--stream", "1", "--workers", "2"), ["--workers"]),
        (("--stream", "1", "--force"), ["--force"]),
    ],
)
def test_options_that_make_no_stream(
    tmp_path: Path, here: Here, arguments: tuple[str, ...], names: list[str]
) -> None:
    is_clear(here(tmp_path, *arguments), "BH111", *names)


def test_nothing_to_go_on_from(tmp_path: Path, here: Here) -> None:
    settings, warehouse = tmp_path / "brewhouse.toml", tmp_path / "warehouse.duckdb"
    settings.write_text('blueprint = "sandbox"')
    is_clear(here(tmp_path, "--stream", "1"), "BH134", "sandbox", "commerce")
    settings.write_text('blueprint = "commerce"')
    is_clear(here(tmp_path, "--stream", "1"), "BH109", "warehouse.duckdb", "brewhouse run")
    with duckdb.connect(warehouse) as connection:
        connection.execute("create table other (x int)")
    is_clear(here(tmp_path, "--stream", "1"), "BH135", "lacks the table", "brewhouse run")


def test_another_data_set_than_the_settings_name(bare: Place, here: Here) -> None:
    bare.change("brewhouse.toml", "seed = 42", "seed = 7")
    outcome = here(bare.root, "--stream", "1")
    is_clear(outcome, "BH135", "seed 42, in the settings 7", "brewhouse run")
    bare.change("brewhouse.toml", "seed = 7", "seed = 42")
    with duckdb.connect(bare.warehouse) as connection:
        connection.execute(
            "insert into raw.orders (_source_file, _dlt_load_id) values ('orders/stream-0.parquet', 'stream')"
        )
    is_clear(here(bare.root, "--stream", "1"), "BH135", "truth knows nothing", "load --replace")
    with duckdb.connect(bare.warehouse) as connection:
        connection.execute("alter table raw.orders drop column shipping_cost")
    is_clear(here(bare.root, "--stream", "1"), "BH135", "the column shipping_cost in raw.orders")


def test_tables_of_another_source(bare: Place, here: Here) -> None:
    with duckdb.connect(bare.warehouse) as connection:
        connection.execute(
            "create table main.theirs as from raw.order_items; drop table raw.order_items cascade"
        )
        connection.execute("create view raw.order_items as from main.theirs")
    is_clear(here(bare.root, "--stream", "1"), "BH135", "raw.order_items as a view", "brewhouse.toml")


def test_a_warehouse_that_somebody_writes_to(bare: Place, here: Here) -> None:
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(bare.warehouse)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as writer:  # fmt: skip
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        outcome = here(bare.root, "--stream", "2")
        is_clear(outcome, "BH301", str(writer.pid), "brewhouse simulate --stream 2", exit_code=3)
        writer.communicate()


def test_a_disk_that_takes_no_batch(bare: Place, here: Here) -> None:
    place = bare.root / ".brewhouse" / "inbox"
    place.parent.mkdir()
    place.touch()
    is_clear(here(bare.root, "--quiet", "--stream", "9"), "BH302", "inbox", exit_code=3)
    place.unlink()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))
    try:
        outcome = here(bare.root, "--quiet", "--stream", "20000")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    is_clear(outcome, "BH302", "inbox", "df -h", exit_code=3)
