"""Network and demand of a case: nodes, provenance of arcs, invalid input."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.errors import InputError
from sogdia.freight import Supernetwork, build_supernetwork, calibrated_network

from .borderland import changed
from .networks import UNCALIBRATED, arcs_of, build_with


def test_nodes_are_places_by_mode_and_rail_by_gauge(supernetwork: Supernetwork) -> None:
    places = [name for name in supernetwork.network.nodes if ">" not in name]
    assert sorted(places) == [
        "a/rail/1520", "a/road", "ab/rail/1520", "ab/road", "ac/rail/1435", "ac/rail/1520", "ac/road",
        "b/pipeline/crude_oil", "b/rail/1435", "b/rail/1520", "b/road", "c/pipeline/crude_oil",
        "c/rail/1435", "c/road", "d/sea", "p/rail/1435", "p/road", "p/sea",
        "zone a/XAA", "zone ab/XAA", "zone b/XAB", "zone c/XAC", "zone d/XAD",
    ]  # fmt: skip
    passed = dict(zip(supernetwork.network.nodes, supernetwork.network.through, strict=True))
    assert [name for name, through in passed.items() if not through] == sorted(
        name for name in places if name.startswith("zone")
    )


def test_change_of_gauge_without_price_is_free_and_remarked(borderland: Case) -> None:
    assert build_supernetwork(borderland, UNCALIBRATED).remarks == ()
    built = build_with(
        borderland,
        **{
            "links__rail_a_ab__gauge_mm": 1435,
            "links__rail_ab_b__gauge_mm": 1435,
            "crossings__ab-XAA-XAB-rail__gauge_change": False,
            "crossings__ab-XAB-XAA-rail__gauge_change": False,
            "transfers__ac-rail-rail__place": "p",
            "crossings__ac-XAA-XAC-rail__place": "c",
            "crossings__ac-XAC-XAA-rail__place": "c",
        },
    )
    (remark,) = built.remarks
    assert remark == "change of gauge at a: no row prices it, so it is free"
    table = arcs_of(built, row="places/a")
    assert set(zip(table["from"], table["to"], strict=True)) == {
        ("a/rail/1435", "a/rail/1520"),
        ("a/rail/1520", "a/rail/1435"),
    }
    assert table["time_h"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("status", ["planned", "closed", "construction"])
def test_row_that_does_not_operate_makes_no_arc(borderland: Case, status: str) -> None:
    rows = {
        "links": "rail_a_ac",
        "crossings": "ab/XAA/XAB/road",
        "transfers": "p/road/sea",
        "pipelines": "oil_c_b",
    }
    for table, row in rows.items():
        built = build_supernetwork(changed(borderland, {(table, row, "status"): status}), UNCALIBRATED)
        kinds = ["haul", "crossing", "transfer", "pipeline"]
        arcs = built.network.arcs[built.network.arcs["kind"].isin(kinds)]
        assert not arcs["rows"].map(lambda rows, key=f"{table}/{row}": key in rows).any()


def unresolved(built: Supernetwork, case: Case) -> set[str]:
    """Return rows that arcs name and the case does not have."""
    rows = {row for cell in built.network.arcs["rows"] for row in cell}
    assert "" not in rows
    known = {table: set(map(str, case.table(table).index)) for table in {row.split("/")[0] for row in rows}}
    return {row for row in rows if row.partition("/")[2] not in known[row.split("/")[0]]}


def test_arcs_and_nodes_have_their_identity_in_columns(supernetwork: Supernetwork) -> None:
    arcs, nodes = supernetwork.network.arcs, supernetwork.nodes
    ids = ["link_id", "crossing_id", "transfer_id", "pipeline_id", "place", "commodity"]
    by_kind = {
        kind: {name for name in ids if (part[name] != "").any()} for kind, part in arcs.groupby("kind")
    }
    assert by_kind == {
        "haul": {"link_id"},
        "crossing": {"crossing_id", "place"},
        "transfer": {"transfer_id", "place"},
        "access": {"pipeline_id", "place", "commodity"},
        "pipeline": {"pipeline_id", "commodity"},
    }
    assert list(nodes.loc["a/rail/1520"]) == ["station", "a", "rail", "1520", "", ""]
    assert list(nodes.loc["zone b/XAB"]) == ["zone", "b", "", "", "XAB", ""]
    assert list(nodes.loc["c/pipeline/crude_oil"]) == [
        "pipeline end",
        "c",
        "pipeline",
        "",
        "",
        "crude_oil",
    ]
    assert list(nodes.loc["road_ab_b>b#0", ["kind", "place"]]) == ["border", "b"]
    assert list(supernetwork.classes.loc["grain"]) == ["grain", "", "", ""]
    assert tuple(nodes.index) == supernetwork.network.nodes
    assert tuple(supernetwork.classes.index) == supernetwork.demand.classes


def test_every_arc_traces_to_rows_of_the_region(
    supernetwork: Supernetwork, borderland: Case, shipped: Region
) -> None:
    assert unresolved(supernetwork, borderland) == set()
    case = build_case(shipped, load_plan("announced_2025", shipped), load_scenario("reference", shipped))
    assert unresolved(build_supernetwork(case), case) == set()


@pytest.mark.parametrize("name", ["reference", "caspian_closed", "withdrawal_russia"])
def test_network_of_the_shipped_region_is_valid(shipped: Region, name: str) -> None:
    case = build_case(shipped, load_plan("as_is", shipped), load_scenario(name, shipped))
    table = build_supernetwork(case).network.arcs
    assert not (table["from"] == table["to"]).any()
    numbers = table.select_dtypes("number").drop(columns="capacity")
    assert np.isfinite(numbers.to_numpy()).all()
    assert (numbers.to_numpy() >= 0.0).all()
    assert (table["territory"] != "").all()


@pytest.mark.parametrize(
    ("cell", "value", "message"),
    [
        (
            ("commodities", "grain", "value_of_time_pct_per_day"),
            0.0,
            "commodities.csv: grain: usd_per_t and",
        ),
        (
            ("commodities", "grain", "usd_per_t"),
            0.0,
            "commodities.csv: grain: usd_per_t and",
        ),
        (
            ("links", "rail_a_ac", "capacity_t"),
            0.0,
            "links/rail_a_ac: a capacity of 0 is too small; expected a capacity > 0",
        ),
        (
            ("transfers", "p/rail/sea", "capacity_teu"),
            0.0,
            "transfers/p/rail/sea: a capacity of 0",
        ),
        (
            ("rates", "sea/any/container/2023", "active"),
            False,
            "no active rate for mode sea holds for sea or XAB",
        ),
        (
            ("rates", "pipeline/any/liquid_bulk/2023", "active"),
            False,
            "no active rate for mode pipeline holds for oil_c_b or XAC or any",
        ),
    ],
)
def test_zero_value_of_time_capacity_or_rate_is_an_error(
    borderland: Case, cell: tuple[str, str, str], value: object, message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        build_supernetwork(changed(borderland, {cell: value}))


def test_region_without_exports_has_a_network_and_no_demand(borderland: Case) -> None:
    trade = borderland.table("trade")
    at_home = trade[trade["exporter"] == trade["importer"]]
    quiet = replace(borderland, frames=MappingProxyType({**borderland.frames, "trade": at_home}))
    with pytest.raises(InputError, match=r"trade\.csv: no economy exports a commodity"):
        build_supernetwork(quiet)
    usual = build_supernetwork(borderland).network
    assert calibrated_network(quiet).network.nodes == usual.nodes
    pd.testing.assert_frame_equal(calibrated_network(quiet).network.arcs, usual.arcs)
