"""Dependence on a region reckoned by hand: what must be nothing, what must not change, what must rise."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from freight.borderland import PROVENANCE, Rows

from dependence.small_region import BY_THE_BANK, BY_TWO, case_in, small_region
from sogdia import Region
from sogdia.dependence import DependenceResult, DependenceSettings, compare_dependence, dependence
from sogdia.dependence.horizons import HorizonName
from sogdia.dependence.lasting_losses import LASTING
from sogdia.dependence.withdrawal import Pressure
from sogdia.errors import InputError, UnknownNameError
from sogdia.finance import LoanTerms, grant_element
from sogdia.finance.appraisal import annuity_factor
from sogdia.runs.executor import LocalProcesses

LATE: HorizonName = "year_10"
SOLO = DependenceSettings(coalitions=False, channels=False, horizons=(LATE,))


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return small_region(tmp_path_factory.mktemp("packs") / "land")


@pytest.fixture(scope="module")
def store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store_folder")


@pytest.fixture(scope="module")
def both(region: Region, store_folder: Path) -> DependenceResult:
    return dependence(case_in(region, BY_TWO), folder=store_folder)


@pytest.fixture(scope="module")
def full(both: DependenceResult) -> DependenceResult:
    return both.at(LATE)


def loss(result: DependenceResult, home: str, *partners: str) -> float:
    rows = result.losses
    own = rows[(rows["home"] == home) & (rows["partners"] == ";".join(partners))]
    assert len(own) == 1
    return float(own["loss_pct"].iloc[0])


def test_channel_losses_and_residual_sum_to_joint_loss(full: DependenceResult) -> None:
    for home in full.homes:
        shares = full.shares[full.shares["home"] == home]
        assert shares["shapley_pct"].sum() == pytest.approx(
            loss(full, home, "north", "south", "bank"), rel=1e-9
        )
        assert shares["solo_pct"].tolist() == [loss(full, home, name) for name in full.partners]
        parts = full.channels[(full.channels["home"] == home) & (full.channels["channel"] != "joint")]
        assert parts[parts["channel"] == "residual"]["loss_pct"].abs().max() < 1e-9
        summed = parts.groupby("partner")["loss_pct"].sum()
        assert summed["north"] == pytest.approx(loss(full, home, "north"), abs=1e-9)


def with_transit_costs(table: str, rows: Rows) -> Rows:
    """Return the rows with a country's half of any charge as income, a tenth to nine tenths of it."""
    if table != "transit_costs":
        return rows
    shares = ("retained_pct", "retained_low_pct", "retained_high_pct")
    free = dict.fromkeys(("avoidable_pct", "avoidable_low_pct", "avoidable_high_pct"), "0")
    retained = dict(zip(shares, ("50", "10", "90"), strict=True))
    return [
        {**PROVENANCE, "charge": charge, "mode": "any", "iso3": "any", **retained, **free}
        for charge in ("line_haul", "border", "terminal")
    ]


def test_transit_income_ends_with_the_trade_of_the_partner_that_passes(tmp_path: Path) -> None:
    """All transit of XAA starts or ends in XAC, the north."""
    result = dependence(case_in(small_region(tmp_path / "passed", with_transit_costs), BY_THE_BANK), SOLO)
    table = result.losses.set_index(["home", "partners"])
    lost = {name: table[name].to_dict() for name in table if str(name).startswith("transit_income")}
    middle = lost["transit_income_musd"]
    assert middle["XAA", "north"] > 0.0
    assert middle["XAA", "north;south;bank"] == pytest.approx(middle["XAA", "north"])
    assert middle["XAA", "bank"] == 0.0
    for name, part in (("low", 0.1), ("high", 0.9)):
        ends = lost[f"transit_income_{name}_musd"]
        assert ends["XAA", "north"] == pytest.approx(part / 0.5 * middle["XAA", "north"])
    parts = table[["goods_musd", "energy_musd", "capital_musd", "transit_income_musd", *LASTING]].sum(axis=1)
    assert table["loss_musd"].to_dict() == pytest.approx(parts.to_dict())


def test_equal_engine_states_are_run_once(full: DependenceResult) -> None:
    # The bank and the south, which only ships reach, close no way; one sector has one set of elasticities.
    assert full.engine["coalitions"] == 8
    assert full.engine["goods_runs"] == 2


