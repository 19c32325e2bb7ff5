"""Prepare a counterfactual: arrays for the solver, and the rules for trade that is cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.kernels.equilibrium import ADDITIVE, MULTIPLICATIVE, ZERO, World
from sogdia.trade.settings import TradeSettings

RULES = {"additive": ADDITIVE, "multiplicative": MULTIPLICATIVE, "zero": ZERO}
_NO_INPUTS = np.zeros((0, 0, 0))


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """A counterfactual, ready to be solved.

    Attributes:
        world: Parameters of the solver.
        tariff: Counterfactual tariffs as a share of value, (S, N, N).
        cut: Flows that the change cuts off, (S, N, N).
        unreciprocated: Further flows that end because no return flow is left to pay for them, (S, N, N).
    """

    world: World
    tariff: Floats
    cut: Bools
    unreciprocated: Bools


def prepare(baseline: Baseline, change: Change, settings: TradeSettings) -> Counterfactual:
    """Prepare the arrays of a counterfactual.

    A flow is cut off where ``κ̂^−θ``, with ``κ̂ = τ̂ (1 + t') / (1 + t)``, is at most ``cut_below``.
    Economies that traded with each other in both directions, directly or through others, and no longer can,
    end the remaining one-way trade: no exports would pay for it. Economies that still trade form a group,
    within which imbalances sum to zero.

    Raises:
        InputError: If the change does not fit the baseline.
    """
    change.check(baseline)
    tariff = baseline.tariff if change.tariff is None else change.tariff
    has_tariffs = bool(tariff.any())
    cost = change.cost_hat
    if has_tariffs or baseline.tariff.any():
        cost = cost * ((1.0 + tariff) / (1.0 + baseline.tariff))
    factor = cost ** -baseline.theta[:, None, None]
    share = baseline.share
    is_traded = share > 0.0
    cut = is_traded & (factor <= settings.cut_below)
    weight = np.where(cut | ~is_traded, 0.0, share * factor)
    unreciprocated, group = _groups(is_traded, weight > 0.0, strict=settings.imbalance == "zero")
    if unreciprocated.any():
        weight[unreciprocated] = 0.0
    size = len(baseline.economies)
    is_unsupplied = (baseline.expenditure > 0.0) & ~(weight > 0.0).any(axis=1)
    diagonal = np.arange(size)
    home_weight = weight[:, diagonal, diagonal]
    weight[:, diagonal, diagonal] = 0.0
    inputs = _NO_INPUTS if baseline.input_share is None else baseline.input_share
    log_productivity = np.zeros((len(baseline.sectors), size))
    if change.productivity is not None:
        log_productivity = np.log(change.productivity)
    world = World(
        import_weight=weight,
        import_weight_net=weight / (1.0 + tariff) if has_tariffs else weight,
        home_weight=home_weight,
        theta=baseline.theta,
        value_added_share=baseline.value_added_share,
        input_share=inputs,
        input_share_of_user=np.swapaxes(inputs, 1, 2),
        final_share=baseline.final_demand / baseline.final_expenditure,
        sector_share=baseline.expenditure / baseline.expenditure.sum(axis=0),
        log_productivity=log_productivity,
        value_added=baseline.value_added,
        imbalance=baseline.imbalance,
        spending_ratio=baseline.final_expenditure / (baseline.value_added + baseline.tariff_revenue),
        max_unpaid_share=_max_unpaid_share(baseline),
        gross_ratio=baseline.expenditure.sum(axis=0) / baseline.final_expenditure,
        group=group,
        is_unsupplied=is_unsupplied,
        log_substitute_price=float(np.log(settings.substitute_price)),
        rule=RULES[settings.imbalance],
        has_tariffs=has_tariffs,
    )
    return Counterfactual(_in_one_layout(world), tariff, cut, unreciprocated)


def _in_one_layout(world: World) -> World:
    """Return the world with arrays that are contiguous and writable: numba compiles once for each layout."""
    arrays: dict[str, Any] = {
        name: np.require(value, requirements=["C", "W"])
        for name, value in world._asdict().items()
        if isinstance(value, np.ndarray)
    }
    return world._replace(**arrays)


def _max_unpaid_share(baseline: Baseline) -> Floats:
    """Return the largest share of imports unpaid by exports, or of exports not spent on imports, (N,).

    It is the mean of the base-year share and one: an imbalance is kept up to there, and vanishes with trade.
    """
    diagonal = np.arange(len(baseline.economies))
    home = baseline.flow[:, diagonal, diagonal].sum(axis=0)
    imports = baseline.flow.sum(axis=(0, 1)) - home
    exports = baseline.flow.sum(axis=(0, 2)) - home
    larger = np.maximum(imports, exports)
    part = np.divide(np.abs(imports - exports), larger, out=np.zeros_like(larger), where=larger > 0.0)
    return np.asarray((1.0 + part) / 2.0)


def _groups(before: Bools, after: Bools, *, strict: bool) -> tuple[Bools, Ints]:
    """Return the one-way flows that end, (S, N, N), and the group number of each economy, (N,)."""
    linked: Bools = np.asarray(after.any(axis=0))
    linked_before: Bools = np.asarray(before.any(axis=0))
    unreciprocated = np.zeros_like(after)
    if not strict and np.array_equal(linked, linked_before):
        # Every pair still trades in some sector, so that the circuits are those of the base year.
        return unreciprocated, _components(linked, "weak")
    circuits_after = _components(linked, "strong")
    if circuits_after.any():
        is_separated = circuits_after[:, None] != circuits_after[None, :]
        if not strict:
            circuits_before = _components(linked_before, "strong")
            is_separated &= circuits_before[:, None] == circuits_before[None, :]
        unreciprocated = after & is_separated
        linked = np.asarray(linked & ~is_separated)
    return unreciprocated, _components(linked, "weak")


def _components(linked: Bools, connection: Literal["weak", "strong"]) -> Ints:
    graph = csr_array(linked.astype(np.int8))
    return np.asarray(connected_components(graph, connection=connection)[1], dtype=np.int64)
