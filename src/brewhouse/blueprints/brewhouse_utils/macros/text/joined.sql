{% macro joined_text(columns, separator=', ') %}
    {{- return(adapter.dispatch('joined_text', 'brewhouse_utils')(columns, separator)) -}}
{% endmacro %}

{% macro default__joined_text(columns, separator) -%}
    nullif(concat_ws('{{ separator }}', {{ columns | join(', ') }}), '')
{%- endmacro %}
