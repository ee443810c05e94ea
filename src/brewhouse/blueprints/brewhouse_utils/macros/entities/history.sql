{% macro history_of(
    states, key, moment, tracked, change_types, carried=[], previous={}, differences={}, types={}
) -%}
    {#- Of the states of each key, in order of time, those that differ from the one before in what is tracked,
        each valid until the next. The first word of change_types whose columns changed names the change. -#}
    {#- A lag and a difference have no declared precision on PostgreSQL; types says it, by the name of the column. -#}
    {%- set order = 'over (partition by ' ~ key ~ ' order by ' ~ moment ~ ')' %}
    {%- set order_kept = 'over (partition by ' ~ key ~ ' order by valid_from)' %}
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
            or ({{ column }} is distinct from prior_{{ column }})
            {%- endfor %}
    ) as kept_states
{%- endmacro %}


{% macro typed(expression, type=none) -%}
    {{ 'cast(' ~ expression ~ ' as ' ~ type ~ ')' if type else expression }}
{%- endmacro %}
