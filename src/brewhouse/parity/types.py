"""Types of columns, compared fact by fact: each is the same, differs, or can't be told.

A declared ``numeric`` promises a family and no precision; DuckDB keeps no length of a text. What one side does
not say is no difference, and no agreement either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Fact = Literal["family", "precision", "scale", "length", "time zone"]
Answer = Literal["same", "differs", "cannot tell"]
FACTS: Final[tuple[Fact, ...]] = ("family", "precision", "scale", "length", "time zone")
UNLIMITED: Final = -1
"""The engine says that there is no limit, which is other than saying nothing."""


@dataclass(frozen=True, slots=True)
class Type:
    """A type in words of no engine; None where nothing is said."""

    family: str
    """``integer``, ``decimal``, ``text`` …; ``?name`` if it is not known."""
    precision: int | None = None
    """Digits of a decimal, bits of an integer or a float, digits of a second's fraction."""
    scale: int | None = None
    length: int | None = None
    """Characters of a text, bytes of a binary."""
    zone: bool | None = None
    """Whether a moment has a time zone."""
    inner: tuple[tuple[str, Type], ...] = ()
    """Fields of a struct by name; the element of a list."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one engine spells types."""

    names: tuple[tuple[str, Type], ...]
    """In lower case, without arguments; a first argument fills in what the type leaves open."""
    lengths: bool = True
    """Whether the engine keeps the declared length of a text."""
    unlimited_length: int = 0
    """The length by which the catalogue says that there is no limit."""
    decimal: tuple[int, int] | None = None
    """Precision and scale that the engine gives a decimal without any; None: it has no limit then."""

    fraction: int | None = None
    """Digits of a second's fraction that a moment has without being told."""

    def __hash__(self) -> int:
        return id(self)


_NAME: Final = re.compile(r"([^(]*)(?:\(([^()]*)\)(.*))?$", re.DOTALL)
_NESTED: Final = re.compile(r"(struct|row|map|list|array|union|object|enum)\s*([(<])(.*)[)>]$", re.DOTALL)


@lru_cache(maxsize=16_384)
def parse(text: str, grammar: Grammar, *, observed: bool = False) -> Type:
    """The type that ``text`` spells; ``observed``: by the catalogue, so that silence means no limit."""
    plain = " ".join(text.strip().split())
    if plain.endswith("]"):
        element, _, size = plain.rpartition("[")
        inner = parse(element, grammar, observed=observed)
        return Type("list", length=_number(size.rstrip("]")), inner=(("", inner),))
    nested = _NESTED.match(plain) or _NESTED.match(plain.lower())
    if nested is None and "(" in plain:
        nested = re.match(_NESTED.pattern, plain, re.DOTALL | re.IGNORECASE)
    if nested:
        return _nested(nested[1].lower(), nested[3], grammar, observed)
    return _plain(plain.lower(), grammar, observed)


def _plain(text: str, grammar: Grammar, observed: bool) -> Type:
    match = _NAME.match(text)
    if match is None:
        return Type(f"?{text}")
    name = " ".join(f"{match[1]} {match[3] or ''}".split())
    known = dict(grammar.names).get(name)
    if known is None:
        return Type(f"?{text}")
    numbers = [_number(part) for part in (match[2] or "").split(",") if part.strip()]
    return _with_arguments(known, numbers, grammar, observed)


def _with_arguments(known: Type, numbers: list[int | None], grammar: Grammar, observed: bool) -> Type:
    first = numbers[0] if numbers else None
    second = numbers[1] if len(numbers) > 1 else None
    if known.family == "decimal":
        if first is None:
            if known.precision is not None or not observed:
                return known
            precision, scale = grammar.decimal or (UNLIMITED, UNLIMITED)
            return Type("decimal", precision, scale)
        return Type("decimal", first, second or 0)
    if known.family in ("text", "binary"):
        return _sized(known, first, grammar, observed)
    if known.family in ("timestamp", "time"):
        default = known.precision if known.precision is not None or not observed else grammar.fraction
        return Type(known.family, precision=default if first is None else first, zone=known.zone)
    return known


