"""The faults that the tests of entities have to notice, from their arguments."""

from __future__ import annotations

from tests.support.faults import Case, Fault, changed, mentioned, one

SOME_ROWS = 500
"""Enough that a rule holds for not all of them after a column was changed."""


def rows_hold(case: Case) -> list[Fault]:
    """In some rows more, less and nothing in any column that a rule speaks of: each rule is broken by one of them."""
    columns = case.warehouse.columns(case.table)
    rules = case.arguments["rules"]
    some = f"(select * from {case.table} order by hash(rowid) limit {SOME_ROWS})"
    used: dict[str, str] = {}
    for name, rule in rules.items():
        spoken_of = mentioned(rule, columns)
        assert spoken_of, f"{name}: {rule} names no column of {case.table}"
        used |= spoken_of
    spoiled = " union all ".join(
        f'select * replace ({value} as "{column}") from {some}'
        for column, kind in used.items()
        for value in sorted({changed(column, kind, "+"), changed(column, kind, "-"), f"null::{kind}"})
    )
    return [Fault(f"insert into {case.table} {spoiled}", least=len(rules))]


def columns_vary(case: Case) -> list[Fault]:
    """A single row, in which each column has one value."""
    alone = f"delete from {case.table} where not {one(case.table, 'true')}"
    return [Fault(alone, least=len(case.arguments["columns"]))]


def history_is_continuous(case: Case) -> list[Fault]:
    """A gap, an overlap, a row that is lost, one that is open twice, one that ends before it begins."""
    table = case.table
    closed, current = one(table, "not is_current"), one(table, "is_current")
    return [
        Fault(f"update {table} set valid_to = valid_to - interval 1 hour where {closed}"),
        Fault(f"update {table} set valid_to = valid_to + interval 1 day where {closed}"),
        Fault(f"update {table} set valid_to = null where {closed}"),
        Fault(f"update {table} set valid_to = valid_from + interval 1 day where {current}"),
        Fault(f"update {table} set is_current = not is_current where {closed}"),
        Fault(f"delete from {table} where is_current and {case.arguments['key']} = ({_changed_key(case)})"),
    ]


def _changed_key(case: Case) -> str:
    key = case.arguments["key"]
    return f"select {key} from {case.table} group by {key} having count(*) > 1 order by {key} limit 1"


def history_has_changes(case: Case) -> list[Fault]:
    """A row like the one before, and nothing but first rows."""
    table, key = case.table, case.arguments["key"]
    rows = f"select * from {table} where {key} = ({_changed_key(case)})"
    return [
        Fault(
            f"insert into {table} select * replace (valid_from + interval 1 minute as valid_from) from ({rows})"
        ),
        Fault(
            f"delete from {table} where {key} in (select {key} from {table} group by {key} having count(*) > 1)"
        ),
    ]


def current_is_last_of_history(case: Case) -> list[Fault]:
    """Another value on either side, a row that only one side has."""
    return _of_two_tables(case, "history", "valid_to is null")


def current_is_last_of_grain(case: Case) -> list[Fault]:
    """The same of the last period."""
    key, period, grain = case.arguments["key"], case.arguments["period"], case.ref("grain")
    last = f"({key}, {period}) in (select ({key}, max({period})) from {grain} group by {key})"
    return _of_two_tables(case, "grain", last)


def _of_two_tables(case: Case, argument: str, condition: str) -> list[Fault]:
    other, table, key = case.ref(argument), case.table, case.arguments["key"]
    kinds = case.warehouse.columns(table)
    others = case.warehouse.columns(other)
    faults = [
        Fault(f"delete from {table} where {one(table, 'true')}"),
        Fault(f"delete from {other} where {key} = (select {key} from {table} limit 1)"),
    ]
    for column in case.arguments["columns"]:
        value = changed(column, kinds[column])
        faults.append(Fault(f"update {table} set {column} = {value} where {one(table, 'true')}"))
        value = changed(column, others[column])
        faults.append(Fault(f"update {other} set {column} = {value} where {one(other, condition)}"))
    return faults


def grain_is_history_at_end(case: Case) -> list[Fault]:
    """Another value on either side, history that is lost."""
    history, table, key = case.ref("history"), case.table, case.arguments["key"]
    kinds, theirs = case.warehouse.columns(table), case.warehouse.columns(history)
    faults = [Fault(f"delete from {history} where {key} = (select {key} from {table} limit 1)")]
    for column in case.arguments["columns"]:
        value = changed(column, kinds[column])
        faults.append(Fault(f"update {table} set {column} = {value} where {one(table, 'true')}"))
        value = changed(column, theirs[column])
        faults.append(Fault(f"update {history} set {column} = {value} where {one(history, 'is_current')}"))
    return faults


def singular(case: Case, sql: str) -> dict[str, list[Fault]]:
    """Of a test of one's own: per table that it reads what may be wrong there. It has to notice one of each table's."""
    faults = {}
    for parent in case.parents:
        if '"truth"' in parent or parent.endswith('"as_of"'):
            continue
        used = mentioned(sql, case.warehouse.columns(parent))
        faults[parent] = [
            Fault(f"delete from {parent}"),
            Fault(f"insert into {parent} select * from {parent}"),
            *(
                Fault(f"update {parent} set {name} = {changed(name, kind, sign)}")
                for name, kind in used.items()
                for sign in ("+", "-")
            ),
        ]
    return faults
