"""Artificial world economies: two economies solvable by hand, and random ones of any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from sogdia.errors import FaultsError
from sogdia.trade import Baseline, Change, TradeResult, TradeSettings

Floats = npt.NDArray[np.float64]
TIGHT = TradeSettings(tolerance=1e-13)
FLOW_COLUMNS = ["exporter", "importer", "sector", "value"]
TWO_SECTORS = [(i, j, k, 10.0 + 5.0 * (i == j)) for i in "AB" for j in "AB" for k in ("food", "fuel")]
"""Rows of valid flows of two economies and two sectors."""


def table(rows: Sequence[tuple[object, ...]], columns: list[str]) -> pd.DataFrame:
    """Return rows as a frame."""
    return pd.DataFrame(rows, columns=columns)


def faults_of(call: Callable[[], object]) -> list[str]:
    """Return the faults that a call raises, as text."""
    with pytest.raises(FaultsError) as caught:
        call()
    return [str(fault) for fault in caught.value.faults]


def two(home: float = 80.0, trade: float = 20.0) -> pd.DataFrame:
    """Return the flows of two identical economies."""
    rows = [("A", "A", home), ("A", "B", trade), ("B", "A", trade), ("B", "B", home)]
    return pd.DataFrame(rows, columns=["exporter", "importer", "value"])


def random_world(
    seed: int,
    sectors: int = 3,
    size: int = 6,
    *,
    with_inputs: bool = False,
    with_tariffs: bool = False,
    empty: float = 0.2,
    spread: float = 1.0,
) -> Baseline:
    """Return a random world with zero flows; of several sectors, one has no home sales somewhere."""
    rng = np.random.default_rng(seed)
    mass = np.exp(rng.normal(0.0, spread, size))
    flow = np.exp(rng.normal(0.0, spread, (sectors, size, size))) * mass[:, None] * mass * 0.3 / mass.sum()
    flow *= rng.random(flow.shape) >= empty
    ends = np.arange(size)
    flow[:, ends, ends] = mass * np.exp(rng.normal(0.0, 0.3, (sectors, size)))
    if sectors > 1:
        flow[-1, ends[0], ends[0]] = 0.0
    tariff = np.zeros_like(flow)
    if with_tariffs:
        tariff = rng.uniform(0.0, 0.3, flow.shape)
        tariff[:, ends, ends] = 0.0
    share, inputs = None, None
    if with_inputs:
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
    """Return cost shares in which inputs are at most half of the purchases of any good."""
    sectors, size = flow.shape[:2]
    inputs = rng.uniform(0.1, 1.0, (size, sectors, sectors))
    inputs *= rng.uniform(0.3, 0.7, (size, 1, sectors)) / inputs.sum(axis=1, keepdims=True)
    used = np.einsum("isk,ki->si", inputs, flow.sum(axis=2))
    maximum = 0.5 * paid.sum(axis=1) / used
    inputs *= np.minimum(1.0, maximum.min(axis=0))[:, None, None]
    return 1.0 - inputs.sum(axis=1).T, inputs


def with_rents(baseline: Baseline, seed: int, part: float = 0.5, *, elastic: bool = True) -> Baseline:
    """Return a world in which a random part of the cells has a specific factor, some with elastic supply."""
    rng = np.random.default_rng(seed)
    shape = baseline.output.shape
    share = baseline.value_added_share * rng.uniform(0.1, 0.9, shape) * (rng.random(shape) < part)
    elasticity = rng.uniform(0.0, 2.0, shape) * (rng.random(shape) < 0.5)
    return replace(baseline, specific_share=share, supply_elasticity=elasticity if elastic else None)


def random_change(seed: int, baseline: Baseline, spread: float = 0.3, cut: float = 0.0) -> Change:
    """Return random shocks to costs and productivity; a share ``cut`` of foreign flows is cut off."""
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(0.0, spread, baseline.flow.shape))
    cost[rng.random(cost.shape) < cut] = np.inf
    ends = np.arange(len(baseline.economies))
    cost[:, ends, ends] = 1.0
    return Change(cost, None, np.exp(rng.normal(0.0, spread / 3.0, baseline.output.shape)))


def frame_of(baseline: Baseline) -> pd.DataFrame:
    """Return the flows of a world as a tidy frame."""
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
    """Return the elasticities of a world by sector."""
    return dict(zip(baseline.sectors, baseline.theta.tolist(), strict=True))


def assert_budgets_hold(result: TradeResult) -> None:
    """Check budget constraints and goods markets of a result from its flows alone."""
    flow = result.flow
    imports = flow.sum(axis=(0, 1)) - flow.sum(axis=(0, 2))
    assert imports == pytest.approx(result.final_expenditure - result.income, abs=1e-8 * result.income.max())
    paid = (flow * (1.0 + result.tariff)).sum(axis=1)
    assert paid == pytest.approx(result.expenditure, rel=1e-8, abs=1e-12 * paid.max())
    assert np.isfinite(result.welfare_hat).all()
    assert (result.welfare_hat > 0.0).all()
