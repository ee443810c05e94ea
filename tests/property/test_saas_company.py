"""Laws of the simulated saas company: what it is a function of, and what each cause leads to."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from brewhouse.errors import SimulationSettingsError
from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.dataset import encode, read_manifest
from brewhouse.simulate.engine.work import make_dataset
from brewhouse.simulate.saas.block import Block, make_block
from brewhouse.simulate.saas.company import Saas
from brewhouse.simulate.saas.dirt import TABLES
from brewhouse.simulate.saas.identity import names
from brewhouse.simulate.saas.lifecycle_records import chosen
from brewhouse.simulate.saas.world import World
from tests.support.dirt import assert_undone
from tests.truth.saas_rules import KEYS

GOLDEN = Path(__file__).parents[1] / "golden" / "saas.json"
SCALE = 0.2
"""Three blocks."""

MOMENTS = {
    "app_database_tap_events": "timestamp", "app_database_page_views": "timestamp",
    "app_database_user_sessions": "start_time", "app_database_feature_usage": "timestamp",
    "attribution_touchpoints": "created_at", "stripe_events": "created", "stripe_charges": "created",
    "hubspot_engagements": "createdat", "hubspot_tickets": "createdate", "truth/mrr": "moved_at",
}  # fmt: skip
"""Tables to which rows are only ever added, with the moment of each row."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three blocks made by one worker."""
    root = tmp_path_factory.mktemp("alone")
    make_dataset(Saas(World(scale=SCALE)), root, workers=1)
    return root


@pytest.fixture(scope="module")
def block() -> Block:
    return make_block(World(scale=0.05, dirt=0), 0)


def test_any_number_of_workers_writes_the_same_files(alone: Path, tmp_path: Path) -> None:
    make_dataset(Saas(World(scale=SCALE)), tmp_path, workers=3)
    assert (tmp_path / "manifest.json").read_text() == (alone / "manifest.json").read_text()


def test_blocks_may_be_made_in_any_order(alone: Path) -> None:
    company = Saas(World(scale=SCALE))
    dataset = read_manifest(alone)
    assert dataset is not None
    by_path = {file.path: file.digest for file in dataset.files}
    for number in reversed(range(company.blocks())):
        for name, table in company.chunk(number).items():
            digest = hashlib.blake2b(memoryview(encode(table)), digest_size=16).hexdigest()
            assert by_path[f"{name}/part-{number:05d}.parquet"] == digest


def test_more_blocks_leave_the_first_ones_as_they_are() -> None:
    """Only what speaks of the whole market knows of other blocks."""
    small, large = (Saas(World(scale=scale, dirt=0)).chunk(0) for scale in (0.1, 0.2))
    shared = {
        "google_analytics_sessions",
        "truth/parameters",
        *(name for name in small if "campaigns" in name),
    }
    for name in set(small) - shared:
        assert small[name].equals(large[name]), name


def test_a_month_made_alone_is_the_same(block: Block) -> None:
    company = Saas(block.world)
    known = names(block.world, block.leads)
    whole = company.month_tables(block, known, block.months)
    for step in (5, 20, 35):
        rows = block.months.step == step
        months = chosen(block.months, rows)
        part = company.month_tables(block, known, months)
        assert len(part["app_database_user_sessions"].key) > 0
        for name in ("app_database_user_sessions", "app_database_page_views", "hubspot_tickets"):
            place = np.searchsorted(whole[name].key, part[name].key)
            assert part[name].table.equals(whole[name].table.take(pa.array(place)).combine_chunks()), name
        for name in ("app_database_tap_events", "app_database_feature_usage", "hubspot_engagements"):
            order = np.argsort(whole[name].key)
            place = order[np.searchsorted(whole[name].key[order], part[name].key)]
            assert part[name].table.equals(whole[name].table.take(pa.array(place)).combine_chunks()), name


@pytest.mark.parametrize("end", [dt.date(2025, 6, 30), dt.date(2026, 5, 14)], ids=str)
def test_a_shorter_window_is_the_beginning_of_a_longer_one(end: dt.date) -> None:
    """Also one that ends within a month."""
    days = (end - dt.date(2023, 7, 1)).days + 1
    short = Saas(World(scale=0.05, dirt=0, end=end, days=days)).chunk(0)
    long = Saas(World(scale=0.05, dirt=0)).chunk(0)
    until = pa.scalar(end + dt.timedelta(days=1)).cast(pa.timestamp("ms"))
    for name, moment in MOMENTS.items():
        early = long[name].filter(pc.less(long[name].column(moment), until))
        columns = [column for column in early.column_names if column not in _STATE.get(name, ())]
        assert early.num_rows > 0
        assert _rows(short[name].select(columns)) == _rows(early.select(columns)), name


