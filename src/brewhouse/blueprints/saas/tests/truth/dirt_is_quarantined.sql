{{ config(enabled=var('simulated')) }}

{%- set quarantines = {
    'app_database_accounts': 'app_database__accounts',
    'app_database_devices': 'app_database__devices',
    'app_database_feature_usage': 'app_database__feature_usage',
    'app_database_locations': 'app_database__locations',
    'app_database_page_views': 'app_database__page_views',
    'app_database_subscriptions': 'app_database__subscriptions',
    'app_database_tap_events': 'app_database__tap_events',
    'app_database_user_sessions': 'app_database__user_sessions',
    'app_database_users': 'app_database__users',
    'attribution_touchpoints': 'marketing__attribution_touchpoints',
    'facebook_ads_campaigns': 'marketing__facebook_ads_campaigns',
    'google_ads_campaigns': 'marketing__google_ads_campaigns',
    'google_analytics_sessions': 'marketing__google_analytics_sessions',
    'hubspot_companies': 'hubspot__companies',
    'hubspot_contacts': 'hubspot__contacts',
    'hubspot_deals': 'hubspot__deals',
    'hubspot_engagements': 'hubspot__engagements',
    'hubspot_owners': 'hubspot__owners',
    'hubspot_tickets': 'hubspot__tickets',
    'iterable_campaigns': 'marketing__iterable_campaigns',
    'linkedin_ads_campaigns': 'marketing__linkedin_ads_campaigns',
    'marketing_qualified_leads': 'marketing__marketing_qualified_leads',
    'stripe_charges': 'stripe__charges',
    'stripe_customers': 'stripe__customers',
    'stripe_events': 'stripe__events',
    'stripe_invoices': 'stripe__invoices',
    'stripe_payment_intents': 'stripe__payment_intents',
    'stripe_prices': 'stripe__prices',
    'stripe_subscription_items': 'stripe__subscription_items',
    'stripe_subscriptions': 'stripe__subscriptions',
} %}

with

dirt as (
    select * from {{ source('truth', 'dirt') }}
),

expected as (
    select
        table_name,
        source_file,
        source_row,
        case
            when kind in ('exact_duplicate', 'near_duplicate') then 'duplicate'
            else kind
        end as reason
    from dirt
    where kind not in ('late', 'messy_text')
),

quarantined as (
    {% for table, quarantine in quarantines.items() -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        _source_file as source_file,
        _source_row as source_row,
        reason
    from {{ ref('quarantine_' ~ quarantine) }}
    {% endfor %}
),

differences as (
    select
        coalesce(expected.table_name, quarantined.table_name) as table_name,
        coalesce(expected.source_file, quarantined.source_file) as source_file,
        coalesce(expected.source_row, quarantined.source_row) as source_row,
        expected.reason as expected_reason,
        quarantined.reason as found_reason
    from expected
    full outer join quarantined
        on
            expected.table_name = quarantined.table_name
            and expected.source_file = quarantined.source_file
            and expected.source_row = quarantined.source_row
    where
        expected.reason is null
        or quarantined.reason is null
        or expected.reason <> quarantined.reason
)

select * from differences
