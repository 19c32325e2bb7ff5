"""Freight coupled with trade on a small region, with results by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from freight.borderland import case_of, changed, with_rows, write_borderland

from sogdia import Case
from sogdia.assignment import AssignmentSettings
from sogdia.coupling import CoupledBaseline, CoupledResult, CouplingSettings, couple, make_baseline
from sogdia.errors import InputError
from sogdia.numerics import NotConvergedError
from sogdia.trade import TradeSettings

KEYS = ["exporter", "importer", "commodity"]


def cost_of(found: CoupledResult, *good: str) -> dict[str, Any]:
    return row_of(found.costs(), *good)


def flow_of(found: CoupledResult, *good: str) -> dict[str, Any]:
    return row_of(found.flows(), *good)


def row_of(table: pd.DataFrame, exporter: str, importer: str, commodity: str = "all") -> dict[str, Any]:
    good = (exporter, importer, commodity)
    rows = [row for row in table.to_dict("records") if tuple(row[name] for name in KEYS) == good]
    assert len(rows) == 1
    return {str(name): cell for name, cell in rows[0].items()}


def welfare(found: CoupledResult) -> dict[str, float]:
    table = found.economies()
    return dict(zip(table["economy"], table["welfare_pct"], strict=True))


def slower(case: Case, add_h: float) -> Case:
    """Return the case with longer waits on every path from the first economy to the third."""
    rows, changes = case.table("crossings"), case.table("transfers")
    there = rows.index[(rows["from_iso3"] == "XAA") & (rows["to_iso3"] == "XAC")]
    edits = {("crossings", str(key), "dwell_h"): rows.loc[key, "dwell_h"] + add_h for key in there}
    # By rail the change of gauge takes the place of the crossing.
    gauge = changes.index[(changes["from_mode"] == "rail") & (changes["to_mode"] == "rail")]
    edits |= {("transfers", str(key), "dwell_h"): changes.loc[key, "dwell_h"] + add_h for key in gauge}
    return changed(case, edits)


def closed(case: Case, *links: str) -> Case:
    return changed(case, {("links", link, "status"): "suspended" for link in links})


def restricted(case: Case, exporter: str, importer: str, **terms: Any) -> Case:
    row = {"tariff_pct": 0.0, "cost_pct": 0.0, "nontariff_factor": 1.0, "prohibited": False, **terms}
    ends = {"exporter": exporter, "importer": importer, "commodity": "all", "key": "new"}
    return with_rows(case, "barriers", [{**ends, **row}], "key")


def test_baseline_is_a_fixed_point(borderland: Case, small_base: CoupledBaseline) -> None:
    found = couple(borderland, small_base)
    assert (found.trade_costs.good == 1.0).all()
    assert found.value == pytest.approx(small_base.trade.goods["value_musd"].to_numpy(), rel=1e-12)
    assert found.trade.flow == pytest.approx(small_base.trade.baseline.flow, rel=1e-12)
    assert found.tonnes == pytest.approx(small_base.lanes.tonnes, rel=1e-12)
    assert found.convergence.iterations == 1
    assert found.convergence.residual == 0.0
    assert np.abs(found.economies()["welfare_pct"]).max() < 1e-10


def test_edit_of_neither_network_nor_policy_has_no_effect(
    borderland: Case, small_base: CoupledBaseline
) -> None:
    other = changed(borderland, {("economies", borderland.table("economies").index[0], "population"): 7})
    assert (couple(other, small_base).trade_costs.good == 1.0).all()


def test_longer_wait_costs_its_delay_times_the_value_of_time(wide: Case, wide_base: CoupledBaseline) -> None:
    found = couple(slower(wide, 240.0), wide_base)
    grain = cost_of(found, "XAA", "XAC", "grain")
    # Ten days at half a per cent of 240 USD/t a day: 12 USD/t whichever border it waits at.
    assert grain["after_usd_per_t"] - grain["before_usd_per_t"] == pytest.approx(12.0)
    ratio = (1.0 + grain["after_usd_per_t"] / 240.0) / (1.0 + grain["before_usd_per_t"] / 240.0)
    assert grain["cost_hat"] == pytest.approx(ratio, rel=1e-4)
    assert cost_of(found, "XAA", "XAC", "jewels")["cost_hat"] == 1.0
    assert cost_of(found, "XAA", "XAD")["cost_hat"] == pytest.approx(1.0, abs=1e-4)
    assert flow_of(found, "XAA", "XAC", "grain")["change_pct"] < -5.0
    assert welfare(found)["XAA"] < 0.0
    assert found.convergence.converged
    assert found.convergence.iterations < 10


def test_tonnes_stay_without_feedback(borderland: Case, small_base: CoupledBaseline) -> None:
    slow = slower(borderland, 240.0)
    found = couple(slow, small_base, CouplingSettings(feedback=False))
    assert (found.tonnes == small_base.lanes.tonnes).all()
    assert found.freight.result.demand.total == pytest.approx(small_base.freight.result.demand.total)
    assert found.convergence.iterations == 0
    coupled = couple(slow, small_base)
    # Freight that shifts from the border frees capacity there: costs rise less once tonnes follow.
    costs = (cost_of(run, "XAA", "XAC", "metal")["cost_hat"] for run in (coupled, found))
    assert next(costs) <= next(costs) + 1e-9


def test_tonnes_follow_value_in_prices_of_the_baseline(borderland: Case, small_base: CoupledBaseline) -> None:
    found = couple(slower(borderland, 240.0), small_base)
    flow = flow_of(found, "XAA", "XAC", "metal")
    wage = dict(zip(small_base.trade.baseline.economies, found.trade.wage_hat, strict=True))["XAA"]
    grown = flow["after_musd"] / flow["before_musd"] / wage
    assert flow["after_t"] / flow["before_t"] == pytest.approx(grown, rel=1e-9)
    carried = found.freight.result.demand.total
    assert carried == pytest.approx(found.tonnes.sum())


def test_prohibited_good_is_neither_sold_nor_shipped(borderland: Case, small_base: CoupledBaseline) -> None:
    found = couple(restricted(borderland, "XAC", "XAA", prohibited=True), small_base)
    flow = flow_of(found, "XAC", "XAA")
    assert flow["after_musd"] == 0.0
    assert flow["after_t"] == 0.0
    assert cost_of(found, "XAC", "XAA")["cut_off"]
    assert welfare(found)["XAA"] < 0.0
    assert flow_of(found, "XAB", "XAA")["after_musd"] > 24.0
    goods = couple(restricted(borderland, "XAA", "XAC", prohibited=True), small_base)
    for commodity in ("grain", "metal", "jewels"):
        assert flow_of(goods, "XAA", "XAC", commodity)["after_musd"] == 0.0
        assert cost_of(goods, "XAA", "XAC", commodity)["cut_off"]


def test_policy_is_added_to_carriage(borderland: Case, small_base: CoupledBaseline) -> None:
    found = couple(restricted(borderland, "XAA", "XAB", cost_pct=20.0), small_base)
    row = cost_of(found, "XAA", "XAB")
    before, after = (row[f"{when}_usd_per_t"] / row["value_usd_per_t"] for when in ("before", "after"))
    assert row["cost_hat"] == pytest.approx((1.0 + after + 0.2) / (1.0 + before), rel=1e-3)
    duty = couple(restricted(borderland, "XAA", "XAB", tariff_pct=20.0), small_base)
    assert cost_of(duty, "XAA", "XAB")["cost_hat"] == pytest.approx(1.0, abs=1e-3)
    table = duty.economies().set_index("economy")
    assert table.loc["XAB", "tariff_revenue"] == pytest.approx(
        0.2 * flow_of(duty, "XAA", "XAB")["after_musd"]
    )
    # A cost that no party receives harms the buyer more than a tariff that the treasury receives.
    assert welfare(found)["XAB"] < welfare(duty)["XAB"]


def test_doubled_non_tariff_costs_nearly_end_trade(borderland: Case, small_base: CoupledBaseline) -> None:
    found = couple(restricted(borderland, "XAA", "XAB", nontariff_factor=2.0), small_base)
    assert cost_of(found, "XAA", "XAB")["nontariff_hat"] > 1.2
    assert flow_of(found, "XAA", "XAB")["change_pct"] < -60.0


def test_economy_without_a_path_is_cut_off_and_listed(borderland: Case, small_base: CoupledBaseline) -> None:
    found = couple(closed(borderland, "sea_p_d"), small_base)
    lost = found.undelivered().set_index(KEYS)
    assert set(lost.index.get_level_values("exporter")) == {"XAA", "XAC", "XAD"}
    assert lost.loc[("XAA", "XAD", "all"), "tonnes"] == pytest.approx(9000.0)
    assert lost.loc[("XAA", "XAD", "all"), "value_musd"] == pytest.approx(24.0)
    assert not lost["in_base"].any()
    assert cost_of(found, "XAA", "XAD")["cost_hat"] == np.inf
    assert cost_of(found, "XAA", "XAD")["closed_share"] == 1.0
    table = found.economies().set_index("economy")
    assert table.loc["XAD", "domestic_share"] == pytest.approx(1.0)
    assert found.freight.result.undelivered.empty


def test_zones_without_a_path_have_infinite_cost(borderland: Case, small_base: CoupledBaseline) -> None:
    # The second zone of the first economy, a quarter of its trade, reaches the third one no more.
    found = couple(closed(borderland, "rail_a_ab", "road_a_ab", "road_b_c"), small_base)
    row = cost_of(found, "XAA", "XAC", "metal")
    assert row["closed_share"] == pytest.approx(0.25)
    same_cost = 0.75 ** (-1 / 5)
    assert row["cost_hat"] == pytest.approx(same_cost, rel=0.02)
    flow = flow_of(found, "XAA", "XAC", "metal")
    lost = found.undelivered().set_index(KEYS)
    assert lost.loc[("XAA", "XAC", "metal"), "tonnes"] == pytest.approx(0.25 * flow["before_t"])
    assert flow["after_t"] == pytest.approx(
        found.tonnes[found.baseline.lanes.good == _good(found, "metal")].sum()
    )


def _good(found: CoupledResult, commodity: str) -> int:
    goods = found.baseline.trade.goods
    here = goods["exporter"].eq("XAA") & goods["importer"].eq("XAC") & goods["commodity"].eq(commodity)
    return int(np.flatnonzero(here)[0])


def test_opened_link_raises_no_cost(wide: Case, wide_base: CoupledBaseline) -> None:
    # Without queues, that is.
    opened = changed(wide, {("links", "road_b_p_new", "status"): "operating"})
    hats = couple(opened, wide_base).trade_costs.good
    assert (hats <= 1.0 + 1e-12).all()
    assert (hats < 1.0 - 1e-6).any()
    back = make_baseline(opened)
    assert (couple(wide, back).trade_costs.good >= 1.0 - 1e-12).all()


def test_order_of_rows_does_not_matter(tmp_path: Path, borderland: Case, small_base: CoupledBaseline) -> None:
    mixed = case_of(write_borderland(tmp_path / "mixed", lambda _table, rows: rows[::-1]))
    first = couple(slower(borderland, 240.0), small_base)
    second = couple(slower(mixed, 240.0), make_baseline(mixed))
    assert welfare(second) == pytest.approx(welfare(first), abs=1e-5)


def test_loop_that_does_not_converge_raises(borderland: Case, small_base: CoupledBaseline) -> None:
    with pytest.raises(NotConvergedError, match="cost of carrying a good") as raised:
        couple(slower(borderland, 240.0), small_base, CouplingSettings(most_rounds=1))
    assert raised.value.convergence.iterations == 1


def test_baseline_of_other_trade_raises(borderland: Case, small_base: CoupledBaseline) -> None:
    trade = borderland.table("trade")
    fewer = replace(borderland, frames=MappingProxyType({**borderland.frames, "trade": trade.iloc[:-1]}))
    with pytest.raises(InputError, match="other goods, or from other zones, than its baseline"):
        couple(fewer, small_base)


def test_zero_imbalances_raise(borderland: Case, small_base: CoupledBaseline) -> None:
    with pytest.raises(InputError, match="'additive' or 'multiplicative'"):
        couple(borderland, small_base, CouplingSettings(trade=TradeSettings(imbalance="zero")))
    balanced = couple(
        borderland, small_base, CouplingSettings(trade=TradeSettings(imbalance="multiplicative"))
    )
    assert np.abs(balanced.economies()["welfare_pct"]).max() < 1e-9


def test_assignment_without_route_choice_raises(borderland: Case) -> None:
    with pytest.raises(InputError, match="expected algorithm 'sue'"):
        make_baseline(borderland, CouplingSettings(freight=AssignmentSettings(algorithm="ue")))
