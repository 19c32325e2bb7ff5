"""Prices with and without scarcity, long-run marginal cost, and warnings on results that scarcity distorts.

Scarcity sets the price of a zone in a snapshot if energy is unserved there, or if its price is above the
highest cost of a plant or offer of the region, delivered over the costliest line: neighbours in shortage and
water kept for hours of shortage raise prices too. Means are weighted by load. The long-run marginal cost of a
country is

``Λ = λ' + μ R / E``

with λ' its mean price without scarcity, μ the annual price of firm capacity (USD/MW), R the firm capacity
that its load requires (MW) and E its load of the year (MWh): load is served by new capacity and not cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from sogdia.power.arrays import Bools, Floats
from sogdia.power.costs import FUEL_CARRIERS
from sogdia.power.generators import CANDIDATE, PLANT, SELLS, SHED
from sogdia.power.solution import PowerSolution
from sogdia.power.tables import PRICE_SUMMARY
from sogdia.units import MWH_PER_GWH, T_PER_MT

SHORTAGE_MW: Final = 1e-3
"""Unserved power above which an hour counts as short."""
PRICE_TOLERANCE: Final = 1e-6
"""Relative excess over the highest cost from which a price is one of scarcity."""
UNSERVED_LIMIT: Final = 0.005
"""Share of a country's load that may be unserved without a warning."""
SCARCITY_LIMIT: Final = 0.01
"""Share of hours in which scarcity may set a zone's price without a warning."""
CAP_TOLERANCE: Final = 1e-4
"""Relative distance from the cap on emissions within which it binds."""


def unserved_mw(solution: PowerSolution) -> Floats:
    """Return the unserved power of each zone, (T, Z)."""
    rows, zones = solution.inputs.generators, solution.inputs.zones.table.index
    unserved = np.zeros((len(solution.generator_mw), len(zones)))
    for number, zone in enumerate(zones):
        is_shed = ((rows["kind"] == SHED) & (rows["bus"] == zone)).to_numpy()
        unserved[:, number] = solution.generator_mw[:, is_shed].sum(axis=1)
    return unserved


def is_scarce(solution: PowerSolution) -> Bools:
    """Return whether scarcity sets the price of each zone in each snapshot, (T, Z)."""
    prices = _zone_prices(solution)
    is_short = unserved_mw(solution) > SHORTAGE_MW
    return np.asarray(
        is_short | (prices > highest_delivered_cost(solution) * (1.0 + PRICE_TOLERANCE)), dtype=np.bool_
    )


def highest_delivered_cost(solution: PowerSolution) -> float:
    """Return the highest cost of a plant or offer, delivered over the costliest line, USD/MWh."""
    rows, links = solution.inputs.generators, solution.inputs.links
    offered = rows[rows["kind"].isin([PLANT, CANDIDATE, SELLS]) & (rows["p_nom_mw"] > 0.0)]
    highest = float(offered["cost_usd_per_mwh"].max()) if len(offered) else 0.0
    used = links[links["p_nom_mw"] > 0.0]
    delivered = (highest + used["cost_usd_per_mwh"]) / used["efficiency"]
    return max(highest, float(delivered.max())) if len(used) else highest


def _zone_prices(solution: PowerSolution) -> Floats:
    zones = list(solution.inputs.zones.table.index)
    return solution.price_usd_per_mwh[zones].to_numpy(dtype=np.float64)


def price_summary(
    solution: PowerSolution,
    capacity_usd_per_mw: Mapping[str, float],
    required_mw: Mapping[str, float],
) -> pd.DataFrame:
    """Return prices by zone with and without scarcity (:data:`sogdia.power.tables.PRICE_SUMMARY`).

    Args:
        solution: Solved year.
        capacity_usd_per_mw: Annual price of firm capacity of each country whose capacity was planned.
        required_mw: Firm capacity that the load of each of them requires.
    """
    zones = solution.inputs.zones.table
    scarce, prices = is_scarce(solution), _zone_prices(solution)
    load = solution.inputs.load_mw * solution.inputs.snapshots.weight_h[:, None]
    hours = solution.annual_sum(scarce.astype(np.float64))
    capacity = pd.Series(
        {
            iso3: price * required_mw[iso3] / _load_mwh(solution, iso3)
            for iso3, price in capacity_usd_per_mw.items()
        },
        dtype=float,
    )
    normal = _mean(prices, np.where(scarce, 0.0, load))
    added = zones["iso3"].map(capacity).to_numpy(dtype=np.float64)
    return PRICE_SUMMARY.frame(
        pd.DataFrame(
            {
                "zone": zones.index.to_numpy(),
                "iso3": zones["iso3"].to_numpy(),
                "price_usd_per_mwh": _mean(prices, load),
                "price_without_scarcity_usd_per_mwh": normal,
                "scarcity_h": hours,
                "scarcity_share": hours / float(solution.inputs.snapshots.weight_h.sum()),
                "capacity_usd_per_mwh": added,
                "long_run_usd_per_mwh": normal + added,
            }
        )
    )


