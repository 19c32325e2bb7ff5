"""Named counterfactuals from one table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.trade import Baseline, Change, TradeSettings, read_changes, solve, solve_batch, solve_many
from sogdia.trade.solve import MANY

from .worlds import faults_of, random_world, table, two, with_rents

COLUMNS = ["counterfactual", "exporter", "importer", "factor"]


def test_each_counterfactual_equals_its_own_solution() -> None:
    world = random_world(61, with_inputs=True, with_tariffs=True)
    given = [("low", "e00", "e01", 1.1), ("cut", "e02", "*", np.inf), ("*", "e03", "e04", 1.2)]
    costs = table(list(given), COLUMNS)
    tariffs = table([("cut", "e01", "e00", 30.0)], ["counterfactual", "exporter", "importer", "tariff_pct"])
    factors = table([("e05", "s00", 1.1)], ["economy", "sector", "factor"])
    changes = read_changes(world, costs, tariffs, factors)
    batch = solve_batch(world, changes)
    assert list(batch.results) == ["low", "cut"]
    parts = {name: costs[costs["counterfactual"].isin([name, "*"])][COLUMNS[1:]] for name in batch.results}
    own = {
        "low": Change.from_frames(world, parts["low"], None, factors),
        "cut": Change.from_frames(world, parts["cut"], tariffs[[*COLUMNS[1:3], "tariff_pct"]], factors),
    }
    economies = batch.economies()
    for name, change in own.items():
        expected = solve(world, change)
        rows = economies[economies["counterfactual"] == name].drop(columns="counterfactual")
        pd.testing.assert_frame_equal(rows.reset_index(drop=True), expected.economies())
    assert set(batch.report()["counterfactual"]) == {"cut"}
    for rows in (batch.flows(), batch.sectors(), batch.welfare()):
        assert list(rows["counterfactual"].unique()) == ["low", "cut"]


def test_faults_keep_their_lines_and_are_listed_once() -> None:
    baseline = Baseline.from_frames(two(), 4.0)
    costs = table([("x", "A", "B", 1.1), ("y", "A", "Z", 1.2), ("*", "A", "A", -1.0)], COLUMNS)
    assert faults_of(lambda: read_changes(baseline, costs)) == [
        "costs:4 factor: -1.0 is out of range; expected a number > 0",
        "costs:3 importer: 'Z' is not in the flows; one of A, B",
    ]
    costs = table([("", "A", "B", 1.1)], COLUMNS)
    assert faults_of(lambda: read_changes(baseline, costs)) == ["costs:2 counterfactual: the name is missing"]
    costs = table([("*", "A", "B", 1.1)], COLUMNS)
    assert faults_of(lambda: read_changes(baseline, costs)) == [
        "costs:1 counterfactual: no counterfactual is named"
    ]


@pytest.mark.parametrize("name", [3, 3.0, "3"])
def test_number_as_name_is_text(name: object) -> None:
    baseline = Baseline.from_frames(two(), 4.0)
    assert list(read_changes(baseline, table([(name, "A", "B", 1.1)], COLUMNS))) == ["3"]


def test_batch_by_response_of_base_year_agrees_with_single_solutions() -> None:
    world = with_rents(random_world(62, with_inputs=True, with_tariffs=True), 62)
    rng = np.random.default_rng(3)
    costs = np.exp(rng.normal(0.0, 0.1, (MANY, *world.flow.shape)))
    costs[3, :, 0, 1:] = costs[3, :, 1:, 0] = np.inf
    costs[5, 0, :, :] = np.inf
    costs[7] = np.inf
    ends = np.arange(len(world.economies))
    costs[:, :, ends, ends] = 1.0
    changes = [Change(cost) for cost in costs]
    for rule in ("additive", "multiplicative"):
        settings = TradeSettings(imbalance=rule)
        single = [solve(world, change, settings) for change in changes]
        batch = solve_many(world, changes, settings)
        for found, expected in zip(batch, single, strict=True):
            assert found.welfare_hat == pytest.approx(expected.welfare_hat, rel=1e-8)
            assert found.rent_hat == pytest.approx(expected.rent_hat, rel=1e-7)
        steps, more = (sum(r.convergence.iterations for r in found[8:]) for found in (batch, single))
        assert steps < 0.7 * more
