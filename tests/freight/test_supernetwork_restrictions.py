"""Restrictions: arcs barred, users, years, classes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.freight import Supernetwork, build_supernetwork

from .borderland import restriction, with_rows


def build_restricted(case: Case, *rows: dict[str, object]) -> Supernetwork:
    return build_supernetwork(with_rows(case, "restrictions", list(rows), "id"))


def barred_arcs(built: Supernetwork, name: str) -> set[str]:
    """Return arcs closed to a class by its restrictions, as ``row: start > end``."""
    assert built.demand.class_cost is not None
    arcs, own = built.network.arcs, ["", built.classes.loc[name, "commodity"]]
    # Goods are "all", which is container cargo.
    plain = ~(arcs["commodity"].isin(own) & arcs["cargo"].isin(["", "container"])).to_numpy(dtype=bool)
    closed = np.isinf(built.demand.class_cost[built.demand.classes.index(name)])
    assert closed[plain].all()
    return described(built.network.arcs[closed & ~plain])


def arcs_from_rows(built: Supernetwork, *rows: str) -> set[str]:
    """Return line-haul and crossings whose first row is among these, as ``row: start > end``."""
    table = built.network.arcs
    return described(table[table["rows"].str[0].isin(rows) & table["kind"].isin(["haul", "crossing"])])


def restricted_pairs(built: Supernetwork) -> set[str]:
    """Return pairs of economies whose goods are under a restriction, as ``exporter>importer``."""
    flows = built.flows[built.flows["class"].map(built.classes["restriction_profile"]) != ""]
    return set(flows["exporter"].astype(str) + ">" + flows["importer"].astype(str))


def described(arcs: pd.DataFrame) -> set[str]:
    ends = zip(arcs["rows"].str[0], arcs["from"], arcs["to"], strict=True)
    return {f"{row}: {start} > {end}" for row, start, end in ends}


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
def test_restriction_bars_the_arcs_it_names_and_no_other(
    borderland: Case, scope: str, subject: str, mode: str, rows: list[str]
) -> None:
    built = build_restricted(borderland, restriction("ban", scope, subject, "XAB", mode))
    assert "all|ban" in built.demand.classes
    closed = barred_arcs(built, "all|ban")
    # A crossing is entered from its haul alone, so that some of those behind a closed haul stay open.
    assert {arc for arc in closed if arc.startswith("links/")} == {
        arc for arc in arcs_from_rows(built, *rows) if arc.startswith("links/")
    }
    assert closed <= arcs_from_rows(built, *rows)
    assert barred_arcs(built, "all") == set()


@pytest.mark.parametrize(
    ("users", "side", "under"),
    [
        ("XAD", "export", {"XAD>XAA"}),
        ("XAD", "import", {"XAA>XAD", "XAC>XAD"}),
        ("XAD", "any", {"XAA>XAD", "XAD>XAA", "XAC>XAD"}),
        ("XAD", np.nan, {"XAA>XAD", "XAD>XAA", "XAC>XAD"}),
        ("home", "import", {"XAD>XAA", "XAC>XAA", "XAC>XAB", "XAA>XAB", "XAB>XAA"}),
    ],
)
def test_restriction_on_one_side_applies_to_what_its_users_sell_or_buy(
    borderland: Case, users: str, side: str, under: set[str]
) -> None:
    built = build_restricted(borderland, restriction("ban", "link", "road_b_p", users, side=side))
    assert restricted_pairs(built) == under


@pytest.mark.parametrize(
    ("users", "under"),
    [
        ("XAD", {"XAA>XAD", "XAD>XAA", "XAC>XAD"}),
        ("home", {"XAA>XAD", "XAD>XAA", "XAC>XAA", "XAA>XAC", "XAB>XAC", "XAC>XAB", "XAA>XAB", "XAB>XAA"}),
        ("any", set()),  # a restriction on all closes rows of the case instead
    ],
)
def test_restriction_applies_to_the_trade_of_its_users(borderland: Case, users: str, under: set[str]) -> None:
    built = build_restricted(borderland, restriction("ban", "link", "road_b_p", users))
    assert restricted_pairs(built) == under


def test_restrictions_hold_in_their_years(borderland: Case) -> None:
    rows = [
        restriction("over", "link", "road_b_p", "XAB", to_year=2022),
        restriction("to_come", "link", "road_b_p", "XAB", from_year=2024),
        restriction("now", "link", "road_b_p", "XAB", from_year=2023, to_year=2023),
    ]
    built = build_restricted(borderland, *rows)
    assert set(built.demand.classes) == {"all", "all|now", "crude_oil|now", "grain", "metal"}


def test_two_restrictions_make_one_class_in_any_order(borderland: Case) -> None:
    rows = [restriction("b", "link", "road_b_p", "XAB"), restriction("a", "place", "ac", "XAC", "road")]
    for ordered in (rows, rows[::-1]):
        built = build_restricted(borderland, *ordered)
        assert built.demand.classes == (
            "all",
            "all|a",
            "all|a+b",
            "all|b",
            "crude_oil|a+b",
            "grain|a",
            "metal|a",
        )
        assert barred_arcs(built, "all|a+b") == barred_arcs(built, "all|a") | barred_arcs(built, "all|b")
