{% macro flagged(rows, verdicts, key, order_by) %}
    {{- return(adapter.dispatch('flagged', 'brewhouse_utils')(rows, verdicts, key, order_by)) -}}
{% endmacro %}

{% macro default__flagged(rows, verdicts, key, order_by) -%}
    {#- Most rows are valid and their key stands once. Only the few others are sorted and joined. -#}
    select
        {{ rows }}.*,
        coalesce(rejections.reason, 'valid') as data_quality_flag
    from {{ rows }}
    left join (
        select
            _source_file,
            _source_row,
            {{ brewhouse_utils.quality_flag() }} as reason
        from (
            select
                _source_file,
                _source_row,
                verdict,
                {{ brewhouse_utils.copy_number(key, order_by) }} as copy_number
            from {{ verdicts }}
            where
                verdict <> 'valid'
                or {{ key }} in (
                    select {{ key }} from {{ verdicts }}
                    where {{ key }} is not null
                    group by {{ key }}
                    having count(*) > 1
                )
        ) as ranked
        where verdict <> 'valid' or copy_number > 1
    ) as rejections
        on
            {{ rows }}._source_file = rejections._source_file
            and {{ rows }}._source_row = rejections._source_row
{%- endmacro %}


{% macro read_anew() %}
    {{- return(adapter.dispatch('read_anew', 'brewhouse_utils')()) -}}
{% endmacro %}

{% macro default__read_anew() -%}
    {#- The engine decides. PostgreSQL keeps what is read twice, on disk if need be, and so parses JSON once. -#}
{%- endmacro %}

{% macro duckdb__read_anew() -%}
    {#- In memory, the rows of a full refresh would be a copy of a big table. Those of an increment are few. -#}
    {{ '' if is_incremental() else 'not ' }}materialized
{%- endmacro %}
