"""From a node of dbt's manifest to a step of our plan: what may be executed directly, and with which texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from brewhouse.transform.dbt_variants import hook_name, increment_name
from brewhouse.transform.plan import Hook, Increment, Index, Node, Rule
from brewhouse.transform.purity import MacroText, is_pure, reached

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

KINDS: Final = ("model", "test", "unit_test", "seed", "snapshot")
OWN_PACKAGES: Final = frozenset({"dbt", "dbt_duckdb", "dbt_postgres"})
_MATERIALIZED: Final = ("table", "view", "incremental")
_UNDERSTOOD: Final = frozenset({"indexes", "incremental_predicates"})
_STRATEGIES: Final[Mapping[str | None, Literal["append", "delete+insert"]]] = {
    None: "delete+insert",
    "default": "delete+insert",
    "append": "append",
    "delete+insert": "delete+insert",
}

_ANALYZES: Final = re.compile(
    r"\{%-? macro postgres__create_table_as\(temporary, relation, sql\) -?%\}\s*"
    r"\{\{-? brewhouse_utils\.create_and_analyze\(temporary, relation, sql\) -?\}\}\s*\{%-? endmacro -?%\}"
)
"""What our blueprints add to dbt's own way: tables are analyzed, as our engine does too."""


class Shapes:
    """The nodes of one manifest; ``plain``: whether the project asks no more of dbt than to execute SQL."""

    def __init__(self, manifest: Manifest, *, plain: bool) -> None:
        self._manifest = manifest
        self._plain = plain
        self.macros: dict[str, MacroText] = {
            name: MacroText(macro.macro_sql, tuple(macro.depends_on.macros))
            for name, macro in manifest.macros.items()
        }
        self._adapter = manifest.metadata.adapter_type or ""
        self._changed = {kind: self._overridden(kind) for kind in (*_MATERIALIZED, "test")}
        self.direct = [name for name in manifest.nodes if self._is_plain_model(name)]
        """Models that are built without dbt, at least when they begin."""

    def unit_test(self, name: str, proof: str, parents: tuple[str, ...]) -> Node:
        """The step that is a unit test."""
        unit = self._manifest.unit_tests[name]
        return Node(
            name, unit.name, "unit_test", False, tuple(unit.fqn),
            path=unit.original_file_path, tested=unit.depends_on.nodes[0], proof=proof, parents=parents,
        )  # fmt: skip

    def node(self, name: str, compiled: Mapping[str, str], parents: tuple[str, ...]) -> Node:
        """The step that is another node."""
        node: Any = self._manifest.nodes[name]
        kind = str(node.resource_type)
        test = kind == "test"
        plain = self._is_plain_test(node) if test else name in self.direct
        increment = _increment(node, compiled) if plain and not test else None
        waits = node.config.materialized == "incremental" and increment is None
        stored = test and bool(node.should_store_failures) and node.relation_name is not None
        return Node(
            id=name,
            name=node.name,
            kind=kind,  # type: ignore[arg-type]
            direct=plain and not waits,
            begins_plain=plain and waits,
            fqn=tuple(node.fqn),
            materialized=node.config.materialized,
            schema=node.schema,
            relation=node.relation_name if not test or stored else "",
            sql=compiled.get(name, "") if plain else "",
            increment=increment,
            full_refresh=getattr(node.config, "full_refresh", None),
            before=_hooks(node, compiled, "full", "pre") if plain and not test else (),
            after=_hooks(node, compiled, "full", "post") if plain and not test else (),
            indexes=_indexes(node) if plain and not test else (),
            path=node.original_file_path,
            tested=_tested(node) if test else "",
            reason=str(node.config.meta.get("reason", "")) if test else "",
            rule=_rule(node, stored=stored) if test else Rule(),
            parents=parents,
        )

    def _is_pure(self, node: Any) -> bool:
        calls = tuple(node.depends_on.macros)
        model = str(node.resource_type) == "model"
        hooks = [*node.config.pre_hook, *node.config.post_hook] if model else []
        nameless = bool(hooks) or node.config.materialized == "incremental"
        texts = (node.raw_code, *(hook.sql for hook in hooks))
        return all(is_pure(text, calls, self.macros, nameless=nameless) for text in texts)

    def _is_plain_test(self, node: Any) -> bool:
        config = node.config
        as_kind = getattr(config, "store_failures_as", None)
        usual = config.materialized == "test" and as_kind in (None, "table", "ephemeral")
        return self._plain and usual and not self._changed["test"] and self._is_pure(node)

    def _is_plain_model(self, name: str) -> bool:
        """A model that dbt would build with statements of its compiled SQL and its hooks, and nothing else."""
        node: Any = self._manifest.nodes[name]
        if not self._plain or str(node.resource_type) != "model" or node.language != "sql":
            return False
        config = node.config
        usual = config.materialized in _MATERIALIZED and not self._changed[config.materialized]
        return usual and not _asks_more(config, self._adapter) and self._is_pure(node)

    def _overridden(self, kind: str) -> bool:
        """Whether the project brings a materialization of its own, or a macro that dbt's one calls."""
        own = {name for name in self.macros if name.split(".")[1] in OWN_PACKAGES}
        ends = (f".materialization_{kind}_{self._adapter}", f".materialization_{kind}_default")
        begins = tuple(name for name in own if name.endswith(ends))
        used = {self._bare(name) for name in reached(begins, self.macros) & own} | {end[1:] for end in ends}
        others = {
            name
            for name in self.macros.keys() - own
            if not _ANALYZES.fullmatch(self.macros[name].text.strip())
        }
        return any(self._bare(name) in used for name in others)

    def _bare(self, macro: str) -> str:
        """A macro's name without its package and without the engine that it is dispatched for."""
        return macro.rpartition(".")[2].removeprefix("default__").removeprefix(f"{self._adapter}__")


