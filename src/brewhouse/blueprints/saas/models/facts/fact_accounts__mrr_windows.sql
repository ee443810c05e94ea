with

fact_accounts__mrr as (
    select * from {{ ref('fact_accounts__mrr') }}
),

fact_accounts__daily_status as (
    select * from {{ ref('fact_accounts__daily_status') }}
),

-- From its first day on an account pays nothing, until it pays something.
steps as (
    select
        account_id,
        min(changed_on) as changed_on,
        0 as mrr_change
    from fact_accounts__daily_status
    group by account_id
    union all
    select
        account_id,
        changed_on,
        mrr_change
    from fact_accounts__mrr
),

daily_steps as (
    select
        account_id,
        changed_on,
        sum(mrr_change) as mrr_step
    from steps
    group by account_id, changed_on
),

stretches as (
    select
        account_id,
        changed_on as valid_from,
        lead(changed_on) over (partition by account_id order by changed_on) as valid_to,
        sum(mrr_step) over (partition by account_id order by changed_on) as mrr
    from daily_steps
),

-- Days on which an amount comes into the last thirty days, is left alone in them, or leaves them.
turning_days as (
    {%- for days in [0, 29, 30] %}
    {{ 'union' if not loop.first }}
    select
        account_id,
        valid_from + {{ days }} as changed_on
    from stretches
    {%- endfor %}
),

overlapping as (
    select
        turning_days.account_id,
        turning_days.changed_on,
        stretches.mrr,
        coalesce(stretches.valid_to > turning_days.changed_on, true) as is_last,
        stretches.valid_from <= turning_days.changed_on - 30 as is_before,
        least(
            coalesce(stretches.valid_to, turning_days.changed_on + 1), turning_days.changed_on + 1
        )
        - greatest(stretches.valid_from, turning_days.changed_on - 29) as days_held
    from turning_days
    inner join stretches
        on
            turning_days.account_id = stretches.account_id
            and turning_days.changed_on >= stretches.valid_from
            and (turning_days.changed_on - 30 < stretches.valid_to or stretches.valid_to is null)
    where turning_days.changed_on <= cast({{ brewhouse_utils.as_of() }} as date)
)

select
    account_id,
    changed_on,
    cast(max(case when is_last then mrr end) as decimal(18, 2)) as mrr,
    cast(coalesce(max(case when is_before then mrr end), 0) as decimal(18, 2)) as mrr_30d_ago,
    cast(sum(mrr * days_held) as decimal(18, 2)) as mrr_sum_30d,
    cast(sum(mrr * mrr * days_held) as decimal(28, 4)) as mrr_squares_30d,
    cast(sum(days_held) as bigint) as mrr_days_30d,
    cast(max(case when days_held > 0 then mrr end) as decimal(18, 2)) as max_mrr_30d,
    cast(min(case when days_held > 0 then mrr end) as decimal(18, 2)) as min_mrr_30d
from overlapping
group by account_id, changed_on
