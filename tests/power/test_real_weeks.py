"""The real weeks of the default agree with every hour of the year on the shipped region."""

from __future__ import annotations

import pytest

from sogdia import Region
from sogdia.power import PowerModel, PowerSettings, build_power_inputs, solve

from .conftest import shipped_case

COST, PRICE, UNSERVED = 0.05, 0.10, 0.20
"""Largest relative differences from 8,760 hours."""
LEAST_UNSERVED_GWH = 1.0
"""Difference of unserved energy that does not count."""


def test_real_weeks_agree_with_all_hours(shipped: Region) -> None:
    """Committed projects in 2030, with the filler that the weeks build: cost, prices, unserved energy."""
    case = shipped_case(shipped, "committed")
    weeks = PowerModel(build_power_inputs(case)).solve()
    hours = solve(build_power_inputs(case, PowerSettings(hours=8760)), filler=weeks.filler)
    assert len(hours.inputs.load_mw) == 8760 > 8 * len(weeks.inputs.load_mw)
    total = [result.costs.set_index("item")["cost_musd"]["total"] for result in (weeks, hours)]
    assert total[0] == pytest.approx(total[1], rel=COST)
    price, expected = (
        result.price_summary.set_index("zone")["price_usd_per_mwh"].to_dict() for result in (weeks, hours)
    )
    assert price == pytest.approx(expected, rel=PRICE)
    unserved = [result.unserved["unserved_gwh"].sum() for result in (weeks, hours)]
    assert unserved[0] == pytest.approx(unserved[1], rel=UNSERVED, abs=LEAST_UNSERVED_GWH)
