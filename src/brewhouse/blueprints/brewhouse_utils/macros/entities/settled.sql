{% macro reopen(since, until=none, grain=none, key=none, again=none) -%}
    {#- Pre-hook: what ended too shortly before the last row to be final is deleted, and will be computed anew;
        and all of the keys of which the past is told anew. -#}
    {%- if is_incremental() -%}
        {%- set limit -%}
            (
                select {{ brewhouse_utils.shift('max(' ~ since ~ ')', -var('settled_after_days', 7), 'day') }}
                from {{ this }}
            )
        {%- endset -%}
        delete from {{ this }}
        where
            {{ until or brewhouse_utils.shift(since, 1, grain) }} > {{ limit }}
            {%- if again %}
            or {{ key }} in (select {{ key }} from {{ again }} where changed_on > {{ limit }})
            {%- endif %}
    {%- endif -%}
{%- endmacro %}


{% macro settled(column, days_before=0) -%}
    {#- Whatever the table still holds after reopen is settled; that may be nothing. -#}
    {%- set last = 'coalesce(max(' ~ column ~ "), cast('1900-01-01' as date))" -%}
    (
        select {{ brewhouse_utils.shift(last, -days_before, 'day') if days_before else last }}
        from {{ this }}
    )
{%- endmacro %}


{% macro after_settled(period, column=none, key=none, again=none) -%}
    {%- if is_incremental() -%}
        (
            {{ period }} > {{ brewhouse_utils.settled(column or period) }}
            {%- if again %}
            or {{ brewhouse_utils.told_anew(key, again) }}
            {%- endif %}
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{% macro told_anew(key, again) -%}
    {#- Of those keys reopen left nothing. -#}
    {%- set column = key.split('.')[-1] -%}
    {{ key }} in (
        select changed_keys.{{ column }}
        from {{ again }} as changed_keys
        where not exists (
            select 1 from {{ this }} as kept where kept.{{ column }} = changed_keys.{{ column }}
        )
    )
{%- endmacro %}


{% macro rows_to_add(relation, period, column=none, key=none, again=none, days_before=0) -%}
    {#- Two selects instead of an "or": each of them reads only the part of the relation that it needs. -#}
    select * from {{ relation }}
    {%- if is_incremental() %}
    where {{ period }} > {{ brewhouse_utils.settled(column or period, days_before) }}
    {%- if again %}
    union all
    select * from {{ relation }}
    where
        {{ period }} <= {{ brewhouse_utils.settled(column or period, days_before) }}
        and {{ brewhouse_utils.told_anew(key, again) }}
    {%- endif %}
    {%- endif %}
{%- endmacro %}


{% macro update_attributes(now, key, columns) -%}
    {#- Post-hook: attributes without a date are in all rows what they are today. -#}
    {%- if is_incremental() -%}
        {%- set pairs = (columns.items() if columns is mapping else zip(columns, columns)) | list -%}
        update {{ this }} as kept
        set
            {%- for column, attribute in pairs %}
            {{ column }} = today.{{ attribute }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ now }} as today
        where
            kept.{{ key }} = today.{{ key }}
            and (
                {%- for column, attribute in pairs %}
                {{ 'or ' if not loop.first }}kept.{{ column }} is distinct from today.{{ attribute }}
                {%- endfor %}
            )
    {%- endif -%}
{%- endmacro %}


{% macro changes_to_add(changes, key, moment, columns) -%}
    {#- Changes of running sums. An incremental model goes on from the last balance that its table holds: that is
        a change like others, marked is_kept, and only what came after it follows. columns: the table's by the
        changes' names. -#}
    {%- if is_incremental() -%}
        select
            {{ key }},
            {{ moment }},
            {%- for column in columns %}
            {{ column }},
            {%- endfor %}
            false as is_kept
        from (
            select {{ changes }}.*
            from {{ changes }}
            left join (
                select
                    {{ key }},
                    max(valid_to) as kept_until
                from {{ this }}
                group by {{ key }}
            ) as kept on {{ changes }}.{{ key }} = kept.{{ key }}
            where kept.kept_until is null or {{ changes }}.{{ moment }} >= kept.kept_until
        ) as later_changes
        union all
        select
            {{ key }},
            valid_from,
            {%- for column, balance in columns.items() %}
            {{ balance }} as {{ column }},
            {%- endfor %}
            true as is_kept
        from ({{ brewhouse_utils.last_rows(key, 'valid_from') }}) as kept_balances
    {%- else -%}
        select
            {{ key }},
            {{ moment }},
            {%- for column in columns %}
            {{ column }},
            {%- endfor %}
            false as is_kept
        from {{ changes }}
    {%- endif -%}
{%- endmacro %}


{% macro further_lives(lives, key, first_day, last_day, grain, period) -%}
    {#- Lives for periods; in an incremental model each begins after the last period that its table holds of it. -#}
    {%- if is_incremental() -%}
        select
            {{ lives }}.{{ key }},
            coalesce(
                cast({{ brewhouse_utils.shift('kept.last_period', 1, grain) }} as date),
                {{ lives }}.{{ first_day }}
            ) as {{ first_day }},
            {{ lives }}.{{ last_day }}
        from {{ lives }}
        left join (
            select
                {{ key }},
                max({{ period }}) as last_period
            from {{ this }}
            group by {{ key }}
        ) as kept on {{ lives }}.{{ key }} = kept.{{ key }}
    {%- else -%}
        select * from {{ lives }}
    {%- endif -%}
{%- endmacro %}


{% macro last_rows(key, period) -%}
    {#- The last row of each key that the table holds. -#}
    select kept.*
    from {{ this }} as kept
    inner join (
        select
            {{ key }},
            max({{ period }}) as last_period
        from {{ this }}
        group by {{ key }}
    ) as last_periods
        on
            kept.{{ key }} = last_periods.{{ key }}
            and kept.{{ period }} = last_periods.last_period
{%- endmacro %}
