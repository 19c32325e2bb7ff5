"""Solve the power system at least cost, repeatedly on one programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np

from sogdia.errors import InputError, NoSolutionError, UnknownNameError
from sogdia.power.arrays import Ints
from sogdia.power.diagnosis import diagnose
from sogdia.power.kernels.highs import Basis, Solution, SolvedBasis, expand_basis, run_highs
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.own_load import sheds_and_exports, with_firm_load
from sogdia.power.planning import Filler, planning_inputs, with_filler
from sogdia.power.program import update_program, write_program
from sogdia.power.results import PowerResult
from sogdia.power.snapshots import HOURS_PER_YEAR
from sogdia.power.system import PowerInputs
from sogdia.power.time_reduction import mean_day_snapshot, to_mean_days, to_steps
from sogdia.power.variables import BALANCE, GENERATION_CAPACITY, RESERVE, STORAGE_CAPACITY

OPTIMAL = "Optimal"
Solved = tuple[Solution, SolvedBasis | None]
NO_FILLER = Filler({}, {})
START_STEPS = 6
"""Snapshots of capacity planning in one step of the smaller programme that it starts from."""
CACHED_SOLUTIONS = 6
"""Solutions that a programme has in memory."""
MOST_ROUNDS = 4
"""Rounds of solving in which countries that would cut load to export are found."""


def solve(
    inputs: PowerInputs,
    model: PowerModel | None = None,
    outages: Iterable[str] = (),
    filler: Filler | None = None,
) -> PowerResult:
    """Solve a year of the power system at least cost.

    ``min Σ_t w_t Σ_g c_g p_gt`` such that in each zone and snapshot generation, storage and net flow meet the
    load, within capacities, availability and reservoirs (:mod:`sogdia.power.snapshots`). Duals over w_t are
    marginal prices. New capacity is planned first (:mod:`sogdia.power.planning`).

    Args:
        inputs: Power system of a case (:func:`sogdia.power.build_power_inputs`).
        model: Model whose programme is used again if the inputs differ in bounds and costs only; a new
            programme is written otherwise.
        outages: Lines of ``interconnectors`` that are out of service.
        filler: New capacity that is held, such as that of a baseline (short run); optimised by default (long
            run). A plan without a filler has none.

    Returns:
        The result; its tables are computed when they are first read.

    Raises:
        UnknownNameError: If an outage is not a line.
        NoSolutionError: If load cannot be met or cost is unbounded; it names zone and constraint.
    """
    if model is None or not model.inputs.has_same_structure(inputs):
        return PowerModel(inputs).solve(outages=outages, filler=filler)
    return model.solve(inputs, outages, filler)


class Programme:
    """A linear programme, written once and solved for all inputs of its structure.

    Each solve starts from the basis of the programme's own inputs, never from that of the previous solve: a
    result depends on the two inputs alone, not on what was solved before, to the bit. The last solutions are
    cached, so that cases that differ elsewhere, such as in freight, are solved once.

    Args:
        inputs: Power system.
        start: Smaller programme whose basis starts the first solve, with the snapshot of it that corresponds
            to each snapshot. The optimum does not depend on it.
    """

    def __init__(self, inputs: PowerInputs, start: tuple[Programme, Ints] | None = None) -> None:
        self.inputs = inputs
        self._start = start
        self.program: LinearProgram = write_program(inputs)
        self._own: Solved | None = None
        self._cached: dict[bytes, Solved] = {}

    def solve(self, inputs: PowerInputs) -> tuple[LinearProgram, Solution]:
        """Solve for inputs of the same structure.

        Raises:
            NoSolutionError: If there is no solution.
        """
        program = self.program if inputs is self.inputs else update_program(self.program, inputs)
        solution = self.run(program)
        if solution.record.status != OPTIMAL:
            raise diagnose(program, solution.record, inputs)
        return program, solution

    def run(self, program: LinearProgram, after: LinearProgram | None = None) -> Solution:
        """Solve with the numbers of a programme of the same structure.

        Args:
            program: The numbers.
            after: Programme that was run last and whose basis starts the solve; that of the programme's own
                inputs by default.
        """
        start = self._solved(self.program if after is None else after)
        if after is not None:
            return self._run_highs(program, _basis(start))[0]
        return self._solved(program)[0]

    def _solved(self, program: LinearProgram) -> Solved:
        """Return solution and basis from the basis of the programme's own inputs, computed once."""
        if self._own is None:
            self._own = self._run_highs(self.program, self._initial_basis())
        digest = program.digest
        if digest == self.program.digest:
            return self._own
        found = self._cached.pop(digest, None) or self._run_highs(program, _basis(self._own))
        self._cached[digest] = found
        if len(self._cached) > CACHED_SOLUTIONS:
            del self._cached[next(iter(self._cached))]
        return found

    def _run_highs(self, program: LinearProgram, basis: Basis | None) -> Solved:
        settings = self.inputs.settings
        return run_highs(program, settings.solver, settings.threads, basis)

    def _initial_basis(self) -> Basis | None:
        """Return the basis of the smaller programme, expanded to the snapshots of this one."""
        if self._start is None or self.inputs.settings.solver != "simplex":
            return None
        small, snapshot = self._start
        found = small._solved(small.program)
        basis = _basis(found)
        if basis is None or found[0].record.status != OPTIMAL:
            return None
        return expand_basis(basis, small.program, self.program, snapshot)


def _basis(solved: Solved) -> Basis | None:
    return None if solved[1] is None else solved[1].basis


