"""P3xx: columns whose type has drifted from the declared one, fact by fact."""

from __future__ import annotations

from collections.abc import Iterator

from brewhouse.parity.expected import ExpectedRelation
from brewhouse.parity.findings import Finding, Level, rule
from brewhouse.parity.match import Case
from brewhouse.parity.types import Fact, Type, say


@rule("P301", "type family", Level.WARNING)
def family(case: Case) -> Iterator[Finding]:
    """A column is of another family than declared: text for a number, a double for a decimal.

    Other names of one type are one family (`int4`, `integer`, `int`); a type that is not known differs from nothing.
    An error if the contract is enforced, else a warning. The other facts of the type then are not compared. A source
    declared as `json` may be text: loaders keep JSON as it came.

    Why it matters: Comparisons, joins and sums give other results or errors. Money in a double loses cents.

    How to mend: Cast the column in the model and build it again, or correct `data_type`.
    """
    yield from _drift(case, "P301", "family")


@rule("P302", "precision", Level.WARNING)
def precision(case: Case) -> Iterator[Finding]:
    """A column has another precision than declared: digits of a decimal, bits of a whole number or a float, digits of
    a second.

    Nothing is said if either side says nothing: a declared `numeric` promises no precision.

    Why it matters: Values that no longer fit are an error in the middle of a run; a wider type hides that the
    promise is not kept. Most adapters do not compare precision when they check a contract.

    How to mend: Cast the column to the declared type, outermost in the last select, or correct `data_type`.
    """
    yield from _drift(case, "P302", "precision")


@rule("P303", "scale", Level.WARNING)
def scale(case: Case) -> Iterator[Finding]:
    """A decimal has another number of digits behind the point than declared.

    Why it matters: Values are rounded to fewer digits without an error.

    How to mend: Cast the column to the declared type, outermost in the last select, or correct `data_type`.
    """
    yield from _drift(case, "P303", "scale")


@rule("P304", "length", Level.WARNING)
def length(case: Case) -> Iterator[Finding]:
    """A text or binary has another greatest length than declared.

    DuckDB keeps no length, so there it can't be told. A declared `varchar` without a length promises none.

    Why it matters: Longer values are cut or refused when they are copied to where the declared length holds.

    How to mend: Cast the column to the declared type, or correct `data_type`.
    """
    yield from _drift(case, "P304", "length")


@rule("P305", "time zone", Level.WARNING)
def time_zone(case: Case) -> Iterator[Finding]:
    """A moment has a time zone where none is declared, or the other way round.

    Snowflake's `timestamp` is what the account says it is, so there it can't be told.

    Why it matters: The same value is another moment for another session; days begin at another hour.

    How to mend: Convert the column to UTC and cast it to the declared type, or correct `data_type`.
    """
    yield from _drift(case, "P305", "time zone")


def _drift(case: Case, code: str, fact: Fact) -> Iterator[Finding]:
    for (expected, found), column, declared, there, answers in case.drifted:
        if answers.get(fact) != "differs" or _is_json_text(expected, declared, there):
            continue
        yield Finding(
            code,
            Level.ERROR if expected.contract else Level.WARNING,
            f"column {column.observed.name} is {column.observed.data_type}, declared {column.expected.data_type}: "
            f"{fact} {say(there, fact)} instead of {say(declared, fact)}",
            relation=str(found),
            column=column.observed.name,
            node=expected.id,
            file=expected.file,
            expected=column.expected.data_type,
            found=column.observed.data_type,
        )


def _is_json_text(expected: ExpectedRelation, declared: Type, there: Type) -> bool:
    return expected.is_source and declared.family == "json" and there.family == "text"
