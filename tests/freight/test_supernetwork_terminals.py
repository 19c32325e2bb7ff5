"""Access of zones, ports and pipelines, computed by hand on the small region."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case
from sogdia.freight import Supernetwork

from .networks import arcs_of, build_with, only_arc


def test_zone_reaches_the_road_free_and_other_modes_by_loading(supernetwork: Supernetwork) -> None:
    def access(start: str, end: str) -> tuple[float, float]:
        there, back = only_arc(supernetwork, start, end), only_arc(supernetwork, end, start)
        assert (there["time_h"], there["usd_per_t_general"]) == (back["time_h"], back["usd_per_t_general"])
        return float(there["time_h"]), float(there["usd_per_t_general"])

    assert access("zone a/XAA", "a/road") == (0.0, 0.0)
    assert access("zone a/XAA", "a/rail/1520") == (8.0, 3.0), "the place's own transfer"
    assert access("zone b/XAB", "b/rail/1435") == (12.0, 4.0), "the median of those that operate"
    assert access("zone d/XAD", "d/sea") == (48.0, 6.0)


def test_closed_terminal_gives_no_access(borderland: Case) -> None:
    built = build_with(borderland, **{"transfers__c-road-rail__status": "closed"})
    table = arcs_of(built, kind="access", mode="rail")
    assert not table["from"].str.startswith("zone c/").any()
    assert only_arc(built, "zone b/XAB", "b/rail/1435")["time_h"] == 8.0, (
        "the median is of the remaining transfer"
    )


def test_rows_of_one_port_share_capacity_and_delay(supernetwork: Supernetwork) -> None:
    sea = arcs_of(supernetwork, row="transfers/p/road/sea"), arcs_of(supernetwork, row="transfers/p/sea/road")
    rail = arcs_of(supernetwork, row="transfers/p/rail/sea", cargo="container")
    groups = [table["group"].item() for table in (*sea, rail)]
    assert groups[0] == groups[1] != groups[2]
    assert [table["capacity"].item() for table in (*sea, rail)] == [400000.0, 400000.0, 300000.0]
    assert [table["delay_scale"].item() for table in sea] == [50.0, 50.0], (
        "the middle of their dwells, in common"
    )
    assert [table["free_flow_cost"].item() for table in sea] == [48.0, 52.0], "each its own dwell"


def test_pipeline_carries_its_own_commodity_in_one_direction(supernetwork: Supernetwork) -> None:
    (pipe,) = supernetwork.network.arcs[supernetwork.network.arcs["kind"] == "pipeline"].to_dict("records")
    assert (pipe["from"], pipe["to"]) == ("c/pipeline/crude_oil", "b/pipeline/crude_oil")
    assert (pipe["capacity"], pipe["commodity"], pipe["length_km"]) == (3e6, "crude_oil", 400.0)
    assert pipe["usd_per_t_liquid_bulk"] == pytest.approx(0.005 * 400)
    assert supernetwork.demand.class_cost is not None
    own = (supernetwork.network.arcs["commodity"] == "crude_oil").to_numpy()
    any_cargo = (supernetwork.network.arcs["cargo"] == "").to_numpy()
    for name, costs in zip(supernetwork.demand.classes, supernetwork.demand.class_cost, strict=True):
        assert np.isinf(costs[own]).all() == (name != "crude_oil")
        assert np.isfinite(costs[~own & any_cargo]).all()
    ends = supernetwork.network.arcs[(supernetwork.network.arcs["kind"] == "access") & own]
    assert {name.split("/")[0] for name in ends.loc[ends["to"].str.contains("pipeline"), "from"]} == {
        "c",
        "zone c",
    }
