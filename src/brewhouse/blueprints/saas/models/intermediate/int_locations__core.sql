with

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

int_locations__operational_metrics as (
    select * from {{ ref('int_locations__operational_metrics') }}
),

fact_accounts__people as (
    select * from {{ ref('fact_accounts__people') }}
),

city_shares as (
    select
        city,
        country_code,
        {{ brewhouse_utils.ratio(
            '100 * ' ~ brewhouse_utils.count_if("location_status = 'open'"),
            "(sum(" ~ brewhouse_utils.count_if("location_status = 'open'") ~ ") over ())", 2
        ) }} as share_of_locations_pct
    from int_locations__operational_metrics
    group by city, country_code
)

select
    {{ own_columns('int_locations__operational_metrics', [
        'location_id', 'location_key', 'account_id', 'location_name', 'location_type',
        'location_category', 'location_status', 'operational_status',
    ]) }},
    stg_app_database__locations.address as street_address,
    {{ own_columns('int_locations__operational_metrics', ['city', 'state_code', 'country_code']) }},
    stg_app_database__locations.full_address,
    stg_app_database__locations.region as geographic_market,
    {{ brewhouse_utils.banded(
        'city_shares.share_of_locations_pct', var('market_tier_floors_pct')
    ) }} as market_tier,
    stg_app_database__locations.seating_capacity,
    stg_app_database__locations.timezone,
    stg_app_database__locations.location_size,
    stg_app_database__locations.expected_device_count,
    {{ own_columns('int_locations__operational_metrics', [
        'total_devices', 'active_devices', 'online_devices', 'device_connectivity_rate',
        'first_device_installed', 'latest_device_installed', 'last_maintenance_performed',
        'avg_days_since_maintenance', 'tap_events_30d', 'total_volume_30d', 'avg_flow_rate_30d',
        'quality_issues_30d', 'beverage_types_served_30d', 'quality_issue_rate_30d',
        'operational_health_score', 'volume_tier',
    ]) }},
    coalesce(fact_accounts__people.account_users, 0) as account_users,
    coalesce(fact_accounts__people.account_active_users_30d, 0) as account_active_users_30d,
    fact_accounts__people.latest_account_session_at,
    {{ brewhouse_utils.ratio(
        'int_locations__operational_metrics.total_volume_30d',
        'int_locations__operational_metrics.tap_events_30d', 2
    ) }} as avg_volume_per_event_30d,
    {{ brewhouse_utils.banded(
        'int_locations__operational_metrics.device_connectivity_rate',
        var('location_connectivity_floors')
    ) }} as connectivity_tier,
    stg_app_database__locations.install_date as opened_on,
    stg_app_database__locations.closed_at,
    stg_app_database__locations.location_created_at,
    stg_app_database__locations.location_updated_at,
    {{ own_columns('int_locations__operational_metrics', ['location_age_days']) }},
    case
        when int_locations__operational_metrics.location_age_days is not null
            then {{ brewhouse_utils.months_between(
                'stg_app_database__locations.install_date', brewhouse_utils.as_of()
            ) }}
    end as location_age_months,
    {{ own_columns('int_locations__operational_metrics', [
        'location_lifecycle_stage', 'is_newly_opened',
    ]) }},
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from int_locations__operational_metrics
inner join stg_app_database__locations
    on int_locations__operational_metrics.location_id = stg_app_database__locations.location_id
left join fact_accounts__people
    on int_locations__operational_metrics.account_id = fact_accounts__people.account_id
left join city_shares
    on
        int_locations__operational_metrics.city = city_shares.city
        and int_locations__operational_metrics.country_code = city_shares.country_code
