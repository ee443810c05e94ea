"""What must hold over the 30 raw tables of a clean saas company: each rule is SQL that finds what breaks it."""

from __future__ import annotations

KEYS = {
    "app_database_accounts": "id", "app_database_devices": "id", "app_database_feature_usage": "usage_id",
    "app_database_locations": "id", "app_database_page_views": "page_view_id", "app_database_subscriptions": "id",
    "app_database_tap_events": "id", "app_database_user_sessions": "session_id", "app_database_users": "id",
    "attribution_touchpoints": "id", "facebook_ads_campaigns": "id", "google_ads_campaigns": "id",
    "google_analytics_sessions": "date", "hubspot_companies": "id", "hubspot_contacts": "id", "hubspot_deals": "id",
    "hubspot_engagements": "id", "hubspot_owners": "id", "hubspot_tickets": "id", "iterable_campaigns": "id",
    "linkedin_ads_campaigns": "id", "marketing_qualified_leads": "id", "stripe_charges": "id", "stripe_customers": "id",
    "stripe_events": "id", "stripe_invoices": "id", "stripe_payment_intents": "id", "stripe_prices": "id",
    "stripe_subscription_items": "id", "stripe_subscriptions": "id",
}  # fmt: skip

CAMPAIGNS = (
    "(select id from google_ads_campaigns union all select id from facebook_ads_campaigns union all "
    "select id from linkedin_ads_campaigns union all select id from iterable_campaigns)"
)

OF_EVENTS = (
    "(select data ->> '$.object.id' as object_id, data ->> '$.object.object' as kind from stripe_events) "
    "as events"
)

PARENTS: list[tuple[str, str, str, str]] = [
    ("app_database_locations", "customer_id", "app_database_accounts", "id"),
    ("app_database_devices", "location_id", "app_database_locations", "id"),
    ("app_database_devices", "customer_id", "app_database_accounts", "id"),
    ("app_database_users", "customer_id", "app_database_accounts", "id"),
    ("app_database_subscriptions", "customer_id", "app_database_accounts", "id"),
    ("app_database_subscriptions", "stripe_subscription_id", "stripe_subscriptions", "id"),
    ("app_database_accounts", "stripe_customer_id", "stripe_customers", "id"),
    ("app_database_accounts", "hubspot_company_id", "hubspot_companies", "id"),
    ("app_database_user_sessions", "user_id", "app_database_users", "id"),
    ("app_database_user_sessions", "customer_id", "app_database_accounts", "id"),
    ("app_database_page_views", "session_id", "app_database_user_sessions", "session_id"),
    ("app_database_page_views", "user_id", "app_database_users", "id"),
    ("app_database_page_views", "customer_id", "app_database_accounts", "id"),
    ("app_database_feature_usage", "user_id", "app_database_users", "id"),
    ("app_database_feature_usage", "customer_id", "app_database_accounts", "id"),
    ("app_database_tap_events", "device_id", "app_database_devices", "id"),
    ("app_database_tap_events", "location_id", "app_database_locations", "id"),
    ("stripe_customers", "metadata ->> 'account_id'", "app_database_accounts", "id"),
    ("stripe_subscriptions", "customer", "stripe_customers", "id"),
    ("stripe_subscriptions", "metadata ->> 'app_subscription_id'", "app_database_subscriptions", "id"),
    ("stripe_subscriptions", "latest_invoice", "stripe_invoices", "id"),
    ("stripe_subscription_items", "subscription", "stripe_subscriptions", "id"),
    ("stripe_subscription_items", "price ->> 'id'", "stripe_prices", "id"),
    ("stripe_invoices", "customer", "stripe_customers", "id"),
    ("stripe_invoices", "subscription", "stripe_subscriptions", "id"),
    ("stripe_invoices", "charge", "stripe_charges", "id"),
    ("stripe_payment_intents", "customer", "stripe_customers", "id"),
    ("stripe_payment_intents", "invoice", "stripe_invoices", "id"),
    ("stripe_charges", "customer", "stripe_customers", "id"),
    ("stripe_charges", "invoice", "stripe_invoices", "id"),
    ("stripe_charges", "payment_intent", "stripe_payment_intents", "id"),
    ("hubspot_companies", "properties ->> 'account_id'", "app_database_accounts", "id"),
    ("hubspot_contacts", "properties ->> 'company_id'", "hubspot_companies", "id"),
    ("hubspot_deals", "associations ->> '$.company_ids[0]'", "hubspot_companies", "id"),
    ("hubspot_deals", "associations ->> '$.contact_ids[0]'", "hubspot_contacts", "id"),
    ("hubspot_deals", "properties ->> 'hubspot_owner_id'", "hubspot_owners", "id"),
    ("hubspot_engagements", "associations ->> '$.dealIds[0]'", "hubspot_deals", "id"),
    ("hubspot_engagements", "associations ->> '$.contactIds[0]'", "hubspot_contacts", "id"),
    ("hubspot_engagements", "associations ->> '$.companyIds[0]'", "hubspot_companies", "id"),
    ("hubspot_engagements", "engagement ->> 'ownerId'", "hubspot_owners", "id"),
    ("hubspot_tickets", "associations ->> '$.company_ids[0]'", "hubspot_companies", "id"),
    ("hubspot_tickets", "associations ->> '$.contact_ids[0]'", "hubspot_contacts", "id"),
    ("hubspot_tickets", "properties ->> 'hubspot_owner_id'", "hubspot_owners", "id"),
    ("attribution_touchpoints", "mql_id", "marketing_qualified_leads", "id"),
    ("attribution_touchpoints", "campaign_id", CAMPAIGNS, "id"),
    ("marketing_qualified_leads", "campaign_id", CAMPAIGNS, "id"),
    ("marketing_qualified_leads", "contact_id::varchar", "hubspot_contacts", "id"),
    ("marketing_qualified_leads", "account_id::varchar", "app_database_accounts", "id"),
    *[
        (f"{OF_EVENTS} where kind = '{kind}'", "object_id", f"stripe_{kind}s", "id")
        for kind in ("customer", "subscription", "invoice", "charge")
    ],
]
"""Child (perhaps with a condition), its column, parent, the parent's column."""

