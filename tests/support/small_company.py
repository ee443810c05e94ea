"""A handful of records of Stripe and HubSpot, as rows of the raw tables: every column is there, most are null."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from brewhouse import blueprints
from brewhouse.load.sources import project_sources
from brewhouse.settings import Settings

Row = dict[str, Any]
Tables = dict[str, list[Row]]

START = dt.datetime(2026, 1, 1, 9, 30)  # noqa: DTZ001  # raw moments are UTC without zone
SYNCED = dt.datetime(2026, 7, 1)  # noqa: DTZ001


def at(hours: float) -> dt.datetime:
    """So many hours after the company began."""
    return START + dt.timedelta(hours=hours)


def row(table: str, **values: Any) -> Row:
    """A row of a raw table with these values; JSON columns may be given as objects."""
    blank: Row = dict.fromkeys(COLUMNS[table], None)
    assert not values.keys() - blank.keys(), f"{table} has no {values.keys() - blank.keys()}"
    texts = {
        name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in values.items()
    }
    return blank | texts | ({"created_at": SYNCED} if "created_at" in blank else {})


def stripe(customers: int = 7) -> Tables:
    """Customers with a subscription of two items, an invoice, a charge and an event each."""
    tables: Tables = {name: [] for name in COLUMNS if name.startswith("stripe_")}
    recurring = {"recurring_interval": "month", "recurring_interval_count": 1}
    for number, amount in ((1, 29900), (2, 99900)):
        price = row("stripe_prices", id=f"price_{number}", object="price", active=True, unit_amount=amount)
        tables["stripe_prices"].append(price | recurring | {"created": at(0), "type": "recurring"})
    for number in range(customers):
        add_customer(tables, number)
    return tables


def add_customer(tables: Tables, number: int) -> None:
    """One more customer, and all that belongs to one."""
    when, customer, subscription = at(number), f"cus_{number}", f"sub_{number}"
    tables["stripe_customers"].append(
        row(
            "stripe_customers", id=customer, email=f"bar{number}@example.org", name=f"Bär {number}", created=when,
            livemode=False, delinquent=False, metadata={"account_id": str(number), "tier": "4"},
            address={"city": "Köln", "line1": None},
        )
    )  # fmt: skip
    tables["stripe_subscriptions"].append(
        row(
            "stripe_subscriptions", id=subscription, customer=customer, created=when, start_date=when,
            status="canceled" if number % 3 == 2 else "active", items={"object": "list", "data": []},
            cancel_at_period_end=False, metadata={"app_subscription_id": str(number)},
        )
    )  # fmt: skip
    for position in (1, 2):
        tables["stripe_subscription_items"].append(
            row(
                "stripe_subscription_items", id=f"si_{number}_{position}", subscription=subscription, created=when,
                quantity=position, price={"id": f"price_{position}", "unit_amount": 29900},
            )
        )  # fmt: skip
    tables["stripe_invoices"].append(
        row(
            "stripe_invoices", id=f"in_{number}", customer=customer, subscription=subscription, created=at(number + 1),
            total=29900, subtotal=29900, paid=True, status="paid", charge=f"ch_{number}",
            status_transitions={"paid_at": 1767261000, "voided_at": None},
        )
    )  # fmt: skip
    tables["stripe_charges"].append(
        row(
            "stripe_charges",
            id=f"ch_{number}",
            customer=customer,
            amount=29900,
            created=at(number + 1),
            paid=True,
        )
    )
    tables["stripe_payment_intents"].append(
        row(
            "stripe_payment_intents",
            id=f"pi_{number}",
            customer=customer,
            amount=29900,
            created=at(number + 1),
        )
    )
    add_event(tables, number, "customer.created", {"id": customer, "object": "customer"})


def add_event(tables: Tables, hour: float, kind: str, about: Row) -> None:
    """One more event."""
    count = len(tables["stripe_events"])
    tables["stripe_events"].append(
        row(
            "stripe_events",
            id=f"evt_{count}",
            object="event",
            type=kind,
            created=at(hour),
            data={"object": about},
        )
    )


def hubspot(companies: int = 5) -> Tables:
    """Companies with a contact, a deal, a ticket and an engagement each, and two owners."""
    tables: Tables = {name: [] for name in COLUMNS if name.startswith("hubspot_")}
    for number in (1, 2):
        tables["hubspot_owners"].append(
            row(
                "hubspot_owners", id=str(number), email=f"rep{number}@example.org", firstname="Ré", userid=number,
                createdat=at(0), updatedat=at(number), archived=False,
            )
        )  # fmt: skip
    for number in range(companies):
        add_company(tables, 100 + number)
    return tables


def add_company(tables: Tables, number: int) -> None:
    """One more company, and all that belongs to one."""
    when = {"createdat": at(number), "updatedat": at(number + 0.5), "archived": False}
    tables["hubspot_companies"].append(
        row(
            "hubspot_companies", id=str(number), name=f"Bar {number}", location_count=3, created_date=at(number).date(),
            properties={"account_id": str(number), "city": "Köln", "mrr": "299.00", "location_count": "3"}, **when,
        )
    )  # fmt: skip
    tables["hubspot_contacts"].append(
        row(
            "hubspot_contacts", id=str(number), firstname="Ann", email=f"ann{number}@example.org",
            properties={"company_id": str(number), "jobtitle": "owner"}, **when,
        )
    )  # fmt: skip
    links = {"contact_ids": [str(number)], "company_ids": [str(number)]}
    tables["hubspot_deals"].append(
        row(
            "hubspot_deals", id=str(number), dealname="Taps", amount="1299.50", dealstage="closedwon",
            closedate=at(number).date(), associations=links, properties={"hubspot_owner_id": "1"}, **when,
        )
    )  # fmt: skip
    tables["hubspot_tickets"].append(
        row(
            "hubspot_tickets", id=str(number), subject="Foam", createdate=at(number), archived=False,
            hs_lastmodifieddate=at(number + 0.5), properties={"hs_ticket_category": "billing"},
            associations=links | {"deal_ids": [str(number)]},
        )
    )  # fmt: skip
    created, updated = (
        int(moment.replace(tzinfo=dt.UTC).timestamp() * 1000) for moment in (at(number), at(number))
    )
    tables["hubspot_engagements"].append(
        row(
            "hubspot_engagements", id=str(number), createdat=at(number), updatedat=at(number),
            engagement={"id": number, "createdAt": created, "lastUpdated": updated, "type": "NOTE", "active": True},
            associations={"contactIds": [number], "companyIds": [], "dealIds": []}, metadata={"body": "<p>Hi</p>"},
        )
    )  # fmt: skip


def _columns() -> dict[str, list[str]]:
    sources = project_sources(blueprints.folder("saas"), Settings())
    return {
        table.name: [column.name for column in table.columns] for source in sources for table in source.tables
    }


COLUMNS = _columns()
