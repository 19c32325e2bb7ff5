"""The equilibrium found another way: Caliendo & Parro's equations as they stand, and SciPy's root finder."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import root

from sogdia.trade import Baseline, Change, TradeSettings, solve

from .worlds import TIGHT, random_change, random_world

Floats = npt.NDArray[np.float64]


def slow(baseline: Baseline, change: Change, *, keep: float) -> dict[str, Floats]:
    """Wages, prices and real spending; ``keep`` of imbalances stay, counted in the world's value added."""
    sectors, size = baseline.output.shape
    tariff = baseline.tariff if change.tariff is None else change.tariff
    made = np.ones((sectors, size)) if change.productivity is None else change.productivity
    inputs = np.zeros((size, sectors, sectors)) if baseline.inputs is None else baseline.inputs
    kappa = change.cost_hat * (1.0 + tariff) / (1.0 + baseline.tariff)
    alpha = baseline.final / baseline.income
    theta, labour = baseline.theta[:, None], baseline.value_added

    def parts(wage: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        price = np.ones((sectors, size))
        for _ in range(3000):
            cost = wage**baseline.labour_share * np.exp(np.einsum("isk,si->ki", inputs, np.log(price))) / made
            pull = baseline.share * (cost[:, :, None] * kappa) ** -theta[:, :, None]
            new = pull.sum(axis=1) ** (-1.0 / theta)
            moved = np.abs(new - price).max()
            price = new
            if moved < 1e-15:
                break
        share = pull * price[:, None, :] ** theta[:, :, None]
        net = share / (1.0 + tariff)
        # Spending E is linear: E = α (wV + D + Σ t net E) + Σ γ Σ net E.
        matrix = np.eye(sectors * size).reshape(sectors, size, sectors, size)
        for j in range(size):
            taxed = (net * tariff)[:, :, j].sum(axis=1)
            matrix[:, j, :, j] -= np.outer(alpha[:, j], taxed)
            for k in range(sectors):
                matrix[:, j, k, :] -= np.outer(inputs[j][:, k], net[k, j, :])
        right = alpha * (wage * labour + keep * baseline.imbalance)
        spend = np.linalg.solve(matrix.reshape(sectors * size, -1), right.ravel()).reshape(sectors, size)
        flow = net * spend[:, None, :]
        income = wage * labour + keep * baseline.imbalance + (flow * tariff).sum(axis=(0, 1))
        return price, flow, income, (baseline.labour_share * flow.sum(axis=2)).sum(axis=0)

    def excess(log_wage: Floats) -> Floats:
        wage = np.exp(log_wage)
        over = parts(wage)[3] / (wage * labour) - 1.0
        return np.append(over[:-1], (wage * labour).sum() / labour.sum() - 1.0)

    found = root(excess, np.zeros(size), method="hybr", tol=1e-13)
    assert np.abs(found.fun).max() < 1e-10
    wage = np.exp(found.x)
    price, flow, income, _ = parts(wage)
    index = np.exp((alpha * np.log(price)).sum(axis=0))
    return {"wage": wage, "price": price, "flow": flow, "welfare": income / baseline.income / index}


def taxes(seed: int, baseline: Baseline) -> Floats:
    tariff = np.random.default_rng(seed).uniform(0.0, 0.4, baseline.flow.shape)
    ends = np.arange(len(baseline.economies))
    tariff[:, ends, ends] = 0.0
    return tariff


@pytest.mark.parametrize("keep", [1.0, 0.0])
@pytest.mark.parametrize(("seed", "chained", "taxed"), [(1, True, True), (2, True, False), (3, False, True)])
def test_the_same_equilibrium(seed: int, chained: bool, taxed: bool, keep: float) -> None:
    baseline = random_world(seed, sectors=3, size=5, chained=chained, taxed=taxed, empty=0.1, spread=0.5)
    shock = random_change(seed, baseline, spread=0.2)
    change = Change(shock.cost_hat, taxes(seed, baseline) if taxed else None, shock.productivity)
    rule = TIGHT if keep else TradeSettings(imbalance="zero", tolerance=1e-13)
    result, other = solve(baseline, change, rule), slow(baseline, change, keep=keep)
    assert result.report().loc[lambda rows: rows["rule"] == "imbalance"].empty
    assert result.wage_hat == pytest.approx(other["wage"], rel=1e-9)
    assert result.price_hat == pytest.approx(other["price"], rel=1e-9)
    assert result.welfare_hat == pytest.approx(other["welfare"], rel=1e-9)
    assert result.flow == pytest.approx(other["flow"], rel=1e-8, abs=1e-12)
