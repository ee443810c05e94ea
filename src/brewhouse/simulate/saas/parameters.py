"""Every parameter of the ``saas`` company, cause by cause, in the order in which one leads to the next.

Weights are relative; ``_pct`` is percent, ``_q12`` 4096ths, logits are in 4096ths as well. Values of enumerated
kinds come from the blueprint's vocabulary, and each dictionary here must name them all.
"""

from __future__ import annotations

from typing import Final

# --- size and time ------------------------------------------------------------------------------------------

PROSPECTS_AT_SCALE_1: Final = 174_500
"""Leads that a company of scale 1 gets over MAX_MONTHS; 36 months of them make about 20,250 accounts."""

BLOCK_PROSPECTS: Final = 16_384
"""Prospects per block: part of the data set's identity."""

MAX_MONTHS: Final = 60
GROWTH_PER_MONTH_PCT: Final = 1.6
SEASON_PCT: Final = (92, 96, 104, 108, 110, 106, 98, 94, 102, 104, 98, 88)
"""Interest in the product by calendar month, January first."""

# --- market ---------------------------------------------------------------------------------------------------

CHANNEL_WEIGHTS: Final = {
    "google_ads": 26, "facebook_ads": 12, "linkedin_ads": 12, "email": 12, "organic": 20, "referral": 7, "direct": 11,
}  # fmt: skip
CHANNEL_EFFECT_Q12: Final = {
    "google_ads": 1_100, "facebook_ads": 250, "linkedin_ads": 1_500, "email": 900, "organic": 700, "referral": 2_600,
    "direct": 300,
}  # fmt: skip
"""What a touch of the channel truly adds to the logit of becoming a customer."""

CHANNEL_MEDIUM: Final = {
    "google_ads": "cpc", "facebook_ads": "paid_social", "linkedin_ads": "paid_social", "email": "email",
    "organic": "organic", "referral": "referral", "direct": "none",
}  # fmt: skip
TOUCH_COUNT_WEIGHTS: Final = (26, 26, 20, 14, 9, 5)
TOUCH_GAP_HOURS: Final = 110
TOUCH_GAP_SIGMA_PCT: Final = 100
MQL_LOGIT_Q12: Final = 3_600
MQL_QUALITY_PCT: Final = 60
DEAL_LOGIT_Q12: Final = 5_200
WON_LOGIT_Q12: Final = -3_650
WON_QUALITY_PCT: Final = 70
CYCLE_DAYS: Final = 26
CYCLE_SIGMA_PCT: Final = 60
OWNERS: Final = 24

CAMPAIGN_MONTHLY_USD: Final = {"google": 42_000, "facebook": 17_000, "linkedin": 24_000, "iterable": 0}
"""Budget of an average campaign at scale 1."""

CLICK_CENTS: Final = {"google": 640, "facebook": 210, "linkedin": 980}
CLICKS_PER_MILLE: Final = {"google": 34, "facebook": 11, "linkedin": 6}
"""Clicks per thousand impressions."""

CAMPAIGN_EFFECT_SPREAD_Q12: Final = 700
"""Campaigns of one channel differ by up to this much, both ways."""

# --- accounts -------------------------------------------------------------------------------------------------

PLAN_WEIGHTS: Final = {"starter": 56, "professional": 29, "business": 12, "enterprise": 3}
LOCATION_SIGMA_PCT: Final = 90
LOCATIONS_Q12: Final = {"starter": 3_000, "professional": 6_200, "business": 14_000, "enterprise": 43_000}
"""Mean locations of an account when it starts, before rounding to at least 1."""

MAX_LOCATIONS: Final = 60
DEVICES_PER_LOCATION_WEIGHTS: Final = (34, 36, 18, 8, 4)
"""1, 2, 3, ... devices."""

