"""Prepare a counterfactual: arrays for the solver, and the rules for trade that is cut off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.kernels.world import ADDITIVE, MULTIPLICATIVE, ZERO, World
from sogdia.trade.settings import TradeSettings
from sogdia.trade.wedges import Wedges

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
        transfers: Named transfers between economies that still trade, directly or through others, (N, N).
        wedges: Scarcity rents on flows that still trade.
    """

    world: World
    tariff: Floats
    cut: Bools
    unreciprocated: Bools
    transfers: Floats
    wedges: Wedges

    @property
    def has_imbalances(self) -> bool:
        """Return whether the rule or named transfers retain imbalances."""
        return self.world.rule != ZERO or bool(self.world.transfer.any())

    def with_wedges(self, wedges: Wedges) -> Counterfactual:
        """Return the counterfactual with scarcity rents ω in addition: buyers pay (1 + ω) times as much."""
        world = self.world
        wedges = wedges.positive(world.import_weight > 0.0)
        if not wedges.rate.size:
            return self
        every = self.wedges.with_more(wedges)
        before, after = (1.0 + part.total(self.tariff.shape) for part in (self.wedges, every))
        weight = world.import_weight * (after / before) ** -world.theta[:, None, None]
        cell = np.stack([every.sector, every.exporter, every.importer, every.owner], axis=1)
        world = world._replace(
            import_weight=weight,
            import_weight_net=weight / ((1.0 + self.tariff) * after),
            wedge_cell=cell,
            wedge_rate=every.rate,
        )
        return replace(self, world=_in_one_layout(world), wedges=every)


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
    is_traded = baseline.share > 0.0
    weight, cut = _weights(baseline, change.cost_hat, tariff, settings.cut_below)
    transfers = baseline.transfers if change.transfers is None else change.transfers
    is_balanced = settings.imbalance == "zero" and (transfers is None or not transfers.any())
    unreciprocated, group = _groups(is_traded, weight > 0.0, strict=is_balanced)
    if unreciprocated.any():
        weight[unreciprocated] = 0.0
    size = len(baseline.economies)
    is_unsupplied = (baseline.expenditure > 0.0) & ~(weight > 0.0).any(axis=1)
    home_weight = _take_home(weight)
    inputs = _NO_INPUTS if baseline.input_share is None else baseline.input_share
    named = np.zeros((size, size)) if transfers is None else transfers * (group[:, None] == group)
    is_sold = (weight > 0.0).any(axis=2) | (home_weight > 0.0) | is_unsupplied
    labour = baseline.labour_income
    world = World(
        import_weight=weight,
        import_weight_net=weight / (1.0 + tariff) if has_tariffs else weight,
        home_weight=home_weight,
        theta=baseline.theta,
        labour_share=baseline.labour_share,
        input_share=inputs,
        input_share_of_user=np.swapaxes(inputs, 1, 2),
        home_inverse=baseline.home_inverse,
        home_inverse_of_user=np.swapaxes(baseline.home_inverse, 1, 2),
        final_share=baseline.final_demand / baseline.final_expenditure,
        sector_share=baseline.expenditure / baseline.expenditure.sum(axis=0),
        log_productivity=_log_productivity(baseline, change),
        labour_income=labour if change.labour is None else labour * change.labour,
        value_added=baseline.value_added,
        imbalance=baseline.imbalance - baseline.named_transfers,
        transfer=named.sum(axis=0) - named.sum(axis=1),
        spending_ratio=baseline.final_expenditure / baseline.disposable_income,
        max_unpaid_share=_max_unpaid_share(baseline),
        gross_ratio=baseline.expenditure.sum(axis=0) / baseline.final_expenditure,
        group=group,
        is_unsupplied=is_unsupplied,
        log_substitute_price=float(np.log(settings.substitute_price)),
        **_rents(baseline, is_sold),
        wedge_cell=np.zeros((0, 4), dtype=np.int64),
        wedge_rate=np.zeros(0),
        rule=RULES[settings.imbalance],
        has_tariffs=has_tariffs,
        has_factors=bool(baseline.rent.any()) or change.labour is not None,
    )
    case = Counterfactual(_in_one_layout(world), tariff, cut, unreciprocated, named, Wedges.none())
    return case if change.wedges is None else case.with_wedges(change.wedges)


def _take_home(weight: Floats) -> Floats:
    """Return the weights of home sales, (S, N), and set them to zero among those of foreign trade."""
    diagonal = np.arange(weight.shape[1])
    home = weight[:, diagonal, diagonal]
    weight[:, diagonal, diagonal] = 0.0
    return home


def _weights(baseline: Baseline, cost_hat: Floats, tariff: Floats, cut_below: float) -> tuple[Floats, Bools]:
    """Return expenditure shares times ``κ̂^−θ``, and the flows that are cut off, (S, N, N) each."""
    cost = cost_hat
    if tariff.any() or baseline.tariff.any():
        cost = cost * ((1.0 + tariff) / (1.0 + baseline.tariff))
    factor = cost ** -baseline.theta[:, None, None]
    share = baseline.share
    is_traded = share > 0.0
    cut = is_traded & (factor <= cut_below)
    return np.where(cut | ~is_traded, 0.0, share * factor), cut


def _log_productivity(baseline: Baseline, change: Change) -> Floats:
    if change.productivity is None:
        return np.zeros_like(baseline.output)
    return np.asarray(np.log(change.productivity))


def _rents(baseline: Baseline, is_sold: Bools) -> dict[str, Any]:
    """Return the parameters of specific factors in sectors that still sell."""
    cell = np.argwhere((baseline.rent > 0.0) & is_sold)
    at = cell[:, 0], cell[:, 1]
    share, elasticity = baseline.specific_share, baseline.supply_elasticity
    none = np.zeros(len(cell))
    return {
        "rent_cell": cell,
        "rent": baseline.rent[at],
        "rent_share": none if share is None else share[at],
        "supply_elasticity": none if elasticity is None else elasticity[at],
    }


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
