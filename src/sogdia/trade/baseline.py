"""Base year of the world economy: trade, tariffs and input–output structure as consistent arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from sogdia.errors import Fault, FaultsError
from sogdia.tables.summary import ShortRepr
from sogdia.trade.arrays import Floats
from sogdia.trade.flows import read_flows, read_tariffs, read_theta
from sogdia.trade.frames import Frame
from sogdia.trade.gravity import read_gravity
from sogdia.trade.input_shares import read_structure
from sogdia.trade.negatives import NegativeRule, Negatives
from sogdia.trade.shapes import by_sector, tidy_flows
from sogdia.trade.tables import ADJUSTMENTS, REPORT

Elasticities = float | Mapping[str, float] | pd.Series | pd.DataFrame
FinalRule = Literal["observed", "clipped", "residual"]
FINAL_MEANING = {
    "clipped": "set to 0, the other sectors scaled to the same income",
    "residual": "kept as a constant negative share of income",
}
NEGATIVE_FINAL = "negative final demand"
"""Rule of :attr:`Baseline.report` for cells of final demand that are negative in the data."""
ROUNDING = 1e-9
"""Final demand below this part of expenditure is zero."""


@dataclass(frozen=True, eq=False, repr=False)
class Baseline(ShortRepr):
    """Trade of N economies in S sectors, with the parameters of counterfactuals.

    :meth:`from_frames` reads and checks data frames. Arrays are (S, N, N) by exporter and importer, or (S,
    N).

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
        final_rule: Treatment of negative final demand; see ``final`` of :meth:`from_frames`.
        adjusted: Cells that rules changed when the data were read
            (:data:`sogdia.trade.tables.ADJUSTMENTS`); :attr:`adjustments` adds final demand.
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

    @classmethod
    def from_frames(
        cls,
        flows: pd.DataFrame,
        theta: Elasticities,
        *,
        tariffs: pd.DataFrame | None = None,
        value_added: pd.DataFrame | None = None,
        intermediate: pd.DataFrame | None = None,
        tariffs_included: bool = False,
        final: FinalRule = "observed",
        negative: NegativeRule = "error",
        negative_share: float = 0.01,
        file: str = "flows",
    ) -> Baseline:
        """Read the base year from tidy data frames; all faults are reported together.

        Messages use the lines of an index named ``line`` and the name in ``frame.attrs["file"]``.

        Args:
            flows: ``exporter``, ``importer``, ``sector`` (optional), ``value`` net of tariffs, in any one
                currency, home sales included. A pair without a row does not trade. Or a matrix with exporters
                (or exporters and sectors) in the index and importers in the columns.
            theta: Trade elasticity: a number, a mapping, a series, or a frame with ``sector`` and ``theta``.
            tariffs: ``exporter``, ``importer``, ``sector``, and ``tariff_pct`` or ``tariff_factor`` (1 + t),
                on ``value`` net of tariffs; the revenue goes to the importer. Zero without a row.
            value_added: ``economy`` (optional), ``sector``, ``share`` of value added in costs; 1 without the
                frame. With ``value`` inputs are values too, and sum to sales with it.
            intermediate: ``economy`` (optional), ``sector``, ``input``, ``share`` of the input in costs; or a
                matrix of inputs by using sectors. With one sector and no frame: the rest of costs.
            tariffs_included: True if ``value`` is the buyer's price, tariffs included.
            final: Rule for negative final demand (expenditure less inputs): ``observed`` reports a fault;
                ``clipped`` sets it to zero and scales the other sectors to the same income, after which the
                base year is no equilibrium (:func:`sogdia.trade.rebase`); ``residual`` keeps it with its sign
                as a constant share of income.
            negative: Rule for negative flows and inputs: ``error`` reports a fault; ``zero`` sets small ones
                to zero (:mod:`sogdia.trade.negatives`), which :attr:`adjustments` lists.
            negative_share: Largest size of a small negative value, relative to its column.
            file: Name of the flows in messages.

        Raises:
            FaultsError: If data are missing or invalid, or an economy lacks sales, purchases or home sales.
        """
        frame = Frame(tidy_flows(flows), file)
        negatives = Negatives(negative, negative_share)
        (economies, sectors), flow = read_flows(frame, negatives)
        faults = frame.faults
        elasticity = read_theta(by_sector(theta), sectors, faults)
        tariff = np.zeros_like(flow)
        if tariffs is not None:
            tariff = read_tariffs(tariffs, (economies, sectors), tariff, faults)
        if tariffs_included:
            flow = flow / (1.0 + tariff)
        value_added_share, input_share = read_structure(
            value_added, intermediate, flow, (economies, sectors), faults, negatives
        )
        if faults:
            raise FaultsError(faults)
        shares = value_added_share, input_share
        baseline = cls.from_arrays(economies, sectors, flow, elasticity, tariff, *shares, final)
        return replace(baseline, adjusted=ADJUSTMENTS.frame(negatives.rows))

    @classmethod
    def from_costs(
        cls,
        costs: pd.DataFrame,
        output: pd.DataFrame,
        expenditure: pd.DataFrame | None,
        theta: Elasticities,
        *,
        tariffs: pd.DataFrame | None = None,
        value_added: pd.DataFrame | None = None,
        intermediate: pd.DataFrame | None = None,
        final: FinalRule = "observed",
        file: str = "costs",
    ) -> Baseline:
        """Fit a balanced base year to trade costs and totals (structural gravity).

        The equations are in :mod:`sogdia.trade.gravity`. Trade costs may come from
        :func:`sogdia.trade.estimate_gravity`.

        Args:
            costs: ``exporter``, ``importer``, ``sector`` (optional), and ``factor`` (t, ``inf`` without
                trade) or ``effect`` (on log trade, ``−θ ln t``), tariffs included. ``*`` is every other
                economy; home sales without a row cost 1, every other pair needs a row.
            output: ``economy``, ``sector`` (optional), ``value``: sales at home and abroad.
            expenditure: The same for purchases for all uses, home goods included, net of tariffs; ``None``
                for balanced trade in each sector. They are scaled to the world's output, and
                :attr:`adjustments` lists by how much.
            theta: As for :meth:`from_frames`; so are the other arguments.
            tariffs: Tariffs on the fitted flows.
            value_added: Shares of value added.
            intermediate: Shares of inputs.
            final: Rule for negative final demand.
            file: Name of the costs in messages.

        Raises:
            FaultsError: If a name, total, cost or share is missing or invalid.
            InputError: If no flows have these totals.
        """
        (economies, sectors), flow, elasticity, rows = read_gravity(
            costs, output, expenditure, by_sector(theta), file
        )
        faults: list[Fault] = []
        tariff = np.zeros_like(flow)
        if tariffs is not None:
            tariff = read_tariffs(tariffs, (economies, sectors), tariff, faults)
        value_added_share, input_share = read_structure(
            value_added, intermediate, flow, (economies, sectors), faults, Negatives("error", 0.0)
        )
        if faults:
            raise FaultsError(faults)
        baseline = cls.from_arrays(
            economies, sectors, flow, elasticity, tariff, value_added_share, input_share, final
        )
        return replace(baseline, adjusted=ADJUSTMENTS.frame(rows))

    @classmethod
    def from_arrays(
        cls,
        economies: tuple[str, ...],
        sectors: tuple[str, ...],
        flow: Floats,
        theta: Floats,
        tariff: Floats | None = None,
        value_added_share: Floats | None = None,
        input_share: Floats | None = None,
        final_rule: FinalRule = "observed",
    ) -> Baseline:
        """Return a baseline from arrays (see the attributes) whose values are in range.

        Raises:
            FaultsError: If an economy has no value added or no final demand, or uses more of a good as input
                than it buys.
        """
        baseline = cls(
            economies,
            sectors,
            np.ascontiguousarray(flow, dtype=np.float64),
            np.ascontiguousarray(theta, dtype=np.float64),
            np.zeros_like(flow) if tariff is None else tariff,
            np.ones(flow.shape[:2]) if value_added_share is None else value_added_share,
            input_share,
            REPORT.frame([]),
            final_rule,
        )
        faults = _structure_faults(baseline)
        if faults:
            raise FaultsError(faults)
        return replace(baseline, report=_report(baseline))

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
    def value_added(self) -> Floats:
        """Value added ``V_i = Σ_k γ_ik Y_ik``, the income of labour, (N,)."""
        return np.asarray((self.value_added_share * self.output).sum(axis=0))

    @cached_property
    def tariff_revenue(self) -> Floats:
        """Tariff revenue R_j, (N,)."""
        return np.asarray((self.flow * self.tariff).sum(axis=(0, 1)))

    @cached_property
    def final_demand(self) -> Floats:
        """Final demand by sector: expenditure less purchases of inputs, (S, N)."""
        if self.input_share is None:
            return self.expenditure
        demand = self._residual_demand
        if self.final_rule == "clipped":
            clipped = np.maximum(demand, 0.0)
            return np.asarray(clipped * (demand.sum(axis=0) / clipped.sum(axis=0)))
        return np.asarray(demand)

    @cached_property
    def _residual_demand(self) -> Floats:
        if self.input_share is None:
            return self.expenditure
        demand = self.expenditure - _input_purchases(self.input_share, self.output)
        return np.where(np.abs(demand) < ROUNDING * self.expenditure, 0.0, demand)

    @cached_property
    def adjustments(self) -> pd.DataFrame:
        """Cells of the data that rules changed (:data:`sogdia.trade.tables.ADJUSTMENTS`).

        Clipped final demand lists the negative cells and the scaled ones of the same economies.
        """
        before, after = self._residual_demand, self.final_demand
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