def test_partner_without_links_causes_no_loss(region: Region, store_folder: Path) -> None:
    result = dependence(case_in(region), folder=store_folder)
    bank = result.channels[result.channels["partner"] == "bank"]
    measured = bank[bank["status"] == "measured"]
    assert set(measured["channel"]) == {"trade", "transit", "capital", "residual", "joint"}
    assert (measured["loss_musd"] == 0.0).all()
    assert bank[bank["status"] == "not measured"]["loss_musd"].isna().all(), "not zero"
    assert (result.shares.loc[result.shares["partner"] == "bank", "shapley_pct"].abs() < 1e-12).all()


def test_split_partner_causes_same_joint_loss(full: DependenceResult, tmp_path: Path) -> None:
    def joined(table: str, rows: Rows) -> Rows:
        if table != "partners":
            return rows
        first, _, bank = rows
        return [{**first, "id": "both", "name": "Both", "members": "XAC;XAD"}, bank]

    result = dependence(case_in(small_region(tmp_path / "joined", joined), BY_TWO), SOLO)
    for home in result.homes:
        assert loss(result, home, "both") == pytest.approx(loss(full, home, "north", "south"), rel=1e-9)


def test_order_of_named_partners_gives_same_result(region: Region, store_folder: Path) -> None:
    first, second = (
        dependence(case_in(region, BY_TWO), SOLO.model_copy(update={"partners": names}), folder=store_folder)
        for names in (("north", "south"), ("south", "north"))
    )
    pd.testing.assert_frame_equal(first.losses, second.losses)
    assert list(second.partners) == ["north", "south"]


def test_higher_pressure_gives_higher_loss(region: Region, store_folder: Path) -> None:
    case, found = case_in(region, BY_TWO), []
    for level in ("friction", "partial", "severe", "embargo", "withdrawal"):
        pressed = SOLO.model_copy(update={"partners": ("north",), "pressure": Pressure(level=level)})
        result = dependence(case, pressed, folder=store_folder)
        assert result.channels.empty
        found.append(loss(result, "XAA", "north"))
    assert found == sorted(found)
    assert found[0] > 0.0


def test_secondary_sanctions_affect_named_homes(region: Region, store_folder: Path) -> None:
    pressure = Pressure(level="partial", targets=("north",))
    result = dependence(
        case_in(region),
        SOLO.model_copy(update={"partners": ("south",), "pressure": pressure}),
        folder=store_folder,
    )
    # Friction with the target costs both homes, for both trade with it.
    assert loss(result, "XAA", "south") > 0.0
    assert loss(result, "XAB", "south") > 0.0


def test_lost_finance_matches_hand_calculation(full: DependenceResult) -> None:
    bank = full.losses[(full.losses["partners"] == "bank") & (full.losses["home"] == "XAB")].iloc[0]
    amount, rest = 30.0 * 0.6, 30.0 * 0.4
    soft, bond = LoanTerms(0.01, 30, 10), LoanTerms(0.07, 10, 10)
    yearly = annuity_factor(0.06, 30.0)
    refinancing = yearly * amount * (grant_element(soft) - grant_element(bond))
    waiting = yearly * 0.06 * 2.0 * rest
    assert bank["capital_musd"] == pytest.approx(refinancing + waiting, rel=1e-9)
    assert bank["refinance_musd"] == pytest.approx(amount)
    assert bank["loss_musd"] == pytest.approx(bank["capital_musd"])


def test_project_of_sole_financier_loses_its_share(
    region: Region, full: DependenceResult, store_folder: Path
) -> None:
    def held(result: DependenceResult) -> pd.Series[Any]:
        rows = result.exposure[(result.exposure["channel"] == "capital") & (result.exposure["home"] == "XAB")]
        return rows[rows["measure"] == "all"].set_index("partner")["share_pct"]

    alone = dependence(case_in(region, BY_THE_BANK), SOLO, folder=store_folder)
    assert held(alone)["bank"] == pytest.approx(100.0)
    assert 0.0 < held(full)["bank"] < 100.0
    assert held(dependence(case_in(region), SOLO, folder=store_folder)).empty


def test_missing_replacement_lender_raises(tmp_path: Path) -> None:
    def no_market(table: str, rows: Rows) -> Rows:
        return (
            [row for row in rows if row.get("lender_class") != "bond"] if table == "lending_terms" else rows
        )

    case = case_in(small_region(tmp_path / "poor", no_market), BY_THE_BANK)
    with pytest.raises(
        InputError, match="no lender remains for XAB; add a row of a party of kind market or domestic"
    ):
        dependence(case, SOLO)


