"""Rules for data that a model cannot use as they are: negative final demand, small negatives, deficits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.errors import InputError
from sogdia.trade import Baseline, Change, TradeSettings, rebase, solve

from .worlds import FLOW_COLUMNS, TIGHT, faults_of, random_change, random_world, table, two

FOOD = [("A", "A", 60.0), ("A", "B", 30.0), ("B", "A", 20.0), ("B", "B", 50.0)]
FUEL = [("A", "A", 90.0), ("A", "B", 10.0), ("B", "B", 70.0), ("B", "A", 10.0)]
FLOWS = table(
    [(i, j, k, x) for k, rows in (("food", FOOD), ("fuel", FUEL)) for i, j, x in rows], FLOW_COLUMNS
)
INPUTS = table(
    [("A", "food", "food", 0.5), ("A", "fuel", "food", 0.45)], ["economy", "sector", "input", "share"]
)
"""A uses 0.5 · 90 + 0.45 · 100 = 90 of food and buys 80: its final demand for food is −10."""


def baseline(final: str) -> Baseline:
    return Baseline.from_frames(FLOWS, 4.0, intermediate=INPUTS, final=final)  # type: ignore[arg-type]


def test_residual_final_demand_keeps_its_sign_and_the_base_year() -> None:
    given = baseline("residual")
    assert given.final_demand[:, 0] == pytest.approx([-10.0, 100.0])
    assert solve(given, Change.none(given)).flow == pytest.approx(given.flow, rel=1e-12)
    (row,) = given.report[given.report["rule"] == "negative final demand"].itertuples()
    assert (row.economy, row.sector) == ("A", "food")
    assert row.value == pytest.approx(-10.0)
    assert given.adjustments.empty
    assert solve(given, Change.none(given)).to_baseline().final_rule == "residual"


def test_residual_final_demand_above_inputs_in_the_counterfactual_raises() -> None:
    # B alone uses food as input: 0.6 of its fuel of 100. It buys 40, and cut off from its buyer needs less.
    food, fuel = [("A", "A", 20.0), ("B", "B", 40.0)], [("A", "A", 20.0), ("A", "B", 10.0), ("B", "A", 80.0)]
    rows = [(i, j, k, x) for k, part in (("food", food), ("fuel", fuel)) for i, j, x in part]
    used = table([("B", "fuel", "food", 0.6)], ["economy", "sector", "input", "share"])
    flows = table([*rows, ("B", "B", "fuel", 20.0)], FLOW_COLUMNS)
    given = Baseline.from_frames(flows, 4.0, intermediate=used, final="residual")
    assert given.final_demand[:, 1] == pytest.approx([-20.0, 30.0])
    cost = np.ones(given.flow.shape)
    cost[:, 0, 1] = cost[:, 1, 0] = np.inf
    with pytest.raises(InputError, match="B food: negative final demand exceeds purchases of inputs"):
        solve(given, Change(cost))


def test_clipped_final_demand_lists_each_cell() -> None:
    given = baseline("clipped")
    cells = given.adjustments.set_index("sector")
    assert set(cells["table"]) == {"final demand"}
    assert set(cells["economy"]) == {"A"}
    assert cells["before"].to_dict() == pytest.approx({"food": -10.0, "fuel": 100.0})
    assert cells["after"].to_dict() == pytest.approx({"food": 0.0, "fuel": 90.0})


def test_rebased_clipped_base_year_is_an_equilibrium() -> None:
    start = rebase(baseline("clipped"), "keep", TIGHT)
    assert solve(start, Change.none(start)).convergence.iterations == 1
    assert start.imbalance == pytest.approx(baseline("clipped").imbalance, abs=1e-8)


def test_first_solution_without_deficits_then_the_shock_equals_two_solutions() -> None:
    world = random_world(31, with_inputs=True, with_tariffs=True)
    start = rebase(world, "zero", TIGHT)
    assert np.abs(start.imbalance).max() < 1e-9 * start.value_added.max()
    assert np.abs(world.imbalance).max() > 1e-3 * world.value_added.max()
    change = random_change(31, world)
    no_deficits = TIGHT.model_copy(update={"imbalance": "zero"})
    at_once = solve(world, change, no_deficits).welfare_hat
    ended = solve(world, Change.none(world), no_deficits).welfare_hat
    assert solve(start, change, TIGHT).welfare_hat * ended == pytest.approx(at_once, rel=1e-8)
    assert rebase(world, "none") is world


def test_small_negative_flow_is_set_to_zero_and_listed() -> None:
    rows: list[tuple[object, ...]] = [("A", "C", -0.4), ("C", "C", 50.0), ("B", "C", 1.0), ("C", "A", 1.0)]
    flows = pd.concat([two(), table(rows, ["exporter", "importer", "value"])], ignore_index=True)
    (fault,) = faults_of(lambda: Baseline.from_frames(flows, 4.0))
    assert fault == "flows:6 value: -0.4 is out of range; expected a number >= 0"
    given = Baseline.from_frames(flows, 4.0, negative="zero")
    (row,) = given.adjustments.itertuples(index=False)
    assert tuple(row) == ("small negative value set to 0", "flows", "A", "C", "all", "", -0.4, 0.0)
    assert given.flow[0, 0, 2] == 0.0
    (fault,) = faults_of(lambda: Baseline.from_frames(flows, 4.0, negative="zero", negative_share=0.005))
    fix = "correct the cell, or raise the share that counts as small"
    assert fault == f"flows:6 value: -0.4 is negative and above 0.50% of purchases; {fix}"


def test_small_negative_input_is_set_to_zero_and_the_others_scaled() -> None:
    used = [("food", "food", 0.302), ("food", "fuel", -0.002), ("fuel", "fuel", 0.2)]
    inputs = table([(i, *row) for i in "AB" for row in used], ["economy", "sector", "input", "share"])
    given = Baseline.from_frames(FLOWS, 4.0, intermediate=inputs, negative="zero")
    assert given.input_share is not None
    assert given.input_share[0, :, 0] == pytest.approx([0.3, 0.0])
    assert given.value_added_share[0] == pytest.approx(0.7)
    changed = given.adjustments[given.adjustments["economy"] == "B"].set_index("input")
    assert changed["before"].to_dict() == {"food": 0.302, "fuel": -0.002}
    assert changed["after"].to_dict() == pytest.approx({"food": 0.3, "fuel": 0.0})
    large = inputs.replace(-0.002, -0.05)
    faults = faults_of(lambda: Baseline.from_frames(FLOWS, 4.0, intermediate=large, negative="zero"))
    assert [fault.split(":")[1].split()[0] for fault in faults] == ["3", "6"]


@pytest.mark.parametrize(
    ("values", "message"), [(("drop", 0.01), "error, zero"), (("zero", 2.0), "expected 0 to 1")]
)
def test_invalid_rule_for_negative_values_raises(values: tuple[str, float], message: str) -> None:
    rule, share = values
    with pytest.raises(InputError, match=message):
        Baseline.from_frames(two(), 4.0, negative=rule, negative_share=share)  # type: ignore[arg-type]


def test_price_index_as_numeraire_is_one_and_changes_no_real_result() -> None:
    world = random_world(32, with_inputs=True, with_tariffs=True)
    change = random_change(32, world)
    real = solve(world, change, TIGHT).welfare_hat
    for numeraire, index in (("price:e02", 2), ("price:world", None)):
        result = solve(world, change, TradeSettings(numeraire=numeraire, tolerance=1e-13))
        weight = world.final_expenditure if index is None else np.eye(6)[index]
        assert weight @ result.consumer_price_hat == pytest.approx(weight.sum(), rel=1e-12)
        assert result.welfare_hat == pytest.approx(real, rel=1e-10)
    with pytest.raises(InputError, match=r"no numeraire is called 'price:e99'; did you mean price:e"):
        solve(world, change, TradeSettings(numeraire="price:e99"))


def test_matrix_in_a_file_has_a_column_for_each_importer() -> None:
    wide = table([("A", 80, 20), ("B", 20, 80)], ["exporter", "A", "B"])
    assert Baseline.from_frames(wide, 4.0).flow == pytest.approx(Baseline.from_frames(two(), 4.0).flow)
    named = table([("A", "food", 0.5, 0.45), ("A", "fuel", 0.0, 0.1)], ["economy", "input", "food", "fuel"])
    tidy = named.melt(id_vars=["economy", "input"], var_name="sector", value_name="share")
    given, expected = (
        Baseline.from_frames(FLOWS, 4.0, intermediate=t, final="clipped") for t in (named, tidy)
    )
    assert given.final_demand == pytest.approx(expected.final_demand)
    wide.index = pd.Index([7, 9], name="line")
    wide["B"] = pd.Series(["x", "80"], index=wide.index)
    text = "flows:7 value: 'x' is not a number; leave it empty if not known"
    assert faults_of(lambda: Baseline.from_frames(wide, 4.0)) == [text]
