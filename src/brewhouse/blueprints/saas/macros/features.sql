{#- Rules about features, each over the columns that it names, so that the atomic and the monthly table agree. -#}

{% macro feature_value_score() -%}
    {#- account_adoption_rate, stickiness_rate, revenue_reach: rates of 0 to 1, unknown where nobody may use it. -#}
    {%- set weights = var('feature_value_weights') -%}
    cast(round(
        {{ weights.adoption }} * coalesce(account_adoption_rate, 0)
        + {{ weights.stickiness }} * coalesce(stickiness_rate, 0)
        + {{ weights.revenue }} * coalesce(revenue_reach, 0), 2
    ) as decimal(18, 2))
{%- endmacro %}


{% macro feature_adoption_stage() -%}
    {{ brewhouse_utils.banded(
        'coalesce(account_adoption_rate, 0)', var('feature_adoption_stage_floors')
    ) }}
{%- endmacro %}


{% macro feature_engagement_level() -%}
    {#- uses_30d, users_30d -#}
    case
        when users_30d = 0 then 'none'
        {%- for label, floor in var('feature_engagement_floors').items() %}
        when uses_30d >= {{ floor }} * users_30d then '{{ label }}'
        {%- endfor %}
    end
{%- endmacro %}


{% macro feature_maturity() -%}
    {#- feature_age_days -#}
    case
        when feature_age_days is null then 'unused'
        else {{ brewhouse_utils.banded('feature_age_days', var('feature_maturity_floors')) }}
    end
{%- endmacro %}


{% macro feature_momentum() -%}
    {#- usage_events_30d, usage_events_30d_before -#}
    case
        when usage_events_30d = 0 and usage_events_30d_before = 0 then 'none'
        when usage_events_30d >= {{ var('feature_momentum').rising }} * usage_events_30d_before
            then 'rising'
        when usage_events_30d <= {{ var('feature_momentum').falling }} * usage_events_30d_before
            then 'falling'
        else 'steady'
    end
{%- endmacro %}


{% macro feature_lifecycle_stage() -%}
    {#- feature_age_days, usage_events_30d, usage_events_30d_before -#}
    case
        when feature_age_days is null then 'unused'
        when feature_age_days < {{ var('feature_maturity_floors').developing }} then 'launch'
        when usage_events_30d = 0 then 'dormant'
        else case {{ feature_momentum() }}
            when 'rising' then 'growth'
            when 'falling' then 'decline'
            else 'mature'
        end
    end
{%- endmacro %}


{% macro feature_roadmap_recommendation() -%}
    {#- account_adoption_rate, stickiness_rate -#}
    {%- set is_wide = 'coalesce(account_adoption_rate, 0) >= ' ~ var('feature_roadmap').adoption -%}
    {%- set is_sticky = 'coalesce(stickiness_rate, 0) >= ' ~ var('feature_roadmap').stickiness -%}
    case
        when {{ is_wide }} and {{ is_sticky }} then 'invest'
        when {{ is_sticky }} then 'promote'
        when {{ is_wide }} then 'improve'
        else 'review'
    end
{%- endmacro %}


{% macro feature_market_fit() -%}
    {#- PLAN_adoption_rate for each plan, null for those that lack the feature. The smallest plan decides. -#}
    case
        {%- for plan in var('plans') %}
        when {{ plan }}_adoption_rate >= {{ var('feature_roadmap').adoption }} then '{{ plan }}'
        {%- endfor %}
        else 'none'
    end
{%- endmacro %}


{% macro feature_states() -%}
    {#- Everything of a feature that has a history. -#}
    {{ feature_adoption_stage() }} as adoption_stage,
    {{ brewhouse_utils.banded('feature_value_score', var('feature_importance_floors')) }}
        as strategic_importance,
    {{ feature_market_fit() }} as market_fit_segment,
    {{ feature_engagement_level() }} as engagement_level,
    {{ brewhouse_utils.banded('active_days_30d', var('feature_frequency_floors')) }} as usage_frequency,
    {{ feature_maturity() }} as feature_maturity,
    {{ feature_momentum() }} as feature_momentum,
    {{ feature_lifecycle_stage() }} as lifecycle_stage,
    {{ feature_roadmap_recommendation() }} as roadmap_recommendation
{%- endmacro %}
