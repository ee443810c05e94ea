{% macro adoption_score(adopted, available, used_again, adopted_value, available_value) -%}
    {#- Breadth: share of what the plan has. Stickiness: share of it that is used again. Value: share by value. -#}
    {%- set points = var('adoption_points') -%}
    cast(
        coalesce({{ brewhouse_utils.ratio(points.breadth ~ ' * ' ~ adopted, available, 2) }}, 0)
        + coalesce({{ brewhouse_utils.ratio(
            points.stickiness ~ ' * least(' ~ used_again ~ ', ' ~ adopted ~ ')', adopted, 2
        ) }}, 0)
        + coalesce({{ brewhouse_utils.ratio(
            points.value ~ ' * 100 * ' ~ adopted_value, 'cast(100 * ' ~ available_value ~ ' as bigint)', 2
        ) }}, 0) as decimal(18, 2)
    )
{%- endmacro %}


{% macro feature_usage_pattern(features_adopted, features_used_30d) -%}
    case
        when {{ features_adopted }} = 0 then 'none'
        else {{ brewhouse_utils.banded(
            brewhouse_utils.ratio(features_used_30d, features_adopted), var('usage_pattern_floors')
        ) }}
    end
{%- endmacro %}


{% macro product_recommendation(features_adopted, features_used_30d, next_feature, next_plan_feature) -%}
    {#- First to be used at all, then again, then more of what the plan has, then a plan that has more. -#}
    case
        when {{ features_adopted }} = 0 then 'activate'
        when {{ features_used_30d }} = 0 then 'win_back'
        when {{ next_feature }} is not null then 'introduce'
        when {{ next_plan_feature }} is not null then 'upgrade'
        else 'keep'
    end
{%- endmacro %}
