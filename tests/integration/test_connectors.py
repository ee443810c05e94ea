"""Stripe and HubSpot over real HTTP: everything once, then only what is new; and what can go wrong on the way."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from brewhouse import blueprints
from brewhouse.errors import ApiError, SecretRefusedError, ServerUnreachableError
from brewhouse.load.connectors import fetch, stripe
from brewhouse.load.fetched import clear_journals
from brewhouse.load.load import Load, Places
from brewhouse.load.on_duckdb import DuckDBTarget
from brewhouse.load.results import LoadResult
from brewhouse.load.sources import Source, project_sources
from brewhouse.settings import Settings, SimulateSettings
from brewhouse.simulate.companies import company
from brewhouse.simulate.engine.work import make_dataset
from tests.conftest import Place
from tests.support import small_company as small
from tests.support.saas_api import SECRET, Api, Tables, read_tables, serving

KEYS = {"BREWHOUSE_STRIPE_API_KEY": SECRET, "BREWHOUSE_HUBSPOT_TOKEN": SECRET}
NOT_CARRIED = {"created_at"}
"""When our copy was made: no API knows it."""


class Client:
    """A warehouse that loads Stripe and HubSpot from a server."""

    def __init__(self, root: Path, api: Api) -> None:
        self.api = api
        self.root = root
        self.connection = duckdb.connect(root / "warehouse.duckdb")
        self.places = Places(root / "data", root / "scratch", root / "state")

    def sources(self, **more: str) -> tuple[Source, ...]:
        entry = {"kind": "dlt", **more}
        settings = Settings.model_validate(
            {
                "sources": {
                    "stripe": {"base_url": f"{self.api.base_url}/v1", **entry},
                    "hubspot": {"base_url": self.api.base_url, **entry},
                }
            }
        )
        return project_sources(blueprints.folder("saas"), settings)

    def load(self, *names: str, **more: str) -> LoadResult:
        """Load the sources of these names, or both; what was asked before is forgotten."""
        self.api.asked.clear()
        sources = self.sources(**more)
        wanted = names or ("stripe", "hubspot")
        chosen = [source for source in sources if source.name in wanted]
        result = Load(DuckDBTarget(self.connection), self.places, sources).run(chosen)
        clear_journals(self.places.state, result.sources)
        return result

    def raw(self, table: str) -> dict[str, dict[str, Any]]:
        found = self.connection.execute(f"select * from raw.{table}")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        assert len({row["id"] for row in rows}) == len(rows), f"{table} holds an id twice"
        return {row["id"]: row for row in rows}

    def holds(self, tables: Tables) -> None:
        """Whether raw is the records of the server, column by column."""
        for table, rows in tables.items():
            found = self.raw(table)
            assert found.keys() == {row["id"] for row in rows}, table
            for row in rows:
                for name in row.keys() - NOT_CARRIED:
                    digits = 1_000_000 if table.startswith("stripe") else 1_000
                    given, sent = found[row["id"]][name], row[name]
                    assert plain(given, digits) == plain(sent, digits), (table, row["id"], name)


def plain(value: Any, digits: int) -> Any:
    """A value without what a way through JSON does not keep: nulls in objects, and the last digits of numbers.

    Stripe's moments have whole seconds, HubSpot's milliseconds.
    """
    if isinstance(value, str) and value[:1] in ("[", "{"):
        return _bare(json.loads(value))
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=value.microsecond // digits * digits)
    return Decimal(value).normalize() if isinstance(value, Decimal) or _is_number(value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _bare(entry) for name, entry in value.items()}
        return {name: entry for name, entry in kept.items() if entry not in (None, [], {})}
    return [_bare(entry) for entry in value] if isinstance(value, list) else value


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api(small.stripe() | small.hubspot())) as served:
        yield served


@pytest.fixture
def client(tmp_path: Path, api: Api) -> Client:
    return Client(tmp_path, api)


@pytest.mark.parametrize("page", [0, 1, 3])
def test_the_first_load_brings_every_record_whatever_the_pages(client: Client, page: int) -> None:
    client.api.page = page
    result = client.load()
    client.holds(client.api.tables)
    assert result.rows == sum(map(len, client.api.tables.values()))


@pytest.mark.slow
def test_the_whole_simulated_company_comes_through(tmp_path: Path) -> None:
    make_dataset(company("saas", SimulateSettings(scale=0.003, dirt=0)), tmp_path / "data", workers=1)
    with serving(Api(read_tables(tmp_path / "data"))) as api:
        client = Client(tmp_path, api)
        assert client.load().rows == sum(map(len, api.tables.values())) > 4_000
        client.holds(api.tables)
        assert not client.load().changed


def test_rows_say_where_they_come_from_and_are_typed_as_declared(client: Client) -> None:
    client.load()
    origins = {
        client.connection.execute(f"select distinct _source_file from raw.{table}").fetchall()[0][0]
        for table in client.api.tables
    }
    assert {
        "stripe:customers",
        "stripe:subscription_items",
        "hubspot:deals",
        "hubspot:engagements",
    } <= origins
    rows = client.connection.execute(
        "select count(*), count(distinct _source_row), count(_dlt_load_id), count(_loaded_at) from raw.stripe_charges"
    ).fetchone()
    assert rows == (7, 7, 7, 7)
    columns = client.connection.execute("describe raw.hubspot_deals").fetchall()
    kinds = {name: kind for name, kind, *_ in columns}
    assert (kinds["amount"], kinds["closedate"], kinds["createdat"]) == ("DECIMAL(12,2)", "DATE", "TIMESTAMP")
    assert list(kinds)[-4:] == ["_source_file", "_source_row", "_loaded_at", "_dlt_load_id"]


def test_a_second_load_changes_nothing(client: Client) -> None:
    client.load()
    before = {table: client.raw(table) for table in client.api.tables}
    result = client.load()
    assert not result.changed
    assert {table: client.raw(table) for table in client.api.tables} == before


def test_the_next_load_fetches_only_what_is_new(client: Client) -> None:
    client.load()
    before = client.raw("stripe_customers")
    small.add_customer(client.api.tables, 50)
    small.add_company(client.api.tables, 200)
    result = client.load()
    client.holds(client.api.tables)
    new = {table.table: table.rows for table in result.tables if table.rows}
    assert new.pop("stripe_subscription_items") == 2
    assert set(new.values()) == {1}
    assert len(new) == 6 + 5
    after = client.raw("stripe_customers")
    assert {key: row for key, row in after.items() if key in before} == before


def test_changes_of_old_objects_come_by_their_events(client: Client) -> None:
    client.load()
    tables = client.api.tables
    tables["stripe_subscriptions"][0]["status"] = "past_due"
    del tables["stripe_subscription_items"][1]
    tables["stripe_invoices"][3]["paid"] = False
    small.add_event(tables, 60, "customer.subscription.updated", {"id": "sub_0", "object": "subscription"})
    small.add_event(tables, 60, "invoice.payment_failed", {"id": "in_3", "object": "invoice"})
    small.add_event(tables, 60, "customer.deleted", {"id": "cus_gone", "object": "customer"})
    client.load("stripe")
    client.holds({name: rows for name, rows in tables.items() if name.startswith("stripe_")})
    single = {path for path in client.api.paths() if path.count("/") == 3}
    assert single == {"/v1/subscriptions/sub_0", "/v1/invoices/in_3", "/v1/customers/cus_gone"}


def test_changes_and_deletions_in_hubspot(client: Client) -> None:
    client.load("hubspot")
    tables = client.api.tables
    later = small.at(500)
    tables["hubspot_deals"][0] |= {"dealstage": "closedlost", "updatedat": later}
    tables["hubspot_contacts"][1] |= {"lastname": "Bo", "updatedat": later}
    tables["hubspot_companies"][2] |= {"archived": True, "updatedat": later}
    client.load("hubspot")
    client.holds({name: rows for name, rows in tables.items() if name.startswith("hubspot_")})


@pytest.mark.parametrize("page", [1, 2])
def test_a_search_loses_no_record_of_one_moment(client: Client, page: int) -> None:
    """Imports give many records the same moment of change."""
    client.load("hubspot")
    client.api.page = page
    for number in range(300, 309):
        small.add_company(client.api.tables, number)
    for row in client.api.tables["hubspot_contacts"][-7:-1]:
        row["updatedat"] = small.at(302.5)
    client.load("hubspot")
    client.holds({name: rows for name, rows in client.api.tables.items() if name.startswith("hubspot_")})


def test_after_a_month_without_a_load_stripe_is_read_as_a_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its events of more than 30 days ago are gone, and with them the news of what changed."""
    client.load("stripe")
    client.api.tables["stripe_subscriptions"][0]["status"] = "past_due"  # and no event says so
    client.load("stripe")
    assert client.raw("stripe_subscriptions")["sub_0"]["status"] == "active"
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    monkeypatch.setattr("brewhouse.load.fetched.utc_now", lambda: later)
    client.load("stripe")
    assert client.raw("stripe_subscriptions")["sub_0"]["status"] == "past_due"


