"""Portfolios: which projects, when, with which partner's money.

The package knows tables of measures and a callable evaluator, no engine. :func:`optimise` is the way in.
"""

from sogdia.portfolio.branch_bound import Bound
from sogdia.portfolio.conflicts import InfeasibleError
from sogdia.portfolio.criteria import (
    Criterion,
    cvar,
    hurwicz,
    max_regret,
    mean,
    regrets,
    satisficing,
    worst,
)
from sogdia.portfolio.evaluation import (
    AmountEvaluator,
    CachedEvaluator,
    Evaluator,
    FunctionEvaluator,
    Model,
    ModelEvaluator,
)
from sogdia.portfolio.limits import Group, Limit, Prerequisite, ResultLimit, ShareLimit, YearLimit
from sogdia.portfolio.optimise import optimise
from sogdia.portfolio.problem import Option, Problem, Project
from sogdia.portfolio.proofs import Proof
from sogdia.portfolio.results import Best, PortfolioResult
from sogdia.portfolio.settings import PortfolioSettings

__all__ = [
    "AmountEvaluator",
    "Best",
    "Bound",
    "CachedEvaluator",
    "Criterion",
    "Evaluator",
    "FunctionEvaluator",
    "Group",
    "InfeasibleError",
    "Limit",
    "Model",
    "ModelEvaluator",
    "Option",
    "PortfolioResult",
    "PortfolioSettings",
    "Prerequisite",
    "Problem",
    "Project",
    "Proof",
    "ResultLimit",
    "ShareLimit",
    "YearLimit",
    "cvar",
    "hurwicz",
    "max_regret",
    "mean",
    "optimise",
    "regrets",
    "satisficing",
    "worst",
]
