"""Go on with the table of an incremental model, as dbt does: delete what comes anew, insert, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from brewhouse.transform.plan import Hook, Increment, Node
from brewhouse.warehouse.engine import Engine, quoted

_OUT_OF_SYNC: Final = """\
Compilation Error in model {name} ({path})
  The source and target schemas on this incremental model are out of sync!
  They can be reconciled in several ways:
    - set the `on_schema_change` config to either append_new_columns or sync_all_columns, depending on your situation.
    - Re-run the incremental model with `full_refresh: True` to update the target schema.
    - update the schema manually and re-run the process.

  Additional troubleshooting context:
     Source columns not in target: {added}
     Target columns not in source: {gone}
     New column types: {changed}"""

Columns = list[tuple[str, str]]


class OutOfSyncError(Exception):
    """The columns of an increment are not those of its table, and the model says that this is an error."""


class NeedsDbt(Exception):  # noqa: N818  # no error: dbt can do it
    """What is to be done here is left to dbt; nothing was changed."""


def run_hooks(engine: Engine, hooks: Sequence[Hook], *, inside: bool, sql: Callable[[str], str]) -> None:
    """Execute the hooks that belong inside the model's transaction, or those outside."""
    for hook in hooks:
        if hook.inside is inside:
            engine.run(sql(hook.sql))


def increment(engine: Engine, node: Node, step: Increment, sql: Callable[[str], str]) -> None:
    """Bring the table of ``node`` up to date; ``sql`` completes compiled text.

    Raises ``OutOfSyncError``, ``NeedsDbt`` or what the engine raises; the table then is as it was.
    """
    if step.on_schema_change == "sync_all_columns" and not all(hook.inside for hook in step.before):
        raise NeedsDbt  # they would have run before it is known
    run_hooks(engine, step.before, inside=False, sql=sql)
    with engine.transaction():
        run_hooks(engine, step.before, inside=True, sql=sql)
        source = engine.temporary(f"{node.name}__increment", sql(step.sql))
        engine.widen(node.relation, source)
        columns = _reconcile(engine, node, step, source)
        if step.unique_key and step.strategy == "delete+insert":
            engine.delete_matching(node.relation, source, step.unique_key, step.predicates)
        listed = ", ".join(quoted(column) for column in columns)
        engine.run(f"insert into {node.relation} ({listed}) (select {listed} from {source})")
        engine.run(f"drop table {source}")
        engine.built(node.relation)
        run_hooks(engine, step.after, inside=True, sql=sql)
    run_hooks(engine, step.after, inside=False, sql=sql)


def _reconcile(engine: Engine, node: Node, step: Increment, source: str) -> list[str]:
    """Deal with columns that are others now; returns those to insert."""
    there = engine.columns(node.relation)
    if step.on_schema_change == "ignore":
        return [name for name, _ in there]
    new = engine.columns(source)
    added = [column for column in new if column[0] not in dict(there)]
    gone = [column for column in there if column[0] not in dict(new)]
    changed = [(name, kind) for name, kind in new if dict(there).get(name, kind) != kind]
    if added or gone or changed:
        if step.on_schema_change == "fail":
            raise OutOfSyncError(_out_of_sync(node, added, gone, changed))
        if step.on_schema_change == "sync_all_columns":
            raise NeedsDbt
        for name, kind in added:
            engine.run(f"alter table {node.relation} add column {quoted(name)} {kind}")
    return [name for name, _ in new]


def _out_of_sync(node: Node, added: Columns, gone: Columns, changed: Columns) -> str:
    return _OUT_OF_SYNC.format(name=node.name, path=node.path, added=added, gone=gone, changed=changed)