def _asks_more(config: Any, adapter: str) -> bool:
    """Whether dbt would do more for a model than its materialization, its hooks and indexes."""
    extra = getattr(config, "_extra", None) or {}
    predicates, indexes = extra.get("incremental_predicates"), extra.get("indexes")
    return any((
        config.grants, config.persist_docs, config.get("sql_header"),
        config.get("contract") and config.contract.enforced,
        extra.keys() - _UNDERSTOOD,
        predicates and not _is_list(predicates),
        indexes and (adapter != "postgres" or config.materialized == "view"),
    ))  # fmt: skip


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _increment(node: Any, compiled: Mapping[str, str]) -> Increment | None:
    """How an incremental model goes on, if that is no more than to delete and to insert."""
    config = node.config
    strategy = _STRATEGIES.get(config.incremental_strategy)
    key = config.unique_key or ()
    if config.materialized != "incremental" or strategy is None:
        return None
    return Increment(
        sql=compiled.get(increment_name(node.unique_id), ""),
        strategy=strategy,
        unique_key=key if isinstance(key, str) else tuple(key),
        predicates=tuple((getattr(config, "_extra", None) or {}).get("incremental_predicates") or ()),
        on_schema_change=config.on_schema_change or "ignore",
        before=_hooks(node, compiled, "increment", "pre"),
        after=_hooks(node, compiled, "increment", "post"),
    )


def _hooks(node: Any, compiled: Mapping[str, str], mode: str, when: str) -> tuple[Hook, ...]:
    hooks = node.config.pre_hook if when == "pre" else node.config.post_hook
    texts = [compiled.get(hook_name(node.unique_id, mode, when, n), "").strip() for n in range(len(hooks))]
    return tuple(Hook(sql, hook.transaction) for sql, hook in zip(texts, hooks, strict=True) if sql)


def _indexes(node: Any) -> tuple[Index, ...]:
    listed = (getattr(node.config, "_extra", None) or {}).get("indexes") or ()
    return tuple(
        Index(tuple(one["columns"]), bool(one.get("unique")), str(one.get("type") or "")) for one in listed
    )


def _tested(node: Any) -> str:
    attached = getattr(node, "attached_node", None)
    return attached or next(iter(node.depends_on.nodes), "")


def _rule(node: Any, *, stored: bool) -> Rule:
    config = node.config
    return Rule(
        severity=config.severity.lower(),
        fail_calc=config.fail_calc,
        warn_if=config.warn_if,
        error_if=config.error_if,
        limit=config.limit,
        stored=stored,
    )
