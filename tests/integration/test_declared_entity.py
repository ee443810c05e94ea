"""The how-to of an entity of one's own: typed as it stands, its tables recomputed, its test seen to fail."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Place

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "declare-an-entity.md").read_text()
SELECTION = ("build", "--select", "entity_contacts*", "--json")


def _blocks(language: str) -> list[str]:
    """The page's blocks in a language, without the indentation of their list."""
    found = re.findall(rf"^   ```{language}\n(.*?)^   ```", PAGE, re.DOTALL | re.MULTILINE)
    return [re.sub(r"^   ", "", text, flags=re.MULTILINE) for text in found]


@pytest.fixture(scope="module")
def place(built_saas: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A built project into which the page was typed."""
    root = tmp_path_factory.mktemp("declared") / "bar"
    shutil.copytree(built_saas.root, root, symlinks=True)
    made = Place(root)
    project = root / "dbt_project.yml"
    project.write_text(project.read_text().rstrip() + "\n" + _blocks("yaml")[0])
    (root / "models" / "entity").mkdir(exist_ok=True)
    names = re.findall(r"`(entity_contacts\w*\.sql)`", PAGE)
    assert len(names) == 3
    for name, sql in zip(names, _blocks("sql"), strict=True):
        (root / "models" / "entity" / name).write_text(sql)
    (root / "models" / "entity" / "entity_contacts.yml").write_text(_blocks("yml")[0])
    outcome = made.brewhouse(*SELECTION)
    assert outcome.code == 0, outcome.out + outcome.err
    assert sorted(node["status"] for node in outcome.json["nodes"]) == [
        "pass",
        "success",
        "success",
        "success",
    ]
    return made


def test_the_tables_are_sums_of_the_facts(place: Place) -> None:
    facts = "staging.stg_hubspot__engagements where hubspot_contact_id is not null"
    assert place.ask(
        "select sum(fact_count), sum(calls), sum(minutes) from entity.entity_contacts"
    ) == place.ask(
        f"select count(*), count(*) filter (engagement_type = 'call'), sum(duration_minutes) from {facts}"
    )
    by_month = """
        select hubspot_contact_id, date_trunc('month', engagement_timestamp)::date, coalesce(sum(duration_minutes), 0),
            max_by(engagement_category, engagement_timestamp)
        from staging.stg_hubspot__engagements where hubspot_contact_id is not null group by 1, 2"""
    found = """
        select hubspot_contact_id, period_start_date, minutes, engagement_category
        from entity.entity_contacts_monthly where fact_count > 0"""
    assert place.ask(f"({by_month}) except ({found})") == []
    window = """
        select count(*) filter (engagement_timestamp > (select as_of from staging.as_of) - interval 30 day)
        from staging.stg_hubspot__engagements where engagement_type = 'email'"""
    assert place.ask("select sum(messages_30d) from entity.entity_contacts") == place.ask(window)


def test_a_measure_has_its_declared_type(place: Place) -> None:
    types = place.ask(
        "select distinct data_type from duckdb_columns() where table_name in "
        "('entity_contacts', 'entity_contacts_monthly') and column_name like 'minutes%'"
    )
    assert types == [("BIGINT",)]


def test_the_queries_of_the_page_answer(place: Place) -> None:
    query = re.search(r'brewhouse query "(.*?)"', PAGE)
    assert query is not None
    assert {name for name, _ in place.ask(query[1])} == {"conversation", "message", "internal"}


FAULTS = {
    "history_is_continuous": "update entity.entity_contacts_history set valid_to = valid_to + 1 where not is_current",
    "history_has_changes": "update entity.entity_contacts_history set engagement_category = 'internal'",
    "current_is_last_of_history": "update entity.entity_contacts set engagement_category = 'x'",
    "current_is_last_of_grain": "delete from entity.entity_contacts_monthly where period_start_date > '2024-01-01'",
    "grain_is_history_at_end": "update entity.entity_contacts_monthly set engagement_category = 'x'",
    "one_row_per_period": "insert into entity.entity_contacts_monthly select * from entity.entity_contacts_monthly",
}


@pytest.mark.parametrize("rule", FAULTS)
def test_each_rule_of_the_test_is_seen_to_fail(place: Place, rule: str, tmp_path: Path) -> None:
    compiled = next(node.sql for node in place.plan().nodes if "three_tables_agree" in node.name)
    copy = tmp_path / "warehouse.duckdb"
    shutil.copy(place.warehouse.resolve(), copy)
    with duckdb.connect(copy) as connection:
        assert connection.execute(compiled).fetchall() == []
        connection.execute(FAULTS[rule])
        assert (rule,) in connection.execute(compiled).fetchall()


DECLARED = """
  entities:
    visits:
      key: user_id
      facts: stg_events
      moment: event_timestamp
      grain: month
      tracked: [event_type]
      measures:
        worth: {sum: event_value, type: bigint}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("key: user_id", "", "entity visits has no key: expected key, facts, moment"),
        ("grain: month", "grain: year", "entity visits has the grain year: expected day, week or month"),
        ("{sum: event_value, type: bigint}", "event_value", "measure worth of entity visits is no pair of sum"),
        ("sum: event_value, ", "", "measure worth of entity visits is no pair of sum"),
        ("visits:", "people:", "entity visits is not declared"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_named(
    copy_of: Callable[[], Place], right: str, wrong: str, said: str
) -> None:
    """In the sandbox, which dbt parses in a moment."""
    new = copy_of()
    project = new.root / "dbt_project.yml"
    assert DECLARED.count(right) == 1
    project.write_text(project.read_text().rstrip() + DECLARED.replace(right, wrong))
    (new.root / "models" / "entity_visits.sql").write_text("{{ brewhouse_utils.entity_atomic('visits') }}\n")
    outcome = new.brewhouse("build", "--select", "entity_visits", "--json")
    assert outcome.code != 0
    assert said in " ".join((outcome.out + outcome.err).split())
