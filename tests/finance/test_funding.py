"""Who pays for a project: the parts by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from case.toy import plan, scenario, write_toy

from sogdia import Case, build_case, load_region
from sogdia.finance.funding import plan_funding
from sogdia.finance.plan_finance import plan_finance

Rows = list[dict[str, str]]
SHARES = {"XAC": "51", "XAA": "24.5", "XAB": "24.5"}


def funding(folder: Path, finance: list[dict[str, object]], *, company: bool) -> dict[str, dict[Any, Any]]:
    """Return the parts of a project of 1,000 million in two home countries."""

    def with_company(table: str, rows: Rows) -> Rows:
        if table != "company_shares" or not company:
            return rows
        marks = {"basis": "assumed", "source": "example", "note": "made up for the tests"}
        return [
            {"project": "pj_rail", "party": party, "share_pct": share, **marks}
            for party, share in SHARES.items()
        ]

    region = load_region(write_toy(folder / "toy", with_company))
    case: Case = build_case(region, plan({"project": "pj_rail", "finance": finance}), scenario())
    table = plan_funding(case, plan_finance(case)).set_index("home")
    names = ["cost_musd", "loans_musd", "grants_musd", "domestic_musd", "equity_musd", "rest_musd"]
    return {str(home): row for home, row in table[names].to_dict("index").items()}


def test_shareholders_of_a_joint_company_pay_what_no_loan_covers(tmp_path: Path) -> None:
    finance: list[dict[str, object]] = [{"partner": "XBK", "lender_class": "bank_soft", "share_pct": 50}]
    parts = funding(tmp_path, finance, company=True)
    expected = {
        "cost_musd": 245, "loans_musd": 122.5, "grants_musd": 0, "domestic_musd": 0, "equity_musd": 122.5,
        "rest_musd": 0,
    }  # fmt: skip
    assert parts == {home: pytest.approx(expected) for home in ("XAA", "XAB")}


def test_cost_without_a_financing_party_stays_open(tmp_path: Path) -> None:
    finance: list[dict[str, object]] = [
        {"partner": "XBK", "lender_class": "bank_soft", "share_pct": 30},
        {"partner": "XAC", "share_pct": 10},
        {"partner": "XAA", "share_pct": 20},
    ]
    parts = funding(tmp_path, finance, company=False)
    common = {"cost_musd": 500, "loans_musd": 150, "grants_musd": 50, "equity_musd": 0}
    assert parts["XAA"] == pytest.approx(common | {"domestic_musd": 200, "rest_musd": 100})
    assert parts["XAB"] == pytest.approx(common | {"domestic_musd": 0, "rest_musd": 300})
