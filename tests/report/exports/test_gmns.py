"""Freight network of a case as GMNS."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sogdia import build_case, load_plan, load_region, load_scenario
from sogdia.report.exports.gmns import write_case_gmns
from sogdia.tables import cell

NODE = {"node_id", "x_coord", "y_coord"}
LINK = {"link_id", "from_node_id", "to_node_id", "directed"}
"""Columns that the General Modeling Network Specification requires."""


def test_network_has_the_columns_that_gmns_requires(tmp_path: Path) -> None:
    region = load_region("central_asia")
    case = build_case(region, load_plan("as_is", region), load_scenario("reference", region))
    written = write_case_gmns(case, tmp_path)
    assert [path.name for path in written] == ["node.csv", "link.csv", "zone.csv"]
    nodes, links, zones = (pd.read_csv(path) for path in written)
    assert not nodes[sorted(NODE)].isna().any(axis=None)
    assert not links[sorted(LINK)].isna().any(axis=None)
    assert nodes["node_id"].is_unique
    assert links["link_id"].is_unique
    assert set(links["from_node_id"]) | set(links["to_node_id"]) <= set(nodes["node_id"])
    assert set(zones["zone_id"]) == set(nodes["zone_id"].dropna())
    coordinates = nodes.set_index("node_id")
    places = case.table("places")
    for node, place in (("alashankou/rail/1435", "alashankou"), ("zone aini/TJK", "aini")):
        assert cell(coordinates, node, "x_coord") == cell(places, place, "lon")
        assert cell(coordinates, node, "y_coord") == cell(places, place, "lat")
    assert links.groupby("facility_type")["length"].max()["rail"] > 0.0
