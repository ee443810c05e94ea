"""Types are compared fact by fact: the same, different, or it can't be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brewhouse.parity.adapters.base import Dialect
from brewhouse.parity.adapters.grammars import DUCKDB, POSTGRES, SNOWFLAKE
from brewhouse.parity.types import FACTS, differences, say

SAME, TELL, DIFFERS = "same", "cannot tell", "differs"
CASES: list[tuple[Dialect, str, str, dict[str, str]]] = [
    (DUCKDB, "int", "INTEGER", {}),
    (DUCKDB, "int", "BIGINT", {"precision": DIFFERS}),
    (DUCKDB, "integer", "UINTEGER", {"family": DIFFERS}),
    (DUCKDB, "decimal(10,2)", "DECIMAL(10,2)", {}),
    (DUCKDB, "numeric(10, 2)", "DECIMAL(12,3)", {"precision": DIFFERS, "scale": DIFFERS}),
    (DUCKDB, "numeric", "DECIMAL(12,3)", {"precision": TELL, "scale": TELL}),
    (DUCKDB, "decimal(10)", "DECIMAL(10,0)", {}),
    (DUCKDB, "varchar(3)", "VARCHAR", {}),
    (DUCKDB, "string", "VARCHAR", {}),
    (DUCKDB, "text", "INTEGER", {"family": DIFFERS}),
    (DUCKDB, "timestamp", "TIMESTAMP WITH TIME ZONE", {"time zone": DIFFERS}),
    (DUCKDB, "timestamp", "TIMESTAMP_S", {"precision": DIFFERS}),
    (DUCKDB, "timestamptz", "TIMESTAMP WITH TIME ZONE", {}),
    (DUCKDB, "double", "FLOAT", {"precision": DIFFERS}),
    (DUCKDB, "integer[]", "INTEGER[]", {}),
    (DUCKDB, "integer[]", "BIGINT[]", {"precision": DIFFERS}),
    (DUCKDB, "integer[]", "VARCHAR[]", {"family": DIFFERS}),
    (DUCKDB, "struct(a int, b varchar)", 'STRUCT(a INTEGER, b VARCHAR)', {}),
    (DUCKDB, "struct(a int, b decimal(10,2))", 'STRUCT(a INTEGER, b DECIMAL(10,3))', {"scale": DIFFERS}),
    (DUCKDB, "struct(a int)", 'STRUCT(b INTEGER)', {"family": DIFFERS}),
    (DUCKDB, "map(varchar, int)", "MAP(VARCHAR, INTEGER)", {}),
    (DUCKDB, "map(varchar, int)", "MAP(VARCHAR, VARCHAR)", {"family": DIFFERS}),
    (DUCKDB, "my_enum", "ENUM('a', 'b')", {"family": TELL}),
    (DUCKDB, "json", "JSON", {}),
    (POSTGRES, "varchar(3)", "character varying(3)", {}),
    (POSTGRES, "varchar(3)", "character varying(5)", {"length": DIFFERS}),
    (POSTGRES, "varchar(3)", "character varying", {"length": DIFFERS}),
    (POSTGRES, "varchar", "character varying(5)", {"length": TELL}),
    (POSTGRES, "text", "character varying", {}),
    (POSTGRES, "text", "character varying(5)", {"length": DIFFERS}),
    (POSTGRES, "char", "character(1)", {}),
    (POSTGRES, "numeric(10,2)", "numeric", {"precision": DIFFERS, "scale": DIFFERS}),
    (POSTGRES, "numeric", "numeric", {}),
    (POSTGRES, "int8", "bigint", {}),
    (POSTGRES, "serial", "integer", {}),
    (POSTGRES, "timestamp", "timestamp without time zone", {}),
    (POSTGRES, "timestamp(3)", "timestamp(3) without time zone", {}),
    (POSTGRES, "timestamp(3)", "timestamp without time zone", {"precision": DIFFERS}),
    (POSTGRES, "timestamp(3) with time zone", "timestamp(3) without time zone", {"time zone": DIFFERS}),
    (POSTGRES, "timetz", "time without time zone", {"time zone": DIFFERS}),
    (POSTGRES, "json", "jsonb", {}),
    (POSTGRES, "mood", "public.mood", {"family": TELL}),
    (POSTGRES, "text[]", "character varying(5)[]", {"length": DIFFERS}),
    (POSTGRES, "double precision", "real", {"precision": DIFFERS}),
    (SNOWFLAKE, "varchar", "TEXT(16777216)", {"length": TELL}),
    (SNOWFLAKE, "varchar(10)", "TEXT(16777216)", {"length": DIFFERS}),
    (SNOWFLAKE, "int", "NUMBER(38,0)", {}),
    (SNOWFLAKE, "number", "NUMBER(38,0)", {"precision": TELL, "scale": TELL}),
    (SNOWFLAKE, "number(10,2)", "NUMBER(38,0)", {"precision": DIFFERS, "scale": DIFFERS}),
    (SNOWFLAKE, "timestamp", "TIMESTAMP_NTZ(9)", {"time zone": TELL}),
    (SNOWFLAKE, "timestamp_ntz", "TIMESTAMP_TZ(9)", {"time zone": DIFFERS}),
    (SNOWFLAKE, "variant", "TEXT(16777216)", {"family": DIFFERS}),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "declared", "found", "wanted"), CASES, ids=lambda value: str(value)[:30])
def test_each_fact_is_told_apart(dialect: Dialect, declared: str, found: str, wanted: dict[str, str]) -> None:
    answers = differences(dialect.declared(declared), dialect.found(found))
    told = {fact: answer for fact, answer in answers.items() if answer == DIFFERS}
    assert told == {fact: answer for fact, answer in wanted.items() if answer == DIFFERS}
    for fact, answer in wanted.items():
        assert answers[fact] == answer  # type: ignore[index]


@pytest.mark.parametrize("dialect", [DUCKDB, POSTGRES, SNOWFLAKE], ids=lambda one: one.name)
def test_every_type_is_like_itself_under_each_of_its_names(dialect: Dialect) -> None:
    for name, kind in dialect.grammar.names:
        for text in (name, name.upper(), f" {name} "):
            parsed = dialect.declared(text)
            assert parsed.family == kind.family
            assert DIFFERS not in differences(parsed, dialect.found(text)).values()


@given(st.text(max_size=30), st.sampled_from([DUCKDB, POSTGRES, SNOWFLAKE]))
def test_no_text_is_an_error_and_none_differs_from_itself(text: str, dialect: Dialect) -> None:
    one = dialect.found(text)
    assert DIFFERS not in differences(one, one).values()
    assert all(isinstance(say(one, fact), str) for fact in FACTS)
