"""For a pull request or a wiki."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brewhouse.parity.findings import RULES
from brewhouse.parity.judge import Verdict
from brewhouse.parity.names import one_line
from brewhouse.render.parity.facts import Options, by_code, figures, hidden, shown, title


def markdown(verdict: Verdict, options: Options) -> str:
    """Figures, schemas, findings."""
    return "\n".join(_lines(verdict, options)) + "\n"


def _lines(verdict: Verdict, options: Options) -> Iterator[str]:
    yield f"# {_cell(title(verdict, options))}"
    yield ""
    yield f"**{_cell(verdict.line)}**"
    yield ""
    yield "## Overall"
    yield ""
    yield from _table(("what", "figure", "remark"), figures(verdict))
    yield ""
    yield "## By schema"
    yield ""
    yield from _table(
        ("schema", "models", "relations", "matching", "missing", "extra", "status"),
        (
            (one.schema, str(one.models), str(one.relations), str(one.matching), str(one.missing), str(one.extra),
             one.status)
            for one in verdict.schemas
        ),
    )  # fmt: skip
    yield from _findings(verdict, options)


def _findings(verdict: Verdict, options: Options) -> Iterator[str]:
    for level, code, found in by_code(shown(verdict, options)):
        yield ""
        yield f"## {level.word} {code}: {RULES[code].title} ({len(found):,})"
        yield ""
        yield RULES[code].texts["what"].split("\n\n")[0].replace("\n", " ")
        yield ""
        rows = ((one.relation, one.column, one.expected, one.found, one.file) for one in found)
        yield from _table(("relation", "column", "expected", "found", "file"), rows)
        statements = [one.statement for one in found if one.statement]
        if statements:
            yield from ("", "```sql", *(line.replace("```", "` ` `") for line in statements), "```")
    if verdict.waived:
        yield from ("", f"## Waived ({len(verdict.waived):,})", "")
        rows = (
            (one.code, one.where, one.waiver.owner, one.waiver.reason, str(one.waiver.expires))
            for one in verdict.waived
            if one.waiver
        )
        yield from _table(("code", "where", "owner", "reason", "until"), rows)
    if left := hidden(verdict, options):
        yield from ("", left)


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(value: str) -> str:
    """A name may hold any sign: none of them may end the cell or begin a tag."""
    plain = " ".join(one_line(value).split())
    for sign, safe in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("`", "\\`"), ("*", "\\*"), ("[", "\\[")):
        plain = plain.replace(sign, safe)
    return plain