def long_run_by_country(solution: PowerSolution, summary: pd.DataFrame) -> dict[str, float]:
    """Return the long-run marginal cost of each country that has one: the mean of its zones by load."""
    load = solution.annual_sum(solution.inputs.load_mw)
    known = summary.assign(load=load).dropna(subset=["long_run_usd_per_mwh"])
    sums = (
        known.assign(paid=known["long_run_usd_per_mwh"] * known["load"])
        .groupby("iso3")[["paid", "load"]]
        .sum()
    )
    return {str(iso3): float(row["paid"] / row["load"]) for iso3, row in sums.iterrows() if row["load"] > 0}


def _load_mwh(solution: PowerSolution, iso3: str) -> float:
    own = (solution.inputs.zones.table["iso3"] == iso3).to_numpy()
    return float(solution.annual_sum(solution.inputs.load_mw)[own].sum())


def _mean(values: Floats, weight: Floats) -> Floats:
    """Return the weighted mean of each column; NaN without weight."""
    total = weight.sum(axis=0)
    mean = np.full(total.shape, np.nan)
    np.divide((values * weight).sum(axis=0), total, out=mean, where=total > 0.0)
    return mean


def result_warnings(
    solution: PowerSolution, unserved: pd.DataFrame, summary: pd.DataFrame
) -> tuple[str, ...]:
    """Return sentences on unserved energy, scarcity prices and a cap on emissions met by shedding load.

    Args:
        solution: Solved year.
        unserved: Unserved energy by zone (:data:`sogdia.power.tables.UNSERVED_TABLE`).
        summary: Prices by zone (:func:`price_summary`).
    """
    names = solution.inputs.case.table("parties")["name"]
    found = []
    for iso3, gwh in unserved.groupby("iso3")["unserved_gwh"].sum().items():
        share = float(gwh) * MWH_PER_GWH / max(_load_mwh(solution, str(iso3)), 1.0)
        if share > UNSERVED_LIMIT:
            found.append(
                f"{names.get(iso3, iso3)}: {gwh:,.0f} GWh are unserved, {share:.1%} of load "
                f"(warned above {UNSERVED_LIMIT:.1%}); prices and earnings of neighbours depend on it"
            )
    zones = solution.inputs.zones.table["name"]
    for zone, share in zip(summary["zone"], summary["scarcity_share"], strict=True):
        if share > SCARCITY_LIMIT:
            found.append(
                f"{zones[zone]}: scarcity sets the price in {share:.1%} of hours "
                f"(warned above {SCARCITY_LIMIT:.0%}); use the price without scarcity"
            )
    return (*found, *_cap_warnings(solution))


def _cap_warnings(solution: PowerSolution) -> tuple[str, ...]:
    """Return a warning if load is cut while plants idle under a binding cap on emissions."""
    cap = solution.inputs.settings.co2_cap_mt
    if cap is None:
        return ()
    rows = solution.inputs.generators
    intensity = (rows["co2_t_per_mwh_th"] / rows["efficiency"]).to_numpy(dtype=np.float64)
    emitted_mt = float((solution.annual_sum(solution.generator_mw) * intensity).sum()) / T_PER_MT
    if emitted_mt < cap * (1.0 - CAP_TOLERANCE):
        return ()
    short = unserved_mw(solution)
    avoidable = np.zeros_like(short)
    capacity = rows["p_nom_mw"].to_numpy(dtype=np.float64)
    for number, zone in enumerate(solution.inputs.zones.table.index):
        own = (rows["bus"] == zone) & rows["carrier"].isin(FUEL_CARRIERS) & (rows["kind"] == PLANT)
        chosen = own.to_numpy() & (intensity > 0.0)
        idle = solution.inputs.p_max[:, chosen] * capacity[chosen] - solution.generator_mw[:, chosen]
        avoidable[:, number] = np.minimum(short[:, number], np.maximum(idle, 0.0).sum(axis=1))
    gwh = float(solution.annual_sum(avoidable).sum()) / MWH_PER_GWH
    if gwh <= SHORTAGE_MW:
        return ()
    return (
        f"the CO2 cap of {cap:g} Mt is met by cutting {gwh:,.0f} GWh of load that plants could serve; "
        "raise the cap, or let an expansion build plants without emissions",
    )
