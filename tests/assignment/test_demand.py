"""Demand from tables: sums, classes, costs by class, errors in the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import Demand, make_demand, make_network
from sogdia.assignment.demand import free_flow_costs
from sogdia.errors import FaultsError

NETWORK = make_network(
    pd.DataFrame({"from": ["a", "b", "b"], "to": ["b", "a", "c"], "free_flow_cost": [1.0, 2.0, 4.0]})
)


def demand(**options: object) -> Demand:
    rows = [("a", "b", "x", 1.0), ("a", "b", "x", 2.0), ("b", "c", "y", 4.0), ("a", "a", "x", 8.0)]
    table = pd.DataFrame([*rows, ("b", "a", "y", 0.0)], columns=["origin", "destination", "class", "flow"])
    return make_demand(table, NETWORK, **options)  # type: ignore[arg-type]


def faults_of(table: pd.DataFrame, **options: object) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        make_demand(table, NETWORK, **options)  # type: ignore[arg-type]
    return [str(fault) for fault in caught.value.faults]


def test_invalid_row_is_reported_with_line_and_column() -> None:
    table = pd.DataFrame({"origin": ["a", "z", "a"], "destination": "b", "flow": [-1.0, 1.0, np.nan]})
    assert faults_of(table) == [
        "demand:3 origin: unknown zone 'z'; one of a, b, c",
        "demand:2 flow: -1.0 is not a flow; expected a finite number >= 0",
        "demand:4 flow: nan is not a flow; expected a finite number >= 0",
    ]


def test_negative_class_cost_is_reported_with_its_class() -> None:
    table = pd.DataFrame({"origin": ["a"], "destination": ["b"], "class": ["x"], "flow": [1.0]})
    assert faults_of(table, class_cost={"x": np.array([-1.0, 0.0, 0.0])}, file="trips") == [
        "trips class_cost: costs of class x are negative or not numbers; expected costs >= 0"
    ]


def test_repeated_rows_are_added_and_flows_within_a_zone_left_out() -> None:
    built = demand()
    assert built.table.to_numpy().tolist() == [["a", "b", "x", 3.0], ["b", "c", "y", 4.0]]
    assert built.classes == ("x", "y")
    assert built.total == 7.0


def test_class_cost_is_added_to_free_flow_cost() -> None:
    costs = free_flow_costs(NETWORK, demand(class_cost={"y": np.array([10.0, np.inf, 0.0])}))
    # Classes with costs come first.
    assert costs.tolist() == [[11.0, np.inf, 4.0], [1.0, 2.0, 4.0]]
    assert free_flow_costs(NETWORK, demand()).tolist() == [[1.0, 2.0, 4.0]] * 2


def test_value_of_time_is_one_by_default() -> None:
    assert demand(value_of_time={"y": 20.0}).value_of_time.tolist() == [1.0, 20.0]


def test_subset_and_other_classes_have_the_codes_of_a_new_demand() -> None:
    built = demand()
    part = built.subset(np.array([False, True]), np.array([0.0, 5.0]))
    assert part.table.to_numpy().tolist() == [["b", "c", "y", 5.0]]
    other = built.with_classes(("all",), np.zeros(2, np.int64), None, np.ones(1))
    assert other.table["class"].tolist() == ["all", "all"]
    for one in (part, other):
        new = one.with_table(one.table)
        for mine, theirs in zip(one.indices(NETWORK), new.indices(NETWORK), strict=True):
            np.testing.assert_array_equal(mine, theirs)
