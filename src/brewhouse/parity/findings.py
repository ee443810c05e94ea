"""What a rule finds, and the register of rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from brewhouse.parity.match import Case


class Level(IntEnum):
    """How much a finding weighs."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """As it is written."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Waiver:
    """A known difference that somebody answers for, until a day."""

    code: str
    """Of findings; ``*`` stands for any letters."""
    relation: str
    """Pattern of relations, as ``schema.name`` or ``database.schema.name``."""
    column: str
    """Pattern of columns; empty: also what concerns no column."""
    owner: str
    reason: str
    expires: dt.date
    """The last day on which it counts."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, with its facts."""

    code: str
    level: Level
    message: str
    relation: str = ""
    """Where it is, or should be."""
    column: str = ""
    node: str = ""
    """The project's own name of it; empty: it is not in the project."""
    file: str = ""
    expected: str = ""
    found: str = ""
    statement: str = ""
    """What might mend it, as a comment of SQL: nothing is ever executed."""
    waiver: Waiver | None = None

    @property
    def title(self) -> str:
        """The name of its rule."""
        return RULES[self.code].title

    @property
    def where(self) -> str:
        """The relation and the column."""
        return f"{self.relation}.{self.column}" if self.column else self.relation

    @property
    def sorting(self) -> tuple[int, str, str, str]:
        """The worst first, then by code and place."""
        return (-self.level, self.code, self.relation, self.column)


Judge = Callable[["Case"], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of difference: its code, its usual level, the function that finds it, and what there is to say."""

    code: str
    title: str
    level: Level
    judge: Judge
    texts: Mapping[str, str] = field(default_factory=dict)
    """``what``, ``why`` and ``mend``, from the function's docstring."""


RULES: Final[dict[str, Rule]] = {}
"""All rules by code; the packages of ``brewhouse.parity.rules`` fill it."""
_PART: Final = re.compile(r"^(Why it matters|How to mend): ", re.MULTILINE)


def rule(code: str, title: str, level: Level) -> Callable[[Judge], Judge]:
    """Enter a function into the register; its docstring is the rule's documentation."""

    def enter(judge: Judge) -> Judge:
        RULES[code] = Rule(code, title, level, judge, _texts(judge.__doc__ or ""))
        return judge

    return enter


def _texts(docstring: str) -> dict[str, str]:
    lines = "\n".join(line.strip() for line in docstring.strip().splitlines())
    what, _, why, _, mend = (*_PART.split(lines), "", "", "", "")[:5]
    return {"what": what.strip(), "why": why.strip(), "mend": mend.strip()}
