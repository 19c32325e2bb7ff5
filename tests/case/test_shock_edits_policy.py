"""Tariffs, sanctions and withdrawals: figures calculated by hand from the rows of the small region."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sogdia import Case, Region, build_case, load_region
from sogdia.errors import InputError

from .toy import PROVENANCE, edits, plan, scenario, write_toy

BOTH_DIRECTIONS = ("XAA/XAC/all", "XAC/XAA/all")


Cells = dict[tuple[str, str, str], Any]


def case_of(toy: Region, *shocks: dict[str, Any], projects: tuple[str | dict[str, Any], ...] = ()) -> Case:
    return build_case(toy, plan(*projects), scenario(*shocks))


def barrier(case: Case, row: str) -> tuple[float, float, float, bool]:
    terms = case.table("barriers").to_dict("index")[row]
    return (terms["tariff_pct"], terms["cost_pct"], terms["nontariff_factor"], bool(terms["prohibited"]))


def money(case: Case) -> dict[tuple[str, str], tuple[float, bool]]:
    rows = case.finance.to_dict("records")
    return {(r["project"], r["partner"]): (float(r["delay_a"]), bool(r["withdrawn"])) for r in rows}


def sanction(level: str, **keys: Any) -> dict[str, Any]:
    return {"kind": "sanction", "senders": ["XAC"], "targets": ["XAA"], "level": level, **keys}


def test_tariff_on_a_pair_without_barriers_adds_a_row(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAA"], "importers": ["XAD"], "tariff_pct": 12}
    case = case_of(toy, shock)
    assert edits(toy, case) == {("barriers", "XAA/XAD/all", ""): "added"}
    assert barrier(case, "XAA/XAD/all") == (12, 0, 1, False)


def test_tariff_is_added_to_the_tariff_in_force(toy: Region) -> None:
    shock = {
        "kind": "tariff",
        "exporters": ["XAC"],
        "importers": ["XAA"],
        "commodities": ["grain"],
        "tariff_pct": 12,
    }
    case = case_of(toy, shock)  # fmt: skip
    assert edits(toy, case) == {("barriers", "XAC/XAA/grain", "tariff_pct"): 17}


def test_tariff_on_all_raises_rows_of_single_groups(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAC"], "importers": ["XAA"], "tariff_pct": 12}
    case = case_of(toy, shock)
    assert barrier(case, "XAC/XAA/all") == (12, 0, 1, False)
    assert barrier(case, "XAC/XAA/grain") == (17, 1, 1.5, False)


def test_tariff_on_all_and_a_group_equals_tariff_on_all(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAC"], "importers": ["XAA"], "tariff_pct": 12}
    both = case_of(toy, {**shock, "commodities": ["grain", "all"]})
    assert edits(toy, both) == edits(toy, case_of(toy, shock))


def test_new_group_row_starts_from_the_row_for_all(toy: Region) -> None:
    pair = {"exporters": ["XAC"], "importers": ["XAA"]}
    every = {"kind": "tariff", **pair, "tariff_pct": 10}
    metal = {"kind": "tariff", **pair, "commodities": ["metal"], "tariff_pct": 3}
    case = case_of(toy, every, metal)
    assert barrier(case, "XAC/XAA/metal") == (13, 0, 1, False)
    assert barrier(case, "XAC/XAA/all") == (10, 0, 1, False)


def test_tariff_skips_domestic_sales(toy: Region) -> None:
    both = ["XAA", "XAB"]
    case = case_of(toy, {"kind": "tariff", "exporters": both, "importers": both, "tariff_pct": 1})
    assert {key for _, key, _ in edits(toy, case)} == {"XAA/XAB/all", "XAB/XAA/all"}


def test_tariff_cut_stops_at_zero(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAC"], "importers": ["XAA"], "tariff_pct": -8}
    assert edits(toy, case_of(toy, shock)) == {("barriers", "XAC/XAA/grain", "tariff_pct"): 0}


def test_tariff_cut_without_a_tariff_is_rejected(toy: Region) -> None:
    shock = {"kind": "tariff", "exporters": ["XAA"], "importers": ["XAD"], "tariff_pct": -8}
    with pytest.raises(InputError, match="applies to no row"):
        case_of(toy, shock)


@pytest.mark.parametrize(
    ("level", "at", "cost"),
    [
        ("friction", "low", 4), ("friction", "mid", 7), ("friction", "high", 10),
        ("partial", "low", 20), ("partial", "mid", 23), ("partial", "high", 26),
    ],
)  # fmt: skip
def test_sanction_adds_the_cost_of_its_level_in_both_directions(
    toy: Region, level: str, at: str, cost: float
) -> None:
    case = case_of(toy, sanction(level, at=at))
    assert [barrier(case, row) for row in BOTH_DIRECTIONS] == [(0, cost, 1, False)] * 2
    assert barrier(case, "XAC/XAA/grain") == (5, 1 + cost, 1.5, False)
    added: Cells = {("barriers", row, ""): "added" for row in BOTH_DIRECTIONS}
    assert edits(toy, case) == {**added, ("barriers", "XAC/XAA/grain", "cost_pct"): 1 + cost}


@pytest.mark.parametrize("at", ["low", "mid", "high"])
def test_severe_sanction_multiplies_trade_factors_and_adds_no_cost(toy: Region, at: str) -> None:
    case = case_of(toy, sanction("severe", at=at))
    factors = case.table("barriers")["trade_factor"]
    assert [factors[row] for row in BOTH_DIRECTIONS] == [0.25, 0.25]
    # The pair's row for a commodity has a factor of its own, 0.8.
    assert factors["XAC/XAA/grain"] == pytest.approx(0.2)
    assert [barrier(case, row) for row in BOTH_DIRECTIONS] == [(0, 0, 1, False)] * 2
    twice = case_of(toy, sanction("severe", at=at), sanction("severe", at=at))
    assert twice.table("barriers")["trade_factor"]["XAA/XAC/all"] == pytest.approx(0.0625)


def test_decoupling_doubles_nontariff_factors(toy: Region) -> None:
    case = case_of(toy, sanction("decoupling"))
    assert [barrier(case, row) for row in BOTH_DIRECTIONS] == [(0, 0, 2, False)] * 2
    assert barrier(case, "XAC/XAA/grain") == (5, 1, 3, False)


def test_embargo_prohibits_trade_and_closes_both_territories(toy: Region) -> None:
    case = case_of(toy, sanction("embargo"))
    assert [barrier(case, row) for row in BOTH_DIRECTIONS] == [(0, 0, 1, True)] * 2
    assert barrier(case, "XAC/XAA/grain") == (5, 1, 1.5, True)
    assert {key for key in edits(toy, case) if key[0] != "barriers"} == {
        ("restrictions", "territory_xaa_any_xac_0", ""),
        ("restrictions", "territory_xac_any_xaa_0", ""),
    }


def test_embargo_closes_the_targets_to_exports_of_the_senders_alone(toy: Region) -> None:
    # A ban by origin: goods of others that a sender buys still cross the target.
    rows = case_of(toy, sanction("embargo")).table("restrictions")
    closed = rows.loc[["territory_xaa_any_xac_0", "territory_xac_any_xaa_0"]]
    assert closed[["subject", "users", "side"]].to_numpy().tolist() == [
        ["XAA", "XAC", "export"],
        ["XAC", "XAA", "any"],
    ]


def test_several_sanctions_add_percentages_and_multiply_factors(toy: Region) -> None:
    case = case_of(
        toy, sanction("partial"), sanction("decoupling"), sanction("friction"), sanction("decoupling")
    )
    assert [barrier(case, row) for row in BOTH_DIRECTIONS] == [(0, 23 + 7, 4, False)] * 2
    assert barrier(case, "XAC/XAA/grain") == (5, 1 + 23 + 7, 1.5 * 4, False)


def test_prohibition_remains_after_a_milder_sanction(toy: Region) -> None:
    case = case_of(toy, sanction("embargo"), sanction("friction"))
    assert [barrier(case, row) for row in BOTH_DIRECTIONS] == [(0, 7, 1, True)] * 2


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
def test_sanction_delays_or_withdraws_finance(toy: Region, level: str, delay: float, lost: bool) -> None:
    case = case_of(toy, sanction(level), projects=("pj_rail",))
    assert money(case) == {("pj_rail", "XAC"): (delay, lost), ("pj_rail", "XBK"): (0, False)}
    logged = [(c.field, c.value, c.rows) for c in case.changes if c.table == "finance"]
    expected = [("delay_a", f"{delay:g}")] if delay else []
    expected += [("withdrawn", "True")] if lost else []
    assert logged == [(field, value, ("pj_rail/XAC",)) for field, value in expected]


def test_two_delays_of_finance_keep_the_longest(toy: Region) -> None:
    case = case_of(toy, sanction("severe"), sanction("friction"), projects=("pj_rail",))
    assert money(case)[("pj_rail", "XAC")] == (2, False)


def test_finance_of_projects_in_other_countries_is_unaffected(toy: Region) -> None:
    sun = {"project": "pj_sun", "finance": [{"partner": "XAC"}]}
    assert money(case_of(toy, sanction("embargo"), projects=(sun,))) == {("pj_sun", "XAC"): (0, False)}


def test_finance_of_home_countries_is_unaffected(toy: Region) -> None:
    # The railway lies in both home economies; the sender finances its own part.
    rail = {"project": "pj_rail", "finance": [{"partner": "XAA"}]}
    shock = sanction("embargo", senders=["XAA"], targets=["XAB"])
    assert money(case_of(toy, shock, projects=(rail,))) == {("pj_rail", "XAA"): (0, False)}


def test_partner_as_sender_equals_its_members(toy: Region) -> None:
    by_partner = case_of(toy, sanction("embargo", senders=["north"]))
    assert edits(toy, by_partner) == edits(toy, case_of(toy, sanction("embargo")))


def test_secondary_sanction_applies_to_senders_targets_and_homes(toy: Region) -> None:
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
        ("pj_rail", "XAD"): (0, True),  # the senders' finance is withdrawn from the named home
        ("pj_rail", "XAC"): (1, False),  # the targets' finance is delayed by a year, as by friction
        ("pj_sun", "XAD"): (0, False),  # projects of other homes are unaffected
    }


def test_sanction_without_trade_or_finance_is_rejected(toy: Region) -> None:
    with pytest.raises(InputError, match="shock 1 sanction: it applies to no row"):
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
def test_withdrawal_edits_the_tables_of_its_channels(
    toy: Region, channels: tuple[str, ...], expected: Cells
) -> None:
    case = case_of(toy, withdrawal(*channels), projects=("pj_rail",))
    assert edits(toy, case) == expected | OPENED
    withdrawn = "capital" in channels
    assert money(case) == {("pj_rail", "XAC"): (0, withdrawn), ("pj_rail", "XBK"): (0, False)}
    barriers = case.table("barriers")
    banned = barriers.index[barriers["prohibited"].astype(bool)]
    assert len(banned) == (5 if "trade" in channels else 0)


def test_withdrawal_without_channels_applies_to_all(toy: Region) -> None:
    shock = {"kind": "withdrawal", "partner": "north"}
    assert edits(toy, case_of(toy, shock)) == TRADE | TRANSIT | ENERGY | CAPITAL


def test_withdrawal_from_one_home_spares_the_other(toy: Region) -> None:
    changed = edits(toy, case_of(toy, {"kind": "withdrawal", "partner": "north", "homes": ["XAB"]}))
    assert changed == {
        ("barriers", "XAB/XAC/all", ""): "added",
        ("barriers", "XAC/XAB/all", ""): "added",
        ("restrictions", "territory_xac_any_xab_0", ""): "added",
        ("pipelines", "oil_c_b", "status"): "closed",
        ("deals", "rail_c", "status"): "cancelled",
        ("deals", "rail_part", "status"): "cancelled",
    }


def test_withdrawal_of_a_bank_cancels_its_finance_only(toy: Region) -> None:
    case = case_of(toy, {"kind": "withdrawal", "partner": "bank"}, projects=("pj_rail",))
    expected = {("deals", "rail_bank", "status"): "cancelled"}
    assert {
        key: value for key, value in edits(toy, case).items() if key[0] not in ("links", "crossings")
    } == expected
    assert money(case) == {("pj_rail", "XAC"): (0, False), ("pj_rail", "XBK"): (0, True)}


def test_withdrawal_without_effect_is_accepted(toy: Region) -> None:
    assert edits(toy, case_of(toy, withdrawal("energy", partner="bank"))) == {}


TERMS = [
    {"partner": "any", "carrier": "coal", "years_since": "0", "keeps_pct": "90", "needs_owner": "no"},
    {"partner": "any", "carrier": "coal", "years_since": "3", "keeps_pct": "60", "needs_owner": "no"},
    {"partner": "XAC", "carrier": "wind", "years_since": "0", "keeps_pct": "80", "needs_owner": "no"},
    {"partner": "XAC", "carrier": "wind", "years_since": "5", "keeps_pct": "0", "needs_owner": "yes"},
    {"partner": "any", "carrier": "wind", "years_since": "0", "keeps_pct": "10", "needs_owner": "no"},
]


def plants_after(
    folder: Path, owner: str = "", years: int = 1, amount: str = "40"
) -> dict[tuple[str, str], Any]:
    """Return the edits of plants two of which are north's: coal_b by the table, wind_b by investment.

    Args:
        folder: Folder for the region.
        owner: Owners of coal_b.
        years: Years since the withdrawal.
        amount: Direct investment in wind_b, which cost 50.
    """

    def edit(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        if table == "plants":
            return [{**row, "owner": owner if row["id"] == "coal_b" else ""} for row in rows]
        if table == "deals":
            return [{**row, "amount_musd": amount} if row["id"] == "wind_c" else row for row in rows]
        return [row | PROVENANCE for row in TERMS] if table == "power_withdrawals" else rows

    region = load_region(write_toy(folder / "toy", edit))
    case = build_case(region, plan(), scenario(withdrawal("energy", years_since=years)))
    return {
        (row, field): value for (table, row, field), value in edits(region, case).items() if table == "plants"
    }


def test_plants_of_a_withdrawn_owner_run_on_under_local_control(tmp_path: Path) -> None:
    assert plants_after(tmp_path, owner="XAC") == {
        ("coal_b", "capacity_mw"): 36,
        ("coal_b", "owner"): "",
        ("wind_b", "capacity_mw"): 24,
    }


def test_later_rows_of_a_withdrawal_hold_from_their_year(tmp_path: Path) -> None:
    assert plants_after(tmp_path / "four", owner="XAC", years=4)["coal_b", "capacity_mw"] == 24
    assert plants_after(tmp_path / "two", owner="XAC", years=2)["coal_b", "capacity_mw"] == 36


def test_plant_closes_only_where_its_row_says_that_it_needs_its_owner(tmp_path: Path) -> None:
    changed = plants_after(tmp_path, years=5)
    assert changed == {("wind_b", "status"): "closed"}


def test_only_the_majority_owner_counts(tmp_path: Path) -> None:
    assert plants_after(tmp_path / "second", owner="XAD;XAC", amount="20") == {}
    assert ("coal_b", "owner") in plants_after(tmp_path / "first", owner="XAC;XAD", amount="20")
    assert plants_after(tmp_path / "half", amount="25") == {}
    assert ("wind_b", "capacity_mw") in plants_after(tmp_path / "more", amount="26")


def test_without_terms_plants_keep_their_capacity(toy: Region) -> None:
    changed = edits(toy, case_of(toy, withdrawal("energy")))
    assert not [key for key in changed if key[0] == "plants"]
