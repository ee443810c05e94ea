{% macro rejected_rows(raw, base) %}
    {{- return(adapter.dispatch('rejected_rows', 'brewhouse_utils')(raw, base)) -}}
{% endmacro %}

{% macro default__rejected_rows(raw, base) -%}
    select
        raw_rows.*,
        rejections.data_quality_flag as reason
    from {{ raw }} as raw_rows
    inner join {{ base }} as rejections
        on
            raw_rows._source_file = rejections._source_file
            and raw_rows._source_row = rejections._source_row
    where rejections.data_quality_flag <> 'valid'
{%- endmacro %}
