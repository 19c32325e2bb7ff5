"""Debt burden over years and under stress, company debt and payments to owners, calculated by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import pytest
from case.toy import plan, scenario, write_toy

from sogdia import Case, build_case, load_region
from sogdia.errors import UnknownNameError
from sogdia.finance import DebtSettings
from sogdia.finance.debt_stress import debt_of_homes, debt_stress, money_owed, thresholds_of
from sogdia.finance.owner_payments import owner_payments
from sogdia.finance.plan_finance import plan_burdens, plan_finance

Rows = list[dict[str, str]]
PROVENANCE = {"basis": "assumed", "source": "example", "note": "made up for the tests"}
STEADY = DebtSettings(years=5, borrowing="repaid", dollar_inflation_pct=0.0)
ADDED = {
    "macro": """iso3,year,item,value
XAA,2023,external_ppg_debt_musd,200
XAA,2023,exports_gs_musd,400
XAA,2023,government_revenue_musd,100
XAA,2023,gdp_growth_sd_pct,5
XAA,2023,exports_growth_sd_pct,10
XAA,2023,pv_external_debt_threshold_pct_gdp,40
""",
    "company_shares": """project,party,share_pct
pj_rail,XAC,51
pj_rail,XAA,24.5
pj_rail,XAB,24.5
""",
    "owner_payments": """id,plant,payer,owner,kind,owner_share_pct,gwh_a,usd_per_mwh,musd_a,\
