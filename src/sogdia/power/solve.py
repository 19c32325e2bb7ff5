"""The power system as a model that is written once and solved for many cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from sogdia.case import Case
from sogdia.errors import InputError, NoSolutionError, UnknownNameError
from sogdia.power.arrays import Floats
from sogdia.power.components import FREE
from sogdia.power.constants import PowerConstants
from sogdia.power.diagnosis import no_solution
from sogdia.power.inputs import PowerInputs, power_inputs
from sogdia.power.mean_days import in_mean_days, mean_day_of, spread_basis
from sogdia.power.network import make_network
from sogdia.power.program import Program, write_program
from sogdia.power.results import PowerResult
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import HOURS_PER_DAY, MONTHS
from sogdia.power.solver import Highs, Solution

OPTIMAL = "Optimal"
GENERATION, FLOW = "Generator-p", "Link-p"
BALANCE, WATER = "Bus-nodal_balance", "StorageUnit-energy_balance"


def solve_power(
    case: Case, settings: PowerSettings | None = None, constants: PowerConstants | None = None
) -> PowerResult:
    """Run the power system of a case for a year at least cost.

    ``min Σ_t w_t Σ_g c_g p_gt`` such that in each zone and hour generation, storage and net flow meet load,
    within capacities, availability and reservoirs (:mod:`sogdia.power.snapshots`); duals over w_t are prices.

    Args:
        case: Region, plan and scenario.
        settings: Dispatch of mean days where not given.
        constants: Those of the case's table ``calibration`` where not given.

    Returns:
        The result; its tables are made when they are asked for.

    Raises:
        InputError: If a table lacks what the engine needs.
        NoSolutionError: If load cannot be met or cost has no floor; it names zone and constraint.
    """
    return PowerModel(power_inputs(case, settings, constants)).solve()


class PowerModel:
    """A network written once and solved for any inputs that differ from the first in numbers only.

    Args:
        inputs: A case as numbers.
    """

    def __init__(self, inputs: PowerInputs) -> None:
        self.inputs = inputs
        check_buses(inputs)
        self.network: Any = make_network(inputs)
        self.program: Program = write_program(self.network)
        self._highs = Highs(self.program, inputs.settings.solver, inputs.settings.threads)
        self._own: Solution | None = None
        self._basis: Any = None

    def solve(self, inputs: PowerInputs | None = None, without: Iterable[str] = ()) -> PowerResult:
        """Solve for other inputs, or the same with some lines out of work.

        Bounds, costs and loads that differ from the last solve are changed in HiGHS; nothing is written anew.
        It starts from the basis of the model's own inputs, never from that of the last solve: a result hangs
        on the two inputs alone, not on what was solved between them or in which process.

        Args:
            inputs: A case of the same region with the same settings; the first one where not given.
            without: Lines of ``interconnectors`` that carry nothing.

        Raises:
            InputError: If the inputs need another network.
            UnknownNameError: If there is no such line.
            NoSolutionError: If there is no solution.
        """
        wanted = self.inputs if inputs is None else inputs
        if not self.inputs.alike(wanted):
            raise InputError("these inputs have other components or settings than the model was made for")
        missing = set(without)
        for line in sorted(missing - set(wanted.links["line"])):
            raise UnknownNameError("line", line, wanted.links["line"])
        if missing:
            there = ~wanted.links["line"].isin(list(missing))
            capacity = wanted.links["p_nom_mw"].where(there, 0.0)
            wanted = replace(wanted, links=wanted.links.assign(p_nom_mw=capacity))
        program, solution = self.program, self._first()
        if wanted is not self.inputs:
            program = with_numbers(self.program, wanted)
            if not program.same_numbers(self.program):
                self._highs.change(program)
                solution = self._highs.run(self._basis)
        if solution.solve.status != OPTIMAL:
            raise no_solution(program, solution.solve, wanted)
        return PowerResult(wanted, program, solution)

    def _first(self) -> Solution:
        """The solution of the model's own inputs, found once."""
        if self._own is None:
            self._own = self._highs.run(self._start())
            self._basis = self._highs.basis()
        return self._own

    def _start(self) -> Any:
        """Where the first solve starts: nowhere in mean days, at the basis of the mean days in all hours."""
        settings = self.inputs.settings
        if settings.hours == MONTHS * HOURS_PER_DAY or settings.solver != "simplex":
            return None
        mean = PowerModel(in_mean_days(self.inputs))
        if mean._first().solve.status != OPTIMAL:
            return None
        return spread_basis(mean._basis, mean.program, self.program, mean_day_of(self.inputs))


