"""Names of any kind, on real engines: what was made under a name is found under it, and nothing else is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from brewhouse.parity.names import Name, one_line, split_relation
from tests.support.parity import Bench, duckdb_bench, postgres_bench, quoted

NASTY = [
    'say "hi"', "two words", " spaces around ", "a.b.c", "'", "''", ";--", "select", "user", "order", "Mixed Case",
    "ALLCAPS", "lower", "é", "É", "ß", "İ", "ı", "🍺", "表", "a\\b", "a/b", "a%s", "{x}", "`", "[x]", "x]", "tab\there",
    "line\nend", "_", "1st", "a" * 63, "é" * 31 + "x", "表" * 21, "$", "\u200b", "\u00a0x",
]  # fmt: skip
ANY = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=20),
)


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    opened = (
        duckdb_bench() if request.param == "duckdb" else postgres_bench(request.getfixturevalue("postgres"))
    )
    with opened as found:
        yield found


def codes(
    bench: Bench, schema: str, name: str, columns: list[str], *, made: tuple[str, str, list[str]]
) -> list[str]:
    """What is found if the project says one thing, and another was made."""
    there_schema, there_name, there = made
    shape = ", ".join(f"{quoted(column)} integer" for column in there)
    bench.run(
        f"create schema if not exists {quoted(there_schema)}",
        f"create table {quoted(there_schema, there_name)} ({shape})",
    )
    try:
        manifest = bench.manifest()
        key = manifest.model(
            "nasty", dict.fromkeys(columns, "integer"), schema=schema, alias=name, contract=True
        )
        assert manifest.nodes[key]["alias"] == name
        return sorted(one.code for one in bench.verdict(manifest, default_ignore=False).findings)
    finally:
        bench.run(f"drop table {quoted(there_schema, there_name)}")
        if there_schema not in ("main", "public"):
            bench.run(f"drop schema {quoted(there_schema)}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    schema=ANY, name=ANY, columns=st.lists(ANY, min_size=1, max_size=4, unique_by=lambda name: name.lower())
)
@example(schema="main 2", name='"', columns=['"', "''"])
def test_a_name_of_any_kind_is_found(bench: Bench, schema: str, name: str, columns: list[str]) -> None:
    """A contract quotes nothing: dbt's yml has the names as they are."""
    schema = f"s{schema}"  # PostgreSQL keeps names that begin with pg_ for itself
    assert codes(bench, schema, name, columns, made=(schema, name, columns)) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANY, other=ANY)
@example(name="É", other="é")
@example(name="İ", other="i̇")
@example(name="Mixed Case", other="mixed case")
@example(name="K", other="K")  # the sign of kelvin, whose small letter is k
def test_two_names_are_one_exactly_if_the_engine_says_so(bench: Bench, name: str, other: str) -> None:
    found = codes(bench, "s", name, ["id"], made=("s", other, ["id"]))
    bench.run("create schema s", f"create table s.{quoted(name)} (id integer)")
    try:
        bench.run(f"create table if not exists s.{quoted(other)} (id integer)")
        [(count,)] = _rows(bench)
    finally:
        bench.run("drop schema s cascade")
    assert (found == []) == (count == 1), "one table, or two"
    if count == 2:
        assert found == ["P101", "P102"]


def _rows(bench: Bench) -> list[tuple[int]]:
    sql = "select count(*) from information_schema.tables where table_schema = 's'"
    if bench.engine == "duckdb":
        rows: list[tuple[int]] = bench.connection.execute(sql).fetchall()
        return rows
    with bench.connection.cursor() as cursor:
        cursor.execute(sql)
        fetched: list[tuple[int]] = cursor.fetchall()
        return fetched


@pytest.mark.parametrize("long", ["a" * 64, "a" * 200, "é" * 32, "表" * 22, "x" + "🍺" * 16, "x" * 62 + "é"])
def test_what_is_longer_than_63_bytes_is_cut_as_the_engine_cuts_it(bench: Bench, long: str) -> None:
    assert codes(bench, "public", long, [long], made=("public", long, [long])) == []


def test_a_name_without_quotes_is_folded_as_the_engine_folds_it(bench: Bench) -> None:
    manifest = bench.manifest()
    key = manifest.model("orders")
    schema = "main" if bench.engine == "duckdb" else "public"
    manifest.nodes[key]["relation_name"] = f"{bench.database}.{schema}.OrDerS"
    bench.run(f"create table {schema}.ORDERS (id integer)")
    try:
        assert not bench.verdict(manifest).findings
    finally:
        bench.run(f"drop table {schema}.orders")


@given(st.lists(ANY, min_size=1, max_size=3))
def test_a_quoted_name_is_read_as_it_was_written(parts: list[str]) -> None:
    assert split_relation(quoted(*parts)) == [Name(part, True) for part in parts]


@given(ANY)
def test_a_comment_stays_on_its_line(name: str) -> None:
    assert len(one_line(name).splitlines() or [""]) == 1


def test_names_without_quotes_backticks_and_brackets_are_read_too() -> None:
    assert split_relation('db.Schema."a.b"') == [Name("db", False), Name("Schema", False), Name("a.b", True)]
    assert split_relation("`p-1`.d.`t`") == [Name("p-1", True), Name("d", False), Name("t", True)]
    assert split_relation("[a]]b].[c]") == [Name("a]b", True), Name("c", True)]
    assert split_relation('"f"(x)') == []
