"""Own load first: find countries that cut load while they export, and give that load the highest value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sogdia.power.arrays import Bools, Floats
from sogdia.power.generators import SHED
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.scarcity import SHORTAGE_MW, unserved_mw
from sogdia.power.solution import PowerSolution
from sogdia.power.system import PowerInputs
from sogdia.power.variables import GENERATION


def sheds_and_exports(solution: PowerSolution) -> Bools:
    """Return where a country cuts load and is a net exporter to other countries of the model, (T, Z)."""
    zones = solution.inputs.zones.table["iso3"]
    links = solution.inputs.links
    country = {str(zone): str(iso3) for zone, iso3 in zones.items()}
    start, end = links["bus0"].map(country), links["bus1"].map(country)
    among = (start.notna() & end.notna() & (start != end)).to_numpy(dtype=bool)
    received = solution.flow_mw * links["efficiency"].to_numpy(dtype=np.float64)
    short = unserved_mw(solution) > SHORTAGE_MW
    result = np.zeros_like(short)
    for iso3 in sorted(set(country.values())):
        sent = solution.flow_mw[:, among & (start == iso3).to_numpy(dtype=bool)].sum(axis=1)
        bought = received[:, among & (end == iso3).to_numpy(dtype=bool)].sum(axis=1)
        own = (zones == iso3).to_numpy()
        exports = sent - bought > SHORTAGE_MW
        result[:, own] = (short[:, own].any(axis=1) & exports)[:, None]
    return np.asarray(result, dtype=np.bool_)


def with_firm_load(program: LinearProgram, inputs: PowerInputs, firm: Bools) -> LinearProgram:
    """Return the programme with the highest value of lost load where load is firm.

    Args:
        program: Programme of the inputs.
        inputs: Inputs.
        firm: Zones and snapshots whose load no export may cut, (T, Z).
    """
    rows = inputs.generators
    shed = rows[rows["kind"] == SHED]
    value = shed["cost_usd_per_mwh"].to_numpy(dtype=np.float64) + firm_premium(inputs, firm)
    cost = program.cost.copy()
    cost[program.columns_of(GENERATION, list(shed.index))] = value * inputs.snapshots.weight_h[:, None]
    return replace(program, cost=cost)


def firm_premium(inputs: PowerInputs, firm: Bools) -> Floats:
    """Return what the objective adds to the value of lost load where load is firm, USD/MWh.

    Args:
        inputs: Inputs.
        firm: Zones and snapshots whose load no export may cut, (T, Z).

    Returns:
        The highest value of the region less the own one, by snapshot and generator of unserved energy.
    """
    rows = inputs.generators
    shed = rows[rows["kind"] == SHED]
    at = {str(zone): number for number, zone in enumerate(inputs.zones.table.index)}
    own = shed["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
    is_firm = firm[:, [at[str(bus)] for bus in shed["bus"]]]
    return np.where(is_firm, own.max(initial=0.0) - own, 0.0)


def firm_load_usd(solution: PowerSolution) -> float:
    """Return what the objective of a dispatch adds to its cost where firm load is unserved, USD."""
    if solution.firm is None:
        return 0.0
    is_shed = (solution.inputs.generators["kind"] == SHED).to_numpy()
    premium = firm_premium(solution.inputs, solution.firm)
    return float(solution.annual_sum(premium * solution.generator_mw[:, is_shed]).sum())
