{% materialization dynamic_table, adapter='duckdb' %}
    {{- return({'relations': brewhouse_utils.keep_dynamic_table()}) -}}
{% endmaterialization %}


{% materialization dynamic_table, adapter='postgres' %}
    {{- return({'relations': brewhouse_utils.keep_dynamic_table()}) -}}
{% endmaterialization %}


{% macro keep_dynamic_table() %}
    {#- What dbt does: put the declaration on record, and fill a table that is new or whose query or columns of the
        key have changed. All else is done by `brewhouse refresh`, as Snowflake would do it by itself. -#}
    {%- set declared = brewhouse_utils.dynamic_declaration() -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- set known = brewhouse_utils.known_declaration() -%}
    {%- set changed = existing is none or should_full_refresh() or known is none
        or known[0] != declared.query or known[1] != declared.key_columns -%}
    {%- set reconfigured = known is not none and not changed and known[2:] != [
        declared.target_lag, declared.refresh_mode, declared.scheduler
    ] -%}
    {%- set how = config.get('on_configuration_change', 'apply') -%}

    {%- if reconfigured and how == 'fail' -%}
        {%- do exceptions.raise_compiler_error(
            this.identifier ~ ': its configuration changed and on_configuration_change is fail'
        ) -%}
    {%- endif -%}
    {%- if existing is not none and not existing.is_table -%}
        {%- do adapter.drop_relation(existing) -%}
        {%- set existing = none -%}
    {%- endif -%}
    {%- set waits = declared.initialize == 'ON_SCHEDULE' and existing is none -%}
    {%- if changed or declared.scheduler == 'DISABLE' -%}
        {%- call statement('main') -%}
            {{ brewhouse_utils.fill_dynamic_table(target_relation, declared.query, existing, empty=waits) }}
        {%- endcall -%}
        {%- do brewhouse_utils.declare_dynamic_table(declared, filled=true) -%}
    {%- else -%}
        {%- call noop_statement('main', 'DYNAMIC TABLE, left to its refreshes') -%}
            select 1 as kept
        {%- endcall -%}
        {%- if reconfigured and how == 'apply' -%}
            {%- do brewhouse_utils.declare_dynamic_table(declared, filled=false) -%}
        {%- endif -%}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{- return([target_relation]) -}}
{% endmacro %}


{% macro dynamic_declaration() %}
    {#- The configuration by the names that dbt-snowflake gives it; `meta.key` is ours. -#}
    {%- set lag = config.get('target_lag') or '' -%}
    {%- set key = config.get('meta', {}).get('key', []) -%}
    {{- return({
        'query': sql | replace('__next"."', '"."'),
        'key_columns': tojson([key] if key is string else key),
        'target_lag': lag,
        'refresh_mode': config.get('refresh_mode', 'AUTO') | upper,
        'initialize': config.get('initialize', 'ON_CREATE') | upper,
        'scheduler': (config.get('scheduler') or ('ENABLE' if lag else 'DISABLE')) | upper,
    }) -}}
{% endmacro %}


{% macro known_declaration() %}
    {#- Query, key, lag, mode and scheduler on record, or none: in the letter of the last run that nobody has read yet,
        or in the engine's own record. -#}
    {%- set columns = 'query, key_columns, target_lag, refresh_mode, scheduler' -%}
    {%- set letter = brewhouse_utils.dynamic_letter() -%}
    {%- if adapter.get_relation(letter.database, letter.schema, letter.identifier) is not none -%}
        {%- set found = run_query('select ' ~ columns ~ ' from ' ~ letter) -%}
    {%- elif adapter.get_relation(this.database, 'brewhouse_dynamic', 'tables') is not none -%}
        {%- set found = run_query(
            'select ' ~ columns ~ ' from brewhouse_dynamic.tables where schema_name = ' ~ dbt.string_literal(this.schema)
            ~ ' and table_name = ' ~ dbt.string_literal(this.identifier)
        ) -%}
    {%- endif -%}
    {{- return(found.rows[0].values() | list if found and found.rows | length else none) -}}
{% endmacro %}


{% macro dynamic_letter() -%}
    {#- Where the declaration is left for the engine. A table for each model: two models at once, each making the same
        schema or table, would be in each other's way. -#}
    {{- return(this.incorporate(path={'identifier': this.identifier ~ '__declared'}, type='table')) -}}
{%- endmacro %}


{% macro declare_dynamic_table(declared, filled) %}
    {%- set letter = brewhouse_utils.dynamic_letter() -%}
    {%- set columns = [] -%}
    {%- for name, value in declared.items() -%}
        {%- do columns.append('cast(' ~ dbt.string_literal(value | replace("'", "''")) ~ ' as text) as ' ~ name) -%}
    {%- endfor -%}
    {%- if not this.schema.endswith('__empty') -%}
        {%- do run_query('drop table if exists ' ~ letter) -%}
        {%- do run_query(
            'create table ' ~ letter ~ ' as select ' ~ columns | join(', ') ~ ', ' ~ filled ~ ' as is_filled'
        ) -%}
    {%- endif -%}
{% endmacro %}


{% macro fill_dynamic_table(relation, query, existing, empty=false) %}
    {{- return(adapter.dispatch('fill_dynamic_table', 'brewhouse_utils')(relation, query, existing, empty)) -}}
{% endmacro %}

{% macro default__fill_dynamic_table(relation, query, existing, empty) -%}
    create or replace table {{ relation }} as select * from (
        {{ query }}
    ) as filled{{ ' limit 0' if empty }}
{%- endmacro %}

{% macro postgres__fill_dynamic_table(relation, query, existing, empty) -%}
    {% if existing is not none %}drop table if exists {{ relation }} cascade;{% endif %}
    create table {{ relation }} as select * from (
        {{ query }}
    ) as filled{{ ' limit 0' if empty }}
{%- endmacro %}
