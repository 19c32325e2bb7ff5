"""Foreign investment that is not made: capital, output and income by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from case.toy import plan, scenario, write_toy

from sogdia import build_case, load_region
from sogdia.finance.foreign_investment import ENDS, Investment, Technology, investment_of_homes

PROVENANCE = {"basis": "assumed", "source": "example", "note": "made up for the tests"}
MIDDLE = Technology(share=0.4, output_ratio=2.5, depreciation=0.06, tax=0.2, replaced=0.0)
GROWTH = {("XAA", "gdp"): ((2000, 2050, 4.0),)}
Rows = list[dict[str, str]]


def invested(technology: Technology = MIDDLE, **own: float) -> Investment:
    return Investment("XAA", own, {}, 1000.0, dict.fromkeys(ENDS, technology), GROWTH, 1.0, 2030)


def test_a_little_capital_costs_the_tax_on_its_net_product() -> None:
    net_product = 0.4 / 2.5 - 0.06
    assert MIDDLE.lost_income(1e-3, 1000.0) == pytest.approx(1e-3 * 0.2 * net_product, rel=1e-4)
    assert MIDDLE.lost_output(1e-3, 1000.0) == pytest.approx(1e-3 * 0.4 / 2.5, rel=1e-4)


def test_all_capital_costs_all_output_less_what_was_paid_for_it() -> None:
    capital = 2.5 * 1000.0
    assert MIDDLE.lost_output(capital, 1000.0) == pytest.approx(1000.0)
    assert MIDDLE.lost_income(capital, 1000.0) == pytest.approx(1000.0 - (0.06 + 0.8 * 0.1) * capital)


def test_lost_capital_wears_out_and_does_not_grow() -> None:
    assert invested(XAC=100.0).lost(("XAC",), 1).capital == pytest.approx(100.0 * (1.0 - 0.94 / 1.04))
    assert invested(XAC=100.0).lost(("XAC",), 10).capital == pytest.approx(
        100.0 * (1.0 - (0.94 / 1.04) ** 10)
    )
    assert invested(XAC=100.0).lost(("XAC",), 0) == (0.0, 0.0, 0.0)


def test_other_investors_replace_their_part_by_the_tenth_year() -> None:
    replaced = Technology(0.4, 2.5, 0.06, 0.2, replaced=0.5)
    for years, part in ((1, 0.95), (10, 0.5), (20, 0.5)):
        without = invested(XAC=100.0).lost(("XAC",), years).capital
        found = invested(replaced, XAC=100.0).lost(("XAC",), years).capital
        assert found == pytest.approx(part * without)


def test_party_split_in_two_gives_same_loss() -> None:
    joined = invested(XAC=100.0).lost(("XAC",), 10)
    parts = invested(XAC=40.0, XAD=60.0).lost(("XAC", "XAD"), 10)
    assert parts == pytest.approx(joined)


def test_newest_stock_counts_without_power_plants(tmp_path: Path) -> None:
    rows = (
        ("fdi_stock", "2020", "999"), ("fdi_stock", "2023", "300"), ("fdi_stock_power", "2023", "120"),
    )  # fmt: skip
    values = {
        "capital_share_pct": ("40", "33", "50"), "capital_output_a": ("2.5", "2", "3"),
        "depreciation_pct_a": ("6", "5", "8"), "profit_tax_pct": ("20", "10", "30"),
        "investment_replaced_pct": ("0", "0", "50"),
    }  # fmt: skip

    def edit(table: str, own: Rows) -> Rows:
        if table == "partner_exposure":
            return [
                {"iso3": "XAA", "partner": "XAC", "channel": channel, "year": year, "share_pct": "",
                 "value_musd": value, **PROVENANCE}
                for channel, year, value in rows
            ]  # fmt: skip
        if table == "appraisal_values":
            ends = ("value", "low", "high")
            return [
                {"item": item, "scope": "any", **dict(zip(ends, each, strict=True)), **PROVENANCE}
                for item, each in values.items()
            ]
        return own

    case = build_case(load_region(write_toy(tmp_path / "investment", edit)), plan(), scenario())
    found = investment_of_homes(case)["XAA"]
    assert found.technology["value"] == MIDDLE
    assert found.technology["low"] == Technology(0.33, 3.0, 0.06, 0.1, 0.5), "each end that lowers the loss"
    assert found.technology["high"] == Technology(0.5, 2.0, 0.06, 0.3, 0.0)
    assert found.stock["XAC"] == pytest.approx(180.0)
    losses = [found.lost(("XAC",), 10, end).income for end in ("low", "value", "high")]
    assert losses == sorted(losses)
