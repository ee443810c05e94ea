"""Write docs/reference from the code, or with --check say whether it is out of date."""

from __future__ import annotations

import argparse
import html
import json
import os
import subprocess
import sys
from pathlib import Path

from pydantic import BaseModel

from brewhouse.errors import BrewhouseError
from brewhouse.settings import (
    EngineSettings,
    LoadTableSettings,
    ParitySettings,
    PostgresSettings,
    PublishSettings,
    SimulateSettings,
    SourceSettings,
)
from scripts.parity_pages import pages as parity_pages
from scripts.questions import page as questions

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"


def command_line() -> str:
    """The help of each command as one Markdown page."""
    command = [sys.executable, "-m", "typer", "brewhouse.cli.app", "utils", "docs"]
    # A fixed width and no colours: the page must not depend on who made it.
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(
        [*command, "--name", "brewhouse", "--title", "The command line"],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = (line.rstrip() for line in html.unescape(done.stdout).strip().splitlines())
    return "\n".join(lines) + "\n"


def errors() -> str:
    """Every error that a user may see, from its class."""
    rows = [
        f"| {kind.code} | {kind.exit_code} | {_first_line(kind)} | `{kind.hint}` |"
        for kind in sorted(_errors(BrewhouseError), key=lambda kind: kind.code)
    ]
    head = [
        "# Errors",
        "",
        "Each error names the thing, says what was expected, and ends with the next command to type. Exit codes:",
        "0 all is well; 1 the build or an error-level test failed; 2 you can mend it (arguments, files, settings);",
        "3 the machine stands in the way (disk, locks, versions); 130 interrupted.",
        "",
        "| code | exit | when | next |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def settings() -> str:
    """Every setting of brewhouse.toml, from its model."""
    lines = [
        "# Settings",
        "",
        "All of `brewhouse.toml`. A variable overrides the file: `BREWHOUSE_SIMULATE__SCALE=0.1`.",
        "`BREWHOUSE_POSTGRES_URL` is the address of a PostgreSQL server, and may hold its password.",
        "`BREWHOUSE_CACHE_DIR` names a folder for compiled plans, to share them among projects.",
        "",
        "| setting | default | meaning |",
        "|---|---|---|",
        '| `blueprint` | `"sandbox"` | the company and its dbt project |',
        '| `target` | `"duckdb"` | the engine of the warehouse: duckdb or postgres |',
    ]
    for section, kind in SECTIONS.items():
        for name, field in kind.model_fields.items():
            default = json.dumps(field.get_default(call_default_factory=True), default=str)
            lines.append(f"| `{section}.{field.alias or name}` | `{default}` | {field.description} |")
    return "\n".join(lines) + "\n"


SECTIONS: dict[str, type[BaseModel]] = {
    "simulate": SimulateSettings,
    "sources.NAME": SourceSettings,
    "load.tables.NAME": LoadTableSettings,
    "engine": EngineSettings,
    "postgres": PostgresSettings,
    "publish": PublishSettings,
    "parity": ParitySettings,
}


def _errors(kind: type[BrewhouseError]) -> list[type[BrewhouseError]]:
    return [one for child in kind.__subclasses__() for one in [child, *_errors(child)]]


def _first_line(kind: type[BrewhouseError]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


PAGES = {"cli.md": command_line, "errors.md": errors, "questions.md": questions, "settings.md": settings}
PAGES |= parity_pages()


def main() -> int:
    """Write the pages; with --check change nothing and return 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = False
    for path in sorted({*REFERENCE.rglob("*.md")} - {REFERENCE / name for name in PAGES}):
        stale = True
        sys.stdout.write(f"{path.relative_to(ROOT)} is made by nothing: delete it\n")
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale = True
        if check:
            sys.stdout.write(f"{path.relative_to(ROOT)} is out of date: run `make docs`\n")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    return int(check and stale)


if __name__ == "__main__":
    raise SystemExit(main())
