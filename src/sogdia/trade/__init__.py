"""Trade: general-equilibrium gravity by exact hat algebra."""

from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.composition import COMPOSITIONS, Composition
from sogdia.trade.first import rebase
from sogdia.trade.inputs import TradeInputs, build_trade_inputs
from sogdia.trade.linear import FirstOrder, linear_response, theta_sensitivity
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings
from sogdia.trade.solve import solve, solve_many

__all__ = [
    "COMPOSITIONS",
    "Baseline",
    "Change",
    "Composition",
    "FirstOrder",
    "TradeInputs",
    "TradeResult",
    "TradeSettings",
    "build_trade_inputs",
    "linear_response",
    "rebase",
    "solve",
    "solve_many",
    "theta_sensitivity",
]
