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
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from brewhouse import errors
from brewhouse.transform.inputs import Columns
from brewhouse.transform.memo import UnitTestMemo, proof_key
from brewhouse.transform.plan import Node, Plan, plan_key, read_plan

SUPPORTED: Final = ">=1.11,<1.12"
CACHE_VARIABLE: Final = "BREWHOUSE_CACHE_DIR"
"""Where plans and passes of unit tests are kept; without it, in each project's own .brewhouse/cache."""

_KEPT_PLANS: Final = 16


class DbtProcess:
    """Plans, proves and runs nodes of one project with dbt; started on first need, or ahead by ``warm_up``.

    Questions are answered in the order in which they were asked, so they can be asked long before their answer is
    needed.
    """

    def __init__(self, root: Path, state: Path) -> None:
        self._root = root
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

    def warm_up(self, selection: tuple[str, ...] = ()) -> None:
        """Begin to make the plan, if none is kept, and return at once."""
        key = plan_key(self._root, selection)
        if read_plan(self._plan_path(key)) is None:
            self._ask_for_plan(key, selection)

    def prove_ahead(self, columns: Columns) -> None:
        """Begin to run the unit tests that aren't on record for raw tables of these columns."""
        key = plan_key(self._root, ())
        memo = UnitTestMemo(self.memo_path)
        plan = read_plan(self._plan_path(key))
        if plan is None or memo.unproved(plan.unit_tests(), columns):
            self._ask_for_proof(key, columns, known=memo.known)

    def plan(self, selection: tuple[str, ...] = ()) -> Plan:
        """The plan for the project's files as they are now.

        Raises ``ModelsInvalidError``, ``NothingSelectedError`` or ``DbtVersionError``.
        """
        key = plan_key(self._root, selection)
        kept = read_plan(self._plan_path(key))
        if kept is not None and f"plan {key}" not in self._asked:
            return kept
        if f"plan {key}" not in self._asked:
            self._ask_for_plan(key, selection)
        self._answer(f"plan {key}")
        made = read_plan(self._plan_path(key))
        if made is None:
            raise errors.ModelsInvalidError(problem="dbt left no plan")
        return made

    def prove(self, nodes: Sequence[Node], columns: Columns) -> list[dict[str, Any]]:
        """Run unit tests ``nodes`` on empty tables; a result per node, with the key of its pass."""
        key = plan_key(self._root, ())
        token = _proof_token(key, columns)
        wanted = {node.id for node in nodes}
        if token in self._asked:
            ahead: list[dict[str, Any]] = self._answer(token)["results"]
            if wanted <= {answer["id"] for answer in ahead}:
                return ahead
        self.plan()  # inputs are built from the whole project, whatever is selected
        self._ask_for_proof(key, columns, only=sorted(wanted))
        answers: list[dict[str, Any]] = self._answer(token)["results"]
        return answers

    def run(
        self, nodes: Sequence[Node], warehouse: Path, built_at: str, *, full_refresh: bool
    ) -> list[dict[str, Any]]:
        """Run ``nodes`` with dbt; nothing else may have ``warehouse`` open meanwhile."""
        self._ask(
            "run",
            do="run",
            nodes=[(node.id, node.kind, node.fqn) for node in nodes],
            warehouse=str(warehouse),
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

    def _plan_path(self, key: str) -> Path:
        return self._cache / f"plan-{key}.json"

    def _ask_for_plan(self, key: str, selection: tuple[str, ...]) -> None:
        self._forget_old_plans()
        whole = plan_key(self._root, ())
        self._ask(
            f"plan {key}",
            do="plan",
            selection=selection,
            key=key,
            path=str(self._plan_path(key)),
            whole_key=whole,
            whole_path=str(self._plan_path(whole)),
        )

    def _ask_for_proof(
        self, key: str, columns: Columns, *, known: Sequence[str] = (), only: Sequence[str] = ()
    ) -> None:
        self._ask(
            _proof_token(key, columns),
            do="prove",
            path=str(self._plan_path(key)),
            columns=columns,
            known=known,
            only=only,
        )

    def _forget_old_plans(self) -> None:
        plans = sorted(self._cache.glob("plan-*.json"), key=lambda path: path.stat().st_mtime)
        for path in plans[: -_KEPT_PLANS + 1]:
            path.unlink(missing_ok=True)

    def _ask(self, token: str, **question: object) -> None:
        if self._process is None:
            check_dbt_version()
            self._process = self._start()
        if self._process.stdin is None:
            raise errors.ModelsInvalidError(problem="dbt does not listen")
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        self._asked.append(token)

    def _answer(self, token: str) -> dict[str, Any]:
        """The answer to the question asked under ``token``; answers to earlier ones are put by."""
        while token in self._asked:
            line = self._process.stdout.readline() if self._process and self._process.stdout else ""
            if not line:
                self.close()
                problem = f"dbt stopped without an answer, see {self._log}"
                raise errors.ModelsInvalidError(problem=problem)
            self._answers[self._asked.pop(0)] = json.loads(line)
        answer = self._answers.pop(token)
        if "error" in answer:
            kind = getattr(errors, answer["error"], errors.ModelsInvalidError)
            raise kind(**answer["facts"])
        return answer

    def _start(self) -> subprocess.Popen[str]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", __name__, str(self._root), str(self._log.parent)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self._root,
            )