def test_records_before_the_start_are_left_out_but_what_they_refer_to_is_not(client: Client) -> None:
    small.add_customer(client.api.tables, 24 * 30)
    client.load(start="2026-01-20")
    assert set(client.raw("stripe_invoices")) == {"in_720"}
    assert set(client.raw("stripe_events")) == {"evt_7"}
    assert len(client.raw("stripe_customers")) == 8
    assert not client.raw("hubspot_tickets")
    assert len(client.raw("hubspot_companies")) == 5


def test_another_account_replaces_everything(client: Client, tmp_path: Path) -> None:
    client.load("stripe")
    with serving(Api(small.stripe(2))) as other:
        client.api = other
        client.load("stripe")
        client.holds(other.tables)


def test_systems_without_records_give_empty_tables(client: Client) -> None:
    for rows in client.api.tables.values():
        rows.clear()
    assert client.load().changed
    client.holds(client.api.tables)
    assert not client.load().changed


@pytest.mark.parametrize("statuses", [[429], [500, 503], [0], [0, 429, 502]])
def test_a_passing_trouble_is_waited_out(client: Client, statuses: list[int]) -> None:
    """Status 0 is a connection that is cut in the middle of an answer."""
    client.api.trouble.statuses = list(statuses)
    client.load("stripe")
    client.holds({name: rows for name, rows in client.api.tables.items() if name.startswith("stripe_")})


