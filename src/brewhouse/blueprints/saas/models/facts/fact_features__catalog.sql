{%- set categories = brewhouse_utils.attribute_of(var('features'), 'category') -%}
{%- set plans = brewhouse_utils.attribute_of(var('features'), 'plan') -%}
{%- set tiers = brewhouse_utils.attribute_of(var('plans'), 'tier') -%}
with

-- Those of the catalogue, used or not, and those that were used without being in it.
feature_names as (
    {% for feature in var('features') -%}
    select '{{ feature }}' as feature_name
    union
    {% endfor -%}
    select feature_name from {{ ref('stg_app_database__feature_usage') }}
    where
        feature_name is not null
        and usage_timestamp <= {{ brewhouse_utils.as_of() }}
),

-- Of what is not in the catalogue, no plan is known to lack it.
with_plans as (
    select
        feature_name,
        {{ brewhouse_utils.mapped('feature_name', categories, 'other') }} as feature_category,
        {{ brewhouse_utils.mapped('feature_name', plans, var('plans') | first) }} as lowest_plan
    from feature_names
)

select
    feature_name,
    {{ brewhouse_utils.surrogate_key(['feature_name']) }} as feature_key,
    feature_category,
    lowest_plan,
    case lowest_plan
        {%- for plan, tier in tiers.items() %}
        when '{{ plan }}' then {{ tier }}
        {%- endfor %}
    end as lowest_plan_tier
from with_plans
