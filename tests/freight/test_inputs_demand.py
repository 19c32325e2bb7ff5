"""Demand of the supernetwork: tonnes of pairs, zones, restrictions, what cannot be delivered."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.assignment import AssignmentSettings
from sogdia.errors import InputError
from sogdia.freight import FreightResult, Supernetwork, assign_freight, build_supernetwork, calibrated_network
from sogdia.freight.supernetwork.demand import ZoneShares, spread_over_zones, tonnes_by_pair

from .borderland import Rows, case_of, changed, restriction, with_rows, write_borderland

SUE = AssignmentSettings(algorithm="sue", gap=1e-8, paths=8)


def pairs_of(case: Case) -> dict[tuple[str, str, str], float]:
    table = tonnes_by_pair(case.table("trade"), case.table("commodities"))
    keys = zip(table["exporter"], table["importer"], table["commodity"], strict=True)
    return dict(zip(keys, table["tonnes"], strict=True))


def test_tonnes_of_pairs(borderland: Case) -> None:
    assert pairs_of(borderland) == {
        ("XAA", "XAB", "all"): 24e6 / 2400,  # no tonnes told: value over value per tonne
        ("XAB", "XAA", "all"): 12000,
        ("XAA", "XAC", "grain"): 48e6 / 240,  # a pair split by commodity; its row `all` is not added
        ("XAA", "XAC", "metal"): 30000,
        # Jewels are no freight, and trade within an economy is none of this network's.
        ("XAC", "XAA", "all"): 20000,
        ("XAC", "XAB", "crude_oil"): 1e6,
        ("XAB", "XAC", "all"): 8000,
        ("XAA", "XAD", "all"): 9000,
        ("XAD", "XAA", "all"): 7000,
        ("XAC", "XAD", "all"): 5000,
    }


SETS = {
    # role, commodity, partner: where
    ("export", "grain", "XAC"): "own",
    ("export", "grain", "north"): "group",
    ("export", "grain", "any"): "any_partner",
    ("export", "all", "XAC"): "all_own",
    ("export", "all", "north"): "all_group",
    ("export", "all", "any"): "all_any",
    ("both", "all", "XAC"): "both_own",
    ("both", "all", "north"): "both_group",
    ("both", "all", "any"): "both_any",
}


def shares(sets: dict[tuple[str, str, str], str]) -> ZoneShares:
    rows = [("XAA", *key, place, 1.0) for key, place in sets.items()]
    columns = ["iso3", "role", "commodity", "partner", "place", "share"]
    return ZoneShares(pd.DataFrame(rows, columns=columns), {"XAC": "north", "XAD": "south"})


def test_the_closest_set_of_zones_holds() -> None:
    """Six steps, each with the partner's group between the partner and any."""
    left = dict(SETS)
    for key, place in SETS.items():
        assert shares(left).of("XAA", "export", "grain", "XAC") == [(place, 1.0)]
        del left[key]
    assert shares(left).of("XAA", "export", "grain", "XAC") == []


def test_sets_of_another_role_commodity_or_partner_do_not_count() -> None:
    assert shares(SETS).of("XAA", "import", "grain", "XAC") == [("both_own", 1.0)]
    assert shares(SETS).of("XAA", "export", "metal", "XAC") == [("all_own", 1.0)]
    assert shares(SETS).of("XAA", "export", "grain", "XAD") == [("any_partner", 1.0)]
    assert shares(SETS).of("XAB", "export", "grain", "XAC") == []


def test_pairs_are_spread_by_the_shares_of_both_ends(borderland: Case) -> None:
    found = build_supernetwork(borderland)
    flow = found.demand.table.set_index(["origin", "destination", "class"])["flow"]
    assert flow["zone a/XAA", "zone c/XAC", "grain"] == pytest.approx(0.75 * 200_000)
    assert flow["zone ab/XAA", "zone c/XAC", "grain"] == pytest.approx(0.25 * 200_000)
    assert flow["zone b/XAB", "zone ab/XAA", "all"] == pytest.approx(0.25 * 12_000)
    assert found.demand.total == pytest.approx(sum(pairs_of(borderland).values()))


@pytest.mark.parametrize("plan", ["as_is", "multi_vector"])
def test_nothing_is_lost_between_trade_and_zones(shipped: Region, plan: str) -> None:
    case = build_case(shipped, load_plan(plan, shipped), load_scenario("reference", shipped))
    pairs = tonnes_by_pair(case.table("trade"), case.table("commodities"))
    group = dict(zip(case.table("economies")["iso3"], case.table("economies")["group"], strict=True))
    flows = spread_over_zones(pairs, ZoneShares(case.table("zones"), group))
    keys = ["exporter", "importer", "commodity"]
    pd.testing.assert_series_equal(
        flows.groupby(keys)["flow"].sum(), pairs.groupby(keys)["tonnes"].sum(), check_names=False
    )
    assert build_supernetwork(case).demand.total == pytest.approx(float(pairs["tonnes"].sum()), rel=1e-12)


