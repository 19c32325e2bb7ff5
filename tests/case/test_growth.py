"""Growth calculated by hand: spans of different rates, geometric mean for trade, recorded demand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia import Case, Region, build_case, load_plan, load_scenario
from sogdia.case.growth import growth_factor, growth_paths
from sogdia.tables import cell

from .toy import plan, scenario

GDP_XAA = {
    2023: 1.0,
    2024: 1.1,
    2025: 1.1**2,
    2027: 1.1**2 * 1.04**2,
    2030: 1.1**2 * 1.04**5,
    2035: 1.1**2 * 1.04**5 * 1.02**5,
}


def grown(toy: Region, year: int, factor: float = 1.0) -> Case:
    return build_case(toy, plan(), scenario(year=year, growth="documented", growth_factor=factor))


@pytest.mark.parametrize(("year", "factor"), GDP_XAA.items())
def test_growth_over_several_spans_multiplies_them(toy: Region, year: int, factor: float) -> None:
    table = toy.table("growth")
    assert growth_factor(growth_paths(table), "XAA", "gdp", 2023, year) == pytest.approx(factor, rel=1e-14)


def test_growth_from_a_year_within_a_span_counts_its_rest(toy: Region) -> None:
    factor = growth_factor(growth_paths(toy.table("growth")), "XAA", "gdp", 2024, 2031)
    assert factor == pytest.approx(1.1 * 1.04**5 * 1.02, rel=1e-14)


def test_economy_without_a_path_takes_the_one_for_any(toy: Region) -> None:
    assert growth_factor(growth_paths(toy.table("growth")), "XAB", "gdp", 2023, 2030) == pytest.approx(
        1.03**7
    )


def test_missing_growth_path_gives_factor_one() -> None:
    assert growth_factor({}, "XAA", "gdp", 2023, 2030) == 1.0


@pytest.mark.parametrize("year", [2024, 2030, 2035])
def test_economies_grow_by_their_paths(toy: Region, year: int) -> None:
    after, before, span = grown(toy, year).table("economies"), toy.table("economies"), year - 2023
    gdp = {
        "XAA": growth_factor(growth_paths(toy.table("growth")), "XAA", "gdp", 2023, year),
        "XAB": 1.03**span,
    }
    demand = {"XAA": 1.05 ** min(span, 7), "XAB": 1.02**span}
    for code in ("XAA", "XAB"):
        was, now = before.loc[code], after.loc[code]
        assert now["gdp_musd"] == pytest.approx(was["gdp_musd"] * gdp[code])
        assert now["goods_output_musd"] == pytest.approx(was["goods_output_musd"] * gdp[code])
        assert now["population"] == round(was["population"] * 1.01**span)
        assert now["electricity_demand_gwh"] == pytest.approx(was["electricity_demand_gwh"] * demand[code])
    assert set(after["year"]) == {year}


def test_trade_and_tonnes_grow_by_the_geometric_mean(toy: Region) -> None:
    after = grown(toy, 2030).table("trade")
    home, other = GDP_XAA[2030], 1.03**7
    mean = math.sqrt(home * other)
    expected = {
        "XAA/XAB/all/2023": (20 * mean, 20000 * mean),
        "XAC/XAA/all/2023": (100 * mean, 260000 * mean),
        "XAC/XAA/grain/2023": (40 * mean, 200000 * mean),
        "XAC/XAD/all/2023": (50 * other, 50000 * other),
    }
    for row, (value, tonnes) in expected.items():
        assert cell(after, row, "value_musd") == pytest.approx(value, rel=1e-14)
        assert cell(after, row, "tonnes") == pytest.approx(tonnes, rel=1e-14)
    assert set(after["year"]) == {2030}


def test_domestic_sales_grow_with_output(toy: Region) -> None:
    case = grown(toy, 2035)
    trade, economies = case.table("trade"), case.table("economies")
    for code in economies.index:
        row = f"{code}/{code}/all/2023"
        sales = cell(trade, row, "value_musd") / cell(toy.table("trade"), row, "value_musd")
        output = cell(economies, code, "goods_output_musd")
        assert sales == pytest.approx(output / cell(toy.table("economies"), code, "goods_output_musd"))
        assert pd.isna(cell(trade, row, "tonnes"))


def test_commodity_groups_sum_to_the_total_after_growth(toy: Region) -> None:
    after = grown(toy, 2035).table("trade")
    pair = after[(after["exporter"] == "XAC") & (after["importer"] == "XAA")].set_index("commodity")
    parts = pair.loc[["grain", "metal"], "value_musd"].sum()
    assert parts == pytest.approx(pair.loc["all", "value_musd"])


def test_demand_grows_from_its_latest_record(toy: Region) -> None:
    after = grown(toy, 2032).table("electricity")
    assert cell(after, "XAA/2032/demand_gwh", "value") == pytest.approx(100 * 1.05**7)
    assert cell(after, "XAB/2032/demand_gwh", "value") == pytest.approx(53 * 1.02**8)
    assert cell(after, "XAB/2032/demand_gwh", "basis") == "derived"
    assert len(after) == len(toy.table("electricity")) + 2


def test_recorded_demand_is_not_grown(toy: Region) -> None:
    after = grown(toy, 2024).table("electricity")
    assert cell(after, "XAB/2024/demand_gwh", "value") == 53
    assert len(after) == len(toy.table("electricity")) + 1


@pytest.mark.parametrize(("year", "growth"), [(2023, "documented"), (2035, "none")])
def test_base_year_or_growth_none_changes_no_figure(toy: Region, year: int, growth: str) -> None:
    case = build_case(toy, plan(), scenario(year=year, growth=growth))
    for table in ("economies", "trade", "electricity"):
        pd.testing.assert_frame_equal(case.table(table), toy.table(table))
    assert not [change for change in case.changes if change.cause == "growth"]


def test_growth_factor_multiplies_rates(toy: Region) -> None:
    assert cell(grown(toy, 2030, 2.0).table("economies"), "XAA", "gdp_musd") == pytest.approx(
        1000 * 1.2**2 * 1.08**5
    )
    assert cell(grown(toy, 2030, 0.0).table("economies"), "XAA", "gdp_musd") == 1000
    assert cell(grown(toy, 2024, -1.0).table("economies"), "XAA", "gdp_musd") == pytest.approx(900)


def test_growth_is_logged_with_sources_of_its_rates(toy: Region) -> None:
    changes = [change for change in grown(toy, 2030).changes if change.cause == "growth"]
    assert {change.table for change in changes} == {"economies", "trade", "electricity"}
    assert {change.reason for change in changes} == {"documented growth from 2023 to 2030"}
    assert {change.source for change in changes} == {"example"}


RATES = st.lists(st.floats(-9, 19), min_size=1, max_size=6)


@given(rates=RATES, data=st.data())
def test_growth_over_two_periods_is_their_product(rates: list[float], data: st.DataObject) -> None:
    years = [2000 + 5 * i for i in range(len(rates) + 1)]
    spans = zip(years[:-1], years[1:], rates, strict=True)
    path = pd.DataFrame(
        [{"iso3": "XAA", "item": "gdp", "from_year": a, "to_year": b, "pct_per_a": g} for a, b, g in spans]
    )
    start, middle, end = sorted(data.draw(st.tuples(*[st.integers(years[0], years[-1])] * 3)))
    total = growth_factor(growth_paths(path), "XAA", "gdp", start, end)
    parts = growth_factor(growth_paths(path), "XAA", "gdp", start, middle) * growth_factor(
        growth_paths(path), "XAA", "gdp", middle, end
    )
    assert total == pytest.approx(parts, rel=1e-12)
    shuffled = path.sample(frac=1, random_state=len(rates))
    assert growth_factor(growth_paths(shuffled), "XAA", "gdp", start, end) == pytest.approx(total, rel=1e-12)


def test_sectors_grow_with_their_economies(shipped: Region) -> None:
    case = build_case(shipped, load_plan("as_is", shipped), load_scenario("reference", shipped))
    gdp = case.table("economies").set_index("iso3")["gdp_musd"]
    ratio = gdp / shipped.table("economies").set_index("iso3")["gdp_musd"]
    before, after = shipped.table("sector_flows"), case.table("sector_flows")
    for row in (0, len(before) // 2, len(before) - 1):
        ends = (str(before[name].iloc[row]) for name in ("exporter", "importer"))
        expected = before["value_musd"].iloc[row] * math.sqrt(math.prod(ratio[end] for end in ends))
        assert after["value_musd"].iloc[row] == pytest.approx(expected, rel=1e-14)
    for table, start, end in (
        ("entrepot", "origin", "destination"),
        ("income_transfers", "payer", "receiver"),
    ):
        old, new = shipped.table(table), case.table(table)
        factor = math.sqrt(ratio[str(old[start].iloc[0])] * ratio[str(old[end].iloc[0])])
        assert new["value_musd"].iloc[0] == pytest.approx(old["value_musd"].iloc[0] * factor, rel=1e-14)
    # Output stays the sum of sales at home and abroad, as far as it was.
    keys = ["exporter", "sector"]
    sales = [table.groupby(keys)["value_musd"].sum() for table in (before, after)]
    outputs = [
        frame.set_index(["iso3", "sector"])["gross_output_musd"]
        for frame in (shipped.table("sector_outputs"), case.table("sector_outputs"))
    ]
    assert (outputs[1] / outputs[0]).to_dict() == pytest.approx((sales[1] / sales[0]).to_dict())
