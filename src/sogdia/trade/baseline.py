"""Base year of the world economy: trade, tariffs and input–output structure as consistent arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.errors import Fault, FaultsError
from sogdia.trade.arrays import Floats
from sogdia.trade.base_year import BaseYear, FinalRule
from sogdia.trade.base_year_rules import base_year_report, structure_faults
from sogdia.trade.factors import read_specific, read_transfers
from sogdia.trade.flows import Labels, read_flows, read_tariffs, read_theta
from sogdia.trade.frames import Frame
from sogdia.trade.gravity import read_gravity
from sogdia.trade.input_shares import read_structure
from sogdia.trade.negatives import NegativeRule, Negatives
from sogdia.trade.shapes import by_sector, tidy_flows
from sogdia.trade.tables import ADJUSTMENTS, REPORT

Elasticities = float | Mapping[str, float] | pd.Series | pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class Baseline(BaseYear):
    """Base year that is read and checked, with the parameters of counterfactuals.

    :meth:`from_frames` reads and checks data frames; :class:`BaseYear` lists the attributes.
    """

    @classmethod
    def from_frames(
        cls,
        flows: pd.DataFrame,
        theta: Elasticities,
        *,
        tariffs: pd.DataFrame | None = None,
        value_added: pd.DataFrame | None = None,
        intermediate: pd.DataFrame | None = None,
        specific: pd.DataFrame | None = None,
        transfers: pd.DataFrame | None = None,
        tariffs_included: bool = False,
        final: FinalRule = "observed",
        negative: NegativeRule = "error",
        negative_share: float = 0.01,
        file: str = "flows",
    ) -> Baseline:
        """Read the base year from tidy data frames; all faults are reported together, with their lines.

        Args:
            flows: ``exporter``, ``importer``, ``sector`` (optional), ``value`` net of tariffs, home sales
                included; zero without a row. Or a matrix: exporters (and sectors) by importers.
            theta: Trade elasticity: a number, a mapping, a series, or a frame with ``sector`` and ``theta``.
            tariffs: ``exporter``, ``importer``, ``sector``, ``tariff_pct`` or ``tariff_factor`` (1 + t), on
                ``value`` net of tariffs; the importer has the revenue. Zero without a row.
            value_added: ``economy`` (optional), ``sector``, ``share`` of value added in costs; 1 without the
                frame. With ``value`` inputs are values too, and sum to sales with it.
            intermediate: ``economy`` (optional), ``sector``, ``input``, ``share`` of the input in costs; or a
                matrix of inputs by using sectors. With one sector and no frame: the rest of costs.
            specific: ``economy`` (optional), ``sector``, and ``share`` of the specific factor in costs, or
                ``value_added_share``, its share in value added; ``supply_elasticity`` (optional, 0).
            transfers: Named transfers: ``payer``, ``receiver``, ``kind`` (optional), ``value``.
            tariffs_included: True if ``value`` is the buyer's price, tariffs included.
            final: Rule for negative final demand: ``observed`` reports a fault; ``clipped`` sets it to zero
                and scales the other sectors to the same income (then :func:`sogdia.trade.rebase`);
                ``residual`` keeps it as a share of income.
            negative: Rule for negative flows and inputs: ``error``, or ``zero`` for small ones
                (:mod:`sogdia.trade.negatives`), which :attr:`adjustments` lists.
            negative_share: Largest small negative value, relative to its column.
            file: Name of the flows in messages.

        Raises:
            FaultsError: If data are missing or invalid, or an economy lacks sales, purchases or home sales.
        """
        frame = Frame(tidy_flows(flows), file)
        negatives = Negatives(negative, negative_share)
        labels, flow = read_flows(frame, negatives)
        faults = frame.faults
        elasticity = read_theta(by_sector(theta), labels[1], faults)
        none = np.zeros_like(flow)
        tariff = none if tariffs is None else read_tariffs(tariffs, labels, none, faults)
        if tariffs_included:
            flow = flow / (1.0 + tariff)
        factors = _read_factors(value_added, intermediate, specific, flow, labels, faults, negatives)
        named = read_transfers(transfers, labels[0], faults)
        if faults:
            raise FaultsError(faults)
        baseline = cls.from_arrays(
            labels[0], labels[1], flow, elasticity, tariff, final_rule=final, transfers=named, **factors
        )
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
        specific: pd.DataFrame | None = None,
        transfers: pd.DataFrame | None = None,
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
            specific: Specific factors.
            transfers: Named transfers.
            final: Rule for negative final demand.
            file: Name of the costs in messages.

        Raises:
            FaultsError: If a name, total, cost or share is missing or invalid.
            InputError: If no flows have these totals.
        """
        labels, flow, elasticity, rows = read_gravity(costs, output, expenditure, by_sector(theta), file)
        faults: list[Fault] = []
        tariff = np.zeros_like(flow)
        if tariffs is not None:
            tariff = read_tariffs(tariffs, labels, tariff, faults)
        negatives = Negatives("error", 0.0)
        factors = _read_factors(value_added, intermediate, specific, flow, labels, faults, negatives)
        named = read_transfers(transfers, labels[0], faults)
        if faults:
            raise FaultsError(faults)
        baseline = cls.from_arrays(
            labels[0], labels[1], flow, elasticity, tariff, final_rule=final, transfers=named, **factors
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
        *,
        specific_share: Floats | None = None,
        supply_elasticity: Floats | None = None,
        transfers: Floats | None = None,
    ) -> Baseline:
        """Return a baseline from arrays (see the attributes) whose values are in range.

        Raises:
            FaultsError: If an economy has no income of labour or no final demand, uses more of a good as
                input than it buys, or pays more named transfers than its income; or if a specific factor has
                more than value added.
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
            specific_share=specific_share,
            supply_elasticity=supply_elasticity,
            transfers=transfers,
        )
        faults = structure_faults(baseline)
        if faults:
            raise FaultsError(faults)
        return replace(baseline, report=base_year_report(baseline))


def _read_factors(
    value_added: pd.DataFrame | None,
    intermediate: pd.DataFrame | None,
    specific: pd.DataFrame | None,
    flow: Floats,
    labels: Labels,
    faults: list[Fault],
    negatives: Negatives,
) -> dict[str, Floats | None]:
    """Read the shares of value added, inputs and specific factors; add faults."""
    value_added_share, input_share = read_structure(
        value_added, intermediate, flow, labels, faults, negatives
    )
    specific_share, supply_elasticity = read_specific(specific, value_added_share, labels, faults)
    return {
        "value_added_share": value_added_share,
        "input_share": input_share,
        "specific_share": specific_share,
        "supply_elasticity": supply_elasticity,
    }
