"""Find the best portfolios: by enumeration, by integer programs, or by search."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sogdia.errors import InputError
from sogdia.numerics import nondominated
from sogdia.portfolio import interactions
from sogdia.portfolio.arrays import Choices, Floats
from sogdia.portfolio.assessment import Assessment, Evaluated, assess_all
from sogdia.portfolio.branch_bound import Bound, branch_and_bound
from sogdia.portfolio.conflicts import infeasible, is_feasible
from sogdia.portfolio.criteria import Criterion
from sogdia.portfolio.evaluation import CachedEvaluator, Evaluator
from sogdia.portfolio.feasible import enumerate_feasible, linear_system
from sogdia.portfolio.limits import ResultLimit
from sogdia.portfolio.linear_front import complete_front, near_optimal
from sogdia.portfolio.local_search import Archive, Found, search
from sogdia.portfolio.moves import prerequisites_closure
from sogdia.portfolio.population import population_front
from sogdia.portfolio.problem import Problem
from sogdia.portfolio.proofs import Proof
from sogdia.portfolio.regret_search import minimise_regret
from sogdia.portfolio.results import Best, PortfolioResult
from sogdia.portfolio.scores import criterion_score, score_of
from sogdia.portfolio.settings import PortfolioSettings


def optimise(
    problem: Problem,
    objectives: Sequence[Criterion],
    evaluator: Evaluator | CachedEvaluator | None = None,
    *,
    limits: Sequence[ResultLimit] = (),
    weights: Sequence[float] | None = None,
    bound: Bound | None = None,
    settings: PortfolioSettings | None = None,
) -> PortfolioResult:
    """Find the best portfolio by each objective, and the Pareto front of all.

    If the limits leave at most ``settings.enumerate_most`` portfolios, all are evaluated: every answer is
    proved. Else, if all objectives are amounts that add up, integer programs give optima and the complete
    front. Else the search is local, from many starts; with a bound, branch and bound follows it. The proof of
    each answer says which.

    Args:
        problem: Projects, options and limits on amounts.
        objectives: Criteria, kept apart; the first leads.
        evaluator: Values portfolios; ``None`` if amounts are the only measures.
        limits: Limits on results.
        weights: Weights of the scenarios, (S,); equal by default.
        bound: Upper bound of the leading objective's gain (:data:`sogdia.portfolio.Bound`).
        settings: Settings of the search.

    Returns:
        The result, frozen.

    Raises:
        InfeasibleError: If no portfolio respects all limits; it has a smallest conflicting set.
        UnknownNameError: If an objective's measure is unknown.
        InputError: If there is no objective, or weights do not match the scenarios.
    """
    chosen = settings or PortfolioSettings()
    if not objectives:
        raise InputError("there is no objective: give at least one criterion")
    system = linear_system(problem)
    cached = evaluator if isinstance(evaluator, CachedEvaluator) else CachedEvaluator(problem, evaluator)
    weight = None if weights is None else np.asarray(weights, dtype=np.float64)
    if weight is not None and (
        weight.shape != (len(cached.scenarios),) or (weight < 0).any() or not weight.sum()
    ):
        raise InputError(
            f"weights: expected {len(cached.scenarios)} numbers >= 0, one per scenario, not all 0"
        )
    assessment = Assessment(system, cached, tuple(objectives), tuple(limits), weight)
    if not is_feasible(system):
        raise infeasible(system)
    choices = enumerate_feasible(system, chosen.enumerate_most)
    if choices is not None:
        return _enumerated(assessment, choices, chosen)
    is_linear = all(each.measure in cached.additive and _is_plain(each) for each in objectives) and not limits
    return _linear(assessment, chosen) if is_linear else _searched(assessment, chosen, bound)


def _is_plain(criterion: Criterion) -> bool:
    """Return whether a criterion of an amount is the amount itself, as it is the same in every scenario."""
    return criterion.over not in ("satisficing", "max_regret")


def _enumerated(assessment: Assessment, choices: Choices, settings: PortfolioSettings) -> PortfolioResult:
    evaluated = assess_all(assessment, choices, is_complete=True)
    proof = Proof("enumeration", portfolios=evaluated.checked)
    gains = assessment.gains(evaluated.values)
    best = tuple(
        _best(assessment, k, evaluated.choices[i], float(evaluated.values[i, k]), proof)
        for k, i in enumerate(np.argmax(gains, axis=0))
    )
    return _result(assessment, settings, best, evaluated, proof, *_pairs(assessment, settings))


def _linear(assessment: Assessment, settings: PortfolioSettings) -> PortfolioResult:
    problem, system = assessment.system.problem, assessment.system
    signs = assessment.gains(np.ones((1, len(assessment.objectives))))[0]
    amounts = np.array([problem.amounts(each.measure) for each in assessment.objectives])
    front = complete_front(system, signs[:, None] * amounts)
    proof = Proof("bound", portfolios=len(front.choices), method=f"{front.programs:,} integer programs")
    evaluated = assess_all(assessment, front.choices, is_complete=False)
    gains = assessment.gains(evaluated.values)
    best = tuple(
        _best(assessment, k, evaluated.choices[i], float(evaluated.values[i, k]), proof)
        for k, i in enumerate(np.argmax(gains, axis=0))
    )
    tables = []
    for within in settings.within:
        in_all, in_none = near_optimal(system, signs[0] * amounts[0], float(gains[:, 0].max()), within)
        tables.append(
            pd.DataFrame(
                {
                    "within_pct": 100.0 * within, "project": problem.names, "in_all": in_all, "in_none":
                    in_none,
                }
            )
        )  # fmt: skip
    shares = pd.concat(tables, ignore_index=True)
    return _result(
        assessment, settings, best, evaluated, proof, *_pairs(assessment, settings), projects=shares
    )


def _searched(assessment: Assessment, settings: PortfolioSettings, bound: Bound | None) -> PortfolioResult:
    system, problem = assessment.system, assessment.system.problem
    singles, pairs = _pairs(assessment, settings)
    bundles = tuple(
        dict.fromkeys([*prerequisites_closure(problem), *interactions.bundles_from(pairs, problem)])
    )
    seeds = assessment.evaluator.seen()
    seeds = seeds[system.feasible(seeds)]
    found: list[Found] = []
    extra = [np.empty((0, len(problem.projects)), dtype=np.int16)]
    if settings.generations:
        extra.append(_population(assessment, settings, seeds))
        seeds = np.vstack([seeds, extra[-1]])
    for k, criterion in enumerate(assessment.objectives):
        if criterion.over == "max_regret":
            regret = minimise_regret(assessment, criterion, settings, seeds)
            found.append(regret.found)
            extra.append(regret.candidates)
            continue
        archive = Archive(criterion_score(assessment, criterion))
        one = search(system, archive, settings, seeds, bundles)
        if not np.isfinite(one.gain):
            raise InputError(
                "the search found no portfolio that respects the limits on results: "
                + ", ".join(limit.label for limit in assessment.limits)
                + "; loosen one, or raise evaluations or starts"
            )
        if bound is not None and k == 0:
            one = branch_and_bound(system, archive, bound, one, settings)
        found.append(one)
        known, gains = archive.table()
        retained = len(gains) if len(assessment.scenarios) == 1 else settings.retained
        extra.append(known[np.argsort(-gains, kind="stable")[:retained]])
    rows = np.unique(np.vstack([*extra, [one.choice for one in found]]).astype(np.int16), axis=0)
    evaluated = assess_all(assessment, rows[system.feasible(rows)], is_complete=False)
    best = tuple(_best_of(assessment, k, one, evaluated) for k, one in enumerate(found))
    proof = Proof("search", portfolios=len(evaluated.choices))
    return _result(assessment, settings, best, evaluated, proof, singles, pairs)


def _best_of(assessment: Assessment, k: int, found: Found, evaluated: Evaluated) -> Best:
    """Return the best evaluated portfolio by an objective, which the search for another may have found."""
    gains = assessment.gains(evaluated.values)[:, k]
    i = int(np.argmax(gains))
    at = np.flatnonzero((evaluated.choices == found.choice).all(axis=1))
    if len(at) and gains[at[0]] >= gains[i] - 1e-9 * max(1.0, abs(gains[i])):
        i = int(at[0])
    return _best(assessment, k, evaluated.choices[i], float(evaluated.values[i, k]), found.proof)


def _population(assessment: Assessment, settings: PortfolioSettings, seeds: Choices) -> Choices:
    """Search for the front of the objectives that need no regret, which needs all scenarios' best values."""
    plain = [each for each in assessment.objectives if each.over != "max_regret"]
    if not plain:
        return np.empty((0, seeds.shape[1]), dtype=np.int16)

    def gains(choices: Choices) -> Floats:
        values = assessment.evaluator.values(choices, assessment.scenarios)
        table = np.stack([each.gain(assessment.value(each, values)) for each in plain], axis=1)
        return np.asarray(table)

    def limited(choices: Choices) -> Floats:
        out = np.full((len(choices), len(plain)), -np.inf)
        allowed = np.isfinite(score_of(assessment, lambda rows: np.zeros(len(rows)))(choices))
        if allowed.any():
            out[allowed] = gains(choices[allowed])
        return out

    start = seeds[: settings.population] if len(seeds) else np.zeros((1, seeds.shape[1]), dtype=np.int16)
    return population_front(assessment.system, limited, len(plain), settings, start)


def _pairs(assessment: Assessment, settings: PortfolioSettings) -> tuple[pd.DataFrame, pd.DataFrame]:
    lead = assessment.objectives[0]
    single = interactions.singles(assessment, lead)
    if not settings.pairs:
        return single, pd.DataFrame(columns=list(interactions.PAIRS))
    return single, interactions.pairs(assessment, lead)


def _best(assessment: Assessment, k: int, choice: Choices, value: float, proof: Proof) -> Best:
    problem = assessment.system.problem
    label = assessment.objectives[k].label
    return Best(label, choice, value, proof, problem.decode(choice), problem.describe(choice))


def _result(
    assessment: Assessment,
    settings: PortfolioSettings,
    best: tuple[Best, ...],
    evaluated: Evaluated,
    front_proof: Proof,
    singles: pd.DataFrame,
    pairs: pd.DataFrame,
    projects: pd.DataFrame | None = None,
) -> PortfolioResult:
    gains = assessment.gains(evaluated.values)
    front = np.flatnonzero(nondominated(gains))
    front = front[np.lexsort(-gains[front].T[::-1])]
    return PortfolioResult(
        assessment, best, evaluated.choices, evaluated.values, front, front_proof, settings.within, pairs,
        singles, projects,
    )  # fmt: skip