def with_restriction(case: Case, *rows: dict[str, object]) -> Supernetwork:
    return build_supernetwork(with_rows(case, "restrictions", list(rows), "id"))


def barred(found: Supernetwork, name: str) -> set[str]:
    """Arcs closed to a class that are open to its like without restrictions, as ``row start>end``."""
    assert found.demand.extra is not None
    plain = ~found.network.arcs["commodity"].isin(["", found.classes.loc[name, "commodity"]]).to_numpy(
        dtype=bool
    )
    closed = np.isinf(found.demand.extra[found.demand.classes.index(name)])
    assert closed[plain].all()
    named = found.network.arcs[closed & ~plain]
    rows = named["rows"].str[0]
    return {f"{row}: {a} > {b}" for row, a, b in zip(rows, named["from"], named["to"], strict=True)}


def named(found: Supernetwork, *rows: str) -> set[str]:
    """Arcs made first of these rows."""
    table = found.network.arcs
    first = table["rows"].str[0]
    mine = table[first.isin(rows) & table["kind"].isin(["haul", "crossing"])]
    return {
        f"{row}: {a} > {b}" for row, a, b in zip(first[mine.index], mine["from"], mine["to"], strict=True)
    }


TO_B = [f"crossings/ab/{pair}/{mode}" for pair in ("XAA/XAB", "XAB/XAA") for mode in ("road", "rail")]
TO_C = [f"crossings/ac/{pair}/{mode}" for pair in ("XAA/XAC", "XAC/XAA") for mode in ("road", "rail")]


@pytest.mark.parametrize(
    ("scope", "subject", "mode", "rows"),
    [
        ("territory", "XAC", "any", ["links/rail_ac_c", "links/road_ac_c", *TO_C]),
        ("territory", "XAC", "road", ["links/road_ac_c", *TO_C[::2]]),
        ("border", "XAA/XAB", "any", ["links/rail_ab_b", "links/road_ab_b", *TO_B]),
        ("border", "XAB/XAA", "rail", ["links/rail_ab_b", *TO_B[1::2]]),
        ("border", "XAB/XAC", "any", []),
        ("link", "rail_a_ab", "any", ["links/rail_a_ab"]),
        ("place", "p", "any", ["links/rail_b_p", "links/road_b_p", "links/sea_p_d"]),
        ("place", "ac", "rail", ["links/rail_a_ac", "links/rail_ac_c", *TO_C[1::2]]),
    ],
)
def test_a_restriction_bars_the_arcs_it_names_and_no_other(
    borderland: Case, scope: str, subject: str, mode: str, rows: list[str]
) -> None:
    found = with_restriction(borderland, restriction("ban", scope, subject, "XAB", mode))
    assert "all|ban" in found.demand.classes
    closed = barred(found, "all|ban")
    # A crossing is entered from its haul alone, so that some of those behind a closed haul stay open.
    assert {arc for arc in closed if arc.startswith("links/")} == {
        arc for arc in named(found, *rows) if arc.startswith("links/")
    }
    assert closed <= named(found, *rows)
    assert barred(found, "all") == set()


@pytest.mark.parametrize(
    ("users", "under"),
    [
        ("XAD", {"XAA>XAD", "XAD>XAA", "XAC>XAD"}),
        ("home", {"XAA>XAD", "XAD>XAA", "XAC>XAA", "XAA>XAC", "XAB>XAC", "XAC>XAB", "XAA>XAB", "XAB>XAA"}),
        ("any", set()),  # what is closed to all is closed in the tables of the case
    ],
)
def test_whose_goods_a_restriction_is_on(borderland: Case, users: str, under: set[str]) -> None:
    found = with_restriction(borderland, restriction("ban", "link", "road_b_p", users))
    named = found.flows[found.flows["class"].map(found.classes["restriction_profile"]) != ""]
    assert set(named["exporter"] + ">" + named["importer"]) == under


def test_restrictions_hold_in_their_years(borderland: Case) -> None:
    rows = [
        restriction("over", "link", "road_b_p", "XAB", to_year=2022),
        restriction("to_come", "link", "road_b_p", "XAB", from_year=2024),
        restriction("now", "link", "road_b_p", "XAB", from_year=2023, to_year=2023),
    ]
    found = with_restriction(borderland, *rows)
    assert set(found.demand.classes) == {"all", "all|now", "crude_oil|now", "grain", "metal"}


