"""What the pages tell a reader to type works as they say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from brewhouse.settings import Settings
from brewhouse.simulate.companies import company
from tests.conftest import Place

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]


def block(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def queries(page: str) -> list[str]:
    """What a page gives to ``brewhouse query``, in order."""
    return re.findall(r'^\$ brewhouse query "(.*?)"$', (DOCS / page).read_text(), re.DOTALL | re.MULTILINE)


def test_the_tutorial(place: Place) -> None:
    marts = place.root / "models" / "marts"
    (marts / "channel_first_month.sql").write_text(block("tutorial/first-model.md", "sql"))
    (marts / "channel_first_month.yml").write_text(block("tutorial/first-model.md", "yaml"))
    outcome = place.brewhouse("build", "--select", "channel_first_month+", "--json")
    assert outcome.code == 0, outcome.out + outcome.err
    assert {node["status"] for node in outcome.json["nodes"]} == {"success", "pass"}
    assert len(place.ask("select * from marts.channel_first_month")) == 7


def test_the_proof_of_a_model(built: Place) -> None:
    typed = block("how-to/prove-a-model.md", "console")
    query = typed.split('brewhouse query "', 1)[1].rsplit('"', 1)[0]
    assert built.ask(query) == [(0,)]


def test_the_outage_and_the_experiment_are_found(built_saas: Place) -> None:
    heaps, silence, stops, lift = map(built_saas.ask, queries("how-to/find-the-outage.md"))
    firmware, day, first, last, most = heaps[0]
    assert (firmware, str(day), first) == ("3.2.1", "2025-10-10", last)
    assert most > 300
    assert heaps[1][-1] < 10
    for version, before, during, after in silence:
        assert during == 0 if version == firmware else during > 0
        assert before > 0 < after
    assert {cause for cause, *_ in stops} == {"firmware_outage", "wear"}
    for _, count, seen, same_end, other_end in stops:
        assert (seen, other_end) == (count, 0)
        assert same_end > 0.95 * count
    users, _, low, high, _, holds = lift[0]
    assert users > 800
    assert holds
    assert low > 0
    assert high - low < 0.14


def test_the_causes_of_the_saas_company_are_settings() -> None:
    section = tomllib.loads(block("explanation/saas-company.md", "toml"))
    settings = Settings(**section)
    assert settings.simulate.causes == {"outage": 0.0, "experiment": 0.0}
    assert company("saas", settings.simulate).parameters()["causes.outage"] == "0.0"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []
