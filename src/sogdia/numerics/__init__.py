"""Array mathematics shared by the engines, without terms of any of their fields."""

from sogdia.errors import NotConvergedError
from sogdia.numerics.anderson import AndersonMixing
from sogdia.numerics.convergence import Convergence, Step
from sogdia.numerics.pareto import nondominated

__all__ = ["AndersonMixing", "Convergence", "NotConvergedError", "Step", "nondominated"]
