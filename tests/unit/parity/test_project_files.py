"""What parity reads of a project without dbt: manifests of several versions, selections, profiles, waivers."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from pathlib import Path

import pytest

from brewhouse.cli.parity import command
from brewhouse.errors import ProfileError, SelectionError, WarehouseUrlError
from brewhouse.parity.adapters.base import Dialect
from brewhouse.parity.adapters.grammars import DUCKDB, POSTGRES, SNOWFLAKE
from brewhouse.parity.compare import named_files
from brewhouse.parity.expected import Expected
from brewhouse.parity.ignore import ignored_by, patterns
from brewhouse.parity.manifest import expected_of
from brewhouse.parity.names import Key
from brewhouse.parity.profile import Warehouse, warehouse_at, warehouse_of
from brewhouse.parity.select import select
from brewhouse.parity.waivers import read_waivers
from tests.support.parity import Manifest


def shop() -> Manifest:
    manifest = Manifest(database="shop")
    events = manifest.source("events")
    staged = manifest.model(
        "stg_events", parents=[events], schema="staging", materialized="view", tags=["hourly"]
    )
    orders = manifest.model("orders", parents=[staged], schema="marts", tags=["daily"])
    manifest.model("report", parents=[orders], schema="marts", tags=["daily", "finance"])
    manifest.model("plans", resource="seed", materialized="seed", package="utils")
    return manifest


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (["orders"], "orders"),
        (["+orders"], "app.events orders stg_events"),
        (["orders+"], "orders report"),
        (["+orders+"], "app.events orders report stg_events"),
        (["tag:daily"], "orders report"),
        (["tag:daily,tag:finance"], "report"),
        (["tag:hourly", "plans"], "plans stg_events"),
        (["stg_*"], "stg_events"),
        (["source:app"], "app.events"),
        (["source:app.events+"], "app.events orders report stg_events"),
        (["package:utils"], "plans"),
        (["path:models/marts"], "orders plans report stg_events"),
        (["schema:staging"], "stg_events"),
        (["resource_type:seed"], "plans"),
        (["config.materialized:view"], "stg_events"),
        (["shop.marts"], "orders report stg_events"),
    ],
)
def test_a_selection_means_what_it_means_to_dbt(selection: list[str], names: str) -> None:
    expected = expected_of(shop().content())
    chosen = select(expected, selection)
    assert chosen is not None
    assert sorted(one.name for one in expected.relations if one.id in chosen) == names.split()


def test_no_selection_is_all_and_one_of_nothing_is_an_error() -> None:
    expected = expected_of(shop().content())
    assert select(expected, []) is None
    with pytest.raises(SelectionError):
        select(expected, ["tag:weekly"])


@pytest.mark.parametrize("version", [11, 12])
def test_manifests_of_dbt_1_7_and_today_say_the_same(version: int) -> None:
    """1.7 has no contract in the config, no ``attached_node`` for tests of sources, no quoting in the metadata."""
    manifest = shop()
    manifest.version = version
    manifest.test("not_null_events_id", "source.shop.app.events", "id")
    manifest.sources["source.shop.app.events"]["columns"] = {"id": {"name": "id", "description": ""}}
    content = manifest.content()
    if version == 11:
        for node in content["nodes"].values():
            node["config"].pop("contract", None)
            node.pop("attached_node", None)
    expected = expected_of(content)
    assert len(expected.relations) == 5
    [events] = [one for one in expected.relations if one.is_source]
    assert events.columns[0].tests == ("not_null_events_id",)


def keys(manifest: Manifest, dialect: Dialect) -> list[Key]:
    return [dialect.folding.place(one.place) for one in expected_of(manifest.content()).relations]


def test_without_a_relation_name_the_quoting_of_the_adapter_counts() -> None:
    for adapter, dialect, wanted in (
        ("snowflake", SNOWFLAKE, Key("SHOP", "MARTS", "ORDERS")),
        ("postgres", POSTGRES, Key("shop", "marts", "Orders")),
        ("duckdb", DUCKDB, Key("shop", "marts", "orders")),
    ):
        manifest = Manifest(database="shop", adapter=adapter)
        key = manifest.model("Orders", schema="marts")
        manifest.nodes[key]["relation_name"] = None
        assert keys(manifest, dialect) == [wanted]
    manifest = Manifest(database="shop", adapter="snowflake")
    manifest.nodes[manifest.model("Orders", schema="marts", quoting={"identifier": True})][
        "relation_name"
    ] = None
    assert keys(manifest, SNOWFLAKE) == [Key("SHOP", "MARTS", "Orders")]


def test_types_of_seeds_come_from_column_types() -> None:
    manifest = Manifest()
    manifest.model("plans", resource="seed", materialized="seed", column_types={"price": "numeric(10,2)"})
    [plans] = expected_of(manifest.content()).relations
    assert [(column.name, column.data_type) for column in plans.columns] == [("price", "numeric(10,2)")]


def test_freshness_is_read_from_sources() -> None:
    manifest = Manifest()
    manifest.source("events", loaded_at_field="at", freshness={"warn_after": {"count": 2, "period": "day"}})
    [events] = expected_of(manifest.content()).relations
    assert events.freshness is not None
    assert (events.freshness.loaded_at, events.freshness.warn_after) == ("at", dt.timedelta(days=2))
    assert events.freshness.error_after is None


PROFILES = """
shop:
  target: "{{ env_var('SHOP_TARGET', 'dev') }}"
  outputs:
    dev: {type: duckdb, path: data/shop.duckdb, attach: [{path: other.duckdb, alias: lake}]}
    prod:
      type: postgres
      host: warehouse
      port: "{{ env_var('SHOP_PORT') | as_number }}"
      user: ada
      password: "p@ss:w/rd"
      dbname: shop
      sslmode: require
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    (tmp_path / "profiles.yml").write_text(PROFILES)
    return tmp_path


