"""dbt's answers, sooner: each short cut says what dbt says."""

from __future__ import annotations

import pytest
from dbt.artifacts.resources.v1.components import InjectedCTE
from dbt.artifacts.resources.v1.model import ModelConfig
from dbt.compilation import inject_ctes_into_sql
from dbt_common.clients.jinja import get_environment
from jinja2 import Environment

from brewhouse.transform.dbt_haste import _injecting, _Properties, _remembered, replaced

CTES = [
    InjectedCTE(id="a", sql=" __dbt__cte__a as (\nselect 1\n)"),
    InjectedCTE(id="b", sql=" b as (select 2)"),
]
SHORTENED = [
    "with x as (select 1) select * from x",
    "\n\n  -- why\n  WITH\n  x as (with y as (select 1) select * from y)\nselect * from x -- end\n",
    'with "x" as (select 1) select 1',
]
LEFT_TO_DBT = [
    "select * from (with x as (select 1) select * from x) t",
    "with recursive x as (select 1) select * from x",
    "/* why */ with x as (select 1) select * from x",
    "with /* why */ x as (select 1) select * from x",
    "with x as (select ';') select * from x; select 2",
]


@pytest.mark.parametrize("sql", SHORTENED + LEFT_TO_DBT)
def test_ctes_stand_where_dbt_puts_them(sql: str) -> None:
    asked: list[str] = []

    def of_dbt(sql: str, ctes: list[InjectedCTE]) -> str:
        asked.append(sql)
        return inject_ctes_into_sql(sql, ctes)

    assert _injecting(of_dbt)(sql, CTES) == inject_ctes_into_sql(sql, CTES)
    assert bool(asked) == (sql in LEFT_TO_DBT)


@pytest.mark.parametrize(
    ("data", "holds"),
    [
        ({"materialized": "table", "tags": ["a"], "meta": {"of": "mine"}}, True),
        ({"materialized": "table", "mine": object()}, True),
        ({"materialized": 1}, False),
        ({"tags": {"a": 1}}, False),
        ([], False),
    ],
)
def test_only_what_dbt_finds_valid_is_known_to_be(data: object, holds: bool) -> None:
    whole = ModelConfig().to_dict() | data if isinstance(data, dict) else data
    properties = _Properties()
    assert [properties.are_valid(ModelConfig, whole) for _ in range(2)] == [holds, holds]


def test_a_template_is_compiled_once_for_each_class_of_environments() -> None:
    asked: list[type[Environment]] = []

    def compile_it(environment: Environment, source: str) -> str:
        asked.append(type(environment))
        return f"code of {source}"

    once = _remembered(compile_it)
    text, native = get_environment(), get_environment(native=True)
    for environment in (text, native, get_environment(capture_macros=True), get_environment(native=True)):
        assert once(environment, "{{ a }}") == "code of {{ a }}"
    assert asked == [type(text), type(native)]


def test_what_is_replaced_comes_back() -> None:
    class Above:
        def name(self) -> str:
            return "above"

    class Below(Above):
        pass

    with replaced(Below, "name", lambda _: "other"):
        assert Below().name() == "other"
    assert "name" not in vars(Below)
    with replaced(Above, "name", lambda _: "other"):
        assert Below().name() == "other"
    assert Below().name() == "above"
