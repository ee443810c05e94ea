"""Unit tests that were seen to pass need not run again while nothing that they depend on has changed.

dbt's unit tests replace every input by given rows, so their outcome is a function of the tested model and its
ancestors, of the test itself (both in the node's ``proof``), and of the columns of the raw tables, to whose types dbt
casts the given values. All are part of the key under which a pass is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from brewhouse.transform.inputs import Columns
from brewhouse.transform.plan import Node

_KEPT: Final = 5_000


def proof_key(node: Node, columns: Columns) -> str:
    """The key of a pass of unit test ``node`` with raw tables of these columns; empty if it can't be kept."""
    if not node.proof:
        return ""
    return hashlib.blake2b(json.dumps([node.proof, columns]).encode(), digest_size=12).hexdigest()


class UnitTestMemo:
    """Passes on record; ``fresh`` overlooks them, so that all unit tests run."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self._path = path
        self._passed = self._read()
        self._fresh = fresh

    @property
    def known(self) -> list[str]:
        """Keys that need no proof."""
        return [] if self._fresh else list(self._passed)

    def unproved(self, nodes: Iterable[Node], columns: Columns) -> list[Node]:
        """The unit tests that have to run."""
        known = set(self.known)
        return [node for node in nodes if proof_key(node, columns) not in known]

    def remember(self, keys: Iterable[str]) -> None:
        """Put passes on record and keep the newest ones."""
        new = [key for key in keys if key and key not in self._passed]
        if not new:
            return
        self._passed = dict.fromkeys([*self._passed, *new][-_KEPT:])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(list(self._passed)))

    def _read(self) -> dict[str, None]:
        try:
            return dict.fromkeys(json.loads(self._path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return {}
