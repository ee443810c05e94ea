{% macro as_of() %}
    {{- return(adapter.dispatch('as_of', 'brewhouse_utils')()) -}}
{% endmacro %}

{% macro default__as_of() -%}
    {%- if var('as_of', none) -%}
        cast('{{ var("as_of") }}' as timestamp)
    {%- else -%}
        (select as_of from {{ ref('as_of') }})
    {%- endif -%}
{%- endmacro %}


{% macro last_moment(moments) -%}
    {#- The model as_of: the moment that was chosen, else the last one that valid rows know of. -#}
    with

    known_moments as (
        {% for model, moment in moments.items() -%}
        {{ 'union all' if not loop.first }}
        select max({{ moment }}) as moment from {{ ref(model) }}
        where data_quality_flag = 'valid'
        {% endfor %}
    ),

    chosen_moment as (
        {% if var('as_of', none) %}
        select {{ brewhouse_utils.as_of() }} as as_of
        {% else %}
        select max(moment) as as_of from known_moments
        {% endif %}
    )

    select * from chosen_moment
{%- endmacro %}
