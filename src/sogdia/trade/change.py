"""Shocks of a counterfactual: trade costs, tariffs, productivity, labour, rents and transfers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.codes import ALL_GOODS, EVERY
from sogdia.errors import Fault, FaultsError, InputError
from sogdia.trade.arrays import Floats
from sogdia.trade.baseline import Baseline
from sogdia.trade.capacities import Capacities, read_capacities
from sogdia.trade.factors import read_labour, read_transfers_after
from sogdia.trade.flows import ENDS, Labels, read_pairs, read_percent, read_tariffs, tariff_column
from sogdia.trade.frames import Frame, Limits, by_detail
from sogdia.trade.gravity import FACTOR, cells_of, cost_column, read_costs
from sogdia.trade.wedges import Wedges, read_wedges


@dataclass(frozen=True, eq=False)
class Change:
    """Shocks relative to a baseline.

    Attributes:
        cost_hat: Cost shock τ̂: iceberg trade costs over those of the base year, (S, N, N) by exporter and
            importer; inf cuts off.
        tariff: Counterfactual tariffs as a share of value, (S, N, N); ``None`` for those of the base year.
        productivity: Productivity over that of the base year, Â, (S, N); ``None`` for 1.
        labour: Labour supply over that of the base year, L̂, (N,); ``None`` for 1.
        wedges: Scarcity rents with an owner; ``None`` for none.
        transfers: Counterfactual named transfers, (N, N) by payer and receiver; ``None`` for those of the
            base year. They are amounts at the value added of the world (of economies that trade with each
            other) in the base year, and change in proportion to it.
        capacities: Capacities on quantities of trade; ``None`` for none.
    """

    cost_hat: Floats
    tariff: Floats | None = None
    productivity: Floats | None = None
    labour: Floats | None = None
    wedges: Wedges | None = None
    transfers: Floats | None = None
    capacities: Capacities | None = None

    @classmethod
    def none(cls, baseline: Baseline) -> Change:
        """Return no change."""
        return cls(np.ones(baseline.flow.shape))

    @classmethod
    def from_frames(
        cls,
        baseline: Baseline,
        costs: pd.DataFrame | None = None,
        tariffs: pd.DataFrame | None = None,
        productivity: pd.DataFrame | None = None,
        *,
        labour: pd.DataFrame | None = None,
        wedges: pd.DataFrame | None = None,
        transfers: pd.DataFrame | None = None,
        capacities: pd.DataFrame | None = None,
    ) -> Change:
        """Read shocks from tidy data frames; all faults are reported together.

        ``sector`` may be ``all`` or absent, ``exporter`` and ``importer`` may be ``*``: every other economy.
        Of rows that match the same flow the most specific one applies; a sector counts for more than
        economies.

        Args:
            baseline: Base year.
            costs: ``exporter``, ``importer``, ``sector``, ``factor`` τ̂ > 0; ``inf`` cuts off; 1 without a
                row. Or ``effect`` in place of ``factor``: the partial effect on log trade of a gravity
                estimate, ``τ̂ = exp(−effect / θ)``.
            tariffs: ``exporter``, ``importer``, ``sector``, counterfactual ``tariff_pct``; unchanged without
                a row.
            productivity: ``economy``, ``sector``, ``factor`` > 0.
            labour: ``economy``, ``factor`` > 0.
            wedges: ``exporter``, ``importer``, ``sector``, ``owner``, ``wedge_pct``
                (:mod:`sogdia.trade.wedges`).
            transfers: ``payer``, ``receiver``, and ``value`` or ``factor`` on named transfers of the base
                year.
            capacities: ``name``, ``exporter``, ``importer``, ``sector``, ``most``, ``owner``, ``share``
                (:mod:`sogdia.trade.capacities`).

        Raises:
            FaultsError: If names are unknown or repeated, or values out of range.
        """
        faults: list[Fault] = []
        labels = baseline.economies, baseline.sectors
        cost_hat = np.ones(baseline.flow.shape)
        if costs is not None:
            _read_costs(costs, labels, baseline.theta, cost_hat, faults)
        tariff = None
        if tariffs is not None:
            tariff = read_tariffs(tariffs, labels, baseline.tariff, faults)
        factor = None
        if productivity is not None:
            factor = _read_productivity(productivity, labels, faults)
        supply = None if labour is None else read_labour(labour, labels, faults)
        rents = None if wedges is None else read_wedges(wedges, labels, baseline.flow > 0.0, faults)
        named = None
        if transfers is not None:
            named = read_transfers_after(transfers, labels[0], baseline.transfers, faults)
        limits = None
        if capacities is not None:
            limits = read_capacities(capacities, labels, baseline.flow > 0.0, faults)
        if faults:
            raise FaultsError(faults)
        return cls(cost_hat, tariff, factor, supply, rents, named, limits)

    def check(self, baseline: Baseline) -> None:
        """Check that the arrays fit a baseline.

        Raises:
            InputError: If a shape differs or a value is out of range.
        """
        shapes = {
            "cost_hat": (self.cost_hat, baseline.flow.shape),
            "tariff": (self.tariff, baseline.flow.shape),
            "productivity": (self.productivity, baseline.output.shape),
            "labour": (self.labour, baseline.value_added.shape),
            "transfers": (self.transfers, baseline.flow.shape[1:]),
        }
        if self.wedges is not None:
            self.wedges.check((baseline.economies, baseline.sectors))
        if self.capacities is not None:
            self.capacities.check((baseline.economies, baseline.sectors), baseline.flow)
        for name, (array, shape) in shapes.items():
            if array is None:
                continue
            if array.shape != shape:
                raise InputError(f"{name} has the shape {array.shape}; expected {shape} as in the baseline")
            allows_zero = name in ("tariff", "transfers")
            low = array < 0.0 if allows_zero else ~(array > 0.0)
            high = np.isnan(array) if name == "cost_hat" else ~np.isfinite(array)
            if (low | high).any():
                sign = ">=" if allows_zero else ">"
                problem = f"{name} has a value of {array[low | high][0]:g}, which is out of range"
                raise InputError(f"{problem}; expected a number {sign} 0")


SHOCK_NUMBERS = {
    "productivity": (("economy", "sector", "factor"), "factor", Limits(is_open_below=True)),
    "labour": (("economy", "factor"), "factor", Limits(is_open_below=True)),
    "wedges": (("exporter", "importer", "owner", "wedge_pct"), "wedge_pct", Limits()),
    "capacities": (
        ("name", "exporter", "importer", "owner", "most"),
        "most",
        Limits(is_open_below=True),
    ),
    "transfers": (("payer", "receiver"), "value", Limits()),
}
"""Columns of other shocks, and the column of their figures with its limits."""


def shock_faults(shocks: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Return the faults of shocks that show without a base year: missing columns, cells out of range.

    Args:
        shocks: Tables by name, as for :meth:`Change.from_frames`.
    """
    faults: list[Fault] = []
    costs, tariffs = shocks.get("costs"), shocks.get("tariffs")
    if costs is not None:
        frame, column = Frame(costs, costs.attrs.get("file", "costs"), faults), cost_column(costs)
        if frame.has((*ENDS, column)):
            read_costs(frame, column)
    if tariffs is not None:
        frame = Frame(tariffs, tariffs.attrs.get("file", "tariffs"), faults)
        if frame.has((*ENDS, tariff_column(tariffs))):
            read_percent(frame)
    for name, (columns, column, limits) in SHOCK_NUMBERS.items():
        if name in shocks:
            frame = Frame(shocks[name], shocks[name].attrs.get("file", name), faults)
            if frame.has(columns) and column in frame.table:
                frame.numbers(column, limits)
    return faults