USERS_PER_LOCATION_Q12: Final = 5_600
USERS_SIGMA_PCT: Final = 50
MAX_USERS: Final = 40
USER_LAG_DAYS: Final = 13
INDUSTRY_WEIGHTS: Final = (46, 24, 12, 10, 8)
BUSINESS_TYPE_WEIGHTS: Final = (40, 28, 10, 10, 4, 8)
COUNTRY_WEIGHTS: Final = {"US": 62, "CA": 10, "GB": 13, "DE": 8, "AU": 7}
TRIAL_PCT: Final = 62
TRIAL_LOST_PCT: Final = 9
ANNUAL_PCT: Final = {"starter": 18, "professional": 30, "business": 44, "enterprise": 70}
DISCOUNT_PCT: Final = 22
"""Accounts that start with a discount of 10, 20 or 30 percent for 3, 6 or 12 months or for good."""

# --- health, and what it drives -------------------------------------------------------------------------------

HEALTH_START_Q12: Final = 2_350
HEALTH_TARGET_Q12: Final = 2_250
HEALTH_QUALITY_PCT: Final = 14
HEALTH_RETURN_PCT: Final = 10
"""How fast health returns to its target, a month."""

HEALTH_NOISE_PCT: Final = 9
HEALTH_ADOPTION_Q12: Final = 1_100
"""What full adoption of the features adds to the target."""

HEALTH_DOWNTIME_PER_HOUR_Q12: Final = 9
HEALTH_DOWNTIME_MAX_Q12: Final = 700
HEALTH_TICKET_Q12: Final = 45
"""What a ticket takes that is solved after SLOW_HOURS; a fast one gives a third back."""

SLOW_HOURS: Final = 48
HEALTH_PAYMENT_Q12: Final = 260

CHURN_LOGIT_Q12: Final = {
    "starter": -18_400,
    "professional": -19_700,
    "business": -20_700,
    "enterprise": -21_900,
}
CHURN_HEALTH_PCT: Final = 1_100
"""Logit of leaving in a month: base of the plan + this share of (2048 - health)."""

CHURN_RENEWAL_Q12: Final = 4_900
"""Added when an annual contract ends: the only month in which it can be left."""

CHURN_CLOSED_PCT: Final = 8
"""Of those who leave, how many go out of business."""

EXPANSION_LOGIT_Q12: Final = -14_800
EXPANSION_HEALTH_PCT: Final = 110
CONTRACTION_LOGIT_Q12: Final = -14_600
CONTRACTION_HEALTH_PCT: Final = 120
EXPANSION_WEIGHTS: Final = (44, 20, 14, 22)
"""A new location, advanced analytics, priority support, the next plan."""

CONTRACTION_WEIGHTS: Final = (46, 18, 14, 22)
RETURN_LOGIT_Q12: Final = -18_000
RETURN_HEALTH_PCT: Final = 90

# --- money ----------------------------------------------------------------------------------------------------

FAIL_LOGIT_Q12: Final = -14_300
FAIL_SPREAD_PCT: Final = 90
"""Accounts differ in payment trouble: standard deviation of the logit in percent of one."""

RETRY_DAYS: Final = (0, 3, 8, 15)
RETRY_SUCCESS_PCT: Final = 46
REFUND_PER_MILLE: Final = 6
FAILURE_WEIGHTS: Final = (46, 34, 14, 6)

# --- use ------------------------------------------------------------------------------------------------------

SESSIONS_PER_USER_Q12: Final = 7_000
"""Sessions of a user a month at health 4096, before season and chance. They fall with the square of health."""

SESSION_SIGMA_PCT: Final = 60
PAGE_COUNT_WEIGHTS: Final = (30, 30, 20, 12, 8)
FEATURE_COUNT_WEIGHTS: Final = (62, 28, 10)
"""0, 1, 2 features used again in a session."""

ROLE_WEIGHTS: Final = (0, 14, 26, 44, 16)
APP_HOURS: Final = (1, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 12, 11, 12, 13, 13, 12, 10, 8, 7, 6, 4, 3, 2)
APP_WEEKEND_PCT: Final = 45
ADOPTION_LAG_DAYS: Final = 45
FEATURE_RELEASE_MONTH: Final = {
    "guided_setup": 4, "keg_forecast": 7, "waste_report": 9, "benchmark": 13, "smart_alerts": 16,
    "accounting_sync": 20, "custom_report": 24, "audit_log": 27,
}  # fmt: skip
"""All others are there from the start."""