indexation_pct_a,from_year,until_year
water,hydro_a,XAA,XAC,power_purchase,75,100,20,,10,2025,2027
wind,wind_b,XAB,XAD,availability,100,,,8,,2020,2060
secret,coal_b,XAB,XAD,take_or_pay,100,,,,,2020,2060
not_built,sun_one,XAB,XAD,power_purchase,100,10,50,,,2020,2060
""",
}


def rows_of(text: str) -> Rows:
    header, *lines = (line.split(",") for line in text.strip().splitlines())
    return [dict(zip(header, line, strict=True)) | PROVENANCE for line in lines]


def _added(table: str, rows: Rows) -> Rows:
    if table == "parties":
        return [*rows, {**rows[0], "code": "XRW", "name": "Others", "kind": "world"}]
    return rows_of(ADDED[table]) if table in ADDED else rows


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Case]:
    region = load_region(write_toy(tmp_path_factory.mktemp("packs") / "debts", _added))
    return lambda *projects: build_case(region, plan(*projects), scenario())


def values(table: pd.DataFrame, test: str, measure: str) -> list[float]:
    chosen = table[(table["home"] == "XAA") & (table["test"] == test) & (table["measure"] == measure)]
    return [float(value) for value in chosen["after_pct"]]


def stress_of(case: Case) -> pd.DataFrame:
    return debt_stress(case, debt_of_homes(case, STEADY), STEADY)


def test_ratio_of_steady_debt_is_constant(build: Callable[..., Case]) -> None:
    """Debt of 200 at par, renewed, over a GDP of 1,000, exports of 400."""
    table = stress_of(build())
    assert values(table, "baseline", "pv_external_gdp_pct") == pytest.approx([20.0] * 5)
    assert values(table, "baseline", "pv_external_exports_pct") == pytest.approx([50.0] * 5)
    assert set(table["home"]) == {"XAA"}


def test_depreciation_lowers_gdp_in_dollars_but_not_exports(build: Callable[..., Case]) -> None:
    table = stress_of(build())
    assert values(table, "depreciation", "pv_external_gdp_pct") == pytest.approx([20.0] + [20 / 0.7] * 4)
    assert values(table, "depreciation", "pv_external_exports_pct") == pytest.approx([50.0] * 5)


def test_growth_shock_lowers_gdp_and_adds_the_lost_revenue_to_debt(build: Callable[..., Case]) -> None:
    """GDP is 950 and then 902.5; revenue of 100 falls by 5 and then 9.75, which is borrowed at par."""
    table = stress_of(build())
    expected = [20.0, 20.5 / 0.95, *[21.475 / 0.9025] * 3]
    assert values(table, "growth", "pv_external_gdp_pct") == pytest.approx(expected)


def test_exports_shock_adds_the_revenue_share_of_lost_exports_to_debt(build: Callable[..., Case]) -> None:
    """Exports are 360 and then 324; a tenth of the loss of 40 and 76 is borrowed."""
    table = stress_of(build())
    expected = [50.0, 100 * 204 / 360, *[100 * 211.6 / 324] * 3]
    assert values(table, "exports", "pv_external_exports_pct") == pytest.approx(expected)


def test_contingent_liabilities_add_their_share_of_gdp(build: Callable[..., Case]) -> None:
    expected = [20.0, *[27.0] * 4]
    assert values(stress_of(build()), "contingent", "pv_external_gdp_pct") == pytest.approx(expected)


def test_worst_year_and_test_are_found(build: Callable[..., Case]) -> None:
    table = plan_burdens(stress_of(build())).set_index("measure")
    row = table.loc["pv_external_gdp_pct"]
    assert (row["capacity"], row["threshold_pct"], row["breached"]) == ("medium", 40, False)
    assert (row["stress_test"], row["stress_year"]) == ("depreciation", 2025)
    assert row["stressed_pct"] == pytest.approx(20 / 0.7)


def test_ceiling_of_the_user_replaces_the_threshold(build: Callable[..., Case]) -> None:
    settings = STEADY.model_copy(update={"ceilings": {"XAA": 15.0, "XAB": 25.0}})
    case = build()
    assert thresholds_of(case, "XAB", settings) == ("", {"pv_external_gdp_pct": 25.0})
    table = debt_stress(case, debt_of_homes(case, settings), settings)
    chosen = table[table["measure"] == "pv_external_gdp_pct"]
    assert set(chosen["threshold_pct"]) == {15.0}
    assert chosen["breached"].all()


def test_ceiling_of_an_unknown_country_is_an_error(build: Callable[..., Case]) -> None:
    settings = STEADY.model_copy(update={"ceilings": {"XAX": 15.0}})
    with pytest.raises(UnknownNameError, match=r"home country.*XAX.*did you mean XAB or XAA"):
        debt_of_homes(build(), settings)


def test_company_loan_is_owed_by_equity_share(build: Callable[..., Case]) -> None:
    """Of loans of 900 to a company that is held 51, 24.5 and 24.5 per cent, each home country owes 220.5."""
    case = build("pj_rail")
    table = plan_finance(case)
    assert table.groupby("home")["amount_musd"].sum().to_dict() == pytest.approx({"XAA": 220.5, "XAB": 220.5})
    owed = money_owed(case, debt_of_homes(case, STEADY.model_copy(update={"years": 20})))
    drawn = owed[(owed["kind"] == "plan") & (owed["year"] == 2028)]
    assert drawn["company"].all()
    assert drawn.groupby("home")["outstanding_musd"].sum().to_dict() == pytest.approx(
        {"XAA": 220.5, "XAB": 220.5}
    )


def test_owner_is_paid_its_share_with_indexation_until_the_contract_ends(build: Callable[..., Case]) -> None:
    """100 GWh at 20 dollars are 2 million, three quarters 1.5; a tenth more each year."""
    table = owner_payments(build(), 2024, 6).set_index(["plant", "year"])["payment_musd"]
    assert table["hydro_a"].to_dict() == pytest.approx({2025: 1.5, 2026: 1.65, 2027: 1.815})
    assert table["wind_b"].tolist() == pytest.approx([8.0] * 6)
    assert all(math.isnan(value) for value in table["coal_b"])
    assert "sun_one" not in table.index


def test_payments_to_owners_are_paid_abroad_and_no_debt(build: Callable[..., Case]) -> None:
    case = build()
    table = stress_of(case)
    service = values(table, "baseline", "service_exports_pct")
    abroad = values(table, "baseline", "paid_abroad_exports_pct")
    added = [high - low for low, high in zip(service, abroad, strict=True)]
    assert added == pytest.approx([0.0, 0.375, 0.4125, 0.45375, 0.0])
    owed = money_owed(case, debt_of_homes(case, STEADY))
    paid = owed[owed["kind"] == "power_purchase"]
    assert set(paid["party"]) == {"XAC"}
    assert paid["paid_musd"].tolist() == pytest.approx([1.5, 1.65, 1.815])
    assert not paid["outstanding_musd"].any()


def test_without_other_borrowing_debt_is_repaid(build: Callable[..., Case]) -> None:
    settings = STEADY.model_copy(update={"borrowing": "none", "years": 40})
    table = debt_stress(build(), debt_of_homes(build(), settings), settings)
    ratio = values(table, "baseline", "pv_external_gdp_pct")
    assert ratio == sorted(ratio, reverse=True)
    assert ratio[-1] == pytest.approx(0.0, abs=1e-9)
