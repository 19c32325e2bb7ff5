"""Values of the appraisal: maintenance, lives, shadow prices, willingness to pay."""

from __future__ import annotations

from typing import NamedTuple

from sogdia.case import Case
from sogdia.codes import ANY


class Value(NamedTuple):
    """A value with its range."""

    value: float
    low: float
    high: float


MAINTENANCE, LIFE = "maintenance_pct", "life_a"
EXCHANGE, WAGE, TRADED, LABOUR = "shadow_exchange_pct", "shadow_wage_pct", "traded_pct", "labour_pct"
ELECTRICITY_PRICE, CO2_PRICE = "electricity_usd_per_kwh", "co2_usd_per_t"
NEUTRAL = {MAINTENANCE: 0.0, LIFE: 40.0, EXCHANGE: 100.0, WAGE: 100.0, TRADED: 0.0, LABOUR: 0.0}
"""Values without a row of ``appraisal_values``; prices have none."""


def appraisal_value(case: Case, item: str, *scopes: str) -> Value:
    """Return a value of the appraisal: the row of the first scope that has one, then that of ``any``.

    Args:
        case: The case.
        item: Item of ``appraisal_values``.
        scopes: Sector or country, most preferred first.

    Returns:
        The value; without a row the neutral one, NaN if there is none.
    """
    rows = case.table("appraisal_values")
    known = {str(row["scope"]): row for row in rows[rows["item"] == item].to_dict("records")}
    for scope in (*scopes, ANY):
        if scope in known:
            return Value(*(float(known[scope][name]) for name in Value._fields))
    neutral = NEUTRAL.get(item, float("nan"))
    return Value(neutral, neutral, neutral)
