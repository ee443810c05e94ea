{%- set today = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}

with

fact_locations__service as (
    select * from {{ ref('fact_locations__service') }}
),

fact_devices__service as (
    select * from {{ ref('fact_devices__service') }}
),

fact_devices__downtimes as (
    select * from {{ ref('fact_devices__downtimes') }}
),

-- Devices in service times the time since a fixed moment, less what each of them was not there for,
-- is the time that they were in service together.
steps as (
    {% for edge, sign in {'started_at': 1, 'ended_at': -1}.items() -%}
    {{ 'union all' if not loop.first }}
    select
        location_id,
        cast({{ edge }} as date) as changed_on,
        {{ sign }} as open_stretches,
        0 as devices,
        0 as started_seconds,
        0 as down_devices
    from fact_locations__service
    where {{ edge }} is not null
    union all
    select
        location_id,
        cast({{ edge }} as date) as changed_on,
        0 as open_stretches,
        {{ sign }} as devices,
        {{ sign }} * {{ epoch_seconds(edge) }} as started_seconds,
        0 as down_devices
    from fact_devices__service
    where {{ edge }} is not null
    {% endfor -%}
    {% for edge, sign in {'failed_at': 1, 'ended_at': -1}.items() -%}
    union all
    select
        location_id,
        cast({{ edge }} as date) as changed_on,
        0 as open_stretches,
        0 as devices,
        0 as started_seconds,
        {{ sign }} as down_devices
    from fact_devices__downtimes
    where {{ edge }} is not null
    {% endfor %}
),

stands as (
    select
        location_id,
        changed_on,
        open_stretches,
        devices,
        started_seconds,
        0 as devices_30d_ago,
        0 as started_seconds_30d_ago,
        down_devices
    from steps
    union all
    select
        location_id,
        changed_on + 30 as changed_on,
        0 as open_stretches,
        0 as devices,
        0 as started_seconds,
        devices as devices_30d_ago,
        started_seconds as started_seconds_30d_ago,
        0 as down_devices
    from steps
    where devices <> 0 and changed_on + 30 <= {{ today }}
)

select
    location_id,
    changed_on,
    {{ typed_sums_of(location_stand_columns()) }}
from stands
group by location_id, changed_on
