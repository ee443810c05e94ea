"""The business questions are answered, mostly from one table each, and what is stated of the answers is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.questions import FOLDER, Question, page, read_questions
from tests.conftest import Place

QUESTIONS = read_questions()


def test_nine_of_ten_need_a_single_table() -> None:
    assert len(QUESTIONS) >= 50
    assert sum(len(question.tables) == 1 for question in QUESTIONS) >= 45
    assert all(question.tables for question in QUESTIONS)
    assert len({question.sentence for question in QUESTIONS}) == len(QUESTIONS)
    used = {table.split(".")[0] for question in QUESTIONS for table in question.tables}
    assert used <= {"entity", "mart", "facts"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_answer_has_its_property(built_saas: Place, question: Question) -> None:
    ((holds, row_count),) = built_saas.ask(question.check)
    assert row_count > 0, "nothing is answered"
    assert holds is True, question.holds


def test_a_file_can_be_asked_as_the_page_says(built_saas: Place) -> None:
    """Each file begins with two dashes, which would be an option."""
    assert 'brewhouse query -- "$(cat FILE)"' in page()
    question = QUESTIONS[0]
    outcome = built_saas.brewhouse("query", "--json", "--", (FOLDER / f"{question.name}.sql").read_text())
    assert outcome.code == 0, outcome.err
    assert len(outcome.json) == len(built_saas.ask(question.sql))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select 1", "expected '-- …?'"),
        ("-- Who?\n-- asked by: nobody\n-- holds: true\nselect 1", "asked by nobody"),
    ],
)
def test_a_file_without_its_head_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.sql").write_text(text)
    with pytest.raises(ValueError, match=re.escape(said)):
        read_questions(tmp_path)