def test_the_profile_leads_to_the_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    assert warehouse_of(folder) == Warehouse(
        {"": folder / "data/shop.duckdb", "lake": folder / "other.duckdb"}
    )


def test_the_profile_leads_to_the_server_and_shows_no_password(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PORT", "5433")
    found = warehouse_of(folder, "prod")
    assert found.url == "postgresql://ada:p%40ss%3Aw%2Frd@warehouse:5433/shop?sslmode=require"
    assert str(found) == "postgresql://ada@warehouse:5433/shop?sslmode=require"
    monkeypatch.delenv("SHOP_PORT")
    with pytest.raises(ProfileError, match="SHOP_PORT is not set"):
        warehouse_of(folder, "prod")


def test_a_profile_lies_where_dbt_looks(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "profiles"
    elsewhere.mkdir()
    (folder / "profiles.yml").rename(elsewhere / "profiles.yml")
    monkeypatch.setenv("DBT_PROFILES_DIR", str(elsewhere))
    assert warehouse_of(folder).files[""] == folder / "data/shop.duckdb"


@pytest.mark.parametrize("url", ["", "duckdb:///", "duckdb://x", "sqlite:///x", "warehouse.duckdb"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(WarehouseUrlError):
        warehouse_at(url)


def test_a_path_may_be_absolute() -> None:
    assert warehouse_at("duckdb:////data/shop.duckdb") == Warehouse({"": Path("/data/shop.duckdb")})
    assert warehouse_at("duckdb:///shop.duckdb") == Warehouse({"": Path("shop.duckdb")})


def test_the_main_file_goes_by_the_name_that_the_project_has() -> None:
    def names(expected: Expected, **files: str) -> dict[str, Path]:
        return named_files(Warehouse({name.strip("_"): Path(path) for name, path in files.items()}), expected)

    manifest = shop()
    manifest.source("lake_events", database="lake")
    expected = expected_of(manifest.content())
    assert names(expected, _="copy.duckdb") == {"shop": Path("copy.duckdb")}
    assert names(expected, _="shop.duckdb", lake="x.duckdb") == {
        "shop": Path("shop.duckdb"),
        "lake": Path("x.duckdb"),
    }
    assert names(expected, _="lake.duckdb") == {"lake": Path("lake.duckdb")}


def test_a_pattern_is_of_a_schema_and_a_name_and_of_any_case() -> None:
    known = patterns(["scratch.*"])
    assert ignored_by("db.raw._dlt_loads", known) is not None
    assert ignored_by("db.SCRATCH.x", known) is not None
    assert ignored_by("db.marts__next.orders", known) is not None
    assert ignored_by("db.marts.orders", known) is None
    assert ignored_by("db.raw._dlt_loads", patterns([], default=False)) is None


DOCS = Path(__file__).parents[3] / "docs"
HOW_TO = DOCS / "how-to" / "compare-project-and-warehouse.md"


def test_the_waivers_of_the_how_to_can_be_read(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(waivers:.*?)```", HOW_TO.read_text(), re.DOTALL)
    (tmp_path / "waivers.yml").write_text(blocks[0])
    [waiver] = read_waivers(tmp_path / "waivers.yml")
    assert (waiver.code, waiver.relation, waiver.owner) == ("P102", "marts.orders_2024", "ada")
    assert waiver.expires == dt.date(2027, 3, 31)


def test_the_pages_and_the_example_of_ci_name_options_that_there_are() -> None:
    known = {name for one in inspect.get_annotations(command, eval_str=True).values() for name in _names(one)}
    known |= {f"--{name.strip('_').replace('_', '-')}" for name in inspect.signature(command).parameters}
    for path in (HOW_TO, DOCS / "examples" / "parity-ci.yml", DOCS.parent / ".pre-commit-hooks.yaml"):
        lines = [line for line in path.read_text().splitlines() if "brewhouse parity" in line]
        assert lines
        used = {option for line in lines for option in re.findall(r"--[a-z-]+", line)}
        assert used <= known, path.name


def _names(annotation: object) -> list[str]:
    options = getattr(annotation, "__metadata__", ())
    return [name for option in options for name in option.param_decls or ()]
