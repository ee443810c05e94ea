"""What the pages tell a reader to type works as they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Place

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]


def block(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    assert found is not None
    return found[1]


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []
