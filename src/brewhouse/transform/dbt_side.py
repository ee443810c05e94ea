"""The side of the build that runs inside dbt: parse, compile to a plan, run what is not plain SQL.

It imports dbt, in a process of its own (see ``dbt_process``). It and its neighbours touch dbt's internals in places
that are named in DECISIONS.md, which is why ``doctor`` checks dbt's version.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.compilation import Linker
from dbt.contracts.graph.manifest import Manifest
from dbt.flags import get_flags
from dbt.graph.graph import Graph, UniqueId
from dbt.version import __version__ as dbt_version

from brewhouse.errors import ModelsInvalidError, NothingSelectedError
from brewhouse.transform.dbt_forks import compiling, instead_of_dbt, proving
from brewhouse.transform.dbt_haste import remember
from brewhouse.transform.dbt_nodes import KINDS, Shapes
from brewhouse.transform.dbt_places import EmptyPlace, build_empty, empty_place, fresh, move_nodes
from brewhouse.transform.dbt_variants import names, with_variants
from brewhouse.transform.inputs import Columns, create_empty
from brewhouse.transform.memo import proof_key
from brewhouse.transform.plan import BUILT_AT, WAREHOUSE_VARIABLE, Node, Plan, plan_key
from brewhouse.transform.proofs import Proofs
from brewhouse.transform.target import Target

_COMMANDS: Final = {
    "model": "run", "test": "test", "unit_test": "test", "seed": "seed", "snapshot": "snapshot",
}  # fmt: skip
_QUIET: Final = (
    "--quiet", "--log-level", "none", "--log-level-file", "none", "--no-use-colors",
    "--no-version-check", "--no-send-anonymous-usage-stats",
)  # fmt: skip
_PLAIN_PROFILE: Final = frozenset({
    "type", "path", "schema", "database", "threads",
    "host", "port", "user", "password", "pass", "dbname", "sslmode", "connect_timeout", "retries",
})  # fmt: skip


class DbtSide:
    """One dbt project in this process."""

    def __init__(self, root: Path, state: Path, target: Target) -> None:
        self._root = root
        self._target = target
        self._link = state / "dbt" / "warehouse.duckdb"
        self._manifest: Manifest | None = None
        self._files_key = ""
        os.environ[WAREHOUSE_VARIABLE] = str(self._link)
        remember()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep other dbt processes of this project waiting: they share the link and dbt's partial parse."""
        self._link.parent.mkdir(parents=True, exist_ok=True)
        with self._link.with_name("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open(self, file: Path | None) -> None:
        """Let dbt's profile lead to ``file``, always by the same path: another would be another profile, and
        dbt would parse everything anew. A server is always the same one."""
        if file is not None:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(file.absolute())

    def ensure(self, files_key: str) -> None:
        """Have the manifest of the plan with that key; raises ``ModelsInvalidError`` if the files are others now."""
        if self._files_key != files_key:
            self._manifest = self._parse()
            self._files_key = plan_key(self._root, (), self._target.key)
        if self._files_key != files_key:
            raise ModelsInvalidError(problem="its files changed during the build; run the same command again")

    def plan(self, key: str, scratch: Path) -> Plan:
        """Parse and compile the project; ``scratch`` is an empty folder for a warehouse that stays empty.

        Raises ``ModelsInvalidError``.
        """
        self._open(scratch / "warehouse.duckdb")
        self._manifest = manifest = self._parse()
        self._files_key = key
        shapes = Shapes(manifest, plain=self._runs_plain_sql(manifest))
        compiled, problems = self._compiled(manifest, shapes.direct)
        proofs = Proofs(manifest, compiled, shapes.macros)
        nodes = []
        for name, parents in _ordered(manifest, _runnable(manifest)):
            if name in manifest.unit_tests:
                nodes.append(shapes.unit_test(name, proofs.of_unit_test(name), parents))
                continue
            node = shapes.node(name, compiled, parents)
            if node.sql and (problem := next((problems[one] for one in names(name, problems)), "")):
                raise ModelsInvalidError(problem=f"{node.path}: {problem}")
            nodes.append(node)
        sources = {(source.schema, source.identifier) for source in manifest.sources.values()}
        return Plan(key, key, dbt_version, tuple(nodes), tuple(sorted(sources)))

    def selected(self, whole: Plan, key: str, selection: tuple[str, ...]) -> Plan:
        """The part of a plan that dbt's node selection chooses; raises ``NothingSelectedError``."""
        types = [part for kind in KINDS for part in ("--resource-type", kind)]
        outcome = self._invoke(
            ["ls", "--select", *selection, "--output", "json", "--output-keys", "unique_id", *types],
            self._manifest,
        )
        lines = outcome.result if isinstance(outcome.result, list) else []
        by_id = {node.id: node for node in whole.nodes}
        names = {json.loads(line)["unique_id"] for line in lines} & by_id.keys()
        if not names or self._manifest is None:
            reason = f" ({_problem(outcome)})" if outcome.exception else ""
            raise NothingSelectedError(selection=" ".join(selection), reason=reason)
        ordered = _ordered(self._manifest, names)
        nodes = tuple(replace(by_id[name], parents=parents) for name, parents in ordered)
        return replace(whole, key=key, nodes=nodes)

    def prove(self, whole: Plan, units: list[Node], columns: Columns, scratch: Path) -> list[dict[str, Any]]:
        """Run unit tests ``units`` on an empty warehouse of the given columns.

        dbt looks up the inputs' column types, so all models are built there first, without rows.
        """
        if not units or self._manifest is None:
            return []
        with empty_place(self._target, self._manifest, whole, scratch) as place:
            create_empty(place.engine, place.moved(columns))
            by_dbt = [node for node in whole.nodes if not node.sql and node.kind not in ("test", "unit_test")]
            seeds = [node for node in by_dbt if node.kind == "seed"]
            rest = [node for node in by_dbt if node.kind != "seed"]
            for batch in (seeds, rest):
                place.engine.close()
                if batch:  # what is wrong with them, the build itself will tell
                    self._run_nodes(batch, place, full=True)
                build_empty(place)
            place.engine.close()
            passed = self._passed(units, place)
            failed = [node for node in units if node.id not in passed]
            results = [*passed.values(), *(self._run_nodes(failed, place, full=False) if failed else ())]
        keys = {node.id: proof_key(node, columns) for node in units}
        return [{**result, "key": keys[result["id"]]} for result in results]

    def _run_nodes(self, nodes: list[Node], place: EmptyPlace, *, full: bool) -> list[dict[str, Any]]:
        chosen: list[tuple[str, str, tuple[str, ...]]] = [(node.id, node.kind, node.fqn) for node in nodes]
        return self.run(chosen, place.file, BUILT_AT, full=full, manifest=place.manifest)

    def run(
        self,
        nodes: list[tuple[str, str, tuple[str, ...]]],
        file: Path | None,
        built_at: str,
        *,
        full: bool,
        manifest: Manifest | None = None,
    ) -> list[dict[str, Any]]:
        """Run ``nodes`` (id, kind, fqn) with dbt against ``file`` or the server; a result per node."""
        self._open(file)
        results = []
        for command in dict.fromkeys(_COMMANDS[kind] for _, kind, _ in nodes):
            wanted = {name: fqn for name, kind, fqn in nodes if _COMMANDS[kind] == command}
            extra = ["--indirect-selection", "empty"] if command == "test" else []
            if full and command in ("run", "seed"):
                extra.append("--full-refresh")
            chosen = ["fqn:" + ".".join(fqn) for fqn in wanted.values()]
            manifest = manifest or self._manifest or self._parse()
            outcome = self._invoke(
                [command, "--select", *chosen, "--vars", self._variables(built_at), *extra], fresh(manifest)
            )
            results += list(_results(outcome, wanted))
        return results

    def _parse(self) -> Manifest:
        outcome = self._invoke(["parse", "--vars", self._variables(BUILT_AT)], None)
        if not outcome.success or not isinstance(outcome.result, Manifest):
            raise ModelsInvalidError(problem=_problem(outcome))
        move_nodes(outcome.result, self._target.suffix)
        return outcome.result

    def _compiled(self, manifest: Manifest, direct: list[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Compiled SQL per node of ``manifest`` and variant of the ``direct`` ones, and of some why there is none."""
        command = ["compile", "--no-populate-cache", "--no-write-json", "--full-refresh"]
        command += ["--vars", self._variables(BUILT_AT)]
        found: dict[str, Any] = {}
        with instead_of_dbt(compiling(lambda own: with_variants(own, direct)), len(manifest.nodes), found):
            self._invoke(command, manifest)
        if _runnable(manifest) - manifest.unit_tests.keys() <= found.keys():
            return found, {}
        outcome = self._invoke(command, with_variants(fresh(manifest), direct))
        if outcome.exception is not None:
            raise ModelsInvalidError(problem=_problem(outcome))
        results = {result.node.unique_id: result for result in _node_results(outcome)}
        return (
            {name: getattr(result.node, "compiled_code", None) or "" for name, result in results.items()},
            {name: str(one.message) for name, one in results.items() if str(one.status) == "error"},
        )

    def _passed(self, units: list[Node], place: EmptyPlace) -> dict[str, dict[str, Any]]:
        """Results of the unit tests that pass when they run in forks."""
        if not self._runs_plain_sql(place.manifest):
            return {}
        self._open(place.file)
        names, seconds = [node.id for node in units], dict[str, float]()
        with instead_of_dbt(proving(names, place.file), len(units), seconds):
            self._invoke(["test", "--vars", self._variables(BUILT_AT)], place.manifest)
        return {
            name: {"id": name, "status": "pass", "message": "", "failures": 0, "seconds": taken}
            for name, taken in seconds.items()
        }

    def _variables(self, built_at: str) -> str:
        """The moment of the build, unless the project sets its own."""
        own = _yaml(self._root / "dbt_project.yml").get("vars") or {}
        return "{}" if own.get("built_at") else json.dumps({"built_at": built_at})

    def _runs_plain_sql(self, manifest: Manifest) -> bool:
        """Whether nothing in the project's settings asks more of dbt than to execute SQL and count rows."""
        hooks = any(str(node.resource_type) == "operation" for node in manifest.nodes.values())
        flags: Any = get_flags()  # type: ignore[no-untyped-call]
        options = flags.WARN_ERROR_OPTIONS
        strict = flags.WARN_ERROR or getattr(options, "error", None) or getattr(options, "include", None)
        profiles = _yaml(self._root / "profiles.yml")
        outputs = [
            one for profile in profiles.values() for one in (profile or {}).get("outputs", {}).values()
        ]
        tuned = any(set(output) - _PLAIN_PROFILE for output in outputs)
        return not (hooks or strict or tuned)

    def _invoke(self, arguments: list[str], manifest: Manifest | None) -> dbtRunnerResult:
        folders = ["--project-dir", str(self._root), "--profiles-dir", str(self._root)]
        if self._target.suffix:
            folders += ["--target", self._target.name]
        try:
            return dbtRunner(manifest=manifest).invoke([*_QUIET, *arguments, *folders])
        finally:
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


def _node_results(outcome: dbtRunnerResult) -> list[Any]:
    """Results per node, of the commands that have them."""
    return list(outcome.result) if isinstance(outcome.result, RunExecutionResult) else []


def _runnable(manifest: Manifest) -> set[str]:
    nodes = {
        name
        for name, node in manifest.nodes.items()
        if str(node.resource_type) in KINDS and not node.is_ephemeral_model
    }
    return nodes | set(manifest.unit_tests)


def _ordered(manifest: Manifest, selected: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Nodes with their parents, as ``dbt build`` orders them: tests block what is downstream of them."""
    linker = Linker()
    linker.link_graph(manifest)
    linker.add_test_edges(manifest)
    chosen = [UniqueId(name) for name in selected - set(manifest.unit_tests)]
    graph = Graph(linker.graph).get_subset_graph(chosen).graph
    parents: dict[str, set[str]] = {name: set(graph.predecessors(name)) for name in graph}
    for name in sorted(selected & set(manifest.unit_tests)):
        model = manifest.unit_tests[name].depends_on.nodes[0]
        parents[name] = {one for one in parents.get(model, set()) if not one.startswith("unit_test.")}
        if model in parents:
            parents[model].add(name)
    done: set[str] = set()
    while len(done) < len(parents):
        ready = sorted(name for name in parents.keys() - done if parents[name] <= done)
        done.update(ready)
        for name in ready:
            yield name, tuple(sorted(parents[name]))


def _yaml(path: Path) -> dict[str, Any]:
    """A YAML file of the project as it is written; dbt itself has read it without complaint."""
    content = yaml.safe_load(path.read_text()) if path.exists() else None
    return content if isinstance(content, dict) else {}


def _results(outcome: dbtRunnerResult, wanted: Iterable[str]) -> Iterator[dict[str, Any]]:
    waiting = set(wanted)
    for result in _node_results(outcome):
        name = result.node.unique_id
        if name not in waiting and str(result.status) in ("error", "fail"):
            raise ModelsInvalidError(problem=f"{name}: {result.message}")
        if name in waiting:
            waiting.discard(name)
            yield {
                "id": name,
                "status": str(result.status),
                "message": str(result.message or ""),
                "failures": result.failures or 0,
                "seconds": result.execution_time,
            }
    for name in sorted(waiting):
        yield {"id": name, "status": "error", "message": _problem(outcome), "failures": 0, "seconds": 0}


def _problem(outcome: dbtRunnerResult) -> str:
    """What dbt says is wrong, on one line."""
    text = str(outcome.exception) if outcome.exception else "dbt gave no reason"
    return " ".join(text.split())
