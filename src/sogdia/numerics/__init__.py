"""Array mathematics that engines share, without the words of any of their fields."""

from sogdia.errors import NotConvergedError
from sogdia.numerics.convergence import Convergence, Step

__all__ = ["Convergence", "NotConvergedError", "Step"]
