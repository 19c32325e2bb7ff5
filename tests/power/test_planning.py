"""Least-cost filler: reserve margin, price of capacity, values in the short and long run, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region
from sogdia.errors import InputError
from sogdia.power import PowerInputs, PowerModel, PowerResult, PowerSettings, build_power_inputs, solve

from .conftest import shipped_case
from .systems import HOURS, plant, system

PEAKER, BASE = 50_000.0, 200_000.0
"""Annual cost of a megawatt of two candidates."""


def one_zone(case: Case, margin_pct: float = 20.0, existing_mw: float = 60.0) -> PowerInputs:
    """Return 100 MW of constant load, an old plant at 30 USD/MWh, and two candidates."""
    new = {"kind": "candidate", "vintage": "candidate"}
    plants = [
        plant("A", "coal", existing_mw, 30.0),
        plant("A", "gas", 0, 20.0, capital_usd_per_mw=BASE, firm_share=0.9, **new),
        plant("A", "gas_ocgt", 0, 200.0, capital_usd_per_mw=PEAKER, firm_share=0.9, **new),
    ]
    inputs = system(case, {"A": 100.0}, plants, reserve_margin_pct=margin_pct)
    reserve = pd.DataFrame({"peak_mw": [100.0], "firm_mw": [existing_mw]}, index=["A"])
    return replace(inputs, reserve=reserve, builds=True)


def test_filler_meets_energy_with_the_efficient_candidate_and_the_margin_with_the_peaker(
    isle_case: Case,
) -> None:
    result = solve(one_zone(isle_case))
    built = result.built.set_index("carrier")["built_mw"]
    assert built["gas"] == pytest.approx(40.0)
    assert 60.0 + 0.9 * built.sum() == pytest.approx(120.0)
    assert result.filler.capacity_usd_per_mw["A"] == pytest.approx(PEAKER / 0.9)
    energy = HOURS * (40 * 20 + 60 * 30)
    assert result.costs["cost_musd"].iloc[-1] * 1e6 == pytest.approx(
        energy + 40 * BASE + built["gas_ocgt"] * PEAKER
    )


def test_filler_on_the_model_of_other_availability_is_that_of_its_own_model(isle_case: Case) -> None:
    """With three quarters of its fuel a new gas plant gives three quarters of its capacity."""
    inputs = one_zone(isle_case)
    is_gas = (inputs.generators["carrier"] == "gas").to_numpy()
    short = replace(inputs, p_max=np.where(is_gas, 0.75, inputs.p_max))
    model = PowerModel(inputs)
    assert model.own_filler.built_mw["A gas"] == pytest.approx(40.0)
    assert model.plan(short).built_mw["A gas"] == pytest.approx(40.0 / 0.75)
    assert model.plan(inputs).built_mw["A gas"] == pytest.approx(40.0)
    rows = inputs.generators
    less_firm = replace(inputs, generators=rows.assign(firm_share=0.5 * rows["firm_share"]))
    assert sum(model.plan(less_firm).built_mw.values()) == pytest.approx(60.0 / 0.45)


def test_long_run_marginal_cost_is_energy_price_plus_capacity_price(isle_case: Case) -> None:
    result = solve(one_zone(isle_case))
    row = result.price_summary.iloc[0]
    expected = PEAKER / 0.9 * 120.0 / (100.0 * HOURS)
    assert row["capacity_usd_per_mwh"] == pytest.approx(expected)
    assert row["long_run_usd_per_mwh"] == pytest.approx(row["price_without_scarcity_usd_per_mwh"] + expected)


def test_no_filler_is_built_where_the_plan_has_none(isle_case: Case) -> None:
    result = solve(replace(one_zone(isle_case), builds=False))
    assert result.built["built_mw"].sum() == 0.0
    assert result.unserved["unserved_gwh"].sum() == pytest.approx(40 * HOURS / 1e3)


def test_value_in_the_long_run_is_that_of_the_short_run_and_the_capacity_saved(isle_case: Case) -> None:
    """20 MW more of the old plant save 20 MW of the peaker's firm capacity and no energy cost."""
    model = PowerModel(one_zone(isle_case))
    base = model.solve()
    more = one_zone(isle_case, existing_mw=80.0)
    short, long = model.solve(more, filler=base.filler), model.solve(more)

    def cost(result: PowerResult) -> float:
        return float(result.costs["cost_musd"].iloc[-1]) * 1e6

    saved = {name: base.filler.built_mw[name] - mw for name, mw in long.filler.built_mw.items()}
    assert cost(base) - cost(long) >= cost(base) - cost(short)
    assert saved["A gas"] == pytest.approx(20.0)
    assert sum(saved.values()) == pytest.approx(20.0 / 0.9)


def test_margin_raises_capacity_and_not_energy(isle_case: Case) -> None:
    low, high = (solve(one_zone(isle_case, margin_pct=margin)) for margin in (20.0, 50.0))
    added = high.built["built_mw"].sum() - low.built["built_mw"].sum()
    assert added == pytest.approx(30.0 / 0.9)
    assert high.generation["generation_gwh"].sum() == pytest.approx(low.generation["generation_gwh"].sum())


@pytest.mark.parametrize("carrier", ["hydro", "pumped_hydro"])
def test_carriers_that_need_a_site_are_refused(reference_case: Case, carrier: str) -> None:
    settings = PowerSettings(mode="expansion", free_carriers=(carrier,))
    with pytest.raises(InputError, match=f"{carrier} cannot be built freely"):
        build_power_inputs(reference_case, settings)


def test_candidates_burn_a_fuel_that_their_country_has(shipped: Region) -> None:
    """Peakers burn gas at its price; a country without gas has none."""
    inputs = build_power_inputs(shipped_case(shipped, "committed"), PowerSettings(hours=288))
    rows = inputs.generators[inputs.is_candidate & (inputs.generators["carrier"] == "gas_ocgt")]
    assert (rows["cost_usd_per_mwh"] > 10.0).all()
    assert (rows["co2_t_per_mwh_th"] > 0.1).all()
    assert "KAZ_west gas_ocgt candidate" in rows.index


def test_committed_plan_needs_no_scarcity_price(shipped: Region) -> None:
    """With the filler no load is cut, and the mean price is below the long-run marginal cost."""
    result = solve(build_power_inputs(shipped_case(shipped, "committed"), PowerSettings(hours=288)))
    assert result.unserved["unserved_share"].max() < 1e-3
    summary = result.price_summary
    assert (summary["price_usd_per_mwh"] <= summary["long_run_usd_per_mwh"] + 1e-6).all()
    assert result.built["built_mw"].sum() > 1000.0
    firm = result.inputs.reserve["firm_mw"]
    candidates = result.inputs.generators[result.inputs.is_candidate]
    own = candidates.assign(firm=candidates["p_nom_mw"] * candidates["firm_share"]).groupby("iso3")["firm"]
    peak = result.inputs.reserve["peak_mw"]
    assert ((firm + own.sum()).reindex(peak.index) >= 1.15 * peak - 1.0).all()


def test_year_of_the_record_has_no_filler(shipped: Region) -> None:
    inputs = build_power_inputs(shipped_case(shipped, "committed", year=2021), PowerSettings(hours=288))
    assert not inputs.builds
    assert np.isfinite(inputs.p_max).all()


def test_filler_of_all_hours_is_that_of_the_weeks(shipped: Region) -> None:
    case = shipped_case(shipped, "committed")
    weeks, hours = (build_power_inputs(case, PowerSettings(hours=name)) for name in ("weeks", 8760))
    assert PowerModel(hours).own_filler.built_mw == PowerModel(weeks).own_filler.built_mw
