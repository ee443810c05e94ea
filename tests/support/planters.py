"""The faults that each type of data test has to notice, from its arguments; the types of columns and sums."""

from __future__ import annotations

import re

from tests.support.faults import STRANGER, Case, Fault, changed, copy, mentioned, one, step, stranger

REF = re.compile(r"ref\('\w+'\)")
MIN_ROWS = 100
"""Raw rows below which quarantine_share has no opinion, unless it is told otherwise."""


def unique(case: Case) -> list[Fault]:
    return [Fault(copy(case.table, f"{case.column} is not null and ({case.where})"))]


def unique_combination(case: Case) -> list[Fault]:
    return [Fault(copy(case.table, case.where))]


def not_null(case: Case) -> list[Fault]:
    chosen = one(case.table, f"{case.column} is not null and ({case.where})")
    return [Fault(f"update {case.table} set {case.column} = null where {chosen}")]


def accepted_values(case: Case) -> list[Fault]:
    chosen = one(case.table, f"{case.column} is not null and ({case.where})")
    plant = f"update {case.table} set {case.column} = {stranger(case.type)} where {chosen}"
    empty = not case.warehouse.holds("true", case.table)  # as a quarantine may be
    return [Fault(plant, f"insert into {case.table} ({case.column}) values (null)" if empty else "")]


def accepted_range(case: Case) -> list[Fault]:
    """The last value that is allowed, and the first that is not, at each limit."""

    def at(value: str) -> str:
        chosen = one(case.table, f"{case.column} is not null and ({case.where})")
        return f"update {case.table} set {case.column} = {value} where {chosen}"

    inclusive = case.arguments.get("inclusive", True)
    faults = []
    for limit, inward, outward in (("min_value", "+", "-"), ("max_value", "-", "+")):
        value = case.arguments.get(limit)
        if value is not None:
            within = f"{value} {inward} {step(case.type)}"
            beyond = f"{value} {outward} {step(case.type)}"
            fault = Fault(at(beyond), at(f"{value}")) if inclusive else Fault(at(f"{value}"), at(within))
            faults.append(fault)
    return faults


def relationships(case: Case) -> list[Fault]:
    """A key that nobody has, and a parent that is gone."""
    parent, field = case.ref("to"), case.arguments["field"]
    chosen = one(case.table, f"{case.column} in (select {field} from {parent}) and ({case.where})")
    return [
        Fault(f"update {case.table} set {case.column} = {stranger(case.type)} where {chosen}"),
        Fault(
            f"delete from {parent} where {field} = (select {case.column} from {case.table} where {chosen})"
        ),
    ]


def not_empty(case: Case) -> list[Fault]:
    return [
        Fault(f"delete from {case.table}", f"delete from {case.table} where not {one(case.table, 'true')}")
    ]


def conserves_rows(case: Case) -> list[Fault]:
    """A row that is lost, kept twice, or comes from nowhere; one that was rejected is worth as much."""
    raw, quarantine, first = case.ref("raw"), case.ref("quarantine"), one(case.table, "true")
    reject = (
        f"insert into {quarantine} (_source_file, _source_row) "
        f"select _source_file, _source_row from {case.table} where {first}"
    )
    keep_out = f"delete from {case.table} where {first}"
    rejected = f"{reject}; {keep_out}"
    return [
        Fault(keep_out),
        Fault(reject),
        Fault(copy(case.table)),
        Fault(f"delete from {quarantine} where {one(quarantine, 'true')}", rejected),
        Fault(copy(quarantine), rejected),
        Fault(copy(raw)),
        Fault(f"delete from {raw} where {one(raw, 'true')}"),
    ]


