"""Networks from tables of arcs: defaults, delay functions by capacity group, errors in the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import make_network
from sogdia.errors import FaultsError


def arcs(**columns: list[object]) -> pd.DataFrame:
    table = pd.DataFrame({"from": ["a", "b"], "to": ["b", "a"], "free_flow_cost": 1.0, "delay": "power"})
    return table.assign(delay_scale=1.0, capacity=10.0, delay_power=4.0).assign(**columns)  # type: ignore[arg-type]


def faults_of(table: pd.DataFrame, **options: list[str]) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        make_network(table, **options)  # type: ignore[arg-type]
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"capacity": [10.0, -1.0]}, "arcs:3 capacity: -1.0 is negative; expected a number >= 0"),
        ({"capacity": [10.0, 0.0]}, "arcs:3 capacity: 0.0 is no capacity; a delay needs a capacity > 0"),
        ({"free_flow_cost": [np.nan, 1.0]}, "arcs:2 free_flow_cost: nan is not a finite number"),
        (
            {"delay": ["power", "queue"]},
            "arcs:3 delay: unknown delay function 'queue'; one of none, power, conical",
        ),
        (
            {"delay": ["power", "conical"], "delay_power": [4.0, 1.0]},
            "arcs:3 delay_power: 1.0 is not a steepness; a conical delay needs one > 1",
        ),
        (
            {"group": ["g", "g"], "delay_scale": [1.0, 2.0]},
            "arcs:2 group: arcs of group 'g' differ in their delay; expected one delay function, scale, "
            "capacity, power and preload for the group",
        ),
    ],
)
def test_invalid_arc_is_reported_with_line_and_column(columns: dict[str, list[object]], message: str) -> None:
    assert message in faults_of(arcs(**columns))


def test_arc_to_unknown_node_is_reported() -> None:
    assert faults_of(arcs(), nodes=["a"]) == ["arcs:3 from: unknown node 'b'", "arcs:2 to: unknown node 'b'"]


def test_unknown_zone_or_through_node_is_reported_with_suggestions() -> None:
    faults = faults_of(arcs(), zones=["a", "z"], no_through=["y"])
    assert faults == [
        "arcs no_through: unknown node 'y'; one of a, b",
        "arcs zones: unknown node 'z'; one of a, b",
    ]


def test_missing_columns_take_their_defaults() -> None:
    network = make_network(pd.DataFrame({"from": [1, 2], "to": [2, 1], "free_flow_cost": 1.0}))
    assert network.nodes == network.zones == ("1", "2")
    assert network.groups == ("0", "1")
    assert network.delays.kind.tolist() == [0, 0]
    assert network.through.all()


def test_arcs_of_a_group_share_one_delay_function() -> None:
    network = make_network(arcs(group=["gate", "gate"]))
    assert network.groups == ("gate",)
    assert network.graph.group.tolist() == [0, 0]
    assert network.delays.capacity.tolist() == [10.0]
