"""Terms of lender classes, and the lender that replaces a withdrawn one."""

from __future__ import annotations

import re

import pytest
from case.toy import plan, scenario, write_toy

from sogdia import Case, build_case, load_region
from sogdia.errors import InputError, UnknownNameError
from sogdia.finance import LoanTerms
from sogdia.finance.lenders import parties_of, partner_by_party, replacement_lender, terms_of

Rows = list[dict[str, str]]
CODES = ("XPA", "XPB", "XPC", "XPD", "XPE")
LENDERS = {
    # lender class: kind of its party, interest, grace
    "bond": ("market", "7", "10"),
    "bond_XAB": ("market", "8", "10"),
    "bond_other": ("market", "9", "10"),
    "local": ("domestic", "2", "1"),
    "unpublished": ("market", "", "10"),
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    def with_lenders(table: str, rows: Rows) -> Rows:
        if table == "parties":
            return rows + [
                {**rows[0], "code": code, "name": name, "kind": kind}
                for code, (name, (kind, _, _)) in zip(CODES, LENDERS.items(), strict=True)
            ]
        if table == "lending_terms":
            return rows + [
                {**rows[0], "lender_class": name, "partner": code, "interest_pct": rate, "grace_a": grace}
                for code, (name, (_, rate, grace)) in zip(CODES, LENDERS.items(), strict=True)
            ]
        return rows

    folder = write_toy(tmp_path_factory.mktemp("packs") / "lenders", with_lenders)
    return build_case(load_region(folder), plan(), scenario())


def test_terms_are_fractions(case: Case) -> None:
    assert terms_of(case, "bank_soft") == LoanTerms(0.01, 30, 10)


def test_terms_without_interest_are_not_known(case: Case) -> None:
    assert terms_of(case, "unpublished") is None


def test_unknown_lender_class_is_rejected(case: Case) -> None:
    with pytest.raises(UnknownNameError, match=r"bank_sofd.*did you mean bank_soft"):
        terms_of(case, "bank_sofd")


def test_replacement_prefers_own_class_then_market_then_lowest_interest(case: Case) -> None:
    assert replacement_lender(case, "XAB") == "bond_XAB"
    assert replacement_lender(case, "XAA") == "bond"


def test_replacement_skips_withdrawn_lenders(case: Case) -> None:
    assert replacement_lender(case, "XAA", ["XPA"]) == "bond_other"
    assert replacement_lender(case, "XAA", ["XPA", "XPC"]) == "local"


def test_replacement_without_remaining_lender_is_rejected(case: Case) -> None:
    with pytest.raises(
        InputError, match=re.escape("no lender remains for XAA; add a row of a party of kind")
    ):
        replacement_lender(case, "XAA", ["XPA", "XPC", "XPD"])


def test_members_of_partners_are_listed_once(case: Case) -> None:
    assert parties_of(case, ["north", "bank", "north"]) == ("XAC", "XBK")
    assert partner_by_party(case) == {"XAC": "north", "XAD": "south", "XBK": "bank"}
