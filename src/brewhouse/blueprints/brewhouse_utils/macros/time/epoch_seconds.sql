{% macro from_epoch_seconds(column) %}
    {{- return(adapter.dispatch('from_epoch_seconds', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__from_epoch_seconds(column) -%}
    {#- Of the years 1 to 9999; any other number is not meant as a time, and would be an error. -#}
    {%- set seconds = brewhouse_utils.safe_bigint(column) -%}
    case
        when {{ seconds }} between -62135596800 and 253402300799
            then {{ brewhouse_utils.from_epoch_ms(seconds ~ ' * 1000') }}
    end
{%- endmacro %}
