"""dbt in a process of its own, spoken to in lines of JSON.

dbt takes seconds to import and keeps global state, so it starts while data is still being made and loaded, may stay
for the next build, and can't disturb the process that owns the warehouse. Its own output goes to a log.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from brewhouse import errors
from brewhouse.transform.plan import Node, Plan, plan_key, read_plan

SUPPORTED: Final = ">=1.11,<1.12"
_KEPT_PLANS: Final = 8


class DbtProcess:
    """Plans and runs nodes of one project with dbt; started on first need, or ahead with ``warm_up``."""

    def __init__(self, root: Path, state: Path) -> None:
        self._root = root
        self._cache = state / "cache"
        self._log = state / "dbt.log"
        self._process: subprocess.Popen[str] | None = None
        self._asked: str | None = None
        self._planned: str | None = None

    def __enter__(self) -> DbtProcess:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def warm_up(self, selection: tuple[str, ...] = ()) -> None:
        """Begin to make the plan, if none is kept, and return at once."""
        key = plan_key(self._root, selection)
        if read_plan(self._plan_path(key)) is None:
            self._ask_for_plan(key, selection)

    def plan(self, selection: tuple[str, ...] = ()) -> Plan:
        """The plan for the project's files as they are now.

        Raises ``ModelsInvalidError``, ``NothingSelectedError`` or ``DbtVersionError``.
        """
        key = plan_key(self._root, selection)
        kept = read_plan(self._plan_path(key))
        if kept is not None and self._asked is None:
            return kept
        if self._asked != key:
            self._ask_for_plan(key, selection)
        self._asked = None
        self._answer()
        self._planned = key
        made = read_plan(self._plan_path(key))
        if made is None:
            raise errors.ModelsInvalidError(problem="dbt left no plan")
        return made

    def run(
        self, nodes: Sequence[Node], warehouse: Path, built_at: str, *, full_refresh: bool
    ) -> list[dict[str, Any]]:
        """Run ``nodes`` with dbt; nothing else may have ``warehouse`` open meanwhile."""
        self._send(
            do="run",
            nodes=[(node.id, node.kind, node.fqn) for node in nodes],
            warehouse=str(warehouse),
            built_at=built_at,
            full_refresh=full_refresh,
        )
        answer: list[dict[str, Any]] = self._answer()["results"]
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is None:
            return
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._process = None

    def _plan_path(self, key: str) -> Path:
        return self._cache / f"plan-{key}.json"

    def _ask_for_plan(self, key: str, selection: tuple[str, ...]) -> None:
        if self._asked is not None:  # an answer to an older question is still to come
            self._answer()
        self._forget_old_plans()
        self._send(do="plan", key=key, selection=selection, path=str(self._plan_path(key)))
        self._asked = key

    def _forget_old_plans(self) -> None:
        plans = sorted(self._cache.glob("plan-*.json"), key=lambda path: path.stat().st_mtime)
        for path in plans[: -_KEPT_PLANS + 1]:
            path.unlink(missing_ok=True)

    def _send(self, **message: object) -> None:
        if self._process is None:
            check_dbt_version()
            self._process = self._start()
        if self._process.stdin is None:
            raise errors.ModelsInvalidError(problem="dbt does not listen")
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process and self._process.stdout else ""
        if not line:
            self.close()
            raise errors.ModelsInvalidError(problem=f"dbt stopped without an answer, see {self._log}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            kind = getattr(errors, answer["error"], errors.ModelsInvalidError)
            raise kind(**answer["facts"])
        return answer

    def _start(self) -> subprocess.Popen[str]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", __name__, str(self._root)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self._root,
            )


def check_dbt_version() -> str:
    """The installed version of dbt-core; raises ``DbtVersionError`` if this version wasn't tested with it."""
    try:
        found = version("dbt-core")
    except PackageNotFoundError:
        found = "not"
    if not found.startswith("1.11."):
        raise errors.DbtVersionError(found=found, expected=SUPPORTED)
    return found


def serve(root: Path, questions: TextIO, answers: TextIO) -> None:
    """Answer questions until there are no more; the other end of ``DbtProcess``."""
    from brewhouse.transform.dbt_side import DbtSide

    side = DbtSide(root)
    for line in questions:
        question = json.loads(line)
        try:
            answer = _answer_to(side, question)
        except errors.BrewhouseError as error:
            answer = {"error": type(error).__name__, "facts": {k: str(v) for k, v in error.facts.items()}}
        except Exception as error:  # noqa: BLE001  # whatever dbt raises goes to who asked
            problem = f"{type(error).__name__}: {error}"
            answer = {"error": "ModelsInvalidError", "facts": {"problem": problem}}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer_to(side: Any, question: dict[str, Any]) -> dict[str, Any]:
    if question["do"] == "plan":
        with tempfile.TemporaryDirectory() as scratch:
            plan = side.plan(question["key"], tuple(question["selection"]), Path(scratch))
        plan.dump(Path(question["path"]))
        return {"planned": len(plan.nodes)}
    nodes = [(name, kind, tuple(fqn)) for name, kind, fqn in question["nodes"]]
    warehouse, built_at = Path(question["warehouse"]), question["built_at"]
    return {"results": side.run(nodes, warehouse, built_at, question["full_refresh"])}


def main() -> None:
    """Keep the pipe for answers, and let whatever dbt prints go to the log."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    serve(Path(sys.argv[1]), sys.stdin, answers)


if __name__ == "__main__":
    main()
