{% macro rfm_score(value, measure, most_is_best=true) -%}
    {#- 1 to 5, 5 is best. Quintiles: by how many others come before, so that customers who are alike score alike. -#}
    {%- if var('rfm_method') == 'bands' -%}
        case
            {%- for score, limit in var('rfm_bands')[measure].items() %}
            when {{ value }} {{ '>=' if most_is_best else '<=' }} {{ limit }} then {{ score }}
            {%- endfor %}
            else 1
        end
    {%- else -%}
        {%- set rank = 'rank() over (order by ' ~ value ~ ('' if most_is_best else ' desc') ~ ')' -%}
        case
            {%- for fifth in [4, 3, 2, 1] %}
            when 5 * ({{ rank }} - 1) >= {{ fifth }} * count(*) over () then {{ fifth + 1 }}
            {%- endfor %}
            else 1
        end
    {%- endif -%}
{%- endmacro %}


{% macro customer_status(days_since_last_order) -%}
    case
        when {{ days_since_last_order }} is null then 'never_purchased'
        when {{ days_since_last_order }} <= {{ var('active_customer_days') }} then 'active'
        when {{ days_since_last_order }} <= {{ churned_after_days() }} then 'at_risk'
        else 'churned'
    end
{%- endmacro %}


{% macro churned_after_days() -%}
    {{ 2 * var('active_customer_days') }}
{%- endmacro %}


{% macro segment_conditions() -%}
    {#- Disjoint, and together they cover all: a status each, within it recency and value, within one cell age. -#}
    {%- set value = '(frequency_score + monetary_score)' -%}
    {%- set floors = var('value_score_floors') -%}
    {%- set high, low = value ~ ' >= ' ~ floors.high, value ~ ' < ' ~ floors.middle -%}
    {%- set middle = value ~ ' >= ' ~ floors.middle ~ ' and ' ~ value ~ ' < ' ~ floors.high -%}
    {%- set fresh = 'recency_score >= ' ~ var('fresh_recency_score') -%}
    {%- set settled = 'recency_score < ' ~ var('fresh_recency_score') -%}
    {%- set is_new = 'days_since_first_order <= ' ~ var('new_customer_days') -%}
    {%- set not_new = 'days_since_first_order > ' ~ var('new_customer_days') -%}
    {%- set conditions = {
        'champions': [fresh, high],
        'loyal_customers': [settled, high],
        'potential_loyalists': [fresh, middle],
        'new_customers': [fresh, low, is_new],
        'promising': [fresh, low, not_new],
        'needs_attention': [settled, value ~ ' < ' ~ floors.high],
        'at_risk': [value ~ ' >= ' ~ floors.middle],
        'hibernating': [low],
        'cant_lose_them': [high],
        'lost': [value ~ ' < ' ~ floors.high],
        'never_purchased': [],
    } -%}
    {%- set found = {} -%}
    {%- for segment, terms in var('behavioral_segments').items() -%}
        {%- set status = "customer_status = '" ~ terms.status ~ "'" -%}
        {%- do found.update({segment: ([status] + conditions[segment]) | join(' and ')}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{% macro of_segment(segment, what) -%}
    {#- What the variable behavioral_segments says of each segment. -#}
    case {{ segment }}
        {%- for name, terms in var('behavioral_segments').items() %}
        when '{{ name }}' then {{ terms[what] if terms[what] is number else "'" ~ terms[what] ~ "'" }}
        {%- endfor %}
    end
{%- endmacro %}
