-- Did the experiment raise the adoption of smart_alerts, and by how much?
-- asked by: product
-- holds: count(*) = 2 and min(effect_low_pct) > 0 and max(effect_low_pct) < 12 and max(effect_high_pct) > 12 and max(user_count) < 1.1 * min(user_count) and bool_and(abs(adoption_rate_pct - computed_rate_pct) <= 0.01)
select
    variant,
    user_count,
    observed_users,
    observed_adopters,
    cast(100.0 * observed_adoption_rate as decimal(9, 2)) as adoption_rate_pct,
    cast(100.0 * observed_adopters / nullif(observed_users, 0) as decimal(9, 2)) as computed_rate_pct,
    cast(100.0 * effect as decimal(9, 2)) as effect_pct,
    cast(100.0 * effect_low as decimal(9, 2)) as effect_low_pct,
    cast(100.0 * effect_high as decimal(9, 2)) as effect_high_pct
from facts.fact_experiments__outcomes
order by variant
