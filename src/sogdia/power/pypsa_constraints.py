"""Constraints of an exported network that PyPSA has no component for, for ``network.optimize``.

An exported network has them as data in ``network.meta``; :func:`extra_functionality` adds them to its linopy
model: links of storage over periods (:mod:`sogdia.power.snapshots`) and of reservoirs
(:mod:`sogdia.power.cascades`), changes of levels over the year, limits on energy
(:mod:`sogdia.power.limits`), ramps of slow plants (:mod:`sogdia.power.constraints`), and the value of load
that no export may cut (:mod:`sogdia.power.own_load`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.cascades import cascade_links
from sogdia.power.constraints import limit_bounds, ramp_limits, slow_classes
from sogdia.power.generators import SHED
from sogdia.power.own_load import firm_premium
from sogdia.power.solution import PowerSolution
from sogdia.power.variables import (
    CARRY_OVER,
    CHAIN,
    DISPATCH,
    FINAL,
    GENERATION,
    LEVEL,
    RAMP,
    SPILL,
    START,
    STORAGE_BALANCE,
)

CHANGES = ("least_change_mwh", "largest_change_mwh", "change_usd_per_mwh")
META = "sogdia"
"""Key of the constraints in ``network.meta``."""


def describe_constraints(solution: PowerSolution) -> dict[str, Any]:
    """Return the constraints of a dispatch as plain data, for ``network.meta``; ``None`` is no bound.

    Args:
        solution: Solved year.
    """
    inputs = solution.inputs
    limits = []
    for by_period in (True, False):
        if not any(limit.by_period == by_period for limit in inputs.limits):
            continue
        chosen, lower, upper = limit_bounds(inputs, by_period=by_period)
        for number, limit in enumerate(chosen):
            limits.append(
                {
                    "name": limit.name,
                    "by_period": by_period,
                    "lower_mwh": _bounds(lower[:, number]),
                    "upper_mwh": _bounds(upper[:, number]),
                    "slack_usd_per_mwh": limit.slack_usd_per_mwh,
                    "is_shortfall": limit.is_shortfall,
                    "members": [list(member) for member in limit.members],
                }
            )
    classes = slow_classes(inputs)
    ramps = zip(classes.items(), ramp_limits(inputs).tolist(), strict=True)
    return {
        "period": inputs.snapshots.period.tolist(),
        "repeats": inputs.snapshots.repeats.tolist(),
        "reservoirs": list(map(str, inputs.reservoirs.index)),
        "cascades": [list(link) for link in cascade_links(inputs.reservoirs)],
        "changes": inputs.reservoirs[list(CHANGES)].astype(float).to_numpy().tolist(),
        "limits": limits,
        "firm_load": _firm_load(solution),
        "ramps": [{"name": name, "generators": names, "limit_mw": mw} for (name, names), mw in ramps],
    }


def _firm_load(solution: PowerSolution) -> list[dict[str, Any]]:
    """Return what each generator of unserved energy costs in addition where load is firm, by snapshot."""
    if solution.firm is None:
        return []
    rows = solution.inputs.generators
    premium = firm_premium(solution.inputs, solution.firm)
    names = zip(rows.index[rows["kind"] == SHED], premium.T.tolist(), strict=True)
    return [{"generator": str(name), "premium_usd_per_mwh": usd} for name, usd in names if any(usd)]


def _bounds(values: Floats) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values.tolist()]


def extra_functionality(network: Any, snapshots: Any) -> None:
    """Add the constraints of an exported network to its linopy model.

    Args:
        network: Network exported by ``sogdia export --format pypsa``, with its model created.
        snapshots: Snapshots that PyPSA optimises: all of the network.

    Raises:
        InputError: If the network was not exported by Sogdia, or a part of its snapshots is optimised.

    Example:
        >>> import pypsa
        >>> from sogdia.power import extra_functionality
        >>> network = pypsa.Network("network.nc")  # doctest: +SKIP
        >>> network.optimize(extra_functionality=extra_functionality)  # doctest: +SKIP
    """
    data = network.meta.get(META)
    if data is None:
        raise InputError(
            f"network.meta has no {META!r}: export the network with sogdia export --format pypsa"
        )
    if len(snapshots) != len(data["period"]):
        raise InputError(
            f"{len(snapshots)} of {len(data['period'])} snapshots are optimised: periods link all of them"
        )
    period = _along_snapshots(network, np.array(data["period"]))
    if len(network.storage_units):
        _link_periods(network, data, period)
    for limit in data["limits"]:
        _limit_energy(network, limit, period)
    for ramp in data["ramps"]:
        _limit_ramp(network, ramp, period)
    for load in data["firm_load"]:
        premium = np.array(load["premium_usd_per_mwh"]) * network.snapshot_weightings["objective"]
        unserved = network.model[GENERATION].sel(name=load["generator"])
        network.model.objective += (_along_snapshots(network, premium.to_numpy()) * unserved).sum()


def _along_snapshots(network: Any, values: Any) -> Any:
    return xr.DataArray(values, coords={"snapshot": network.snapshots}, dims="snapshot")


def _link_periods(network: Any, data: dict[str, Any], period: Any) -> None:
    """Replace the level before the first snapshot of each period in the storage balances by the start."""
    model, units = network.model, network.storage_units
    level = model[LEVEL]
    names = list(level.indexes["name"])
    begins = np.diff(period.to_numpy(), prepend=-1) != 0
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(period)) - 1
    periods = xr.DataArray(np.arange(len(first)), dims="period", coords={"period": np.arange(len(first))})
    start = model.add_variables(lower=0.0, coords=[periods.to_index(), level.indexes["name"]], name=START)
    volume = (units["p_nom"] * units["max_hours"]).reindex(names)
    model.add_constraints(
        start <= xr.DataArray(volume.to_numpy(), coords={"name": names}, dims="name"), name=f"{START}-upper"
    )
    before = level.roll(snapshot=1)
    here = start.sel(period=period).to_linexpr().drop_vars("period")
    is_first = _along_snapshots(network, begins.astype(float))
    balance = model.constraints[STORAGE_BALANCE]
    balance.lhs = balance.lhs + is_first * here - is_first * before
    end = level.isel(snapshot=last).rename(snapshot="period").assign_coords(period=periods)
    # The level of a battery is the same at the start and the end of a period: it is repeated once.
    repeats = np.where(np.isin(names, data["reservoirs"]), np.array(data["repeats"])[:, None], 1.0)
    times = xr.DataArray(repeats, coords={"period": periods, "name": names}, dims=("period", "name"))
    is_reservoir = xr.DataArray(
        np.isin(names, data["reservoirs"]).astype(float), coords={"name": names}, dims="name"
    )
    following = is_reservoir * start.roll(period=-1) + (1.0 - is_reservoir) * start
    change = _change_of_level(network, data, names)
    is_last = xr.DataArray(
        (periods == len(first) - 1).astype(float).to_numpy(), coords={"period": periods}, dims="period"
    )
    following = following + (is_last * is_reservoir) * change
    model.add_constraints(following + (is_reservoir * (times - 1.0)) * start - times * end == 0.0, name=CHAIN)
    final = start.isel(period=0).to_linexpr().drop_vars("period") + change
    limit = xr.DataArray(volume.to_numpy(), coords={"name": names}, dims="name")
    model.add_constraints(final <= limit, name=f"{FINAL}-upper")
    model.add_constraints(final >= 0.0, name=f"{FINAL}-lower")
    _link_cascades(network, data, names)


def _change_of_level(network: Any, data: dict[str, Any], names: list[str]) -> Any:
    """Return the change of the level of storage over the year, with its bounds and value; 0 for batteries."""
    at = dict(zip(data["reservoirs"], data["changes"], strict=True))
    bounds = np.array([at.get(name, [0.0, 0.0, 0.0]) for name in names])
    least, largest, value = (
        xr.DataArray(bounds[:, number], coords={"name": names}, dims="name") for number in range(3)
    )
    change = network.model.add_variables(lower=least, upper=largest, name=CARRY_OVER)
    network.model.objective += (-value * change).sum()
    return change


def _link_cascades(network: Any, data: dict[str, Any], names: list[str]) -> None:
    """Add what a reservoir releases to the storage balance of the one below it."""
    model, balance = network.model, network.model.constraints[STORAGE_BALANCE]
    hours = _along_snapshots(network, network.snapshot_weightings["stores"].to_numpy())
    for upper, lower, ratio in data["cascades"]:
        is_lower = xr.DataArray(np.array(names) == lower, coords={"name": names}, dims="name").astype(float)
        # PyPSA lets a reservoir spill its own inflow only.
        model.variables[SPILL].upper = model.variables[SPILL].upper.where(is_lower == 0.0, np.inf)
        for kind in (DISPATCH, SPILL):
            release = model[kind].sel(name=upper).to_linexpr().drop_vars("name")
            balance.lhs = balance.lhs + (ratio * hours * is_lower) * release


def _limit_energy(network: Any, limit: dict[str, Any], period: Any) -> None:
    """Add one limit on the energy of each period or of the year, with its slack."""
    model, weight = network.model, _along_snapshots(network, network.snapshot_weightings["generators"])
    energy = sum(factor * (weight * model[kind].sel(name=name)) for kind, name, factor in limit["members"])
    groups = range(len(limit["lower_mwh"]))
    for number in groups:
        is_in = period == number if limit["by_period"] else xr.ones_like(period, dtype=bool)
        total = energy.isel(snapshot=np.flatnonzero(is_in)).sum()
        name = f"{limit['name']} {number + 1}" if limit["by_period"] else limit["name"]
        if limit["slack_usd_per_mwh"] is not None:
            slack = model.add_variables(lower=0.0, name=f"{name} slack")
            total = total + slack if limit["is_shortfall"] else total - slack
            model.objective = model.objective + limit["slack_usd_per_mwh"] * slack
        lower, upper = limit["lower_mwh"][number], limit["upper_mwh"][number]
        if lower is not None:
            model.add_constraints(total >= lower, name=f"{name} lower")
        if upper is not None:
            model.add_constraints(total <= upper, name=f"{name} upper")


def _limit_ramp(network: Any, ramp: dict[str, Any], period: Any) -> None:
    """Add the largest change of output of a class of plants from one snapshot of a period to the next."""
    model = network.model
    output = model[GENERATION].sel(name=ramp["generators"]).sum("name")
    inside = np.flatnonzero(np.diff(period.to_numpy()) == 0) + 1
    now = output.isel(snapshot=inside)
    before = output.isel(snapshot=inside - 1).assign_coords(snapshot=network.snapshots[inside])
    name, most = f"{RAMP} {ramp['name']}", ramp["limit_mw"]
    model.add_constraints(now - before <= most, name=f"{name} up")
    model.add_constraints(now - before >= -most, name=f"{name} down")
