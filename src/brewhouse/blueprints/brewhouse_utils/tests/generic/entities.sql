{% test history_is_continuous(model, key) %}

    {#- Intervals of a key neither overlap nor leave gaps, and exactly the last is open. -#}
    with

    ordered_rows as (
        select
            {{ key }},
            valid_from,
            valid_to,
            is_current,
            lead(valid_from) over (partition by {{ key }} order by valid_from) as next_valid_from
        from {{ model }}
    )

    select *
    from ordered_rows
    where
        valid_to is distinct from next_valid_from
        or valid_from >= valid_to
        or is_current is distinct from (valid_to is null)

{% endtest %}


{% test history_has_changes(model, key, tracked) %}

    {#- Each row differs from the one before in something tracked, and at least one key has two rows. -#}
    with

    ordered_rows as (
        select
            {{ key }},
            valid_from,
            {%- for column in tracked %}
            {{ column }} is not distinct from lag({{ column }}) over (
                partition by {{ key }} order by valid_from
            ) as is_same_{{ column }},
            {%- endfor %}
            row_number() over (partition by {{ key }} order by valid_from) as version_number
        from {{ model }}
    )

    select cast({{ key }} as {{ dbt.type_string() }}) as failing_key
    from ordered_rows
    where
        version_number > 1
        {%- for column in tracked %}
        and is_same_{{ column }}
        {%- endfor %}
    union all
    select 'no key has two rows' as failing_key
    from (select max(version_number) as most_versions from ordered_rows) as version_counts
    where most_versions < 2 or most_versions is null

{% endtest %}


{% test current_is_last_of_history(model, history, key, columns) %}

    {#- One current row per key on both sides, with the same values. -#}
    select
        current_rows.{{ key }} as current_key,
        history_rows.{{ key }} as history_key
    from {{ model }} as current_rows
    full join (select * from {{ history }} where valid_to is null) as history_rows
        on current_rows.{{ key }} = history_rows.{{ key }}
    where
        current_rows.{{ key }} is null
        or history_rows.{{ key }} is null
        {%- for column in columns %}
        or current_rows.{{ column }} is distinct from history_rows.{{ column }}
        {%- endfor %}

{% endtest %}


{% test current_is_last_of_grain(model, grain, key, period, columns) %}

    {#- Each key's last period has the values of its current row. -#}
    select
        current_rows.{{ key }} as current_key,
        last_periods.{{ key }} as grain_key
    from {{ model }} as current_rows
    full join (
        select all_periods.*
        from {{ grain }} as all_periods
        inner join (
            select {{ key }}, max({{ period }}) as last_period from {{ grain }} group by {{ key }}
        ) as ends
            on
                all_periods.{{ key }} = ends.{{ key }}
                and all_periods.{{ period }} = ends.last_period
    ) as last_periods
        on current_rows.{{ key }} = last_periods.{{ key }}
    where
        current_rows.{{ key }} is null
        or last_periods.{{ key }} is null
        {%- for column in columns %}
        or current_rows.{{ column }} is distinct from last_periods.{{ column }}
        {%- endfor %}

{% endtest %}


{% test grain_is_history_at_end(model, history, key, period_end, columns) %}

    {#- Each row of a grain table has what history says of the moment at which its period ended. -#}
    select
        grain_rows.{{ key }},
        grain_rows.{{ period_end }}
    from {{ model }} as grain_rows
    left join {{ history }} as history_rows
        on
            grain_rows.{{ key }} = history_rows.{{ key }}
            and grain_rows.{{ period_end }} >= history_rows.valid_from
            and (grain_rows.{{ period_end }} < history_rows.valid_to or history_rows.valid_to is null)
    where
        history_rows.{{ key }} is null
        {%- for column in columns %}
        or grain_rows.{{ column }} is distinct from history_rows.{{ column }}
        {%- endfor %}

{% endtest %}


{% test rows_hold(model, rules) %}

    {#- All rules of a table in one scan of it: a row per rule that some row breaks. -#}
    with

    broken_rows as (
        select
            {%- for name, rule in rules.items() %}
            {{ brewhouse_utils.count_if('(' ~ rule ~ ') is not true') }} as {{ name }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ model }}
    )

    {% for name in rules %}
    {{ 'union all' if not loop.first }}
    select
        '{{ name }}' as broken_rule,
        {{ name }} as row_count
    from broken_rows
    where {{ name }} > 0
    {% endfor %}

{% endtest %}


{% test columns_vary(model, columns) %}

    {#- A column that always says the same says nothing: a row per column without two values. -#}
    with

    value_ranges as (
        select
            {%- for column in columns %}
            {{ brewhouse_utils.varies(column) }} as {{ column }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ model }}
    )

    {% for column in columns %}
    {{ 'union all' if not loop.first }}
    select '{{ column }}' as constant_column
    from value_ranges
    where {{ column }} is not true
    {% endfor %}

{% endtest %}


{% test three_tables_agree(model, entity) %}

    {#- All that ties the three tables of a declared entity, on its atomic table: a row per rule that is broken. -#}
    {%- set declared = brewhouse_utils.declared_entity(entity) -%}
    {%- set history, grain = ref(declared.history), ref(declared.periods) -%}
    {%- set key, tracked = declared.key, declared.tracked -%}
    {%- set rules = {
        'history_is_continuous': brewhouse_utils.test_history_is_continuous(history, key),
        'history_has_changes': brewhouse_utils.test_history_has_changes(history, key, tracked),
        'current_is_last_of_history':
            brewhouse_utils.test_current_is_last_of_history(model, history, key, tracked),
        'current_is_last_of_grain':
            brewhouse_utils.test_current_is_last_of_grain(model, grain, key, 'period_start_date', tracked),
        'grain_is_history_at_end':
            brewhouse_utils.test_grain_is_history_at_end(grain, history, key, 'period_start_date', tracked),
        'one_row_per_period':
            brewhouse_utils.test_unique_combination(grain, [key, 'period_start_date']),
    } -%}
    {%- for rule, broken in rules.items() %}
    {{ 'union all' if not loop.first }}
    select '{{ rule }}' as broken_rule
    from ({{ broken }}) as broken_rows
    having count(*) > 0
    {%- endfor %}

{% endtest %}
