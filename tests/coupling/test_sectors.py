"""Freight coupled with trade in sectors on a small region."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from freight.borderland import changed, with_rows
from trade.small_sectors import frame, with_sectors

from sogdia import Case
from sogdia.coupling import CoupledBaseline, CoupledResult, CouplingSettings, couple, make_baseline
from sogdia.coupling.trade_costs import read_policy_terms
from sogdia.errors import InputError
from sogdia.trade import TradeSettings

SECTORS = CouplingSettings(composition="sectors")


@pytest.fixture(scope="module")
def case(borderland: Case) -> Case:
    return with_sectors(borderland)


@pytest.fixture(scope="module")
def base(case: Case) -> CoupledBaseline:
    return make_baseline(case, SECTORS)


def barred(case: Case, *pairs: tuple[str, str], commodity: str = "all", **terms: Any) -> Case:
    row = {"tariff_pct": 0.0, "cost_pct": 0.0, "nontariff_factor": 1.0, "prohibited": False, **terms}
    rows = [
        {"exporter": a, "importer": b, "commodity": commodity, "key": f"{a}/{b}/{commodity}", **row}
        for a, b in pairs
    ]
    return with_rows(case, "barriers", rows, "key")


def flow_hat(found: CoupledResult, sector: str, exporter: str, importer: str) -> float:
    before = found.baseline.trade.baseline
    at = (
        before.sectors.index(sector), before.economies.index(exporter), before.economies.index(importer),
    )  # fmt: skip
    return float(found.trade.flow[at] / before.flow[at])


def welfare(found: CoupledResult) -> dict[str, float]:
    table = found.economies()
    return dict(zip(table["economy"], table["welfare_pct"], strict=True))


@pytest.mark.parametrize("composition", ["sectors", "aggregates"])
@pytest.mark.parametrize("horizon", ["long_run", "short_run"])
def test_baseline_is_a_fixed_point(case: Case, base: CoupledBaseline, composition: Any, horizon: Any) -> None:
    base = base.with_sectors(composition, horizon)
    found = couple(case, base)
    assert (found.baseline.trade.composition, found.baseline.trade.horizon) == (composition, horizon)
    assert (found.trade_costs.leg == 1.0).all()
    assert found.value == pytest.approx(base.trade.goods["value_musd"].to_numpy(), rel=1e-12)
    before = found.baseline.trade.baseline
    assert found.trade.flow == pytest.approx(before.flow, rel=1e-12)
    assert found.tonnes == pytest.approx(base.lanes.tonnes, rel=1e-12)
    assert found.convergence.iterations == 1
    assert np.abs(found.economies()["welfare_pct"]).max() < 1e-10


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"composition": "one_sector"}, "composition 'one_sector' and horizon 'long_run', the baseline"),
        ({"composition": "aggregates"}, "the baseline has 'sectors' and 'long_run'"),
        ({"horizon": "short_run"}, "take its with_sectors"),
    ],
)
def test_settings_of_other_sectors_than_the_baseline_raise(
    case: Case, base: CoupledBaseline, keys: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        couple(case, base, CouplingSettings(**keys))


def test_region_with_one_sector_takes_any_horizon(borderland: Case, small_base: CoupledBaseline) -> None:
    settings = CouplingSettings(horizon="short_run")
    assert couple(borderland, small_base, settings).convergence.iterations == 1


def test_prohibition_of_a_commodity_cuts_its_sectors_alone(case: Case, base: CoupledBaseline) -> None:
    found = couple(barred(case, ("XAA", "XAC"), commodity="metal", prohibited=True), base, SECTORS)
    assert flow_hat(found, "steel", "XAA", "XAC") == 0.0
    assert flow_hat(found, "farm", "XAA", "XAC") > 0.9
    assert flow_hat(found, "services", "XAA", "XAC") > 0.9
    # Steel of the fourth economy passes the first: its second leg is closed too.
    assert flow_hat(found, "steel", "XAD", "XAC") == 0.0
    flows = found.flows()
    metal = flows[flows["exporter"].eq("XAA") & flows["importer"].eq("XAC") & flows["commodity"].eq("metal")]
    assert metal[["after_musd", "after_t"]].to_numpy().tolist() == [[0.0, 0.0]]


def test_prohibition_on_a_commodity_applies_to_an_unsplit_pair(case: Case, base: CoupledBaseline) -> None:
    found = couple(barred(case, ("XAA", "XAB"), commodity="metal", prohibited=True), base, SECTORS)
    assert flow_hat(found, "steel", "XAA", "XAB") == 0.0
    assert flow_hat(found, "electricity", "XAA", "XAB") > 0.5


def test_prohibition_of_all_ends_services_and_electricity_but_not_bullion(
    case: Case, base: CoupledBaseline
) -> None:
    pairs = [("XAA", "XAC"), ("XAC", "XAA"), ("XAA", "XAB")]
    found = couple(barred(case, *pairs, prohibited=True), base, SECTORS)
    assert flow_hat(found, "services", "XAA", "XAC") == 0.0
    assert flow_hat(found, "gas", "XAC", "XAA") == 0.0
    assert flow_hat(found, "electricity", "XAA", "XAB") == 0.0
    assert flow_hat(found, "gold", "XAA", "XAC") > 0.0
    others = ("XAA", "XAB", "XAC")
    closed = [pair for name in others for pair in (("XAD", name), (name, "XAD"))]
    shut = couple(barred(case, *closed, prohibited=True), base, SECTORS)
    assert flow_hat(shut, "gold", "XAD", "XAB") == 0.0


def test_closed_pipelines_end_trade_in_gas_but_not_in_oil(case: Case, base: CoupledBaseline) -> None:
    lines = {("pipelines", name, "status"): "suspended" for name in ("gas_c_a", "oil_c_b")}
    found = couple(changed(case, lines), base, SECTORS)
    assert flow_hat(found, "gas", "XAC", "XAA") == 0.0
    assert flow_hat(found, "oil", "XAC", "XAB") > 0.0


def test_tariff_of_barriers_adds_to_that_of_the_sector(case: Case, base: CoupledBaseline) -> None:
    found = couple(barred(case, ("XAA", "XAC"), tariff_pct=5.0), base, SECTORS)
    before = base.trade.baseline
    for sector, rate in (("farm", 0.09), ("steel", 0.15), ("services", 0.09)):
        at = (before.sectors.index(sector), before.economies.index("XAA"), before.economies.index("XAC"))
        assert found.trade.tariff[at] == pytest.approx(rate)
    costs = couple(barred(case, ("XAA", "XAC"), cost_pct=5.0), base, SECTORS)
    # A row of barriers about costs does not change the tariff of the sector.
    assert costs.trade.tariff == pytest.approx(before.tariff)
    assert flow_hat(costs, "services", "XAA", "XAC") < 1.0


@pytest.mark.parametrize("horizon", ["long_run", "short_run"])
def test_trade_factor_is_the_cost_of_each_sector_that_cuts_trade_by_it(
    case: Case, base: CoupledBaseline, horizon: Any
) -> None:
    base = base.with_sectors("sectors", horizon)
    pairs = [("XAA", "XAC"), ("XAC", "XAA")]
    less = barred(case, *pairs, trade_factor=0.23)
    table = base.trade.legs.table.assign(hat=read_policy_terms(base.trade, base.lanes, less).ratio)
    both = table[table["exporter"].isin(["XAA", "XAC"]) & table["importer"].isin(["XAA", "XAC"])]
    hats = both.groupby("sector")["hat"].first()
    longer = 1.0 if horizon == "long_run" else 2.5
    for sector, theta in (("farm", 1.0), ("gas", 1.0), ("services", 2.0), ("steel", 3.0)):
        assert hats[sector] == pytest.approx(0.23 ** (-longer / theta), rel=1e-12)
    assert hats["gold"] == 1.0
    assert (table["hat"].drop(both.index) == 1.0).all()


@pytest.mark.parametrize("horizon", ["long_run", "short_run"])
def test_trade_falls_by_the_trade_factor_at_unchanged_prices(
    case: Case, base: CoupledBaseline, horizon: Any
) -> None:
    less = barred(case, ("XAA", "XAC"), ("XAC", "XAA"), trade_factor=0.23)
    found = couple(less, base.with_sectors("sectors", horizon))
    before = found.baseline.trade.baseline
    k, a, c = before.sectors.index("services"), *map(before.economies.index, ("XAA", "XAC"))
    # Gravity: trade over home sales is f times the change of relative prices to the power -θ.
    price = found.trade.cost_hat[k, a] / found.trade.cost_hat[k, c]
    fall = flow_hat(found, "services", "XAA", "XAC") / flow_hat(found, "services", "XAC", "XAC")
    assert fall * price ** before.theta[k] == pytest.approx(0.23, rel=1e-9)
    assert welfare(found)["XAA"] < 0.0


def test_electricity_that_the_power_system_counts_keeps_its_cost(case: Case, base: CoupledBaseline) -> None:
    closed = barred(case, ("XAA", "XAB"), prohibited=True)
    assert "XAB" in case.region.home
    powered = case.with_table("plants", pd.DataFrame({"iso3": ["XAB"]}))
    base = replace(base, case=powered, trade=replace(base.trade, case=powered))
    terms = read_policy_terms(base.trade, base.lanes, closed)
    settled = base.trade.legs.table["sector"].eq("electricity").to_numpy()
    assert settled.any()
    assert not terms.cut[settled].any()
    found = couple(closed, base, SECTORS, unit_cost={("XAB", "electricity"): 1.2})
    assert flow_hat(found, "electricity", "XAA", "XAB") > 0.5
    assert flow_hat(found, "steel", "XAA", "XAB") == 0.0


def test_short_run_loses_more_than_long_run(case: Case, base: CoupledBaseline) -> None:
    closed = barred(case, ("XAC", "XAB"), ("XAB", "XAC"), prohibited=True)
    late = couple(closed, base, SECTORS)
    soon = couple(closed, base.with_sectors("sectors", "short_run"))
    assert welfare(soon)["XAB"] < welfare(late)["XAB"] < 0.0


def test_longer_wait_raises_the_cost_of_goods_sold_on(case: Case, base: CoupledBaseline) -> None:
    rows = case.table("crossings")
    there = rows.index[(rows["from_iso3"] == "XAA") & (rows["to_iso3"] == "XAC")]
    slow = changed(
        case, {("crossings", str(key), "dwell_h"): rows.loc[key, "dwell_h"] + 240 for key in there}
    )
    found = couple(slow, base, CouplingSettings(composition="sectors", feedback=False))
    own, passing = (flow_hat(found, "steel", name, "XAC") for name in ("XAA", "XAD"))
    assert own < 1.0
    assert passing < 1.0


def test_goods_and_sectors_are_reconciled(case: Case, base: CoupledBaseline) -> None:
    found = couple(case, base, SECTORS)
    table = found.reconciliation()
    rows = {(row["exporter"], row["importer"]): row for row in table.to_dict("records")}
    # 48 + 86 + 96 in sectors and 10 that only pass, against 240 in goods.
    row = rows[("XAA", "XAC")]
    assert (row["sectors_musd"], row["from_hub_musd"], row["goods_musd"]) == (230.0, 10.0, 240.0)
    assert row["difference_musd"] == pytest.approx(0.0)
    assert rows[("XAD", "XAA")]["to_hub_musd"] == 10.0
    assert rows[("XAD", "XAC")]["difference_musd"] == pytest.approx(0.0)
    moved = found.adjustments()
    assert moved.iloc[0][["rule", "economy", "partner", "sector"]].tolist() == [
        "made up",
        "XAA",
        "XAC",
        "farm",
    ]
    assert {"made up", "bullion pooled over all buyers"} <= set(moved["rule"])


def test_region_without_trade_by_sector_says_so(borderland: Case) -> None:
    found = couple(borderland, make_baseline(borderland, SECTORS), SECTORS)
    assert found.baseline.trade.composition == "one_sector"
    assert found.rules()["rule"].tolist()[0] == "composition"


@pytest.mark.parametrize("imbalance", ["multiplicative", "additive"])
def test_gain_is_the_equivalent_variation(
    case: Case, base: CoupledBaseline, imbalance: Literal["multiplicative", "additive"]
) -> None:
    settings = SECTORS.model_copy(update={"trade": TradeSettings(imbalance=imbalance)})
    found = couple(barred(case, ("XAC", "XAB"), cost_pct=20.0), base, settings)
    table, parts = found.economies().set_index("economy"), found.welfare().set_index("economy")
    assert table["gain_musd"].to_dict() == pytest.approx(parts["equivalent_variation"].to_dict())
    # Of imbalances that stay a share of income only the named transfers are an economy's own to spend.
    model = base.trade.baseline
    level = model.disposable_income if imbalance == "multiplicative" else model.final_expenditure
    for name, value in zip(model.economies, level, strict=True):
        assert table.loc[name, "gain_musd"] == pytest.approx(value * table.loc[name, "welfare_pct"] / 100.0)


def test_empty_tables_of_hubs_and_factors_are_allowed(borderland: Case) -> None:
    columns = "origin,hub,destination,sector,value_musd,recorded_by_hub"
    bare = with_sectors(
        borderland,
        entrepot=frame(columns, []),
        specific_factors=frame("iso3,sector,value_added_share,supply_elasticity", []),
        income_transfers=frame("payer,receiver,kind,value_musd", []),
    )
    found = couple(bare, make_baseline(bare, SECTORS), SECTORS)
    assert found.tonnes == pytest.approx(found.baseline.lanes.tonnes, rel=1e-12)
