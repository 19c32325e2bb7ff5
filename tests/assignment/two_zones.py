"""A network of two zones with coordinates, and demand of two classes, assigned."""

from __future__ import annotations

import pandas as pd

from sogdia.assignment import AssignmentResult, AssignmentSettings, assign, make_demand, make_network


def two_zone_result() -> AssignmentResult:
    arcs = pd.DataFrame({"from": ["a", "a", "b"], "to": ["b", "b", "a"], "free_flow_cost": [1.0, 2.0, 1.0]})
    arcs = arcs.assign(delay="power", delay_scale=1.0, capacity=10.0, delay_power=4.0)
    places = {"a": (60.0, 40.0), "b": (61.5, 41.25)}
    for end in ("from", "to"):
        arcs[f"{end}_x"] = [places[name][0] for name in arcs[end]]
        arcs[f"{end}_y"] = [places[name][1] for name in arcs[end]]
    network = make_network(arcs)
    table = pd.DataFrame({"origin": ["a", "a", "b"], "destination": ["b", "b", "a"]})
    table = table.assign(flow=[10.0, 20.0, 5.0]).assign(**{"class": ["coal", "dry goods", "coal"]})
    return assign(network, make_demand(table, network), AssignmentSettings(gap=1e-10))
