"""Studies: cases run through the engines, freight coupled with trade and with power."""

from sogdia.study.base import Base, base_case, make_base
from sogdia.study.coalitions_dependence import dependence
from sogdia.study.coalitions_result import DependenceResult, compare_dependence
from sogdia.study.coalitions_settings import DependenceSettings
from sogdia.study.coupling import couple
from sogdia.study.results import StudyResult
from sogdia.study.settings import StudySettings

__all__ = [
    "Base",
    "DependenceResult",
    "DependenceSettings",
    "StudyResult",
    "StudySettings",
    "base_case",
    "compare_dependence",
    "couple",
    "dependence",
    "make_base",
]
