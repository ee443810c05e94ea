with

fact_accounts__daily_status as (
    select * from {{ ref('fact_accounts__daily_status') }}
    where billing_cycle = 'annual' and paid_from is not null
),

years as (
    {{ brewhouse_utils.numbers(2) }}
),

-- A contract by the year ends on its anniversary, and if it is not left the next year begins.
anniversaries as (
    select
        fact_accounts__daily_status.account_id,
        fact_accounts__daily_status.changed_on,
        fact_accounts__daily_status.next_changed_on,
        cast(fact_accounts__daily_status.paid_from + years.n * interval '1 year' as date)
            as contract_begins_on,
        cast(fact_accounts__daily_status.paid_from + (years.n + 1) * interval '1 year' as date)
            as contract_ends_on
    from fact_accounts__daily_status
    cross join years
)

select
    account_id,
    contract_begins_on,
    contract_ends_on
from anniversaries
where
    contract_begins_on >= changed_on
    and contract_begins_on < coalesce(next_changed_on, contract_begins_on + 1)
    and contract_begins_on <= cast({{ brewhouse_utils.as_of() }} as date)
