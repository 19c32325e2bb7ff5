"""Random worlds and random tables: every solution meets its budgets, every table is read or rejected."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.errors import FaultsError
from sogdia.trade import Baseline, Change, TradeSettings, solve

from .worlds import assert_budgets_hold, frame_of, random_change, random_world, thetas_of

SEEDS = st.integers(0, 2**31)
CELLS = st.one_of(
    st.sampled_from(["A", "B", "C", "", "*", "all", None]),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=3),
)
NUMBERS = st.one_of(st.floats(min_value=0.0, max_value=1e6), CELLS)


@settings(max_examples=60)
@given(
    seed=SEEDS,
    sectors=st.integers(1, 4),
    size=st.integers(2, 9),
    with_inputs=st.booleans(),
    with_tariffs=st.booleans(),
    spread=st.floats(0.2, 2.0),
    shock=st.floats(0.0, 1.5),
    cut=st.floats(0.0, 0.9),
    rule=st.sampled_from(["additive", "multiplicative", "zero"]),
)
def test_every_random_world_has_a_consistent_solution(
    seed: int,
    sectors: int,
    size: int,
    *,
    with_inputs: bool,
    with_tariffs: bool,
    spread: float,
    shock: float,
    cut: float,
    rule: str,
) -> None:
    baseline = random_world(
        seed, sectors, size, with_inputs=with_inputs, with_tariffs=with_tariffs, spread=spread
    )
    change = random_change(seed, baseline, spread=shock, cut=cut)
    result = solve(baseline, change, TradeSettings.model_validate({"imbalance": rule}))
    assert_budgets_hold(result)
    assert (result.flow[baseline.flow == 0.0] == 0.0).all() or result.is_unsupplied.any()
    labour = (baseline.value_added_share * result.flow.sum(axis=2)).sum(axis=0)
    assert np.allclose(labour, baseline.value_added * result.wage_hat, rtol=1e-8)
    ends = np.arange(size)
    is_cut = np.isinf(change.cost_hat)
    is_cut[:, ends, ends] = False
    assert (result.flow[is_cut] == 0.0).all()


@settings(max_examples=30)
@given(seed=SEEDS, factor=st.floats(1.0, 3.0))
def test_costlier_trade_does_not_raise_income_of_a_balanced_world(seed: int, factor: float) -> None:
    start = random_world(seed, 2, 4)
    baseline = solve(start, Change.none(start), TradeSettings(imbalance="zero")).to_baseline()
    cost = np.full(baseline.flow.shape, factor)
    ends = np.arange(4)
    cost[:, ends, ends] = 1.0
    result = solve(baseline, Change(cost))
    # An economy may gain from costlier trade of others; the world, weighted by income, does not.
    gain = np.log(result.welfare_hat) @ baseline.final_expenditure / baseline.final_expenditure.sum()
    assert gain <= 1e-9


@given(seed=SEEDS)
def test_written_flows_are_read_unchanged(seed: int) -> None:
    baseline = random_world(seed)
    again = Baseline.from_frames(frame_of(baseline), thetas_of(baseline))
    assert np.array_equal(again.flow, baseline.flow)
    assert again.economies == baseline.economies


@given(rows=st.lists(st.tuples(CELLS, CELLS, NUMBERS), max_size=8))
def test_arbitrary_flows_are_read_or_rejected_with_faults(rows: list[tuple[object, ...]]) -> None:
    table = pd.DataFrame(rows, columns=["exporter", "importer", "value"])
    try:
        baseline = Baseline.from_frames(table, 4.0)
    except FaultsError:
        return
    assert (baseline.output.sum(axis=0) > 0.0).all()
    assert np.isfinite(baseline.flow).all()


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, NUMBERS), max_size=6))
def test_arbitrary_change_is_read_or_rejected_with_faults(rows: list[tuple[object, ...]]) -> None:
    flow = np.array([[[9.0, 1.0], [1.0, 9.0]]])
    baseline = Baseline.from_arrays(("A", "B"), ("C",), flow, np.array([4.0]))
    table = pd.DataFrame(rows, columns=["exporter", "importer", "sector", "factor"])
    try:
        change = Change.from_frames(baseline, table)
    except FaultsError:
        return
    assert (change.cost_hat > 0.0).all()