def _read_costs(table: pd.DataFrame, labels: Labels, theta: Floats, out: Floats, faults: list[Fault]) -> None:
    """Read cost shocks into ``out``, (S, N, N)."""
    frame = Frame(table, table.attrs.get("file", "costs"), faults)
    column = cost_column(table)
    numbers = read_pairs(frame, labels, column)
    if numbers is None:
        return
    sector, exporter, importer = numbers
    values = read_costs(frame, column)
    if faults:
        return
    diagonal = np.arange(len(labels[0]))
    for row in by_detail(sector, exporter, importer):
        cells = cells_of(int(sector[row]), int(exporter[row]), int(importer[row]))
        home = out[:, diagonal, diagonal].copy()
        value = values[row]
        out[cells] = value if column == FACTOR else np.exp(-value / theta[cells[0]])[:, None, None]
        if min(exporter[row], importer[row]) < 0:
            # A wildcard means every other economy, so home sales keep their cost.
            out[:, diagonal, diagonal] = home


def _read_productivity(table: pd.DataFrame, labels: Labels, faults: list[Fault]) -> Floats:
    """Return productivity shocks, (S, N)."""
    frame = Frame(table, table.attrs.get("file", "productivity"), faults)
    factor = np.ones((len(labels[1]), len(labels[0])))
    if not frame.has(("economy", "sector", "factor")):
        return factor
    frame.check_unique(("economy", "sector"))
    economy = frame.codes("economy", {name: i for i, name in enumerate(labels[0])}, EVERY)
    sector = frame.codes("sector", {name: k for k, name in enumerate(labels[1])}, ALL_GOODS)
    values = frame.numbers("factor", Limits(is_open_below=True))
    if faults:
        return factor
    for row in by_detail(sector, economy):
        cells = tuple(slice(None) if n < 0 else n for n in (sector[row], economy[row]))
        factor[cells] = values[row]
    return factor
