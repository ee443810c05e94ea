{% macro feature_sums() -%}
    {#- Of a feature's rows per plan (how many are on the plan, and how many of these adopted): all plans together. -#}
    {%- set sums = {
        'eligible_accounts': ['account_count', true, 'bigint'],
        'eligible_users': ['user_count', true, 'bigint'],
        'eligible_mrr': ['mrr', true, 'decimal(18, 2)'],
        'eligible_adopter_accounts': ['adopter_accounts', true, 'bigint'],
        'eligible_adopter_users': ['adopter_users', true, 'bigint'],
        'eligible_adopters_mrr': ['adopters_mrr', true, 'decimal(18, 2)'],
        'adopter_accounts': ['adopter_accounts', false, 'bigint'],
        'adopters_mrr': ['adopters_mrr', false, 'decimal(18, 2)'],
        'accounts_used_again_30d': ['accounts_used_again_30d', false, 'bigint'],
    } -%}
    {%- for name, (column, is_eligible, type) in sums.items() %}
    cast(sum({{ 'case when plan_has_feature then ' ~ column ~ ' else 0 end' if is_eligible else column }}) as {{ type }})
        as {{ name }},
    {%- endfor %}
    {%- for plan in var('plans') | list | reverse %}
    cast(sum(case when plan_name = '{{ plan }}' then adopter_accounts else 0 end) as bigint)
        as {{ plan }}_adopters,
    {{ brewhouse_utils.ratio(
        "sum(case when plan_name = '" ~ plan ~ "' and plan_has_feature then adopter_accounts end)",
        "sum(case when plan_name = '" ~ plan ~ "' and plan_has_feature then account_count end)"
    ) }} as {{ plan }}_adoption_rate,
    {{ brewhouse_utils.ratio(
        "sum(case when plan_name = '" ~ plan ~ "' then accounts_used_again_30d end)",
        "sum(case when plan_name = '" ~ plan ~ "' then adopter_accounts end)"
    ) }} as {{ plan }}_stickiness_rate{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro feature_rates() -%}
    {{ brewhouse_utils.ratio('eligible_adopter_accounts', 'eligible_accounts') }} as account_adoption_rate,
    {{ brewhouse_utils.ratio('eligible_adopter_users', 'eligible_users') }} as user_adoption_rate,
    {{ brewhouse_utils.ratio('accounts_used_again_30d', 'adopter_accounts') }} as stickiness_rate,
    {{ brewhouse_utils.ratio('eligible_adopters_mrr * 100', 'cast(eligible_mrr * 100 as bigint)') }}
        as revenue_reach,
    {{ brewhouse_utils.ratio('adopters_mrr', 'adopter_accounts', 2) }} as avg_mrr_adopters
{%- endmacro %}
