"""Limits on energy over a period or the year: gas for power, releases, sales of neighbours, contracts.

A limit is ``L_p ≤ Σ_t w_t Σ_i a_i x_it + σ v_p ≤ U_p``, summed over the snapshots of period p or of the year,
with x the output of component i and a its coefficient. If the limit allows it, v is what exceeds the upper
bound (σ = −1) or falls short of the lower one (σ = 1), at a cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.power.arrays import Floats
from sogdia.power.cascades import passing_mw
from sogdia.power.contracts import Contract, all_contracts, read_contracts
from sogdia.power.costs import FUEL_OF, PowerCosts
from sogdia.power.generators import CANDIDATE, PLANT
from sogdia.power.links import boundary_bus
from sogdia.power.monthly import months_between
from sogdia.power.snapshots import DAYS, HOURS_PER_DAY, HOURS_PER_YEAR, MONTHS, Snapshots
from sogdia.power.variables import DISPATCH, FLOW, GENERATION, SPILL
from sogdia.units import MWH_PER_GWH

RELEASE_USD_PER_MWH = 100.0
"""Penalty of a release outside the bounds of irrigation: above the cost of most plants."""
SWAP_USD_PER_MWH = 30.0
"""Cost of energy that a swap fails to deliver: near the prices paid between the states, 20 to 57 USD/MWh."""
STEP_KEY = ["iso3", "border", "side", "step"]
"""Columns that identify a price step of a neighbour."""
Member = tuple[str, str, float]


@dataclass(frozen=True, eq=False)
class EnergyLimit:
    """Limit on a sum of energy.

    Attributes:
        name: Name.
        iso3: Country.
        members: Kind of variable, component and coefficient.
        lower_mwh: Least energy of a day of each month, (12,); −inf for none.
        upper_mwh: Largest energy of a day of each month, (12,); inf for none.
        slack_usd_per_mwh: Cost of energy beyond the limit; ``None`` if the limit is hard.
        is_shortfall: The cost is that of what falls short of the lower bound, not of an excess.
        is_paid: The cost is money, such as that of another fuel; otherwise a penalty outside the costs.
        by_period: Applies to each period; otherwise to the year.
    """

    name: str
    iso3: str
    members: tuple[Member, ...]
    lower_mwh: Floats
    upper_mwh: Floats
    slack_usd_per_mwh: float | None = None
    is_shortfall: bool = False
    is_paid: bool = False
    by_period: bool = True

    def bounds(self, snapshots: Snapshots) -> tuple[Floats, Floats]:
        """Return the bounds of each period, (P,), or of the year, (1,), MWh."""
        lower, upper = (_period_sum(snapshots, daily) for daily in (self.lower_mwh, self.upper_mwh))
        return (lower, upper) if self.by_period else (lower.sum(keepdims=True), upper.sum(keepdims=True))


def _period_sum(snapshots: Snapshots, daily: Floats) -> Floats:
    """Return sums of daily values over periods; infinite in a period with days of an infinite month."""
    finite = snapshots.period_sum(np.where(np.isfinite(daily), daily, 0.0))
    infinite = snapshots.period_sum((~np.isfinite(daily)).astype(np.float64)) > 0
    return np.where(infinite, np.inf * np.sign(daily[~np.isfinite(daily)].sum() or 1.0), finite)


def gas_limits(case: Case, costs: PowerCosts, generators: pd.DataFrame) -> list[EnergyLimit]:
    """Return the monthly limits of fuel for power plants (``power_gas_limits``), MWh of heat.

    Fuel above the limit is bought at the price of what replaces it, such as fuel oil or imported gas.
    """
    rows = case.table("power_gas_limits")
    limits = []
    for (iso3, fuel), every in rows.groupby(["iso3", "carrier"]):
        part = every[(every["from_year"].fillna(0) <= case.year).to_numpy(dtype=bool)]
        part = part.sort_values("from_year").drop_duplicates("month", keep="last")
        month = part["month"].to_numpy(dtype=np.int64) - 1
        upper = np.full(MONTHS, np.inf)
        upper[month] = part["limit_gwh_th"].to_numpy(dtype=np.float64) * MWH_PER_GWH / DAYS[month]
        burns = generators["carrier"].map(lambda name: FUEL_OF.get(name, name)) == fuel
        own = generators[burns & (generators["iso3"] == iso3) & generators["kind"].isin([PLANT, CANDIDATE])]
        members = tuple(
            (GENERATION, str(name), 1.0 / float(efficiency))
            for name, efficiency in zip(own.index, own["efficiency"], strict=True)
        )
        if members:
            replacement = float(every["replacement_usd_per_mwh_th"].mean())
            excess = max(0.0, replacement - costs.fuel_usd_per_mwh_th(str(fuel), str(iso3)))
            name = f"{iso3} {fuel} for power plants"
            none = np.full(MONTHS, -np.inf)
            limits.append(EnergyLimit(name, str(iso3), members, none, upper, excess, is_paid=True))
    return limits


def sales_limits(case: Case, generators: pd.DataFrame) -> list[EnergyLimit]:
    """Return the annual volumes of neighbours' price steps (:func:`annual_volume`)."""
    steps, by_year = case.table("power_boundaries").sort_index(), case.table("power_boundary_volumes")
    limits = []
    keys = ["/".join(map(str, row)) for row in by_year[STEP_KEY].itertuples(index=False, name=None)]
    step_of_row = np.array(keys, dtype=object)
    for key, step in zip(map(str, steps.index), steps.to_dict("records"), strict=True):
        own = by_year[step_of_row == key]
        volume = annual_volume(step, own, case.year)
        bus = boundary_bus(str(step["iso3"]), str(step["border"]))
        name = f"{bus} {step['side']} {step['step']}"
        if volume is not None and name in generators.index:
            daily = volume * MWH_PER_GWH * HOURS_PER_DAY / HOURS_PER_YEAR
            members = ((GENERATION, name, 1.0),)
            lower = np.full(MONTHS, -np.inf)
            title = f"annual volume of {name}"
            upper = np.full(MONTHS, daily)
            limits.append(EnergyLimit(title, str(step["iso3"]), members, lower, upper, by_period=False))
    return limits