_STATE = {
    "stripe_charges": ("amount_refunded", "refunded", "refunds", "created_at"),
    "hubspot_tickets": ("properties", "hs_pipeline_stage", "hs_lastmodifieddate", "created_at"),
    "truth/mrr": ("valid_to",),
}
"""Columns that tell how a row stands at the end of the window."""


def _rows(table: pa.Table) -> list[str]:
    return sorted(map(repr, table.to_pylist()))


def _first_difference(one: pa.Table, two: pa.Table, moment: str) -> dt.datetime | None:
    """The first moment at which two tables differ."""
    different = set(_rows(one)) ^ set(_rows(two))
    texts = [row for row in (*one.to_pylist(), *two.to_pylist()) if repr(row) in different]
    return min((row[moment] for row in texts), default=None)


@pytest.mark.parametrize("cause", ["outage", "experiment"])
def test_a_cause_changes_nothing_that_is_not_downstream(cause: str) -> None:
    usual = Saas(World(scale=0.05, dirt=0))
    off = Saas(World(scale=0.05, dirt=0, causes=((cause, 0.0),)))
    one, two = usual.chunk(0), off.chunk(0)
    month = {"outage": 27, "experiment": 17}[cause]
    begin = pa.scalar(int(usual.world.month_days[month]) * DAY_MS, pa.timestamp("ms")).as_py()
    for name in (
        "attribution_touchpoints",
        "marketing_qualified_leads",
        "hubspot_contacts",
        "truth/conversions",
    ):
        assert one[name].equals(two[name]), name
    changed = set()
    for name, moment in MOMENTS.items():
        columns = [column for column in one[name].column_names if column not in _STATE.get(name, ())]
        first = _first_difference(one[name].select(columns), two[name].select(columns), moment)
        if first is not None:
            changed.add(name)
            assert first >= begin, name
    direct = {"outage": "app_database_tap_events", "experiment": "app_database_feature_usage"}[cause]
    assert direct in changed


def test_without_its_cause_there_is_no_outage() -> None:
    stops = [
        Saas(World(scale=0.05, causes=(("outage", strength),))).chunk(0)["truth/device_downtimes"]
        for strength in (0.0, 1.0, 2.0)
    ]
    hit = [pc.sum(pc.equal(table["cause"].cast(pa.string()), "firmware_outage")).as_py() for table in stops]
    assert hit[0] == 0 < hit[1]
    outages = [
        table.filter(pc.equal(table["cause"].cast(pa.string()), "firmware_outage")) for table in stops[1:]
    ]
    assert [pc.max(table["downtime_seconds"]).as_py() for table in outages] == [31 * 3600, 62 * 3600]
    assert set(outages[0]["firmware_version"].to_pylist()) == {"3.2.1"}


def test_dirt_can_be_undone_to_the_byte() -> None:
    clean, dirty = (Saas(World(scale=0.05, dirt=dirt)).chunk(0) for dirt in (0, 3))
    assert_undone(clean, dirty, KEYS)


def test_every_table_and_kind_of_dirt_occurs() -> None:
    tables = Saas(World(scale=0.3, dirt=3)).chunk(0)["truth/dirt"].to_pylist()
    small = {name for name, weak in TABLES.items() if weak.small}
    assert {row["table_name"] for row in tables} >= set(KEYS) - small
    assert {row["kind"] for row in tables} == {
        "missing_id", "missing_parent", "broken_json", "invalid_value", "clock_skew", "unknown_parent",
        "exact_duplicate", "near_duplicate", "late", "messy_text",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"scale": 0}, "scale"), ({"days": 3}, "days"), ({"days": 4_000}, "60 months"), ({"dirt": 11}, "dirt"),
        ({"causes": (("flood", 1.0),)}, "outage or experiment"), ({"causes": (("outage", 3.0),)}, "causes.outage"),
    ],
)  # fmt: skip
def test_wrong_settings_are_named(settings: dict[str, object], said: str) -> None:
    with pytest.raises(SimulationSettingsError, match=said):
        World(**settings)  # type: ignore[arg-type]


def test_the_content_is_the_one_on_record() -> None:
    """Whoever changes it on purpose raises ``Saas.version`` and writes the new digests."""
    company = Saas(World(scale=0.01))
    found = {name: _digest(table) for name, table in company.chunk(0).items() if name != "truth/parameters"}
    recorded = json.loads(GOLDEN.read_text())
    assert recorded == {"version": company.version, "digests": found}


def _digest(table: pa.Table) -> str:
    content = hashlib.blake2b(digest_size=16)
    for row in table.to_pylist():
        content.update(repr(list(row.values())).encode())
    return content.hexdigest()