def check_buses(inputs: PowerInputs) -> None:
    """Refuse load at a bus with nothing to meet it: PyPSA writes no balance for such a bus.

    Raises:
        NoSolutionError: If there is one; it names the zone.
    """
    sources = (inputs.generators["bus"], inputs.reservoirs["bus"], inputs.links["bus0"], inputs.links["bus1"])
    known = {str(bus) for column in sources for bus in column}
    bare = [
        str(zone)
        for zone, load in zip(inputs.zones.table.index, inputs.load_mw.T, strict=True)
        if zone not in known and load.any()
    ]
    if bare:
        told = "; ".join(
            f"load of zone {zone} cannot be met ({BALANCE}): it has no plant and no line" for zone in bare
        )
        raise NoSolutionError("Infeasible", told, tuple(bare))


def with_numbers(program: Program, inputs: PowerInputs) -> Program:
    """The programme with bounds, costs and loads of other inputs; its matrix stays.

    Not for programmes with capacities as unknowns: their matrix holds yields.

    Raises:
        InputError: If the programme is an expansion.
    """
    if (inputs.generators["kind"] == FREE).any():
        raise InputError(
            "an expansion is written anew for each case: its matrix holds the yields of sun and wind"
        )
    cost, lower, upper = program.cost.copy(), program.lower.copy(), program.upper.copy()
    row_lower, row_upper = program.row_lower.copy(), program.row_upper.copy()
    weight = inputs.hourly.weight_h[:, None]

    def fill(kind: str, names: list[str], least: Floats, most: Floats, price: Floats) -> None:
        if not names:
            return
        places = _ordered(program, kind, names)
        lower[places], upper[places] = least, most
        cost[places] = price * weight

    plants, links, water = inputs.generators, inputs.links, inputs.reservoirs
    size = plants["p_nom_mw"].to_numpy()
    prices = inputs.bid_usd_per_mwh
    fill(GENERATION, list(plants.index), inputs.p_min * size, inputs.p_max * size, prices)
    carried = links["p_nom_mw"].to_numpy()
    fill(FLOW, list(links.index), np.zeros(1), carried, links["cost_usd_per_mwh"].to_numpy())
    if len(water):
        names = list(water.index)
        turbines = (water["p_nom_mw"] * water["p_max"]).to_numpy()
        # As the network multiplies: the same numbers come out to the bit.
        volume = (water["p_nom_mw"] * (water["storage_h"] * inputs.hourly.storage_scale)).to_numpy()
        fill("StorageUnit-p_dispatch", names, np.zeros(1), turbines, np.zeros(1))
        fill("StorageUnit-state_of_charge", names, np.zeros(1), volume, np.zeros(1))
        fill("StorageUnit-spill", names, np.zeros(1), inputs.inflow_mw, np.zeros(1))
        places = _ordered(program, WATER, names)
        row_lower[places] = row_upper[places] = -inputs.inflow_mw * inputs.hourly.storage_weight[:, None]
    zones = list(map(str, inputs.zones.table.index))
    places = _ordered(program, BALANCE, zones)
    row_lower[places] = row_upper[places] = inputs.load_mw
    return replace(program, cost=cost, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)


def _ordered(program: Program, kind: str, names: list[str]) -> Any:
    """Places of a kind's variables or constraints in the order of names, (T, N)."""
    places = program.columns.get(kind, program.rows.get(kind))
    known = program.column_names.get(kind, program.row_names.get(kind, ()))
    if places is None:
        raise AssertionError(f"the programme has no {kind}")
    at = {name: number for number, name in enumerate(known)}
    return places[:, [at[name] for name in names]]
