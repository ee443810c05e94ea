{% macro first_by(value, order_by) %}
    {{- return(adapter.dispatch('first_by', 'brewhouse_utils')(value, order_by)) -}}
{% endmacro %}

{% macro default__first_by(value, order_by) -%}
    (array_agg({{ value }} order by {{ order_by | join(', ') }}) filter (where {{ value }} is not null))[1]
{%- endmacro %}

{% macro duckdb__first_by(value, order_by) -%}
    arg_min({{ value }}, row({{ order_by | join(', ') }}))
{%- endmacro %}


{% macro last_by(value, order_by) %}
    {{- return(adapter.dispatch('last_by', 'brewhouse_utils')(value, order_by)) -}}
{% endmacro %}

{% macro default__last_by(value, order_by) -%}
    (
        array_agg({{ value }} order by {{ order_by | join(' desc, ') }} desc)
        filter (where {{ value }} is not null)
    )[1]
{%- endmacro %}

{% macro duckdb__last_by(value, order_by) -%}
    arg_max({{ value }}, row({{ order_by | join(', ') }}))
{%- endmacro %}


{% macro most_frequent(relation, key, value) %}
    {{- return(adapter.dispatch('most_frequent', 'brewhouse_utils')(relation, key, value)) -}}
{% endmacro %}

{% macro default__most_frequent(relation, key, value) -%}
    select
        {{ key }},
        {{ brewhouse_utils.first_by(value, ['-row_count', value]) }} as {{ value }}
    from (
        select {{ key }}, {{ value }}, count(*) as row_count
        from {{ relation }}
        where {{ value }} is not null
        group by {{ key }}, {{ value }}
    ) as value_counts
    group by {{ key }}
{%- endmacro %}


{% macro last_known(value, partition_by, order_by) %}
    {{- return(
        adapter.dispatch('last_known', 'brewhouse_utils')(value, partition_by, order_by)
    ) -}}
{% endmacro %}

{% macro default__last_known(value, partition_by, order_by) -%}
    last_value({{ value }} ignore nulls) over (
        partition by {{ partition_by }} order by {{ order_by | join(', ') }}
    )
{%- endmacro %}

{% macro postgres__last_known(value, partition_by, order_by) -%}
    {#- No "ignore nulls" here: all values so far, without the nulls, and of these the last. -#}
    (array_agg({{ value }}) filter (where {{ value }} is not null) over (
        partition by {{ partition_by }} order by {{ order_by | join(', ') }}
    ))[count({{ value }}) over (
        partition by {{ partition_by }} order by {{ order_by | join(', ') }}
    )]
{%- endmacro %}
