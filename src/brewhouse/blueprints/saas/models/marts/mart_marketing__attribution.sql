{%- set models = var('attribution_models') -%}
{%- set primary = var('campaign_attribution_model') -%}

with

fact_accounts__standing as (
    select * from {{ ref('fact_accounts__standing') }}
),

fact_accounts__attribution as (
    select * from {{ ref('fact_accounts__attribution') }}
),

fact_leads__conversions as (
    select * from {{ ref('fact_leads__conversions') }}
),

fact_campaigns__at_conversion as (
    select * from {{ ref('fact_campaigns__at_conversion') }}
),

-- The six models side by side; the revenue that they share out is the same.
side_by_side as (
    select
        account_id,
        max(touches) as touches,
        max(attributed_revenue) as attributed_revenue,
        {%- for model in models %}
        {%- set is_model = "attribution_model = '" ~ model ~ "'" %}
        {%- for column, type in attribution_columns().items() %}
        cast(max(case when {{ is_model }} then {{ column }} end) as {{ type }})
            as {{ model }}_{{ column }},
        {%- endfor %}
        {%- endfor %}
        count(distinct channel) as channels_named
    from fact_accounts__attribution
    group by account_id
),

acquired as (
    select
        {{ own_columns('standing', [
            'account_id', 'account_key', 'company_name', 'account_type', 'industry',
            'company_size_category', 'customer_tier', 'plan_name', 'billing_cycle', 'customer_status',
            'lifecycle_stage', 'created_at', 'days_since_creation', 'cohort_month',
            'first_subscription_date', 'monthly_recurring_revenue', 'annual_recurring_revenue',
            'customer_health_score', 'churn_risk_score', 'churn_risk_band', 'total_users', 'active_users_30d',
            'avg_user_engagement_score', 'total_devices', 'device_events_30d', 'total_locations',
            'active_locations', 'collected_revenue', 'expected_annual_revenue',
        ]) }},
        fact_leads__conversions.lead_id,
        fact_leads__conversions.converted_on,
        fact_leads__conversions.days_to_convert,
        side_by_side.{{ primary }}_channel as primary_channel,
        side_by_side.{{ primary }}_campaign_id as primary_campaign_id,
        side_by_side.{{ primary }}_campaign_name as primary_campaign_name,
        side_by_side.{{ primary }}_platform as primary_platform,
        side_by_side.{{ primary }}_acquisition_cost as acquisition_cost,
        side_by_side.{{ primary }}_credit_with_cost as acquisition_cost_known_share,
        {{ own_columns('fact_campaigns__at_conversion', [
            'campaign_tier_at_conversion', 'campaign_tier_now', 'campaign_spend_at_conversion',
            'campaign_roi_percentage',
        ]) }},
        side_by_side.touches,
        side_by_side.channels_named,
        {%- for model in models %}
        {%- if model not in ['first_touch', 'last_touch'] %}
        side_by_side.{{ model }}_credit,
        {%- endif %}
        {{ own_columns('side_by_side', [
            model ~ '_channel', model ~ '_campaign_id', model ~ '_campaign_name',
            model ~ '_credited_revenue', model ~ '_acquisition_cost',
        ]) }},
        {%- endfor %}
        cast(coalesce(side_by_side.attributed_revenue, 0) as decimal(18, 2)) as attributed_revenue
    from fact_accounts__standing as standing
    left join fact_leads__conversions on standing.account_id = fact_leads__conversions.account_id
    left join side_by_side on standing.account_id = side_by_side.account_id
    left join fact_campaigns__at_conversion
        on standing.account_id = fact_campaigns__at_conversion.account_id
)

select
    *,
    {{ brewhouse_utils.banded('attributed_revenue', var('attribution_value_floors')) }}
        as attribution_value_tier,
    channels_named = 1 as models_agree,
    {{ payback_months('acquisition_cost', 'attributed_revenue') }} as payback_months,
    collected_revenue >= acquisition_cost as has_paid_back,
    cast(collected_revenue + expected_annual_revenue as decimal(18, 2)) as estimated_lifetime_value,
    {{ return_on_cost('collected_revenue + expected_annual_revenue', 'acquisition_cost') }}
        as lifetime_value_to_cost,
    {{ return_on_cost('attributed_revenue', 'acquisition_cost') }} as first_year_revenue_to_cost,
    {{ brewhouse_utils.banded(
        return_on_cost('collected_revenue + expected_annual_revenue', 'acquisition_cost'),
        var('acquisition_quality_floors')
    ) }} as acquisition_quality,
    {{ brewhouse_utils.built_at() }} as attribution_calculated_at
from acquired
