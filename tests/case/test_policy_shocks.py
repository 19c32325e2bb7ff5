"""Tariffs, sanctions and withdrawals: numbers done by hand from the small region's rows."""

from __future__ import annotations

from typing import Any

import pytest

from sogdia import Case, Region, build_case
from sogdia.errors import InputError

from .toy import edits, plan, scenario

BOTH_WAYS = ("XAA/XAC/all", "XAC/XAA/all")
Cells = dict[tuple[str, str, str], Any]


def case_of(toy: Region, *shocks: dict[str, Any], projects: tuple[str | dict[str, Any], ...] = ()) -> Case:
    return build_case(toy, plan(*projects), scenario(*shocks))


def barrier(case: Case, row: str) -> tuple[float, float, float, bool]:
    found = case.table("barriers").loc[row]
    return (found["tariff_pct"], found["cost_pct"], found["nontariff_factor"], bool(found["prohibited"]))


def money(case: Case) -> dict[tuple[str, str], tuple[float, bool]]:
    rows = case.finance.itertuples()
    return {(str(r.project), str(r.partner)): (float(r.delay_a), bool(r.withdrawn)) for r in rows}


def sanction(level: str, **keys: Any) -> dict[str, Any]:
    return {"kind": "sanction", "senders": ["XAC"], "targets": ["XAA"], "level": level, **keys}


