"""Transit income by hand, and invariances."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.errors import InputError
from sogdia.freight import INCOMES, FreightResult, assign_freight, transit_income, transit_income_sums
from sogdia.freight.supernetwork.loads import CARGO_TYPES

from .borderland import PROVENANCE, changed, with_rows
from .networks import SUE

FIELDS = (
    "retained_pct", "retained_low_pct", "retained_high_pct",
    "avoidable_pct", "avoidable_low_pct", "avoidable_high_pct",
)  # fmt: skip
MONEY = ["charges_musd", "receipts_musd", "avoidable_musd", "income_musd", "income_low_musd"]


def cost(charge: str, mode: str, iso3: str, *shares: float) -> dict[str, Any]:
    """Return a row of ``transit_costs``."""
    row = {"charge": charge, "mode": mode, "iso3": iso3, **dict(zip(FIELDS, shares, strict=True))}
    return {"row": f"{charge}/{mode}/{iso3}", **row, **PROVENANCE}


COSTS = [
    cost("line_haul", "rail", "any", 80, 60, 100, 50, 25, 75),
    cost("line_haul", "rail", "XAB", 10, 10, 10, 0, 0, 0),
    cost("line_haul", "any", "any", 40, 30, 50, 20, 10, 30),
    cost("border", "any", "any", 50, 40, 60, 40, 20, 60),
    cost("terminal", "any", "any", 100, 100, 100, 0, 0, 0),
]


def by_rail(case: Case, costs: list[dict[str, Any]]) -> Case:
    """Return the case with costs of transit, without roads and without the transfer between gauges."""
    roads = ("road_a_ab", "road_ab_b", "road_a_ac", "road_ac_c")
    closed: dict[tuple[str, str, str], Any] = {("links", road, "status"): "closed" for road in roads}
    return with_rows(
        changed(case, closed | {("transfers", "ac/rail/rail", "status"): "planned"}),
        "transit_costs", costs, "row",
    )  # fmt: skip


def containers(freight: FreightResult, territory: str) -> dict[str, dict[str, float]]:
    """Return the figures of containers in a territory by mode."""
    rows = transit_income(freight).to_dict("records")
    chosen = [row for row in rows if row["territory"] == territory and row["cargo"] == "container"]
    return {row["mode"]: {str(name): value for name, value in row.items()} for row in chosen}


@pytest.fixture(scope="module")
def passed(borderland: Case) -> FreightResult:
    return assign_freight(by_rail(borderland, COSTS), SUE)


def test_cargo_of_transit_is_that_of_its_commodity(borderland: Case) -> None:
    """Rows of demand come in another order than classes: select-link by commodity has the same tonnes."""
    trade = borderland.table("trade")
    row = str(trade.index[trade["exporter"].eq("XAB") & trade["importer"].eq("XAC")][0])
    split = changed(borderland, {("trade", row, "commodity"): "grain"})
    freight = assign_freight(with_rows(split, "transit_costs", COSTS, "row"), SUE)
    demand, arcs = freight.result.demand, freight.result.network.arcs
    assert list(demand.codes[2][1]) != list(demand.classes)
    cargo_of = freight.supernetwork.case.table("commodities")["cargo"].to_dict()
    is_own = arcs["territory"].eq("XAA") & arcs["kind"].eq("haul") & arcs["mode"].eq("rail")
    rows = freight.supernetwork.identified(demand)
    passing = rows["exporter"].ne("XAA") & rows["importer"].ne("XAA")
    selected = freight.result.select(is_own.to_numpy(dtype=bool))["selected"].where(passing, 0.0)
    expected = selected.groupby(rows["commodity"].astype(str).map(cargo_of)).sum()
    found = transit_income(freight)
    found = found[found["territory"].eq("XAA") & found["mode"].eq("rail")]
    tonnes = dict(zip(found["cargo"], found["tonnes"], strict=True))
    assert tonnes == pytest.approx(expected[expected > 0.0].to_dict())
    assert set(tonnes) == {"container", "dry_bulk"}


def test_income_by_hand(passed: FreightResult) -> None:
    """XAA is passed by 5,000 t from c to d and 8,000 t from b to c, over links of 110 km.

    ac-a is 0.04 USD/tkm (corridor), a-ab and ab-b 0.06 (territory). A link over a border belongs to the
    territory in which it starts, its border to the one entered: 14 USD/t at ac from c, 7 at ab from b.
    """
    row = containers(passed, "XAA")["rail"]
    assert row["tonnes"] == pytest.approx(13_000)
    assert row["tonne_km"] == pytest.approx(13_000 * 330)
    haul = (5_000 * (0.04 + 2 * 0.06) + 8_000 * (0.06 + 2 * 0.04)) * 110 / 1e6
    border = (5_000 * 14 + 8_000 * 7) / 1e6
    assert row["charges_musd"] == pytest.approx(haul + border)
    assert row["receipts_musd"] == pytest.approx(0.8 * haul + 0.5 * border)
    assert row["avoidable_musd"] == pytest.approx(0.5 * 0.8 * haul + 0.4 * 0.5 * border)
    assert row["income_musd"] == pytest.approx(0.5 * 0.8 * haul + 0.6 * 0.5 * border)
    assert row["income_low_musd"] == pytest.approx(0.25 * 0.6 * haul + 0.4 * 0.4 * border)
    assert row["income_high_musd"] == pytest.approx(0.75 * 1.0 * haul + 0.8 * 0.6 * border)


def test_row_of_the_country_precedes_that_of_any(passed: FreightResult) -> None:
    """XAB keeps a tenth of line-haul by rail, all of it income: b-p for 14,000 t from a and c to d.

    Its border costs 8 USD/t, handling at its port 5. By sea the row of any mode holds: 220 km at 0.01.
    """
    table = containers(passed, "XAB")
    assert table["rail"]["income_musd"] == pytest.approx(14_000 * (0.1 * 0.07 * 110 + 0.6 * 0.5 * 8) / 1e6)
    assert table["terminal"]["income_musd"] == pytest.approx(14_000 * 5 / 1e6)
    assert table["sea"]["income_musd"] == pytest.approx(14_000 * 0.01 * 220 * 0.4 * 0.8 / 1e6)


def test_modes_sum_to_charges_of_transit(passed: FreightResult) -> None:
    """All charges of foreign containers on arcs of XAB, found from the arcs without their modes."""
    result = passed.result
    arcs, rows = result.network.arcs, passed.supernetwork.identified(result.demand)
    inside = (arcs["territory"] == "XAB") & (arcs["kind"] != "pipeline")
    usd = np.where(inside, arcs["usd_per_t_container"], 0.0)
    mean = result.loading.mean(np.tile(usd, (len(result.demand.classes), 1)))
    foreign = (rows["exporter"] != "XAB") & (rows["importer"] != "XAB") & (rows["commodity"] == "all")
    table = containers(passed, "XAB")
    assert set(table) == {"rail", "sea", "terminal"}
    assert sum(row["charges_musd"] for row in table.values()) == pytest.approx(
        float((mean * rows["flow"])[foreign].sum()) / 1e6
    )


def test_region_without_transit_has_no_income(borderland: Case) -> None:
    trade = borderland.table("trade")
    inner = trade[trade["exporter"].isin(["XAA", "XAC"]) & trade["importer"].isin(["XAA", "XAC"])]
    frames = {**by_rail(borderland, COSTS).frames, "trade": inner}
    case = replace(borderland, frames=MappingProxyType(frames))
    assert transit_income(assign_freight(case, SUE)).empty


def test_income_is_linear_in_charges(passed: FreightResult) -> None:
    once = transit_income(passed)
    network = passed.result.network
    arcs = network.arcs.copy()
    for cargo in CARGO_TYPES:
        for part in ("", "tariff_", "transit_"):
            arcs[f"{part}usd_per_t_{cargo}"] *= 3.0
    network = replace(network, arcs=arcs)
    tripled = FreightResult(
        replace(passed.supernetwork, network=network), replace(passed.result, network=network)
    )
    again = transit_income(tripled)
    pd.testing.assert_frame_equal(again[MONEY], 3.0 * once[MONEY])
    pd.testing.assert_series_equal(again["tonnes"], once["tonnes"])


def test_table_without_rows_gives_no_income(borderland: Case) -> None:
    assert transit_income(assign_freight(borderland, SUE)).empty


def test_charge_without_a_row_raises(borderland: Case) -> None:
    freight = assign_freight(by_rail(borderland, COSTS[:3]), SUE)
    message = (
        r"transit_costs.csv: no row of charge border holds for mode rail in XAA; add the row border/rail/any"
    )
    with pytest.raises(InputError, match=message):
        transit_income(freight)


def test_sums_equal_those_of_the_table(passed: FreightResult, base_year: FreightResult) -> None:
    for freight in (passed, base_year):
        table = transit_income(freight).groupby("territory")[list(INCOMES)].sum()
        sums = transit_income_sums(freight)
        assert sorted(sums.index) == sorted(freight.supernetwork.case.region.home)
        pd.testing.assert_frame_equal(sums.loc[table.index], table, check_names=False, rtol=1e-9)
        assert (sums.drop(table.index) == 0.0).all(axis=None)


def test_freight_of_a_party_left_out_gives_no_income(passed: FreightResult) -> None:
    """XAA is passed by 5,000 t from c to d and 8,000 t from b to c; without XAD by the second alone."""
    haul, border = 8_000 * (0.06 + 2 * 0.04) * 110 / 1e6, 8_000 * 7 / 1e6
    income = transit_income_sums(passed, ["XAD"]).loc["XAA", "income_musd"]
    assert income == pytest.approx(0.5 * 0.8 * haul + 0.6 * 0.5 * border)
    assert (transit_income_sums(passed, ["XAC"]).loc[["XAA"]] == 0.0).all(axis=None)


def test_sums_of_a_table_without_rows_are_zero(borderland: Case) -> None:
    assert (transit_income_sums(assign_freight(borderland, SUE)) == 0.0).all(axis=None)


def test_sums_refuse_a_charge_without_a_row(borderland: Case) -> None:
    with pytest.raises(InputError, match="no row of charge border holds for mode rail in XAA"):
        transit_income_sums(assign_freight(by_rail(borderland, COSTS[:3]), SUE))


def test_income_lies_in_its_range(base_year: FreightResult) -> None:
    table = transit_income(base_year)
    assert set(table["territory"]) <= set(base_year.supernetwork.case.region.home)
    assert (table["income_low_musd"] <= table["income_musd"]).all()
    assert (table["income_musd"] <= table["income_high_musd"]).all()
    rail = table[table["mode"] == "rail"].groupby("territory")["tonnes"].sum()
    passing = base_year.transit().set_index("territory")["transit_t"]
    assert (rail <= passing.reindex(rail.index) + 1e-6).all()
    assert rail["KAZ"] > 0.0
