"""The equations of the model with all factors, as the documentation states them, for SciPy's root finder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import root

from sogdia.trade import Baseline, Change
from sogdia.trade.wedges import Wedges

from .worlds import random_change, random_world, with_rents

Floats = npt.NDArray[np.float64]


def everything(seed: int, *, with_inputs: bool) -> tuple[Baseline, Change]:
    """Return a world with rents, tariffs and named transfers, and a change of all that may change."""
    rng = np.random.default_rng(seed)
    world = with_rents(
        random_world(seed, 3, 5, with_inputs=with_inputs, with_tariffs=True, empty=0.1, spread=0.5), seed
    )
    size = len(world.economies)
    transfers = rng.uniform(0.0, 0.02, (size, size)) * world.value_added.min() * ~np.eye(size, dtype=bool)
    world = replace(world, transfers=transfers)
    shock = random_change(seed, world, spread=0.1)
    tariff = rng.uniform(0.0, 0.4, world.flow.shape)
    tariff[:, range(size), range(size)] = 0.0
    k, i, j = np.nonzero((world.flow > 0.0) & ~np.eye(size, dtype=bool))
    chosen = rng.permutation(k.size)[:8]
    cells = [part[np.append(chosen, chosen[:2])] for part in (k, i, j)]
    owner, rate = rng.integers(0, size, 10), rng.uniform(0.0, 0.5, 10)
    wedges = Wedges(cells[0], cells[1], cells[2], owner, rate)
    labour = rng.uniform(0.8, 1.2, size)
    return world, Change(shock.cost_hat, tariff, shock.productivity, labour, wedges, 1.5 * transfers)


def equilibrium_by_root_finder(world: Baseline, change: Change, *, is_additive: bool) -> dict[str, Floats]:
    """Solve all equations jointly; the wage of the first economy is 1.

    The unknowns are log wages, log rents, log prices and expenditure. Imbalances are those of the base year
    over value added of the world, or named transfers alone.
    """
    sectors, size = world.output.shape
    assert change.tariff is not None
    assert change.productivity is not None
    assert change.labour is not None
    assert change.wedges is not None
    assert change.transfers is not None
    tariff, productivity, labour, wedges = change.tariff, change.productivity, change.labour, change.wedges
    omega = wedges.total(tariff.shape)
    kappa = change.cost_hat * (1.0 + omega) * (1.0 + tariff) / (1.0 + world.tariff)
    inputs = np.zeros((size, sectors, sectors)) if world.input_share is None else world.input_share
    alpha = world.final_demand / world.final_expenditure
    theta = world.theta[:, None]
    has_rent = world.rent > 0.0
    share_r = np.zeros_like(world.output) if world.specific_share is None else world.specific_share
    eta = np.zeros_like(world.output) if world.supply_elasticity is None else world.supply_elasticity
    named = change.transfers.sum(axis=0) - change.transfers.sum(axis=1)
    rest = world.imbalance - world.named_transfers if is_additive else np.zeros(size)

    def variables(x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        parts = np.split(x, np.cumsum([size, int(has_rent.sum()), sectors * size]))
        rent = np.ones((sectors, size))
        rent[has_rent] = np.exp(parts[1])
        price = np.exp(parts[2].reshape(sectors, size))
        return np.exp(parts[0]), rent, price, parts[3].reshape(sectors, size)

    def model(x: Floats) -> tuple[Floats, dict[str, Floats]]:
        wage, rent, price, expenditure = variables(x)
        bundle = np.exp(np.einsum("isk,si->ki", inputs, np.log(price)))
        cost = wage**world.labour_share * rent ** np.where(has_rent, share_r, 0.0) * bundle / productivity
        pull = world.share * (cost[:, :, None] * kappa) ** -theta[:, :, None]
        share = pull * price[:, None, :] ** theta[:, :, None]
        flow = share * expenditure[:, None, :] / ((1.0 + tariff) * (1.0 + omega))
        output = flow.sum(axis=2)
        index = np.exp((alpha * np.log(price)).sum(axis=0))
        supply = np.where(has_rent, (rent / index) ** eta, 0.0)
        revenue = (tariff * (1.0 + omega) * flow).sum(axis=(0, 1))
        owned = np.zeros(size)
        for k, i, j, o, rate in zip(
            wedges.sector, wedges.exporter, wedges.importer, wedges.owner, wedges.rate, strict=True
        ):
            owned[o] += rate * flow[k, i, j]
        factors = wage * labour * world.labour_income + (rent * supply * world.rent).sum(axis=0)
        level = factors.sum() / world.value_added.sum()
        income = factors + revenue + owned + level * (rest + named)
        used = np.einsum("isk,ki->si", inputs, output)
        work = (world.labour_share * output).sum(axis=0) / (labour * world.labour_income) / wage - 1.0
        demand = np.divide(output, world.output, out=np.ones_like(output), where=has_rent)
        residuals = [
            np.append(work[1:], np.log(wage[0])),
            (demand / np.where(has_rent, rent * supply, 1.0) - 1.0)[has_rent],
            (pull.sum(axis=1) * price**theta - 1.0).ravel(),
            (expenditure - alpha * income - used).ravel() / world.expenditure.sum(),
        ]
        return np.concatenate(residuals), {
            "wage": wage, "rent": rent, "price": price, "flow": flow, "income": income,
        }  # fmt: skip

    def residuals_at(x: Floats) -> Floats:
        return model(x)[0]

    start = np.zeros(size + int(has_rent.sum()) + sectors * size)
    solution = root(residuals_at, np.append(start, world.expenditure.ravel()), tol=1e-13)
    residuals, found = model(solution.x)
    assert np.abs(residuals).max() < 1e-10
    return found
