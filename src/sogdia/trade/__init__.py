"""Trade: general-equilibrium gravity by exact hat algebra."""

from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings
from sogdia.trade.solver import solve, solve_many

__all__ = ["Baseline", "Change", "TradeResult", "TradeSettings", "solve", "solve_many"]
