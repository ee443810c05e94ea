{% macro copy_number(key, order_by) -%}
    {#- Rejected rows come last, so that a valid one never loses to them. -#}
    row_number() over (
        partition by {{ key }}
        order by
            case when verdict = 'valid' then 0 else 1 end,
            {{ order_by | join(', ') }},
            _source_file,
            _source_row
    )
{%- endmacro %}


{% macro quality_flag() -%}
    case
        when verdict = 'valid' and copy_number > 1 then 'duplicate'
        else verdict
    end
{%- endmacro %}
