{% macro campaign_score(leads, won, all_leads, all_won, return, all_return) -%}
    {#- Each part gives half its points to what all campaigns together have, all of them to twice as much.
        Where cost is unknown, the part for leads counts for both. -#}
    {%- set points = var('campaign_score_points') -%}
    {%- set for_leads -%}
        least({{ brewhouse_utils.ratio(
            points.leads ~ ' * ' ~ won ~ ' * ' ~ all_leads, '(2 * ' ~ leads ~ ' * ' ~ all_won ~ ')', 2
        ) }}, {{ points.leads }})
    {%- endset -%}
    {%- set for_revenue -%}
        case
            when {{ return }} is not null and {{ all_return }} > 0
                then least({{ brewhouse_utils.ratio(
                    points.revenue ~ ' * ' ~ return ~ ' * 10000',
                    'cast(2 * ' ~ all_return ~ ' * 10000 as bigint)', 2
                ) }}, {{ points.revenue }})
        end
    {%- endset -%}
    cast(case
        when {{ leads }} >= {{ var('campaign_min_leads') }} and {{ all_won }} <> 0
            then {{ for_leads }}
            + coalesce({{ for_revenue }}, {{ for_leads }} * {{ points.revenue / points.leads }})
    end as decimal(18, 2))
{%- endmacro %}


{% macro return_on_spend(revenue, spend) -%}
    {{ brewhouse_utils.ratio(revenue ~ ' * 100', 'cast(' ~ spend ~ ' * 100 as bigint)', 4) }}
{%- endmacro %}


{% macro roi_percentage(revenue, spend) -%}
    cast(
        {{ brewhouse_utils.ratio(revenue ~ ' * 10000', 'cast(' ~ spend ~ ' * 100 as bigint)', 2) }} - 100
        as decimal(18, 2)
    )
{%- endmacro %}


{% macro campaign_stage(day, first_day, last_day) -%}
    case
        when {{ brewhouse_utils.date_diff_days(last_day, day) }} > {{ var('campaign_run_out_days') }} then 'closed'
        when {{ day }} > {{ last_day }} then 'running_out'
        when {{ brewhouse_utils.date_diff_days(first_day, day) }} < {{ var('campaign_launch_days') }} then 'launch'
        else 'running'
    end
{%- endmacro %}


{% macro campaign_recommendation(status, tier) -%}
    case
        {%- for state, advice in var('campaign_recommendations').items() %}
        when {{ status }} = '{{ state }}'
            then {{ brewhouse_utils.mapped(tier, advice, 'none') }}
        {%- endfor %}
    end
{%- endmacro %}


{% macro attribution_pattern(first_touch, last_touch) -%}
    {#- Whether a campaign rather begins journeys that are won, or ends them. -#}
    coalesce({{ brewhouse_utils.banded(
        brewhouse_utils.ratio(first_touch, 'cast(' ~ first_touch ~ ' + ' ~ last_touch ~ ' as bigint)'),
        var('attribution_pattern_floors')
    ) }}, 'none')
{%- endmacro %}


{% macro cost_per_credit(amount, credit, scale=2) -%}
    {#- A share of a conversion counts too; counted in ten thousandths it is a whole number. -#}
    {{ brewhouse_utils.ratio(amount ~ ' * 10000', 'cast(' ~ credit ~ ' * 10000 as bigint)', scale) }}
{%- endmacro %}
