"""Names of relations and columns: read as SQL spells them, compared as an engine compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

LOWER: Final[Mapping[int, int]] = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
UPPER: Final[Mapping[int, int]] = {lower: lower - 32 for lower in range(ord("a"), ord("z") + 1)}
"""Engines fold the letters of ASCII and no others."""

_QUOTES: Final = {'"': '"', "`": "`", "[": "]"}


class Name(NamedTuple):
    """One identifier, and whether SQL has it in quotes."""

    text: str
    quoted: bool


class Key(NamedTuple):
    """A relation as its engine tells it from others: equal keys are one relation."""

    database: str
    schema: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project says that a relation is."""

    database: Name
    schema: Name
    name: Name

    def __str__(self) -> str:
        return ".".join(part.text for part in (self.database, self.schema, self.name) if part.text)


@dataclass(frozen=True, slots=True)
class Folding:
    """How an engine compares identifiers."""

    unquoted: Literal["lower", "upper", "keep"]
    quoted: Literal["lower", "keep"]
    """``lower``: quotes or not, case is nothing; DuckDB is such an engine."""
    max_bytes: int = 0
    """A longer name is cut at a character's end, as the engine does; 0: none is."""

    def key(self, text: str, *, quoted: bool) -> str:
        """What the engine makes of a name in SQL."""
        how = self.quoted if quoted else self.unquoted
        if how != "keep":
            text = text.translate(LOWER if how == "lower" else UPPER)
        if self.max_bytes and len(text) * 4 > self.max_bytes:
            text = text.encode()[: self.max_bytes].decode(errors="ignore")
        return text

    def stored(self, text: str) -> str:
        """The same of a name as the engine's catalogue has it."""
        return text.translate(LOWER) if self.quoted == "lower" else text

    def place(self, place: Place) -> Key:
        """The key of a place in a project."""
        return Key(*(self.key(part.text, quoted=part.quoted) for part in _parts(place)))


def _parts(place: Place) -> tuple[Name, Name, Name]:
    return place.database, place.schema, place.name


def one_line(text: str) -> str:
    """On one line, whatever signs a name has: a line end in it must not end a comment."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def split_relation(rendered: str) -> list[Name]:
    """The identifiers of ``"a b".c.`d```: quotes of any engine, doubled inside to stand for themselves."""
    parts: list[Name] = []
    position = 0
    while position < len(rendered):
        closing = _QUOTES.get(rendered[position])
        if closing:
            text, position = _quoted(rendered, position + 1, closing)
            parts.append(Name(text, True))
        else:
            end = rendered.find(".", position)
            end = len(rendered) if end < 0 else end
            parts.append(Name(rendered[position:end].strip(), False))
            position = end
        if position < len(rendered) and rendered[position] == ".":
            position += 1
        elif position < len(rendered):
            return []  # not a plain name: a function, a path, an expression
    return parts


def _quoted(rendered: str, start: int, closing: str) -> tuple[str, int]:
    """The text up to the closing quote, and the position behind it."""
    text = ""
    while True:
        end = rendered.find(closing, start)
        if end < 0:
            return text + rendered[start:], len(rendered)
        text += rendered[start:end]
        if rendered[end + 1 : end + 2] != closing:
            return text, end + 1
        text += closing
        start = end + 2
