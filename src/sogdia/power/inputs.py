"""Build the power system of a case: components by name, profiles as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.constants import PowerConstants, read_constants
from sogdia.power.costs import PowerCosts
from sogdia.power.fleet import build_fleet
from sogdia.power.fuels import fuel_availability, read_fuel_origins
from sogdia.power.generators import SHED, GeneratorInputs, build_generators
from sogdia.power.links import build_links
from sogdia.power.profiles import Profiles
from sogdia.power.reservoirs import build_batteries, build_reservoirs
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import Snapshots, build_snapshots
from sogdia.power.zones import Zones, build_zones


@dataclass(frozen=True, eq=False)
class PowerInputs:
    """Power system of a case: T snapshots, Z zones, G generators, S reservoirs; MW, MWh and USD.

    Attributes:
        case: The case.
        settings: Settings.
        snapshots: Snapshots of the year.
        zones: Zones.
        neighbours: Buses of the countries outside the modelled network.
        load_mw: Load of each zone, (T, Z).
        generators: By name: ``bus``, ``kind`` (``plant``, ``shed``, ``sells``, ``buys``, ``candidate``),
            ``iso3``, ``carrier``, ``vintage``, ``p_nom_mw``, ``cost_usd_per_mwh``, ``efficiency``,
            ``co2_t_per_mwh_th``, ``capital_usd_per_mw``.
        p_max: Maximum output of each generator, part of ``p_nom_mw``, (T, G).
        p_min: Minimum output, likewise, (T, G).
        reservoirs: By name: ``bus``, ``iso3``, ``p_nom_mw``, ``p_max``, ``storage_h``.
        inflow_mw: Inflow of each reservoir, (T, S).
        batteries: Candidate batteries, by name: ``bus``, ``iso3``, ``efficiency`` (one direction), ``hours``,
            ``capital_usd_per_mw``.
        links: By name, one per direction: ``line``, ``bus0``, ``bus1``, ``p_nom_mw``, ``efficiency``,
            ``cost_usd_per_mwh``.
        fleet: Plants (:func:`sogdia.power.fleet.build_fleet`).
        origins: Fuel by origin (:func:`sogdia.power.fuels.read_fuel_origins`).
        remarks: Omitted components, with the reason.
        lifecycle_ratio: Life-cycle emissions over stack emissions, by country.
    """

    case: Case
    settings: PowerSettings
    snapshots: Snapshots
    zones: Zones
    neighbours: tuple[str, ...]
    load_mw: Floats
    generators: pd.DataFrame
    p_max: Floats
    p_min: Floats
    reservoirs: pd.DataFrame
    inflow_mw: Floats
    batteries: pd.DataFrame
    links: pd.DataFrame
    fleet: pd.DataFrame
    origins: pd.DataFrame
    remarks: tuple[str, ...]
    lifecycle_ratio: Mapping[str, float]

    @property
    def buses(self) -> list[str]:
        """Zones, then neighbours."""
        return [*map(str, self.zones.table.index), *self.neighbours]

    @cached_property
    def bid_usd_per_mwh(self) -> Floats:
        """Cost of each generator in the objective, (G,).

        Unserved energy costs the highest value of lost load in every zone. With losses on every line, no zone
        then sheds load to export. Result tables value it at each country's own value of lost load.
        """
        cost = self.generators["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
        is_shed = (self.generators["kind"] == SHED).to_numpy()
        return np.where(is_shed, cost[is_shed].max(initial=0.0), cost)

    def has_same_structure(self, other: PowerInputs) -> bool:
        """Return whether the two differ in bounds and costs only, so that one programme serves both."""
        return (
            self.settings == other.settings.model_copy(update={"co2_usd_per_t": self.settings.co2_usd_per_t})
            and self.buses == other.buses
            and self.generators.index.equals(other.generators.index)
            and self.reservoirs.index.equals(other.reservoirs.index)
            and self.batteries.index.equals(other.batteries.index)
            and self.links.index.equals(other.links.index)
            and self._matrix_entries().equals(other._matrix_entries())
        )

    def _matrix_entries(self) -> pd.Series[float]:
        """Return the coefficients of the constraint matrix: line efficiencies and, with a cap, emissions."""
        efficiency = self.links["efficiency"].astype(float)
        if self.settings.co2_cap_mt is None:
            return efficiency
        plants = self.generators
        return pd.concat([efficiency, (plants["co2_t_per_mwh_th"] / plants["efficiency"]).astype(float)])


NO_SYSTEM = "electricity.csv: demand_gwh is missing for every country; a power system needs a demand"


def build_power_inputs(
    case: Case, settings: PowerSettings | None = None, constants: PowerConstants | None = None
) -> PowerInputs:
    """Build the power system of a case.

    Every plant and line of the tables is a component; those that do not operate have no capacity. All plans,
    scenarios and years of a region therefore share one network.

    Args:
        case: Region, plan and scenario.
        settings: Settings; by default a dispatch of representative days.
        constants: Calibrated constants; by default those of the case's table ``calibration``.

    Raises:
        InputError: If no country has a demand, or a table lacks a required value; the message names it.
    """
    settings = settings or PowerSettings()
    constants = constants if constants is not None else read_constants(case)
    snapshots = build_snapshots(case.year, settings.hours)
    zones, costs = build_zones(case), PowerCosts(case)
    if zones.table.empty:
        raise InputError(NO_SYSTEM)
    profiles = Profiles(case, snapshots)
    fleet = build_fleet(case, zones, costs)
    origins = read_fuel_origins(case)
    links, neighbours, remarks = build_links(case, zones, costs, constants)
    load = np.column_stack(
        [
            profiles.load_mw(code, demand)
            for code, demand in zip(zones.table["iso3"], zones.table["demand_gwh"], strict=True)
        ]
    )
    fuel = fuel_availability(origins)
    generators, p_max, p_min = build_generators(
        GeneratorInputs(
            case, settings, snapshots, zones, costs, constants, profiles, fleet, fuel, neighbours, load
        )
    )
    reservoirs, inflow = build_reservoirs(case, fleet, costs, constants, profiles)
    countries = sorted(set(map(str, zones.table["iso3"])))
    return PowerInputs(
        case=case,
        settings=settings,
        snapshots=snapshots,
        zones=zones,
        neighbours=neighbours,
        load_mw=load,
        generators=generators,
        p_max=p_max,
        p_min=p_min,
        reservoirs=reservoirs,
        inflow_mw=inflow,
        batteries=build_batteries(zones, costs, settings),
        links=links,
        fleet=fleet,
        origins=origins,
        remarks=remarks,
        lifecycle_ratio={iso3: constants.get("lifecycle", iso3) for iso3 in countries},
    )
