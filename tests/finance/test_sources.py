"""Sources of finance: grant element and whether they are owed, by instrument."""

from __future__ import annotations

from pathlib import Path

import pytest
from case.toy import plan, scenario, write_toy

from sogdia import build_case, load_region
from sogdia.finance import LoanTerms, grant_element
from sogdia.finance.sources import home_shares, is_loan, source_grant_element

Rows = list[dict[str, str]]


@pytest.mark.parametrize(
    ("instrument", "element", "is_known", "is_owed"),
    [
        ("grant", 1.0, True, False),
        ("equity", 0.0, True, False),
        ("fdi", 0.0, True, False),
        ("loan", 0.0, False, True),
        ("export_credit", 0.0, False, True),
    ],
)
def test_deal_has_the_grant_element_of_its_instrument(
    tmp_path: Path, instrument: str, element: float, is_known: bool, is_owed: bool
) -> None:
    def with_instrument(table: str, rows: Rows) -> Rows:
        return [{**row, "instrument": instrument} for row in rows] if table == "deals" else rows

    region = load_region(write_toy(tmp_path / "toy", with_instrument))
    case = build_case(region, plan("pj_rail"), scenario())
    for source in case.finance.to_dict("records"):
        assert source_grant_element(case, source) == (element, is_known)
        assert is_loan(case, source) is is_owed
    assert home_shares(case, "pj_rail") == [("XAA", 0.5), ("XAB", 0.5)]


def test_lender_class_has_the_grant_element_of_its_terms(tmp_path: Path) -> None:
    region = load_region(write_toy(tmp_path / "toy"))
    finance = [
        {"partner": "XBK", "lender_class": "bank_soft", "share_pct": 50},
        {"partner": "XAC", "share_pct": 50},
    ]
    case = build_case(region, plan({"project": "pj_rail", "finance": finance}), scenario())
    loan, other = case.finance.to_dict("records")
    assert source_grant_element(case, loan) == (grant_element(LoanTerms(0.01, 30, 10)), True)
    assert source_grant_element(case, other) == (0.0, False)
    assert (is_loan(case, loan), is_loan(case, other)) == (True, False)
