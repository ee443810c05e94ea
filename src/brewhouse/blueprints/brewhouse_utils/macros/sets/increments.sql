{% macro rows_to_judge(raw, raw_key, key, parent=none, parents=none) -%}
    {#- A full refresh judges all raw rows. An increment judges those of loads that changed, all copies of
        their keys (another copy may win now), and rows whose parent came or went. -#}
    {%- if is_incremental() -%}
        with

        changed_loads as (
            {{ brewhouse_utils.changed_loads(raw) }}
        ),

        affected_keys as (
            select {{ raw_key }} as affected_key
            from {{ raw }} as raw_rows
            {{ brewhouse_utils.join_changed_loads('raw_rows') }}
            union
            select own_rows.{{ key }} as affected_key
            from {{ this }} as own_rows
            {{ brewhouse_utils.join_changed_loads('own_rows') }}
            {%- if parent %}
            union
            select own_rows.{{ key }} as affected_key
            from {{ this }} as own_rows
            left join {{ parents }} as parents on own_rows.{{ parent }} = parents.{{ parent }}
            where
                own_rows.data_quality_flag in ('valid', 'duplicate')
                and parents.{{ parent }} is null
                or own_rows.data_quality_flag = 'unknown_parent'
                and parents.{{ parent }} is not null
            {%- endif %}
        ),

        -- Found by few columns; only then are whole rows read.
        identities as (
            select
                raw_rows._source_file,
                raw_rows._source_row
            from {{ raw }} as raw_rows
            inner join affected_keys on {{ raw_key }} = affected_keys.affected_key
            union all
            select
                raw_rows._source_file,
                raw_rows._source_row
            from {{ raw }} as raw_rows
            {{ brewhouse_utils.join_changed_loads('raw_rows') }}
            where {{ raw_key }} is null
        )

        select raw_rows.*
        from {{ raw }} as raw_rows
        inner join identities
            on
                raw_rows._source_file = identities._source_file
                and raw_rows._source_row = identities._source_row
    {%- else -%}
        select * from {{ raw }}
    {%- endif -%}
{%- endmacro %}


{% macro changed_loads(raw) -%}
    {#- A load writes the rows of a file once; later ones may only take some away. So as many rows
        as before are the same rows. -#}
    select
        _source_file,
        coalesce(_dlt_load_id, '') as load_id
    from (
        select _source_file, _dlt_load_id, count(*) as row_count
        from {{ raw }}
        group by _source_file, _dlt_load_id
        union all
        select _source_file, _dlt_load_id, -count(*) as row_count
        from {{ this }}
        group by _source_file, _dlt_load_id
    ) as row_counts
    group by _source_file, coalesce(_dlt_load_id, '')
    having sum(row_count) <> 0
{%- endmacro %}


{% macro join_changed_loads(rows) -%}
    inner join changed_loads
        on
            {{ rows }}._source_file = changed_loads._source_file
            and coalesce({{ rows }}._dlt_load_id, '') = changed_loads.load_id
{%- endmacro %}


{% macro forget_gone_rows(raw) -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where (_source_file, _source_row) in (
            with

            changed_loads as (
                {{ brewhouse_utils.changed_loads(raw) }}
            )

            select
                own_rows._source_file,
                own_rows._source_row
            from {{ this }} as own_rows
            {{ brewhouse_utils.join_changed_loads('own_rows') }}
            left join {{ raw }} as raw_rows
                on
                    own_rows._source_file = raw_rows._source_file
                    and own_rows._source_row = raw_rows._source_row
                    and changed_loads.load_id = coalesce(raw_rows._dlt_load_id, '')
            where raw_rows._source_row is null
        )
    {%- endif -%}
{%- endmacro %}
