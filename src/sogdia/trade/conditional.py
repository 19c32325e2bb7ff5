"""Solve the conditional equilibrium: trade responds to trade costs at fixed output and expenditure.

The conditional response of structural gravity (Anderson & van Wincoop 2003; Yotov, Piermartini, Monteiro &
Larch 2016, chapter 2): multilateral resistances adjust, output Y_ik and purchases E_jk of each sector do not.

- ``X'_ijk = X_ijk κ̂_ijk^−θ (Π̂_ik P̂_jk)^θ``, with ``Σ_j X'_ijk = Y_ik`` and ``Σ_i X'_ijk = E_jk``

The full equilibrium of :func:`sogdia.trade.solve` lets wages, output and expenditure respond too. Purchases
are net of tariffs; a change of a tariff acts as a trade cost, without revenue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.errors import InputError
from sogdia.tables.summary import ShortRepr
from sogdia.trade.arrays import Floats
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.gravity import ACCEPTABLE, GravityFit, fit_flows
from sogdia.trade.tables import FLOWS, RESISTANCES, flow_rows


@dataclass(frozen=True, eq=False, repr=False)
class ConditionalResult(ShortRepr):
    """A solved conditional equilibrium.

    Attributes:
        baseline: Base year.
        change: Shocks to trade costs and tariffs.
        flow: Counterfactual trade, net of tariffs, (S, N, N).
        outward_hat: Change of outward multilateral resistance Π̂, (S, N).
        inward_hat: Change of inward multilateral resistance P̂, (S, N). One factor between the two is free:
            the mean of ln Π̂, weighted by output, equals that of ln P̂, weighted by purchases.
    """

    baseline: Baseline
    change: Change
    flow: Floats
    outward_hat: Floats
    inward_hat: Floats

    def resistances(self) -> pd.DataFrame:
        """Return results by sector and economy (:data:`sogdia.trade.tables.RESISTANCES`)."""
        before, diagonal = self.baseline, np.arange(len(self.baseline.economies))
        labels = pd.MultiIndex.from_product([before.sectors, before.economies], names=["sector", "economy"])
        home, home_after = before.flow[:, diagonal, diagonal], self.flow[:, diagonal, diagonal]
        bought = before.flow.sum(axis=1)
        columns = {
            "outward_pct": 100.0 * (self.outward_hat - 1.0),
            "inward_pct": 100.0 * (self.inward_hat - 1.0),
            "exports_before": before.output - home,
            "exports": before.output - home_after,
            "imports_before": bought - home,
            "imports": bought - home_after,
        }
        flat = {name: np.asarray(array).ravel() for name, array in columns.items()}
        return RESISTANCES.frame(pd.DataFrame(flat, index=labels).reset_index())

    def flows(self) -> pd.DataFrame:
        """Return trade by exporter, importer and sector (:data:`sogdia.trade.tables.FLOWS`) without zeros."""
        before = self.baseline
        return FLOWS.frame(flow_rows(before.economies, before.sectors, before.flow, self.flow))


def solve_conditional(baseline: Baseline, change: Change) -> ConditionalResult:
    """Solve the conditional equilibrium; equations in the module's docstring.

    Args:
        baseline: Base year.
        change: Change of trade costs and tariffs alone.

    Raises:
        InputError: If the change does not fit the baseline, changes more than costs and tariffs, or cuts off
            so much trade that fixed output can no longer be sold.
    """
    change.check(baseline)
    if change.productivity is not None or change.labour is not None:
        named = "productivity" if change.productivity is not None else "labour supply"
        raise InputError(f"{named} changes output, which the conditional equilibrium holds fixed")
    for name in ("wedges", "capacities", "transfers"):
        if getattr(change, name) is not None:
            raise InputError(
                f"{name} change income, which the conditional equilibrium holds fixed; solve the full one"
            )
    cost = change.cost_hat
    if change.tariff is not None:
        cost = cost * (1.0 + change.tariff) / (1.0 + baseline.tariff)
    sold, bought = baseline.output, np.asarray(baseline.flow.sum(axis=1))
    before = fit_flows(baseline.flow, sold, bought, baseline.theta)
    after = fit_flows(baseline.flow * cost ** -baseline.theta[:, None, None], sold, bought, baseline.theta)
    _check(baseline, after)
    return ConditionalResult(
        baseline, change, after.flow, after.outward / before.outward, after.inward / before.inward
    )


def _check(baseline: Baseline, fit: GravityFit) -> None:
    for k in np.flatnonzero(fit.deviation > ACCEPTABLE):
        bought = baseline.flow[k].sum(axis=0)
        j = int(np.abs(fit.flow[k].sum(axis=0) - bought).argmax())
        raise InputError(
            f"{baseline.sectors[k]}: fixed output and purchases cannot both be traded after the change; "
            f"purchases of {baseline.economies[j]} miss by {fit.deviation[k]:.1e} of the largest; "
            f"solve the full equilibrium"
        )
