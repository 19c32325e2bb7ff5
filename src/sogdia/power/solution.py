"""Solution of a power system as arrays over snapshots and components."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.power.arrays import Bools, Floats
from sogdia.power.generators import SHED
from sogdia.power.kernels.highs import Solution, SolverRecord
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.planning import Filler
from sogdia.power.system import PowerInputs
from sogdia.power.variables import (
    BALANCE,
    DISPATCH,
    FINAL,
    FLOW,
    GENERATION,
    LEVEL,
    LIMIT,
    SLACK,
    START,
    STORE,
    YEAR_SLACK,
)


@dataclass(frozen=True, eq=False)
class PowerSolution:
    """Solution of a year; annual energies are weighted by the hours that each snapshot represents.

    Attributes:
        inputs: Power system.
        program: Its linear programme.
        solution: Solution of the programme.
        filler: New capacity in addition to the plan's projects, and the price of capacity.
        firm: Zones and snapshots whose load no export may cut, (T, Z)
            (:func:`sogdia.power.solve.serve_own_load_first`); ``None`` if there are none.
    """

    inputs: PowerInputs
    program: LinearProgram
    solution: Solution
    filler: Filler
    firm: Bools | None = None

    @property
    def solver(self) -> SolverRecord:
        """End of the solve: status, objective, iterations, seconds."""
        return self.solution.record

    @cached_property
    def generator_mw(self) -> Floats:
        """Output of each row of ``inputs.generators``, (T, G)."""
        return self._values(GENERATION, list(self.inputs.generators.index))

    @cached_property
    def hydro_mw(self) -> Floats:
        """Output of each reservoir, (T, S)."""
        return self._values(DISPATCH, list(self.inputs.reservoirs.index))

    @cached_property
    def level_mwh(self) -> Floats:
        """Energy stored in each reservoir at the end of each snapshot, (T, S)."""
        return self._values(LEVEL, list(self.inputs.reservoirs.index))

    @cached_property
    def stored_water_usd(self) -> Floats:
        """Value of water drawn from each reservoir over the year, less that of water stored, USD, (S,)."""
        reservoirs = self.inputs.reservoirs
        names = list(reservoirs.index)
        if not names:
            return np.zeros(0)
        start, final = (self.solution.values[self.program.columns_of(kind, names)] for kind in (START, FINAL))
        value = reservoirs["change_usd_per_mwh"].to_numpy(dtype=np.float64)
        return np.asarray((start[0] - final[0]) * value, dtype=np.float64)

    @cached_property
    def battery_mw(self) -> Floats:
        """Output of each battery less its charging, (T, B)."""
        names = list(self.inputs.batteries.index)
        return self._values(DISPATCH, names) - self._values(STORE, names)

    @cached_property
    def battery_level_mwh(self) -> Floats:
        """Energy stored in each battery at the end of each snapshot, (T, B)."""
        return self._values(LEVEL, list(self.inputs.batteries.index))

    @cached_property
    def _slack_usd(self) -> dict[str, float]:
        """Cost of energy beyond each limit, USD."""
        cost: dict[str, float] = {}
        for kind in (SLACK, YEAR_SLACK):
            if kind in self.program.columns:
                columns = self.program.columns[kind]
                usd = (self.solution.values[columns] * self.program.cost[columns]).sum(axis=0)
                cost |= dict(zip(self.program.column_names[kind], usd.tolist(), strict=True))
        return cost

    def excess_usd_by_country(self) -> dict[str, float]:
        """Return the cost of energy above limits by country, such as fuel that replaces gas, USD."""
        cost: dict[str, float] = {}
        for limit in self.inputs.limits:
            if limit.is_paid:
                cost[limit.iso3] = cost.get(limit.iso3, 0.0) + self._slack_usd.get(limit.name, 0.0)
        return cost

    @cached_property
    def fuel_price_usd_per_mwh(self) -> Floats:
        """Shadow price of limited fuel of each row of ``inputs.generators``, USD/MWh, (T, G).

        A limit of a period that binds (``power_gas_limits``) has the dual μ per unit of heat; a plant with
        the coefficient a, heat per unit of output, bears a μ in all snapshots of the period.
        """
        price = np.zeros((len(self.inputs.snapshots.time), len(self.inputs.generators)))
        limits = [limit for limit in self.inputs.limits if limit.by_period]
        position = {str(name): n for n, name in enumerate(self.inputs.generators.index)}
        for number, limit in enumerate(limits):
            if not limit.is_paid:
                continue
            dual = np.maximum(-self.solution.duals[self.program.rows[LIMIT][:, number]], 0.0)
            for kind, name, factor in limit.members:
                if kind == GENERATION and name in position:
                    price[:, position[name]] += factor * dual[self.inputs.snapshots.period]
        return price

    def penalty_usd(self) -> float:
        """Return the penalties of the objective that are no costs: contracts and releases not kept, USD."""
        return sum(self._slack_usd.get(limit.name, 0.0) for limit in self.inputs.limits if not limit.is_paid)

    @cached_property
    def flow_mw(self) -> Floats:
        """Power that enters each row of ``inputs.links``, (T, L)."""
        return self._values(FLOW, list(self.inputs.links.index))

    @cached_property
    def price_usd_per_mwh(self) -> pd.DataFrame:
        """Locational marginal price by snapshot and bus.

        It is the dual of the nodal balance over the weight of the snapshot, at most the value of lost load of
        the zone's country, or the price cap of the settings.
        """
        rows = self.program.rows[BALANCE]
        names = list(self.program.row_names[BALANCE])
        duals = self.solution.duals[rows] / self.inputs.snapshots.weight_h[:, None]
        prices = pd.DataFrame(duals, index=self.inputs.snapshots.time, columns=names)
        generators = self.inputs.generators
        shed = generators[generators["kind"] == SHED]
        lost_load = shed.groupby("bus")["cost_usd_per_mwh"].max().to_dict()
        cap = self.inputs.settings.price_cap_usd_per_mwh or np.inf
        maximum = pd.Series([min(cap, lost_load.get(name, np.inf)) for name in names], index=names)
        prices = prices.clip(upper=maximum, axis=1)
        return prices[[name for name in self.inputs.buses if name in names]]

    def annual_sum(self, values: Floats) -> Floats:
        """Return the sum over the year of hourly values, (T, N) to (N,)."""
        # Not a matrix product: its sums depend on the threads of the linear algebra library.
        return np.asarray((self.inputs.snapshots.weight_h[:, None] * values).sum(axis=0), dtype=np.float64)

    def _values(self, kind: str, names: list[str]) -> Floats:
        """Return values by snapshot in the order of ``names``, (T, N); negative ones are rounding errors."""
        if not names:
            return np.zeros((len(self.inputs.snapshots.time), 0))
        return np.maximum(self.solution.values[self.program.columns_of(kind, names)], 0.0) + 0.0
