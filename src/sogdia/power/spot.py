"""Spot prices of the energy that enters each line, without scarcity.

Between two zones the seller's and the buyer's marginal cost are λ_0 and λ_1, and η is the line's efficiency.
Energy that enters the line is paid

``min( (λ_0 + η λ_1) / 2, η a_1 )``,

half the gain from trade, and never more than the buyer's avoided thermal cost a_1: the running cost of the
most expensive plant with fuel that the buyer dispatches above its minimum in the snapshot, with the shadow
price of a limit on its fuel. Without one it is
the long-run marginal cost of new supply, if given, else the buyer's mean of the year. Nothing is paid above
the highest cost of a plant, offer or bid of the year. Scarcity prices and the value of lost load are
therefore never paid.

A neighbour's prices are those at its border (``power_boundaries``): a seller gets the lowest bid that the
neighbour accepts, and pays the highest offer that it accepts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sogdia.power.arrays import Bools, Floats
from sogdia.power.costs import FUEL_CARRIERS
from sogdia.power.generators import BUYS, CANDIDATE, PLANT, SELLS
from sogdia.power.solution import PowerSolution

RUNNING_MW = 1e-3
"""Output above its minimum from which a plant, offer or bid sets a price."""
MUST_RUN = " heat"
"""End of the name of the must-run part of a class, whose fuel is spent in any case."""


def spot_price_usd_per_mwh(
    solution: PowerSolution, long_run_usd_per_mwh: Mapping[str, float] | None = None
) -> Floats:
    """Return the spot price of the energy that enters each direction of a line, (T, L).

    Args:
        solution: Solved year.
        long_run_usd_per_mwh: Long-run marginal cost of new supply by country, if known.

    Returns:
        Prices, USD/MWh at the sending end.
    """
    inputs = solution.inputs
    links, zones = inputs.links, inputs.zones.table["iso3"]
    duals = solution.price_usd_per_mwh
    marginal = {str(bus): duals[bus].to_numpy(dtype=np.float64) for bus in duals.columns}
    unknown = np.zeros(len(duals))
    price = np.zeros((len(duals), len(links)))
    avoided = {iso3: avoided_cost(solution, iso3, long_run_usd_per_mwh or {}) for iso3 in set(zones)}
    border = {bus: _border_prices(solution, bus) for bus in inputs.neighbours}
    columns = (links["bus0"], links["bus1"], links["efficiency"].astype(float))
    for number, (start, end, efficiency) in enumerate(zip(*columns, strict=True)):
        mean = (marginal.get(start, unknown) + efficiency * marginal.get(end, unknown)) / 2.0
        if start in border:
            offer = border[start][0]
            price[:, number] = np.where(np.isnan(offer), mean, offer)
        elif end in border:
            bid = border[end][1]
            price[:, number] = np.where(np.isnan(bid), mean, efficiency * bid)
        else:
            price[:, number] = np.minimum(mean, efficiency * avoided[str(zones[end])])
    return np.minimum(price, highest_cost(solution))


def avoided_cost(solution: PowerSolution, iso3: str, long_run_usd_per_mwh: Mapping[str, float]) -> Floats:
    """Return the thermal cost that imports save a country in each snapshot, USD/MWh, (T,).

    Infinite for a country without plants with fuel and without a long-run marginal cost.
    """
    rows = solution.inputs.generators
    is_own = (rows["iso3"] == iso3) & rows["carrier"].isin(FUEL_CARRIERS)
    is_must_run = rows.index.str.endswith(MUST_RUN)
    chosen = (is_own & rows["kind"].isin([PLANT, CANDIDATE]) & ~is_must_run).to_numpy()
    minimum = solution.inputs.p_min[:, chosen] * rows["p_nom_mw"].to_numpy(dtype=np.float64)[chosen]
    is_running = solution.generator_mw[:, chosen] > minimum + RUNNING_MW
    highest = _extreme(_marginal_cost(solution)[:, chosen], is_running, 1.0)
    is_known = ~np.isnan(highest)
    if iso3 in long_run_usd_per_mwh:
        other = long_run_usd_per_mwh[iso3]
    elif is_known.any():
        other = float(np.average(highest[is_known], weights=solution.inputs.snapshots.weight_h[is_known]))
    else:
        other = np.inf
    return np.where(is_known, highest, other)


def highest_cost(solution: PowerSolution) -> float:
    """Return the highest cost of a plant, offer or bid of the year, USD/MWh; infinite without any."""
    rows = solution.inputs.generators
    is_offer = (rows["kind"].isin([PLANT, SELLS, BUYS]) & (rows["p_nom_mw"] > 0.0)).to_numpy()
    return float(np.abs(_marginal_cost(solution)[:, is_offer]).max()) if is_offer.any() else np.inf


def _marginal_cost(solution: PowerSolution) -> Floats:
    """Return the running cost of each generator with the shadow price of its fuel, USD/MWh, (T, G)."""
    cost = solution.inputs.generators["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
    return np.asarray(cost[None, :] + solution.fuel_price_usd_per_mwh)


def _border_prices(solution: PowerSolution, bus: str) -> tuple[Floats, Floats]:
    """Return a neighbour's highest accepted offer and lowest accepted bid, (T,); NaN without one."""
    rows = solution.inputs.generators
    cost = rows["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
    is_running = solution.generator_mw > RUNNING_MW
    sells, buys = (((rows["bus"] == bus) & (rows["kind"] == kind)).to_numpy() for kind in (SELLS, BUYS))
    return (
        _extreme(cost[sells], is_running[:, sells], 1.0),
        _extreme(-cost[buys], is_running[:, buys], -1.0),
    )


def _extreme(cost: Floats, is_running: Bools, sign: float) -> Floats:
    """Return the highest (sign 1) or lowest (−1) cost among those that run, (T,); NaN if none does."""
    none = -np.inf
    best = np.where(is_running, sign * cost, none).max(axis=1, initial=none)
    return np.where(np.isfinite(best), sign * best, np.nan)
