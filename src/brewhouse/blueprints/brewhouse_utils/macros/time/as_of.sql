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