def _sized(known: Type, first: int | None, grammar: Grammar, observed: bool) -> Type:
    if not grammar.lengths:
        return Type(known.family)
    if first is not None and first == grammar.unlimited_length:
        first = UNLIMITED
    if first is None:
        first = known.length if known.length is not None else (UNLIMITED if observed else None)
    return Type(known.family, length=first)


def _nested(kind: str, body: str, grammar: Grammar, observed: bool) -> Type:
    if kind == "enum":
        return Type(f"?enum({body})")
    parts = list(_split(body))
    if kind in ("struct", "row", "union", "object"):
        fields = tuple(_field(part, grammar, observed) for part in parts)
        return Type("union" if kind == "union" else "struct", inner=fields)
    inner = tuple(("", parse(part, grammar, observed=observed)) for part in parts)
    return Type("list" if kind in ("list", "array") else kind, inner=inner)


def _field(text: str, grammar: Grammar, observed: bool) -> tuple[str, Type]:
    """A struct's field: ``name type`` or ``name: type``."""
    match = re.match(r'\s*("(?:[^"]|"")*"|[^\s:]+)\s*:?\s*(.*)$', text, re.DOTALL)
    if match is None:
        return text.strip(), Type(f"?{text.strip()}")
    return match[1].strip('"').lower(), parse(match[2], grammar, observed=observed)


def _split(body: str) -> Iterator[str]:
    """Parts at commas that stand in no bracket and no quotes."""
    depth, start, inside = 0, 0, False
    for position, sign in enumerate(body):
        inside ^= sign == '"'
        if inside:
            continue
        depth += (sign in "(<[") - (sign in ")>]")
        if sign == "," and not depth:
            yield body[start:position]
            start = position + 1
    if body[start:].strip():
        yield body[start:]


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdigit() else None


def differences(declared: Type, found: Type) -> dict[Fact, Answer]:
    """Fact by fact what is promised beside what is there. A fact that neither has is not among them."""
    family = _families(declared, found)
    if family != "same":
        return {"family": family}
    answers: dict[Fact, Answer] = {"family": "same"}
    sides: tuple[tuple[Fact, int | None, int | None], ...] = (
        ("precision", declared.precision, found.precision),
        ("scale", declared.scale, found.scale),
        ("length", declared.length, found.length),
        ("time zone", declared.zone, found.zone),
    )
    for fact, one, two in sides:
        if one is not None or two is not None:
            answers[fact] = _answer(one, two)
    if declared.inner:
        _add_inner(answers, declared, found)
    return answers


def _families(declared: Type, found: Type) -> Answer:
    if declared.family == found.family:
        fields = [name for name, _ in declared.inner], [name for name, _ in found.inner]
        return "same" if fields[0] == fields[1] else "differs"
    unknown = declared.family.startswith("?") or found.family.startswith("?")
    return "cannot tell" if unknown else "differs"


def _answer(one: int | None, two: int | None) -> Answer:
    if one is None or two is None:
        return "cannot tell"
    return "same" if one == two else "differs"


def _add_inner(answers: dict[Fact, Answer], declared: Type, found: Type) -> None:
    """A nested type differs in what any of its parts differs in."""
    for (_, one), (_, two) in zip(declared.inner, found.inner, strict=True):
        for fact, answer in differences(one, two).items():
            if answers.get(fact, "same") == "same" or answer == "differs":
                answers[fact] = answer


def say(value: Type, fact: Fact) -> str:
    """One fact of a type in words."""
    if fact == "family":
        if value.inner:
            parts = (f"{name} {say(one, fact)}".strip() for name, one in value.inner)
            return f"{value.family}({', '.join(parts)})"
        return value.family.removeprefix("?")
    if fact == "time zone":
        return {True: "with time zone", False: "without time zone", None: "unsaid"}[value.zone]
    number = {"precision": value.precision, "scale": value.scale, "length": value.length}[fact]
    return "unsaid" if number is None else "no limit" if number == UNLIMITED else str(number)
