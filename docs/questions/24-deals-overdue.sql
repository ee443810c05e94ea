-- Which open deals should have been closed by now?
-- asked by: sales
-- holds: bool_and(close_timeline = 'overdue') and bool_and(pipeline_stage not in ('won', 'lost')) and min(days_overdue) >= 0 and bool_and(weighted_usd < amount_usd)
with

deals as (
    select
        *,
        max(cast(deal_created_at as date)) over () as last_day
    from mart.mart_sales__pipeline
)

select
    hubspot_deal_id,
    deal_name,
    sales_owner_name,
    pipeline_stage,
    close_timeline,
    expected_close_date,
    last_day - expected_close_date as days_overdue,
    deal_amount as amount_usd,
    weighted_amount as weighted_usd,
    days_since_last_engagement
from deals
where is_open and close_timeline = 'overdue'
order by deal_amount desc, hubspot_deal_id
limit 50
