{{ config(enabled=var('simulated')) }}

with

found as (
    select
        account_id,
        snapshot_date,
        mrr_movement,
        mrr_daily_change,
        case mrr_movement
            {%- for movement in var('mrr_movements') %}
            when '{{ movement }}' then {{ movement }}_mrr
            {%- endfor %}
        end as amount
    from {{ ref('entity_customers_daily') }}
    where mrr_movement is not null
),

moves as (
    select * from {{ source('truth', 'mrr') }}
)

select
    found.account_id as found_account_id,
    moves.account_id as true_account_id,
    found.mrr_movement as found_movement,
    moves.movement as true_movement,
    found.amount as found_amount,
    moves.mrr - moves.mrr_before as true_change
from found
full outer join moves
    on
        found.account_id = moves.account_id
        and found.snapshot_date = moves.valid_from
where
    found.account_id is null
    or moves.account_id is null
    or found.mrr_movement <> moves.movement
    or found.mrr_daily_change <> moves.mrr - moves.mrr_before
    or found.amount <> abs(moves.mrr - moves.mrr_before)
