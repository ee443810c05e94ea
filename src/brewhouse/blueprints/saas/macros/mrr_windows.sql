{% macro mrr_sum_30d() -%}
    {#- Each day the window takes in what is paid on it, and lets go of what was paid thirty days before. -#}
    (mrr_sum_30d + days_of_mrr_windows * (mrr - mrr_30d_ago))
{%- endmacro %}


{% macro mrr_squares_30d() -%}
    (mrr_squares_30d + days_of_mrr_windows * (mrr * mrr - mrr_30d_ago * mrr_30d_ago))
{%- endmacro %}


{% macro avg_mrr_30d() -%}
    {#- On most days nothing has changed within the window: only the others are reckoned. -#}
    case
        when max_mrr_30d = min_mrr_30d then max_mrr_30d
        else {{ brewhouse_utils.ratio(mrr_sum_30d(), 'window_days', 2) }}
    end
{%- endmacro %}


{% macro mrr_volatility_30d() -%}
    {#- Population standard deviation from sums: number * squares - total ** 2 has four decimals, so that its root is
        irrational or ends within two, and each engine rounds it the same. -#}
    {%- set spread = 'window_days * ' ~ mrr_squares_30d() ~ ' - ' ~ mrr_sum_30d() ~ ' * ' ~ mrr_sum_30d() -%}
    case
        when max_mrr_30d = min_mrr_30d then cast(0 as decimal(18, 2))
        else {{ brewhouse_utils.ratio(
            'cast(round(sqrt(' ~ spread ~ '), 2) as decimal(18, 2))', 'window_days', 2
        ) }}
    end
{%- endmacro %}


{% macro mrr_range_coefficient_30d() -%}
    case
        when max_mrr_30d = min_mrr_30d then cast(0 as decimal(18, 6))
        else {{ brewhouse_utils.ratio(
            '100 * window_days * (max_mrr_30d - min_mrr_30d)', 'cast(100 * ' ~ mrr_sum_30d() ~ ' as bigint)'
        ) }}
    end
{%- endmacro %}


{% macro growth_rate(change, before) -%}
    {#- Of nothing, unknown. A loss is rounded like a gain, away from zero. -#}
    {%- set cents = 'cast(100 * (' ~ before ~ ') as bigint)' -%}
    cast(case
        when {{ before }} > 0 and {{ change }} = 0 then 0
        when {{ before }} > 0 and {{ change }} < 0
            then -{{ brewhouse_utils.ratio('-100 * (' ~ change ~ ')', cents) }}
        when {{ before }} > 0 then {{ brewhouse_utils.ratio('100 * (' ~ change ~ ')', cents) }}
    end as decimal(18, 6))
{%- endmacro %}