def test_two_restrictions_make_one_class_whatever_their_order(borderland: Case) -> None:
    rows = [restriction("b", "link", "road_b_p", "XAB"), restriction("a", "place", "ac", "XAC", "road")]
    for ordered in (rows, rows[::-1]):
        found = with_restriction(borderland, *ordered)
        assert found.demand.classes == (
            "all",
            "all|a",
            "all|a+b",
            "all|b",
            "crude_oil|a+b",
            "grain|a",
            "metal|a",
        )
        assert barred(found, "all|a+b") == barred(found, "all|a") | barred(found, "all|b")


@pytest.mark.parametrize(
    ("cell", "value", "told"),
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
        (("rates", "pipeline/any/liquid_bulk/2023", "active"), False, "for mode pipeline holds for any"),
    ],
)
def test_figures_that_leave_nothing_to_reckon_with_are_named(
    borderland: Case, cell: tuple[str, str, str], value: object, told: str
) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        build_supernetwork(changed(borderland, {cell: value}))


def test_a_land_that_sells_nothing_abroad_has_a_network_and_no_demand(borderland: Case) -> None:
    trade = borderland.table("trade")
    at_home = trade[trade["exporter"] == trade["importer"]]
    quiet = replace(borderland, frames=MappingProxyType({**borderland.frames, "trade": at_home}))
    with pytest.raises(InputError, match=r"trade\.csv: no economy exports a commodity"):
        build_supernetwork(quiet)
    alike = build_supernetwork(borderland).network
    assert calibrated_network(quiet).network.nodes == alike.nodes
    pd.testing.assert_frame_equal(calibrated_network(quiet).network.arcs, alike.arcs)


def by_row(found: FreightResult) -> pd.Series[float]:
    """Tonnes by commodity-free arc, named by what does not depend on the order of arcs."""
    table = found.result.links()
    return table.set_index(["from", "to", "mode"])["flow"].sort_index()


def test_goods_that_have_no_way_are_told_and_priced(borderland: Case) -> None:
    whole = assign_freight(borderland, SUE)
    assert whole.undelivered().empty
    assert list(whole.undelivered().columns) == ["exporter", "importer", "commodity", "tonnes", "value_musd"]
    cut = assign_freight(changed(borderland, {("links", "sea_p_d", "status"): "closed"}), SUE)
    told = cut.undelivered().set_index(["exporter", "importer", "commodity"])
    assert told["tonnes"].to_dict() == {
        ("XAA", "XAD", "all"): pytest.approx(9000),
        ("XAD", "XAA", "all"): pytest.approx(7000),
        ("XAC", "XAD", "all"): pytest.approx(5000),
    }
    assert told["value_musd"].tolist() == pytest.approx([9000 * 2.4e-3, 7000 * 2.4e-3, 5000 * 2.4e-3])
    assert cut.result.demand.total + told["tonnes"].sum() == pytest.approx(whole.result.demand.total)


def test_barred_goods_without_another_way_are_told(borderland: Case) -> None:
    case = with_rows(borderland, "restrictions", [restriction("ban", "territory", "XAB", "XAD")], "id")
    found = assign_freight(case, SUE)
    assert set(found.undelivered()["commodity"]) == {"all"}
    assert found.undelivered()["tonnes"].sum() == pytest.approx(21000)


def test_the_order_of_rows_says_nothing_of_flows(borderland: Case, tmp_path: Path) -> None:
    dice = random.Random(5)

    def shuffled(_table: str, rows: Rows) -> Rows:
        return dice.sample(rows, len(rows))

    other = case_of(write_borderland(tmp_path / "borderland", shuffled))
    assert other.digest == borderland.digest
    one, again = assign_freight(borderland, SUE), assign_freight(other, SUE)
    assert one.result.demand.classes == again.result.demand.classes
    pd.testing.assert_series_equal(by_row(one), by_row(again), rtol=1e-7, atol=1e-3)
    pd.testing.assert_frame_equal(one.stations(), again.stations(), rtol=1e-6, atol=1e-3)
    pd.testing.assert_frame_equal(one.transit(), again.transit(), rtol=1e-6, atol=1e-3)


def test_tonnes_scaled_with_capacities_leave_the_choice_as_it_is(borderland: Case) -> None:
    """Delays depend on volume over capacity alone."""
    frames = {name: borderland.table(name) for name in borderland.frames}
    fields = {
        "trade": ["value_musd", "tonnes"],
        "links": ["capacity_t"],
        "crossings": ["capacity_t"],
        "transfers": ["capacity_t", "capacity_teu"],
        "pipelines": ["capacity_mt"],
    }
    for name, columns in fields.items():
        frames[name] = frames[name].copy()
        frames[name][columns] = frames[name][columns] * 3.0
    other = replace(borderland, frames=MappingProxyType(frames))
    one, three = assign_freight(borderland, SUE), assign_freight(other, SUE)
    pd.testing.assert_series_equal(3.0 * by_row(one), by_row(three), rtol=1e-6, atol=1e-2)