def _proof_token(key: str, columns: Columns) -> str:
    return f"prove {key} {json.dumps(columns)}"


def check_dbt_version() -> str:
    """The installed version of dbt-core; raises ``DbtVersionError`` if this version wasn't tested with it."""
    try:
        found = version("dbt-core")
    except PackageNotFoundError:
        found = "not"
    if not found.startswith("1.11."):
        raise errors.DbtVersionError(found=found, expected=SUPPORTED)
    return found


def serve(root: Path, state: Path, questions: TextIO, answers: TextIO) -> None:
    """Answer questions until there are no more; the other end of ``DbtProcess``."""
    from brewhouse.transform.dbt_side import DbtSide

    side = DbtSide(root, state)
    for line in questions:
        question = json.loads(line)
        try:
            with side.at_work():
                answer = _answer_to(side, question)
        except errors.BrewhouseError as error:
            answer = {"error": type(error).__name__, "facts": {k: str(v) for k, v in error.facts.items()}}
        except Exception as error:  # noqa: BLE001  # whatever dbt raises goes to who asked
            problem = f"{type(error).__name__}: {error}"
            answer = {"error": "ModelsInvalidError", "facts": {"problem": problem}}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer_to(side: Any, question: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        if question["do"] == "plan":
            return _planned(side, question, scratch)
        if question["do"] == "prove":
            plan = read_plan(Path(question["path"]))
            if plan is None:
                return {"results": []}
            columns, known = question["columns"], set(question["known"])
            units = [
                node
                for node in plan.unit_tests()
                if node.id in question["only"]
                or (not question["only"] and (proof_key(node, columns) or "never kept") not in known)
            ]
            return {"results": side.prove(plan, units, columns, scratch)}
    nodes = [(name, kind, tuple(fqn)) for name, kind, fqn in question["nodes"]]
    warehouse, built_at = Path(question["warehouse"]), question["built_at"]
    return {"results": side.run(nodes, warehouse, built_at, full=question["full_refresh"])}


def _planned(side: Any, question: dict[str, Any], scratch: Path) -> dict[str, Any]:
    """Write the plan of the whole project and, if there is a selection, the plan of that."""
    whole = side.plan(question["whole_key"], scratch)
    whole.dump(Path(question["whole_path"]))
    if question["selection"]:
        chosen = side.selected(whole, question["key"], tuple(question["selection"]))
        chosen.dump(Path(question["path"]))
    return {"planned": len(whole.nodes)}


def main() -> None:
    """Keep the pipe for answers, and let whatever dbt prints go to the log."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    serve(Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin, answers)


if __name__ == "__main__":
    main()