def test_the_wait_that_the_server_asks_for_is_kept(client: Client) -> None:
    client.load("stripe")
    client.api.trouble.statuses, client.api.trouble.retry_after = [429], "3"
    begun = time.monotonic()
    client.load("stripe")
    assert time.monotonic() - begun > 3


def test_a_failed_load_goes_on_where_it_was(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "ATTEMPTS", 2)
    client.api.page, client.api.trouble.down_at = 1, 30
    with pytest.raises(ApiError, match="503"):
        client.load("stripe")
    done = len(client.api.asked)
    client.api.trouble.down_at = 0
    client.load("stripe")
    again = len(client.api.asked)
    client.holds({name: rows for name, rows in client.api.tables.items() if name.startswith("stripe_")})
    (client.root / "whole").mkdir()
    Client(client.root / "whole", client.api).load("stripe")
    assert again == len(client.api.asked) - (done - 2)


def test_a_wrong_key(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREWHOUSE_STRIPE_API_KEY", "sk_live_very_secret")
    with pytest.raises(SecretRefusedError) as caught:
        client.load("stripe")
    assert caught.value.facts["variable"] == "BREWHOUSE_STRIPE_API_KEY"
    assert caught.value.facts["status"] == 401
    assert "very_secret" not in str(caught.value)


def test_a_server_that_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "ATTEMPTS", 2)
    client.api.base_url = "http://127.0.0.1:9"
    with pytest.raises(ServerUnreachableError, match=r"127\.0\.0\.1:9"):
        client.load("hubspot")


def test_a_record_that_does_not_fit_is_named(client: Client) -> None:
    client.api.tables["stripe_charges"][2]["amount"] = "many"
    with pytest.raises(ApiError, match="amount of record ch_2 is 'many'"):
        client.load("stripe")


def make_project(root: Path, api: Api) -> Place:
    """A project of a user who has connected Stripe."""
    root.mkdir()
    place = Place(root)
    assert place.brewhouse("init", ".", "--blueprint", "saas", "--no-check").code == 0
    settings = f'blueprint = "saas"\n[sources.stripe]\nkind = "dlt"\nbase_url = "{api.base_url}/v1"\n'
    (root / "brewhouse.toml").write_text(settings)
    return place


@pytest.fixture
def place(tmp_path: Path, api: Api) -> Place:
    return make_project(tmp_path / "bar", api)


