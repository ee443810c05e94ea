with

stg_hubspot__deals as (
    select * from {{ ref('stg_hubspot__deals') }}
),

fact_deals__activity as (
    select * from {{ ref('fact_deals__activity') }}
),

fact_deals__parties as (
    select * from {{ ref('fact_deals__parties') }}
),

fact_deals__owners as (
    select * from {{ ref('fact_deals__owners') }}
),

entity_customers as (
    select * from {{ ref('entity_customers') }}
),

deals as (
    select
        -- the deal
        {{ own_columns('stg_hubspot__deals', [
            'hubspot_deal_id', 'deal_name', 'sales_pipeline', 'deal_type', 'forecast_category',
            'deal_amount', 'weighted_amount', 'deal_size_category', 'deal_created_at',
            'expected_close_date', 'close_timeline', 'deal_health_status', 'closed_won_reason',
            'closed_lost_reason', 'competitor', 'expansion_type', 'deal_owner_id',
        ]) }},
        stg_hubspot__deals.standardized_stage as pipeline_stage,
        stg_hubspot__deals.standardized_stage not in ('won', 'lost') as is_open,
        stg_hubspot__deals.standardized_stage = 'won' as is_won,
        stg_hubspot__deals.close_probability as conversion_probability,

        -- its speed, and what is said
        {{ own_columns('fact_deals__activity', [
            'closed_at', 'days_open', 'engagement_count', 'call_count', 'meeting_count', 'email_count',
            'conversation_minutes', 'last_engagement_at', 'days_since_last_engagement',
        ]) }},

        -- who sells, who buys
        fact_deals__owners.won_deals as sales_owner_won_deals,
        fact_deals__owners.win_rate as sales_owner_win_rate,
        {{ own_columns('fact_deals__parties', [
            'sales_owner_name', 'hubspot_company_id', 'company_name', 'company_size_category',
            'country_code', 'lead_source', 'lead_source_group', 'lead_score',
        ]) }},

        -- the customer that it made, as of now
        {{ own_columns('entity_customers', [
            'account_id', 'customer_tier', 'monthly_recurring_revenue', 'annual_recurring_revenue',
            'customer_health_score', 'churn_risk_score', 'total_users', 'active_users_30d',
            'total_devices', 'device_events_30d', 'total_locations', 'active_locations',
        ]) }},
        entity_customers.customer_status as account_status,
        entity_customers.created_at as account_created_at,
        entity_customers.first_subscription_date is not null as converted_to_paid
    from stg_hubspot__deals
    inner join fact_deals__activity
        on stg_hubspot__deals.hubspot_deal_id = fact_deals__activity.hubspot_deal_id
    inner join fact_deals__parties
        on stg_hubspot__deals.hubspot_deal_id = fact_deals__parties.hubspot_deal_id
    left join fact_deals__owners
        on stg_hubspot__deals.deal_owner_id = fact_deals__owners.deal_owner_id
    left join entity_customers on fact_deals__parties.account_id = entity_customers.account_id
)

select
    *,
    {{ brewhouse_utils.surrogate_key('account_id') }} as account_key,
    case when is_won then days_open end as days_to_conversion,
    {{ brewhouse_utils.ratio('deal_amount', 'greatest(days_open, 1)', 2) }}
        as deal_velocity_usd_per_day,
    cast(case
        when is_open then
            {{ deal_priority(
                'conversion_probability', 'days_since_last_engagement', 'deal_size_category'
            ) }}
    end as decimal(18, 2)) as account_priority_score,
    {{ brewhouse_utils.built_at() }} as pipeline_analyzed_at
from deals
