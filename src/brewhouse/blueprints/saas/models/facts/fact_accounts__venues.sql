{%- set this_week = brewhouse_utils.week_start(brewhouse_utils.as_of()) -%}
{%- set weeks = var('trend_weeks') -%}
{%- set recent = this_week ~ ' - ' ~ 7 * weeks -%}
{%- set periods = {
    'lately': 'week_start_date >= ' ~ recent, 'before': 'week_start_date < ' ~ recent,
} -%}
{%- set month_ago = brewhouse_utils.shift(brewhouse_utils.as_of(), -30, 'days') -%}

with

entity_locations as (
    select
        *,
        location_status = 'open' as is_open
    from {{ ref('entity_locations') }}
),

-- Of whole weeks: the last ones, and as many before.
weekly_sums as (
    select
        account_id,
        {%- for column in ['weekly_tap_events', 'quality_issues'] %}
        {%- for period, condition in periods.items() %}
        cast(sum(case when {{ condition }} then {{ column }} else 0 end) as bigint)
            as {{ column }}_{{ period }},
        {%- endfor %}
        {%- endfor %}
        count(*) as weeks
    from {{ ref('entity_locations_weekly') }}
    where
        week_start_date >= {{ this_week }} - {{ 14 * weeks }}
        and week_start_date < {{ this_week }}
    group by account_id
),

-- Locations whose health fell into a lower tier lately.
declines as (
    select
        account_id,
        count(distinct location_id) as declined_locations_30d
    from {{ ref('entity_locations_history') }}
    where
        valid_from > {{ month_ago }}
        and device_health_tier <> previous_device_health_tier
        and operational_health_score < previous_health_score
    group by account_id
),

venues as (
    select
        account_id,
        count(*) as total_locations,
        {%- for name, condition in {
            'open_locations': 'is_open',
            'operational_locations': "operational_status = 'operational'",
            'degraded_locations': "operational_status = 'degraded'",
            'down_locations': "operational_status = 'down'",
            'exceptional_locations':
                'is_open and operational_health_score >= ' ~ var('device_health_floors').excellent,
            'underperforming_locations':
                'is_open and operational_health_score < ' ~ var('device_health_floors').good,
            'idle_locations': 'is_open and tap_events_30d = 0',
            'expansion_candidates': "expansion_indicator = 'candidate'",
        }.items() %}
        {{ brewhouse_utils.count_if(condition) }} as {{ name }},
        {%- endfor %}
        count(operational_health_score) as scored_locations,
        cast(coalesce(sum(operational_health_score), 0) as decimal(18, 2)) as health_score_sum,
        count(distinct case when is_open then city end) as cities_served,
        count(distinct case when is_open then state_code end) as states_served,
        count(distinct case when is_open then country_code end) as countries_served,
        min(city) as main_city,
        min(country_code) as main_country_code,
        cast(sum(tap_events_30d) as bigint) as tap_events_30d
    from entity_locations
    group by account_id
)

select
    venues.*,
    {{ brewhouse_utils.ratio('health_score_sum', 'scored_locations', 2) }}
        as avg_location_health_score,
    coalesce(declines.declined_locations_30d, 0) as declined_locations_30d,
    {%- for column in ['weekly_tap_events', 'quality_issues'] %}
    coalesce(weekly_sums.{{ column }}_lately, 0) as {{ column }}_lately,
    coalesce(weekly_sums.{{ column }}_before, 0) as {{ column }}_before,
    {%- endfor %}
    {{ trend('weekly_sums.weekly_tap_events_lately', 'weekly_sums.weekly_tap_events_before') }}
        as tap_trend
from venues
left join weekly_sums on venues.account_id = weekly_sums.account_id
left join declines on venues.account_id = declines.account_id
