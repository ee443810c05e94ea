{% test conserves_rows(model, raw, quarantine) %}

    with

    row_keys as (
        select _source_file, _source_row, 1 as raw_rows, 0 as kept_rows from {{ raw }}
        union all
        select _source_file, _source_row, 0 as raw_rows, 1 as kept_rows from {{ model }}
        union all
        select _source_file, _source_row, 0 as raw_rows, 1 as kept_rows from {{ quarantine }}
    ),

    accounts as (
        select
            _source_file,
            _source_row,
            sum(raw_rows) as raw_rows,
            sum(kept_rows) as kept_rows
        from row_keys
        group by _source_file, _source_row
    )

    select *
    from accounts
    where raw_rows <> 1 or kept_rows <> 1

{% endtest %}


{% test quarantine_share(model, raw, max_share, min_rows=100) %}

    {#- Of fewer raw rows than min_rows a share says nothing: one bad row would be too many. -#}

    with

    counts as (
        select
            (select count(*) from {{ model }}) as quarantined_rows,
            (select count(*) from {{ raw }}) as raw_rows
    )

    select *
    from counts
    where raw_rows >= {{ min_rows }} and quarantined_rows > {{ max_share }} * raw_rows

{% endtest %}


{% test not_empty(model) %}

    with

    counts as (
        select count(*) as row_count from {{ model }}
    )

    select *
    from counts
    where row_count = 0

{% endtest %}


{% test unique_combination(model, columns) %}

    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1

{% endtest %}
