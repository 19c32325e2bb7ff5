"""Evaluator of portfolios on a region: results of engine runs by set of projects, and money by option.

The engines see which projects are built, not who finances them. Their results are taken to second order in
the projects (:mod:`sogdia.portfolio.second_order`): every project alone in every scenario, every pair that
one engine sees in the reference scenario. Sets that were run in full have the value of the models. Costs,
debt and what a withdrawn lender costs follow from the options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.api.portfolio_file import LoadedPortfolio
from sogdia.api.portfolio_money import OptionMoney
from sogdia.dependence.coalitions import energy_cost
from sogdia.finance.appraisal_values import ELECTRICITY_PRICE, Value, appraisal_value
from sogdia.portfolio.arrays import Bools, Choices, Floats
from sogdia.portfolio.evaluation import Count
from sogdia.portfolio.second_order import SecondOrder
from sogdia.uncertainty.project_sets import ENGINES, Built, Engine, ProjectSets, State

RESULTS = ("benefit", "low", "high", "income", "co2_mt", "unserved_gwh")
"""Results of a run, summed over home countries: the yearly benefit with its ends, the income that losses by
withdrawal compare, emissions, energy that is not served."""
BENEFIT, LOW, HIGH, INCOME, CO2, UNSERVED = range(len(RESULTS))
NPV, NPV_LOW, NPV_HIGH, LOSS = "npv_musd", "npv_low_musd", "npv_high_musd", "worst_loss_pct"
CO2_MT, UNSERVED_GWH = "co2_mt", "unserved_gwh"


def loss_measure(partner: str) -> str:
    """Return the name of the measure of the loss by one partner's withdrawal."""
    return f"loss_pct {partner}"


def results_of(engine: Engine, table: pd.DataFrame, homes: Sequence[str], price: Value) -> Floats:
    """Sum the results of a run over home countries, (R,): :data:`RESULTS`.

    Freight and trade: gain of real spending and transit income. Power system: the cost of supply with its
    sign turned; energy that is not served is at willingness to pay in the benefit, and at the value of lost
    load in the income. The lines are those of :func:`sogdia.dependence.solve.benefit_lines`.

    Args:
        engine: The engine.
        table: Table ``homes`` of the run.
        homes: Home countries that count.
        price: Willingness to pay for electricity, USD/kWh; the value of lost load if NaN.
    """
    rows = table.set_index("home").loc[list(homes)]
    if engine == "goods":
        transit = rows[["transit_musd", "transit_low_musd", "transit_high_musd"]].to_numpy(dtype=np.float64)
        gain = float(rows["gain_musd"].sum())
        ends = transit.min(axis=1).sum(), transit.max(axis=1).sum()
        middle = gain + transit[:, 0].sum()
        return np.array([middle, gain + ends[0], gain + ends[1], middle, 0.0, 0.0])
    cost, unserved_gwh = float(energy_cost(rows).sum()), float(rows["unserved_gwh"].sum())
    lost = float(rows["unserved_musd"].sum())
    # 1 GWh at 1 USD/kWh is USD 1 million.
    at = [lost if np.isnan(each) else each * unserved_gwh for each in (price.value, price.low, price.high)]
    benefits = [-(cost - lost) - each for each in at]
    return np.array([*benefits, -cost, float(rows["co2_mt"].sum()), unserved_gwh])


