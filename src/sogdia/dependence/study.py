"""Cases of a withdrawal study: coalitions of partners at each horizon, and the runs they share.

A coalition needs a run of freight and trade only for those of its parties whose territory freight can pass:
those that links by rail, road and ferry join to the region. The trade of the others (over the ocean, or none)
ends in the trade model alone, at the costs of carriage of the run without them: their freight is too little
to move queues elsewhere. Parties decide, not partners, so that it does not matter which parties make one
partner. Levels of pressure have a run for each coalition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sogdia.case import Case, Plan, build_case
from sogdia.coupling.baseline import baseline_case
from sogdia.coupling.settings import CouplingSettings
from sogdia.dependence.engine_runs import GoodsCase, RequiredJobs, has_power, required_jobs
from sogdia.dependence.games import coalitions_in, permutations_of
from sogdia.dependence.horizons import HORIZONS, HorizonName
from sogdia.dependence.run_keys import ContentDigests, power_key
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.trade_jobs import Carriage, CoalitionTrade, TradeJob
from sogdia.dependence.withdrawal import (
    WITHDRAWAL,
    Pressure,
    members_of,
    partners_of,
    passed_parties,
    resolve,
    with_withdrawn,
)
from sogdia.errors import InputError
from sogdia.trade.composition import composition_of

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WithdrawalStudy:
    """Cases in which partners withdraw; each is built when first used.

    Attributes:
        case: The plan and scenario without withdrawals.
        settings: Settings.
        baseline_plan: Plan of the baseline.
    """

    case: Case
    settings: DependenceSettings
    baseline_plan: Plan

    @cached_property
    def baseline(self) -> Case:
        """The baseline case."""
        return baseline_case(self.case, self.baseline_plan)

    @cached_property
    def pressure(self) -> Pressure:
        """The action of the partners, checked.

        Raises:
            UnknownNameError: If a level, home or target does not exist.
            InputError: If a withdrawal has targets.
        """
        return resolve(self.settings.pressure, self.case)

    @property
    def is_withdrawal(self) -> bool:
        """True if partners withdraw, not press."""
        return self.settings.pressure.level == WITHDRAWAL

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """Partners in order of rank.

        Raises:
            UnknownNameError: If a partner does not exist.
            InputError: If there is none.
        """
        partners = partners_of(self.case.region, self.settings.partners)
        if not partners:
            raise InputError("a study of dependence needs at least one partner")
        return partners

    @cached_property
    def coalitions(self) -> dict[int, tuple[str, ...]]:
        """Partners of each coalition to run, by bit mask, the empty one first."""
        n = len(self.partners)
        ends = sorted({0, *(1 << p for p in range(n)), (1 << n) - 1})
        if not self.settings.coalitions:
            masks = ends
        elif self.orders is None:
            masks = list(range(1 << n))
        else:
            masks = sorted({*ends, *coalitions_in(self.orders)})
        return {mask: tuple(p for k, p in enumerate(self.partners) if mask >> k & 1) for mask in masks}

    @cached_property
    def orders(self) -> Longs | None:
        """Orders of partners that coalitions are sampled from; ``None`` if they are not sampled."""
        n, settings = len(self.partners), self.settings
        if not settings.coalitions or n <= settings.most_exact:
            return None
        return permutations_of(n, settings.pairs, settings.seed)

    @property
    def horizons(self) -> tuple[HorizonName, ...]:
        """Horizons in the order of time."""
        return tuple(name for name in HORIZONS if name in self.settings.horizons)

    def coupling(self, horizon: HorizonName) -> CouplingSettings:
        """Return the settings of freight and trade; one sector has one set of elasticities."""
        study = self.settings.study
        is_one = composition_of(self.case, study.composition) == "one_sector"
        elasticities = "long_run" if is_one else HORIZONS[horizon].elasticities
        return study.model_copy(update={"horizon": elasticities})

    def sharing(self, partners: Sequence[str]) -> tuple[str, ...]:
        """Return the parties withdrawn in the run of freight and trade that a coalition takes its costs from.

        They are in the order of the table of parties, whatever the partners that they make. Under a level of
        pressure they are the partners themselves.
        """
        if not self.is_withdrawal:
            return tuple(partners)
        key = tuple(partners)
        if key not in self._sharing:
            passed = set(passed_parties(self.case, partners))
            codes = self.case.table("parties")["code"]
            self._sharing[key] = tuple(str(code) for code in codes if code in passed)
        return self._sharing[key]

    def finance_case(self, partners: Sequence[str]) -> Case:
        """Return the case of a coalition whose finance is lost, the same at each horizon.

        Capital alone is withdrawn: nothing else of a case decides its finance.

        Raises:
            UnknownNameError: If a partner, level or home country does not exist.
            InputError: If the case is invalid.
        """
        if not self.is_withdrawal:
            return self._build(partners, self.horizons[0])
        scenario = with_withdrawn(self.case.scenario, partners, self.pressure, ("capital",))
        return build_case(self.case.region, self.case.plan, scenario)

    def _build(self, partners: Sequence[str], horizon: HorizonName) -> Case:
        key = tuple(partners), horizon
        if key not in self._built:
            years = HORIZONS[horizon].years_since
            scenario = with_withdrawn(self.case.scenario, partners, self.pressure, years_since=years)
            self._built[key] = build_case(self.case.region, self.case.plan, scenario)
        return self._built[key]

    @cached_property
    def _sharing(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {}

    @cached_property
    def has_power(self) -> bool:
        """True if the baseline has a power system with demand."""
        return has_power(self.baseline)

    @cached_property
    def _built(self) -> dict[tuple[tuple[str, ...], HorizonName], Case]:
        return {}

    def _freight_case(self, shared: Sequence[str]) -> Case:
        """Return the case of a shared run of freight and trade: trade and transit of parties end."""
        if not self.is_withdrawal:
            return self._build(shared, self.horizons[0])
        scenario = with_withdrawn(self.case.scenario, shared, self.pressure, ("trade", "transit"))
        return build_case(self.case.region, self.case.plan, scenario)

    @cached_property
    def with_power(self) -> frozenset[str]:
        """Partners whose withdrawal changes the power system."""
        if not self.is_withdrawal:
            return frozenset(self.partners)
        digests, power, first = ContentDigests(), self.settings.power, self.horizons[0]
        keys = {
            name: power_key(self._build((name,), first), self.baseline, power, digests)
            for name in self.partners
        }
        without = power_key(self._build((), first), self.baseline, power, digests)
        return frozenset(name for name, key in keys.items() if key != without)

    def powered_by(self, partners: Sequence[str]) -> tuple[str, ...]:
        """Return the partners of a coalition whose withdrawal changes the power system."""
        return tuple(name for name in partners if name in self.with_power)

    @cached_property
    def required(self) -> RequiredJobs:
        """The jobs of freight with trade, and of the power system, that the coalitions require."""
        shared_runs = dict.fromkeys(map(self.sharing, self.coalitions.values()))
        freight = {shared: self._freight_case(shared) for shared in shared_runs}
        power = dict.fromkeys(map(self.powered_by, self.coalitions.values()))
        goods_cases, power_cases = {}, {}
        # Coalitions whose partners are one run of freight and trade have the title of the first.
        first = {self.sharing(partners): partners for partners in reversed(self.coalitions.values())}
        titles = {
            run_name(horizon, run): self._title(horizon, partners)
            for horizon in self.horizons
            for run, partners in (*first.items(), *((each, each) for each in power))
        }
        last = self.horizons[-1]
        for horizon in reversed(self.horizons):
            # Prices and paths of the long run are nearly those of the short run, which takes a few rounds.
            starts = self.coupling(horizon) != self.coupling(last)
            for shared, case in freight.items():
                start = run_name(last, shared) if starts else ""
                goods_cases[run_name(horizon, shared)] = GoodsCase(case, self.coupling(horizon), start)
        for horizon in self.horizons:
            for partners in power:
                case = self._build(partners, horizon)
                power_cases[run_name(horizon, partners)] = (case, HORIZONS[horizon].holds_filler)
        return required_jobs(
            goods_cases,
            power_cases,
            self.baseline,
            power=self.settings.power,
            structure=run_name(last, ()),
            titles=titles,
        )

    def _title(self, horizon: HorizonName, partners: Sequence[str]) -> str:
        """Return the name of a run for readers."""
        names = self.case.table("partners")["name"]
        without = " or ".join(str(names[name]) for name in partners)
        return f"{'without ' + without if partners else 'with all partners'}, {HORIZONS[horizon].label}"

    def trade_jobs(self, carriage: dict[str, Carriage]) -> dict[HorizonName, TradeJob]:
        """Return the job of the trade model of each horizon.

        Args:
            carriage: Costs of finished runs of freight and trade by key; may be empty for the jobs' keys.
        """
        required = self.required
        jobs = {}
        for horizon in self.horizons:
            coalitions = []
            for partners in self.coalitions.values():
                shared = self.sharing(partners)
                every = members_of(self.case, partners) if self.is_withdrawal else ()
                coalitions.append(
                    CoalitionTrade(
                        case_name(partners),
                        required.goods[run_name(horizon, shared)],
                        every,
                        tuple(code for code in every if code not in shared),
                        len(partners) == 1,
                    )
                )
            jobs[horizon] = TradeJob(
                horizon, self.baseline_plan, self.baseline.scenario, self.coupling(horizon),
                self.pressure.homes, tuple(coalitions),
                {each.carriage: carriage[each.carriage] for each in coalitions if carriage},
                self.baseline.digest, bool(required.power_jobs),
                self.settings.channels and self.is_withdrawal,
            )  # fmt: skip
        return jobs


def case_name(partners: Sequence[str]) -> str:
    """Return the name of the case in which partners have withdrawn."""
    return "without " + ", ".join(partners) if partners else "all partners"


def run_name(horizon: str, partners: Sequence[str]) -> str:
    """Return the name of a run of a case at a horizon."""
    return f"{case_name(partners)}, {horizon}"
