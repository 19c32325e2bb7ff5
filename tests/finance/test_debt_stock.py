"""Debt stock by lender: amounts, age and present value calculated by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from case.toy import plan, scenario, write_toy

from sogdia import build_case, load_region
from sogdia.finance import LoanTerms, payment_schedule, pv_of_debt
from sogdia.finance.debt_stock import debt_stock, latest_figures, unpublished_lenders
from sogdia.finance.tables import STOCK

Rows = list[dict[str, str]]
PROVENANCE = {"basis": "assumed", "source": "example", "note": "made up for the tests"}
EXPOSURE = """iso3,partner,channel,year,share_pct,value_musd,lender_class
XAA,XBK,external_debt,2022,,90,bank_soft
XAA,XBK,external_debt,2023,,100,bank_soft
XAA,XAC,external_debt,2023,25,,
XAB,XAC,goods_exports,2023,40,,
"""
MACRO = """iso3,year,item,value
XAA,2022,external_ppg_debt_musd,300
XAA,2023,external_ppg_debt_musd,400
"""


def rows_of(text: str) -> Rows:
    header, *lines = (line.split(",") for line in text.strip().splitlines())
    return [dict(zip(header, line, strict=True)) | PROVENANCE for line in lines]


def test_debt_stock_equals_hand_calculation(tmp_path: Path) -> None:
    def with_debt(table: str, rows: Rows) -> Rows:
        if table == "deals":
            loan = {**rows[1], "project": "", "recipient": "XAA", "status": "disbursed"}
            return [
                *rows,
                {**loan, "id": "old", "year": "2013", "amount_musd": "30"},
                {**loan, "id": "recent", "year": "2019", "amount_musd": "10"},
                {**loan, "id": "later", "year": "2024", "amount_musd": "99"},
                {**loan, "id": "pledge", "year": "2015", "amount_musd": "99", "status": "announced"},
            ]
        return {"partner_exposure": rows_of(EXPOSURE), "macro": rows_of(MACRO)}.get(table, rows)

    case = build_case(load_region(write_toy(tmp_path / "debt", with_debt)), plan(), scenario())
    assert latest_figures(case, "external_ppg_debt_musd") == {"XAA": 400}
    table = debt_stock(case).set_index("party")
    assert list(table.reset_index()[list(STOCK.column_names)].columns) == list(STOCK.column_names)
    bank = table.loc["XBK"].to_dict()
    age = (30 * 10 + 10 * 4) / 40
    terms = LoanTerms(0.01, 30, 10)
    assert (bank["owed_musd"], bank["age_a"]) == (100, pytest.approx(age))
    assert bank["pv_musd"] == pytest.approx(100 * pv_of_debt(terms, age_a=age))
    due = payment_schedule(terms).principal[17:19].sum()
    assert bank["due_musd_a"] == pytest.approx(100 * due)
    # Without terms: a quarter of all external debt, new, valued at par.
    other = table.loc["XAC"].to_dict()
    assert (other["owed_musd"], other["pv_musd"]) == (100, 100)
    assert math.isnan(other["age_a"])
    assert set(table["home"]) == {"XAA"}


def test_rest_of_the_total_is_owed_to_unpublished_lenders_at_par(tmp_path: Path) -> None:
    """Of 400 the bank holds 100 signed in 2013; 300 are of lenders that no row names."""

    def with_rest(table: str, rows: Rows) -> Rows:
        bank = "iso3,partner,channel,year,value_musd,lender_class,signed_year\n"
        bank += "XAA,XBK,external_debt,2023,100,bank_soft,2013\n"
        if table == "parties":
            return [*rows, {**rows[0], "code": "XRW", "name": "Others", "kind": "world"}]
        return {"partner_exposure": rows_of(bank), "macro": rows_of(MACRO)}.get(table, rows)

    case = build_case(load_region(write_toy(tmp_path / "rest", with_rest)), plan(), scenario())
    table = debt_stock(case).set_index("party")
    assert table.loc["XBK", "age_a"] == 10
    assert table.loc["XBK", "pv_musd"] == pytest.approx(100 * pv_of_debt(LoanTerms(0.01, 30, 10), age_a=10))
    assert unpublished_lenders(case) == ["XRW"]
    rest = table.loc["XRW"]
    assert (rest["owed_musd"], rest["pv_musd"], rest["row"]) == (
        300,
        300,
        "macro/XAA/2023/external_ppg_debt_musd",
    )
