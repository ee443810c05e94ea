"""The texts of a model that dbt does not compile by itself: its increment and its hooks.

They are compiled as further models, copies of the node in all but their text, in a copy of the manifest in which
``is_incremental`` answers by the name of the model. So nothing has to be in the warehouse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from brewhouse.transform.purity import IS_INCREMENTAL

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

MODES: Final = ("full", "increment")
WHEN: Final = ("pre", "post")
_MARK: Final = "..brewhouse."
_BY_NAME: Final = (
    "{% macro is_incremental() %}{{ return(execute and '"
    + _MARK
    + "increment' in model.unique_id) }}{% endmacro %}"
)


def increment_name(node: str) -> str:
    """Name of the variant that is a model's increment."""
    return f"{node}{_MARK}increment"


def hook_name(node: str, mode: str, when: str, position: int) -> str:
    """Name of the variant that is a hook of a model, in a full build or an increment."""
    return f"{node}{_MARK}{mode}.{when}.{position}"


def names(node: str, among: Iterable[str]) -> Iterator[str]:
    """The node and its variants, of those that there are."""
    return (name for name in among if name == node or name.startswith(node + _MARK))


def with_variants(manifest: Manifest, models: Collection[str]) -> Manifest:
    """``manifest`` with the variants of ``models`` put in."""
    for name in models:
        node: Any = manifest.nodes[name]
        for variant, text in _texts(name, node):
            folder, _, file = node.original_file_path.rpartition("/")
            path = f"{folder}/.{variant.rpartition(_MARK)[2]}.{file}"
            manifest.nodes[variant] = replace(
                node, unique_id=variant, name=variant, raw_code=text, fqn=[*node.fqn, variant], extra_ctes=[],
                original_file_path=path, path=path,
            )  # fmt: skip
    if IS_INCREMENTAL in manifest.macros:
        manifest.macros[IS_INCREMENTAL].macro_sql = _BY_NAME
    return manifest


def _texts(name: str, node: Any) -> Iterator[tuple[str, str]]:
    incremental = node.config.materialized == "incremental"
    if incremental:
        yield increment_name(name), node.raw_code
    for mode in MODES if incremental else MODES[:1]:
        for when, hooks in zip(WHEN, (node.config.pre_hook, node.config.post_hook), strict=True):
            for position, hook in enumerate(hooks):
                yield hook_name(name, mode, when, position), hook.sql
