"""The result of a counterfactual: welfare, wages, prices, flows, what the rules did."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.numerics import Convergence
from sogdia.trade.balance import COLUMNS
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.counterfactual import Counterfactual, prepare
from sogdia.trade.kernels.equilibrium import State
from sogdia.trade.settings import TradeSettings

Floats = npt.NDArray[np.float64]
KEPT = 1e-9
"""Relative change of an imbalance below which it counts as kept."""


@dataclass(frozen=True, eq=False)
class TradeResult:
    """A solved counterfactual.

    Attributes:
        baseline: The world before.
        change: What changed.
        settings: What was asked for.
        convergence: How the iteration ended.
        wage_hat: Wages after over before, ŵ, (N,).
        price_hat: Prices after over before, P̂, (S, N).
        cost_hat: Costs of the bundle of inputs at the factory gate after over before, ĉ, (S, N).
        expenditure: Spending by sector after, tariffs included, (S, N).
        output: Sales by sector after, (S, N).
        income: Own income after: value added and tariff revenue, (N,).
        final: Final spending after: own income and imbalance, (N,).
        revenue: Tariff revenue after, (N,).
        imbalance_kept: Part of all imbalances for which there was an equilibrium; 1 but in odd worlds.
    """

    baseline: Baseline
    change: Change
    settings: TradeSettings
    convergence: Convergence
    wage_hat: Floats
    price_hat: Floats
    cost_hat: Floats
    expenditure: Floats
    output: Floats
    income: Floats
    final: Floats
    revenue: Floats
    imbalance_kept: float

    @classmethod
    def of(
        cls,
        baseline: Baseline,
        change: Change,
        settings: TradeSettings,
        convergence: Convergence,
        state: State,
        imbalance_kept: float = 1.0,
    ) -> TradeResult:
        """The result of a solved state, in the numeraire of the settings."""
        level = 1.0
        if settings.numeraire != "world":
            level = float(np.exp(-state.log_wage[baseline.economies.index(settings.numeraire)]))
        return cls(
            baseline,
            change,
            settings,
            convergence,
            wage_hat=level * np.exp(state.log_wage),
            price_hat=level * np.exp(state.log_price),
            cost_hat=level * np.exp(state.log_cost),
            expenditure=level * state.spend,
            output=level * state.output,
            income=level * (state.income - state.imbalance),
            final=level * state.income,
            revenue=level * state.revenue,
            imbalance_kept=imbalance_kept,
        )

    @cached_property
    def _case(self) -> Counterfactual:
        return prepare(self.baseline, self.change, self.settings)

    @cached_property
    def flow(self) -> Floats:
        """Trade after, net of tariffs, with domestic sales on the diagonal, (S, N, N)."""
        world = self._case.world
        reach = self.cost_hat ** -world.theta[:, None]
        bought = self.expenditure * self.price_hat ** world.theta[:, None]
        flow = world.net * reach[:, :, None] * bought[:, None, :]
        ends = np.arange(len(self.baseline.economies))
        flow[:, ends, ends] = np.where(world.missing, self.expenditure, world.home * reach * bought)
        return np.asarray(flow)

    @cached_property
    def group(self) -> npt.NDArray[np.int64]:
        """Number of the set of economies each can still trade with, directly or not, (N,)."""
        return self._case.world.group

    @property
    def tariff(self) -> Floats:
        """Tariffs after as a share of value, (S, N, N)."""
        return self._case.tariff

    @cached_property
    def barrier_hat(self) -> Floats:
        """Trade costs with tariffs after over before, ``κ̂ = τ̂ (1 + t') / (1 + t)``, (S, N, N)."""
        return np.asarray(self.change.cost_hat * ((1.0 + self.tariff) / (1.0 + self.baseline.tariff)))

    @property
    def unsupplied(self) -> npt.NDArray[np.bool_]:
        """Where nobody supplies a sector any longer, so that it is made at home, (S, N)."""
        return self._case.world.missing

    @cached_property
    def consumer_price_hat(self) -> Floats:
        """Price of final spending after over before, ``Π_k P̂_jk^α_jk``, (N,)."""
        return np.asarray(np.exp((self._case.world.final * np.log(self.price_hat)).sum(axis=0)))

    @cached_property
    def real_wage_hat(self) -> Floats:
        """Real wage after over before, (N,)."""
        return np.asarray(self.wage_hat / self.consumer_price_hat)

    @cached_property
    def welfare_hat(self) -> Floats:
        """Real spending after over before, (N,).

        ``(I'_j / I_j) / P̂_j``. With ``multiplicative`` imbalances own income takes the place of spending,
        as in ``ge_gravity``, since the factor that balances the world is nobody's gain.
        """
        before = self.baseline
        spent = self.final / before.income
        if self.settings.imbalance == "multiplicative":
            spent = self.income / (before.value_added + before.revenue)
        return np.asarray(spent / self.consumer_price_hat)

    @cached_property
    def terms_of_trade(self) -> Floats:
        """Log change of welfare by terms of trade, (N,).

        ``Σ_k [x̄_jk ln(ĉ_jk / ŵ_j) − Σ_i m̄_ijk ln(ĉ_ik / ŵ_j)]``: prices at the factory gate as in Caliendo &
        Parro (2015), in the economy's own wage so that no numeraire matters where trade is not balanced;
        x̄ and m̄ are exports and imports over final spending, the mean of before and after (Törnqvist).
        Between economies that cannot trade any more, prices cannot be compared: all is volume.
        """
        together = self.group[:, None] == self.group[None, :]
        np.fill_diagonal(together, False)
        before = self.baseline.flow * together
        after = self.flow * together
        cost, wage = np.log(self.cost_hat), np.log(self.wage_hat)
        income, spent = self.baseline.income, self.final
        sold = (before.sum(axis=2) / income + after.sum(axis=2) / spent) / 2.0
        bought = (before / income + after / spent) / 2.0
        gain = (sold * (cost - wage)).sum(axis=0)
        return np.asarray(gain - (bought * (cost[:, :, None] - wage)).sum(axis=(0, 1)))

    def economies(self) -> pd.DataFrame:
        """One row an economy; columns ending in ``_before`` are of the baseline.

        ``welfare_pct`` is the product of ``terms_of_trade_pct`` and ``volume_pct`` (what is neither: volumes,
        trade costs themselves, tariff revenue). ``income`` is value added and tariff revenue,
        ``expenditure`` final spending, ``domestic_share`` that of home goods in all spending.
        """
        before = self.baseline
        ends = np.arange(len(before.economies))
        home_before = before.flow[:, ends, ends].sum(axis=0) / before.expenditure.sum(axis=0)
        home_after = self.flow[:, ends, ends].sum(axis=0) / self.expenditure.sum(axis=0)
        return pd.DataFrame(
            {
                "economy": list(before.economies),
                "welfare_pct": _percent(self.welfare_hat),
                "real_wage_pct": _percent(self.real_wage_hat),
                "terms_of_trade_pct": _percent(np.exp(self.terms_of_trade)),
                "volume_pct": _percent(self.welfare_hat / np.exp(self.terms_of_trade)),
                "wage_hat": self.wage_hat,
                "price_hat": self.consumer_price_hat,
                "income_before": before.value_added + before.revenue,
                "income": self.income,
                "expenditure_before": before.income,
                "expenditure": self.final,
                "imbalance_before": before.imbalance,
                "imbalance": self.final - self.income,
                "tariff_revenue_before": before.revenue,
                "tariff_revenue": self.revenue,
                "domestic_share_before": home_before,
                "domestic_share": home_after,
                "group": self.group,
            }
        )

    def sectors(self) -> pd.DataFrame:
        """One row an economy and sector: spending, sales and the price after over before."""
        labels = pd.MultiIndex.from_product(
            [self.baseline.sectors, self.baseline.economies], names=["sector", "economy"]
        )
        columns = {
            "expenditure_before": self.baseline.expenditure,
            "expenditure": self.expenditure,
            "output_before": self.baseline.output,
            "output": self.output,
            "price_hat": self.price_hat,
        }
        flat = {name: array.ravel() for name, array in columns.items()}
        return pd.DataFrame(flat, index=labels).reset_index()

    def flows(self) -> pd.DataFrame:
        """Trade ``before`` and ``after`` by ``exporter``, ``importer`` and ``sector``; no empty cells."""
        names = self.baseline.economies
        labels = pd.MultiIndex.from_product(
            [self.baseline.sectors, names, names], names=["sector", "exporter", "importer"]
        )
        table = pd.DataFrame(
            {"before": self.baseline.flow.ravel(), "after": self.flow.ravel()}, index=labels
        ).reset_index()
        table = table[(table["before"] > 0.0) | (table["after"] > 0.0)].reset_index(drop=True)
        table["change_pct"] = 100.0 * (table["after"] / table["before"].where(table["before"] > 0.0) - 1.0)
        return table[["exporter", "importer", "sector", "before", "after", "change_pct"]]

    def report(self) -> pd.DataFrame:
        """What the rules did, one row a case: ``rule``, ``economy``, ``sector``, ``value``, ``meaning``."""
        before, case = self.baseline, self._case
        rows: list[tuple[str, str, str, float, str]] = []
        for k, j in np.argwhere(case.world.missing):
            value = float(before.expenditure[k, j] / before.expenditure[:, j].sum())
            meaning = (
                f"share of spending that nobody supplies any longer: made at home at "
                f"{self.settings.substitute_price:g} times the price before"
            )
            rows.append(("unsupplied", before.economies[j], before.sectors[k], value, meaning))
        for name, cells in (("cut off", case.cut), ("one-way trade ended", case.one_way)):
            if cells.any():
                value = float(before.flow[cells].sum())
                rows.append((name, "", "", value, f"value before of the {int(cells.sum())} cells"))
        if self.imbalance_kept < 1.0:
            meaning = "part of all imbalances kept: with more of them no equilibrium was found"
            rows.append(("imbalances shrunk", "", "", self.imbalance_kept, meaning))
        after = self.final - self.income
        if self.settings.imbalance == "additive":
            worth = before.value_added
            level = (self.wage_hat * worth).sum() / worth.sum()
            for j in np.flatnonzero(np.abs(after / level - before.imbalance) > KEPT * before.income):
                meaning = f"imbalance after; {before.imbalance[j]:g} before is more than trade can carry"
                rows.append(("imbalance", before.economies[j], "", float(after[j]), meaning))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def after(self) -> Baseline:
        """The world after as a baseline for further changes.

        Raises:
            FaultsError: If that world leaves an economy without final spending.
        """
        before = self.baseline
        return Baseline.from_arrays(
            before.economies,
            before.sectors,
            self.flow,
            before.theta,
            self._case.tariff,
            before.labour_share,
            before.inputs,
        )


def _percent(hat: Floats) -> Floats:
    return np.asarray(100.0 * (hat - 1.0))
