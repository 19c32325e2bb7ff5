"""Solve the power system at least cost, repeatedly on one programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sogdia.errors import InputError, NoSolutionError, UnknownNameError
from sogdia.power.diagnosis import diagnose
from sogdia.power.inputs import PowerInputs
from sogdia.power.kernels.highs import Highs, Solution, expand_basis
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.network import build_network
from sogdia.power.program import BALANCE, update_program, write_program
from sogdia.power.representative_days import representative_snapshot, to_representative_days
from sogdia.power.results import PowerResult
from sogdia.power.snapshots import REPRESENTATIVE_HOURS

OPTIMAL = "Optimal"


def solve(inputs: PowerInputs, model: PowerModel | None = None, outages: Iterable[str] = ()) -> PowerResult:
    """Solve a year of the power system at least cost.

    ``min Σ_t w_t Σ_g c_g p_gt`` such that in each zone and snapshot generation, storage and net flow meet the
    load, within capacities, availability and reservoirs (:mod:`sogdia.power.snapshots`). Duals over w_t are
    marginal prices.

    Args:
        inputs: Power system of a case (:func:`sogdia.power.build_power_inputs`).
        model: Model whose programme is used again if the inputs differ in bounds and costs only; a new
            programme is written otherwise, and for an expansion.
        outages: Lines of ``interconnectors`` that are out of service.

    Returns:
        The result; its tables are computed when they are first read.

    Raises:
        UnknownNameError: If an outage is not a line.
        NoSolutionError: If load cannot be met or cost is unbounded; it names zone and constraint.
    """
    if model is None or inputs.settings.mode == "expansion" or not model.inputs.has_same_structure(inputs):
        return PowerModel(inputs).solve(outages=outages)
    return model.solve(inputs, outages)


class PowerModel:
    """A programme, written once and solved for all inputs that differ from its own in bounds and costs only.

    Args:
        inputs: Power system of a case.

    Raises:
        NoSolutionError: If a zone with load has no supply.
    """

    def __init__(self, inputs: PowerInputs) -> None:
        self.inputs = inputs
        check_supply(inputs)
        self.network: Any = build_network(inputs)
        self.program: LinearProgram = write_program(self.network)
        self._highs = Highs(self.program, inputs.settings.solver, inputs.settings.threads)
        self._own_solution: Solution | None = None
        self._basis: Any = None

    def solve(self, inputs: PowerInputs | None = None, outages: Iterable[str] = ()) -> PowerResult:
        """Solve for other inputs, or with line outages.

        Bounds, costs and loads that differ are changed in HiGHS. The solve starts from the basis of the
        model's
        own inputs, never from that of the previous solve: a result depends on the two inputs alone, not on
        other solves or the process.

        Args:
            inputs: Power system of the same structure; by default the model's own.
            outages: Lines of ``interconnectors`` that are out of service.

        Raises:
            InputError: If the inputs have another structure.
            UnknownNameError: If an outage is not a line.
            NoSolutionError: If there is no solution.
        """
        inputs = self.inputs if inputs is None else inputs
        if not self.inputs.has_same_structure(inputs):
            raise InputError("the inputs have other components or settings than those of the model")
        out_of_service = set(outages)
        for line in sorted(out_of_service - set(inputs.links["line"])):
            raise UnknownNameError("line", line, inputs.links["line"])
        if out_of_service:
            in_service = ~inputs.links["line"].isin(list(out_of_service))
            capacity = inputs.links["p_nom_mw"].where(in_service, 0.0)
            inputs = replace(inputs, links=inputs.links.assign(p_nom_mw=capacity))
        program, solution = self.program, self._solve_own()
        if inputs is not self.inputs:
            program = update_program(self.program, inputs)
            if not program.has_same_numbers(self.program):
                self._highs.change(program)
                solution = self._highs.run(self._basis)
        if solution.record.status != OPTIMAL:
            raise diagnose(program, solution.record, inputs)
        return PowerResult(inputs, program, solution)

    def _solve_own(self) -> Solution:
        """Return the solution of the model's own inputs, computed once."""
        if self._own_solution is None:
            self._own_solution = self._highs.run(self._initial_basis())
            self._basis = self._highs.basis()
        return self._own_solution

    def _initial_basis(self) -> Any:
        """Return the basis of representative days for the hours of a year; none for representative days."""
        settings = self.inputs.settings
        if settings.hours == REPRESENTATIVE_HOURS or settings.solver != "simplex":
            return None
        small = PowerModel(to_representative_days(self.inputs))
        if small._solve_own().record.status != OPTIMAL:
            return None
        return expand_basis(small._basis, small.program, self.program, representative_snapshot(self.inputs))


def check_supply(inputs: PowerInputs) -> None:
    """Check that every zone with load has a plant, reservoir or line; PyPSA writes no balance otherwise.

    Raises:
        NoSolutionError: If a zone has none; it names the zone.
    """
    sources = (inputs.generators["bus"], inputs.reservoirs["bus"], inputs.links["bus0"], inputs.links["bus1"])
    supplied = {str(bus) for column in sources for bus in column}
    zones = [
        str(zone)
        for zone, load in zip(inputs.zones.table.index, inputs.load_mw.T, strict=True)
        if zone not in supplied and load.any()
    ]
    if zones:
        problem = "; ".join(
            f"load of zone {zone} cannot be met ({BALANCE}): it has no plant and no line" for zone in zones
        )
        raise NoSolutionError("Infeasible", problem, tuple(zones))
