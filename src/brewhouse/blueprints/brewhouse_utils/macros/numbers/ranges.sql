{% macro outside(column, limits) -%}
    {{ column }} < {{ limits.min }} or {{ column }} > {{ limits.max }}
{%- endmacro %}


{% macro mean_of_capped(caps) -%}
    {#- Sums of whole numbers and one division, so that nothing is rounded twice. -#}
    {%- set product = namespace(all=1) -%}
    {%- for cap in caps.values() -%}
        {%- set product.all = product.all * cap -%}
    {%- endfor -%}
    {%- set terms = [] -%}
    {%- for column, cap in caps.items() -%}
        {%- set share = 'least(greatest(' ~ column ~ ', 0), ' ~ cap ~ ')' -%}
        {%- do terms.append(share ~ ' * ' ~ (100 * product.all // cap)) -%}
    {%- endfor -%}
    {{ brewhouse_utils.ratio('(' ~ terms | join(' + ') ~ ')', product.all * caps | length, 2) }}
{%- endmacro %}
