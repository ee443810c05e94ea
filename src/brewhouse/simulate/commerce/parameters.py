"""The causes in the web shop's world: every number that shapes it."""

from __future__ import annotations

from typing import Final

CUSTOMERS_AT_SCALE_1: Final = 5_000
BLOCK_CUSTOMERS: Final = 4_096
"""Customers per block: part of the data set's identity."""

# --- customers ---
SEGMENT_WEIGHTS: Final = {"premium": 18, "standard": 47, "basic": 35}
GROWTH: Final = 1.6
"""Sign-ups per day grow over the longest window from 1 to 1 + GROWTH."""
WEEKEND_SIGNUP_PCT: Final = 120
NEVER_BUYER_PCT: Final = {"premium": 3, "standard": 6, "basic": 10}
ONE_TIME_PCT: Final = {"premium": 8, "standard": 15, "basic": 24}
"""Of those who buy at all: they never come back."""
ORDERS_PER_30_DAYS_PCT: Final = {"premium": 458, "standard": 326, "basic": 222}
"""Orders per 30 days, in hundredths, of the average customer of the segment while active."""
RATE_SIGMA_PCT: Final = 60
LIFETIME_DAYS: Final = {"premium": 1_250, "standard": 800, "basic": 480}
"""Mean days from the first order until the customer leaves for good."""
LIFETIME_SIGMA_PCT: Final = 110
FIRST_ORDER_MINUTES: Final = 35
FIRST_ORDER_SIGMA_PCT: Final = 120
LATER_FIRST_ORDER_PCT: Final = 30
LATER_FIRST_ORDER_DAYS: Final = 40

# --- when people buy ---
STEP_DAYS: Final = 30
SLOTS: Final = 16
"""Chances to order in STEP_DAYS days of membership, evenly spread; each is taken or not by a draw of its own."""
MAX_RATE_PCT: Final = 1_200
MONTH_PCT: Final = (88, 86, 94, 96, 100, 100, 94, 92, 98, 102, 118, 132)
"""Interest by calendar month: January is quiet, December is loud."""
WEEKDAY_PCT: Final = (96, 94, 96, 98, 108, 112, 104)
HOURS: Final = (2, 1, 1, 1, 1, 2, 4, 6, 8, 10, 11, 12, 12, 11, 10, 10, 11, 12, 14, 16, 16, 13, 8, 4)

# --- what they put into the basket ---
LINE_WEIGHTS: Final = {
    "premium": (2, 4, 9, 14, 18, 18, 15, 11, 9),
    "standard": (4, 9, 15, 18, 18, 14, 11, 6, 5),
    "basic": (11, 17, 20, 18, 15, 9, 6, 3, 1),
}
"""Different products that one looks for in an order: 1, 2, 3 …"""
THEME_PCT: Final = 45
"""Of these, how many come from the one category that the order is about."""
LEVEL_WEIGHTS: Final = {
    "premium": (10, 18, 24, 27, 21), "standard": (18, 27, 27, 19, 9), "basic": (32, 31, 22, 11, 4),
}  # fmt: skip
"""Which of the five products of a subcategory, from the cheapest to the dearest."""
QUANTITY_WEIGHTS: Final = {"premium": (62, 24, 9, 5), "standard": (74, 17, 6, 3), "basic": (87, 9, 3, 1)}
PRICE_FACTOR_PCT: Final = (100, 90, 80, 105)
PRICE_FACTOR_WEIGHTS: Final = (78, 13, 6, 3)
"""Price paid as a share of the catalogue's: usual, on offer, clearance, gift-wrapped."""

# --- order terms ---
DISCOUNT_PCT: Final = {"premium": (5, 10), "standard": (5, 20), "basic": (10, 30)}
DISCOUNTED_PCT: Final = {"premium": 10, "standard": 40, "basic": 50}
FREE_SHIPPING_CENTS: Final = 25_000
SHIPPING_CENTS: Final = (490, 2_490)
CANCELLED_PCT: Final = 3
PENDING_HOURS: Final = 14
PROCESSING_HOURS: Final = 48
SHIPPED_HOURS: Final = 168
"""Hours after the order until it is paid, shipped, and delivered: each about so many, by a draw."""

# --- what they say ---
REVIEW_PER_MILLE: Final = 9
"""Of all lines bought, those that are reviewed."""
VERIFIED_PCT: Final = 75
REVIEW_DAYS: Final = 45
TICKET_PER_MILLE: Final = 12
"""Of all orders, those about which somebody writes to support."""
DELIVERY_MS: Final = 900
DELIVERY_SIGMA_PCT: Final = 100
