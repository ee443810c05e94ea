"""For a person at a terminal, and for logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brewhouse.parity.findings import RULES
from brewhouse.parity.judge import Verdict
from brewhouse.parity.names import one_line
from brewhouse.render.parity.facts import Options, by_code, figures, hidden, shown, title

_HEAD = ("schema", "models", "relations", "matching", "missing", "extra", "status")


def text(verdict: Verdict, options: Options) -> str:
    """Figures, schemas, findings, and the verdict as the last line."""
    return "\n".join(_lines(verdict, options)) + "\n"


def _lines(verdict: Verdict, options: Options) -> Iterator[str]:
    yield title(verdict, options)
    yield ""
    rows = [(name, value, f"  {remark}" if remark else "") for name, value, remark in figures(verdict)]
    yield from _grid(rows, right={1})
    yield ""
    schemas = [
        (
            one_line(one.schema),
            *(f"{n:,}" for n in (one.models, one.relations, one.matching, one.missing, one.extra)),
            one.status,
        )
        for one in verdict.schemas
    ]
    yield from _grid([_HEAD, *schemas], right={1, 2, 3, 4, 5})
    yield from findings_text(verdict, options)
    yield ""
    yield verdict.line


def findings_text(verdict: Verdict, options: Options) -> Iterator[str]:
    """The findings alone."""
    for level, code, found in by_code(shown(verdict, options)):
        yield ""
        yield f"{level.word} {code} {RULES[code].title} ({len(found):,})"
        for one in found:
            yield f"  {one_line(one.relation)}: {one_line(one.message)}"
            if options.statements and one.statement:
                yield f"    {one_line(one.statement)}"
    for one in verdict.waived:
        yield ""
        who = f"waived by {one.waiver.owner} until {one.waiver.expires}" if one.waiver else ""
        yield f"{who}: {one.code} {one_line(one.relation)}: {one_line(one.message)}"
    if left := hidden(verdict, options):
        yield ""
        yield left


def _grid(rows: Sequence[Sequence[str]], right: set[int]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
