"""Lint the SQL of the blueprints as a user's project has it: compiled by dbt, with its packages.

A blueprint alone is not a complete dbt project, `brewhouse init` makes it one. So each blueprint is
set up under .lint/, sqlfluff runs there, and findings are reported on the blueprint's own files.

Usage: lint_sql.py [--fix] [BLUEPRINT ...]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLUEPRINTS = Path("src/brewhouse/blueprints")
SCRATCH = Path(".lint")
BIN = Path(sys.executable).parent
LINTED = ("models", "tests", "snapshots", "analyses")


def blueprint_names() -> list[str]:
    """The dbt projects among the blueprints; brewhouse_utils is a package of macros, not linted alone."""
    projects = (ROOT / BLUEPRINTS).glob("*/dbt_project.yml")
    return sorted(p.parent.name for p in projects if (p.parent / "models").is_dir())


def set_up(name: str) -> Path:
    """A fresh project of this blueprint under .lint/, with its dbt packages in place."""
    project = SCRATCH / name
    shutil.rmtree(ROOT / project, ignore_errors=True)
    (ROOT / SCRATCH).mkdir(exist_ok=True)
    _run([str(BIN / "brewhouse"), "init", str(project), "--blueprint", name, "--no-check"])
    if not (ROOT / project / "dbt_packages").is_dir():
        place = ["--project-dir", str(project), "--profiles-dir", str(project)]
        _run([str(BIN / "dbt"), "--quiet", "deps", *place])
    return project


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(f"lint_sql: `{' '.join(command)}` failed with exit code {done.returncode}")


def sqlfluff(verb: str, project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run sqlfluff inside the project, where a user's dbt would run too."""
    command = [str(BIN / "sqlfluff"), verb, "--config", str(ROOT / ".sqlfluff"), "--disable-progress-bar"]
    folders = [folder for folder in LINTED if (ROOT / project / folder).is_dir()]
    return subprocess.run(
        [*command, *options, *folders], cwd=ROOT / project, capture_output=True, text=True, check=False
    )


def lint(name: str, project: Path) -> bool:
    """Print each finding as file:line:column: code what; whether there is none."""
    done = sqlfluff("lint", project, "--format", "json")
    try:
        files = json.loads(done.stdout[done.stdout.index("[{") :])
    except ValueError:
        sys.stdout.write(done.stdout + done.stderr)
        return False
    for file in files:
        for found in file["violations"]:
            place = (
                f"{BLUEPRINTS / name / file['filepath']}:{found['start_line_no']}:{found['start_line_pos']}"
            )
            sys.stdout.write(f"{place}: {found['code']} {found['description']}\n")
    return done.returncode == 0


def fix(name: str, project: Path) -> bool:
    """Repair what can be repaired, bring it back into the blueprint, print what is left."""
    sqlfluff("fix", project)
    copy_back(name, project)
    return lint(name, project)


def copy_back(name: str, project: Path) -> None:
    """Bring repaired files back into the blueprint; only files that it has."""
    for repaired in (ROOT / project).rglob("*.sql"):
        original = ROOT / BLUEPRINTS / name / repaired.relative_to(ROOT / project)
        if original.is_file() and original.read_bytes() != repaired.read_bytes():
            shutil.copyfile(repaired, original)
            sys.stdout.write(f"repaired {original.relative_to(ROOT)}\n")


def main() -> int:
    """Lint (or repair) the named blueprints, or all; 1 if any has a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("blueprints", nargs="*", default=blueprint_names())
    options = parser.parse_args()
    work = fix if options.fix else lint
    # A list: every blueprint is looked at, also after one has failed.
    clean = [work(name, set_up(name)) for name in options.blueprints]
    return 0 if all(clean) else 1


if __name__ == "__main__":
    raise SystemExit(main())
