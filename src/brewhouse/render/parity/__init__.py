"""A verdict of parity as text, Markdown, JSON, HTML, SARIF or JUnit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from brewhouse.parity.judge import Verdict
from brewhouse.render.parity.facts import Options
from brewhouse.render.parity.html import html
from brewhouse.render.parity.junit import junit
from brewhouse.render.parity.machine import document
from brewhouse.render.parity.markdown import markdown
from brewhouse.render.parity.sarif import sarif
from brewhouse.render.parity.text import text

Render = Callable[[Verdict, Options], str]
FORMATS: Final[Mapping[str, Render]] = {
    "text": text, "markdown": markdown, "json": document, "html": html, "sarif": sarif, "junit": junit,
}  # fmt: skip

__all__ = ["FORMATS", "Options", "Render"]
