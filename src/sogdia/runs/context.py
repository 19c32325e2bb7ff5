"""Share one solved baseline among all jobs that are compared with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.coupling.baseline import CoupledBaseline
from sogdia.coupling.joint import JointBaseline, JointSettings, make_joint_baseline
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.settings import CouplingSettings
from sogdia.power import PowerInputs, PowerModel, PowerResult, PowerSettings, build_power_inputs
from sogdia.power.planning import Filler
from sogdia.region import Region
from sogdia.runs.definition import settings_digest

LOCAL = ("joint", "power_model", "last_coupled", "last_levels", "_fillers", "_sectors")
"""Attributes that each process makes itself."""


@dataclass(eq=False)
class RunContext:
    """A solved baseline with the objects that jobs of one process reuse.

    Attributes:
        region: The region.
        coupled: Freight and trade of the baseline; ``None`` if no job needs them.
        power_inputs: Inputs of its power system; ``None`` if no job needs them.
        power_result: Its power system, solved; ``None`` if no job needs it.
        last_coupled: Key and solution of the last job from which another may start; each process has its own.
        last_levels: Digest of a reference scenario at other levels, and the baseline of its trade.
    """

    region: Region
    coupled: CoupledBaseline | None
    power_inputs: PowerInputs | None
    power_result: PowerResult | None = None
    last_coupled: tuple[str, CoupledResult] | None = None
    last_levels: tuple[str, JointBaseline] | None = None

    @cached_property
    def power_model(self) -> PowerModel:
        """The linear programme of the power system; each process writes its own."""
        if self.power_inputs is None:
            raise AssertionError("a job needs the power system, and its baseline has none")
        return PowerModel(self.power_inputs)

    def held_filler(self, case: Case, settings: PowerSettings) -> Filler:
        """Return the new power plants of a case without shocks; planned once for each plan.

        Raises:
            NoSolutionError: If load cannot be met.
        """
        known = self._fillers.get(case.digest)
        if known is None:
            known = self._fillers[case.digest] = self.power_model.plan(build_power_inputs(case, settings))
        return known

    def coupled_with(self, settings: CouplingSettings) -> CoupledBaseline:
        """Return freight and trade of the baseline in the sectors and with the elasticities of settings."""
        if self.coupled is None:
            raise AssertionError("a job needs freight and trade, and its baseline has none")
        key = settings.composition, settings.horizon
        if key not in self._sectors:
            self._sectors[key] = self.coupled.with_sectors(*key)
        return self._sectors[key]

    @cached_property
    def _sectors(self) -> dict[tuple[str, str], CoupledBaseline]:
        return {}

    @cached_property
    def _fillers(self) -> dict[str, Filler]:
        return {}

    @cached_property
    def joint(self) -> JointBaseline:
        """Baseline of freight, trade and the power system."""
        if self.coupled is None or self.power_result is None:
            raise AssertionError("a job needs a joint baseline, and its baseline is not one")
        return JointBaseline(self.coupled, self.power_result, self.power_model)

    def joint_at(self, scenario: Scenario) -> JointBaseline:
        """Return the joint baseline at the elasticities and rents of a scenario.

        Args:
            scenario: Reference scenario of a run; freight and power are those of the joint baseline.
        """
        joint = self.joint
        own = joint.coupled.case
        if scenario.digest == own.scenario.digest:
            return joint
        if self.last_levels is None or self.last_levels[0] != scenario.digest:
            case = build_case(self.region, own.plan, scenario)
            self.last_levels = scenario.digest, replace(joint, coupled=joint.coupled.with_levels(case))
        return self.last_levels[1]

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in LOCAL}


@dataclass(frozen=True, eq=False)
class JointBaselineDefinition:
    """Definition of a baseline of freight, trade and the power system.

    Attributes:
        region: The region.
        plan: The baseline plan.
        scenario: The reference scenario, without shocks.
        settings: Settings of the engines.
    """

    region: Region
    plan: Plan
    scenario: Scenario
    settings: JointSettings

    @property
    def key(self) -> str:
        """Digest of the definition."""
        parts = (self.region.digest, self.plan.digest, self.scenario.digest, settings_digest(self.settings))
        return hashlib.sha256(";".join(parts).encode()).hexdigest()

    def make(self, threads: int) -> RunContext:
        """Solve the baseline.

        Raises:
            NotConvergedError: If the assignment does not reach its tolerance.
            NoSolutionError: If the power system has no solution.
        """
        case = build_case(self.region, self.plan, self.scenario)
        joint = make_joint_baseline(case, with_threads(self.settings, threads))
        context = RunContext(self.region, joint.coupled, joint.power_model.inputs, joint.power)
        context.__dict__["power_model"] = joint.power_model
        return context


def with_threads(settings: JointSettings, threads: int) -> JointSettings:
    """Return settings with another number of threads; results do not depend on it."""
    freight = settings.coupling.freight.model_copy(update={"workers": threads})
    trade = settings.coupling.trade.model_copy(update={"workers": threads})
    coupling = settings.coupling.model_copy(update={"freight": freight, "trade": trade})
    return settings.model_copy(update={"coupling": coupling})
