"""Freight, trade and power of one case, solved to a joint result."""

from sogdia.coupling.baseline import CoupledBaseline, baseline_case, make_baseline
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.settings import CouplingSettings
from sogdia.coupling.solve import couple

__all__ = ["CoupledBaseline", "CoupledResult", "CouplingSettings", "baseline_case", "couple", "make_baseline"]
