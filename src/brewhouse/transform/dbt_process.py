"""dbt in a process of its own, spoken to in lines of JSON.

dbt takes seconds to import and keeps global state, so it starts while data is still being made and loaded, may stay
for the next build, and can't disturb the process that owns the warehouse. Its own output goes to a log.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from brewhouse import errors
from brewhouse.transform.inputs import Columns
from brewhouse.transform.kept_manifest import manifest_path
from brewhouse.transform.memo import UnitTestMemo
from brewhouse.transform.plan import Node, Plan, plan_key, plan_path, read_plan
from brewhouse.transform.target import DUCKDB, Target

SUPPORTED: Final = ">=1.11,<1.12"
CACHE_VARIABLE: Final = "BREWHOUSE_CACHE_DIR"
"""Where plans and passes of unit tests are kept; without it, in each project's own .brewhouse/cache."""

_KEPT_PLANS: Final = 32
SERVER: Final = "brewhouse.transform.dbt_server"


class DbtProcess:
    """Plans, proves and runs nodes of one project with dbt; started on first need, or ahead by ``warm_up``.

    Questions are answered in the order in which they were asked, so they can be asked long before their answer is
    needed.
    """

    def __init__(self, root: Path, state: Path, target: Target = DUCKDB) -> None:
        self._root = root
        self._target = target
        self._cache = Path(os.environ.get(CACHE_VARIABLE) or state / "cache")
        self._log = state / "dbt.log"
        self._process: subprocess.Popen[str] | None = None
        self._asked: list[str] = []
        self._answers: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> DbtProcess:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def memo_path(self) -> Path:
        """Where passes of unit tests are on record."""
        return self._cache / "unit_tests.json"

    @property
    def manifest(self) -> Path:
        """What is kept of the manifest of the project's files as they are; it is there once their plan is."""
        return manifest_path(self._cache, self._key(()))

    def warm_up(self, selection: tuple[str, ...] = ()) -> None:
        """Begin to make the plan, if none is kept, and return at once."""
        if self._kept(self._key(selection)) is None:
            self._ask_for_plan(selection)

    def prove_ahead(self, columns: Columns) -> None:
        """Begin to run the unit tests that aren't on record for raw tables of these columns."""
        files_key = self._key(())
        memo = UnitTestMemo(self.memo_path)
        plan = self._kept(files_key)
        if plan is None or memo.unproved(plan.unit_tests(), columns):
            self._ask_for_proof(files_key, columns, known=memo.known)

    def plan(self, selection: tuple[str, ...] = ()) -> Plan:
        """The plan for the project's files as they are now.

        dbt says under which key it filed the plan, since files may change while it reads them.
        Raises ``ModelsInvalidError``, ``NothingSelectedError``, ``DbtVersionError`` or ``DbtStoppedError``.
        """
        token = _plan_token(selection)
        if token not in self._asked:
            kept = self._kept(self._key(selection))
            if kept is not None:
                return kept
            self._ask_for_plan(selection)
        made = self._kept(self._answer(token)["key"])
        if made is None:
            raise errors.DbtStoppedError(log=self._log)
        return made

    def prove(self, plan: Plan, nodes: Sequence[Node], columns: Columns) -> list[dict[str, Any]]:
        """Run unit tests ``nodes`` of ``plan`` on empty tables; a result per node, with the key of its pass."""
        token = _proof_token(plan.files_key, columns)
        wanted = {node.id for node in nodes}
        if token in self._asked:
            ahead: list[dict[str, Any]] = self._answer(token)["results"]
            if wanted <= {answer["id"] for answer in ahead}:
                return ahead
        self._ask_for_proof(plan.files_key, columns, only=sorted(wanted))
        answers: list[dict[str, Any]] = self._answer(token)["results"]
        return answers

    def run(
        self, plan: Plan, nodes: Sequence[Node], file: Path | None, built_at: str, *, full_refresh: bool
    ) -> list[dict[str, Any]]:
        """Run ``nodes`` of ``plan`` with dbt; nothing else may have the warehouse's ``file`` open meanwhile."""
        self._ask(
            "run",
            do="run",
            files_key=plan.files_key,
            nodes=[(node.id, node.kind, node.fqn) for node in nodes],
            file=file and str(file),
            built_at=built_at,
            full_refresh=full_refresh,
        )
        answer: list[dict[str, Any]] = self._answer("run")["results"]
        return answer

    def close(self) -> None:
        """End the process at once, if there is one: it owns nothing that could be lost."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process = None
        self._asked.clear()
        self._answers.clear()

    def _key(self, selection: tuple[str, ...]) -> str:
        return plan_key(self._root, selection, self._target.key)

    def _kept(self, key: str) -> Plan | None:
        path = plan_path(self._cache, key)
        plan = read_plan(path)
        if plan is not None:
            with suppress(OSError):  # the cache may be shared, and read-only
                path.touch()  # what is in use is forgotten last
        return plan

    def _ask_for_plan(self, selection: tuple[str, ...]) -> None:
        self._forget_old_plans()
        self._ask(_plan_token(selection), do="plan", selection=selection)

    def _ask_for_proof(
        self, files_key: str, columns: Columns, *, known: Sequence[str] = (), only: Sequence[str] = ()
    ) -> None:
        self._ask(
            _proof_token(files_key, columns),
            do="prove",
            files_key=files_key,
            columns=columns,
            known=known,
            only=only,
        )

    def _forget_old_plans(self) -> None:
        plans = sorted(self._cache.glob("plan-*.json"), key=lambda path: path.stat().st_mtime)
        for path in plans[: -_KEPT_PLANS + 1]:
            path.unlink(missing_ok=True)
            manifest_path(self._cache, path.stem.removeprefix("plan-")).unlink(missing_ok=True)

    def _ask(self, token: str, **question: object) -> None:
        if self._process is None:
            check_dbt_version()
            self._process = self._start()
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(question) + "\n")
                self._process.stdin.flush()
        except BrokenPipeError:
            self.close()
            raise errors.DbtStoppedError(log=self._log) from None
        self._asked.append(token)

    def _answer(self, token: str) -> dict[str, Any]:
        """The answer to the question asked under ``token``; answers to earlier ones are put by."""
        while token in self._asked:
            line = self._process.stdout.readline() if self._process and self._process.stdout else ""
            if not line:
                self.close()
                raise errors.DbtStoppedError(log=self._log)
            self._answers[self._asked.pop(0)] = json.loads(line)
        answer = self._answers.pop(token)
        if "error" in answer:
            kind = getattr(errors, answer["error"], errors.ModelsInvalidError)
            raise kind(**answer["facts"])
        return answer

    def _start(self) -> subprocess.Popen[str]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        folders = (str(self._root), str(self._log.parent), str(self._cache))
        with self._log.open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", SERVER, *folders, self._target.name, self._target.database],
                env=os.environ | self._target.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self._root,
            )


def _plan_token(selection: tuple[str, ...]) -> str:
    return f"plan {json.dumps(selection)}"


def _proof_token(files_key: str, columns: Columns) -> str:
    return f"prove {files_key} {json.dumps(columns)}"


def check_dbt_version() -> str:
    """The installed version of dbt-core; raises ``DbtVersionError`` if this version wasn't tested with it."""
    try:
        found = version("dbt-core")
    except PackageNotFoundError:
        found = "not"
    if not found.startswith("1.11."):
        raise errors.DbtVersionError(found=found, expected=SUPPORTED)
    return found
