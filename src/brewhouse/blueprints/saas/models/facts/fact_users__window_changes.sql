{{ config(materialized='view') }}

{%- set daily = ['sessions', 'session_seconds', 'active_days', 'page_views'] -%}
{%- set distinct_things = ['features', 'feature_categories'] -%}
{%- set none_known = 'cast(null as date)' -%}
{%- set measures = daily + distinct_things + ['features_ever', 'terms'] -%}
with

fact_users__daily as (
    select
        *,
        1 as active_days
    from {{ ref('fact_users__daily') }}
),

fact_users__feature_stretches as (
    select * from {{ ref('fact_users__feature_stretches') }}
),

-- What happened on a day enters the window on it and leaves it thirty days later.
changes as (
    {% for sign, days in [(1, 0), (-1, 30)] -%}
    select
        user_id,
        activity_date + {{ days }} as changed_on,
        {%- for measure in measures %}
        {{ sign ~ ' * ' ~ measure if measure in daily else 0 }} as {{ measure }},
        {%- endfor %}
        {{ 'case when sessions > 0 then activity_date end' if sign == 1 else none_known }}
            as last_login_on,
        {{ 'activity_date' if sign == 1 else none_known }} as last_activity_on,
        {{ none_known }} as last_week_of_life
    from fact_users__daily
    union all
    {% for measure in distinct_things -%}
    select
        user_id,
        {{ 'valid_from' if sign == 1 else 'valid_to' }} as changed_on,
        {%- for other in measures %}
        {{ sign if other == measure else 0 }} as {{ other }},
        {%- endfor %}
        {{ none_known }} as last_login_on,
        {{ none_known }} as last_activity_on,
        {{ none_known }} as last_week_of_life
    from fact_users__feature_stretches
    where kind = '{{ measure }}'
    union all
    {% endfor -%}
    select
        user_id,
        {{ 'valid_from' if sign == 1 else 'valid_to' }} as changed_on,
        {%- for measure in measures %}
        {{ sign if measure == 'terms' else 0 }} as {{ measure }},
        {%- endfor %}
        {{ none_known }} as last_login_on,
        {{ none_known }} as last_activity_on,
        {{ none_known }} as last_week_of_life
    from {{ ref('fact_users__service_terms') }}
    union all
    {% endfor -%}
    select
        user_id,
        first_used_on as changed_on,
        {%- for measure in measures %}
        {{ 1 if measure == 'features_ever' else 0 }} as {{ measure }},
        {%- endfor %}
        {{ none_known }} as last_login_on,
        {{ none_known }} as last_activity_on,
        {{ none_known }} as last_week_of_life
    from {{ ref('fact_features__adoptions') }}
    union all
    -- Each life has its first week, whether something happens in it or not.
    select
        user_id,
        first_week as changed_on,
        {%- for measure in measures %}
        0 as {{ measure }},
        {%- endfor %}
        {{ none_known }} as last_login_on,
        {{ none_known }} as last_activity_on,
        last_week as last_week_of_life
    from {{ ref('fact_users__lives') }}
)

select
    user_id,
    {{ brewhouse_utils.week_start('changed_on') }} as week_start_date,
    {%- for measure in measures %}
    cast(sum({{ measure }}) as integer) as {{ measure }}_change,
    {%- endfor %}
    max(last_login_on) as last_login_on,
    max(last_activity_on) as last_activity_on,
    max(last_week_of_life) as last_week_of_life
from changes
where changed_on <= cast({{ brewhouse_utils.as_of() }} as date)
group by user_id, {{ brewhouse_utils.week_start('changed_on') }}
