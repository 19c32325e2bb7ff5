"""The equilibrium of Caliendo & Parro's equations as published, by SciPy's root finder."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import root

from sogdia.trade import Baseline, Change, TradeSettings, solve

from .worlds import TIGHT, random_change, random_world

Floats = npt.NDArray[np.float64]


def solve_by_root_finder(baseline: Baseline, change: Change, *, scale: float) -> dict[str, Floats]:
    """Return wages, prices, flows and real expenditure; imbalances are multiplied by ``scale``."""
    sectors, size = baseline.output.shape
    tariff = baseline.tariff if change.tariff is None else change.tariff
    productivity = np.ones((sectors, size)) if change.productivity is None else change.productivity
    inputs = np.zeros((size, sectors, sectors)) if baseline.input_share is None else baseline.input_share
    kappa = change.cost_hat * (1.0 + tariff) / (1.0 + baseline.tariff)
    alpha = baseline.final_demand / baseline.final_expenditure
    theta, labour = baseline.theta[:, None], baseline.value_added

    def equilibrium_at(wage: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        price = np.ones((sectors, size))
        for _ in range(3000):
            cost = (
                wage**baseline.value_added_share
                * np.exp(np.einsum("isk,si->ki", inputs, np.log(price)))
                / productivity
            )
            pull = baseline.share * (cost[:, :, None] * kappa) ** -theta[:, :, None]
            new = pull.sum(axis=1) ** (-1.0 / theta)
            moved = np.abs(new - price).max()
            price = new
            if moved < 1e-15:
                break
        share = pull * price[:, None, :] ** theta[:, :, None]
        net = share / (1.0 + tariff)
        # Expenditure E is linear: E = α (wV + D + Σ t net E) + Σ γ Σ net E.
        matrix = np.eye(sectors * size).reshape(sectors, size, sectors, size)
        for j in range(size):
            with_tariffs = (net * tariff)[:, :, j].sum(axis=1)
            matrix[:, j, :, j] -= np.outer(alpha[:, j], with_tariffs)
            for k in range(sectors):
                matrix[:, j, k, :] -= np.outer(inputs[j][:, k], net[k, j, :])
        right = alpha * (wage * labour + scale * baseline.imbalance)
        expenditure = np.linalg.solve(matrix.reshape(sectors * size, -1), right.ravel()).reshape(
            sectors, size
        )
        flow = net * expenditure[:, None, :]
        income = wage * labour + scale * baseline.imbalance + (flow * tariff).sum(axis=(0, 1))
        return price, flow, income, (baseline.value_added_share * flow.sum(axis=2)).sum(axis=0)

    def excess(log_wage: Floats) -> Floats:
        wage = np.exp(log_wage)
        over = equilibrium_at(wage)[3] / (wage * labour) - 1.0
        return np.append(over[:-1], (wage * labour).sum() / labour.sum() - 1.0)

    solution = root(excess, np.zeros(size), method="hybr", tol=1e-13)
    assert np.abs(solution.fun).max() < 1e-10
    wage = np.exp(solution.x)
    price, flow, income, _ = equilibrium_at(wage)
    index = np.exp((alpha * np.log(price)).sum(axis=0))
    return {
        "wage": wage,
        "price": price,
        "flow": flow,
        "welfare": income / baseline.final_expenditure / index,
    }


def random_tariffs(seed: int, baseline: Baseline) -> Floats:
    tariff = np.random.default_rng(seed).uniform(0.0, 0.4, baseline.flow.shape)
    ends = np.arange(len(baseline.economies))
    tariff[:, ends, ends] = 0.0
    return tariff


@pytest.mark.parametrize("scale", [1.0, 0.0])
@pytest.mark.parametrize(
    ("seed", "with_inputs", "with_tariffs"), [(1, True, True), (2, True, False), (3, False, True)]
)
def test_equilibrium_matches_the_root_finder(
    seed: int, with_inputs: bool, with_tariffs: bool, scale: float
) -> None:
    baseline = random_world(
        seed, sectors=3, size=5, with_inputs=with_inputs, with_tariffs=with_tariffs, empty=0.1, spread=0.5
    )
    shock = random_change(seed, baseline, spread=0.2)
    change = Change(
        shock.cost_hat, random_tariffs(seed, baseline) if with_tariffs else None, shock.productivity
    )
    settings = TIGHT if scale else TradeSettings(imbalance="zero", tolerance=1e-13)
    result, other = solve(baseline, change, settings), solve_by_root_finder(baseline, change, scale=scale)
    assert result.report().loc[lambda rows: rows["rule"] == "imbalance"].empty
    assert result.wage_hat == pytest.approx(other["wage"], rel=1e-9)
    assert result.price_hat == pytest.approx(other["price"], rel=1e-9)
    assert result.welfare_hat == pytest.approx(other["welfare"], rel=1e-9)
    assert result.flow == pytest.approx(other["flow"], rel=1e-8, abs=1e-12)
