"""Tariffs by hand: fixed part and distance, transit, classes of goods, direction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sogdia import Case
from sogdia.freight import Supernetwork, assign_freight, build_supernetwork
from sogdia.freight.supernetwork.constants import Constants

from .borderland import PROVENANCE, changed, with_rows
from .networks import SUE, UNCALIBRATED, arcs_of, only_arc

RAIL = "rail/XAA/container/2023"


def with_rate(case: Case, row: str = RAIL, constants: Constants = UNCALIBRATED, **cells: Any) -> Supernetwork:
    edits: dict[tuple[str, str, str], Any] = {("rates", row, field): v for field, v in cells.items()}
    return build_supernetwork(changed(case, edits), constants)


def charge(built: Supernetwork, arc: dict[Any, Any], label: str) -> float:
    """Return what a class pays on an arc, USD/t."""
    ends = (built.network.arcs["from"] == arc["from"]) & (built.network.arcs["to"] == arc["to"])
    (position,) = np.flatnonzero(ends.to_numpy(dtype=bool))
    return float(built.charges[built.demand.classes.index(label), position])


def test_fixed_part_is_paid_on_loading_and_on_crossing_in(borderland: Case) -> None:
    """2 USD/t at each entry into the railway of XAA: loading at a 3 + 2, changing from the road 3 + 2."""
    built = with_rate(borderland, fixed_usd_per_t=2.0)
    zone = "zone a/XAA"
    assert only_arc(built, zone, "a/rail/1520")["usd_per_t_container"] == 3.0 + 2.0
    assert only_arc(built, "a/rail/1520", zone)["usd_per_t_container"] == 3.0, "unloading pays none"
    assert only_arc(built, "a/road", "a/rail/1520")["usd_per_t_container"] == 3.0 + 2.0
    assert only_arc(built, "a/rail/1520", "a/road")["usd_per_t_container"] == 3.0
    inward = arcs_of(built, row="crossings/ab/XAB/XAA/rail", kind="crossing").iloc[0]
    outward = arcs_of(built, row="crossings/ab/XAA/XAB/rail", kind="crossing").iloc[0]
    assert (inward["usd_per_t_container"], outward["usd_per_t_container"]) == (7.0 + 2.0, 8.0)
    haul = only_arc(built, "a/rail/1520", "ab/rail/1520")
    assert haul["usd_per_t_container"] == pytest.approx(110 * 0.06)


def test_price_of_a_tonne_kilometre_falls_with_distance(borderland: Case) -> None:
    built = with_rate(borderland, fixed_usd_per_t=6.6)
    entry = only_arc(built, "zone a/XAA", "a/rail/1520")["tariff_usd_per_t_container"]
    per_km = only_arc(built, "a/rail/1520", "ab/rail/1520")["usd_per_t_container"] / 110
    prices = [(entry + per_km * km) / km for km in (110, 220, 1100)]
    assert prices == pytest.approx([0.12, 0.09, 0.066])


def test_constants_scale_tariffs_by_mode_and_other_charges_by_handling(borderland: Case) -> None:
    built = with_rate(borderland, constants=Constants(rail=1.5, handling=2.0), fixed_usd_per_t=2.0)
    assert only_arc(built, "a/road", "a/rail/1520")["usd_per_t_container"] == 3.0 * 2.0 + 2.0 * 1.5
    inward = arcs_of(built, row="crossings/ab/XAB/XAA/rail", kind="crossing").iloc[0]
    assert inward["usd_per_t_container"] == 7.0 + 2.0 * 1.5, "a border's fee has no factor"


def test_transit_pays_its_own_rate_and_no_fixed_part(borderland: Case) -> None:
    """Rate of transit 0.15 for 0.06 in XAA: trade of XAA and of others pay apart there, alike elsewhere."""
    built = with_rate(borderland, transit_usd_per_tkm=0.15, fixed_usd_per_t=2.0)
    haul = only_arc(built, "a/rail/1520", "ab/rail/1520")
    assert charge(built, haul, "all||XAA") == pytest.approx(110 * 0.06)
    assert charge(built, haul, "all") == pytest.approx(110 * 0.15)
    inward = arcs_of(built, row="crossings/ab/XAB/XAA/rail", kind="crossing").to_dict("records")[0]
    assert (charge(built, inward, "all||XAA"), charge(built, inward, "all")) == (9.0, 7.0)
    abroad = only_arc(built, "b/rail/1435", "p/rail/1435")
    assert charge(built, abroad, "all||XAA") == charge(built, abroad, "all") == pytest.approx(110 * 0.07)
    rows = built.flows
    own = rows["exporter"].eq("XAA") | rows["importer"].eq("XAA")
    assert set(rows.loc[own & rows["commodity"].eq("all"), "class"]) == {"all||XAA"}
    assert set(rows.loc[~own & rows["commodity"].eq("all"), "class"]) == {"all"}
    assert "grain" in built.demand.classes, "a cargo type without a rate of transit has one class"


def test_equal_rate_of_transit_has_no_effect(borderland: Case, supernetwork: Supernetwork) -> None:
    built = with_rate(borderland, transit_usd_per_tkm=0.06)
    assert built.demand.classes == supernetwork.demand.classes
    assert np.array_equal(built.charges, supernetwork.charges)


def test_higher_rate_of_transit_moves_transit_and_not_own_trade(borderland: Case) -> None:
    shares = []
    for rate in (0.06, 3.0):
        edits: dict[tuple[str, str, str], Any] = {("rates", "rail/north/container/2023", "active"): False}
        edits[("rates", RAIL, "transit_usd_per_tkm")] = rate
        result = assign_freight(changed(borderland, edits), SUE).result
        rail = (result.network.arcs["link_id"] == "rail_a_ac").to_numpy(dtype=bool)
        rows = result.demand.table.assign(tonnes=result.loading.share(rail) * result.demand.table["flow"])
        is_own = rows["origin"].str.contains("XAA") | rows["destination"].str.contains("XAA")
        shares.append((rows.loc[is_own, "tonnes"].sum(), rows.loc[~is_own, "tonnes"].sum()))
    (own, transit), (own_after, transit_after) = shares
    assert transit_after < 0.1 * transit
    assert own_after == pytest.approx(own, rel=0.05)


def test_tariff_class_scales_carriage_and_entry_of_its_mode_only(borderland: Case) -> None:
    classes = [{"mode": "rail", "commodity": "grain", "factor": 0.5, "row": "rail/grain", **PROVENANCE}]
    case = with_rows(borderland, "tariff_classes", classes, "row")
    row = "rail/any/dry_bulk/2023"
    built = build_supernetwork(changed(case, {("rates", row, "fixed_usd_per_t"): 4.0}), UNCALIBRATED)
    rail, road = (only_arc(built, f"a/{mode}", f"ab/{mode}") for mode in ("rail/1520", "road"))
    assert charge(built, rail, "grain") == pytest.approx(0.5 * 110 * 0.02)
    assert charge(built, road, "grain") == pytest.approx(110 * 0.1)
    assert charge(built, rail, "metal") == pytest.approx(110 * 0.06)
    loading = only_arc(built, "zone a/XAA", "a/rail/1520")
    assert charge(built, loading, "grain") == pytest.approx(3.0 + 0.5 * 4.0)


def test_rate_of_a_sea_lane_differs_by_direction(borderland: Case) -> None:
    """The lane from p at 2.7 degrees to d at 4.5 is eastward."""
    built = with_rate(borderland, "sea/any/container/2023", eastward_factor=0.25)
    assert only_arc(built, "d/sea", "p/sea")["usd_per_t_container"] == pytest.approx(220 * 0.01)
    assert only_arc(built, "p/sea", "d/sea")["usd_per_t_container"] == pytest.approx(220 * 0.01 * 0.25)


def test_east_is_the_shorter_turn(borderland: Case) -> None:
    """From 178 degrees to 178 west is eastward, over the date line."""
    lons = {("places", "p", "lon"): 178.0, ("places", "d", "lon"): -178.0}
    row = ("rates", "sea/any/container/2023", "eastward_factor")
    built = build_supernetwork(changed(borderland, {**lons, row: 0.25}), UNCALIBRATED)
    assert only_arc(built, "p/sea", "d/sea")["usd_per_t_container"] == pytest.approx(220 * 0.01 * 0.25)
