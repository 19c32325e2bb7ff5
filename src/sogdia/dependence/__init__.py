"""Dependence on partners: exposure, withdrawal losses by channel, coalitions and Shapley values.

The package can be called: ``sogdia.dependence(region, ...)`` is :func:`sogdia.run_dependence`.
"""

import sys
from types import ModuleType
from typing import Any

import sogdia
from sogdia.dependence.concentration import (
    EuIndicators,
    TheilBlocs,
    asymmetry,
    autarky_loss,
    ces_removal_log_loss,
    concentration_ratio,
    effective_number,
    eu_indicators,
    hhi,
    hhi_normalised,
    hirschman_1945,
    shares_of,
    theil_blocs,
    theil_entropy,
    theil_redundancy,
)
from sogdia.dependence.games import (
    Sampled,
    coalitions_in,
    interactions,
    largest_solo,
    last_in,
    permutations_of,
    pivotality,
    sampled_shapley,
    shapley,
    solo,
)
from sogdia.dependence.ranking import Ranking, ranking, scaled, share_above
from sogdia.dependence.results import DependenceResult, compare_dependence
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.solve import dependence

__all__ = [
    "DependenceResult",
    "DependenceSettings",
    "EuIndicators",
    "Ranking",
    "Sampled",
    "TheilBlocs",
    "asymmetry",
    "autarky_loss",
    "ces_removal_log_loss",
    "coalitions_in",
    "compare_dependence",
    "concentration_ratio",
    "dependence",
    "effective_number",
    "eu_indicators",
    "hhi",
    "hhi_normalised",
    "hirschman_1945",
    "interactions",
    "largest_solo",
    "last_in",
    "permutations_of",
    "pivotality",
    "ranking",
    "sampled_shapley",
    "scaled",
    "shapley",
    "share_above",
    "shares_of",
    "solo",
    "theil_blocs",
    "theil_entropy",
    "theil_redundancy",
]


class _CallablePackage(ModuleType):
    """The package as the function of the same name on the front door.

    Importing a package sets it as an attribute of its parent: ``sogdia.dependence`` cannot be both the
    package and a plain function.
    """

    def __call__(self, *args: Any, **options: Any) -> Any:
        return sogdia.run_dependence(*args, **options)


sys.modules[__name__].__class__ = _CallablePackage
