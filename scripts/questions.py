"""The business questions of docs/questions: each a file of SQL under its sentence, its asker and a property.

A file begins with three lines of comment, then comes one select:

    -- Which enterprise customers are most likely to leave?
    -- asked by: customer success
    -- holds: min(churn_risk_score) >= 60 and count(*) = count(distinct account_id)

The property is an aggregate over the rows of the answer, that is true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "questions"
ASKERS: Final = ("executives", "finance", "sales", "marketing", "customer success", "product", "operations")

_HEAD: Final = re.compile(
    r"-- (?P<sentence>\S[^\n]*\?)\n-- asked by: (?P<asker>[^\n]+)\n-- holds: (?P<holds>[^\n]+)\n"
)
_TABLE: Final = re.compile(
    r"\b(?:from|join)\s+((?:facts|intermediate|entity|mart|staging)\.\w+)", re.IGNORECASE
)


@dataclass(frozen=True)
class Question:
    """A question, who asks it, the SQL that answers it, and what is true of the answer."""

    name: str
    sentence: str
    asker: str
    holds: str
    sql: str

    @property
    def tables(self) -> frozenset[str]:
        """The relations that the SQL reads, as ``schema.name``."""
        return frozenset(_TABLE.findall(self.sql))

    @property
    def check(self) -> str:
        """SQL that gives one row: whether the property is true, and how many rows the answer has."""
        return f"select {self.holds} as holds, count(*) as row_count from (\n{self.sql}\n) as answer"


def read_questions(folder: Path = FOLDER) -> list[Question]:
    """All questions by the names of their files. Raises ``ValueError`` for a file without its three lines."""
    return [_read(path) for path in sorted(folder.glob("*.sql"))]


def _read(path: Path) -> Question:
    text = path.read_text()
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(
            f"{path.name}: expected '-- …?', '-- asked by: …' and '-- holds: …' in the first three lines"
        )
    if head["asker"] not in ASKERS:
        raise ValueError(f"{path.name}: asked by {head['asker']}: expected one of {', '.join(ASKERS)}")
    sql = text[head.end() :].strip().removesuffix(";")
    return Question(path.stem, head["sentence"], head["asker"], head["holds"], sql)


def page() -> str:
    """All questions as one Markdown page, by who asks them."""
    questions = read_questions()
    alone = sum(len(question.tables) == 1 for question in questions)
    lines = [
        "# Business questions",
        "",
        f"{len(questions)} questions to the `saas` warehouse, {alone} of them answered from a single table.",
        "Each file is plain SQL:",
        '`brewhouse query -- "$(cat FILE)"` prints the answer. The tests run all of them and check a property of each.',
    ]
    for asker in ASKERS:
        lines += ["", f"## Asked by {asker}", ""]
        for question in questions:
            if question.asker == asker:
                tables = ", ".join(f"`{table}`" for table in sorted(question.tables))
                lines.append(f"- [{question.sentence}](../questions/{question.name}.sql) {tables}")
    return "\n".join(lines) + "\n"
