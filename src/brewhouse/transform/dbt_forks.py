"""Compile nodes and run unit tests with dbt's own code, on all processors and without its bookkeeping for each node.

Each process is a fork of the one that has parsed, and works on its own copy of the manifest: nothing is copied ahead,
nothing is left behind. Work that fails is left out of the answer; then dbt does it, and says why it fails.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from dbt.adapters.factory import get_adapter
from dbt.compilation import Compiler
from dbt.node_types import EXECUTABLE_NODE_TYPES
from dbt.task.compile import CompileTask
from dbt.task.runnable import GraphRunnableTask
from dbt.task.test import TestRunner, TestTask

from brewhouse.transform.dbt_haste import one_by_one, replaced

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_LEAST: Final = 40
"""Nodes that are worth a process."""

Answers = dict[str, Any]
Share = Callable[[GraphRunnableTask, int, int], Answers]
"""Does the part with that number, of that many, and answers by node."""


@contextmanager
def instead_of_dbt(share: Share, size: int, found: Answers) -> Iterator[None]:
    """Within it, dbt's commands ``compile`` and ``test`` do ``share`` in forks of this process, into ``found``."""

    def run(task: GraphRunnableTask) -> list[object]:
        found.update(_in_forks(lambda part, parts: share(task, part, parts), size))
        return []

    with replaced(CompileTask, "run", run), replaced(TestTask, "run", run):
        yield


def compiling(prepare: Callable[[Manifest], Manifest]) -> Share:
    """Compile all nodes of the manifest that ``prepare`` returns."""

    def share(task: GraphRunnableTask, part: int, parts: int) -> Answers:
        manifest, adapter, compiler = (
            prepare(_manifest(task)),
            get_adapter(task.config),
            Compiler(task.config),
        )
        executable = [
            name for name, node in manifest.nodes.items() if node.resource_type in EXECUTABLE_NODE_TYPES
        ]
        compiled = {}
        with one_by_one(adapter, set()), adapter.connection_named("compile"):
            for name in executable[part::parts]:
                node: Any = manifest.nodes[name]
                whole: Any = compiler.compile_node(node, manifest, {}, write=False)
                if not node.is_ephemeral_model:
                    compiled[name] = getattr(whole, "compiled_code", None) or ""
        return compiled

    return share


def proving(names: list[str], file: Path | None) -> Share:
    """Run unit tests; the answers are the seconds of those that passed. Each process has a copy of ``file``."""

    def share(task: GraphRunnableTask, part: int, parts: int) -> Answers:
        manifest, adapter, passed = _manifest(task), get_adapter(task.config), {}
        if file:
            credentials: Any = task.config.credentials
            credentials.path = str(_own_copy(file, part))
        relations = [*manifest.nodes.values(), *manifest.sources.values()]
        lasting = {(node.schema, getattr(node, "identifier", None) or node.name) for node in relations}
        with one_by_one(adapter, lasting):
            for name in names[part::parts]:
                start = time.perf_counter()
                unit: Any = manifest.unit_tests[name]
                runner = TestRunner(task.config, adapter, unit, 1, 1)
                try:
                    with adapter.connection_named(name, unit):
                        status = str(runner.execute(unit, manifest).status)
                except Exception:  # noqa: BLE001  # dbt will tell
                    traceback.print_exc()
                    continue
                if status == "pass":
                    passed[name] = time.perf_counter() - start
        return passed

    return share


def _manifest(task: GraphRunnableTask) -> Manifest:
    manifest: Any = task.manifest
    return cast("Manifest", manifest)


def _own_copy(file: Path, part: int) -> Path:
    """A file of the same name, for dbt calls the database by it, and only one process can open a file."""
    own = file.parent / f"fork{part}" / file.name
    own.parent.mkdir()
    shutil.copyfile(file, own)
    return own


def _in_forks(work: Callable[[int, int], Answers], size: int) -> Answers:
    """What ``work`` answers to each part, of as many as there are processors; less what fails."""
    fork = multiprocessing.get_context("fork")
    parts = max(1, min(os.cpu_count() or 1, size // _LEAST))
    gc.freeze()  # so that pages stay shared
    started = []
    for part in range(parts):
        here, there = fork.Pipe(duplex=False)
        process = fork.Process(target=_child, args=(work, part, parts, there, os.getpid()))
        process.start()
        there.close()
        started.append((process, here))
    answers: Answers = {}
    for process, here in started:
        with suppress(EOFError):  # it failed, and has told the log why
            answers.update(here.recv())
        process.join()
    gc.unfreeze()
    return answers


def _child(
    work: Callable[[int, int], Answers], part: int, parts: int, there: Connection, parent: int
) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    there.send(work(part, parts))


def _end_with(parent: int) -> None:
    """End this process when the one that asked is gone: it may be killed at any moment."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
