"""One-at-a-time sensitivity: the assumptions of a pack, and the cases of their low and high values."""

from __future__ import annotations

import pandas as pd
import pytest
from breaking import PackCopy

from sogdia import Region, build_case, load_plan, load_region, load_scenario
from sogdia.tables import table_schemas
from sogdia.uncertainty.one_at_a_time import LEVELS, ranked, read_assumptions

KINDS = table_schemas()["assumption_ranges"].field("varies").constraints.enum or ()


def test_ranges_come_first_in_the_order_of_rows_then_variants(isles: Region) -> None:
    found = read_assumptions(isles, load_scenario("reference", isles), 10)
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
    assert read_assumptions(isles, load_scenario("reference", isles), 2) == found[:2]


def test_a_row_varies_only_what_it_names(isles: Region) -> None:
    low, high = read_assumptions(isles, load_scenario("reference", isles), 10)[1].scenarios
    rates = [build_case(isles, load_plan("as_is", isles), each).table("rates") for each in (low, high)]
    before = isles.table("rates")["usd_per_tkm"]
    for table, factor in zip(rates, (0.9, 1.25), strict=True):
        ratio = table["usd_per_tkm"] / before
        used = (table["mode"] == "ferry") & table["active"]
        assert ratio[used].tolist() == pytest.approx([factor] * 2)
        assert ratio[~used].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_range_edits_its_tables(kind: str, pack: PackCopy) -> None:
    """Low and high give different cases, and the tables named are among those they edit."""
    tables = {
        "growth": "growth", "rates": "rates", "dwell": "crossings", "charges": "crossings",
        "capacity": "links", "demand": "electricity", "fuel_price": "power_costs", "inflow": "power_profiles",
        "capital_cost": "power_costs", "lost_load": "power_costs",
        "elasticities": "elasticities", "rents": "specific_factors",
    }  # fmt: skip
    pack.write("assumption_ranges", pack.rows("assumption_ranges")[:1])
    factors = ("", "") if kind in LEVELS else ("0.9", "1.2")
    pack.add("assumption_ranges", "one", "One", kind, *factors, "", "", tables[kind])
    region = load_region(pack.folder)
    reference = load_scenario("reference", region)
    item = read_assumptions(region, reference, 1)[0]
    cases = [build_case(region, load_plan("as_is", region), each) for each in (*item.scenarios, reference)]
    assert len({case.digest for case in cases}) == 3
    if kind != "growth":
        edited = [change.table for change in cases[0].changes if change.source == "tale"]
        assert tables[kind] in edited


def test_a_pack_without_rows_has_its_variants_only(pack: PackCopy) -> None:
    pack.write("assumption_ranges", pack.rows("assumption_ranges")[:1])
    region = load_region(pack.folder)
    found = read_assumptions(region, load_scenario("reference", region), 10)
    assert [item.row for item in found] == ["variants/fish_by_buyer"]


def test_the_shipped_region_varies_fourteen_assumptions(shipped: Region) -> None:
    found = read_assumptions(shipped, load_scenario("reference", shipped), 14)
    assert [item.name for item in found] == [
        "growth", "elasticities", "rents", "rates", "dwell", "charges", "capacity", "demand", "fuel", "water",
        "capital_cost", "lost_load",
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
