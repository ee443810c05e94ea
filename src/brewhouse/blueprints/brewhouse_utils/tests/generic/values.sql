{% test accepted_range(model, column_name, min_value=none, max_value=none, inclusive=true) %}

    {%- if min_value is none and max_value is none -%}
        {{ exceptions.raise_compiler_error('accepted_range on ' ~ column_name ~ ' has no limit') }}
    {%- endif -%}

    select {{ column_name }} as out_of_range_value
    from {{ model }}
    where
        {%- if min_value is not none %}
        {{ column_name }} {{ '<' if inclusive else '<=' }} {{ min_value }}
        {%- endif %}
        {%- if min_value is not none and max_value is not none %}
        or
        {%- endif %}
        {%- if max_value is not none %}
        {{ column_name }} {{ '>' if inclusive else '>=' }} {{ max_value }}
        {%- endif %}

{% endtest %}


{% test expression_is_true(model, expression, column_name=none) %}

    select *
    from {{ model }}
    where ({{ expression }}) is not true

{% endtest %}


{% test reconciles(model, expression, equals, plus=[]) %}

    {#- expression over the model + each of plus = the sum of equals, exact to the last digit. -#}
    with

    totals as (
        select
            coalesce((select {{ expression }} from {{ model }}), 0)
            {%- for part in plus %}
            + coalesce((select {{ part.expression }} from {{ part.relation }}), 0)
            {%- endfor %} as found,
            {% for part in equals -%}
            {{ '+ ' if not loop.first -}}
            coalesce((select {{ part.expression }} from {{ part.relation }}), 0)
            {% endfor -%}
            as expected
    )

    select *
    from totals
    where found <> expected

{% endtest %}
