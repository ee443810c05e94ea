"""The command as a user types it, on a dbt project that is not ours."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import duckdb
import pytest

from tests.conftest import Place, typed

FILES = {
    "dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\nmodels:\n  shop:\n    +materialized: table\n",
    "profiles.yml": (
        "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: \"{{ env_var('SHOP_FILE', 'shop.duckdb') }}\","
        " threads: 1}\n    lake: {type: databricks, host: nowhere}\n"
    ),
    "models/orders.sql": "select 1 as id, 10.50::decimal(10, 2) as amount\n",
    "models/daily.sql": "{{ config(alias='daily_orders', schema='marts') }}\n\nselect * from {{ ref('orders') }}\n",
    "models/helper.sql": "{{ config(materialized='ephemeral') }}\nselect 1 as id\n",
    "models/shop.yml": (
        "version: 2\nmodels:\n  - name: orders\n    description: One row per order.\n"
        "    config: {contract: {enforced: true}}\n    columns:\n"
        "      - {name: id, data_type: integer}\n      - {name: amount, data_type: 'decimal(10,2)'}\n"
    ),
    "seeds/plans.csv": "plan,price\nstarter,299\n",
}


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A plain dbt project that plain dbt has built; look, but do not touch."""
    root = tmp_path_factory.mktemp("foreign") / "shop"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    place = Place(root)
    done = place.dbt("build", "--no-send-anonymous-usage-stats", "--profiles-dir", ".")
    assert done.code == 0, done.out
    return place


@pytest.fixture
def shop(foreign: Place, tmp_path: Path) -> Place:
    copytree(foreign.root, tmp_path / "shop")
    return Place(tmp_path / "shop")


def run(place: Place, *statements: str) -> None:
    with duckdb.connect(place.root / "shop.duckdb") as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_project_that_is_built_is_clean(shop: Place) -> None:
    before = (shop.root / "shop.duckdb").read_bytes()
    done = shop.brewhouse("parity")
    assert done.code == 0, done.out + done.err
    assert done.out.splitlines()[-1] == "parity: 3 relations, 0 findings"
    assert (shop.root / "shop.duckdb").read_bytes() == before, "not a byte is written"
    assert not list(shop.root.glob("*.wal"))


def test_what_dbt_itself_does_not_see_is_found(shop: Place) -> None:
    """A column dropped, one added, one retyped, and a stray table: dbt's own commands pass all of it."""
    run(
        shop,
        "alter table main.orders alter amount set data type double",
        "alter table main.orders add column extra integer",
        "create table main_marts.stray (id integer)",
        "drop table main.plans",
    )
    assert shop.dbt("test", "--profiles-dir", ".").code == 0
    done = shop.brewhouse("parity", "--format", "json", "--statements")
    found = [(one["code"], one["relation"], one.get("column", "")) for one in done.json["findings"]]
    assert found == [
        ("P101", "shop.main.plans", ""), ("P202", "shop.main.orders", "extra"), ("P301", "shop.main.orders", "amount"),
        ("P102", "shop.main_marts.stray", ""),
    ]  # fmt: skip
    assert (done.code, done.json["exit_code"]) == (1, 1)


def test_the_level_decides_the_exit_code(shop: Place) -> None:
    run(shop, "create table main.stray (id integer)")
    assert shop.brewhouse("parity").code == 0
    assert shop.brewhouse("parity", "--fail-on", "warning").code == 1
    run(shop, "drop table main.orders")
    assert shop.brewhouse("parity").code == 1
    assert shop.brewhouse("parity", "--fail-on", "never").code == 0


def test_statements_are_printed_as_comments_and_never_executed(shop: Place) -> None:
    run(shop, "create table main.stray (id integer)")
    done = shop.brewhouse("parity", "--statements")
    assert '-- drop table "shop"."main"."stray";' in done.out
    assert not re.search(r"(?m)^\s*drop", done.out)
    with duckdb.connect(shop.root / "shop.duckdb") as connection:
        assert connection.execute("select count(*) from main.stray").fetchall() == [(0,)]


def test_a_manifest_is_enough_and_dbt_need_not_be_installed(shop: Place) -> None:
    program = (
        "import sys\n"
        "class NoDbt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'dbt' or name.startswith('dbt.'):\n"
        "            raise ImportError('dbt is not here')\n"
        "sys.meta_path.insert(0, NoDbt())\n"
        "sys.argv = ['brewhouse', *sys.argv[1:]]\n"
        "from brewhouse.cli.app import main\n"
        "main()\n"
    )
    elsewhere = shop.root.parent / "elsewhere"
    elsewhere.mkdir()
    options = [
        "--manifest",
        str(shop.root / "target/manifest.json"),
        "--url",
        f"duckdb:///{shop.root}/shop.duckdb",
    ]
    done = typed(sys.executable, "-c", program, "parity", *options, cwd=elsewhere)
    assert done.code == 0, done.err
    assert "3 relations, 0 findings" in done.out
    again = typed(sys.executable, "-c", program, "parity", cwd=shop.root)
    assert again.code == 0, again.err


