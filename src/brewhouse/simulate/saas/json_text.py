"""JSON texts from pieces: objects and arrays whose values are JSON already."""

from __future__ import annotations

from brewhouse.simulate.engine.texts import Piece, Texts, pieces


def obj(count: int, **members: Piece) -> Texts:
    """A JSON object of the given members."""
    parts: list[Piece] = [b"{"]
    for number, (name, value) in enumerate(members.items()):
        parts += [(b", " if number else b"") + b'"' + name.encode() + b'": ', value]
    return pieces(count, *parts, b"}")


def quoted(count: int, *parts: Piece) -> Texts:
    """A JSON text; the pieces hold nothing that needs an escape."""
    return pieces(count, b'"', *parts, b'"')


def listed(count: int, *items: Piece) -> Texts:
    """A JSON array of the given items."""
    parts: list[Piece] = [b"["]
    for number, item in enumerate(items):
        parts += [b", " if number else b"", item]
    return pieces(count, *parts, b"]")
