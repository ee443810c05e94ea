{{ config(materialized='view') }}

{%- set month_start = brewhouse_utils.month_start(brewhouse_utils.as_of()) -%}

with

fact_accounts__feature_adoption as (
    select * from {{ ref('fact_accounts__feature_adoption') }}
),

entity_features as (
    select * from {{ ref('entity_features') }}
),

fact_accounts__standing as (
    select
        account_id,
        customer_tier
    from {{ ref('fact_accounts__standing') }}
),

-- What became of each feature: adoption of the last whole month, the last step of its history.
whole_months as (
    select
        feature_name,
        {{ brewhouse_utils.last_by('new_accounts', ['month_start_date']) }}
            as new_accounts_last_month
    from {{ ref('entity_features_monthly') }}
    where month_start_date < {{ month_start }}
    group by feature_name
),

last_steps as (
    select
        feature_name,
        value_score_change > 0 as is_gaining_value
    from {{ ref('entity_features_history') }}
    where is_current
),

features as (
    select
        entity_features.feature_name,
        entity_features.feature_category,
        entity_features.feature_value_score,
        entity_features.strategic_importance,
        coalesce(whole_months.new_accounts_last_month, 0) as new_accounts_last_month,
        coalesce(last_steps.is_gaining_value, false) as is_gaining_value,
        case entity_features.lowest_plan
            {%- for plan, facts in var('plans').items() %}
            when '{{ plan }}' then {{ facts.tier }}
            {%- endfor %}
        end as lowest_plan_tier
    from entity_features
    left join whole_months on entity_features.feature_name = whole_months.feature_name
    left join last_steps on entity_features.feature_name = last_steps.feature_name
),

-- Each account and each feature of the catalogue, whether its plan has it and whether it is used.
pairs as (
    select
        fact_accounts__standing.account_id,
        features.feature_name,
        features.feature_category,
        features.feature_value_score,
        features.strategic_importance,
        features.is_gaining_value,
        fact_accounts__standing.customer_tier <= features.lowest_plan_tier as is_available,
        fact_accounts__standing.customer_tier = features.lowest_plan_tier + 1 as is_of_next_plan,
        features.new_accounts_last_month,
        adopted.account_id is not null as is_adopted,
        coalesce(adopted.usage_events_30d, 0) > 0 as is_used_30d,
        coalesce(adopted.is_used_again_30d, false) as is_used_again_30d,
        adopted.uses_30d,
        adopted.last_used_on
    from fact_accounts__standing
    cross join features
    left join fact_accounts__feature_adoption as adopted
        on
            fact_accounts__standing.account_id = adopted.account_id
            and features.feature_name = adopted.feature_name
)

select * from pairs
