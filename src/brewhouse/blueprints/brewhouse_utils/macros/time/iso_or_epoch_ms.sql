{% macro iso_or_epoch_ms(column) %}
    {{- return(adapter.dispatch('iso_or_epoch_ms', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__iso_or_epoch_ms(column) -%}
    {#- Thirteen digits of milliseconds reach from 2001 to 2286; no ISO 8601 time is a whole number. -#}
    case
        when length({{ column }}) = 13
            then {{ brewhouse_utils.from_epoch_ms(brewhouse_utils.safe_bigint(column)) }}
        else {{ brewhouse_utils.safe_timestamp(column) }}
    end
{%- endmacro %}
