{% macro from_epoch_seconds(column) %}
    {{- return(adapter.dispatch('from_epoch_seconds', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__from_epoch_seconds(column) -%}
    {{ brewhouse_utils.from_epoch_ms(brewhouse_utils.safe_bigint(column) ~ ' * 1000') }}
{%- endmacro %}
