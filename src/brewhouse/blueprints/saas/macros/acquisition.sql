{% macro return_on_cost(revenue, cost) -%}
    {#- Null where the cost is unknown, and of nothing. -#}
    {{ brewhouse_utils.ratio('100 * (' ~ revenue ~ ')', 'cast(100 * ' ~ cost ~ ' as bigint)', 2) }}
{%- endmacro %}


{% macro payback_months(cost, first_year_revenue) -%}
    {#- Months of the margin on the first contract that the cost of winning it takes; null without either. -#}
    {{ brewhouse_utils.ratio(
        '1200 * 100 * ' ~ cost,
        'cast(' ~ var('payback_gross_margin_pct') ~ ' * 100 * ' ~ first_year_revenue ~ ' as bigint)', 1
    ) }}
{%- endmacro %}


{% macro attribution_columns() -%}
    {#- What each model of attribution says of an account, with its type. -#}
    {%- set text, amount, share = dbt.type_string(), 'decimal(18, 2)', 'decimal(18, 6)' -%}
    {{- return({
        'channel': text,
        'campaign_id': text,
        'campaign_name': text,
        'platform': text,
        'credit': share,
        'credited_revenue': amount,
        'acquisition_cost': amount,
        'credit_with_cost': share,
    }) -}}
{%- endmacro %}
