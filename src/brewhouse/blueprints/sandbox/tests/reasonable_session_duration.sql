with

int_event_sessions as (
    select * from {{ ref('int_event_sessions') }}
),

unreasonable_sessions as (
    select * from int_event_sessions
    where session_duration_minutes > {{ var('max_session_duration_hours') }} * 60
)

select * from unreasonable_sessions