RULES: dict[str, str] = {
    # --- nothing happens before its cause ---------------------------------------------------------------------
    "venue after account": """
        select * from app_database_locations l join app_database_accounts a on l.customer_id = a.id
        where l.created_at < a.created_at or l.install_date < a.created_date""",
    "device after venue": """
        select * from app_database_devices d join app_database_locations l on d.location_id = l.id
        where d.created_at < l.created_at""",
    "user after account": """
        select * from app_database_users u join app_database_accounts a on u.customer_id = a.id
        where u.created_at < a.created_at""",
    "session after user": """
        select * from app_database_user_sessions s join app_database_users u on s.user_id = u.id
        where s.start_time < u.created_at or s.end_time < s.start_time""",
    "page within its session": """
        select * from app_database_page_views p join app_database_user_sessions s using (session_id)
        where p.timestamp < s.start_time or p.timestamp > s.end_time or p.user_id <> s.user_id""",
    "usage after user and release": """
        select * from app_database_feature_usage f join app_database_users u on f.user_id = u.id
        where f.timestamp < u.created_at""",
    "event after installation": """
        select * from app_database_tap_events e join app_database_devices d on e.device_id = d.id
        where e.timestamp < d.created_at or e.location_id <> d.location_id""",
    "received after it happened": """
        select timestamp from app_database_tap_events where created_at < timestamp
        union all select timestamp from app_database_page_views where created_at < timestamp
        union all select timestamp from app_database_feature_usage where created_at < timestamp
        union all select start_time from app_database_user_sessions where created_at < start_time""",
    "no use out of service": """
        select s.session_id from app_database_user_sessions s
        where not exists (
            select 1 from truth.account_months m
            where m.account_id = s.customer_id and s.start_time >= m.began_at and s.start_time < m.ended_at
        )""",
    "no event out of service": """
        select e.id from app_database_tap_events e join app_database_devices d on e.device_id = d.id
        where not exists (
            select 1 from truth.account_months m
            where m.account_id = d.customer_id and e.timestamp >= m.began_at and e.timestamp < m.ended_at
        )""",
    "no reading while down": """
        select e.id from app_database_tap_events e join truth.device_downtimes t
            on e.device_id = t.device_id and e.timestamp > t.failed_at
            and e.timestamp < coalesce(t.back_at, '2100-01-01')
        where e.event_type not in ('alert', 'status', 'maintenance')""",
    "lead, then MQL": "select * from marketing_qualified_leads where mql_date < created_at_source",
    "touches before MQL": """
        select * from attribution_touchpoints t join marketing_qualified_leads m on t.mql_id = m.id
        where t.touchpoint_date > m.mql_date""",
    "deal after contact": """
        select * from hubspot_deals d join hubspot_contacts c on d.associations ->> '$.contact_ids[0]' = c.id
        where d.createdat < c.createdat or d.updatedat < d.createdat""",
    "account when its deal is won": """
        select a.id from app_database_accounts a
        left join hubspot_deals d on d.associations ->> '$.company_ids[0]' = a.hubspot_company_id
            and d.pipeline = 'default' and d.dealstage = 'closedwon'
        where d.id is null or a.created_at <> d.updatedat""",
    "won deals have accounts": """
        select d.id from hubspot_deals d left join app_database_accounts a
            on d.associations ->> '$.company_ids[0]' = a.hubspot_company_id
        where d.dealstage = 'closedwon' and a.id is null""",
    "ticket after account": """
        select * from hubspot_tickets t join app_database_accounts a
            on t.associations ->> '$.company_ids[0]' = a.hubspot_company_id
        where t.createdate < a.created_at or t.hs_lastmodifieddate < t.createdate""",
    "engagement after company": """
        select * from hubspot_engagements e join hubspot_companies c on e.associations ->> '$.companyIds[0]' = c.id
        where e.createdat < c.createdat""",
    "charge after invoice": """
        select * from stripe_charges c join stripe_invoices i on c.invoice = i.id where c.created < i.created""",
    "invoice after subscription": """
        select * from stripe_invoices i join stripe_subscriptions s on i.subscription = s.id
        where i.created < s.created or i.created >= coalesce(s.ended_at, '2100-01-01')""",
    "nothing after the end": """
        select timestamp from app_database_tap_events where timestamp >= '2026-07-01'
        union all select created from stripe_charges where created >= '2026-07-01'
        union all select created from stripe_events where created >= '2026-07-01'
        union all select createdat from hubspot_engagements where createdat >= '2026-07-01'
        union all select created_at from app_database_accounts where created_at >= '2026-07-01'""",
    # --- money, to the cent -----------------------------------------------------------------------------------
    "invoice is its lines": """
        select i.id from stripe_invoices i
        where subtotal <> (
            select sum((line ->> 'amount')::bigint) from (select unnest((i.lines -> 'data')::json[]) as line)
        )
        or total <> subtotal - subtotal * coalesce((discount ->> '$.coupon.percent_off')::int, 0) // 100
        or amount_due <> total or amount_paid + amount_remaining <> amount_due""",
    "paid is what was charged": """
        select i.id from stripe_invoices i left join (
            select
                invoice, sum(amount_captured) as captured,
                count(*) filter (where paid) as successes, count(*) as tries
            from stripe_charges group by invoice
        ) c on c.invoice = i.id
        where i.amount_paid <> coalesce(c.captured, 0) or i.paid <> (coalesce(c.successes, 0) = 1)
            or i.attempt_count <> coalesce(c.tries, 0) or coalesce(c.successes, 0) > 1""",
    "intent is its charges": """
        select p.id from stripe_payment_intents p left join (
            select payment_intent, sum(amount_captured) as captured from stripe_charges group by 1
        ) c on c.payment_intent = p.id
        where p.amount_received <> coalesce(c.captured, 0)""",
    "refunds within charges": """
        select id from stripe_charges
        where amount_refunded > amount_captured or refunded <> (amount_refunded = amount and amount > 0)
            or amount_refunded <> coalesce((refunds ->> '$.data[0].amount')::bigint, 0)""",
    "each success and failure has its event": """
        select c.id from stripe_charges c left join (
            select data ->> '$.object.id' as id, type from stripe_events
            where type in ('charge.succeeded', 'charge.failed')
        ) e on e.id = c.id and e.type = case when c.paid then 'charge.succeeded' else 'charge.failed' end
        where e.id is null and c.created < '2026-06-30 23:59:00'""",
    "each month is invoiced as the ledger says": """
        with lines as (
            select
                i.metadata ->> 'account_id' as account_id, i.created, i.subscription,
                (line ->> 'amount')::bigint
                    * (100 - coalesce((i.discount ->> '$.coupon.percent_off')::int, 0)) as hundredths,
                (line ->> '$.period.end')::bigint - (line ->> '$.period.start')::bigint as seconds,
                greatest(1, round(seconds / 2629800)) as months
            from (select *, unnest((lines -> 'data')::json[]) as line from stripe_invoices) i
        ),
        billed as (
            select account_id, (lines.created + interval (m.n) month)::timestamp as month_at,
                sum(hundredths / months) / 10000 as usd
            from lines
            join stripe_subscriptions s on s.id = lines.subscription,
            (select unnest(range(12)) as n) m
            where m.n < months and lines.created + interval (m.n) month < coalesce(s.ended_at, '2100-01-01')
            group by all
        ),
        owed as (
            select account_id, began_at, mrr from truth.account_months where not is_trial
        )
        select o.account_id, o.began_at, o.mrr, sum(b.usd)
        from owed o left join billed b
            on b.account_id = o.account_id and date_trunc('day', b.month_at) = date_trunc('day', o.began_at)
        group by all having o.mrr <> round(coalesce(sum(b.usd), 0), 2)""",
    "MRR moves add up": """
        select * from (
            select *, lag(mrr) over (partition by account_id order by moved_at) as was from truth.mrr
        ) where mrr_before <> coalesce(was, 0) or mrr = mrr_before
            or movement <> case
                when was is null then 'new' when was = 0 then 'reactivation' when mrr = 0 then 'churned'
                when mrr > was then 'expansion' else 'contraction' end""",
    "application, Stripe and ledger agree on MRR": """
        with app as (
            select customer_id, sum(monthly_amount) as mrr from app_database_subscriptions
            where status in ('active', 'past_due') group by 1
        ),
        stripe as (
            select s.metadata ->> 'account_id' as account_id,
                sum((i.price ->> 'unit_amount')::bigint * i.quantity
                    * (100 - coalesce((s.discount ->> '$.coupon.percent_off')::int, 0))
                    / case i.price ->> '$.recurring.interval' when 'year' then 12 else 1 end) / 10000 as mrr
            from stripe_subscriptions s join stripe_subscription_items i on i.subscription = s.id
            where s.status in ('active', 'past_due') group by 1
        ),
        ledger as (select account_id, mrr from truth.mrr where valid_to is null and mrr > 0)
        select coalesce(account_id, customer_id), app.mrr, stripe.mrr, ledger.mrr
        from app full join stripe on app.customer_id = stripe.account_id full join ledger using (account_id)
        where app.mrr is distinct from ledger.mrr or round(stripe.mrr, 2) is distinct from ledger.mrr""",
    # --- the rest ---------------------------------------------------------------------------------------------
    "ads have more clicks than touches": f"""
        select t.campaign_id from attribution_touchpoints t join (
            select id, clicks from google_ads_campaigns union all select id, clicks from facebook_ads_campaigns
            union all select id, clicks from linkedin_ads_campaigns
        ) c on c.id = t.campaign_id group by t.campaign_id, c.clicks having count(*) > c.clicks
        union all select campaign_id from attribution_touchpoints
        where (campaign_id is null) <> (channel in ('organic', 'referral', 'direct'))
            or campaign_id not in {CAMPAIGNS}""",
    "weights of a lead sum to one": """
        select mql_id from attribution_touchpoints group by mql_id
        having sum(attribution_weight) <> 1 or count(*) <> max(touchpoint_position)""",
    "site days are whole": """
        select * from google_analytics_sessions
        where users > sessions or new_users > users or goal_completions > sessions or page_views < sessions
        union all select null, count(*), null, null, null, null, null, null, null, null from google_analytics_sessions
        having count(*) <> 1096""",
    "downtime is told by the devices": """
        with told as (
            select device_id, timestamp as down_at,
                lead(timestamp) over (partition by device_id order by timestamp) as up_at,
                metrics ->> 'status' as state
            from app_database_tap_events where event_type = 'status'
        )
        select * from truth.device_downtimes t
        left join told on told.device_id = t.device_id and told.state = 'offline'
            and told.down_at = t.failed_at + interval 1 second
        where told.device_id is null and t.failed_at < '2026-06-30 23:59:00'
            or (told.up_at is not null and t.back_at <> told.up_at)""",
}
