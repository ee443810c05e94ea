"""What each system calls things: numbers and texts made of a lead's number, so that no table looks one up."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.engine.texts import Texts, digits, public_ids

Ints = NDArray[np.int64]

MOST_CONTACTS: Final = 4


def account_ids(row: Ints) -> Ints:
    """Nine digits; a prospect that never signs has a number too, but no account."""
    return 100_000_000 + row


def account_key(row: Ints) -> Texts:
    """Identifier of an account, nine digits."""
    return digits(account_ids(row), 9)


def subscription_number(row: Ints, term: Ints) -> Ints:
    """Number of a subscription: account, then term."""
    return account_ids(row) * 100 + term


def user_number(row: Ints, seat: Ints) -> Ints:
    """Number of a user: account, then seat."""
    return account_ids(row) * 1000 + seat


def venue_number(row: Ints, number: Ints) -> Ints:
    """Number of a venue: account, then place."""
    return account_ids(row) * 100 + number


def venue_key(row: Ints, number: Ints) -> Texts:
    """Identifier of a venue, eleven digits."""
    return digits(venue_number(row, number), 11)


def device_number(row: Ints, venue: Ints, number: Ints) -> Ints:
    """Number of a device: venue, then place."""
    return venue_number(row, venue) * 100 + number


def device_key(row: Ints, venue: Ints, number: Ints) -> Texts:
    """Identifier of a device, thirteen digits."""
    return digits(device_number(row, venue, number), 13)


# --- Stripe ---------------------------------------------------------------------------------------------------


def customer_key(row: Ints) -> Texts:
    """Identifier of an account's Stripe customer."""
    return public_ids("cus_", row)


def item_number(subscription: Ints, item: Ints | int) -> Ints:
    """What identifiers of a subscription's items are made of."""
    return subscription * 8 + item


def charge_number(invoice: Ints, attempt: Ints) -> Ints:
    """What identifiers of an invoice's charges are made of."""
    return invoice << 2 | attempt


# --- HubSpot --------------------------------------------------------------------------------------------------


def owner_key(owner: Ints) -> Texts:
    """Identifier of an owner of deals and tickets."""
    return digits(5_000_001 + owner, 7)


def company_key(row: Ints) -> Texts:
    """Identifier of a lead's company."""
    return digits(300_000_000 + row, 9)


def contact_number(row: Ints, place: Ints | int) -> Ints:
    """Identifier of a contact as a number; place 0 is the lead itself. Fits 32 bits up to scale 800."""
    return 200_000_000 + row * MOST_CONTACTS + place


def deal_number(row: Ints, step: Ints | int) -> Ints:
    """Number of a deal: lead, then 0 for the first one or the month of a later one."""
    return 40_000_000_000 + row * 100 + step
