"""Where the rows of each raw table of the saas company go wrong on their way."""

from __future__ import annotations

from typing import Final

from brewhouse.simulate.engine.weak import Weak

TABLES: Final[dict[str, Weak]] = {
    "app_database_accounts": Weak("id", "updated_at", words=("status", "business_type", "industry")),
    "app_database_locations": Weak(
        "id", "updated_at", "customer_id", words=("location_type", "size", "country")
    ),
    "app_database_devices": Weak(
        "id", "updated_at", "location_id", value="purchase_price", words=("status", "device_type")
    ),
    "app_database_users": Weak("id", "updated_at", "customer_id", words=("role",)),
    "app_database_subscriptions": Weak(
        "id",
        "updated_at",
        "customer_id",
        value="monthly_amount",
        words=("plan_name", "status", "billing_cycle"),
    ),
    "app_database_user_sessions": Weak(
        "session_id",
        "created_at",
        "user_id",
        moment="start_time",
        span=("end_time",),
        words=("device_type", "browser"),
    ),
    "app_database_page_views": Weak(
        "page_view_id",
        "created_at",
        "session_id",
        value="time_on_page_seconds",
        moment="timestamp",
        loses=True,
    ),
    "app_database_feature_usage": Weak(
        "usage_id",
        "created_at",
        "user_id",
        value="usage_count",
        moment="timestamp",
        words=("feature_name",),
        loses=True,
    ),
    "app_database_tap_events": Weak(
        "id",
        "created_at",
        "device_id",
        "metrics",
        moment="timestamp",
        words=("event_type", "status"),
        loses=True,
    ),
    "stripe_customers": Weak("id", "created_at", json="metadata"),
    "stripe_prices": Weak("id", "created_at", words=("type",), small=True),
    "stripe_subscriptions": Weak("id", "created_at", "customer", "metadata", words=("status",)),
    "stripe_subscription_items": Weak("id", "created_at", "subscription", "price", "quantity"),
    "stripe_invoices": Weak("id", "created_at", "customer", "lines", "total", words=("status",)),
    "stripe_payment_intents": Weak("id", "created_at", "customer", "charges", "amount", words=("status",)),
    "stripe_charges": Weak("id", "created_at", "customer", "outcome", "amount", words=("status",)),
    "stripe_events": Weak("id", "created_at", json="data", first=True),
    "hubspot_owners": Weak("id", "updatedat", small=True),
    "hubspot_companies": Weak("id", "updatedat", json="properties"),
    "hubspot_contacts": Weak("id", "updatedat", json="properties"),
    "hubspot_deals": Weak("id", "updatedat", json="properties", words=("dealstage", "pipeline")),
    "hubspot_engagements": Weak("id", "updatedat", json="engagement", loses=True),
    "hubspot_tickets": Weak("id", "hs_lastmodifieddate", json="properties", words=("hs_ticket_priority",)),
    "google_ads_campaigns": Weak("id", "created_at", value="cost", words=("status",), small=True),
    "facebook_ads_campaigns": Weak(
        "id", "created_at", json="actions", value="spend", words=("status",), small=True
    ),
    "linkedin_ads_campaigns": Weak("id", "created_at", value="cost", words=("status",), small=True),
    "iterable_campaigns": Weak("id", "created_at", words=("status", "campaign_type"), small=True),
    "google_analytics_sessions": Weak("date", "created_at", small=True),
    "marketing_qualified_leads": Weak("id", "created_at", value="mql_score", words=("lead_source",)),
    "attribution_touchpoints": Weak("id", "created_at", "mql_id", words=("channel", "medium")),
}
