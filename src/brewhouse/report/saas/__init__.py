"""The pictures of the saas blueprint: money, customers, devices, sales and marketing."""

from __future__ import annotations

from typing import Final

from brewhouse.report.charts import Section, Sheet
from brewhouse.report.saas.channels import CHANNELS
from brewhouse.report.saas.devices import DEVICES
from brewhouse.report.saas.health import HEALTH
from brewhouse.report.saas.mrr import MRR
from brewhouse.report.saas.pipeline import PIPELINE

SAAS: Final = Sheet(
    facts={
        "as of (UTC)": "select max(as_of) from staging.as_of",
        "MRR in US dollars": "select sum(monthly_recurring_revenue) from entity.entity_customers",
        "paying customers": "select count(*) from entity.entity_customers where monthly_recurring_revenue > 0",
        "open venues": "select count(*) from entity.entity_locations where location_status = 'open'",
        "devices in service": "select count(*) from mart.operations_device_monitoring",
        "users active in 30 days": "select sum(active_users_30d) from entity.entity_customers",
        "deals in the pipeline": "select count(*) from mart.mart_sales__pipeline where is_open",
    },
    sections=(
        Section("MRR", MRR),
        Section("Customer health", HEALTH),
        Section("Devices", DEVICES),
        Section("Pipeline", PIPELINE),
        Section("Channels", CHANNELS),
    ),
)