def test_cached_runs_give_same_bits(region: Region, full: DependenceResult, store_folder: Path) -> None:
    again = dependence(case_in(region, BY_TWO), folder=store_folder).at(LATE)
    assert again.engine["goods_kept"] == again.engine["goods_runs"]
    some = sorted((store_folder / "runs").iterdir())[:3]
    for run in some:
        shutil.rmtree(run)
    after = dependence(case_in(region, BY_TWO), folder=store_folder).at(LATE)
    for result in (again, after):
        pd.testing.assert_frame_equal(result.losses, full.losses, check_exact=True)
        pd.testing.assert_frame_equal(result.shares, full.shares, check_exact=True)


def test_more_workers_give_same_bits(region: Region, full: DependenceResult) -> None:
    result = dependence(case_in(region, BY_TWO), executor=LocalProcesses(2)).at(LATE)
    pd.testing.assert_frame_equal(result.losses, full.losses, check_exact=True)
    pd.testing.assert_frame_equal(result.exposure, full.exposure, check_exact=True)


def test_sampled_coalitions_sum_and_have_standard_errors(
    region: Region, full: DependenceResult, store_folder: Path
) -> None:
    few = DependenceSettings(channels=False, most_exact=2, pairs=4, horizons=(LATE,))
    result = dependence(case_in(region, BY_TWO), few, folder=store_folder)
    for home in result.homes:
        shares = result.shares[result.shares["home"] == home]
        assert shares["shapley_pct"].sum() == pytest.approx(
            loss(full, home, "north", "south", "bank"), rel=1e-9
        )
        exact = full.shares[full.shares["home"] == home]["shapley_pct"].to_numpy()
        assert (
            abs(shares["shapley_pct"].to_numpy() - exact) <= 4.0 * shares["standard_error_pct"] + 1e-9
        ).all()


def test_compare_dependence_lists_change_by_partner_and_channel(
    region: Region, full: DependenceResult, store_folder: Path
) -> None:
    baseline = dependence(case_in(region), folder=store_folder).at(LATE)
    change = compare_dependence(full, baseline)
    capital = change[
        (change["channel"] == "capital") & (change["what"] == "loss") & (change["partner"] == "bank")
    ]
    moved = dict(zip(capital["home"], capital["change_pct"], strict=True))
    assert moved["XAA"] == 0.0
    assert moved["XAB"] > 0.0
    assert (compare_dependence(full, full)["change_pct"] == 0.0).all()


def test_sentences_state_largest_loss(full: DependenceResult) -> None:
    text = " ".join(full.sentences("XAB"))
    assert text.startswith("In the tenth year the withdrawal of Celda would cost Belda most: ")
    assert "by assumption), " in text, "no largest loss without its range"
    assert "through trade in goods with the partner" in text
    assert "Not measured: trade in services with the partner, " in text
    assert "million tonnes a year could not be delivered" in text
    with pytest.raises(UnknownNameError, match="economy of the region"):
        full.sentences("XAZ")


def test_exposure_traces_to_rows(region: Region, full: DependenceResult) -> None:
    case = case_in(region, BY_TWO)
    assert {"trade", "transit", "capital"} <= set(full.rows["channel"])
    for row in full.rows["row"]:
        table, _, key = str(row).partition("/")
        assert key in case.table(table).index, row


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"partners": ("west",)}, "no partner is called 'west'"),
        ({"partners": ("north", "north")}, "named twice"),
        ({"pressure": Pressure(level="harsh")}, "no pressure level is called 'harsh'"),
        ({"pressure": Pressure(homes=("XAC",))}, "no economy of the region is called 'XAC'"),
        ({"pressure": Pressure(targets=("north",))}, "targets need a level"),
        ({"pressure": Pressure(level="partial", targets=("west",))}, "no partner or party is called 'west'"),
    ],
)
def test_invalid_settings_raise(region: Region, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        dependence(case_in(region), SOLO.model_copy(update=change))


def test_package_is_the_function_of_the_front_door(region: Region, store_folder: Path) -> None:
    import sogdia

    assert callable(sogdia.dependence)
    with pytest.raises(UnknownNameError, match="no plan is called"):
        sogdia.dependence(region, "no_such_plan", store=store_folder)
