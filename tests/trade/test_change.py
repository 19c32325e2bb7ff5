"""Shocks read from frames, their faults, and arrays that do not fit the baseline."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.errors import InputError, UnknownNameError
from sogdia.trade import Baseline, Change, TradeSettings, solve

from .worlds import FLOW_COLUMNS, TWO_SECTORS, faults_of, table


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return Baseline.from_frames(table(list(TWO_SECTORS), FLOW_COLUMNS), 4.0)


def test_faults_of_a_change_are_reported_together(baseline: Baseline) -> None:
    costs = table([("A", "B", 0.0), ("A", "X", 2.0), ("A", "B", 3.0)], ["exporter", "importer", "factor"])
    productivity = table([("A", "food", np.inf), ("A", "gas", 1.0)], ["economy", "sector", "factor"])
    assert faults_of(lambda: Change.from_frames(baseline, costs, None, productivity)) == [
        "costs:4 importer: A B is already in line 2",
        "costs:3 importer: 'X' is not in the flows; one of A, B",
        "costs:2 factor: 0.0 is out of range; expected a number > 0",
        "productivity:3 sector: 'gas' is not in the flows; one of food, fuel",
        "productivity:2 factor: 'inf' is not a number; leave it empty if not known",
    ]


def test_most_specific_row_applies(baseline: Baseline) -> None:
    rows = [("A", "B", "food", 4.0), ("*", "*", "all", 2.0), ("A", "B", "all", 3.0), ("*", "B", "fuel", 5.0)]
    columns = ["exporter", "importer", "sector", "factor"]
    for order in (rows, rows[::-1]):
        cost_hat = Change.from_frames(baseline, table(list(order), columns)).cost_hat
        assert cost_hat.tolist() == [[[1.0, 4.0], [2.0, 1.0]], [[1.0, 5.0], [2.0, 1.0]]]


def test_arrays_or_numeraire_that_do_not_fit_raise(baseline: Baseline) -> None:
    with pytest.raises(InputError, match="shape"):
        solve(baseline, Change(np.ones((1, 2, 2))))
    with pytest.raises(InputError, match="out of range"):
        solve(baseline, Change(np.zeros((2, 2, 2))))
    with pytest.raises(InputError, match="out of range"):
        solve(baseline, Change(np.ones((2, 2, 2)), np.full((2, 2, 2), -0.1)))
    with pytest.raises(UnknownNameError, match="'Bee'"):
        solve(baseline, Change.none(baseline), TradeSettings(numeraire="Bee"))