def waits(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_killed_load_leaves_nothing_and_is_resumed(place: Place, api: Api) -> None:
    api.page, api.trouble.hang_at = 1, 25
    command = [sys.executable, "-m", "brewhouse", "load", "--source", "stripe"]
    process = subprocess.Popen(command, cwd=place.root, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    waits(lambda: len(api.asked) >= 25)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not place.warehouse.exists()
    api.trouble.hang_at = 0
    api.asked.clear()
    done = place.brewhouse("load", "--source", "stripe")
    assert done.code == 0, done.err
    stripe = {name: rows for name, rows in api.tables.items() if name.startswith("stripe_")}
    for table, rows in stripe.items():
        assert place.ask(f"select count(*), count(distinct id) from raw.{table}") == [(len(rows), len(rows))]
    pages = sum(max(1, len(rows)) for name, rows in stripe.items())
    assert len(api.asked) == pages - 24
    assert not (place.root / ".brewhouse" / "fetch" / "stripe").exists()


def test_ctrl_c_while_an_answer_is_awaited(place: Place, api: Api) -> None:
    api.trouble.hang_at = 5
    command = [sys.executable, "-m", "brewhouse", "load", "--source", "stripe"]
    process = subprocess.Popen(
        command, cwd=place.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    waits(lambda: len(api.asked) >= 5)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in out
    assert "Stopped" in out
    assert not place.warehouse.exists()


def test_the_key_is_nowhere_but_in_the_environment(place: Place, api: Api) -> None:
    api.trouble.down_at = 12
    failed = place.brewhouse("load", "--source", "stripe")
    assert failed.code == 3
    assert "BH309" in failed.err
    api.trouble.down_at = 0
    kept = [path for path in place.root.rglob("*") if path.is_file()]
    assert any(".brewhouse/fetch/stripe" in path.as_posix() for path in kept)
    assert place.brewhouse("load", "--source", "stripe").code == 0
    files = [path for path in place.root.rglob("*") if path.is_file()] + kept
    assert not [path for path in files if path.exists() and SECRET.encode() in path.read_bytes()]


def test_without_a_key_nothing_is_asked(place: Place, api: Api) -> None:
    outcome = place.brewhouse("load", "--source", "stripe", env={"BREWHOUSE_STRIPE_API_KEY": ""})
    assert outcome.code == 2
    assert "BH115" in outcome.err
    assert "BREWHOUSE_STRIPE_API_KEY" in outcome.err
    assert api.asked == []


def test_a_source_without_a_connector(place: Place) -> None:
    with (place.root / "brewhouse.toml").open("a") as file:
        file.write('[sources.marketing]\nkind = "dlt"\n')
    outcome = place.brewhouse("load")
    assert outcome.code == 2
    assert "BH103" in outcome.err
    assert "connectors are shipped for stripe and hubspot" in outcome.err


def start_localstripe(port: int) -> subprocess.Popen[bytes]:
    program = shutil.which("localstripe")
    if program is None:
        pytest.skip("localstripe is not installed (pip install localstripe, anywhere on the PATH)")
    command = [program, "--port", str(port), "--from-scratch"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def fill_localstripe(url: str, count: int) -> None:
    """Customers with a card and a subscription each."""
    headers = {"Authorization": f"Bearer {LOCALSTRIPE_KEY}"}

    def post(path: str, **data: Any) -> Any:
        answer = requests.post(f"{url}/{path}", data=data, headers=headers, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    product = post("products", name="Taps", type="service")["id"]
    post("plans", id="pro", amount=29900, currency="usd", interval="month", product=product)
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123"}
    for number in range(count):
        customer = post("customers", email=f"bar{number}@example.org")["id"]
        method = post(
            "payment_methods", type="card", **{f"card[{name}]": text for name, text in card.items()}
        )
        post(f"payment_methods/{method['id']}/attach", customer=customer)
        default = {"invoice_settings[default_payment_method]": method["id"]}
        post(f"customers/{customer}", **default)
        post("subscriptions", customer=customer, **{"items[0][plan]": "pro"})


LOCALSTRIPE_KEY = "sk_test_of_localstripe"


@pytest.mark.slow
def test_another_implementation_of_stripe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """localstripe pages like Stripe; it has no prices, no items of one subscription and no dates to filter by."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/v1"
    with start_localstripe(port) as server:
        try:
            waits(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
            fill_localstripe(url, 5)
            monkeypatch.setenv("BREWHOUSE_STRIPE_API_KEY", LOCALSTRIPE_KEY)
            monkeypatch.setattr(
                stripe, "LISTS", {name: one for name, one in stripe.LISTS.items() if name != "prices"}
            )
            monkeypatch.setattr(stripe, "ITEMS_OF", {})
            monkeypatch.setattr(stripe, "PAGE", 2)
            client = Client(tmp_path, Api({}, base_url=url.removesuffix("/v1")))
            client.load("stripe")
        finally:
            server.terminate()
    for table in (
        "customers",
        "subscriptions",
        "subscription_items",
        "invoices",
        "charges",
        "payment_intents",
    ):
        assert len(client.raw(f"stripe_{table}")) == 5, table
    paid = client.connection.execute("select distinct status, currency from raw.stripe_charges").fetchall()
    assert paid == [("succeeded", "usd")]
    assert len(client.raw("stripe_events")) > 5
