"""The saas company: one block of leads with everything that came of them, clean, dirty, and as truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.engine.columns import DAY_MS
from brewhouse.simulate.engine.company import TRUTH
from brewhouse.simulate.engine.delivery import Clean, Way, constants, parameters_table
from brewhouse.simulate.engine.limits import configuration
from brewhouse.simulate.saas import (
    app_tables,
    care,
    crm_deals,
    crm_tables,
    market_tables,
    parameters,
    stripe_events,
    stripe_invoices,
    stripe_payments,
    stripe_tables,
    taps,
    truth,
    use,
)
from brewhouse.simulate.saas.block import Block, make_block
from brewhouse.simulate.saas.dirt import TABLES
from brewhouse.simulate.saas.identity import Names, names
from brewhouse.simulate.saas.lifecycle_records import Months
from brewhouse.simulate.saas.market import Totals, totals
from brewhouse.simulate.saas.money import charges
from brewhouse.simulate.saas.schema import Columns, conform
from brewhouse.simulate.saas.world import CAUSES, World

Ints = NDArray[np.int64]

PLATFORM_TABLE: Final = {
    "google": "google_ads_campaigns", "facebook": "facebook_ads_campaigns", "linkedin": "linkedin_ads_campaigns",
    "iterable": "iterable_campaigns",
}  # fmt: skip


@dataclass(frozen=True)
class Saas:
    """The company of the ``saas`` blueprint; implements ``simulate.engine.company.Company``."""

    world: World
    name: str = "saas"
    version: int = 2

    def blocks(self) -> int:
        """Blocks of 16,384 leads of the longest window."""
        return -(-self.world.prospects // parameters.BLOCK_PROSPECTS)

    def parameters(self) -> Mapping[str, str]:
        """The configuration, as text."""
        world = self.world
        return {
            **configuration(world),
            **{f"causes.{name}": str(float(world.strength(name))) for name in CAUSES},
        }

    def chunk(self, block: int) -> Mapping[str, pa.Table]:
        """All tables of one block; see ``Company``."""
        made = make_block(self.world, block)
        world = self.world
        way = Way("saas", world.seed, world.dirt, world.end_ms, TABLES)
        tables = way.delivered(self.clean(made), block) | self._truth(made)
        if block == 0:
            tables[f"{TRUTH}parameters"] = self._parameters_table()
        return tables

    def clean(self, block: Block) -> dict[str, Clean]:
        """The raw tables of one block before any dirt; those that no block owns come with the first."""
        known = names(self.world, block.leads)
        found = self.month_tables(block, known, block.months)
        visits = use.sessions(block, block.months)
        attempts = charges(self.world, block.invoices)
        columns: dict[str, Columns] = {
            "app_database_accounts": app_tables.accounts_table(block, known),
            "app_database_locations": app_tables.locations_table(block, known),
            "app_database_devices": app_tables.devices_table(block),
            "app_database_users": app_tables.users_table(block, known, use.last_seen(block, visits)),
            "app_database_subscriptions": app_tables.subscriptions_table(block),
            "stripe_customers": stripe_tables.customers_table(block, known),
            "stripe_subscriptions": stripe_tables.subscriptions_table(block),
            "stripe_subscription_items": stripe_tables.items_table(block),
            "stripe_invoices": stripe_invoices.invoices_table(block, known),
            "stripe_payment_intents": stripe_payments.intents_table(block, attempts),
            "stripe_charges": stripe_payments.charges_table(block, known, attempts),
            "stripe_events": stripe_events.events_table(block, attempts),
            "hubspot_companies": crm_tables.companies_table(block, known),
            "hubspot_contacts": crm_tables.contacts_table(block, known),
            "hubspot_deals": crm_deals.deals_table(block, known),
            "marketing_qualified_leads": market_tables.mqls_table(block),
            "attribution_touchpoints": market_tables.touches_table(block),
        }
        if block.number == 0:
            columns |= self._shared()
        return found | {name: _clean(name, *made) for name, made in columns.items()}

    def month_tables(self, block: Block, known: Names, months: Months) -> dict[str, Clean]:
        """The tables that grow with time, for the given months of service: the same alone or among others."""
        visits = use.sessions(block, months)
        (usage_key, usage), uses = use.feature_uses(block, visits)
        cases = care.tickets(block, months)
        events = taps.together(
            [taps.readings_of(block, months), taps.incidents(block, taps.downtimes(block))]
        )
        columns: dict[str, Columns] = {
            "app_database_user_sessions": use.sessions_table(block, visits, uses),
            "app_database_page_views": use.pages_table(block, visits),
            "app_database_feature_usage": (usage_key, usage),
            "app_database_tap_events": taps.taps_table(block, events),
            "hubspot_tickets": care.tickets_table(block, cases),
            "hubspot_engagements": care.engagements_table(block, known, months, cases),
        }
        made = {name: _clean(name, *parts) for name, parts in columns.items()}
        steady = made["app_database_tap_events"]
        made["app_database_tap_events"] = Clean(steady.key, steady.table, ~events.is_steady)
        return made

    def _shared(self) -> dict[str, Columns]:
        """Tables that speak of the whole company: campaigns, the site, prices, owners."""
        counted = _totals(self.world)
        delivery = market_tables.CampaignDelivery(self.world, counted)
        first_ms = int(self.world.month_days[0]) * DAY_MS
        return {
            **{table: delivery.table(platform) for platform, table in PLATFORM_TABLE.items()},
            "google_analytics_sessions": market_tables.site_days_table(self.world, counted),
            "stripe_prices": stripe_tables.prices_table(first_ms),
            "hubspot_owners": crm_tables.owners_table(first_ms),
        }

    def _truth(self, block: Block) -> dict[str, pa.Table]:
        return {
            f"{TRUTH}mrr": truth.mrr(block),
            f"{TRUTH}account_months": truth.account_months(block),
            f"{TRUTH}accounts": truth.accounts(block),
            f"{TRUTH}conversions": truth.conversions(block),
            f"{TRUTH}experiment": truth.experiment(block),
            f"{TRUTH}device_downtimes": truth.downtimes(block, taps.downtimes(block)),
        }

    def _parameters_table(self) -> pa.Table:
        """The configuration, every parameter of every cause, and the rates of dirt."""
        causes = constants(vars(parameters))
        return parameters_table({**self.parameters(), "version": str(self.version), **causes})


@lru_cache(maxsize=2)
def _totals(world: World) -> Totals:
    return totals(world)


def _clean(name: str, key: Ints, columns: Mapping[str, pa.Array]) -> Clean:
    return Clean(key, conform(name, len(key), columns))
