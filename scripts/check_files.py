"""House rules that no linter knows: file length, clocks in models, switched-off files, lock contents.

Usage: check_files.py [FILE ...]   (without files: everything git would track)
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

MAX_LINES = 500
# Made by a command, never read from top to bottom. This list can only shrink.
GENERATED = ("requirements/*.txt", "docs/reference/*", "tests/golden/*", "*.svg")

SQL_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/|\{#.*?#\}", re.DOTALL)
CLOCK_OR_CHANCE = re.compile(
    r"\b(current_date|current_time|current_timestamp|localtimestamp|localtime|sysdate|run_started_at"
    r"|(?:now|today|getdate|random|rand|uuid|gen_random_uuid)\s*\()",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"://|\bfile:|^\s*(?:--(?:extra-)?index|--find-links|-[ief]\s)", re.IGNORECASE)

Finding = tuple[int, str]
Check = Callable[[Path, str], Iterator[Finding]]


def length(path: Path, text: str) -> Iterator[Finding]:
    """A file has at most 500 lines: split it before it is read by nobody."""
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > MAX_LINES and not any(path.match(pattern) for pattern in GENERATED):
        yield MAX_LINES + 1, f"{lines} lines, at most {MAX_LINES} are allowed: split the file"


def clock(path: Path, text: str) -> Iterator[Finding]:
    """A model knows neither the time nor chance: it reads var('as_of')."""
    if path.suffix == ".sql" and "blueprints" in path.parts and "models" in path.parts:
        code = SQL_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
        for match in CLOCK_OR_CHANCE.finditer(code):
            word = match[1].rstrip("( \t\n")
            yield (
                code.count("\n", 0, match.start()) + 1,
                f"{word} in a model: read var('as_of') or a macro of brewhouse_utils instead",
            )


def switched_off(path: Path, text: str) -> Iterator[Finding]:  # noqa: ARG001
    """A test that is switched off by a file name is a test that nobody misses."""
    if path.suffix == ".disabled":
        yield 1, "a .disabled file: repair it or delete it"


def lock_address(path: Path, text: str) -> Iterator[Finding]:
    """A lock names versions and hashes; where they come from is the machine's own setting."""
    if path.match("requirements/*.txt"):
        for number, line in enumerate(text.splitlines(), start=1):
            if ADDRESS.search(line):
                yield number, "an address in a lock: make it with `make lock`"


def valid_toml(path: Path, text: str) -> Iterator[Finding]:
    """A TOML file parses."""
    if path.suffix == ".toml":
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            yield 1, f"not valid TOML: {error}"


CHECKS: tuple[Check, ...] = (length, clock, switched_off, lock_address, valid_toml)


def findings(path: Path) -> Iterator[Finding]:
    """All that is wrong with one file; a file that is no text is nobody's business here."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for check in CHECKS:
        yield from check(path, text)


def tracked() -> list[Path]:
    """The files git tracks, or would track after `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [path for name in names.split("\0") if name and (path := Path(name)).is_file()]


def main(arguments: list[str]) -> int:
    """Print each finding as file:line: what; 1 if there is any."""
    paths = [Path(argument) for argument in arguments] or tracked()
    found = [(path, *finding) for path in sorted(paths) for finding in findings(path)]
    for path, line, what in found:
        sys.stdout.write(f"{path}:{line}: {what}\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