def _input_purchases(input_share: Floats, output: Floats) -> Floats:
    """Return purchases of each input, ``Σ_k γ_isk Y_ik``, (S, N)."""
    return np.asarray(np.einsum("isk,ki->si", input_share, output))


def _structure_faults(baseline: Baseline) -> list[Fault]:
    """Report inputs that exceed purchases, and economies without value added or final demand."""
    faults = []
    allowed = baseline.final_rule == "residual"
    for k, j in np.argwhere((baseline.final_demand < 0.0) & (not allowed)):
        used = baseline.expenditure[k, j] - baseline.final_demand[k, j]
        problem = (
            f"{baseline.economies[j]} uses {used:g} of {baseline.sectors[k]} as inputs but buys "
            f"{baseline.expenditure[k, j]:g}"
        )
        fix = "correct the shares, or take final demand as clipped or residual"
        faults.append(Fault("intermediate", None, "share", problem, fix, "final"))
    for j, name in enumerate(baseline.economies):
        if baseline.value_added[j] <= 0.0:
            faults.append(Fault("flows", None, "value", f"{name} has no value added", "", "no-value-added"))
        if not faults and baseline.final_expenditure[j] <= 0.0:
            faults.append(Fault("flows", None, "value", f"{name} has no final demand", "", "no-spending"))
    return faults


