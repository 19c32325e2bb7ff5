"""Empty returns: factors by hand, their effect on charges, and their fixed point."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sogdia import Case
from sogdia.codes import OPERATING
from sogdia.freight import assign_freight, build_supernetwork
from sogdia.freight.empty_returns import (
    KEY,
    EmptyReturns,
    factors_of,
    loaded_flows,
    return_factor,
    settle_empty_returns,
    with_factors,
    with_planned_lines,
)
from sogdia.freight.supernetwork.loads import Loads

from .borderland import changed
from .networks import SUE, UNCALIBRATED, only_arc

EMPTY_RUN = 0.2
"""Cost of an empty run over a loaded one."""


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
    """Return the case with a cost of empty runs of containers, and more of them to the sea than from it."""
    cells: dict[tuple[str, str, str], Any] = {
        ("loads", f"{mode}/container", "empty_cost_factor"): EMPTY_RUN for mode in ("any", "road")
    }
    cells |= {("trade", "XAA/XAD/all/2023", "tonnes"): 9e5, ("trade", "XAD/XAA/all/2023", "tonnes"): 3e5}
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


@pytest.fixture(scope="module")
def settled(borderland: Case) -> EmptyReturns:
    return settle_empty_returns(priced(borderland))


def is_planned(table: pd.DataFrame) -> pd.Series:
    return table["link"].eq("road_b_p_new")


def test_settled_factors_are_those_of_their_own_flows(borderland: Case, settled: EmptyReturns) -> None:
    case = priced(borderland)
    stored = settled.table[~is_planned(settled.table)].set_index(KEY)["factor"]
    assert settled.changes[-1] < 0.02
    assert ((stored > 1.0) & (stored <= 1.0 + EMPTY_RUN)).all()
    again = factors_of(loaded_flows(assign_freight(with_factors(case, stored))), Loads(case.table("loads")))
    new = again.set_index(KEY)["factor"].reindex(stored.index)
    assert new.to_numpy() == pytest.approx(stored.to_numpy(), abs=0.1)


def test_planned_line_has_the_factor_of_its_flows_once_it_is_open(
    borderland: Case, settled: EmptyReturns
) -> None:
    """The better road between b and p takes boxes of both directions, more of them towards the port."""
    case = priced(borderland)
    factors = settled.table.set_index(KEY)["factor"]
    flows = loaded_flows(assign_freight(with_factors(with_planned_lines(case), factors))).set_index(KEY)
    tonnes = flows.loc["road_b_p_new"].xs("container", level="cargo")["tonnes"].to_dict()
    out, back = tonnes["p"], tonnes["b"]
    assert out > back > 0.0
    expected = 1.0 + EMPTY_RUN * (1.0 - back / out)
    assert factors["road_b_p_new", "p", "container"] == pytest.approx(expected, abs=0.02)
    assert ("road_b_p_new", "b", "container") not in factors


def test_planned_lines_change_no_factor_of_operating_ones(borderland: Case, settled: EmptyReturns) -> None:
    case = priced(borderland)
    links = case.table("links")
    without = case.with_table("links", links[links["status"] == OPERATING])
    rows = settled.table[~is_planned(settled.table)].reset_index(drop=True)
    pd.testing.assert_frame_equal(settle_empty_returns(without).table, rows)


def test_without_a_cost_of_empty_runs_there_are_no_rows(borderland: Case) -> None:
    assert settle_empty_returns(borderland).table.empty
