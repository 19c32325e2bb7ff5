"""Debt that falls due and is no longer renewed: the loss by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from case.toy import plan, scenario, write_toy

from sogdia import Case, build_case, load_region
from sogdia.errors import InputError
from sogdia.finance import grant_element
from sogdia.finance.appraisal import annuity_factor
from sogdia.finance.debt_settings import DebtSettings
from sogdia.finance.lenders import replacement_lender, terms_of
from sogdia.finance.refinancing import Renewal, refinancing_loss, renewals_of_homes

PROVENANCE = {"basis": "assumed", "source": "example", "note": "made up for the tests"}
MARKET = {"code": "XMK", "name": "The market", "kind": "market", "member_of": ""}
BOND = {
    "lender_class": "bond", "partner": "XMK", "currency": "USD", "interest_pct": "7", "fee_pct": "",
    "maturity_a": "10", "grace_a": "10", "tied_pct": "0", "collateral": "no", "cross_default": "no",
    "year": "2023",
}  # fmt: skip
DEBT = {
    "iso3": "XAA", "partner": "XBK", "channel": "external_debt", "year": "2023", "share_pct": "",
    "value_musd": "100", "lender_class": "bank_soft",
}  # fmt: skip
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    added = {"parties": MARKET, "lending_terms": BOND, "partner_exposure": DEBT}

    def edit(table: str, rows: Rows) -> Rows:
        return [*rows, {**added[table], **PROVENANCE}] if table in added else rows

    folder: Path = tmp_path_factory.mktemp("packs") / "renewed"
    return build_case(load_region(write_toy(folder, edit)), plan(), scenario())


def test_loans_not_renewed_cost_their_grant_element_as_an_annuity(case: Case) -> None:
    lent = np.array([10.0, 20.0, 40.0])
    renewal = Renewal("XBK", lent, owed=100.0, pv=70.0, grant_element=0.3)
    terms = terms_of(case, replacement_lender(case, "XAA", ("XBK",)))
    assert terms is not None
    new = grant_element(terms)
    annuity = annuity_factor(0.06, 30.0)
    for years, total in ((1, 10.0), (2, 30.0), (3, 70.0), (9, 70.0)):
        found = refinancing_loss(case, "XAA", [renewal], ("XBK",), years, 0.06)
        assert found.renewed == pytest.approx(annuity * total * (0.3 - new))
        assert found.recalled - found.renewed == pytest.approx(annuity * (100.0 * (1.0 - new) - 70.0))
    assert refinancing_loss(case, "XAA", [renewal], ("XAC",), 3, 0.06) == (0.0, 0.0)


def test_renewed_loans_keep_debt_constant_over_gdp_at_prices_of_the_base_year(case: Case) -> None:
    settings = DebtSettings(dollar_inflation_pct=0.0)
    renewal = next(each for each in renewals_of_homes(case, settings)["XAA"] if each.party == "XBK")
    terms = terms_of(case, "bank_soft")
    assert terms is not None
    assert renewal.grant_element == pytest.approx(grant_element(terms))
    assert renewal.owed == pytest.approx(100.0)
    with_inflation = DebtSettings(dollar_inflation_pct=3.0)
    inflated = next(each for each in renewals_of_homes(case, with_inflation)["XAA"] if each.party == "XBK")
    assert inflated.owed == pytest.approx(100.0 / 1.03 ** (2024 - case.region.base_year))
    assert (inflated.lent > 0.0).all()


def test_no_lender_left_is_refused(case: Case) -> None:
    renewal = Renewal("XBK", np.ones(3), 100.0, 70.0, 0.3)
    with pytest.raises(InputError, match="no lender remains for XAA"):
        refinancing_loss(case, "XAA", [renewal], [*case.table("parties")["code"]], 1, 0.06)
