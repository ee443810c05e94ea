"""Write docs/reference from the code, or with --check say whether it is out of date."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

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
    lines = (line.rstrip() for line in done.stdout.strip().splitlines())
    return "\n".join(lines) + "\n"


PAGES = {"cli.md": command_line}


def main() -> int:
    """Write the pages; with --check change nothing and return 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = False
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
