{% test has_match(model, to, columns, condition) %}

    with

    own_rows as (
        select {{ columns.keys() | join(', ') }} from {{ model }}
    ),

    counterparts as (
        select distinct {{ columns.values() | join(', ') }} from {{ to }}
        where {{ condition }}
    )

    select own_rows.*
    from own_rows
    left join counterparts
        on
            {% for column, counterpart in columns.items() -%}
            {{ 'and ' if not loop.first -}}
            own_rows.{{ column }} = counterparts.{{ counterpart }}
            {% endfor %}
    where counterparts.{{ columns.values() | first }} is null

{% endtest %}