@dataclass(eq=False)
class SetEvaluator:
    """Evaluator of portfolios (:class:`sogdia.portfolio.Evaluator`).

    Attributes:
        loaded: The portfolio file.
        sets: Sets of projects and their results.
        money: Money of each option, by project.
        own_scenarios: Number of scenarios that are not withdrawals; they come first.
        base_losses: Loss by partner without any project, % of GDP.
        gdp_musd: GDP of the home countries.
        models: Results by engine and scenario.
        verified: Sets that were run in full.
        counts: Runs by engine.
    """

    loaded: LoadedPortfolio
    sets: ProjectSets
    money: Sequence[Sequence[OptionMoney]]
    own_scenarios: int
    base_losses: Mapping[str, float]
    gdp_musd: float
    models: dict[tuple[Engine, int], SecondOrder] = field(default_factory=dict)
    verified: list[Built] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures."""
        losses = tuple(loss_measure(partner) for partner in self.base_losses)
        return (NPV, NPV_LOW, NPV_HIGH, CO2_MT, UNSERVED_GWH, LOSS, *losses)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios that are not withdrawals."""
        return tuple(each.name for each in self.sets.scenarios[: self.own_scenarios])

    @cached_property
    def price(self) -> Value:
        """Willingness to pay for electricity."""
        return appraisal_value(self.sets.baseline_case, ELECTRICITY_PRICE)

    def screen(self) -> None:
        """Run every project alone in every scenario, and every pair that one engine sees in the reference."""
        seen = self.sets.seen
        states = [
            State(engine, built, k)
            for engine in ENGINES
            for k in range(len(self.sets.scenarios))
            for built in self._screened(seen[engine], k)
        ]
        tables = self.sets.results(states)
        vectors = {state: self._vector(state, table) for state, table in tables.items()}
        for engine in ENGINES:
            shown = tuple(sorted(seen[engine]))
            for k in range(len(self.sets.scenarios)):
                results = {s.built: v for s, v in vectors.items() if (s.engine, s.scenario) == (engine, k)}
                model = SecondOrder.fit(shown, results)
                if k:
                    model.pairs = self.models[engine, 0].pairs
                self.models[engine, k] = model

    def _screened(self, seen: Built, scenario: int) -> list[Built]:
        singles = [frozenset({i}) for i in sorted(seen)]
        pairs = [a | b for k, a in enumerate(singles) for b in singles[k + 1 :]] if scenario == 0 else []
        return [frozenset(), *singles, *pairs]

    def verify(self, sets: Sequence[Built]) -> None:
        """Run sets of projects in full in every scenario; from now on their values are the models'."""
        new = [built for built in dict.fromkeys(sets) if built not in self.verified]
        states = [
            State(engine, built & self.sets.seen[engine], k)
            for built in new
            for engine in ENGINES
            for k in range(len(self.sets.scenarios))
        ]
        for state, table in self.sets.results(states).items():
            self.models[state.engine, state.scenario].known[state.built] = self._vector(state, table)
        self.verified += new

    def _vector(self, state: State, table: pd.DataFrame) -> Floats:
        return results_of(state.engine, table, self.loaded.homes, self.price)

    def __call__(self, choices: Choices, scenarios: Sequence[int]) -> Floats:
        """Value portfolios (N, n) in scenarios: (N, len(scenarios), M)."""
        built, annuity = choices > 0, self._of_option(choices, "annuity")
        for engine in ENGINES:
            count = self.counts.setdefault(engine, Count())
            count.requested += len(choices) * len(scenarios)
            count.run = self.sets.runs_of(engine)
        losses = self._losses(choices, built)
        out = np.empty((len(choices), len(scenarios), len(self.measures)))
        costs = {end: self._of_option(choices, name).sum(axis=1) for end, name in
                 ((BENEFIT, "npv"), (LOW, "npv_low"), (HIGH, "npv_high"))}  # fmt: skip
        for place, scenario in enumerate(scenarios):
            paid = self._changes(scenario, built, annuity)
            level = self._changes(scenario, built, built.astype(np.float64))
            ends = np.stack([paid[:, end] + costs[end] for end in (BENEFIT, LOW, HIGH)], axis=1)
            out[:, place, 0] = ends[:, 0]
            out[:, place, 1], out[:, place, 2] = ends.min(axis=1), ends.max(axis=1)
            out[:, place, 3], out[:, place, 4] = level[:, CO2], level[:, UNSERVED]
            out[:, place, 5], out[:, place, 6:] = losses.max(axis=1), losses
        return out

    def quadratic_npv(self) -> tuple[Floats, dict[tuple[int, int], float]]:
        """Return the net present value in the reference scenario to second order, for an upper bound.

        Returns:
            Value of each option alone, (K,), in the order of projects and options; and the interaction of
            each pair, with the present value of a yearly 1 at the options that make it largest.
        """
        annuities = [[each.annuity for each in options] for options in self.money]
        yearly = np.zeros(len(self.money))
        pairs: dict[tuple[int, int], float] = {}
        for engine in ENGINES:
            model = self.models[engine, 0]
            yearly[list(model.seen)] += model.singles[:, BENEFIT]
            for (i, j), extra in model.pairs.items():
                value = float(extra[BENEFIT])
                end = max if value > 0.0 else min
                weight = min(end(annuities[i]), end(annuities[j]))
                pairs[i, j] = pairs.get((i, j), 0.0) + weight * value
        single = [each.npv + each.annuity * yearly[i] for i, row in enumerate(self.money) for each in row]
        return np.array(single), pairs

    def _losses(self, choices: Choices, built: Bools) -> Floats:
        """Compute the loss by each partner's withdrawal, % of GDP, (N, partners).

        ``L_p(x) = L_p(∅) + [Δ_ref(S) − Δ_p(S) + K_p(x)] / GDP`` with Δ the change of income by the
        projects with the partner and without it, and K the loss of its finance.
        """
        ones = built.astype(np.float64)
        with_all = self._changes(0, built, ones)[:, INCOME]
        columns = []
        for p, partner in enumerate(self.base_losses):
            without = self._changes(self.own_scenarios + p, built, ones)[:, INCOME]
            capital = self._capital(choices, partner)
            columns.append(self.base_losses[partner] + 100.0 * (with_all - without + capital) / self.gdp_musd)
        return np.stack(columns, axis=1)

    def _changes(self, scenario: int, built: Bools, weights: Floats) -> Floats:
        """Sum the weighted changes of both engines in a scenario, (N, R)."""
        goods, power = (self.models[engine, scenario].changes(built, weights) for engine in ENGINES)
        return np.asarray(goods + power)

    def _capital(self, choices: Choices, partner: str) -> Floats:
        table = [[0.0, *(each.losses[partner] for each in options)] for options in self.money]
        return np.asarray(self._gather(choices, table).sum(axis=1))

    def _of_option(self, choices: Choices, name: str) -> Floats:
        return self._gather(choices, [[0.0, *(getattr(each, name) for each in row)] for row in self.money])

    @staticmethod
    def _gather(choices: Choices, table: Sequence[Sequence[float]]) -> Floats:
        """Return the value of each project's option, 0 if it is not built, (N, n)."""
        width = max(map(len, table))
        padded = np.array([[*row, *[0.0] * (width - len(row))] for row in table])
        return np.asarray(np.take_along_axis(padded[None], choices[..., None].astype(np.intp), 2)[..., 0])
