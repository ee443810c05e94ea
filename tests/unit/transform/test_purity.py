"""A node's SQL is kept only if nothing that it reaches asks more than the project's files."""

from __future__ import annotations

import pytest

from brewhouse.transform.purity import MacroText, is_pure, reached

MACROS = {
    "macro.p.plain": MacroText("{% macro plain() %} 1 {% endmacro %}", ()),
    "macro.p.asks": MacroText("{% macro asks() %}{{ run_query('select 1') }}{% endmacro %}", ()),
    "macro.p.calls_plain": MacroText("{% macro a() %}{{ plain() }}{% endmacro %}", ("macro.p.plain",)),
    "macro.p.calls_asks": MacroText("{% macro b() %}{{ asks() }}{% endmacro %}", ("macro.p.asks",)),
    "macro.p.loop": MacroText("{% macro l() %}{{ l() }}{% endmacro %}", ("macro.p.loop",)),
    "macro.brewhouse_utils.built_at": MacroText(
        "{% macro built_at() %}{{ run_started_at }}{% endmacro %}", ()
    ),
}


@pytest.mark.parametrize(
    "template",
    [
        "select 1",
        "select * from {{ ref('a') }} where x > {{ var('y') }}",
        "select run_query, is_incremental from t",
        "{{ adapter.dispatch('x')() }}",
        "{{ adapter.quote('x') }}",
        "{% if flags.STORE_FAILURES %} 1 {% endif %}",
        "{% if is_incremental() %} 1 {% endif %}",  # compiled with --full-refresh
        "{{ env_var('REGION', 'eu') }}",
    ],
)
def test_templates_of_files_alone_are_pure(template: str) -> None:
    assert is_pure(template, (), MACROS)


@pytest.mark.parametrize(
    "template",
    [
        "{{ run_started_at }}",
        "{{ invocation_id }}",
        "{% set r = run_query('select 1') %}",
        "{% do adapter.get_columns_in_relation(this) %}",
        "{% call statement('x') %} select 1 {% endcall %}",
        "{{ modules.datetime.datetime.now() }}",
        "{% for node in graph.nodes %}{% endfor %}",
        "{% if flags.FULL_REFRESH %} 1 {% endif %}",
        "{% set x =\n   run_started_at %}",
        "{{ var('built_at')[:10] }}",
        "{{ invocation_args_dict.which }}",
        "{{ env_var(name) }}",
    ],
)
def test_templates_that_reach_outside_are_not(template: str) -> None:
    assert not is_pure(template, (), MACROS)


@pytest.mark.parametrize(
    ("calls", "pure"),
    [
        ("macro.p.calls_plain", True),
        ("macro.p.calls_asks", False),
        ("macro.p.loop", True),
        ("macro.p.unknown", False),
        ("macro.brewhouse_utils.built_at", True),
    ],
)
def test_macros_count_however_deep(calls: str, pure: bool) -> None:
    assert is_pure("select 1", (calls,), MACROS) is pure


def test_reached_names_all_macros_behind_a_call() -> None:
    assert reached(("macro.p.calls_plain",), MACROS) == {"macro.p.calls_plain", "macro.p.plain"}
