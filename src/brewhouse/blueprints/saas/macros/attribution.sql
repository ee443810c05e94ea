{% macro whole_hours(seconds) -%}
    {#- Without the rest first, so that the quotient is a whole number wherever it is computed. -#}
    cast(({{ seconds }} - {{ seconds }} % 3600) / 3600 as bigint)
{%- endmacro %}


{% macro half_life_weight(hours) -%}
    {#- 10^8, halved with each half-life: whole halvings are shifts of bits, and what is left of a half-life has
        a constant for its days and one for its hours. All engines so count with the same whole numbers. -#}
    {%- set half_life = var('attribution_half_life_days') * 24 -%}
    {%- set rest = '(' ~ hours ~ ' % ' ~ half_life ~ ')' -%}
    case
        when {{ hours }} >= {{ half_life * 26 }} then 1
        else (
            (
                case
                    {%- for day in range(half_life // 24 - 1, -1, -1) %}
                    when {{ rest }} >= {{ day * 24 }}
                        then {{ (10000 * 0.5 ** (day * 24 / half_life)) | round | int }}
                    {%- endfor %}
                end
                * case {{ hours }} % 24
                    {%- for hour in range(24) %}
                    when {{ hour }} then {{ (10000 * 0.5 ** (hour / half_life)) | round | int }}
                    {%- endfor %}
                end
            ) >> cast(({{ hours }} - {{ rest }}) / {{ half_life }} as integer)
        )
    end
{%- endmacro %}


{% macro attribution_weights(touch_number, touches, hours_before_last, effect, total_effect) -%}
    {#- Of a touch among those of its lead, by model: whole numbers, of which only the proportion counts. -#}
    {%- set position = var('attribution_position_percents') -%}
    {%- set is_last = touch_number ~ ' = ' ~ touches -%}
    {{- return({
        'first_touch': 'case when ' ~ touch_number ~ ' = 1 then 1 else 0 end',
        'last_touch': 'case when ' ~ is_last ~ ' then 1 else 0 end',
        'linear': '1',
        'position_based': 'case when ' ~ touches ~ ' <= 2 then 1 when ' ~ touch_number ~ ' = 1 then '
            ~ position.first ~ ' * (' ~ touches ~ ' - 2) when ' ~ is_last ~ ' then '
            ~ position.last ~ ' * (' ~ touches ~ ' - 2) else '
            ~ (100 - position.first - position.last) ~ ' end',
        'time_decay': half_life_weight(hours_before_last),
        'data_driven': 'case when ' ~ total_effect ~ ' > 0 then ' ~ effect ~ ' else 1 end',
    }) -}}
{%- endmacro %}
