"""A baseline, a change and settings as arrays, with the rules for what is cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.kernels.equilibrium import ADDITIVE, MULTIPLICATIVE, ZERO, World
from sogdia.trade.settings import TradeSettings

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
RULES = {"additive": ADDITIVE, "multiplicative": MULTIPLICATIVE, "zero": ZERO}
_NO_INPUTS = np.zeros((0, 0, 0))


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """What the solver starts from.

    Attributes:
        world: The arrays.
        tariff: Tariffs after, (S, N, N).
        cut: Cells that traded and are cut off by the change, (S, N, N).
        one_way: Cells cut off besides, because nothing could come back for them, (S, N, N).
    """

    world: World
    tariff: Floats
    cut: Bools
    one_way: Bools


def prepare(baseline: Baseline, change: Change, settings: TradeSettings) -> Counterfactual:
    """The arrays of a counterfactual.

    A cell is cut where ``κ̂^−θ``, with ``κ̂ = τ̂ (1 + t') / (1 + t)``, is at most ``cut_below``. Economies that
    could send goods round to each other and no longer can, stop what is left of one-way trade: nothing
    could pay for it. Economies that still trade make a group, in which imbalances sum to nothing.
    """
    change.check(baseline)
    tariff = baseline.tariff if change.tariff is None else change.tariff
    taxed = bool(tariff.any())
    cost = change.cost_hat
    if taxed or baseline.tariff.any():
        cost = cost * ((1.0 + tariff) / (1.0 + baseline.tariff))
    factor = cost ** -baseline.theta[:, None, None]
    share = baseline.share
    traded = share > 0.0
    cut = traded & (factor <= settings.cut_below)
    pull = np.where(cut | ~traded, 0.0, share * factor)
    one_way, group = _groups(traded, pull > 0.0, strict=settings.imbalance == "zero")
    if one_way.any():
        pull[one_way] = 0.0
    size = len(baseline.economies)
    missing = (baseline.expenditure > 0.0) & ~(pull > 0.0).any(axis=1)
    ends = np.arange(size)
    home = np.ascontiguousarray(pull[:, ends, ends])
    pull[:, ends, ends] = 0.0
    log_productivity = np.zeros((len(baseline.sectors), size))
    if change.productivity is not None:
        log_productivity = np.log(change.productivity)
    world = World(
        pull=pull,
        net=pull / (1.0 + tariff) if taxed else pull,
        home=home,
        theta=baseline.theta,
        labour_share=baseline.labour_share,
        inputs=_NO_INPUTS if baseline.inputs is None else baseline.inputs,
        final=np.ascontiguousarray(baseline.final / baseline.income),
        weight=np.ascontiguousarray(baseline.expenditure / baseline.expenditure.sum(axis=0)),
        productivity=log_productivity,
        labour=baseline.value_added,
        imbalance=baseline.imbalance,
        ratio=baseline.income / (baseline.value_added + baseline.revenue),
        most_unpaid=_most_unpaid(baseline),
        gross=baseline.expenditure.sum(axis=0) / baseline.income,
        group=group,
        missing=missing,
        substitute=float(np.log(settings.substitute_price)),
        rule=RULES[settings.imbalance],
        tariffs=taxed,
    )
    return Counterfactual(world, tariff, cut, one_way)


def _most_unpaid(baseline: Baseline) -> Floats:
    """Largest part of imports that exports need not pay, or of exports not spent on imports, (N,).

    Half way between the part before and all: so far an imbalance is kept, and it ends with trade itself.
    """
    ends = np.arange(len(baseline.economies))
    home = baseline.flow[:, ends, ends].sum(axis=0)
    imports = baseline.flow.sum(axis=(0, 1)) - home
    exports = baseline.flow.sum(axis=(0, 2)) - home
    larger = np.maximum(imports, exports)
    part = np.divide(np.abs(imports - exports), larger, out=np.zeros_like(larger), where=larger > 0.0)
    return np.asarray((1.0 + part) / 2.0)


def _groups(before: Bools, after: Bools, *, strict: bool) -> tuple[Bools, Longs]:
    """Cells to cut besides, and the number of the group of each economy."""
    linked: Bools = np.asarray(after.any(axis=0))
    rounds_after = _components(linked, "strong")
    one_way = np.zeros_like(after)
    if rounds_after.any():
        apart = rounds_after[:, None] != rounds_after[None, :]
        if not strict:
            rounds_before = _components(np.asarray(before.any(axis=0)), "strong")
            apart &= rounds_before[:, None] == rounds_before[None, :]
        one_way = after & apart
        linked = np.asarray(linked & ~apart)
    return one_way, _components(linked, "weak")


def _components(linked: Bools, connection: Literal["weak", "strong"]) -> Longs:
    graph = csr_array(linked.astype(np.int8))
    return np.asarray(connected_components(graph, connection=connection)[1], dtype=np.int64)
