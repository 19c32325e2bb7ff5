"""Made-up worlds: two economies that a pencil can solve, and random ones of any size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.trade import Baseline, Change, TradeSettings

Floats = npt.NDArray[np.float64]
TIGHT = TradeSettings(tolerance=1e-13)


def two(home: float = 80.0, trade: float = 20.0) -> pd.DataFrame:
    """Two economies alike in all."""
    rows = [("A", "A", home), ("A", "B", trade), ("B", "A", trade), ("B", "B", home)]
    return pd.DataFrame(rows, columns=["exporter", "importer", "value"])


def random_world(
    seed: int,
    sectors: int = 3,
    size: int = 6,
    *,
    chained: bool = False,
    taxed: bool = False,
    empty: float = 0.2,
    spread: float = 1.0,
) -> Baseline:
    """A random world; inputs and tariffs where asked for, cells without trade, goods not made at home."""
    rng = np.random.default_rng(seed)
    mass = np.exp(rng.normal(0.0, spread, size))
    flow = np.exp(rng.normal(0.0, spread, (sectors, size, size))) * mass[:, None] * mass * 0.3 / mass.sum()
    flow *= rng.random(flow.shape) >= empty
    ends = np.arange(size)
    flow[:, ends, ends] = mass * np.exp(rng.normal(0.0, 0.3, (sectors, size)))
    if sectors > 1:
        flow[-1, ends[0], ends[0]] = 0.0
    tariff = np.zeros_like(flow)
    if taxed:
        tariff = rng.uniform(0.0, 0.3, flow.shape)
        tariff[:, ends, ends] = 0.0
    share, inputs = None, None
    if chained:
        share, inputs = random_inputs(rng, flow * (1.0 + tariff), flow)
    names = tuple(f"e{i:02}" for i in range(size))
    return Baseline.from_arrays(
        names,
        tuple(f"s{k:02}" for k in range(sectors)),
        flow,
        rng.uniform(2.0, 8.0, sectors),
        tariff,
        share,
        inputs,
    )


def random_inputs(rng: np.random.Generator, paid: Floats, flow: Floats) -> tuple[Floats, Floats]:
    """Shares of inputs that never use more than half of what is bought of any good."""
    sectors, size = flow.shape[:2]
    inputs = rng.uniform(0.1, 1.0, (size, sectors, sectors))
    inputs *= rng.uniform(0.3, 0.7, (size, 1, sectors)) / inputs.sum(axis=1, keepdims=True)
    used = np.einsum("isk,ki->si", inputs, flow.sum(axis=2))
    most = 0.5 * paid.sum(axis=1) / used
    inputs *= np.minimum(1.0, most.min(axis=0))[:, None, None]
    return 1.0 - inputs.sum(axis=1).T, inputs


def random_change(seed: int, baseline: Baseline, spread: float = 0.3, cut: float = 0.0) -> Change:
    """Random costs and productivity; a part of the cells between economies is cut off."""
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(0.0, spread, baseline.flow.shape))
    cost[rng.random(cost.shape) < cut] = np.inf
    ends = np.arange(len(baseline.economies))
    cost[:, ends, ends] = 1.0
    return Change(cost, None, np.exp(rng.normal(0.0, spread / 3.0, baseline.output.shape)))


def frame_of(baseline: Baseline) -> pd.DataFrame:
    """The flows of a world as a tidy frame."""
    sector, exporter, importer = np.nonzero(baseline.flow)
    return pd.DataFrame(
        {
            "exporter": np.array(baseline.economies)[exporter],
            "importer": np.array(baseline.economies)[importer],
            "sector": np.array(baseline.sectors)[sector],
            "value": baseline.flow[sector, exporter, importer],
        }
    )


def thetas_of(baseline: Baseline) -> dict[str, float]:
    """The elasticities of a world by sector."""
    return dict(zip(baseline.sectors, baseline.theta.tolist(), strict=True))