def _report(baseline: Baseline) -> pd.DataFrame:
    """Return the special cases of the data with the rule that applies to each."""
    rows: list[tuple[str, str, str, float, str]] = []
    flow, expenditure = baseline.flow, baseline.expenditure
    diagonal = np.arange(flow.shape[1])
    for k, j in np.argwhere((flow[:, diagonal, diagonal] <= 0.0) & (expenditure > 0.0)):
        value = float(expenditure[k, j])
        meaning = "expenditure without home sales; home production at the substitute price if all imports end"
        rows.append(("no home sales", baseline.economies[j], baseline.sectors[k], value, meaning))
    for j, name in enumerate(baseline.economies):
        if baseline.imbalance[j] > baseline.value_added[j]:
            meaning = "trade deficit above value added; kept while trade can carry it"
            rows.append(("imbalance", name, "", float(baseline.imbalance[j]), meaning))
    for k, j in np.argwhere(baseline._residual_demand < 0.0):
        value = float(baseline._residual_demand[k, j])
        meaning = "final demand in the data; " + FINAL_MEANING[baseline.final_rule]
        rows.append((NEGATIVE_FINAL, baseline.economies[j], baseline.sectors[k], value, meaning))
    zero_flows = int((flow <= 0.0).sum())
    if zero_flows:
        rows.append(("zero flows", "", "", float(zero_flows), "pairs and sectors without trade stay at zero"))
    return REPORT.frame(rows)
