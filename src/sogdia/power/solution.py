"""Solution of a power system as arrays over snapshots and components."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats
from sogdia.power.generators import SHED
from sogdia.power.inputs import PowerInputs
from sogdia.power.kernels.highs import Solution, SolverRecord
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.program import (
    BALANCE,
    FLOW,
    GENERATION,
    GENERATION_CAPACITY,
    HYDRO_LEVEL,
    HYDRO_OUTPUT,
)


@dataclass(frozen=True, eq=False)
class PowerSolution:
    """Solution of a year; annual energies are weighted by the hours that each snapshot represents.

    Attributes:
        inputs: Power system.
        program: Its linear programme.
        solution: Solution of the programme.
    """

    inputs: PowerInputs
    program: LinearProgram
    solution: Solution

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
        return self._values(HYDRO_OUTPUT, list(self.inputs.reservoirs.index))

    @cached_property
    def level_mwh(self) -> Floats:
        """Energy stored in each reservoir at the end of each snapshot, (T, S)."""
        names = list(self.inputs.reservoirs.index)
        return self._values(HYDRO_LEVEL, names) / self.inputs.snapshots.storage_scale

    @cached_property
    def flow_mw(self) -> Floats:
        """Power that enters each row of ``inputs.links``, (T, L)."""
        return self._values(FLOW, list(self.inputs.links.index))

    @cached_property
    def price_usd_per_mwh(self) -> pd.DataFrame:
        """Locational marginal price by snapshot and bus.

        It is the dual of the nodal balance over the weight of the snapshot. Where energy is unserved it is
        the value of lost load of the zone's country.
        """
        rows = self.program.rows[BALANCE]
        names = list(self.program.row_names[BALANCE])
        duals = self.solution.duals[rows] / self.inputs.snapshots.weight_h[:, None]
        prices = pd.DataFrame(duals, index=self.inputs.snapshots.time, columns=names)
        generators = self.inputs.generators
        shed = generators[generators["kind"] == SHED]
        lost_load = dict(zip(shed["bus"], shed["cost_usd_per_mwh"].astype(float), strict=True))
        maximum = pd.Series([lost_load.get(name, np.inf) for name in names], index=names)
        prices = prices.clip(upper=maximum, axis=1)
        return prices[[name for name in self.inputs.buses if name in names]]

    @cached_property
    def capacity_mw(self) -> Floats:
        """Capacity of each row of ``inputs.generators``, built capacity included, (G,)."""
        rows = self.inputs.generators
        existing = rows["p_nom_mw"].to_numpy(dtype=np.float64).tolist()
        built = self.built_mw(GENERATION_CAPACITY)
        return np.array([built.get(name, size) for name, size in zip(rows.index, existing, strict=True)])

    def built_mw(self, kind: str) -> dict[str, float]:
        """Return the capacity built of a kind (``Generator-p_nom``, ``StorageUnit-p_nom``), by component."""
        columns = self.program.columns.get(kind)
        if columns is None:
            return {}
        names = self.program.column_names[kind]
        return dict(zip(names, self.solution.values[columns].tolist(), strict=True))

    def annual_sum(self, values: Floats) -> Floats:
        """Return the sum over the year of hourly values, (T, N) to (N,)."""
        return np.asarray(self.inputs.snapshots.weight_h @ values, dtype=np.float64)

    def _values(self, kind: str, names: list[str]) -> Floats:
        """Return values by snapshot in the order of ``names``, (T, N); negative ones are rounding errors."""
        if not names:
            return np.zeros((len(self.inputs.snapshots.time), 0))
        return np.maximum(self.solution.values[self.program.columns_of(kind, names)], 0.0) + 0.0
