"""Data of a base year and the totals that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from sogdia.tables.summary import ShortRepr
from sogdia.trade.arrays import Floats
from sogdia.trade.tables import ADJUSTMENTS

FinalRule = Literal["observed", "clipped", "residual"]
MAX_SUPPLY_ELASTICITY = 20.0
"""Largest elasticity of the supply of a specific factor: with more its real rent is almost constant."""
ROUNDING = 1e-9
"""Final demand below this part of expenditure is zero."""
MAX_HOME_SHARE = 0.99
"""Home shares in :attr:`BaseYear.home_inverse` are at most this: it exists then without value added too."""


@dataclass(frozen=True, eq=False, repr=False)
class BaseYear(ShortRepr):
    """Trade of N economies in S sectors, with the parameters of counterfactuals.

    Arrays are (S, N, N) by exporter and importer, or (S, N).

    Attributes:
        economies: Names of the N economies, sorted.
        sectors: Names of the S sectors, sorted.
        flow: Value ``X_ijk`` that the exporter receives, home sales on the diagonal, (S, N, N).
        theta: Trade elasticity θ_k: Fréchet shape of Eaton & Kortum (2002), σ_k − 1 of Armington, (S,).
        tariff: Tariffs of the base year, as a share of ``flow``, (S, N, N).
        value_added_share: Share of value added in costs, γ_ik, (S, N).
        input_share: Share of input s in the costs of sector k, (N, S, S) [economy, s, k]; ``None`` without
            intermediate inputs.
        report: Rules applied to the data (:data:`sogdia.trade.tables.REPORT`).
        final_rule: Treatment of negative final demand; see ``final`` of :meth:`Baseline.from_frames`.
        adjusted: Cells that rules changed when the data were read
            (:data:`sogdia.trade.tables.ADJUSTMENTS`); :attr:`adjustments` adds final demand.
        specific_share: Share of the specific factor in costs, γR_ik, part of ``value_added_share``, (S, N);
            ``None`` without specific factors.
        supply_elasticity: Elasticity η of the supply of the specific factor by its rent over the price of
            final expenditure, (S, N); ``None``: 0, fixed reserves.
        transfers: Named transfers, part of the imbalance, (N, N) by payer and receiver; ``None`` without.
    """

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    flow: Floats
    theta: Floats
    tariff: Floats
    value_added_share: Floats
    input_share: Floats | None
    report: pd.DataFrame
    final_rule: FinalRule = "observed"
    adjusted: pd.DataFrame = field(default_factory=lambda: ADJUSTMENTS.frame([]))
    specific_share: Floats | None = None
    supply_elasticity: Floats | None = None
    transfers: Floats | None = None

    @cached_property
    def expenditure(self) -> Floats:
        """Total expenditure by sector, tariffs included, ``E_jk = Σ_i X_ijk (1 + t_ijk)``, (S, N)."""
        return np.asarray((self.flow * (1.0 + self.tariff)).sum(axis=1))

    @cached_property
    def output(self) -> Floats:
        """Sales by sector, ``Y_ik = Σ_j X_ijk``, (S, N)."""
        return np.asarray(self.flow.sum(axis=2))

    @cached_property
    def share(self) -> Floats:
        """Import shares ``π_ijk = X_ijk (1 + t_ijk) / E_jk``, (S, N, N); 0 where expenditure is 0."""
        expenditure = self.expenditure[:, None, :]
        paid = self.flow * (1.0 + self.tariff)
        return np.divide(paid, expenditure, out=np.zeros_like(self.flow), where=expenditure > 0.0)

    @cached_property
    def home_inverse(self) -> Floats:
        """Inverse of ``1 − h γ^T``, with home shares h, by economy, (N, S, S) [economy, using sector, input].

        Row k has the effect of costs on the price of k through inputs that the economy buys at home, and
        column s what a sale of s requires of such inputs; (0, 0, 0) without inputs.
        """
        if self.input_share is None:
            return np.zeros((0, 0, 0))
        home = np.minimum(np.diagonal(self.share, axis1=1, axis2=2).T, MAX_HOME_SHARE)
        used = home[:, :, None] * np.swapaxes(self.input_share, 1, 2)
        return np.asarray(np.linalg.inv(np.eye(len(self.sectors)) - used))

    @cached_property
    def value_added(self) -> Floats:
        """Value added ``V_i = Σ_k γ_ik Y_ik``, the income of labour and specific factors, (N,)."""
        return np.asarray((self.value_added_share * self.output).sum(axis=0))

    @cached_property
    def rent(self) -> Floats:
        """Rents of specific factors by sector, ``R_ik = γR_ik Y_ik``, (S, N)."""
        if self.specific_share is None:
            return np.zeros_like(self.output)
        return np.asarray(self.specific_share * self.output)

    @cached_property
    def labour_share(self) -> Floats:
        """Share of labour in costs, ``γL = γ − γR``, (S, N); γ in a sector without output."""
        if self.specific_share is None:
            return self.value_added_share
        return self.value_added_share - np.where(self.output > 0.0, self.specific_share, 0.0)

    @cached_property
    def labour_income(self) -> Floats:
        """Income of labour, ``Σ_k γL_ik Y_ik``, (N,)."""
        return np.asarray((self.labour_share * self.output).sum(axis=0))

    @cached_property
    def named_transfers(self) -> Floats:
        """Named transfers received less those paid, (N,)."""
        if self.transfers is None:
            return np.zeros(len(self.economies))
        return np.asarray(self.transfers.sum(axis=0) - self.transfers.sum(axis=1))

    @cached_property
    def disposable_income(self) -> Floats:
        """Own income and named transfers, ``V + R + T``, (N,)."""
        return self.value_added + self.tariff_revenue + self.named_transfers

    @cached_property
    def tariff_revenue(self) -> Floats:
        """Tariff revenue R_j, (N,)."""
        return np.asarray((self.flow * self.tariff).sum(axis=(0, 1)))

    @cached_property
    def final_demand(self) -> Floats:
        """Final demand by sector: expenditure less purchases of inputs, (S, N)."""
        if self.input_share is None:
            return self.expenditure
        demand = self.observed_demand
        if self.final_rule == "clipped":
            clipped = np.maximum(demand, 0.0)
            return np.asarray(clipped * (demand.sum(axis=0) / clipped.sum(axis=0)))
        return np.asarray(demand)

    @cached_property
    def observed_demand(self) -> Floats:
        """Final demand of the data, before the rule for negative cells, (S, N)."""
        if self.input_share is None:
            return self.expenditure
        used = np.einsum("isk,ki->si", self.input_share, self.output)
        demand = self.expenditure - used
        return np.where(np.abs(demand) < ROUNDING * self.expenditure, 0.0, demand)

    @cached_property
    def adjustments(self) -> pd.DataFrame:
        """Cells of the data that rules changed (:data:`sogdia.trade.tables.ADJUSTMENTS`).

        Clipped final demand lists the negative cells and the scaled ones of the same economies.
        """
        before, after = self.observed_demand, self.final_demand
        rows = []
        for k, j in np.argwhere(before != after):
            rule = "negative final demand set to 0" if before[k, j] < 0.0 else "final demand scaled to income"
            cell = (rule, "final demand", self.economies[j], "", self.sectors[k], "")
            rows.append((*cell, float(before[k, j]), float(after[k, j])))
        found = [table for table in (self.adjusted, ADJUSTMENTS.frame(rows)) if len(table)]
        return pd.concat(found, ignore_index=True) if found else self.adjusted

    @cached_property
    def final_expenditure(self) -> Floats:
        """Final expenditure ``I_j = V_j + R_j + D_j``, (N,)."""
        return np.asarray(self.final_demand.sum(axis=0))

    @cached_property
    def imbalance(self) -> Floats:
        """Imports less exports, ``D_j = I_j − V_j − R_j``, (N,); they sum to zero."""
        return np.asarray(self.flow.sum(axis=(0, 1)) - self.flow.sum(axis=(0, 2)))