def test_tariff_on_a_pair_without_barriers_adds_a_row(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAA"], "importers": ["XAD"], "tariff_pct": 12}
    case = case_of(toy, shock)
    assert edits(toy, case) == {("barriers", "XAA/XAD/all", ""): "added"}
    assert barrier(case, "XAA/XAD/all") == (12, 0, 1, False)


def test_tariff_adds_to_what_stands(toy: Region) -> None:
    shock = {
        "kind": "tariff",
        "exporters": ["XAC"],
        "importers": ["XAA"],
        "commodities": ["grain"],
        "tariff_pct": 12,
    }
    case = case_of(toy, shock)  # fmt: skip
    assert edits(toy, case) == {("barriers", "XAC/XAA/grain", "tariff_pct"): 17}


def test_tariff_on_all_falls_on_groups_with_rows_of_their_own(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAC"], "importers": ["XAA"], "tariff_pct": 12}
    case = case_of(toy, shock)
    assert barrier(case, "XAC/XAA/all") == (12, 0, 1, False)
    assert barrier(case, "XAC/XAA/grain") == (17, 1, 1.5, False)


def test_tariff_on_all_and_a_group_is_one_on_all(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAC"], "importers": ["XAA"], "tariff_pct": 12}
    both = case_of(toy, {**shock, "commodities": ["grain", "all"]})
    assert edits(toy, both) == edits(toy, case_of(toy, shock))


def test_group_row_starts_from_the_row_for_all(toy: Region) -> None:
    pair = {"exporters": ["XAC"], "importers": ["XAA"]}
    every = {"kind": "tariff", **pair, "tariff_pct": 10}
    metal = {"kind": "tariff", **pair, "commodities": ["metal"], "tariff_pct": 3}
    case = case_of(toy, every, metal)
    assert barrier(case, "XAC/XAA/metal") == (13, 0, 1, False)
    assert barrier(case, "XAC/XAA/all") == (10, 0, 1, False)


def test_tariff_is_not_levied_at_home(toy: Region) -> None:
    both = ["XAA", "XAB"]
    case = case_of(toy, {"kind": "tariff", "exporters": both, "importers": both, "tariff_pct": 1})
    assert {key for _, key, _ in edits(toy, case)} == {"XAA/XAB/all", "XAB/XAA/all"}


def test_tariff_cut_stops_at_zero(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAC"], "importers": ["XAA"], "tariff_pct": -8}
    assert edits(toy, case_of(toy, shock)) == {("barriers", "XAC/XAA/grain", "tariff_pct"): 0}


def test_tariff_cut_where_none_stands_is_refused(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAA"], "importers": ["XAD"], "tariff_pct": -8}
    with pytest.raises(InputError, match="touches no row"):
        case_of(toy, shock)


@pytest.mark.parametrize(
    ("level", "at", "cost"),
    [
        ("friction", "low", 4), ("friction", "mid", 7), ("friction", "high", 10),
        ("partial", "low", 20), ("partial", "mid", 23), ("partial", "high", 26),
        ("severe", "low", 34), ("severe", "mid", 39), ("severe", "high", 44),
    ],
)  # fmt: skip
def test_sanction_adds_the_cost_of_its_level_both_ways(toy: Region, level: str, at: str, cost: float) -> None:
    case = case_of(toy, sanction(level, at=at))
    assert [barrier(case, row) for row in BOTH_WAYS] == [(0, cost, 1, False)] * 2
    assert barrier(case, "XAC/XAA/grain") == (5, 1 + cost, 1.5, False)
    added: Cells = {("barriers", row, ""): "added" for row in BOTH_WAYS}
    assert edits(toy, case) == {**added, ("barriers", "XAC/XAA/grain", "cost_pct"): 1 + cost}


def test_decoupling_doubles_nontariff_costs(toy: Region) -> None:
    case = case_of(toy, sanction("decoupling"))
    assert [barrier(case, row) for row in BOTH_WAYS] == [(0, 0, 2, False)] * 2
    assert barrier(case, "XAC/XAA/grain") == (5, 1, 3, False)


def test_embargo_forbids_trade_and_closes_each_land_to_the_other(toy: Region) -> None:
    case = case_of(toy, sanction("embargo"))
    assert [barrier(case, row) for row in BOTH_WAYS] == [(0, 0, 1, True)] * 2
    assert barrier(case, "XAC/XAA/grain") == (5, 1, 1.5, True)
    assert {key for key in edits(toy, case) if key[0] != "barriers"} == {
        ("restrictions", "territory_xaa_any_xac_0", ""),
        ("restrictions", "territory_xac_any_xaa_0", ""),
    }


def test_pressing_twice_adds_percentages_and_multiplies_factors(toy: Region) -> None:
    case = case_of(
        toy, sanction("partial"), sanction("decoupling"), sanction("friction"), sanction("decoupling")
    )
    assert [barrier(case, row) for row in BOTH_WAYS] == [(0, 23 + 7, 4, False)] * 2
    assert barrier(case, "XAC/XAA/grain") == (5, 1 + 23 + 7, 1.5 * 4, False)


def test_a_ban_stays_a_ban(toy: Region) -> None:
    case = case_of(toy, sanction("embargo"), sanction("friction"))
    assert [barrier(case, row) for row in BOTH_WAYS] == [(0, 7, 1, True)] * 2


@pytest.mark.parametrize(
    ("level", "delay", "lost"),
    [
        ("friction", 1, False),
        ("partial", 1, False),
        ("severe", 2, False),
        ("decoupling", 2, False),
        ("embargo", 0, True),
        ("secondary", 0, True),
    ],
)
def test_sanction_holds_the_money_between_the_two(toy: Region, level: str, delay: float, lost: bool) -> None:
    case = case_of(toy, sanction(level), projects=("pj_rail",))
    assert money(case) == {("pj_rail", "XAC"): (delay, lost), ("pj_rail", "XBK"): (0, False)}
    told = [(c.field, c.value, c.rows) for c in case.changes if c.table == "finance"]
    expected = [("delay_a", f"{delay:g}")] if delay else []
    expected += [("withdrawn", "True")] if lost else []
    assert told == [(field, value, ("pj_rail/XAC",)) for field, value in expected]


def test_the_longest_delay_counts(toy: Region) -> None:
    case = case_of(toy, sanction("severe"), sanction("friction"), projects=("pj_rail",))
    assert money(case)[("pj_rail", "XAC")] == (2, False)


def test_money_for_projects_elsewhere_is_not_held(toy: Region) -> None:
    sun = {"project": "pj_sun", "finance": [{"partner": "XAC"}]}
    assert money(case_of(toy, sanction("embargo"), projects=(sun,))) == {("pj_sun", "XAC"): (0, False)}


def test_homes_own_money_is_not_held(toy: Region) -> None:
    # The railway lies in both home economies; what Alda pays for it is no money to Celda or from it.
    rail = {"project": "pj_rail", "finance": [{"partner": "XAA"}]}
    shock = sanction("embargo", senders=["XAA"], targets=["XAB"])
    assert money(case_of(toy, shock, projects=(rail,))) == {("pj_rail", "XAA"): (0, False)}


def test_partners_stand_for_their_members(toy: Region) -> None:
    by_partner = case_of(toy, sanction("embargo", senders=["north"]))
    assert edits(toy, by_partner) == edits(toy, case_of(toy, sanction("embargo")))


def test_secondary_sanction_acts_on_three_sides(toy: Region) -> None:
    shock = {
        "kind": "sanction",
        "senders": ["XAD"],
        "targets": ["XAC"],
        "level": "partial",
        "secondary": ["XAA"],
    }
    halves = [{"partner": partner, "share_pct": 50} for partner in ("XAD", "XAC")]
    rail = {"project": "pj_rail", "finance": halves}
    sun = {"project": "pj_sun", "finance": [{"partner": "XAD"}]}
    case = case_of(toy, shock, projects=(rail, sun))
    assert case.table("barriers")["cost_pct"].to_dict() == {
        "XAC/XAD/all": 23, "XAD/XAC/all": 23,  # senders and targets: partial, the middle of 20 to 26
        "XAA/XAC/all": 7, "XAC/XAA/all": 7, "XAC/XAA/grain": 1 + 7,  # home and targets: friction
        "XAA/XAD/all": 7, "XAD/XAA/all": 7,  # home and senders: secondary, the middle of 6 to 8
    }  # fmt: skip
    assert money(case) == {
        ("pj_rail", "XAD"): (0, True),  # the senders' money is lost to whom they name
        ("pj_rail", "XAC"): (1, False),  # the targets' comes a year late, as by friction
        ("pj_sun", "XAD"): (0, False),  # and where nobody is named, nothing happens
    }


def test_sanction_between_parties_without_trade_or_money_is_refused(toy: Region) -> None:
    with pytest.raises(InputError, match="shock 1 sanction: it touches no row"):
        case_of(toy, sanction("partial", senders=["XBK"]))


def withdrawal(*channels: str, partner: str = "north", **keys: Any) -> dict[str, Any]:
    return {"kind": "withdrawal", "partner": partner, "channels": list(channels), **keys}


TRADE: Cells = {
    **{
        ("barriers", row, ""): "added" for row in ("XAA/XAC/all", "XAB/XAC/all", "XAC/XAA/all", "XAC/XAB/all")
    },
    ("barriers", "XAC/XAA/grain", "prohibited"): True,
}
TRANSIT: Cells = {
    ("restrictions", "territory_xac_any_home_0", ""): "added",
    ("pipelines", "gas_c_a", "status"): "closed",
    ("pipelines", "oil_c_b", "status"): "closed",
}
ENERGY: Cells = {
    ("pipelines", "gas_c_a", "status"): "closed",
    ("interconnectors", "wire_a_c", "status"): "closed",
    ("plants", "wind_b", "status"): "closed",  # owned by direct investment; the coal plant is not
}
OPENED: Cells = {
    ("links", "rail_a_b", "status"): "operating",
    ("links", "rail_a_b", "opening_year"): 2029,
    ("crossings", "b/XAA/XAB/rail", "status"): "operating",
    ("crossings", "b/XAB/XAA/rail", "status"): "operating",
}
CAPITAL: Cells = {("deals", row, "status"): "cancelled" for row in ("rail_c", "rail_part", "mine_c")}


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (("trade",), TRADE),
        (("transit",), TRANSIT),
        (("energy",), ENERGY),
        (("capital",), CAPITAL),
        (("trade", "transit", "energy", "capital"), TRADE | TRANSIT | ENERGY | CAPITAL),
    ],
)
def test_withdrawal_channel_by_channel(toy: Region, channels: tuple[str, ...], expected: Cells) -> None:
    case = case_of(toy, withdrawal(*channels), projects=("pj_rail",))
    assert edits(toy, case) == expected | OPENED
    gone = "capital" in channels
    assert money(case) == {("pj_rail", "XAC"): (0, gone), ("pj_rail", "XBK"): (0, False)}
    barriers = case.table("barriers")
    banned = barriers.index[barriers["prohibited"].astype(bool)]
    assert len(banned) == (5 if "trade" in channels else 0)


def test_withdrawal_takes_all_channels_where_none_is_named(toy: Region) -> None:
    shock = {"kind": "withdrawal", "partner": "north"}
    assert edits(toy, case_of(toy, shock)) == TRADE | TRANSIT | ENERGY | CAPITAL


def test_withdrawal_from_one_home_leaves_the_other(toy: Region) -> None:
    found = edits(toy, case_of(toy, {"kind": "withdrawal", "partner": "north", "homes": ["XAB"]}))
    assert found == {
        ("barriers", "XAB/XAC/all", ""): "added",
        ("barriers", "XAC/XAB/all", ""): "added",
        ("restrictions", "territory_xac_any_xab_0", ""): "added",
        ("pipelines", "oil_c_b", "status"): "closed",
        ("plants", "wind_b", "status"): "closed",
        ("deals", "rail_c", "status"): "cancelled",
        ("deals", "rail_part", "status"): "cancelled",
    }


def test_withdrawal_of_a_bank_takes_its_money_alone(toy: Region) -> None:
    case = case_of(toy, {"kind": "withdrawal", "partner": "bank"}, projects=("pj_rail",))
    expected = {("deals", "rail_bank", "status"): "cancelled"}
    assert {
        key: value for key, value in edits(toy, case).items() if key[0] not in ("links", "crossings")
    } == expected
    assert money(case) == {("pj_rail", "XAC"): (0, False), ("pj_rail", "XBK"): (0, True)}


def test_withdrawal_of_a_partner_with_nothing_to_take_is_no_mistake(toy: Region) -> None:
    assert edits(toy, case_of(toy, withdrawal("energy", partner="bank"))) == {}
