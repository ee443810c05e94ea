"""What a unit test's outcome depends on, as a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from brewhouse.transform.purity import MacroText, is_pure, reached

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt.contracts.graph.nodes import UnitTestDefinition


class Proofs:
    """Digests of models and unit tests of one manifest.

    A model's digest covers its template, the macros it reaches, its compiled SQL (and so the variables it reads) and
    its ancestors' digests, since the types of their columns decide how given rows are cast.
    """

    def __init__(
        self, manifest: Manifest, compiled: Mapping[str, str], macros: Mapping[str, MacroText]
    ) -> None:
        self._manifest = manifest
        self._compiled = compiled
        self._macros = macros
        self._models: dict[str, str] = {}

    def of_unit_test(self, name: str) -> str:
        """Digest of a unit test with all that it depends on; empty if some of that isn't pure."""
        unit = self._manifest.unit_tests[name]
        if not self._knows_whether_incremental(unit):
            return ""
        model = self._of_model(unit.depends_on.nodes[0])
        return _digest(name, unit.checksum, model) if model and unit.checksum else ""

    def _knows_whether_incremental(self, unit: UnitTestDefinition) -> bool:
        """Whether a test of an incremental model says which of its two texts it is about: else the warehouse would."""
        node = self._manifest.nodes[unit.depends_on.nodes[0]]
        if node.config.materialized != "incremental":
            return True
        return unit.overrides is not None and "is_incremental" in unit.overrides.macros

    def _of_model(self, name: str) -> str:
        if name not in self._models:
            self._models[name] = self._compute(name)
        return self._models[name]

    def _compute(self, name: str) -> str:
        node = self._manifest.nodes.get(name)
        if node is None:  # a source: its columns are part of the key of a pass
            return _digest(name)
        calls = tuple(node.depends_on.macros)
        parents = [self._of_model(parent) for parent in sorted(node.depends_on_nodes)]
        if not all(parents) or not is_pure(node.raw_code, calls, self._macros):
            return ""
        texts = [self._macros[macro].text for macro in sorted(reached(calls, self._macros))]
        return _digest(name, node.raw_code, self._compiled.get(name, ""), texts, parents)


def _digest(*parts: object) -> str:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=12).hexdigest()
