"""The other end of ``DbtProcess``: answers questions with dbt, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final, TextIO

from brewhouse import errors
from brewhouse.transform.dbt_side import DbtSide
from brewhouse.transform.kept_manifest import keep_manifest, manifest_path
from brewhouse.transform.memo import proof_key
from brewhouse.transform.plan import Plan, plan_key, plan_path, read_plan
from brewhouse.transform.target import Target

_TRIES: Final = 5
"""How often a plan is made anew because files changed while dbt read them."""


class Server:
    """One project, one dbt, and the folder in which plans are kept."""

    def __init__(self, root: Path, state: Path, cache: Path, target: Target) -> None:
        self._root = root
        self._cache = cache
        self._target = target
        self._side = DbtSide(root, state, target)
        self._scratch = state / "dbt" / "scratch"

    def serve(self, questions: TextIO, answers: TextIO) -> None:
        """Answer a line with a line until there are no more."""
        for line in questions:
            try:
                with self._side.at_work():
                    shutil.rmtree(self._scratch, ignore_errors=True)
                    self._scratch.mkdir(parents=True)
                    answer = self._answer(json.loads(line))
                    shutil.rmtree(self._scratch, ignore_errors=True)
            except errors.BrewhouseError as error:
                facts = {name: str(value) for name, value in error.facts.items()}
                answer = {"error": type(error).__name__, "facts": facts}
            except Exception as error:  # noqa: BLE001  # whatever dbt raises goes to who asked
                problem = f"{type(error).__name__}: {error}"
                answer = {"error": "ModelsInvalidError", "facts": {"problem": problem}}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        if question["do"] == "plan":
            return {"key": self._plan(tuple(question["selection"]))}
        if question["do"] == "prove":
            return {"results": self._prove(question)}
        nodes = [(name, kind, tuple(fqn)) for name, kind, fqn in question["nodes"]]
        self._side.ensure(question["files_key"])
        file, built_at = question["file"] and Path(question["file"]), question["built_at"]
        return {"results": self._side.run(nodes, file, built_at, full=question["full_refresh"])}

    def _plan(self, selection: tuple[str, ...]) -> str:
        """File the plan of the whole project and, if there is a selection, the plan of that; returns its key."""
        whole = self._whole()
        if not selection:
            return whole.key
        self._side.ensure(whole.key)
        key = plan_key(self._root, selection, self._target.key)
        self._side.selected(whole, key, selection).dump(plan_path(self._cache, key))
        return key

    def _whole(self) -> Plan:
        """The plan of the whole project, made of files that did not change meanwhile."""
        for _ in range(_TRIES):
            key = plan_key(self._root, (), self._target.key)
            kept = read_plan(plan_path(self._cache, key))
            if kept is not None:
                return kept
            plan = self._side.plan(key, self._scratch)
            if plan_key(self._root, (), self._target.key) == key:
                keep_manifest(self._root, manifest_path(self._cache, key))
                plan.dump(plan_path(self._cache, key))
                return plan
        raise errors.ModelsInvalidError(problem="its files keep changing while dbt reads them")

    def _prove(self, question: dict[str, Any]) -> list[dict[str, Any]]:
        plan = read_plan(plan_path(self._cache, question["files_key"]))
        if plan is None:  # asked ahead of a plan that then got another key
            return []
        columns, known, only = question["columns"], set(question["known"]), set(question["only"])
        units = [
            node
            for node in plan.unit_tests()
            if (node.id in only if only else (proof_key(node, columns) or "never kept") not in known)
        ]
        if units:
            self._side.ensure(plan.files_key)
        return self._side.prove(plan, units, columns, self._scratch)


def main() -> None:
    """Keep the pipe for answers, and let whatever dbt prints go to the log."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    root, state, cache = map(Path, sys.argv[1:4])
    Server(root, state, cache, Target(sys.argv[4], sys.argv[5])).serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