def annual_volume(step: Mapping[Any, Any], by_year: pd.DataFrame, year: int) -> float | None:
    """Return the largest energy of a price step in a year, GWh; ``None`` without a limit.

    Between two years of ``power_boundary_volumes`` the volume is interpolated, before the first and after the
    last it is held. A step without rows has its ``volume_gwh_a`` in every year.

    Args:
        step: Row of ``power_boundaries``.
        by_year: Rows of the step in ``power_boundary_volumes``.
        year: Year.
    """
    if by_year.empty:
        return None if pd.isna(step["volume_gwh_a"]) else float(step["volume_gwh_a"])
    rows = by_year.sort_values("year")
    years, volumes = (rows[name].to_numpy(dtype=np.float64) for name in ("year", "volume_gwh_a"))
    return float(np.interp(year, years, volumes))


def release_limits(case: Case, reservoirs: pd.DataFrame, inflow_mw: Floats) -> list[EnergyLimit]:
    """Return bounds on the monthly release of reservoirs for irrigation (``power_releases``).

    Floods and droughts exceed the bounds at a penalty. They are shares of the mean release of a month, which
    is the mean of all water that reaches the reservoir: turbined and spilled water count. In a cascade the
    last reservoir has the bounds, because its release is that of the country.
    """
    rows = case.table("power_releases")
    passing = passing_mw(reservoirs, inflow_mw)
    limits = []
    for number, (name, iso3) in enumerate(reservoirs["iso3"].items()):
        own = rows[rows["iso3"] == iso3]
        if own.empty or reservoirs["downstream"].iloc[number]:
            continue
        day = float(passing[:, number].mean()) * HOURS_PER_DAY
        lower, upper = np.full(MONTHS, -np.inf), np.full(MONTHS, np.inf)
        month = own["month"].to_numpy(dtype=np.int64) - 1
        lower[month] = own["min_share"].fillna(0.0).to_numpy(dtype=np.float64) * day
        upper[month] = own["max_share"].fillna(np.inf).to_numpy(dtype=np.float64) * day
        members = ((DISPATCH, str(name), 1.0), (SPILL, str(name), 1.0))
        none = np.full(MONTHS, np.inf)
        title, cost = f"release of {name}", RELEASE_USD_PER_MWH
        limits += [
            EnergyLimit(f"least {title}", str(iso3), members, lower, none, cost, is_shortfall=True),
            EnergyLimit(f"largest {title}", str(iso3), members, -none, upper, cost),
        ]
    return limits


def contract_limits(case: Case, links: pd.DataFrame, country_of: Mapping[str, str]) -> list[EnergyLimit]:
    """Return the least deliveries of contracts with a volume (``power_contracts``), in equal daily amounts.

    What is not delivered costs the contract's price; a volume above the capacity of the lines is not asked
    for. A delivery through a third country sets no limit, and only its settlement is by contract.

    Args:
        case: The case.
        links: Lines in both directions.
        country_of: Country of each bus.
    """
    active = read_contracts(case)
    ends = zip(links["bus0"], links["bus1"], strict=True)
    between = [(country_of.get(start), country_of.get(end)) for start, end in ends]
    flows = list(zip(between, links.index, links["line"], links["p_nom_mw"].tolist(), strict=True))
    limits = []
    for seller, buyer, lines in sorted({(one.seller, one.buyer, one.lines) for one in all_contracts(case)}):
        own = [
            (name, capacity)
            for pair, name, line, capacity in flows
            if pair == (seller, buyer) and (not lines or line in lines)
        ]
        if len(lines) > 1 or not own:
            continue
        largest = HOURS_PER_DAY * sum(capacity for _, capacity in own)
        chosen = [one for one in active if (one.seller, one.buyer, one.lines) == (seller, buyer, lines)]
        lower = np.minimum(sum((_daily(one) for one in chosen), np.zeros(MONTHS)), largest)
        prices = [SWAP_USD_PER_MWH if one.is_swap else one.usd_per_mwh for one in chosen]
        members = tuple((FLOW, str(name), 1.0) for name, _ in own)
        title = " ".join(("contract", seller, buyer, *lines))
        upper = np.full(MONTHS, np.inf)
        slack = float(np.mean(prices)) if prices else SWAP_USD_PER_MWH
        limits.append(EnergyLimit(title, buyer, members, lower, upper, slack, is_shortfall=True))
    return limits


def _daily(contract: Contract) -> Floats:
    """Return the volume of a contract on a day of each month, MWh, (12,)."""
    if contract.gwh_a is None:
        return np.zeros(MONTHS)
    months = months_between(contract.from_month, contract.to_month)
    return np.asarray(months * (contract.gwh_a * MWH_PER_GWH / float(months @ DAYS)))
