"""Tonnes of pairs, spread over zones."""

from __future__ import annotations

import pandas as pd
import pytest

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.case import unit_values_of
from sogdia.errors import InputError
from sogdia.freight import build_supernetwork
from sogdia.freight.supernetwork.demand import PAIR, ZoneShares, spread_over_zones, tonnes_by_pair

from .test_calibration_estimate import with_tables


def pairs_of(case: Case) -> dict[tuple[str, str, str], float]:
    table = tonnes_by_pair(case.table("trade"), case.table("commodities"), unit_values_of(case))
    keys = zip(table["exporter"], table["importer"], table["commodity"], strict=True)
    return dict(zip(keys, table["tonnes"], strict=True))


def test_tonnes_of_pairs_are_given_or_follow_from_value(borderland: Case) -> None:
    assert pairs_of(borderland) == {
        ("XAA", "XAB", "all"): 24e6 / 2400,  # no tonnes given: value over value per tonne
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


def test_unit_value_of_the_pair_converts_values_without_tonnes(borderland: Case) -> None:
    rows = [
        {"exporter": "XAA", "importer": "any", "commodity": "all", "usd_per_t": 1200.0},
        {"exporter": "any", "importer": "XAA", "commodity": "all", "usd_per_t": 1.0},
    ]
    case = with_tables(borderland, unit_values=rows)
    before, after = pairs_of(borderland), pairs_of(case)
    assert after.pop(("XAA", "XAB", "all")) == 2 * before.pop(("XAA", "XAB", "all"))
    assert after == before  # reported tonnes stay


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


def zone_shares(sets: dict[tuple[str, str, str], str]) -> ZoneShares:
    rows = [("XAA", *key, place, 1.0, "") for key, place in sets.items()]
    columns = ["iso3", "role", "commodity", "partner", "place", "share", "gateway"]
    return ZoneShares(pd.DataFrame(rows, columns=columns), {"XAC": "north", "XAD": "south"})


def test_closest_set_of_zones_holds() -> None:
    """Six steps, each with the partner's group between the partner and any."""
    left = dict(SETS)
    for key, place in SETS.items():
        assert zone_shares(left).of("XAA", "export", "grain", "XAC") == [(place, 1.0, "")]
        del left[key]
    assert zone_shares(left).of("XAA", "export", "grain", "XAC") == []


def test_sets_of_another_role_commodity_or_partner_do_not_count() -> None:
    assert zone_shares(SETS).of("XAA", "import", "grain", "XAC") == [("both_own", 1.0, "")]
    assert zone_shares(SETS).of("XAA", "export", "metal", "XAC") == [("all_own", 1.0, "")]
    assert zone_shares(SETS).of("XAA", "export", "grain", "XAD") == [("any_partner", 1.0, "")]
    assert zone_shares(SETS).of("XAB", "export", "grain", "XAC") == []


GATEWAYS = [
    # economy, role, place, share, gateway: a quarter by rail, the rest by sea
    ("XAA", "export", "border", 0.25, "rail"),
    ("XAA", "export", "north port", 0.5, "sea"),
    ("XAA", "export", "south port", 0.25, "sea"),
    ("XAC", "import", "station", 0.25, "rail"),
    ("XAC", "import", "port", 0.6, "sea"),
    ("XAC", "import", "far port", 0.15, "sea"),
]


def spread(rows: list[tuple[str, str, str, float, str]]) -> dict[tuple[str, str], float]:
    zones = pd.DataFrame(rows, columns=["iso3", "role", "place", "share", "gateway"])
    zones = zones.assign(commodity="coal", partner="any")
    pair = pd.DataFrame([("XAA", "XAC", "coal", 400.0)], columns=[*PAIR, "tonnes"])
    flows = spread_over_zones(pair, ZoneShares(zones, {}))
    ends = zip(flows["origin"], flows["destination"], strict=True)
    return dict(zip(ends, flows["flow"].tolist(), strict=True))


def test_goods_of_a_gateway_arrive_at_its_zones_only() -> None:
    assert spread(GATEWAYS) == {
        ("zone border/XAA", "zone station/XAC"): pytest.approx(100.0),
        ("zone north port/XAA", "zone port/XAC"): pytest.approx(160.0),
        ("zone north port/XAA", "zone far port/XAC"): pytest.approx(40.0),
        ("zone south port/XAA", "zone port/XAC"): pytest.approx(80.0),
        ("zone south port/XAA", "zone far port/XAC"): pytest.approx(20.0),
    }


def test_gateways_at_one_end_only_are_not_used() -> None:
    open_end = [(*row[:4], "" if row[0] == "XAC" else row[4]) for row in GATEWAYS]
    flows = spread(open_end)
    assert len(flows) == 9
    assert flows["zone border/XAA", "zone port/XAC"] == pytest.approx(400.0 * 0.25 * 0.6)


def test_gateway_with_other_shares_at_the_ends_raises() -> None:
    rows = [*GATEWAYS[:3], ("XAC", "import", "station", 0.35, "rail"), ("XAC", "import", "port", 0.65, "sea")]
    with pytest.raises(InputError, match=r"zones\.csv: XAA to XAC, coal: gateway rail has the share 0\.25"):
        spread(rows)


def test_pairs_are_spread_by_the_shares_of_both_ends(borderland: Case) -> None:
    built = build_supernetwork(borderland)
    flow = built.demand.table.set_index(["origin", "destination", "class"])["flow"]
    assert flow["zone a/XAA", "zone c/XAC", "grain"] == pytest.approx(0.75 * 200_000)
    assert flow["zone ab/XAA", "zone c/XAC", "grain"] == pytest.approx(0.25 * 200_000)
    assert flow["zone b/XAB", "zone ab/XAA", "all"] == pytest.approx(0.25 * 12_000)
    assert built.demand.total == pytest.approx(sum(pairs_of(borderland).values()))


@pytest.mark.parametrize("plan", ["as_is", "multi_vector"])
def test_zones_sum_to_trade(shipped: Region, plan: str) -> None:
    case = build_case(shipped, load_plan(plan, shipped), load_scenario("reference", shipped))
    pairs = tonnes_by_pair(case.table("trade"), case.table("commodities"), unit_values_of(case))
    group = dict(zip(case.table("economies")["iso3"], case.table("economies")["group"], strict=True))
    flows = spread_over_zones(pairs, ZoneShares(case.table("zones"), group))
    keys = ["exporter", "importer", "commodity"]
    spread = flows.astype(dict.fromkeys(keys, "str")).groupby(keys)["flow"].sum()
    pd.testing.assert_series_equal(spread, pairs.groupby(keys)["tonnes"].sum(), check_names=False)
    assert build_supernetwork(case).demand.total == pytest.approx(float(pairs["tonnes"].sum()), rel=1e-12)
