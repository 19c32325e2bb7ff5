"""What is varied one at a time is what the pack says; a pack that says nothing has its variants."""

from __future__ import annotations

import pandas as pd
import pytest
from breaking import PackCopy

from sogdia import Region, build_case, load_plan, load_region, load_scenario
from sogdia.tables import table_schemas
from sogdia.uncertainty.one_at_a_time import assumptions_of, ranked

KINDS = table_schemas()["assumption_ranges"].field("varies").constraints.enum or ()


def test_ranges_come_first_in_the_order_of_the_rows_and_then_the_variants(isles: Region) -> None:
    found = assumptions_of(isles, load_scenario("reference", isles), 10)
    assert [item.row for item in found] == [
        "assumption_ranges/growth",
        "assumption_ranges/ferries",
        "assumption_ranges/fuel",
        "variants/fish_by_buyer",
    ]
    assert [(item.low, item.high) for item in found] == [
        ("50 % less", "50 % more"),
        ("10 % less", "25 % more"),
        ("30 % less", "30 % more"),
        ("its alternative holds", ""),
    ]
    assert [scenario.growth_factor for scenario in found[0].scenarios] == [0.5, 1.5]
    assert found[3].scenarios[0].variants == ("fish_by_buyer",)
    assert assumptions_of(isles, load_scenario("reference", isles), 2) == found[:2]


def test_a_row_varies_only_what_it_names(isles: Region) -> None:
    low, high = assumptions_of(isles, load_scenario("reference", isles), 10)[1].scenarios
    rates = [build_case(isles, load_plan("as_is", isles), each).table("rates") for each in (low, high)]
    before = isles.table("rates")["usd_per_tkm"]
    for table, factor in zip(rates, (0.9, 1.25), strict=True):
        ratio = table["usd_per_tkm"] / before
        used = (table["mode"] == "ferry") & table["active"]
        assert ratio[used].tolist() == pytest.approx([factor] * 2)
        assert ratio[~used].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_range_changes_the_tables_it_says(kind: str, pack: PackCopy) -> None:
    """Each low and high makes a case of its own, and the tables named are among those it edits."""
    tables = {
        "growth": "growth", "rates": "rates", "dwell": "crossings", "charges": "crossings",
        "capacity": "links", "demand": "electricity", "fuel_price": "power_costs", "inflow": "power_profiles",
    }  # fmt: skip
    pack.write("assumption_ranges", pack.rows("assumption_ranges")[:1])
    pack.add("assumption_ranges", "one", "One", kind, "0.9", "1.2", "", "", tables[kind])
    region = load_region(pack.folder)
    calm = load_scenario("reference", region)
    item = assumptions_of(region, calm, 1)[0]
    cases = [build_case(region, load_plan("as_is", region), each) for each in (*item.scenarios, calm)]
    assert len({case.digest for case in cases}) == 3
    if kind != "growth":
        edited = [change.table for change in cases[0].changes if change.source == "tale"]
        assert tables[kind] in edited


def test_a_pack_without_rows_has_its_variants_only(pack: PackCopy) -> None:
    pack.write("assumption_ranges", pack.rows("assumption_ranges")[:1])
    region = load_region(pack.folder)
    found = assumptions_of(region, load_scenario("reference", region), 10)
    assert [item.row for item in found] == ["variants/fish_by_buyer"]


def test_the_shipped_region_varies_ten_assumptions(shipped: Region) -> None:
    found = assumptions_of(shipped, load_scenario("reference", shipped), 10)
    assert [item.name for item in found] == [
        "growth", "rates", "dwell", "charges", "capacity", "demand", "fuel", "water",
        "china_kyrgyzstan_exporter_count", "carec_rail_rates",
    ]  # fmt: skip


def test_assumptions_are_ranked_by_the_span_of_the_effect() -> None:
    """By hand, with an effect of 8 as assumed: 10 to −5 span 15; one alternative of 20 spans 12."""
    rows = [("a", 10.0, -5.0), ("b", 20.0, float("nan")), ("c", 8.0, 8.5)]
    table = pd.DataFrame(
        [
            {"assumption": name, "words": name, "low": "", "high": "", "low_musd": low, "high_musd": high,
             "assumed_pct": 0.0, "basis": "", "tables": "", "row": "", "error": ""}
            for name, low, high in rows
        ]
    )  # fmt: skip
    ordered = ranked(table.iloc[::-1], 8.0)
    assert ordered["assumption"].tolist() == ["a", "b", "c"]
    assert ordered["span_musd"].tolist() == [15.0, 12.0, 0.5]