def test_a_copy_of_the_file_under_another_name_is_the_same_warehouse(shop: Place) -> None:
    (shop.root / "shop.duckdb").rename(shop.root / "backup of monday.duckdb")
    done = shop.brewhouse("parity", "--url", "duckdb:///backup of monday.duckdb")
    assert (done.code, done.out.splitlines()[-1]) == (0, "parity: 3 relations, 0 findings")


def test_a_selection_judges_its_part(shop: Place) -> None:
    run(shop, "drop table main.orders", "drop table main.plans")
    done = shop.brewhouse("parity", "--select", "plans", "--format", "json")
    assert [one["node"] for one in done.json["findings"]] == ["seed.shop.plans"]
    assert done.json["partial"]
    unknown = shop.brewhouse("parity", "--select", "nothing")
    assert (unknown.code, unknown.err.startswith("Error BH126: ")) == (2, True)


def test_an_ignore_pattern_is_counted(shop: Place) -> None:
    run(shop, "create table main.tmp_ada (id integer)")
    done = shop.brewhouse("parity", "--fail-on", "warning", "--ignore", "main.tmp_*")
    assert done.code == 0
    assert re.search(r"ignored +1 +main\.tmp_\*: as configured", done.out)


WAIVERS = "waivers:\n  - {{code: P102, relation: main.stray, owner: ada, reason: in use, expires: {}}}\n"


def test_waivers_count_until_their_last_day(shop: Place) -> None:
    run(shop, "create table main.stray (id integer)")
    path = shop.root / "parity_waivers.yml"
    path.write_text(WAIVERS.format("2999-01-01"))
    done = shop.brewhouse("parity", "--fail-on", "warning")
    assert (done.code, "waived by ada until 2999-01-01" in done.out) == (0, True)
    path.rename(shop.root / "other.yml").write_text(WAIVERS.format("2020-01-01"))
    done = shop.brewhouse("parity", "--waivers", "other.yml", "--format", "json")
    assert [one["code"] for one in done.json["findings"]] == ["P903", "P102"]
    assert done.code == 1


# --- when the answer can't be trusted: 2, and one message ----------------------------------------------------------


def is_refused(place: Place, code: str, *names: str, options: tuple[str, ...] = ()) -> None:
    done = place.brewhouse("parity", *options)
    assert done.code == 2, done.out + done.err
    assert done.err.startswith(f"Error {code}: ")
    assert re.search(r"\nNext: \S", done.err)
    assert len(done.err.strip().splitlines()) == 2
    for name in names:
        assert name in done.err
    asked = place.brewhouse("parity", "--format", "json", *options)
    assert asked.json["error"]["code"] == code


def change(name: str, content: str) -> Callable[[Place], object]:
    return lambda place: (place.root / name).write_text(content)


