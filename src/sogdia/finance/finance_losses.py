"""Losses by delayed and withdrawn finance: the cost of refinancing, and of finance that waits meanwhile.

For a part A (USD million) of a project's cost whose financier has withdrawn, the home country borrows
elsewhere. The loss is the decrease of the grant element, spread over the life of the works,

    ``a(r, N) · A · (GE_old − GE_new)``,  ``a(r, N) = r / (1 − (1 + r)^−N)``

with the grant element GE of :func:`sogdia.finance.sources.source_grant_element`. The other finance of the
project waits until a new lender is found, d years: ``a(r, N) · r · d · (total − A)``. Delayed finance causes
the second cost only. No other part of the models counts finance.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd

from sogdia.case import Case
from sogdia.finance.appraisal import DEFAULT_RATE, annuity_factor
from sogdia.finance.lenders import parties_of, replacement_lender, terms_of
from sogdia.finance.loans import grant_element
from sogdia.finance.sources import home_shares, is_loan, source_grant_element
from sogdia.finance.tables import CAPITAL, IDLE, LOSSES

LIFE_A = 30.0
"""Years N over which a loss of finance is spread: the order of maturities and lives of such works."""


def refinancing_delay_a(case: Case) -> float:
    """Return the years d until a new lender is found: the longest finance delay of ``pressure_levels``."""
    return float(case.table("pressure_levels")["finance_delay_a"].max())


def finance_losses(case: Case, withdrawn: tuple[str, ...], rate: float = DEFAULT_RATE) -> pd.DataFrame:
    """List the finance of the plan's projects that is delayed or withdrawn, with the loss a year.

    The home countries of a project bear equal parts, and of the loan of a joint company their share in it.

    Args:
        case: The case, with finance delayed or withdrawn by shocks.
        withdrawn: Withdrawn partners, which cannot replace a lender.
        rate: Discount rate r.

    Returns:
        Table :data:`sogdia.finance.tables.LOSSES`.
    """
    finance = case.finance
    affected = finance[finance["withdrawn"] | (finance["delay_a"] > 0.0)]
    parties = parties_of(case, withdrawn)

    @cache
    def replacement(home: str) -> tuple[str, float]:
        name = replacement_lender(case, home, parties)
        terms = terms_of(case, name)
        return name, 0.0 if terms is None else grant_element(terms)

    rows = [
        _loss(case, source, home, share, replacement, rate)
        for source in affected.to_dict("records")
        for home, share in home_shares(case, str(source["project"]), owed=is_loan(case, source))
    ]
    return LOSSES.frame(pd.DataFrame(rows, columns=list(LOSSES.column_names)))


def _loss(
    case: Case,
    source: dict[Any, Any],
    home: str,
    share: float,
    replacement: Callable[[str], tuple[str, float]],
    rate: float,
) -> dict[str, Any]:
    """Return a row of losses; ``replacement`` gives a home country's new lender and its grant element."""
    amount, is_withdrawn = float(source["amount_musd"]) * share, bool(source["withdrawn"])
    old, known = source_grant_element(case, source)
    new_class, new = replacement(home) if is_withdrawn else ("", 0.0)
    refinanced = amount if is_withdrawn and amount > 0.0 else 0.0
    return {
        "home": home,
        "project": source["project"],
        "partner": source["partner"],
        "lender_class": source["lender_class"],
        "amount_musd": amount,
        "withdrawn": is_withdrawn,
        "delay_a": float(source["delay_a"]),
        "terms_known": known,
        "grant_element": old,
        "replacement": new_class,
        "new_grant_element": new,
        "refinance_musd": refinanced,
        "refinancing_musd_a": annuity_factor(rate, LIFE_A) * refinanced * (old - new),
    }


def idle_finance(case: Case, rate: float = DEFAULT_RATE) -> pd.DataFrame:
    """List the finance of projects that waits while other finance of the project is delayed or withdrawn.

    Returns:
        Table :data:`sogdia.finance.tables.IDLE`, for projects with a published cost.
    """
    finance, refinancing_a = case.finance, refinancing_delay_a(case)
    rows = []
    for project, sources in finance[finance["amount_musd"].notna()].groupby("project"):
        withdrawn = sources["withdrawn"]
        delay = sources["delay_a"].where(~withdrawn, refinancing_a)
        delay = delay.where(withdrawn | (sources["delay_a"] > 0.0), 0.0)
        years = float(delay.max())
        waiting = float(sources.loc[delay == 0.0, "amount_musd"].sum())
        if years == 0.0 or waiting == 0.0:
            continue
        for home, share in home_shares(case, str(project)):
            cost = annuity_factor(rate, LIFE_A) * rate * years * waiting * share
            rows.append((home, str(project), waiting * share, years, cost))
    return IDLE.frame(rows)


def capital_losses(case: Case, withdrawn: tuple[str, ...], rate: float = DEFAULT_RATE) -> pd.DataFrame:
    """Sum the losses by delayed and withdrawn finance by home country.

    Returns:
        Table :data:`sogdia.finance.tables.CAPITAL`.
    """
    losses, idle = finance_losses(case, withdrawn, rate), idle_finance(case, rate)
    rows = []
    for home in case.region.home:
        own, own_idle = losses[losses["home"] == home], idle[idle["home"] == home]
        yearly = float(own["refinancing_musd_a"].sum() + own_idle["idle_musd_a"].sum())
        unknown = int(own["amount_musd"].isna().sum())
        rows.append((home, yearly, float(own["refinance_musd"].sum()), unknown))
    return CAPITAL.frame(rows)
