"""The saas blueprint from the command line: run, second run, and staging held against the truth."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from brewhouse.simulate.saas.dirt import TABLES
from brewhouse.simulate.saas.schema import raw_tables
from tests.conftest import Place

SOURCES = ("app_database", "stripe", "hubspot", "marketing")


def staged(raw: str) -> str:
    """Name of the staging model of a raw table, without its prefix."""
    source = next((name for name in SOURCES if raw.startswith(name)), "marketing")
    return f"{source}__{raw.removeprefix(f'{source}_') if source != 'marketing' else raw}"


@pytest.mark.parametrize("raw", TABLES)
def test_each_raw_table_is_staged_or_quarantined_row_by_row(built_saas: Place, raw: str) -> None:
    name = staged(raw)
    counts = built_saas.ask(
        f"select (select count(*) from raw.{raw}), (select count(*) from staging.stg_{name}), "
        f"(select count(*) from quarantine.quarantine_{name})"
    )[0]
    assert counts[0] == counts[1] + counts[2]
    assert counts[1] > 0


def test_all_thirty_raw_tables_are_loaded_and_staged(built_saas: Place) -> None:
    found = {name for (name,) in built_saas.ask("select table_name from information_schema.tables")}
    assert set(raw_tables()) == set(TABLES)
    assert {f"stg_{staged(raw)}" for raw in TABLES} <= found


def test_clean_facts_survive_staging(built_saas: Place) -> None:
    """MRR, paid invoices and downtime of the staged tables are those of the truth, to the cent and to the second."""
    wrong = built_saas.ask(
        """
        with staged as (
            select account_id, sum(normalized_mrr) as mrr
            from staging.stg_app_database__subscriptions where normalized_mrr > 0 group by 1
        ),
        ledger as (select account_id, mrr from truth.mrr where valid_to is null and mrr > 0)
        select * from staged full join ledger using (account_id) where staged.mrr is distinct from ledger.mrr
        """
    )
    assert wrong == []
    unpaid = built_saas.ask(
        """
        select stripe_invoice_id from staging.stg_stripe__invoices i left join (
            select stripe_invoice_id, sum(charge_amount_usd) as charged
            from staging.stg_stripe__charges where paid group by 1
        ) c using (stripe_invoice_id)
        where i.amount_paid_usd <> coalesce(c.charged, 0)
        """
    )
    assert unpaid == []


def test_a_second_run_changes_nothing(built_saas: Place, tmp_path: Path) -> None:
    place = Place(tmp_path / "bar")
    shutil.copytree(built_saas.root, place.root, symlinks=True)
    before = place.content()
    outcome = place.brewhouse("run", "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.json["simulated"]["made"] is False
    assert all(table["rows"] == 0 for table in outcome.json["loaded"]["tables"].values())
    assert place.content() == before
