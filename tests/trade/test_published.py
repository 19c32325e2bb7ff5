"""Published results small enough to be stated as facts."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.trade import Baseline, Change, TradeSettings, solve

from .worlds import TIGHT

# European Union's enlargement as of 2000: results of Stata's ge_gravity (T. Zylkin; Baier, Yotov & Zylkin
# 2019, Journal of International Economics 116) on WIOD 2016 (Timmer et al. 2015), θ = 4, additive imbalances,
# with the other 40 economies summed to one. USD million; exporters by importers.
ECONOMIES = ("CZE", "DEU", "HUN", "POL", "rest of world")
FLOWS_2000 = [
    [109997.074, 9136.919, 407.676, 1259.574, 16982.074],
    [9340.163, 2876221.317, 7833.928, 14457.474, 554000.297],
    [318.878, 8239.981, 70654.003, 534.153, 18846.841],
    [1125.636, 14958.273, 685.557, 289397.622, 28807.505],
    [17657.190, 488730.220, 21190.266, 38829.778, 57630140.885],
]
PUBLISHED_FLOWS = [
    [106027.727, 11275.955, 487.563, 1523.234, 18889.951],
    [11393.918, 2868639.500, 9475.133, 17681.756, 555482.370],
    [382.208, 10104.758, 67097.805, 641.881, 20825.436],
    [1368.645, 18607.984, 826.463, 281910.938, 32615.011],
    [19687.564, 489478.030, 23342.703, 43075.236, 57618909.393],
]
PUBLISHED_WELFARE = [1.009982705, 1.000724912, 1.014042854, 1.006803632]
PARTIAL_EFFECT = 0.22424901
"""Effect of the agreement on log trade at unchanged wages and prices."""
THETA = 4.0


def test_enlargement_of_the_european_union_matches_ge_gravity() -> None:
    """Reproduce published welfare of four economies.

    Among the four the cost shock is the published one. Towards the aggregate of 40 economies the shock is the
    one implied by the published flows and wages. Published welfare is not an input.
    """
    before, after = np.array(FLOWS_2000), np.array(PUBLISHED_FLOWS)
    wage = after.sum(axis=1) / before.sum(axis=1)
    relative = (after / before) / (np.diag(after) / np.diag(before))
    cost = relative ** (-1.0 / THETA) / wage[:, None] * wage
    cost[:4, :4] = np.exp(-PARTIAL_EFFECT / THETA)
    np.fill_diagonal(cost, 1.0)
    baseline = Baseline.from_arrays(ECONOMIES, ("all",), before[None], np.array([THETA]))
    result = solve(baseline, Change(cost[None]), TradeSettings(imbalance="additive"))
    assert result.welfare_hat[:4] == pytest.approx(PUBLISHED_WELFARE, abs=1e-6)
    assert result.flow[0] == pytest.approx(after, rel=1e-5)


@pytest.mark.parametrize(("theta", "published_pct"), [(5.0, 1.4), (10.0, 0.7)])
def test_united_states_autarky_loss_matches_arkolakis_costinot_and_rodriguez_clare(
    theta: float, published_pct: float
) -> None:
    """Reproduce the gains from trade at an import penetration of 7 %, as in 2000 (ACR 2012, introduction)."""
    flow = np.array([[[93.0, 7.0], [7.0, 293.0]]])
    baseline = Baseline.from_arrays(("USA", "rest of world"), ("all",), flow, np.array([theta]))
    autarky = np.array([[[1.0, np.inf], [np.inf, 1.0]]])
    loss_pct = 100.0 * (1.0 - solve(baseline, Change(autarky), TIGHT).welfare_hat[0])
    assert round(loss_pct, 1) == published_pct
