{% macro declared_entity(name) -%}
    {#- The declaration under the variable `entities`, with its defaults; what is wrong is said by name. -#}
    {%- set entities = var('entities', {}) -%}
    {%- if name not in entities -%}
        {{ exceptions.raise_compiler_error(
            'entity ' ~ name ~ ' is not declared: expected it among vars.entities of dbt_project.yml, which has '
            ~ (entities | join(', ') or 'none')
        ) }}
    {%- endif -%}
    {%- set entity = entities[name] -%}
    {%- for needed in ['key', 'facts', 'moment', 'grain', 'tracked', 'measures'] -%}
        {%- if needed not in entity -%}
            {{ exceptions.raise_compiler_error(
                'entity ' ~ name ~ ' has no ' ~ needed ~ ': expected key, facts, moment, grain, tracked, measures'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- set suffixes = {'day': 'daily', 'week': 'weekly', 'month': 'monthly'} -%}
    {%- if entity.grain not in suffixes -%}
        {{ exceptions.raise_compiler_error(
            'entity ' ~ name ~ ' has the grain ' ~ entity.grain ~ ': expected day, week or month'
        ) }}
    {%- endif -%}
    {%- set measures = {} -%}
    {%- for measure, formula in entity.measures.items() -%}
        {%- set kinds = formula.keys() | reject('equalto', 'type') | list if formula is mapping else [] -%}
        {%- if kinds | length != 1 or kinds[0] not in ['sum', 'count', 'min', 'max'] -%}
            {{ exceptions.raise_compiler_error(
                'measure ' ~ measure ~ ' of entity ' ~ name
                ~ ' is no pair of sum, count, min or max and an expression, with or without a type'
            ) }}
        {%- endif -%}
        {%- do measures.update({measure: {
            'kind': kinds[0], 'of': formula[kinds[0]], 'type': formula.type | default('')
        }}) -%}
    {%- endfor -%}
    {{- return({
        'key': entity.key,
        'facts': entity.facts,
        'where': entity.where | default('true'),
        'moment': entity.moment,
        'grain': entity.grain,
        'tracked': entity.tracked,
        'measures': measures,
        'windows': entity.windows | default([7, 30]),
        'atomic': 'entity_' ~ name,
        'history': 'entity_' ~ name ~ '_history',
        'periods': 'entity_' ~ name ~ '_' ~ suffixes[entity.grain],
    }) -}}
{%- endmacro %}


{% macro entity_facts(entity) -%}
    select
        *,
        cast({{ entity.moment }} as timestamp) as happened_at
    from {{ ref(entity.facts) }}
    where
        {{ entity.key }} is not null
        and {{ entity.moment }} <= {{ brewhouse_utils.as_of() }}
        and ({{ entity.where }})
{%- endmacro %}


{% macro measured(measure, condition=none) -%}
    {#- Of no rows a sum and a count are 0; they have no least and no greatest value. -#}
    {%- if measure.kind == 'count' -%}
        {{ brewhouse_utils.count_if(
            '(' ~ measure.of ~ ')' ~ (' and ' ~ condition if condition else '')
        ) }}
    {%- else -%}
        {%- set chosen = 'case when ' ~ condition ~ ' then ' ~ measure.of ~ ' end' if condition else measure.of -%}
        {%- set value = measure.kind ~ '(' ~ chosen ~ ')' -%}
        {{ brewhouse_utils.in_type(measure, 'coalesce(' ~ value ~ ', 0)' if measure.kind == 'sum' else value) }}
    {%- endif -%}
{%- endmacro %}


{% macro in_type(measure, value) -%}
    {{ 'cast(' ~ value ~ ' as ' ~ measure.type ~ ')' if measure.type else value }}
{%- endmacro %}


{% macro last_fact(column) -%}
    {{ brewhouse_utils.last_by(
        column, ['case when ' ~ column ~ ' is null then 0 else 1 end', 'happened_at', column]
    ) }}
{%- endmacro %}


{% macro entity_grain(name) -%}
    {%- set entity = brewhouse_utils.declared_entity(name) -%}
    {{- config(indexes=brewhouse_utils.indexes([entity.key, 'period_start_date'], ['period_start_date'])) -}}
    with

    facts as (
        {{ brewhouse_utils.entity_facts(entity) }}
    ),

    period_sums as (
        select
            {{ entity.key }},
            cast(date_trunc('{{ entity.grain }}', happened_at) as date) as period_start,
            {%- for column in entity.tracked %}
            {{ brewhouse_utils.last_fact(column) }} as {{ column }},
            {%- endfor %}
            {%- for name, measure in entity.measures.items() %}
            {{ brewhouse_utils.measured(measure) }} as {{ name }},
            {%- endfor %}
            count(*) as fact_count
        from facts
        group by {{ entity.key }}, cast(date_trunc('{{ entity.grain }}', happened_at) as date)
    ),

    lives as (
        select
            {{ entity.key }},
            min(period_start) as first_day,
            cast({{ brewhouse_utils.as_of() }} as date) as last_day
        from period_sums
        group by {{ entity.key }}
    ),

    periods as (
        {{ brewhouse_utils.periods('lives', entity.key, 'first_day', 'last_day', entity.grain) }}
    )

    select
        periods.{{ entity.key }},
        periods.period_start as period_start_date,
        cast({{ brewhouse_utils.shift('periods.period_start', 1, entity.grain) }} as date) as period_end_date,
        {%- for column in entity.tracked %}
        {{ brewhouse_utils.last_known(
            'period_sums.' ~ column, 'periods.' ~ entity.key, ['periods.period_start']
        ) }} as {{ column }},
        {%- endfor %}
        {%- for name, measure in entity.measures.items() %}
        {%- set value = 'period_sums.' ~ name %}
        {{ brewhouse_utils.in_type(measure, 'coalesce(' ~ value ~ ', 0)')
            if measure.kind in ['sum', 'count'] else value }} as {{ name }},
        {%- endfor %}
        coalesce(period_sums.fact_count, 0) as fact_count
    from periods
    left join period_sums
        on
            periods.{{ entity.key }} = period_sums.{{ entity.key }}
            and periods.period_start = period_sums.period_start
{%- endmacro %}


{% macro entity_history(name) -%}
    {%- set entity = brewhouse_utils.declared_entity(name) -%}
    {{- config(indexes=brewhouse_utils.indexes([entity.key])) -}}
    {%- set changes, previous = {}, {} -%}
    {%- for column in entity.tracked -%}
        {%- do changes.update({column ~ '_changed': [column]}) -%}
        {%- do previous.update({'previous_' ~ column: column}) -%}
    {%- endfor -%}
    with

    periods as (
        select * from {{ ref(entity.periods) }}
    )

    {{ brewhouse_utils.history_of(
        'periods', entity.key, 'period_start_date', entity.tracked, changes, previous=previous
    ) }}
{%- endmacro %}


{% macro entity_atomic(name) -%}
    {%- set entity = brewhouse_utils.declared_entity(name) -%}
    {{- config(indexes=brewhouse_utils.indexes([entity.key])) -}}
    with

    facts as (
        {{ brewhouse_utils.entity_facts(entity) }}
    )

    select
        {{ entity.key }},
        {%- for column in entity.tracked %}
        {{ brewhouse_utils.last_fact(column) }} as {{ column }},
        {%- endfor %}
        min(happened_at) as first_seen_at,
        max(happened_at) as last_seen_at,
        {{ brewhouse_utils.date_diff_days('min(happened_at)', brewhouse_utils.as_of()) }} as age_days,
        {%- for name, measure in entity.measures.items() %}
        {{ brewhouse_utils.measured(measure) }} as {{ name }},
        {%- for days in entity.windows %}
        {%- set since = brewhouse_utils.shift(brewhouse_utils.as_of(), -days, 'day') %}
        {{ brewhouse_utils.measured(measure, 'happened_at > ' ~ since) }} as {{ name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        count(*) as fact_count
    from facts
    group by {{ entity.key }}
{%- endmacro %}