def serve_own_load_first(result: PowerResult, programme: Programme) -> PowerResult:
    """Solve again until no country cuts load while it exports to another country of the model.

    Each country's own value of lost load decides whether load is served. Between two countries it would let
    the one with the lower value cut load for the other. In the hours in which that happens, the load of the
    exporter has the highest value of the region in the objective; costs and prices keep its own.

    Args:
        result: A solved year.
        programme: The programme that solved it.
    """
    firm = np.zeros_like(result.inputs.load_mw, dtype=np.bool_)
    own = result.program
    for _ in range(MOST_ROUNDS):
        exports = sheds_and_exports(result) & ~firm
        if not exports.any():
            return result
        firm = firm | exports
        program = with_firm_load(result.program, result.inputs, firm)
        solution = programme.run(program, after=own)
        if solution.record.status != OPTIMAL:
            raise diagnose(program, solution.record, result.inputs)
        # The cost of the dispatch at each country's own value of lost load.
        record = replace(solution.record, objective_usd=float((result.program.cost * solution.values).sum()))
        solution = replace(solution, record=record)
        result = PowerResult(result.inputs, result.program, solution, result.filler, firm)
    return result


class PowerModel:
    """Dispatch and capacity planning of a power system, for all inputs that share their structure.

    Args:
        inputs: Power system of a case.

    Raises:
        NoSolutionError: If a zone with load has no supply.
    """

    def __init__(self, inputs: PowerInputs) -> None:
        self.inputs = inputs
        check_supply(inputs)
        self._planning: Programme | None = None
        self._dispatch: Programme | None = None

    def solve(
        self,
        inputs: PowerInputs | None = None,
        outages: Iterable[str] = (),
        filler: Filler | None = None,
    ) -> PowerResult:
        """Solve for other inputs, with line outages, or with a given filler.

        Raises:
            InputError: If the inputs have another structure.
            UnknownNameError: If an outage is not a line.
            NoSolutionError: If there is no solution.
        """
        inputs = self.inputs if inputs is None else inputs
        if not self.inputs.has_same_structure(inputs):
            raise InputError("the inputs have other components or settings than those of the model")
        inputs = _without_lines(inputs, set(outages))
        chosen = filler if filler is not None and inputs.builds else self.plan(inputs)
        fixed = with_filler(inputs, chosen)
        programme = self.dispatch
        return serve_own_load_first(PowerResult(fixed, *programme.solve(fixed), chosen), programme)

    @property
    def dispatch(self) -> Programme:
        """Programme of dispatch; its own inputs have the filler of the model's own inputs."""
        if self._dispatch is None:
            inputs = with_filler(self.inputs, self.own_filler)
            start = None
            if len(inputs.load_mw) == HOURS_PER_YEAR:
                start = (Programme(to_mean_days(inputs)), mean_day_snapshot(inputs))
            elif self._planning is not None and self.inputs.builds:
                # Only then is it planned before the dispatch in every order of solves.
                start = (self._planning, _snapshot_of(inputs, self._planning.inputs))
            self._dispatch = Programme(inputs, start)
        return self._dispatch

    @cached_property
    def own_filler(self) -> Filler:
        """New capacity of least cost for the model's own inputs."""
        return self.plan(self.inputs)

    def plan(self, inputs: PowerInputs) -> Filler:
        """Return the new capacity of least cost for inputs; none where nothing may be built.

        Raises:
            NoSolutionError: If load cannot be met.
        """
        if not inputs.builds:
            return NO_FILLER
        if self._planning is None:
            own = planning_inputs(self.inputs)
            few = to_steps(own, START_STEPS)
            self._planning = Programme(own, (Programme(few), _snapshot_of(own, few)))
        planned = planning_inputs(inputs)
        return _built(planned, *self._planning.solve(planned))


def _snapshot_of(inputs: PowerInputs, steps: PowerInputs) -> Ints:
    """Return the step of the same inputs in longer steps that corresponds to each snapshot, (T,)."""
    count = len(inputs.load_mw)
    return np.arange(count, dtype=np.int64) // (count // len(steps.load_mw))


def _built(planned: PowerInputs, program: LinearProgram, solution: Solution) -> Filler:
    """Return the new capacity of a solution of capacity planning, and the price of capacity."""
    built = {}
    for kind, existing in (
        (GENERATION_CAPACITY, planned.generators["p_nom_mw"]),
        (STORAGE_CAPACITY, planned.batteries["p_nom_mw"]),
    ):
        if kind in program.columns:
            values = solution.values[program.columns[kind]]
            for name, value in zip(program.column_names[kind], values.tolist(), strict=True):
                built[name] = max(0.0, value - float(existing[name]))
    duals = np.maximum(solution.duals[program.rows[RESERVE]], 0.0).tolist()
    return Filler(built, dict(zip(program.row_names[RESERVE], duals, strict=True)))


def plan_and_dispatch(inputs: PowerInputs) -> PowerResult:
    """Plan capacity and dispatch it in one programme, in the snapshots of the inputs.

    :func:`solve` plans in longer steps, which takes a fraction of the time for many snapshots.

    Raises:
        NoSolutionError: If load cannot be met.
    """
    planned = replace(inputs, plans_capacity=True)
    program, solution = Programme(planned).solve(planned)
    filler = _built(planned, program, solution)
    return PowerResult(with_filler(inputs, filler), program, solution, filler)


def _without_lines(inputs: PowerInputs, outages: set[str]) -> PowerInputs:
    for line in sorted(outages - set(inputs.links["line"])):
        raise UnknownNameError("line", line, inputs.links["line"])
    if not outages:
        return inputs
    in_service = ~inputs.links["line"].isin(list(outages))
    return replace(
        inputs, links=inputs.links.assign(p_nom_mw=inputs.links["p_nom_mw"].where(in_service, 0.0))
    )


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
