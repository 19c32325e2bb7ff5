"""Trade: general-equilibrium gravity by exact hat algebra."""

from sogdia.trade.baseline import Baseline
from sogdia.trade.batch import Batch, read_changes, solve_batch
from sogdia.trade.change import Change
from sogdia.trade.composition import COMPOSITIONS, HORIZONS, Composition, Horizon
from sogdia.trade.conditional import ConditionalResult, solve_conditional
from sogdia.trade.estimation import GravityEstimate, estimate_gravity
from sogdia.trade.first import rebase
from sogdia.trade.gravity import GravityFit, fit_flows
from sogdia.trade.inputs import TradeInputs, build_trade_inputs
from sogdia.trade.linear import FirstOrder, linear_response, theta_sensitivity
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings
from sogdia.trade.solve import solve, solve_many
from sogdia.trade.welfare import decompose_welfare

__all__ = [
    "COMPOSITIONS",
    "HORIZONS",
    "Baseline",
    "Batch",
    "Change",
    "Composition",
    "ConditionalResult",
    "FirstOrder",
    "GravityEstimate",
    "GravityFit",
    "Horizon",
    "TradeInputs",
    "TradeResult",
    "TradeSettings",
    "build_trade_inputs",
    "decompose_welfare",
    "estimate_gravity",
    "fit_flows",
    "linear_response",
    "read_changes",
    "rebase",
    "solve",
    "solve_batch",
    "solve_conditional",
    "solve_many",
    "theta_sensitivity",
]
