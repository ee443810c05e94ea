"""The churn risk score ranks those who leave, and no score could rank them much better: held against the truth.

Scores are those of entity_customers_daily, which knows nothing of what comes after its day. Who leaves within 90 days
is asked of the truth, at the ends of the last twelve months that have so many days after them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from brewhouse.simulate.saas import parameters as p
from tests.conftest import Place

LEAST_AUC = 0.75
MONTHS = 12

PAYING = """
    with ends as (
        select distinct snapshot_date as day from entity.entity_customers_daily
        where extract(day from snapshot_date + 1) = 1
            and snapshot_date <= (select max(snapshot_date) - 90 from entity.entity_customers_daily)
        order by day desc limit {months}
    )
    select
        customers.churn_risk_score::double,
        customers.churn_risk_band,
        exists (
            select 1 from truth.mrr as moves
            where moves.account_id = customers.account_id and moves.movement = 'churned'
                and moves.valid_from > customers.snapshot_date and moves.valid_from <= customers.snapshot_date + 90
        ),
        months.plan,
        months.is_annual,
        months.health_q12,
        case
            when not months.is_annual then 3
            when customers.contract_ends_on <= customers.snapshot_date + 90 then 1
            else 0
        end
    from entity.entity_customers_daily as customers
    inner join ends on customers.snapshot_date = ends.day
    inner join truth.account_months as months
        on customers.account_id = months.account_id
        and months.began_at < customers.snapshot_date + 1 and months.ended_at >= customers.snapshot_date + 1
    where customers.monthly_recurring_revenue > 0
"""


@dataclass(frozen=True)
class Ranking:
    """Paying customers at some ends of months, and who of them left within 90 days."""

    score: NDArray[np.float64]
    chance: NDArray[np.float64]
    """What the true hazard says: no one can know more."""
    bands: NDArray[np.str_]
    left: NDArray[np.bool_]


def ranking(place: Place, months: int = MONTHS) -> Ranking:
    """Scores, true chances and outcomes.

    The hazard is that of the month that runs, for as many months as begin within the 90 days; of who pays by the year
    only the renewal counts. The later months' own hazards are of no use: they exist for those alone who stayed.
    """
    rows = place.ask(PAYING.format(months=months))
    hazard = [true_hazard(plan, annual, health) for _, _, _, plan, annual, health, _ in rows]
    return Ranking(
        score=np.array([row[0] for row in rows]),
        chance=np.array([1 - (1 - odds) ** row[6] for odds, row in zip(hazard, rows, strict=True)]),
        bands=np.array([row[1] for row in rows]),
        left=np.array([row[2] for row in rows]),
    )


def true_hazard(plan: str, annual: bool, health: int) -> float:
    """Chance to leave when a term ends, as the simulator draws it."""
    logit = p.CHURN_LOGIT_Q12[plan] + (2_048 - health) * p.CHURN_HEALTH_PCT / 100
    return 1 / (1 + math.exp(-(logit + annual * p.CHURN_RENEWAL_Q12) / 4_096))


def auc(score: NDArray[np.float64], left: NDArray[np.bool_]) -> float:
    """Chance that one who left had the higher score than one who stayed; ties count half."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    gone = int(left.sum())
    return float((rank[left].sum() - gone * (gone + 1) / 2) / (gone * (len(left) - gone)))


def test_the_churn_score_ranks_who_leaves(built_saas: Place) -> None:
    """It comes as near to the true hazard as signals of use and money allow."""
    found = ranking(built_saas)
    score, hazard = auc(found.score, found.left), auc(found.chance, found.left)
    print(
        f"AUC: churn score {score:.3f}, true hazard {hazard:.3f}; {found.left.sum()} of {len(found.left)} left"
    )
    assert score >= LEAST_AUC
    assert score <= hazard + 0.02, "a score that beats the truth knows the future"


def test_higher_bands_lose_more(built_saas: Place) -> None:
    """Of each band a greater share leaves than of the one below it."""
    found = ranking(built_saas)
    shares = [float(found.left[found.bands == band].mean()) for band in ("low", "medium", "high")]
    print("left within 90 days: low {:.3f}, medium {:.3f}, high {:.3f}".format(*shares))
    assert shares == sorted(shares)
    assert shares[2] > 5 * shares[0]


def test_equal_scores_rank_nothing() -> None:
    """The measure itself: half for equal scores, 1 for perfect ones, 0 for the opposite."""
    left = np.array([True, False, True, False])
    assert auc(np.ones(4), left) == 0.5
    assert auc(left.astype(np.float64), left) == 1
    assert auc(-left.astype(np.float64), left) == 0
