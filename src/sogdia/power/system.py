"""The power system of a case as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.power.arrays import Bools, Floats
from sogdia.power.generators import CANDIDATE
from sogdia.power.limits import EnergyLimit
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import Snapshots
from sogdia.power.weeks import Weeks
from sogdia.power.zones import Zones


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
            ``co2_t_per_mwh_th``, ``capital_usd_per_mw``, ``firm_share`` (at the peak of its country),
            ``ramp_per_h``, ``potential_mw`` (largest new capacity of a candidate).
        p_max: Maximum output of each generator, part of ``p_nom_mw``, (T, G).
        p_min: Minimum output, likewise, (T, G).
        reservoirs: By name (:func:`sogdia.power.reservoirs.build_reservoirs`): ``bus``, ``iso3``,
            ``p_nom_mw``, ``p_max``, ``storage_mwh``, ``firm_share``, the reservoir below, and bounds on the
            change of level over the year with its value.
        inflow_mw: Inflow of each reservoir that does not pass through one above it, (T, S).
        batteries: By name: ``bus``, ``iso3``, ``efficiency`` (one direction), ``p_nom_mw``, ``storage_mwh``,
            ``capital_usd_per_mw``, ``firm_share``.
        links: By name, one per direction: ``line``, ``bus0``, ``bus1``, ``p_nom_mw``, ``efficiency``,
            ``cost_usd_per_mwh``.
        limits: Limits on energy (:mod:`sogdia.power.limits`).
        reserve: By country: ``peak_mw``, ``firm_mw`` (:func:`sogdia.power.reserve.reserve_table`).
        demand: By country: ``suppressed_gwh``, ``loss_share`` (:func:`sogdia.power.demand.demand_table`).
        builds: Capacity may be built in addition to the plan's projects; candidates exist in any case, so
            that all plans and years share one programme.
        plans_capacity: The capacity of candidates is a variable, and the reserve margin holds; otherwise it
            is
            ``p_nom_mw``.
        fleet: Plants (:func:`sogdia.power.fleet.build_fleet`).
        origins: Fuel by origin (:func:`sogdia.power.fuels.read_fuel_origins`).
        remarks: Omitted components, with the reason.
        lifecycle_ratio: Life-cycle emissions over stack emissions, by country.
        weeks: Real weeks that represent the year; ``None`` for a system without series of hours.
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
    limits: tuple[EnergyLimit, ...]
    reserve: pd.DataFrame
    demand: pd.DataFrame
    builds: bool
    plans_capacity: bool
    fleet: pd.DataFrame
    origins: pd.DataFrame
    remarks: tuple[str, ...]
    lifecycle_ratio: Mapping[str, float]
    weeks: Weeks | None = None

    @property
    def buses(self) -> list[str]:
        """Zones, then neighbours."""
        return [*map(str, self.zones.table.index), *self.neighbours]

    @property
    def is_candidate(self) -> Bools:
        """Flags of the generators that are candidates of new capacity, (G,)."""
        return np.asarray(self.generators["kind"] == CANDIDATE)

    def has_same_structure(self, other: PowerInputs) -> bool:
        """Return whether the two differ in bounds and costs only, so that one programme serves both."""
        return (
            self.settings == other.settings.model_copy(update={"co2_usd_per_t": self.settings.co2_usd_per_t})
            and self.plans_capacity == other.plans_capacity
            and self.buses == other.buses
            and self.generators.index.equals(other.generators.index)
            and self.reservoirs.index.equals(other.reservoirs.index)
            and list(self.reservoirs["downstream"]) == list(other.reservoirs["downstream"])
            and self.batteries.index.equals(other.batteries.index)
            and self.links.index.equals(other.links.index)
            and [limit.name for limit in self.limits] == [limit.name for limit in other.limits]
            and np.array_equal(self.snapshots.period_of_day, other.snapshots.period_of_day)
            and np.array_equal(self._matrix_entries(), other._matrix_entries())
        )

    def _matrix_entries(self) -> Floats:
        """Return the coefficients of the constraint matrix that inputs may change."""
        plants = self.generators
        parts = [
            self.links["efficiency"].to_numpy(dtype=np.float64),
            self.batteries["efficiency"].to_numpy(dtype=np.float64),
            self.reservoirs["downstream_ratio"].to_numpy(dtype=np.float64),
            np.array([factor for limit in self.limits for _, _, factor in limit.members]),
        ]
        if self.settings.co2_cap_mt is not None:
            parts.append((plants["co2_t_per_mwh_th"] / plants["efficiency"]).to_numpy(dtype=np.float64))
        return np.concatenate(parts)
