"""Empty returns: factors by hand, their effect on charges, and their fixed point."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sogdia import Case
from sogdia.freight import assign_freight, build_supernetwork
from sogdia.freight.empty_returns import (
    KEY,
    factors_of,
    loaded_flows,
    return_factor,
    settle_empty_returns,
    with_factors,
)
from sogdia.freight.supernetwork.loads import Loads

from .borderland import changed
from .networks import SUE, UNCALIBRATED, only_arc


@pytest.mark.parametrize(
    ("tonnes", "back_t", "factor"),
    [(100.0, 100.0, 1.0), (100.0, 0.0, 1.6), (100.0, 50.0, 1.3), (50.0, 100.0, 1.0), (0.0, 0.0, 1.0)],
)
def test_direction_with_more_loads_pays_for_the_empty_vehicles(
    tonnes: float, back_t: float, factor: float
) -> None:
    assert return_factor(tonnes, back_t, 0.6) == pytest.approx(factor)


def test_round_trip_of_both_directions_is_paid_once() -> None:
    """100 loads out and 40 back at 1 USD a run: 140 loaded runs and 60 empty ones at 0.6 USD."""
    paid = 100 * return_factor(100.0, 40.0, 0.6) + 40 * return_factor(40.0, 100.0, 0.6)
    assert paid == pytest.approx(140 * 1.0 + 60 * 0.6)


def test_factor_holds_for_one_direction_and_cargo(borderland: Case) -> None:
    factors = pd.Series({("rail_a_ab", "ab", "container"): 1.5}).rename_axis(KEY)
    built = build_supernetwork(with_factors(borderland, factors), UNCALIBRATED)
    out, back = only_arc(built, "a/rail/1520", "ab/rail/1520"), only_arc(built, "ab/rail/1520", "a/rail/1520")
    assert out["usd_per_t_container"] == pytest.approx(110 * 0.06 * 1.5)
    assert out["usd_per_t_dry_bulk"] == pytest.approx(110 * 0.02)
    assert back["usd_per_t_container"] == pytest.approx(110 * 0.06)


def priced(borderland: Case) -> Case:
    """Return the case with a cost of empty runs of containers."""
    cells: dict[tuple[str, str, str], Any] = {("loads", "any/container", "empty_cost_factor"): 0.5}
    return changed(borderland, cells)


def test_flows_of_a_link_are_those_of_both_directions(borderland: Case) -> None:
    freight = assign_freight(borderland, SUE)
    flows = loaded_flows(freight)
    links = freight.links().set_index("link")
    sums = flows.groupby(["link", "to"])["tonnes"].sum()
    assert sums["sea_p_d", "d"] == pytest.approx(links.loc["sea_p_d", "forward_t"])
    assert sums["sea_p_d", "p"] == pytest.approx(links.loc["sea_p_d", "back_t"])
    both = flows.set_index(KEY)
    assert both.loc[("sea_p_d", "d", "container"), "back_t"] == pytest.approx(
        both.loc[("sea_p_d", "p", "container"), "tonnes"]
    )


def test_settled_factors_are_those_of_their_own_flows(borderland: Case) -> None:
    case = priced(borderland)
    found = settle_empty_returns(case)
    assert found.changes[-1] < 0.02
    stored = found.table.set_index(KEY)["factor"]
    assert ((stored > 1.0) & (stored <= 1.5)).all()
    again = factors_of(loaded_flows(assign_freight(with_factors(case, stored))), Loads(case.table("loads")))
    new = again.set_index(KEY)["factor"].reindex(stored.index)
    assert new.to_numpy() == pytest.approx(stored.to_numpy(), abs=0.1)


def test_without_a_cost_of_empty_runs_there_are_no_rows(borderland: Case) -> None:
    assert settle_empty_returns(borderland).table.empty
