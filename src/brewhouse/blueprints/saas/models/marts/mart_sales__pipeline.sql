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

entity_customers as (
    select * from {{ ref('entity_customers') }}
),

owner_records as (
    select
        deal_owner_id,
        {{ brewhouse_utils.count_if("standardized_stage = 'won'") }} as won_deals,
        {{ brewhouse_utils.count_if("standardized_stage in ('won', 'lost')") }} as closed_deals
    from stg_hubspot__deals
    group by deal_owner_id
),

deals as (
    select
        -- the deal
        stg_hubspot__deals.hubspot_deal_id,
        stg_hubspot__deals.deal_name,
        stg_hubspot__deals.sales_pipeline,
        stg_hubspot__deals.deal_type,
        stg_hubspot__deals.standardized_stage as pipeline_stage,
        stg_hubspot__deals.forecast_category,
        stg_hubspot__deals.standardized_stage not in ('won', 'lost') as is_open,
        stg_hubspot__deals.standardized_stage = 'won' as is_won,
        stg_hubspot__deals.deal_amount,
        stg_hubspot__deals.weighted_amount,
        stg_hubspot__deals.deal_size_category,
        stg_hubspot__deals.close_probability as conversion_probability,
        stg_hubspot__deals.deal_created_at,
        fact_deals__activity.closed_at,
        stg_hubspot__deals.expected_close_date,
        stg_hubspot__deals.close_timeline,
        stg_hubspot__deals.deal_health_status,
        stg_hubspot__deals.closed_won_reason,
        stg_hubspot__deals.closed_lost_reason,
        stg_hubspot__deals.competitor,
        stg_hubspot__deals.expansion_type,

        -- its speed, and what is said
        fact_deals__activity.days_open,
        case
            when stg_hubspot__deals.standardized_stage = 'won' then fact_deals__activity.days_open
        end as days_to_conversion,
        {{ brewhouse_utils.ratio(
            'stg_hubspot__deals.deal_amount', 'greatest(fact_deals__activity.days_open, 1)', 2
        ) }} as deal_velocity_usd_per_day,
        fact_deals__activity.engagement_count,
        fact_deals__activity.call_count,
        fact_deals__activity.meeting_count,
        fact_deals__activity.email_count,
        fact_deals__activity.conversation_minutes,
        fact_deals__activity.last_engagement_at,
        fact_deals__activity.days_since_last_engagement,
        cast(case
            when stg_hubspot__deals.standardized_stage not in ('won', 'lost') then
                {{ deal_priority(
                    'stg_hubspot__deals.close_probability',
                    'fact_deals__activity.days_since_last_engagement',
                    'stg_hubspot__deals.deal_size_category'
                ) }}
        end as decimal(18, 2)) as account_priority_score,

        -- who sells, who buys
        stg_hubspot__deals.deal_owner_id,
        fact_deals__parties.sales_owner_name,
        owner_records.won_deals as sales_owner_won_deals,
        {{ brewhouse_utils.ratio('owner_records.won_deals', 'owner_records.closed_deals') }}
            as sales_owner_win_rate,
        fact_deals__parties.hubspot_company_id,
        fact_deals__parties.company_name,
        fact_deals__parties.company_size_category,
        fact_deals__parties.country_code,
        fact_deals__parties.lead_source,
        fact_deals__parties.lead_source_group,
        fact_deals__parties.lead_score,

        -- the customer that it made, as of now
        entity_customers.account_id,
        {{ brewhouse_utils.surrogate_key('entity_customers.account_id') }} as account_key,
        entity_customers.customer_status as account_status,
        entity_customers.created_at as account_created_at,
        entity_customers.customer_tier,
        entity_customers.monthly_recurring_revenue,
        entity_customers.annual_recurring_revenue,
        entity_customers.first_subscription_date is not null as converted_to_paid,
        entity_customers.customer_health_score,
        entity_customers.churn_risk_score,
        entity_customers.total_users,
        entity_customers.active_users_30d,
        entity_customers.total_devices,
        entity_customers.device_events_30d,
        entity_customers.total_locations,
        entity_customers.active_locations,
        {{ brewhouse_utils.built_at() }} as pipeline_analyzed_at
    from stg_hubspot__deals
    inner join fact_deals__activity
        on stg_hubspot__deals.hubspot_deal_id = fact_deals__activity.hubspot_deal_id
    inner join fact_deals__parties
        on stg_hubspot__deals.hubspot_deal_id = fact_deals__parties.hubspot_deal_id
    left join owner_records on stg_hubspot__deals.deal_owner_id = owner_records.deal_owner_id
    left join entity_customers on fact_deals__parties.account_id = entity_customers.account_id
)

select * from deals
