{%- set kinds = var('monitoring_alerts') -%}

with

fact_devices__alerts as (
    select * from {{ ref('fact_devices__alerts') }}
),

-- What is said of each alert: 'low_pressure 2 times since 2026-06-28'.
worded as (
    select
        *,
        alert_kind
        || case
            when occurrences is not null
                then ' ' || cast(occurrences as {{ dbt.type_string() }})
                    || case when occurrences = 1 then ' time' else ' times' end
            else ''
        end
        || ' since ' || cast(cast(standing_since as date) as {{ dbt.type_string() }}) as reason
    from fact_devices__alerts
),

summed as (
    select
        device_id,
        count(*) as alert_count,
        min(alert_rank) as worst_rank,
        {%- for kind in kinds %}
        {%- set is_kind = "alert_kind = '" ~ kind ~ "'" %}
        max(case when {{ is_kind }} then alert_kind end) as {{ kind }},
        max(case when {{ is_kind }} then reason end) as {{ kind }}_reason,
        max(case when {{ is_kind }} then '{{ kinds[kind].action }}' end) as {{ kind }}_action,
        {%- endfor %}
        min(standing_since) as first_standing_since
    from worded
    group by device_id
),

worst as (
    select
        summed.*,
        fact_devices__alerts.alert_kind as primary_alert,
        fact_devices__alerts.severity as primary_severity,
        fact_devices__alerts.standing_since as primary_alert_since,
        fact_devices__alerts.standing_days as primary_alert_days
    from summed
    inner join fact_devices__alerts
        on
            summed.device_id = fact_devices__alerts.device_id
            and summed.worst_rank = fact_devices__alerts.alert_rank
)

select
    device_id,
    alert_count,
    worst_rank,
    primary_alert,
    primary_severity,
    primary_alert_since,
    primary_alert_days,
    first_standing_since,
    out_of_range is not null as is_out_of_range,
    {{ brewhouse_utils.joined_text(kinds | list) }} as alert_kinds,
    {{ brewhouse_utils.joined_text(alert_columns('reason'), '; ') }} as reasons,
    {{ brewhouse_utils.joined_text(alert_columns('action'), '. ') }} as actions
from worst
