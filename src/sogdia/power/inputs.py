"""What turns a case into the numbers of the power engine: components by name, profiles as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.components import SHED, Setting, generators_of
from sogdia.power.constants import PowerConstants, constants_of
from sogdia.power.costs import PowerCosts
from sogdia.power.fleet import fleet_of
from sogdia.power.fuels import fuel_left, fuel_origins
from sogdia.power.links import links_of
from sogdia.power.profiles import Profiles
from sogdia.power.reservoirs import batteries_of, reservoirs_of
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import Hourly, hours_of
from sogdia.power.zones import Zones, zones_of


@dataclass(frozen=True, eq=False)
class PowerInputs:
    """A case as numbers. T snapshots, Z zones, G generators, S reservoirs; MW, MWh and USD.

    Attributes:
        case: The case.
        settings: What was asked for.
        hourly: The snapshots.
        zones: The zones.
        neighbours: Codes of the countries beyond the modelled grid, each a bus.
        load_mw: Load of each zone, (T, Z).
        generators: By name: ``bus``, ``kind`` (``plant``, ``shed``, ``sells``, ``buys``, ``free``),
            ``iso3``, ``carrier``,
            ``vintage``, ``p_nom_mw``, ``cost_usd_per_mwh``, ``efficiency``, ``co2_t_per_mwh``,
            ``capital_usd_per_mw``.
        p_max: Most that each may run, part of ``p_nom_mw``, (T, G).
        p_min: Least, likewise, (T, G).
        reservoirs: By name: ``bus``, ``iso3``, ``p_nom_mw``, ``p_max``, ``storage_h``.
        inflow_mw: Inflow of each reservoir, (T, S).
        batteries: What an expansion may build of storage, by name: ``bus``, ``iso3``, ``efficiency`` (one
            way), ``hours``, ``capital_usd_per_mw``.
        links: By name, one a direction: ``line``, ``bus0``, ``bus1``, ``p_nom_mw``, ``efficiency``,
            ``cost_usd_per_mwh``.
        fleet: Plants, as :func:`sogdia.power.fleet.fleet_of` tells.
        origins: Fuel, as :func:`sogdia.power.fuels.fuel_origins` tells.
        remarks: What was left out, and why.
        lifecycle: Emissions over the whole life, as the record counts them, over those of the stack, by
            country.
    """

    case: Case
    settings: PowerSettings
    hourly: Hourly
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
    lifecycle: Mapping[str, float]

    @property
    def buses(self) -> list[str]:
        """Zones, then neighbours."""
        return [*map(str, self.zones.table.index), *self.neighbours]

    @cached_property
    def bid_usd_per_mwh(self) -> Floats:
        """Cost of each generator as the programme counts it, (G,): own load first.

        Load that goes unserved costs as much everywhere as where it costs most. With losses on every line it
        then never pays to leave load at home unserved for load abroad. Tables of results count it at each
        country's own value.
        """
        cost = self.generators["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
        shed = (self.generators["kind"] == SHED).to_numpy()
        return np.where(shed, cost[shed].max(initial=0.0), cost)

    def alike(self, other: PowerInputs) -> bool:
        """Whether the two differ in numbers only, so that one's network serves the other."""
        return (
            self.settings == other.settings.model_copy(update={"co2_usd_per_t": self.settings.co2_usd_per_t})
            and self.buses == other.buses
            and self.generators.index.equals(other.generators.index)
            and self.reservoirs.index.equals(other.reservoirs.index)
            and self.batteries.index.equals(other.batteries.index)
            and self.links.index.equals(other.links.index)
            and self._in_matrix().equals(other._in_matrix())
        )

    def _in_matrix(self) -> pd.Series[float]:
        """What the programme's matrix holds: losses of lines and, under a cap, emissions of plants."""
        kept = self.links["efficiency"].astype(float)
        if self.settings.co2_cap_mt is None:
            return kept
        plants = self.generators
        return pd.concat([kept, (plants["co2_t_per_mwh_th"] / plants["efficiency"]).astype(float)])


NO_SYSTEM = "electricity.csv: no demand_gwh of any country, so there is no power system to study"


def power_inputs(
    case: Case, settings: PowerSettings | None = None, constants: PowerConstants | None = None
) -> PowerInputs:
    """A case as numbers.

    Every plant and line of the tables is a component, those that do not operate with no capacity: so all
    plans, scenarios and years of a region share one network.

    Args:
        case: Region, plan and scenario.
        settings: Dispatch of mean days where not given.
        constants: Those of the case's table ``calibration`` where not given.

    Raises:
        InputError: If no country's demand is told, or a table lacks a figure that the engine needs; the
            message names it.
    """
    chosen = settings or PowerSettings()
    known = constants if constants is not None else constants_of(case)
    hourly = hours_of(case.year, chosen.hours)
    zones, costs = zones_of(case), PowerCosts(case)
    if zones.table.empty:
        raise InputError(NO_SYSTEM)
    profiles = Profiles(case, hourly)
    fleet = fleet_of(case, zones, costs)
    origins = fuel_origins(case)
    links, neighbours, remarks = links_of(case, zones, costs, known)
    load = np.column_stack(
        [
            profiles.load_mw(code, demand)
            for code, demand in zip(zones.table["iso3"], zones.table["demand_gwh"], strict=True)
        ]
    )
    generators, p_max, p_min = generators_of(
        Setting(
            case, chosen, hourly, zones, costs, known, profiles, fleet, fuel_left(origins), neighbours, load
        )
    )
    reservoirs, inflow = reservoirs_of(case, fleet, costs, known, profiles)
    return PowerInputs(
        case,
        chosen,
        hourly,
        zones,
        neighbours,
        load,
        generators,
        p_max,
        p_min,
        reservoirs,
        inflow,
        batteries_of(zones, costs, chosen),
        links,
        fleet,
        origins,
        remarks,
        {iso3: known.of("lifecycle", iso3) for iso3 in sorted(set(map(str, zones.table["iso3"])))},
    )