REFUSALS: dict[str, tuple[Callable[[Place], object], str, tuple[str, ...], tuple[str, ...]]] = {
    "no manifest": (lambda place: (place.root / "target/manifest.json").unlink(), "BH121", ("dbt parse",), ()),
    "a manifest of another folder": (lambda _: None, "BH121", ("x/manifest.json",), ("--manifest", "x/manifest.json")),
    "no JSON": (change("target/manifest.json", "{"), "BH122", ("can't be read",), ()),
    "no manifest at all": (change("target/manifest.json", "[1]"), "BH122", ("is no manifest of dbt",), ()),
    "an old manifest": (
        change("target/manifest.json", '{"metadata": {"dbt_schema_version": "https://x/dbt/manifest/v4.json"}}'),
        "BH122", ("schema version 4", "1.7"), (),
    ),
    "a mangled manifest": (
        change("target/manifest.json", '{"metadata": {"dbt_schema_version": "https://x/dbt/manifest/v12.json"}}'),
        "BH122", ("not as dbt writes it",), (),
    ),
    "no warehouse": (lambda place: (place.root / "shop.duckdb").unlink(), "BH109", ("shop.duckdb",), ()),
    "a damaged warehouse": (change("shop.duckdb", "x" * 9999), "BH304", ("shop.duckdb",), ()),
    "no profiles": (lambda place: (place.root / "profiles.yml").unlink(), "BH123", ("--url",), ()),
    "no such profile": (change("profiles.yml", "other: {}\n"), "BH123", ("no profile 'shop'",), ()),
    "no such target": (lambda _: None, "BH123", ("no target 'moon'", "dev"), ("--target", "moon")),
    "another engine": (lambda _: None, "BH123", ("databricks",), ("--target", "lake")),
    "a variable that is not set": (
        change("profiles.yml", "shop: {target: d, outputs: {d: {type: duckdb, path: \"{{ env_var('NO_SUCH') }}\"}}}\n"),
        "BH123", ("NO_SUCH",), (),
    ),
    "no address": (lambda _: None, "BH124", ("duckdb:///PATH",), ("--url", "mysql://x")),
    "no server": (lambda _: None, "BH311", ("No answer",), ("--url", "postgresql://ada@127.0.0.1:1/shop")),
    "waivers without an owner": (
        change("parity_waivers.yml", "waivers:\n  - {code: P102, relation: x, reason: y, expires: 2999-01-01}\n"),
        "BH125", ("waiver 1 lacks owner",), (),
    ),
    "waivers of no code": (
        change("parity_waivers.yml", WAIVERS.format("2999-01-01").replace("P102", "X1")), "BH125", ("X1", "P102"), (),
    ),
    "waivers without an end": (
        change("parity_waivers.yml", WAIVERS.format("soon")), "BH125", ("soon", "2027-01-31"), (),
    ),
    "no waivers": (change("parity_waivers.yml", "- 1\n"), "BH125", ("waivers:",), ()),
    "a method that is none": (lambda _: None, "BH126", ("no method colour",), ("--select", "colour:red")),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_what_stands_in_the_way_is_one_message_and_exit_2(name: str, shop: Place) -> None:
    spoil, code, names, options = REFUSALS[name]
    spoil(shop)
    is_refused(shop, code, *names, options=options)


def test_an_empty_warehouse_is_not_trusted(shop: Place) -> None:
    (shop.root / "shop.duckdb").unlink()
    duckdb.connect(shop.root / "shop.duckdb").close()
    done = shop.brewhouse("parity")
    assert done.code == 2
    assert done.out.strip().endswith("not to be trusted: nothing is visible in the warehouse")


def test_a_manifest_of_other_files_is_not_trusted(shop: Place) -> None:
    (shop.root / "models/orders.sql").write_text("select 2 as id, 1.00::decimal(10, 2) as amount\n")
    (shop.root / "models/new.sql").write_text("select 1 as id\n")
    (shop.root / "models/helper.sql").unlink()
    done = shop.brewhouse("parity", "--format", "json")
    stale = sorted((one["file"], one["found"]) for one in done.json["findings"] if one["code"] == "P902")
    assert stale == [
        ("models/helper.sql", "removed"),
        ("models/new.sql", "added"),
        ("models/orders.sql", "changed"),
    ]
    assert (done.code, done.json["doubts"]) == (2, ["the manifest is not that of the project's files"])
    parsed = shop.brewhouse("parity", "--parse", "--format", "json")
    assert [(one["code"], one["node"]) for one in parsed.json["findings"]] == [("P101", "model.shop.new")]
    assert parsed.code == 1


def test_a_file_written_again_with_the_same_text_is_no_other(shop: Place) -> None:
    for name in ("models/orders.sql", "seeds/plans.csv"):
        path = shop.root / name
        path.write_text(path.read_text())
    assert shop.brewhouse("parity").code == 0


def test_a_project_that_does_not_parse_says_so_in_dbts_words(shop: Place) -> None:
    (shop.root / "models/orders.sql").write_text("select {{ ref('nobody') }}\n")
    is_refused(shop, "BH122", "nobody", options=("--parse",))


def test_a_locked_file_is_no_answer_and_parity_keeps_nobody_out(shop: Place) -> None:
    program = (
        "import duckdb, sys; c = duckdb.connect('shop.duckdb'); print('open', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=shop.root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        is_refused(shop, "BH301", "shop.duckdb")
        assert holder.stdin is not None
        holder.stdin.close()
    assert shop.brewhouse("parity").code == 0


def test_output_goes_to_a_file(shop: Place) -> None:
    for form in ("text", "markdown", "json", "html", "sarif", "junit"):
        done = shop.brewhouse("parity", "--format", form, "--output", f"parity.{form}")
        assert (done.code, done.out) == (0, "")
        assert "0 findings" in done.err
        assert len((shop.root / f"parity.{form}").read_text()) > 100
    refused = shop.brewhouse("parity", "--output", "no/such/folder.txt")
    assert (refused.code, refused.err.startswith("Error BH302")) == (2, True)


def test_json_of_a_clean_project_has_the_figures(shop: Place) -> None:
    figures = json.loads(shop.brewhouse("parity", "--format", "json", "--counts", "--freshness").out)
    assert figures["figures"]["matching"] == 3
    assert set(figures["seconds"]) == {
        "manifest",
        "match",
        "sight",
        "relations",
        "columns",
        "rows",
        "moments",
        "rules",
    }


@pytest.mark.parametrize(("answer", "code"), [("n", 2), ("y", 0)])
def test_where_there_is_no_manifest_a_person_is_asked_whether_to_parse(
    shop: Place, answer: str, code: int
) -> None:
    (shop.root / "target/manifest.json").unlink()
    terminal, other_end = pty.openpty()
    command = [sys.executable, "-m", "brewhouse", "parity"]
    with subprocess.Popen(
        command, cwd=shop.root, stdin=other_end, stderr=other_end, stdout=subprocess.PIPE, text=True
    ) as process:
        os.close(other_end)
        asked = b""
        while b"Let dbt parse the project now?" not in asked:
            asked += os.read(terminal, 1024)
        assert b"manifest.json does not exist" in asked
        os.write(terminal, f"{answer}\n".encode())
        out, _ = process.communicate(timeout=120)
    os.close(terminal)
    assert process.returncode == code
    assert ("0 findings" in out) == (code == 0)
