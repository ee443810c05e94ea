{% macro device_maintenance_days(device_type) -%}
    {#- Null for a kind of device that is not in the plan. -#}
    case {{ device_type }}
        {%- for type, days in var('device_maintenance_days').items() %}
        when '{{ type }}' then {{ days }}
        {%- endfor %}
    end
{%- endmacro %}


{% macro device_maintenance_status(operational_status, due_date) -%}
    case
        when {{ operational_status }} = 'retired' then 'out_of_service'
        when {{ operational_status }} = 'maintenance' then 'in_progress'
        when {{ due_date }} < cast({{ brewhouse_utils.as_of() }} as date) then 'overdue'
        when
            {{ due_date }}
            <= cast({{ brewhouse_utils.as_of() }} as date)
            + {{ var('device_maintenance_due_soon_days') }}
            then 'due_soon'
        when {{ due_date }} is not null then 'up_to_date'
    end
{%- endmacro %}


{% macro device_activity_status(operational_status, last_event_at) -%}
    {%- set days = brewhouse_utils.date_diff_days(last_event_at, brewhouse_utils.as_of()) -%}
    case
        when {{ operational_status }} = 'retired' then 'out_of_service'
        when {{ last_event_at }} is null then 'never_seen'
        {%- for label, most in var('device_activity_days').items() %}
        when {{ days }} <= {{ most }} then '{{ label }}'
        {%- endfor %}
        else 'silent'
    end
{%- endmacro %}


{% macro device_lifecycle_stage(operational_status, age_days, lifespan_years) -%}
    {#- A year of the expected lifespan counts 365 days. -#}
    case
        when {{ operational_status }} = 'retired' then 'out_of_service'
        when {{ age_days }} < {{ var('new_device_days') }} then 'new'
        {%- for label, percent in var('device_age_floors_pct').items() %}
        when {{ age_days }} * 100 >= {{ lifespan_years }} * 365 * {{ percent }} then '{{ label }}'
        {%- endfor %}
        else 'established'
    end
{%- endmacro %}
