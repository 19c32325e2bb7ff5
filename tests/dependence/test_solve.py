"""Dependence on a region reckoned by hand: what must be nothing, what must not change, what must rise."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from freight.borderland import Rows

from dependence.small_region import BY_THE_BANK, BY_TWO, case_in, land
from sogdia import Region
from sogdia.dependence import DependenceResult, DependenceSettings, compare_dependence, dependence
from sogdia.dependence.withdrawal import Pressure
from sogdia.errors import InputError, UnknownNameError
from sogdia.finance import Terms, grant_element
from sogdia.finance.appraisal import annuity_factor
from sogdia.runs.executor import LocalProcesses

SOLO = DependenceSettings(coalitions=False, channels=False)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return land(tmp_path_factory.mktemp("packs") / "land")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def whole(region: Region, kept: Path) -> DependenceResult:
    return dependence(case_in(region, BY_TWO), folder=kept)


def loss(result: DependenceResult, home: str, *partners: str) -> float:
    rows = result.losses
    own = rows[(rows["home"] == home) & (rows["partners"] == ";".join(partners))]
    assert len(own) == 1
    return float(own["loss_pct"].iloc[0])


def test_the_losses_are_shared_without_a_rest(whole: DependenceResult) -> None:
    for home in whole.homes:
        told = whole.shares[whole.shares["home"] == home]
        assert told["shapley_pct"].sum() == pytest.approx(
            loss(whole, home, "north", "south", "bank"), rel=1e-9
        )
        assert told["solo_pct"].tolist() == [loss(whole, home, name) for name in whole.partners]
        parts = whole.channels[(whole.channels["home"] == home) & (whole.channels["channel"] != "joint")]
        summed = parts.groupby("partner")["loss_pct"].sum()
        assert summed["north"] == pytest.approx(loss(whole, home, "north"), abs=1e-9)


def test_states_of_the_engines_are_run_once(whole: DependenceResult) -> None:
    # The bank's leaving changes no state: 4 of 8 coalitions, and trade with either neighbour alone.
    assert whole.engine["coalitions"] == 8
    assert whole.engine["goods_runs"] == 6


def test_a_partner_with_nothing_costs_nothing(region: Region, kept: Path) -> None:
    result = dependence(case_in(region), folder=kept)
    bank = result.channels[result.channels["partner"] == "bank"]
    assert len(bank) == 12
    assert (bank["loss_musd"] == 0.0).all()
    assert (result.shares.loc[result.shares["partner"] == "bank", "shapley_pct"].abs() < 1e-12).all()


def test_two_halves_that_leave_together_are_the_whole(whole: DependenceResult, tmp_path: Path) -> None:
    def joined(table: str, rows: Rows) -> Rows:
        if table != "partners":
            return rows
        first, _, bank = rows
        return [{**first, "id": "both", "name": "Both", "members": "XAC;XAD"}, bank]

    result = dependence(case_in(land(tmp_path / "joined", joined), BY_TWO), SOLO)
    for home in result.homes:
        assert loss(result, home, "both") == pytest.approx(loss(whole, home, "north", "south"), rel=1e-9)


def test_the_order_of_partners_is_nothing(region: Region, kept: Path) -> None:
    first, second = (
        dependence(case_in(region, BY_TWO), SOLO.model_copy(update={"partners": names}), folder=kept)
        for names in (("north", "south"), ("south", "north"))
    )
    pd.testing.assert_frame_equal(first.losses, second.losses)
    assert list(second.partners) == ["north", "south"]


def test_the_loss_rises_with_the_pressure(region: Region, kept: Path) -> None:
    case, found = case_in(region, BY_TWO), []
    for level in ("friction", "partial", "severe", "embargo", "withdrawal"):
        pressed = SOLO.model_copy(update={"partners": ("north",), "pressure": Pressure(level=level)})
        result = dependence(case, pressed, folder=kept)
        assert result.channels.empty
        found.append(loss(result, "XAA", "north"))
    assert found == sorted(found)
    assert found[0] > 0.0


def test_secondary_pressure_falls_on_the_homes_named(region: Region, kept: Path) -> None:
    pressure = Pressure(level="partial", targets=("north",))
    result = dependence(
        case_in(region), SOLO.model_copy(update={"partners": ("south",), "pressure": pressure}), folder=kept
    )
    # Friction with the target costs both homes, for both trade with it.
    assert loss(result, "XAA", "south") > 0.0
    assert loss(result, "XAB", "south") > 0.0


def test_lost_money_by_hand(whole: DependenceResult) -> None:
    bank = whole.losses[(whole.losses["partners"] == "bank") & (whole.losses["home"] == "XAB")].iloc[0]
    amount, rest = 30.0 * 0.6, 30.0 * 0.4
    soft, bond = Terms(0.01, 30, 10), Terms(0.07, 10, 10)
    yearly = annuity_factor(0.06, 30.0)
    refinancing = yearly * amount * (grant_element(soft) - grant_element(bond))
    waiting = yearly * 0.06 * 2.0 * rest
    assert bank["capital_musd"] == pytest.approx(refinancing + waiting, rel=1e-9)
    assert bank["refinance_musd"] == pytest.approx(amount)
    assert bank["loss_musd"] == pytest.approx(bank["capital_musd"])


def test_a_project_only_one_partner_pays_for_takes_its_share_along(
    region: Region, whole: DependenceResult, kept: Path
) -> None:
    def held(result: DependenceResult) -> pd.Series[Any]:
        rows = result.exposure[(result.exposure["channel"] == "capital") & (result.exposure["home"] == "XAB")]
        return rows[rows["measure"] == "all"].set_index("partner")["share_pct"]

    alone = dependence(case_in(region, BY_THE_BANK), SOLO, folder=kept)
    assert held(alone)["bank"] == pytest.approx(100.0)
    assert 0.0 < held(whole)["bank"] < 100.0
    assert held(dependence(case_in(region), SOLO, folder=kept)).empty


def test_nobody_left_who_lends_is_told(tmp_path: Path) -> None:
    def no_market(table: str, rows: Rows) -> Rows:
        return (
            [row for row in rows if row.get("lender_class") != "bond"] if table == "lending_terms" else rows
        )

    case = case_in(land(tmp_path / "poor", no_market), BY_THE_BANK)
    with pytest.raises(InputError, match="no lender of the kinds market or domestic left for XAB"):
        dependence(case, SOLO)


def test_finished_runs_are_taken_up_with_the_same_bits(
    region: Region, whole: DependenceResult, kept: Path
) -> None:
    again = dependence(case_in(region, BY_TWO), folder=kept)
    assert again.engine["goods_kept"] == again.engine["goods_runs"]
    some = sorted((kept / "runs").iterdir())[:3]
    for run in some:
        shutil.rmtree(run)
    after = dependence(case_in(region, BY_TWO), folder=kept)
    for result in (again, after):
        pd.testing.assert_frame_equal(result.losses, whole.losses, check_exact=True)
        pd.testing.assert_frame_equal(result.shares, whole.shares, check_exact=True)


def test_more_workers_give_the_same_bits(region: Region, whole: DependenceResult) -> None:
    result = dependence(case_in(region, BY_TWO), executor=LocalProcesses(2))
    pd.testing.assert_frame_equal(result.losses, whole.losses, check_exact=True)
    pd.testing.assert_frame_equal(result.exposure, whole.exposure, check_exact=True)


def test_sampled_coalitions_sum_and_carry_an_error(
    region: Region, whole: DependenceResult, kept: Path
) -> None:
    few = DependenceSettings(channels=False, most_exact=2, pairs=4)
    result = dependence(case_in(region, BY_TWO), few, folder=kept)
    for home in result.homes:
        told = result.shares[result.shares["home"] == home]
        assert told["shapley_pct"].sum() == pytest.approx(
            loss(whole, home, "north", "south", "bank"), rel=1e-9
        )
        exact = whole.shares[whole.shares["home"] == home]["shapley_pct"].to_numpy()
        assert (abs(told["shapley_pct"].to_numpy() - exact) <= 4.0 * told["standard_error_pct"] + 1e-9).all()


def test_two_plans_beside_each_other(region: Region, whole: DependenceResult, kept: Path) -> None:
    nothing = dependence(case_in(region), folder=kept)
    change = compare_dependence(whole, nothing)
    capital = change[
        (change["channel"] == "capital") & (change["what"] == "loss") & (change["partner"] == "bank")
    ]
    moved = dict(zip(capital["home"], capital["change_pct"], strict=True))
    assert moved["XAA"] == 0.0
    assert moved["XAB"] > 0.0
    assert (compare_dependence(whole, whole)["change_pct"] == 0.0).all()


def test_what_an_analyst_would_write(whole: DependenceResult) -> None:
    told = " ".join(whole.sentences("XAB"))
    assert told.startswith("Belda depends most on Celda: without it Belda would lose")
    assert "most of it by what it buys and sells there" in told
    assert "million tonnes would have no way" in told
    with pytest.raises(UnknownNameError, match="economy of the region"):
        whole.sentences("XAZ")


def test_every_exposure_opens_to_rows(region: Region, whole: DependenceResult) -> None:
    case = case_in(region, BY_TWO)
    assert {"trade", "transit", "capital"} <= set(whole.rows["channel"])
    for row in whole.rows["row"]:
        table, _, key = str(row).partition("/")
        assert key in case.table(table).index, row


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"partners": ("west",)}, "no partner is called 'west'"),
        ({"partners": ("north", "north")}, "named twice"),
        ({"pressure": Pressure(level="harsh")}, "no pressure level is called 'harsh'"),
        ({"pressure": Pressure(homes=("XAC",))}, "no economy of the region is called 'XAC'"),
        ({"pressure": Pressure(targets=("north",))}, "targets want a level"),
        ({"pressure": Pressure(level="partial", targets=("west",))}, "no partner or party is called 'west'"),
    ],
)
def test_slips_of_the_pen_are_told(region: Region, change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        dependence(case_in(region), SOLO.model_copy(update=change))
