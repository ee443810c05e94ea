{% macro history_of(
    states, key, moment, tracked, change_types, carried=[], previous={}, differences={}, types={},
    continued=false, again=none
) -%}
    {#- Of the states of each key, in order of time, those that differ from the one before in what is tracked,
        each valid until the next. The first word of change_types whose columns changed names the change. -#}
    {#- A lag and a difference have no declared precision on PostgreSQL; types says it, by the name of the column. -#}
    {#- A continued history starts from the last version of each key that its table holds, and gives later ones. -#}
    {%- set goes_on = continued and is_incremental() -%}
    {%- set order = 'over (partition by ' ~ key ~ ' order by ' ~ moment ~ ')' %}
    {%- set order_kept = 'over (partition by ' ~ key ~ ' order by valid_from)' %}
    {%- if goes_on %}
    select
        {%- for column in [key] + carried + tracked + (previous | list) + (differences | list) %}
        {{ column }},
        {%- endfor %}
        change_type,
        valid_from,
        valid_to,
        is_current
    from (
    {%- endif %}
    select
        {{ key }},
        {%- for column in carried + tracked %}
        {{ column }},
        {%- endfor %}
        {%- for name, column in previous.items() %}
        {{ brewhouse_utils.typed('lag(' ~ column ~ ') ' ~ order_kept, types.get(name)) }} as {{ name }},
        {%- endfor %}
        {%- for name, column in differences.items() %}
        {{ brewhouse_utils.typed(column ~ ' - lag(' ~ column ~ ') ' ~ order_kept, types.get(name)) }} as {{ name }},
        {%- endfor %}
        change_type,
        valid_from,
        lead(valid_from) {{ order_kept }} as valid_to,
        lead(valid_from) {{ order_kept }} is null as is_current
        {{- ',\n        is_kept' if goes_on }}
    from (
        select
            {{ key }},
            {%- for column in carried + tracked %}
            {{ column }},
            {%- endfor %}
            {{ moment }} as valid_from,
            case
                when state_number = 1 then 'created'
                {%- for label, columns in change_types.items() %}
                when
                    {% for column in columns -%}
                    {{ 'or ' if not loop.first }}({{ column }} is distinct from prior_{{ column }})
                    {% endfor -%}
                    then '{{ label }}'
                {%- endfor %}
            end as change_type
            {{- ',\n            is_kept' if goes_on }}
        from (
            select
                {{ key }},
                {{ moment }},
                {%- for column in carried + tracked %}
                {{ column }},
                {%- endfor %}
                {%- for column in tracked %}
                lag({{ column }}) {{ order }} as prior_{{ column }},
                {%- endfor %}
                row_number() {{ order }} as state_number
                {{- ',\n                is_kept' if goes_on }}
            from {{ brewhouse_utils.later_states(states, key, moment, carried + tracked, again)
                if goes_on else states }}
        ) as ordered_states
        where
            state_number = 1
            {%- for column in tracked %}
            or ({{ column }} is distinct from prior_{{ column }})
            {%- endfor %}
    ) as kept_states
    {%- if goes_on %}
    ) as versions
    where not is_kept
    {%- endif %}
{%- endmacro %}


{% macro later_states(states, key, moment, columns, again=none) -%}
    {#- The states after what is settled, behind the last version of each key that the table holds. No column of it
        is a bare null: PostgreSQL would forget the precision of the others. -#}
    (
                select
                    {{ key }},
                    {{ moment }},
                    {%- for column in columns %}
                    {{ column }},
                    {%- endfor %}
                    false as is_kept
                from ({{ brewhouse_utils.rows_to_add(states, moment, 'valid_from', key, again) }}) as added_states
                union all
                select
                    {{ key }},
                    valid_from,
                    {%- for column in columns %}
                    {{ column }},
                    {%- endfor %}
                    true as is_kept
                from ({{ brewhouse_utils.last_rows(key, 'valid_from') }}) as kept_versions
            ) as later_states
{%- endmacro %}


{% macro close_versions(key) -%}
    {#- Post-hook of a continued history: a version holds until the next, whichever build made that. -#}
    {%- if is_incremental() -%}
        update {{ this }} as kept
        set
            valid_to = followed.next_valid_from,
            is_current = followed.next_valid_from is null
        from (
            select
                {{ key }},
                valid_from,
                lead(valid_from) over (partition by {{ key }} order by valid_from) as next_valid_from
            from {{ this }}
        ) as followed
        where
            kept.{{ key }} = followed.{{ key }}
            and kept.valid_from = followed.valid_from
            and kept.valid_to is distinct from followed.next_valid_from
    {%- endif -%}
{%- endmacro %}


{% macro typed(expression, type=none) -%}
    {{ 'cast(' ~ expression ~ ' as ' ~ type ~ ')' if type else expression }}
{%- endmacro %}
