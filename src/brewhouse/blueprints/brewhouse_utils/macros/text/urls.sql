{% macro url_without_query(url) %}
    {{- return(adapter.dispatch('url_without_query', 'brewhouse_utils')(url)) -}}
{% endmacro %}

{% macro default__url_without_query(url) -%}
    split_part(split_part({{ url }}, '?', 1), '#', 1)
{%- endmacro %}


{% macro url_path(url) %}
    {{- return(adapter.dispatch('url_path', 'brewhouse_utils')(url)) -}}
{% endmacro %}

{% macro default__url_path(url) -%}
    {%- set address = brewhouse_utils.url_without_query(url) -%}
    {%- set after_scheme = "split_part(" ~ address ~ ", '://', 2)" -%}
    case
        when {{ address }} = '' then '/'
        when {{ address }} not like '%://%' then {{ address }}
        when {{ after_scheme }} not like '%/%' then '/'
        else substr({{ after_scheme }}, strpos({{ after_scheme }}, '/'))
    end
{%- endmacro %}

{% macro duckdb__url_path(url) -%}
    case
        when {{ url }} is not null then coalesce(
            nullif(regexp_extract({{ url }}, '^(?:[A-Za-z]+://[^/?#]*)?([^?#]*)', 1), ''), '/'
        )
    end
{%- endmacro %}

{% macro postgres__url_path(url) -%}
    case
        when {{ url }} is not null then coalesce(
            nullif(substring({{ url }} from '^(?:[A-Za-z]+://[^/?#]*)?([^?#]*)'), ''), '/'
        )
    end
{%- endmacro %}


{% macro url_host(url) %}
    {{- return(adapter.dispatch('url_host', 'brewhouse_utils')(url)) -}}
{% endmacro %}

{% macro default__url_host(url) -%}
    {%- set address = brewhouse_utils.url_without_query(url) -%}
    nullif(lower(split_part(split_part({{ address }}, '://', 2), '/', 1)), '')
{%- endmacro %}

{% macro duckdb__url_host(url) -%}
    nullif(lower(regexp_extract({{ url }}, '^[A-Za-z]+://([^/?#]+)', 1)), '')
{%- endmacro %}

{% macro postgres__url_host(url) -%}
    nullif(lower(substring({{ url }} from '^[A-Za-z]+://([^/?#]+)')), '')
{%- endmacro %}


{% macro site_of(host) %}
    {{- return(adapter.dispatch('site_of', 'brewhouse_utils')(host)) -}}
{% endmacro %}

{% macro default__site_of(host) -%}
    {#- www.google.com and google.com are one site; google.co.uk is google as well. -#}
    split_part(regexp_replace({{ host }}, '^(www|m)[.]', ''), '.', 1)
{%- endmacro %}


{% macro path_depth(path) %}
    {{- return(adapter.dispatch('path_depth', 'brewhouse_utils')(path)) -}}
{% endmacro %}

{% macro default__path_depth(path) -%}
    {#- Slashes, but for one at the end: `/devices/12/` has two. -#}
    cast(
        length(rtrim({{ path }}, '/')) - length(replace(rtrim({{ path }}, '/'), '/', '')) as bigint
    )
{%- endmacro %}
