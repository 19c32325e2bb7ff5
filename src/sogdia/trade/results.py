"""Results of a counterfactual: real expenditure, wages, prices, flows, and the rules applied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.errors import InputError, UnknownNameError
from sogdia.numerics import Convergence
from sogdia.tables.summary import ShortRepr
from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.counterfactual import Counterfactual
from sogdia.trade.kernels.world import State, World
from sogdia.trade.settings import TradeSettings
from sogdia.trade.tables import CAPACITIES, ECONOMIES, FLOWS, REPORT, SECTORS, flow_rows

PRICE = "price:"
"""Start of a numeraire that is a price index."""
IMBALANCE_TOLERANCE = 1e-9
"""Change of an imbalance, relative to final expenditure, below which it is reported as unchanged."""


@dataclass(frozen=True, eq=False, repr=False)
class TradeResult(ShortRepr):
    """A solved counterfactual.

    Attributes:
        baseline: Base year.
        change: Shocks.
        settings: Settings.
        convergence: Convergence record.
        wage_hat: Wages over those of the base year, ŵ, (N,).
        rent_hat: Rent of a unit of the specific factor, r̂, (S, N); 0 where the sector sells nothing any
            more, 1 without a specific factor.
        price_hat: Prices, P̂, (S, N).
        cost_hat: Costs of the input bundle at the factory gate, ĉ, (S, N).
        expenditure: Total expenditure by sector, tariffs included, (S, N).
        output: Sales by sector, (S, N).
        income: Own income: value added, tariff revenue and scarcity rents received, (N,).
        final_expenditure: Final expenditure: own income and imbalance, (N,).
        tariff_revenue: Tariff revenue, (N,).
        rent_income: Rents of specific factors, (N,).
        scarcity_received: Scarcity rents that the economy owns, (N,).
        scarcity_paid: Scarcity rents on its imports, (N,).
        named_transfers: Named transfers received less those paid, (N,).
        case: The counterfactual as it was solved.
        shadow_price: Scarcity rent ω of each capacity, over what exporters receive, (G,).
        imbalance_scale: Factor on all imbalances at which an equilibrium was found; 1 in ordinary cases.
    """

    baseline: Baseline
    change: Change
    settings: TradeSettings
    convergence: Convergence
    wage_hat: Floats
    rent_hat: Floats
    price_hat: Floats
    cost_hat: Floats
    expenditure: Floats
    output: Floats
    income: Floats
    final_expenditure: Floats
    tariff_revenue: Floats
    rent_income: Floats
    scarcity_received: Floats
    scarcity_paid: Floats
    named_transfers: Floats
    case: Counterfactual
    shadow_price: Floats
    imbalance_scale: float

    @classmethod
    def from_state(
        cls,
        baseline: Baseline,
        change: Change,
        settings: TradeSettings,
        convergence: Convergence,
        state: State,
        case: Counterfactual,
        shadow_price: Floats,
        imbalance_scale: float = 1.0,
    ) -> TradeResult:
        """Return the result of a solved state, in the numeraire of the settings."""
        level = numeraire_level(baseline, settings.numeraire, state, case.world)
        rent_hat = np.where(baseline.rent > 0.0, 0.0, 1.0)
        sector, economy = case.world.rent_cell[:, 0], case.world.rent_cell[:, 1]
        rent_hat[sector, economy] = level[economy] * np.exp(state.log_rent)
        world = world_level(case.world, state)
        return cls(
            baseline,
            change,
            settings,
            convergence,
            wage_hat=level * np.exp(state.log_wage),
            rent_hat=rent_hat,
            price_hat=level * np.exp(state.log_price),
            cost_hat=level * np.exp(state.log_cost),
            expenditure=level * state.expenditure,
            output=level * state.output,
            income=level * (state.final_expenditure - state.imbalance),
            final_expenditure=level * state.final_expenditure,
            tariff_revenue=level * state.tariff_revenue,
            rent_income=level * state.rent_income,
            scarcity_received=level * state.scarcity_received,
            scarcity_paid=level * state.scarcity_paid,
            named_transfers=imbalance_scale * level * world * case.world.transfer,
            case=case,
            shadow_price=shadow_price,
            imbalance_scale=imbalance_scale,
        )

    @cached_property
    def flow(self) -> Floats:
        """Counterfactual trade, net of tariffs, with home sales on the diagonal, (S, N, N)."""
        world = self.case.world
        cost_term = self.cost_hat ** -world.theta[:, None]
        demand = self.expenditure * self.price_hat ** world.theta[:, None]
        flow = world.import_weight_net * cost_term[:, :, None] * demand[:, None, :]
        home = world.home_weight * cost_term * demand
        diagonal = np.arange(len(self.baseline.economies))
        flow[:, diagonal, diagonal] = np.where(world.is_unsupplied, self.expenditure, home)
        return np.asarray(flow)

    @cached_property
    def group(self) -> Ints:
        """Number of the group of economies that each can still trade with, directly or not, (N,)."""
        return self.case.world.group

    @property
    def tariff(self) -> Floats:
        """Counterfactual tariffs as a share of value, (S, N, N)."""
        return self.case.tariff

    @cached_property
    def trade_cost_hat(self) -> Floats:
        """Change of trade costs, tariffs and scarcity rents included, (S, N, N).

        ``κ̂ = τ̂ (1 + ω) (1 + t') / (1 + t)``.
        """
        markup = (1.0 + self.tariff) / (1.0 + self.baseline.tariff)
        if self.case.wedges.rate.size:
            markup = markup * (1.0 + self.wedge)
        return np.asarray(self.change.cost_hat * markup)

    @cached_property
    def wedge(self) -> Floats:
        """Scarcity rents ω over what the exporter receives, (S, N, N)."""
        return self.case.wedges.total(self.tariff.shape)

    @property
    def is_unsupplied(self) -> Bools:
        """True where no supplier of a sector is left, so that it is produced at home, (S, N)."""
        return self.case.world.is_unsupplied

    @cached_property
    def rent(self) -> Floats:
        """Rents of specific factors by sector, ``γR Y'``, (S, N)."""
        if self.baseline.specific_share is None:
            return np.zeros_like(self.output)
        return np.where(self.baseline.output > 0.0, self.baseline.specific_share * self.output, 0.0)

    @cached_property
    def consumer_price_hat(self) -> Floats:
        """Change of the price of final expenditure, ``Π_k P̂_jk^α_jk``, (N,)."""
        shares = self.case.world.final_share
        return np.asarray(np.exp((shares * np.log(self.price_hat)).sum(axis=0)))

    @cached_property
    def real_wage_hat(self) -> Floats:
        """Change of the real wage, (N,)."""
        return np.asarray(self.wage_hat / self.consumer_price_hat)

    @cached_property
    def welfare_hat(self) -> Floats:
        """Change of real expenditure, ``(I'_j / I_j) / P̂_j``, (N,).

        With the ``multiplicative`` rule own income, with named transfers, replaces final expenditure, as in
        ``ge_gravity``: the factor that balances the world is no economy's gain.
        """
        before = self.baseline
        ratio = self.final_expenditure / before.final_expenditure
        if self.settings.imbalance == "multiplicative":
            ratio = (self.income + self.named_transfers) / before.disposable_income
        return np.asarray(ratio / self.consumer_price_hat)

    @cached_property
    def terms_of_trade(self) -> Floats:
        """Log change of real expenditure by terms of trade, (N,).

        ``Σ_k [x̄_jk ln(ĉ_jk / ŵ_j) − Σ_i m̄_ijk ln(ĉ_ik / ŵ_j)]``: factory-gate prices as in Caliendo & Parro
        (2015), relative to the economy's own wage so that the numeraire does not matter where trade is not
        balanced; x̄ and m̄ are exports and imports over final expenditure, means of base year and
        counterfactual (Törnqvist). Prices of economies that can no longer trade with each other are not
        compared; that effect is in volumes.
        """
        together = self.group[:, None] == self.group[None, :]
        np.fill_diagonal(together, False)
        before = self.baseline.flow * together
        after = self.flow * together
        cost, wage = np.log(self.cost_hat), np.log(self.wage_hat)
        final_before, final_after = self.baseline.final_expenditure, self.final_expenditure
        exports = (before.sum(axis=2) / final_before + after.sum(axis=2) / final_after) / 2.0
        imports = (before / final_before + after / final_after) / 2.0
        export_gain = (exports * (cost - wage)).sum(axis=0)
        return np.asarray(export_gain - (imports * (cost[:, :, None] - wage)).sum(axis=(0, 1)))

    def economies(self) -> pd.DataFrame:
        """Return results by economy (:data:`sogdia.trade.tables.ECONOMIES`).

        ``welfare_pct`` is the product of ``terms_of_trade_pct`` and ``volume_pct``.
        """
        before = self.baseline
        diagonal = np.arange(len(before.economies))
        home_before = before.flow[:, diagonal, diagonal].sum(axis=0) / before.expenditure.sum(axis=0)
        home_after = self.flow[:, diagonal, diagonal].sum(axis=0) / self.expenditure.sum(axis=0)
        table = pd.DataFrame(
            {
                "economy": list(before.economies),
                "welfare_pct": _percent(self.welfare_hat),
                "real_wage_pct": _percent(self.real_wage_hat),
                "terms_of_trade_pct": _percent(np.exp(self.terms_of_trade)),
                "volume_pct": _percent(self.welfare_hat / np.exp(self.terms_of_trade)),
                "wage_hat": self.wage_hat,
                "price_hat": self.consumer_price_hat,
                "rents_before": before.rent.sum(axis=0),
                "rents": self.rent_income,
                "scarcity_rents": self.scarcity_received,
                "scarcity_rents_paid": self.scarcity_paid,
                "transfers_before": before.named_transfers,
                "transfers": self.named_transfers,
                "income_before": before.value_added + before.tariff_revenue,
                "income": self.income,
                "expenditure_before": before.final_expenditure,
                "expenditure": self.final_expenditure,
                "imbalance_before": before.imbalance,
                "imbalance": self.final_expenditure - self.income,
                "tariff_revenue_before": before.tariff_revenue,
                "tariff_revenue": self.tariff_revenue,
                "domestic_share_before": home_before,
                "domestic_share": home_after,
                "group": self.group,
            }
        )
        return ECONOMIES.frame(table)

    def sectors(self) -> pd.DataFrame:
        """Return results by sector and economy (:data:`sogdia.trade.tables.SECTORS`)."""
        labels = pd.MultiIndex.from_product(
            [self.baseline.sectors, self.baseline.economies], names=["sector", "economy"]
        )
        columns = {
            "expenditure_before": self.baseline.expenditure,
            "expenditure": self.expenditure,
            "output_before": self.baseline.output,
            "output": self.output,
            "price_hat": self.price_hat,
            "rent_before": self.baseline.rent,
            "rent": self.rent,
            "rent_hat": self.rent_hat,
        }
        flat = {name: array.ravel() for name, array in columns.items()}
        return SECTORS.frame(pd.DataFrame(flat, index=labels).reset_index())

    def flows(self) -> pd.DataFrame:
        """Return trade by exporter, importer and sector (:data:`sogdia.trade.tables.FLOWS`) without zeros."""
        before = self.baseline
        return FLOWS.frame(flow_rows(before.economies, before.sectors, before.flow, self.flow))

    def capacities(self) -> pd.DataFrame:
        """Return capacities by owner of their rents (:data:`sogdia.trade.tables.CAPACITIES`)."""
        limits = self.change.capacities
        if limits is None:
            return CAPACITIES.frame([])
        flows = self.baseline.flow, self.flow
        return CAPACITIES.frame(limits.rows(self.baseline.economies, flows, self.cost_hat, self.shadow_price))

    def report(self) -> pd.DataFrame:
        """Return the rules applied to the result (:data:`sogdia.trade.tables.REPORT`)."""
        rows = [*self._cut_off_rows(), *self._imbalance_rows()]
        return REPORT.frame(rows)

    def _cut_off_rows(self) -> list[tuple[str, str, str, float, str]]:
        before, case = self.baseline, self.case
        rows = []
        for k, j in np.argwhere(case.world.is_unsupplied):
            value = float(before.expenditure[k, j] / before.expenditure[:, j].sum())
            meaning = (
                f"share of base-year expenditure without a supplier; produced at home at "
                f"{self.settings.substitute_price:g} times the base-year price"
            )
            rows.append(("unsupplied", before.economies[j], before.sectors[k], value, meaning))
        for name, cells in (("cut off", case.cut), ("one-way trade ended", case.unreciprocated)):
            if cells.any():
                value = float(before.flow[cells].sum())
                rows.append((name, "", "", value, f"base-year value of {int(cells.sum())} flows"))
        return rows

    def _imbalance_rows(self) -> list[tuple[str, str, str, float, str]]:
        before = self.baseline
        rows = []
        if self.imbalance_scale < 1.0:
            meaning = "factor on all imbalances; no equilibrium was found with larger ones"
            rows.append(("imbalances scaled", "", "", self.imbalance_scale, meaning))
        after = self.final_expenditure - self.income
        if self.settings.imbalance == "additive":
            level = self.value_added.sum() / before.value_added.sum()
            target = before.imbalance - before.named_transfers + self.case.world.transfer
            difference = np.abs(after / level - target)
            for j in np.flatnonzero(difference > IMBALANCE_TOLERANCE * before.final_expenditure):
                meaning = (
                    f"imbalance; that of the base year, {before.imbalance[j]:g}, exceeds what trade can carry"
                )
                rows.append(("imbalance", before.economies[j], "", float(after[j]), meaning))
        return rows

    @property
    def value_added(self) -> Floats:
        """Value added: income of labour and specific factors, (N,)."""
        return self.income - self.tariff_revenue - self.scarcity_received

    def to_baseline(self) -> Baseline:
        """Return the counterfactual as the base year of further ones.

        Raises:
            FaultsError: If an economy is without final demand.
            InputError: If it has scarcity rents, which a base year has not.
        """
        before = self.baseline
        if self.case.wedges.rate.size:
            raise InputError("a result with scarcity rents is no base year; solve without wedges")
        return Baseline.from_arrays(
            before.economies,
            before.sectors,
            self.flow,
            before.theta,
            self.case.tariff,
            before.value_added_share,
            before.input_share,
            "residual" if before.final_rule == "residual" else "observed",
            specific_share=before.specific_share,
            supply_elasticity=before.supply_elasticity,
            transfers=self._transfers_after(),
        )

    def _transfers_after(self) -> Floats | None:
        """Return counterfactual named transfers in the numeraire of the result, (N, N)."""
        if not self.case.transfers.any():
            return None
        before, after = (
            np.bincount(self.group, weights=part) for part in (self.baseline.value_added, self.value_added)
        )
        level = (after / before)[self.group] * self.imbalance_scale
        return np.asarray(level[:, None] * self.case.transfers)


def world_level(world: World, state: State) -> Floats:
    """Return value added of each economy's group over that of the base year, solver's numeraire, (N,)."""
    if not world.has_factors:
        return np.ones(len(world.group))
    after = world.labour_income * np.exp(state.log_wage) + state.rent_income
    sums = [np.bincount(world.group, weights=part) for part in (after, world.value_added)]
    return np.asarray((sums[0] / sums[1])[world.group])


def numeraire_level(baseline: Baseline, numeraire: str, state: State, world: World) -> Floats:
    """Return the factor from the solver's numeraire, labour income, to that of the settings, (N,).

    Raises:
        UnknownNameError: If the numeraire names no economy of the baseline.
    """
    per_group = 1.0 / world_level(world, state)
    if numeraire == "world":
        return per_group
    name = numeraire.removeprefix(PRICE)
    is_price = name != numeraire
    if name not in baseline.economies and not (is_price and name == "world"):
        known = [*baseline.economies, "world"]
        raise UnknownNameError("numeraire", numeraire, [*known, *(PRICE + economy for economy in known)])
    if not is_price:
        at = baseline.economies.index(name)
        return per_group * float(np.exp(-state.log_wage[at]) / per_group[at])
    final = baseline.final_demand
    log_index = (final * state.log_price).sum(axis=0) / final.sum(axis=0)
    if name == "world":
        weight = baseline.final_expenditure
        return per_group * float(weight.sum() / (weight * per_group * np.exp(log_index)).sum())
    at = baseline.economies.index(name)
    return per_group * float(np.exp(-log_index[at]) / per_group[at])


def _percent(hat: Floats) -> Floats:
    return np.asarray(100.0 * (hat - 1.0))
