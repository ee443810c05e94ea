"""One page in one file, with search and filters; it needs no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from brewhouse.parity.findings import RULES
from brewhouse.parity.judge import Verdict
from brewhouse.render.parity.facts import Options, figures, title
from brewhouse.render.parity.machine import finding

_TEMPLATE: Final = Path(__file__).with_name("page.html.j2")


def html(verdict: Verdict, options: Options) -> str:
    """All findings, whatever their level: the page itself filters."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    rules = {code: {"title": rule.title, **rule.texts} for code, rule in RULES.items()}
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        title=title(verdict, options),
        verdict=verdict,
        figures=list(figures(verdict)),
        asked_at=verdict.case.observed.asked_at,
        version=options.version,
        show=options.show.word,
        findings=_script(json.dumps([finding(one) for one in verdict.findings], ensure_ascii=False)),
        rules=_script(json.dumps(rules, ensure_ascii=False)),
    )


def _script(text: str) -> str:
    """JSON that no browser takes for the end of its script."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
