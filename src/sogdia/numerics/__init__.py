"""Array mathematics that engines share, without the words of any of their fields."""

from sogdia.numerics.convergence import Convergence, NotConvergedError, Step

__all__ = ["Convergence", "NotConvergedError", "Step"]
