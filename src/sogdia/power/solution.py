"""A solved programme as arrays over hours and components: what every table of results is made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats
from sogdia.power.components import SHED
from sogdia.power.inputs import PowerInputs
from sogdia.power.program import Program
from sogdia.power.solver import Solution, Solve

MWH_PER_GWH, USD_PER_MUSD, T_PER_MT = 1e3, 1e6, 1e6


@dataclass(frozen=True, eq=False)
class PowerSolution:
    """A solved year. Energies are of the year, weighted by what each snapshot stands for.

    Attributes:
        inputs: What was solved.
        program: The programme.
        solution: Its solution.
    """

    inputs: PowerInputs
    program: Program
    solution: Solution

    @property
    def solve(self) -> Solve:
        """How HiGHS ended: status, objective, iterations, seconds."""
        return self.solution.solve

    @cached_property
    def generator_mw(self) -> Floats:
        """Output of each row of ``inputs.generators``, (T, G)."""
        return self._values("Generator-p", list(self.inputs.generators.index))

    @cached_property
    def hydro_mw(self) -> Floats:
        """Output of each reservoir, (T, S)."""
        return self._values("StorageUnit-p_dispatch", list(self.inputs.reservoirs.index))

    @cached_property
    def level_mwh(self) -> Floats:
        """Energy in each reservoir at the end of each snapshot, (T, S)."""
        names = list(self.inputs.reservoirs.index)
        return self._values("StorageUnit-state_of_charge", names) / self.inputs.hourly.storage_scale

    @cached_property
    def flow_mw(self) -> Floats:
        """What enters each row of ``inputs.links``, (T, L)."""
        return self._values("Link-p", list(self.inputs.links.index))

    @cached_property
    def price_usd_per_mwh(self) -> pd.DataFrame:
        """Marginal price by snapshot and bus: what one more MWh of load there would cost.

        Where load goes unserved it is the value of lost load of the zone's country.
        """
        places = self.program.rows["Bus-nodal_balance"]
        names = list(self.program.row_names["Bus-nodal_balance"])
        duals = self.solution.duals[places] / self.inputs.hourly.weight_h[:, None]
        frame = pd.DataFrame(duals, index=self.inputs.hourly.snapshots, columns=names)
        rows = self.inputs.generators
        shed = rows[rows["kind"] == SHED]
        lost = dict(zip(shed["bus"], shed["cost_usd_per_mwh"].astype(float), strict=True))
        frame = frame.clip(upper=pd.Series([lost.get(name, np.inf) for name in names], index=names), axis=1)
        return frame[[name for name in self.inputs.buses if name in names]]

    @cached_property
    def capacity_mw(self) -> Floats:
        """Capacity of each row of ``inputs.generators``, what was built among it, (G,)."""
        rows = self.inputs.generators
        size = rows["p_nom_mw"].to_numpy(dtype=np.float64)
        built = self.built_mw("Generator-p_nom")
        return np.array([built.get(name, told) for name, told in zip(rows.index, size.tolist(), strict=True)])

    def built_mw(self, kind: str) -> dict[str, float]:
        """What an expansion built, by component; ``Generator-p_nom`` or ``StorageUnit-p_nom``."""
        places = self.program.columns.get(kind)
        if places is None:
            return {}
        names = self.program.column_names[kind]
        return dict(zip(names, self.solution.values[places].tolist(), strict=True))

    def year(self, values: Floats) -> Floats:
        """Sum over the year of a figure by hour, (T, N) to (N,)."""
        return np.asarray(self.inputs.hourly.weight_h @ values, dtype=np.float64)

    def _values(self, kind: str, names: list[str]) -> Floats:
        """Values by snapshot in the order of names, (T, N); what is below nought is rounding."""
        if not names:
            return np.zeros((len(self.inputs.hourly.snapshots), 0))
        at = {name: number for number, name in enumerate(self.program.column_names[kind])}
        places = self.program.columns[kind][:, [at[name] for name in names]]
        return np.maximum(self.solution.values[places], 0.0) + 0.0