FEATURE_ADOPTION_PCT: Final = {
    "dashboard": 92, "tap_monitoring": 80, "device_management": 46, "mobile_app": 38, "guided_setup": 52,
    "temperature_log": 34, "cleaning_schedule": 28, "alert_rules": 31, "sales_report": 44, "report_export": 25,
    "staff_accounts": 20, "inventory_tracking": 36, "multi_location_view": 40, "pour_cost_report": 33,
    "waste_report": 22, "keg_forecast": 27, "maintenance_planner": 18, "smart_alerts": 24, "pos_integration": 21,
    "custom_report": 26, "benchmark": 19, "api_access": 12, "accounting_sync": 15, "audit_log": 17,
}  # fmt: skip
"""Users who ever adopt the feature, where their plan has it."""

EXPERIMENT_FEATURE: Final = "smart_alerts"
EXPERIMENT_FIRST_MONTH: Final = 17
EXPERIMENT_MONTHS: Final = 12
"""Users who come in these months are split evenly."""

EXPERIMENT_LIFT_PCT: Final = 12
"""Percentage points that the treatment adds to the adoption of the feature."""

# --- machines -------------------------------------------------------------------------------------------------

EVENTS_PER_DEVICE_Q12: Final = 6_000
"""Tap events of a device a month, on average, before season and chance."""

EVENT_SIGMA_PCT: Final = 40
EVENTS_BASE_Q12: Final = 256
EVENTS_HEALTH_PCT: Final = 175
"""Share of the expected events that an account sends: the base + this share of its health."""

TEMPERATURE_F10: Final = 370
TEMPERATURE_WEAR_F10: Final = 70
"""What a device that is about to fail adds to the temperature of the beer, in tenths of a degree Fahrenheit."""

PRESSURE_PSI10: Final = 124
PRESSURE_WEAR_PSI10: Final = 38
TAP_EVENT_WEIGHTS: Final = {
    "pour": 54, "temperature_reading": 16, "pressure_reading": 10, "keg_level": 12, "cleaning": 7,
    "maintenance": 1,
}  # fmt: skip
BAR_HOURS: Final = (7, 4, 2, 0, 0, 0, 0, 0, 0, 1, 2, 4, 7, 7, 6, 6, 8, 12, 16, 18, 18, 17, 14, 10)
BAR_WEEKDAY_PCT: Final = (55, 60, 68, 80, 100, 100, 72)
"""How busy a bar is by weekday, Monday first, in percent of the busiest."""

WEIBULL_SHAPE_PCT: Final = 160
WEIBULL_SCALE_DAYS: Final = 900
REPAIR_HOURS: Final = 20
REPAIR_SIGMA_PCT: Final = 80
MAX_FAILURES: Final = 4
OUTAGE_FIRMWARE: Final = "3.2.1"
OUTAGE_MONTH: Final = 27
OUTAGE_DAY: Final = 9
OUTAGE_HOURS: Final = 31
FIRMWARE_WEIGHTS: Final = (10, 22, 28, 24, 16)

# --- care -----------------------------------------------------------------------------------------------------

TICKETS_BASE_Q12: Final = 260
TICKETS_POOR_HEALTH_PCT: Final = 20
"""Tickets a month: the base + this share of (4096 - health), over 4096."""

TICKET_PER_FAILURE_PCT: Final = 55
OUTAGE_TICKET_PCT: Final = 35
"""Accounts hit by the outage that write about it."""

TICKET_HOURS: Final = 30
TICKET_SIGMA_PCT: Final = 110
PRIORITY_SPEED_PCT: Final = 40
"""Time to solve with priority support, in percent of the time without."""

ENGAGEMENTS_PER_DEAL_WEIGHTS: Final = (8, 20, 26, 24, 14, 8)
CHECK_IN_PCT: Final = 14
"""Chance of a check-in by the customer's owner in a month."""
