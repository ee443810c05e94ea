{% macro history_of(
    states, key, moment, tracked, change_types, carried=[], previous={}, differences={}
) -%}
    {#- Of the states of each key, in order of time, those that differ from the one before in what is tracked,
        each valid until the next. The first word of change_types whose columns changed names the change. -#}
    {%- set order = 'over (partition by ' ~ key ~ ' order by ' ~ moment ~ ')' %}
    {%- set order_kept = 'over (partition by ' ~ key ~ ' order by valid_from)' %}
    select
        {{ key }},
        {%- for column in carried + tracked %}
        {{ column }},
        {%- endfor %}
        {%- for name, column in previous.items() %}
        lag({{ column }}) {{ order_kept }} as {{ name }},
        {%- endfor %}
        {%- for name, column in differences.items() %}
        {{ column }} - lag({{ column }}) {{ order_kept }} as {{ name }},
        {%- endfor %}
        change_type,
        valid_from,
        lead(valid_from) {{ order_kept }} as valid_to,
        lead(valid_from) {{ order_kept }} is null as is_current
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
                    {{ 'or ' if not loop.first }}{{ column }} is distinct from prior_{{ column }}
                    {% endfor -%}
                    then '{{ label }}'
                {%- endfor %}
            end as change_type
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
            from {{ states }}
        ) as ordered_states
        where
            state_number = 1
            {%- for column in tracked %}
            or {{ column }} is distinct from prior_{{ column }}
            {%- endfor %}
    ) as kept_states
{%- endmacro %}
