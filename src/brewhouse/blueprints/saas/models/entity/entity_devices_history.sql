{{ config(
    tags=['refresh_hourly'],
    indexes=brewhouse_utils.indexes(['device_id']),
) }}

{%- set changes = var('device_changes') -%}
{%- set by_device = 'over (partition by periods.device_id order by periods.valid_from)' -%}
{%- set by_category = 'over (partition by periods.device_id, periods.event_category
            order by periods.valid_from)' -%}

with

fact_devices__states as (
    select * from {{ ref('fact_devices__states') }}
),

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

history as (
    {{ brewhouse_utils.history_of(
        'fact_devices__states', 'device_id', 'changed_at',
        tracked=['operational_status', 'failures_so_far'],
        change_types={'state': ['operational_status', 'failures_so_far']},
        carried=[
            'change_reason', 'previous_failure_at', 'previous_maintenance_at',
            'service_seconds_so_far', 'downtime_seconds_so_far', 'cumulative_error_count',
            'cumulative_anomaly_count',
        ],
        previous={
            'previous_operational_status': 'operational_status',
            'previous_change_at': 'valid_from',
        },
        differences={
            'errors_since': 'cumulative_error_count', 'anomalies_since': 'cumulative_anomaly_count',
        },
    ) }}
),

periods as (
    select
        *,
        {{ brewhouse_utils.mapped(
            'change_reason', brewhouse_utils.attribute_of(changes, 'category'), 'service'
        ) }} as event_category
    from history
)

select
    {{ brewhouse_utils.surrogate_key(['periods.device_id', 'periods.valid_from']) }} as history_id,
    {{ own_columns('periods', ['device_id']) }},
    {{ own_columns('stg_app_database__devices', ['location_id', 'account_id']) }},
    {{ own_columns('periods', [
        'valid_from', 'valid_to', 'is_current', 'operational_status', 'previous_operational_status',
        'event_category', 'change_reason',
    ]) }},
    {{ brewhouse_utils.mapped(
        'periods.change_reason', brewhouse_utils.attribute_of(changes, 'text'), ''
    ) }} as description,
    cast(periods.valid_from as date) as change_date,
    {{ brewhouse_utils.hour_of_day('periods.valid_from') }} as change_hour,
    {{ brewhouse_utils.day_of_week('periods.valid_from') }} as change_day_of_week,
    periods.previous_maintenance_at as previous_maintenance_timestamp,
    {{ brewhouse_utils.date_diff_days('periods.previous_maintenance_at', 'periods.valid_from') }}
        as days_since_previous_maintenance,
    periods.failures_so_far,
    {{ own_columns('periods', ['service_seconds_so_far', 'downtime_seconds_so_far']) }},
    {{ uptime_score('periods.service_seconds_so_far', 'periods.downtime_seconds_so_far') }}
        as uptime_percentage_so_far,
    coalesce(periods.errors_since, periods.cumulative_error_count) as error_count,
    periods.cumulative_error_count,
    coalesce(periods.anomalies_since, periods.cumulative_anomaly_count) as anomaly_count,
    periods.cumulative_anomaly_count,
    {{ brewhouse_utils.ratio(
        'periods.service_seconds_so_far', '(3600 * periods.failures_so_far)', 2
    ) }} as mtbf_hours,
    row_number() {{ by_device }} as event_sequence,
    row_number() {{ by_category }} as category_sequence,
    {{ brewhouse_utils.ratio(
        brewhouse_utils.seconds_between('periods.previous_change_at', 'periods.valid_from'), 3600, 2
    ) }} as hours_since_last_event,
    {{ brewhouse_utils.ratio(
        brewhouse_utils.seconds_between(
            'lag(periods.valid_from) ' ~ by_category, 'periods.valid_from'
        ), 3600, 2
    ) }} as hours_since_last_category_event,
    coalesce(
        periods.change_reason = 'failed'
        and periods.valid_from <= {{ brewhouse_utils.shift(
            'periods.previous_failure_at', var('rapid_failure_days'), 'days'
        ) }},
        false
    ) as rapid_failure_flag,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from periods
inner join stg_app_database__devices
    on periods.device_id = stg_app_database__devices.device_id
