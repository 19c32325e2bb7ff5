"""Studies: cases run through the engines, freight coupled with trade and with power."""

from sogdia.study.base import Base, base_case, make_base
from sogdia.study.coupling import couple
from sogdia.study.results import StudyResult
from sogdia.study.settings import StudySettings

__all__ = ["Base", "StudyResult", "StudySettings", "base_case", "couple", "make_base"]
