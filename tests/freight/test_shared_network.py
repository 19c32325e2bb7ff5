"""Baseline and case on one network: arcs and classes of both, and their identity."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case
from sogdia.freight import assign_freight, build_supernetwork
from sogdia.freight.shared_network import SharedNetwork, same_network, share_network, stochastic
from sogdia.freight.variant import variant_of

from .borderland import changed, restriction, with_rows
from .networks import SUE


def shared_with(base: Case, case: Case) -> SharedNetwork:
    freight = assign_freight(base, SUE)
    variant = variant_of(freight.supernetwork, case)
    assert variant is not None
    rows = np.arange(len(freight.supernetwork.demand.table))
    return share_network(freight.supernetwork, variant, rows, stochastic(freight.result).paths, SUE)


def test_classes_differ_where_they_differ_in_either_case(borderland: Case) -> None:
    base = with_rows(borderland, "restrictions", [restriction("old", "link", "road_b_p", "XAD")], "id")
    case = with_rows(borderland, "restrictions", [restriction("new", "place", "ac", "XAC", "road")], "id")
    shared = shared_with(base, case)
    classes = shared.case.classes
    assert classes.index.tolist() == [
        "all", "all|new~", "all|new~old", "all|~old", "crude_oil|new~", "grain|new~", "metal|new~",
    ]  # fmt: skip
    assert list(classes.loc["all|new~old"]) == ["all", "new~old", "", ""]
    assert classes.equals(shared.base.classes)
    rows = shared.case.identified(shared.case.demand)
    both = rows.loc[rows["class"] == "all|new~old", ["exporter", "importer"]]
    assert set(both.itertuples(index=False, name=None)) == {("XAC", "XAD")}


def test_arcs_of_either_case_are_closed_in_the_other(borderland: Case) -> None:
    cells = {("links", "road_b_p", "status"): "suspended", ("links", "road_b_p_new", "status"): "operating"}
    shared = shared_with(borderland, changed(borderland, cells))
    arcs = shared.base.network.arcs
    for column in ("link_id", "rows", "commodity"):
        assert arcs[column].equals(shared.case.network.arcs[column])
    for supernetwork, own, other in (
        (shared.base, "road_b_p", "road_b_p_new"),
        (shared.case, "road_b_p_new", "road_b_p"),
    ):
        assert supernetwork.demand.class_cost is not None
        is_open = np.isfinite(supernetwork.demand.class_cost)
        assert is_open[:, arcs["link_id"] == own].all()
        assert not is_open[:, arcs["link_id"] == other].any()
        assert tuple(supernetwork.nodes.index) == supernetwork.network.nodes


@pytest.mark.parametrize(
    ("cell", "value", "is_same"),
    [
        (("pipelines", "oil_c_b", "name"), "Elsewhere", True),
        (("links", "road_b_p", "speed_kmh"), 44.0, False),
    ],
)
def test_same_network_compares_arcs_and_costs(
    borderland: Case, cell: tuple[str, str, str], value: object, is_same: bool
) -> None:
    known = build_supernetwork(borderland)
    variant = variant_of(known, changed(borderland, {cell: value}))
    assert variant is not None
    assert same_network(known, variant) == is_same