def quarantine_share(case: Case) -> list[Fault]:
    """One rejected row too many, and one raw row more than too few to judge by."""
    raw, least = case.ref("raw"), int(case.arguments.get("min_rows", MIN_ROWS))

    def rows(relation: str, count: int) -> str:
        column = next(iter(case.warehouse.columns(relation)))
        return f'insert into {relation} ("{column}") select null from range({count})'

    def counts(quarantined: int, raw_rows: int) -> str:
        empty = f"delete from {case.table}; delete from {raw}"
        return f"{empty}; {rows(case.table, quarantined)}; {rows(raw, raw_rows)}"

    allowed = int(float(case.arguments["max_share"]) * least)
    return [
        Fault(rows(case.table, 1), counts(allowed, least)),
        Fault(rows(raw, 1), counts(least, least - 1)),
    ]


def expression_is_true(case: Case) -> list[Fault]:
    """More and less in any column of it, and nothing where that makes it null."""
    expression = case.arguments["expression"]
    columns = mentioned(expression, case.warehouse.columns(case.table))
    assert columns, f"{expression} names no column of {case.table}"
    faults = []
    for column, kind in columns.items():
        more, less, none = (
            f'select * replace ({value} as "{column}") from {case.table} where {case.where}'
            for value in (changed(column, kind, "+"), changed(column, kind, "-"), f"null::{kind}")
        )
        faults.append(Fault(f"insert into {case.table} {more} union all {less}"))
        unknown = f"({expression}) is null and ({case.where})"
        if "{{" not in expression and case.warehouse.holds(unknown, f"({none})"):
            faults.append(Fault(f"insert into {case.table} {none}"))
    return faults


def has_match(case: Case) -> list[Fault]:
    """Other values on either side, and counterparts that no longer meet the condition."""
    to, columns = case.ref("to"), case.arguments["columns"]
    own, others = case.warehouse.columns(case.table), case.warehouse.columns(to)
    chosen = one(case.table, case.where)
    theirs = [*columns.values(), *mentioned(case.arguments["condition"], others)]
    return [
        *(
            Fault(f"update {case.table} set {column} = {changed(column, own[column])} where {chosen}")
            for column in columns
        ),
        *(Fault(f"update {to} set {column} = {changed(column, others[column])}") for column in theirs),
        Fault(f"delete from {to}"),
    ]


def reconciles(case: Case) -> list[Fault]:
    """In any of the parts each row twice, and one that is like no other: that changes all sums, counts and spans."""
    faults = []
    others = [*case.arguments.get("plus", []), *case.arguments["equals"]]
    plain = [part for part in others if "{{" not in part["relation"]]
    parts = [(case.warehouse.relation(part["relation"]), part["expression"]) for part in plain]
    selected = {name for part in others if part not in plain for name in REF.findall(part["relation"])}
    faults += [
        Fault(f"insert into {one} select * from {one}") for one in map(case.warehouse.relation, selected)
    ]
    for relation, expression in [(case.table, case.arguments["expression"]), *parts]:
        columns = case.warehouse.columns(relation)
        used = mentioned(expression, columns) or dict([next(iter(columns.items()))])
        names = ", ".join(f'"{column}"' for column in used)
        values = ", ".join(changed(f"null::{kind}", kind) for kind in used.values())
        twice = f"insert into {relation} select * from {relation}"
        faults.append(Fault(f"{twice}; insert into {relation} ({names}) select {values}"))
    return faults


def dirt_is_quarantined(case: Case) -> list[Fault]:
    """In each quarantine a row too many; where there is one, none, and one with another reason."""
    faults = []
    for quarantine in (parent for parent in case.parents if "quarantine" in parent):
        key = "(_source_file, _source_row, reason)"
        faults.append(Fault(f"insert into {quarantine} {key} values ('{STRANGER}', 0, 'missing_id')"))
        if case.warehouse.holds("true", quarantine):
            first = one(quarantine, "true")
            faults.append(Fault(f"delete from {quarantine} where {first}"))
            faults.append(Fault(f"update {quarantine} set reason = '{STRANGER}' where {first}"))
    return faults


def late_rows_are_flagged(case: Case) -> list[Fault]:
    """In each table a late row that is not flagged, and one in time that is."""
    return [
        Fault(f"update {table} set is_late = not is_late where {one(table, chosen)}")
        for table in case.parents
        if "staging" in table
        for chosen in ("is_late", "not is_late")
    ]
